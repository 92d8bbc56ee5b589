"""Reads never answer with more than the principal may see."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.errors import ScopeError
from data.periods import Period
from data.principal import Principal
from data.repository import (
    count_records,
    read_batches,
    read_households,
    read_officers,
    read_quarantine,
    read_span,
    read_villages,
    read_visits,
)
from data.settings import get_settings
from tests.data.builders import EAST, WEST, make_households, make_villages, make_visits, store
from tests.data.plans import make_crimes

if TYPE_CHECKING:
    from data.database import Database

ALL = Principal.demo()


@pytest.fixture
def filled(any_database: Database) -> Database:
    store(any_database, "boundaries", make_villages())
    store(any_database, "households", make_households())
    store(any_database, "visits", make_visits())
    officers = pd.DataFrame(
        {"name": ["Ani", "Joko"], "villages": [WEST, f"{WEST} {EAST}"]},
        index=pd.Index(["P1", "P2"], name="officer_id"),
    )
    store(any_database, "officers", officers)
    return any_database


def test_officer_sees_own_village_only(filled: Database) -> None:
    officer = Principal("ani", "officer", (EAST,))
    assert read_villages(filled, officer).index.tolist() == [EAST]
    assert read_households(filled, officer).index.tolist() == ["K3"]
    assert read_officers(filled, officer).index.tolist() == ["P2"]


def test_visit_is_seen_where_it_was_recorded_and_where_its_household_lives(filled: Database) -> None:
    assert set(read_visits(filled, Principal("a", "officer", (EAST,))).index) == {"V2", "V3"}
    assert set(read_visits(filled, Principal("a", "officer", (WEST,))).index) == {"V1", "V2"}


def test_period_is_half_open_in_local_days(filled: Database) -> None:
    period = Period(date(2026, 10, 1), date(2026, 10, 3), "Asia/Jakarta")
    assert set(read_visits(filled, ALL, period=period).index) == {"V1", "V2"}


def test_times_come_back_in_utc(filled: Database) -> None:
    assert read_visits(filled, ALL).loc["V1", "visited_at"] == pd.Timestamp("2026-10-01T02:00:00Z")


def test_nobody_without_areas_sees_anything(filled: Database) -> None:
    nobody = Principal("x", "officer", ())
    assert len(read_villages(filled, nobody)) == 0
    assert len(read_visits(filled, nobody)) == 0
    assert count_records(filled, nobody)["n_records"].sum() == 0


def test_rows_outside_are_for_who_sees_everything(filled: Database) -> None:
    assert "K4" in read_households(filled, ALL).index
    assert "K4" not in read_households(filled, Principal("r", "supervisor", ("9901",))).index


def test_asking_out_of_scope_is_refused(filled: Database) -> None:
    with pytest.raises(ScopeError, match="outside your assigned area"):
        read_households(filled, Principal("ani", "officer", (EAST,)), area=WEST)


def test_personal_columns_are_read_only_on_request(filled: Database) -> None:
    assert "head_name" not in read_households(filled, ALL)
    assert read_households(filled, ALL, personal=True).loc["K1", "head_name"] == "Sri"


def test_imports_and_quarantine_are_for_who_sees_everything(filled: Database) -> None:
    officer = Principal("ani", "officer", (EAST,))
    assert len(read_batches(filled, officer)) == 0
    with pytest.raises(ScopeError):
        read_quarantine(filled, officer, 1)


def test_span_tells_first_and_last(filled: Database) -> None:
    span = read_span(filled, ALL)
    assert span.loc["visits", "last_at"] == pd.Timestamp("2026-10-03T02:00:00Z")
    assert pd.isna(span.loc["crimes", "last_at"])


@pytest.mark.parametrize(
    ("precision", "first", "last"),
    [
        ("month", "2026-08-31T17:00Z", "2026-09-30"),  # 1 September in WIB
        ("day", "2026-08-31T17:00Z", "2026-09-01"),
        ("month", "2026-01-31T17:00Z", "2026-02-28"),
    ],
)
def test_a_month_lasts_to_its_end(database: Database, precision: str, first: str, last: str) -> None:
    store(database, "boundaries", make_villages())
    crimes = make_crimes().assign(occurred_at=pd.Timestamp(first), time_precision=precision)
    store(database, "crimes", crimes)
    at = read_span(database, ALL).loc["crimes", "last_at"]
    assert str(at.tz_convert("Asia/Jakarta").date()) == last


def test_a_month_that_is_not_over_lasts_until_now(database: Database) -> None:
    store(database, "boundaries", make_villages())
    now = pd.Timestamp(get_settings().clock.now())
    first = now.tz_convert("Asia/Jakarta").normalize().replace(day=1)
    crimes = make_crimes().assign(occurred_at=first.tz_convert("UTC"), time_precision="month")
    store(database, "crimes", crimes)
    assert read_span(database, ALL).loc["crimes", "last_at"] <= pd.Timestamp(get_settings().clock.now())


def test_counts_tell_outside_and_unlocated(filled: Database) -> None:
    counts = count_records(filled, ALL)
    assert counts.loc["households"].tolist() == [4, 1, 0]
    assert counts.loc["visits"].tolist() == [3, 0, 1]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    areas=st.lists(st.sampled_from(["99", "9901", "990101", WEST, EAST, "35"]), max_size=3),
    area=st.sampled_from([None, "9901", "990101", WEST, EAST, "35"]),
)
def test_scope_is_never_widened(filled: Database, areas: list[str], area: str | None) -> None:
    principal = Principal("any", "officer", tuple(areas))
    try:
        villages = read_villages(filled, principal, area=area)
        households = read_households(filled, principal, area=area)
    except ScopeError:
        return
    for code in [*villages.index, *households["village_code"]]:
        assert principal.can_see(code)
        assert code.startswith(area or "")
