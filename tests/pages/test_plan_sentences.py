"""A plan says in both languages why each stop, what did not fit, and which rule is broken."""

from __future__ import annotations

from typing import Any, get_args

import pandas as pd
import pytest

from data.plans.sentences import Named, describe_unmet, describe_violation, write_reason, write_reasons
from geo.routes import RULES, UNMET_REASONS, Unmet, Violation
from geo.routes.check import RuleName
from geo.routes.plan import UnmetReason
from pages.text.language import translate, use_language

NAMED = Named(officers={"P1": "Aipda Sri"}, villages={"v": "Sawo"}, households={"K1": "Budi"})


def stop(status: str = "never", days: object = pd.NA, **facts: object) -> dict[Any, Any]:
    crimes = {"n_crimes_near": 0, "n_top_category": 0, "top_category": None, "tags": None}
    return {"status": status, "days_since": days, **crimes, **facts}


THEFTS = {"n_crimes_near": 3, "n_top_category": 3, "top_category": "curanmor"}


@pytest.mark.parametrize(
    ("row", "english", "indonesian"),
    [
        (stop(), "never visited", "belum pernah dikunjungi"),
        (
            stop(n_attempts=2, attempt="absent"),
            "never visited; tried twice, nobody at home",
            "belum pernah dikunjungi; sudah dicoba dua kali, tidak di rumah",
        ),
        (stop(n_attempts=0, attempt=float("nan")), "never visited", "belum pernah dikunjungi"),
        (
            stop(**THEFTS),
            "never visited; 3 vehicle thefts within 300 m in 60 days",
            "belum pernah dikunjungi; 3 curanmor dalam radius 300 m selama 60 hari",
        ),
        (
            stop("overdue", 120, n_crimes_near=4, n_top_category=1, top_category="curas"),
            "last visit 120 days ago; 4 crimes, including 1 robbery within 300 m in 60 days",
            (
                "kunjungan terakhir 120 hari lalu; 4 kejahatan, termasuk 1 curas dalam radius 300 m "
                "selama 60 hari"
            ),
        ),
        (
            stop("due", 1, n_crimes_near=2, n_top_category=2, top_category="Brawl", tags=" lansia "),
            "last visit 1 day ago; 2 Brawl within 300 m in 60 days; lansia",
            "kunjungan terakhir 1 hari lalu; 2 Brawl dalam radius 300 m selama 60 hari; lansia",
        ),
    ],
)
def test_reason_of_a_stop(row: dict[Any, Any], english: str, indonesian: str) -> None:
    with use_language("en"):
        assert write_reason(row, write=translate) == english
    with use_language("id"):
        assert write_reason(row, write=translate) == indonesian


def test_reason_for_a_small_screen_is_short() -> None:
    with use_language("id"):
        assert (
            write_reason(stop(**THEFTS), write=translate, short=True)
            == "belum pernah dikunjungi; 3 curanmor di dekatnya"
        )


def test_reason_names_what_counts_and_who_asked() -> None:
    with use_language("en"):
        assert (
            write_reason(stop(), write=translate, counting="evidenced", must=True)
            == "requested; no visit supported by GPS"
        )


def test_reasons_stand_by_household() -> None:
    rows = pd.DataFrame([stop() | {"household_id": "K1"}, stop("visited", 30) | {"household_id": "K2"}])
    with use_language("en"):
        said = write_reasons(rows, write=translate, must=frozenset({"K2"}))
    assert said.to_dict() == {"K1": "never visited", "K2": "requested; last visit 30 days ago"}


def test_every_reason_has_a_sentence_that_names_its_subject() -> None:
    assert set(UNMET_REASONS) == set(get_args(UnmetReason))
    with use_language("en"):
        for reason in UNMET_REASONS:
            subject = {"m": "K1", "f": "v", "v": "v"}.get(reason[0], "P1")
            said = translate(describe_unmet(Unmet(reason, subject, "P1"), NAMED))
            assert NAMED.call(subject) in said
            assert "{" not in said


def test_floor_and_free_week_are_told_with_their_numbers() -> None:
    with use_language("en"):
        far = Unmet("village_too_far", "v", "P1", 3, 30.4)
        assert translate(describe_unmet(far, NAMED)) == (
            "Sawo gets no visit: it lies 30 km from the post of Aipda Sri, too far for any shift."
        )
        assert translate(describe_unmet(Unmet("floor_few", "v", "P1", 1), NAMED)) == (
            "Sawo gets 1 visit fewer than its minimum: no more of its households can be visited this week."
        )
        floor = Unmet("floor_short", "v", "P1 P2", 3)
        assert translate(describe_unmet(floor, NAMED)) == (
            "Sawo gets 3 visits fewer than its minimum: Aipda Sri and P2 had no time for more."
        )
        assert (
            translate(describe_unmet(Unmet("no_working_days", "all", "", 0)))
            == "There are no working days in this week, so nobody is scheduled."
        )


def test_every_rule_has_a_sentence() -> None:
    assert set(RULES) == set(get_args(RuleName))
    with use_language("en"):
        said = translate(describe_violation(Violation("on_leave", "K1", "P1", "2026-11-23"), NAMED))
    assert said == "Aipda Sri is away on 23 Nov 2026 but is scheduled to visit Budi."
