"""Ten households, at six of them nobody was met, at two somebody: two of ten are visited, six were tried."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from data.periods import Period
from data.settings import get_settings
from pages.my_area.day import read_day_list
from pages.my_area.wording import describe_done, describe_home
from pages.queries.evidence import count_reviews
from pages.queries.filters import Filters
from pages.queries.households import HouseholdFilter, StatusRequest, count_statuses, list_households
from pages.queries.neighbourhoods import list_homes, measure_neighbourhoods
from pages.queries.officers import Officer
from pages.queries.records import open_connection
from pages.queries.visits import (
    bin_visits,
    count_visit_places,
    read_coverage_trend,
    read_officer_coverage,
    read_weekly_coverage,
)
from pages.text.tries import describe_tries, describe_tries_of_each
from pages.unvisited.export import export_households
from pages.widgets.captions import describe_attempts
from tests.data.builders import WEST, make_row_of_houses, make_villages, make_visits_at_doors, store
from tests.pages.conftest import figures, open_page

if TYPE_CHECKING:
    from data.database import Database
    from pages.queries.records import Connection

OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1), "Asia/Jakarta")
KULON = Filters(WEST, OCTOBER, ())
PERIOD = {"since": "2026-10-01", "until": "2026-11-01"}
ASKED = StatusRequest(date(2026, 11, 1), 90)


@pytest.fixture(autouse=True)
def _in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Outside a session the settings' language is spoken."""
    monkeypatch.setenv("SAMBANG_LANGUAGE", "en")
    get_settings.cache_clear()


@pytest.fixture
def street(database: Database) -> Database:
    """H0 to H4 were not at home on 1 to 5 October, H5 refused, H6 and H7 were met; H8, H9 were not tried."""
    store(database, "boundaries", make_villages())
    store(database, "households", make_row_of_houses(10))
    store(database, "visits", make_visits_at_doors([*["absent"] * 5, "refused", "met", None]))
    again = make_visits_at_doors(["absent"]).assign(visited_at=pd.Timestamp("2026-10-20T08:00:00Z"))
    store(database, "visits", again.set_axis(pd.Index(["V9"], name="visit_id")), fingerprint="again")
    return database


@pytest.fixture
def connection(street: Database) -> Connection:
    assert street
    return open_connection()


@pytest.mark.usefixtures("street")
def test_coverage_page_tells_two_of_ten_and_seven_attempts() -> None:
    app = open_page("coverage", lang="en", area=WEST, **PERIOD)
    assert figures(app)["Reported coverage"] == figures(app)["Supported by GPS"] == "20%"
    assert figures(app)["Households never visited"] == "8"
    assert any("2 of 10 registered households" in one.value for one in app.markdown)
    assert any("Besides, there were 7 attempts without contact" in one.value for one in app.markdown)
    assert app.dataframe[-1].value[["n_households", "n_attempts"]].to_numpy().tolist() == [[10, 7]]


@pytest.mark.usefixtures("street")
def test_overview_counts_the_households_that_were_only_tried_as_missed() -> None:
    app = open_page("overview", lang="en", area=WEST, **PERIOD)
    assert figures(app)["Households without a visit"] == "8"
    assert any("Besides, there were 7 attempts without contact" in one.value for one in app.markdown)


@pytest.mark.usefixtures("street")
def test_unvisited_page_lists_how_often_each_household_was_tried() -> None:
    app = open_page("unvisited", lang="en", area=WEST, **PERIOD)
    assert figures(app)["Never visited"] == "8"
    assert any("At 6 households never visited or overdue" in one.value for one in app.markdown)
    tried = app.dataframe[-1].value.set_index("head_name")["tried"]
    assert tried[["Warga 0", "Warga 1", "Warga 5", "Warga 8"]].tolist() == [
        "tried twice, nobody at home", "tried once, nobody at home", "tried once, refused", "",
    ]  # fmt: skip


def test_every_read_counts_contacts_alone(connection: Connection) -> None:
    homes = list_homes(connection, KULON)
    assert homes.loc[["H0", "H5", "H6"], ["kind", "n_visits", "n_attempts"]].to_numpy().tolist() == [
        ["missed", 0, 2], ["missed", 0, 1], ["supported", 1, 0],
    ]  # fmt: skip
    rts = measure_neighbourhoods(connection, KULON, homes)
    assert rts[["n_reported", "n_evidenced", "n_attempts"]].to_numpy().tolist() == [[2, 2, 7]]
    places = count_visit_places(connection, OCTOBER, WEST)
    assert (places.n_visits, places.n_attempts) == (2, 7)
    assert bin_visits(connection, OCTOBER, WEST)["weight"].sum() == 2
    weeks = read_weekly_coverage(connection, OCTOBER, WEST)
    assert (weeks["n_visits"].sum(), weeks["n_attempts"].sum()) == (2, 7)
    assert sum(read_coverage_trend(connection, OCTOBER, "village")[WEST]) == pytest.approx(0.2)
    own = read_officer_coverage(connection, Officer("P1", "Sri", {WEST: "Kulon"}), WEST, OCTOBER)
    assert (own.n_reported, own.n_evidenced, own.n_never, own.n_attempts) == (2, 2, 8, 7)


def test_flags_look_at_attempts_too(connection: Connection) -> None:
    reviews = count_reviews(connection, OCTOBER, WEST)
    assert (reviews.n_visits, reviews.n_attempts) == (2, 7)
    assert len(reviews.reasons) > 0


def test_statuses_count_the_tried(connection: Connection) -> None:
    row = count_statuses(connection, ASKED, WEST).loc[WEST]
    assert row[["never", "visited", "n_tried", "n_households"]].tolist() == [8, 2, 6, 10]


def test_list_is_exported_with_the_attempts(connection: Connection) -> None:
    chosen = HouseholdFilter(WEST, ("never",))
    rows = list_households(connection, ASKED, chosen)
    lines = export_households("csv", connection, ASKED, chosen, rows).decode("utf-8-sig").splitlines()
    first = next(line for line in lines if line.startswith("H0,"))
    assert ",2," in first
    assert "2026-10-20" in first


@pytest.mark.parametrize(
    ("n", "outcome", "said"),
    [
        (0, "absent", ""),
        (0, None, ""),
        (1, "absent", "tried once, nobody at home"),
        (2, "absent", "tried twice, nobody at home"),
        (3, "refused", "tried 3 times, refused"),
        (2, float("nan"), "tried twice"),  # some refused, others were not at home: neither is claimed of both
        (1, "missing", "tried once"),
    ],
)
def test_tries_are_told_with_the_outcome_that_all_share(n: int, outcome: object, said: str) -> None:
    assert describe_tries(n, outcome) == said


def test_tries_of_many_households_are_told_one_by_one() -> None:
    homes = pd.DataFrame(
        {"n_attempts": [2, 0, 1], "attempt": pd.Categorical(["absent", None, None])}, index=list("abc")
    )
    told = describe_tries_of_each(homes)
    assert told.to_dict() == {"a": "tried twice, nobody at home", "b": "", "c": "tried once"}


def test_sentence_on_attempts_is_silent_without_any() -> None:
    assert describe_attempts(0) == ""
    assert describe_attempts(1).startswith("Besides, there was 1 attempt without contact")


def test_day_list_tells_how_often_it_was_tried(street: Database) -> None:
    officers = pd.DataFrame({"name": ["Ani"], "villages": [WEST]}, index=pd.Index(["P1"], name="officer_id"))
    store(street, "officers", officers)
    connection = open_connection()
    day_list = read_day_list(connection, Officer("P1", "Ani", {WEST: "Kulon"}), WEST, today=date(2026, 11, 2))
    homes = pd.concat([day_list.homes, day_list.more])
    assert sorted(homes.index) == [f"H{number}" for number in (0, 1, 2, 3, 4, 5, 8, 9)]
    why = {key: describe_home(day_list, key, home).why for key, home in homes.to_dict("index").items()}
    assert why["H0"].endswith("Never visited, tried twice, nobody at home")
    assert why["H8"].endswith("Never visited")


@pytest.mark.parametrize(
    ("outcome", "said"), [("refused", "✓ Refused"), ("absent", "✓ Not at home"), ("met", "✓ Met")]
)
def test_mark_is_told_for_what_it_is(outcome: str, said: str) -> None:
    home = {"outcome": outcome, "closed_on": pd.NaT, "by_other": False}
    assert describe_done(home) == said
