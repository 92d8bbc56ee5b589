"""What pages ask: totals agree with each other, and what was cached is never shown for other records."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from data.periods import Period
from data.principal import Principal
from data.repository import read_versions
from data.settings import get_settings
from pages.queries.areas import name_areas, name_villages, select_surroundings, select_villages
from pages.queries.crimes import count_crimes
from pages.queries.filters import Filters
from pages.queries.records import Connection, load_households, load_villages, open_connection
from pages.queries.spans import find_period_before
from pages.queries.visits import Coverage, bin_visits, count_visit_places, read_coverage, read_weekly_coverage
from pages.widgets.tables import Column, write_table_csv
from tests.data.builders import EAST, WEST, make_households, make_villages, make_visits, store

if TYPE_CHECKING:
    from data.database import Database

OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1), "Asia/Jakarta")


def everything(area: str = "", categories: tuple[str, ...] = ()) -> Filters:
    return Filters(area, OCTOBER, categories)


def measure_coverage(connection: Connection) -> Coverage:
    return read_coverage(connection, select_villages(connection, ""), OCTOBER)


@pytest.fixture
def connection(place: Database) -> Connection:
    assert place
    return open_connection()


def test_visits_belong_to_the_village_of_their_household(connection: Connection) -> None:
    # V2 was recorded in Wetan, but its household K1 is registered in Kulon
    west = count_visit_places(connection, OCTOBER, WEST)
    east = count_visit_places(connection, OCTOBER, EAST)
    assert (west.n_visits, east.n_visits) == (2, 1)
    assert (west.n_unlocated, east.n_unlocated) == (0, 1)
    assert count_visit_places(connection, OCTOBER, "").n_visits == 3


def test_visit_without_household_belongs_where_it_was_recorded(database: Database) -> None:
    store(database, "boundaries", make_villages())
    store(database, "households", make_households())
    store(database, "visits", make_visits().assign(household_id=None, household_match="none"))
    connection = open_connection()
    assert count_visit_places(connection, OCTOBER, EAST) == (1, 0, 0, 1, 0)
    assert count_visit_places(connection, OCTOBER, "") == (3, 1, 0, 3, 0)


def test_heat_holds_each_located_visit_once(connection: Connection) -> None:
    assert bin_visits(connection, OCTOBER, "")["weight"].sum() == 2
    assert bin_visits(connection, OCTOBER, EAST)["weight"].sum() == 1  # where it was recorded


def test_weeks_end_at_the_coverage_of_the_period(connection: Connection) -> None:
    weeks = read_weekly_coverage(connection, OCTOBER, "")
    assert weeks["reported_coverage"].iloc[-1] == pytest.approx(2 / 3)
    assert weeks["evidenced_coverage"].iloc[-1] == pytest.approx(1 / 3)  # V1, at K1's door
    assert weeks["n_visits"].sum() == 3


def test_crimes_of_villages_and_of_none_add_up(connection: Connection) -> None:
    crimes = count_crimes(connection, everything())
    assert crimes.villages["n_crimes"].to_dict() == {WEST: 2, EAST: 1}
    assert (crimes.n_crimes, crimes.n_unlocated, crimes.n_outside) == (4, 1, 1)
    assert count_crimes(connection, everything(EAST)).n_crimes == 1
    assert count_crimes(connection, everything(categories=("curat",))).n_crimes == 2


def test_map_of_one_village_draws_its_neighbours(connection: Connection) -> None:
    assert list(select_surroundings(connection, EAST).index) == [WEST, EAST]
    assert list(select_villages(connection, EAST).index) == [EAST]


def test_change_is_told_only_where_the_data_reach_back(connection: Connection) -> None:
    week = Filters("", Period(date(2026, 10, 2), date(2026, 10, 3), "Asia/Jakarta"), ())
    assert find_period_before(connection, week, "visits") == Period(
        date(2026, 10, 1), date(2026, 10, 2), "Asia/Jakarta"
    )
    assert find_period_before(connection, everything(), "visits") is None
    days = Filters("", Period(date(2026, 10, 1), date(2026, 10, 4), "Asia/Jakarta"), ())
    assert find_period_before(connection, days, "crimes") is not None  # one is of July
    assert find_period_before(connection, everything(), "crimes") is None  # complete to 3 October only


def test_new_records_are_seen_at_once(place: Database) -> None:
    before = measure_coverage(open_connection())
    visit = make_visits().iloc[[0]].assign(household_id="K2").set_axis(pd.Index(["V9"], name="visit_id"))
    store(place, "visits", visit, fingerprint="more")
    after = measure_coverage(open_connection())
    assert (before.n_reported, after.n_reported) == (2, 3)


def test_cache_keeps_scopes_apart(place: Database) -> None:
    versions = read_versions(place)
    east = Connection(place, Principal("ani", "officer", (EAST,)), versions, get_settings().clock)
    whole = Connection(place, Principal.demo(), versions, get_settings().clock)
    assert list(load_villages(whole).index) == [WEST, EAST]
    assert list(load_villages(east).index) == [EAST]
    assert list(load_households(east).index) == ["K3"]
    assert measure_coverage(east).n_households == 1
    assert count_crimes(east, everything()).n_crimes == 1


def test_names_that_repeat_are_told_apart(database: Database) -> None:
    store(database, "boundaries", make_villages().assign(village="Sidorejo"))
    names = name_villages(open_connection(), "")
    assert names == {WEST: f"Sidorejo · {WEST}", EAST: f"Sidorejo · {EAST}"}


def test_made_up_code_is_no_name(database: Database) -> None:
    villages = make_villages().assign(district_code="Xabcde", district=None, regency_code="X000")
    store(database, "boundaries", villages.set_axis(["Xabcde0001", "Xabcde0002"]).rename_axis("village_code"))
    connection = open_connection()
    assert name_areas(connection) == {}
    assert set(load_villages(connection)["district"]) == {"—"}


def test_csv_holds_no_formula() -> None:
    frame = pd.DataFrame({"village": ["=1+1", "@x", "Sawo"], "n": [-1, 2, 3]}, index=pd.Index([7, 8, 9]))
    rows = write_table_csv(frame, [Column("village", "V"), Column("n", "N")]).decode("utf-8-sig").splitlines()
    assert rows == [",village,n", "7,'=1+1,-1", "8,'@x,2", "9,Sawo,3"]


def test_district_without_a_name_is_called_as_its_households_call_it(database: Database) -> None:
    store(database, "boundaries", make_villages().assign(district=None))
    assert load_villages(open_connection())["district"].unique().tolist() == ["990101"]
    assert name_areas(open_connection()) == {"990101": "Kec. 990101"}
    store(database, "households", make_households().assign(district_given="Paron"))
    assert load_villages(open_connection())["district"].unique().tolist() == ["Paron"]
    assert name_areas(open_connection()) == {"990101": "Kec. Paron"}
