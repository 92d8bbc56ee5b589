"""What pages ask: totals agree with each other, and what was cached is never shown for other records."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from data.principal import Principal
from data.repository import read_versions
from data.windows import Window
from pages import _evidence, _places, _queries, _records, _tables
from pages._filters import Filters
from pages._records import Source
from tests.data.builders import EAST, WEST, make_households, make_villages, make_visits, store

if TYPE_CHECKING:
    from data.database import Database

OCTOBER = Window(date(2026, 10, 1), date(2026, 11, 1), "Asia/Jakarta")


def everything(area: str = "", categories: tuple[str, ...] = ()) -> Filters:
    return Filters(area, OCTOBER, categories)


@pytest.fixture
def source(place: Database) -> Source:
    assert place
    return _records.open_source()


def test_visits_belong_to_the_village_of_their_household(source: Source) -> None:
    # V2 was recorded in Wetan, but its household K1 is registered in Kulon
    west = _queries.place_visits(source, OCTOBER, WEST)
    east = _queries.place_visits(source, OCTOBER, EAST)
    assert (west.n_visits, east.n_visits) == (2, 1)
    assert (west.n_unlocated, east.n_unlocated) == (0, 1)
    assert _queries.place_visits(source, OCTOBER, "").n_visits == 3


def test_visit_without_household_belongs_where_it_was_recorded(database: Database) -> None:
    store(database, "boundaries", make_villages())
    store(database, "households", make_households())
    store(database, "visits", make_visits().assign(household_id=None, household_match="none"))
    source = _records.open_source()
    assert _queries.place_visits(source, OCTOBER, EAST) == (1, 0, 0, 1)
    assert _queries.place_visits(source, OCTOBER, "") == (3, 1, 0, 3)


def test_heat_holds_each_located_visit_once(source: Source) -> None:
    assert _queries.bin_visits(source, OCTOBER, "")["weight"].sum() == 2
    assert _queries.bin_visits(source, OCTOBER, EAST)["weight"].sum() == 1  # where it was recorded


def test_weeks_end_at_the_coverage_of_the_period(source: Source) -> None:
    weeks = _evidence.measure_weeks(source, OCTOBER, "")
    assert weeks["reported_coverage"].iloc[-1] == pytest.approx(2 / 3)
    assert weeks["evidenced_coverage"].iloc[-1] == pytest.approx(1 / 3)  # V1, at K1's door
    assert weeks["n_visits"].sum() == 3


def test_crimes_of_villages_and_of_none_add_up(source: Source) -> None:
    crimes = _queries.count_crimes(source, everything())
    assert crimes.villages["n_crimes"].to_dict() == {WEST: 2, EAST: 1}
    assert (crimes.n_crimes, crimes.n_unlocated, crimes.n_outside) == (4, 1, 1)
    assert _queries.count_crimes(source, everything(EAST)).n_crimes == 1
    assert _queries.count_crimes(source, everything(categories=("curat",))).n_crimes == 2


def test_map_of_one_village_draws_its_neighbours(source: Source) -> None:
    assert list(_queries.areas_around(source, EAST).index) == [WEST, EAST]
    assert list(_queries.areas_of(source, EAST).index) == [EAST]


def test_change_is_told_only_where_the_data_reach_back(source: Source) -> None:
    week = Filters("", Window(date(2026, 10, 2), date(2026, 10, 3), "Asia/Jakarta"), ())
    assert _queries.window_before(source, week, "visits") == Window(
        date(2026, 10, 1), date(2026, 10, 2), "Asia/Jakarta"
    )
    assert _queries.window_before(source, everything(), "visits") is None
    assert _queries.window_before(source, everything(), "crimes") is not None  # one is of July


def test_new_records_are_seen_at_once(place: Database) -> None:
    before = _queries.measure(_records.open_source(), everything())
    visit = make_visits().iloc[[0]].assign(household_id="K2").set_axis(pd.Index(["V9"], name="visit_id"))
    store(place, "visits", visit, fingerprint="more")
    after = _queries.measure(_records.open_source(), everything())
    assert (before.n_reported, after.n_reported) == (2, 3)


def test_cache_keeps_scopes_apart(place: Database) -> None:
    versions = read_versions(place)
    east = Source(place, Principal("ani", "officer", (EAST,)), versions)
    whole = Source(place, Principal.demo(), versions)
    assert list(_records.villages(whole).index) == [WEST, EAST]
    assert list(_records.villages(east).index) == [EAST]
    assert list(_records.households(east).index) == ["K3"]
    assert _queries.measure(east, everything()).n_households == 1
    assert _queries.count_crimes(east, everything()).n_crimes == 1


def test_names_that_repeat_are_told_apart(database: Database) -> None:
    store(database, "boundaries", make_villages().assign(village="Sidorejo"))
    names = _places.village_names(_records.open_source(), "")
    assert names == {WEST: f"Sidorejo · {WEST}", EAST: f"Sidorejo · {EAST}"}


def test_made_up_code_is_no_name(database: Database) -> None:
    villages = make_villages().assign(district_code="Xabcde", district=None, regency_code="X000")
    store(database, "boundaries", villages.set_axis(["Xabcde0001", "Xabcde0002"]).rename_axis("village_code"))
    source = _records.open_source()
    assert _places.area_names(source) == {}
    assert set(_records.villages(source)["district"]) == {"—"}


def test_csv_holds_no_formula() -> None:
    frame = pd.DataFrame({"village": ["=1+1", "@x", "Sawo"], "n": [-1, 2, 3]}, index=pd.Index([7, 8, 9]))
    rows = _tables.to_csv(frame, ["village", "n"]).decode("utf-8-sig").splitlines()
    assert rows == [",village,n", "7,'=1+1,-1", "8,'@x,2", "9,Sawo,3"]
