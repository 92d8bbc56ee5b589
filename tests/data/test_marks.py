"""A mark made on a phone becomes one visit, whatever the network does; what cannot be taken is kept."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from data import repository, store
from data.errors import DataError, ScopeError
from data.field.day import read_field_day
from data.field.marks import MAX_MARKS, record_marks
from data.principal import Principal
from geo.status import find_household_status
from tests.data import builders
from tests.data.builders import EAST, WEST

if TYPE_CHECKING:
    from data.database import Database

NOW = datetime(2026, 10, 10, 3, 0, tzinfo=UTC)  # 10:00 in the unit's zone
DEMO = Principal.demo()


@pytest.fixture
def place(database: Database) -> Database:
    return _fill(database)


@pytest.fixture
def any_place(any_database: Database) -> Database:
    return _fill(any_database)


def _fill(database: Database) -> Database:
    officers = pd.DataFrame(
        {"name": ["Ani", "Edi"], "villages": [WEST, EAST]}, index=pd.Index(["P1", "P2"], name="officer_id")
    )
    builders.store(database, "boundaries", builders.make_villages())
    builders.store(database, "households", builders.make_households())
    builders.store(database, "officers", officers)
    return database


def make_mark(number: int = 1, **changes: Any) -> dict[str, Any]:
    mark = {
        "visit_id": str(uuid.UUID(int=number, version=4)),
        "household_id": "K1",
        "outcome": "met",
        "marked_at": "2026-10-10T02:30:00.000Z",
        "lon": 111.402,
        "lat": -7.405,
        "accuracy_m": 12.5,
    }
    return {name: value for name, value in (mark | changes).items() if value is not ...}


def all_visits(database: Database) -> pd.DataFrame:
    columns = [*repository.VISIT_COLUMNS, "accuracy_m", "household_match"]
    return repository.read_visits(database, DEMO, columns=columns)


def test_mark_becomes_a_visit_with_its_fix(place: Database) -> None:
    receipt = record_marks(place, DEMO, "P1", [make_mark()], now=NOW)
    visit = all_visits(place).loc[receipt.accepted[0]]
    assert visit["visited_at"] == pd.Timestamp("2026-10-10T02:30:00Z")
    assert visit[["officer_id", "household_id", "outcome", "household_match"]].tolist() == [
        "P1",
        "K1",
        "met",
        "id",
    ]
    assert visit[["lon", "lat", "accuracy_m"]].tolist() == [111.402, -7.405, 12.5]
    assert visit[["village_code", "placement"]].tolist() == [WEST, "inside"]
    assert receipt.n_new == 1


def test_mark_without_fix_is_unlocated_in_the_village_of_its_household(place: Database) -> None:
    record_marks(
        place, DEMO, "P2", [make_mark(household_id="K3", lon=None, lat=None, accuracy_m=...)], now=NOW
    )
    visit = all_visits(place).iloc[0]
    assert (visit["village_code"], visit["placement"]) == (EAST, "unlocated")
    assert pd.isna(visit["lon"])


def test_fix_decides_the_village_alone(place: Database) -> None:
    marks = [make_mark(1, lon=111.415), make_mark(2, lon=112.5)]
    record_marks(place, DEMO, "P1", marks, now=NOW)
    visits = all_visits(place).loc[[mark["visit_id"] for mark in marks]]
    assert visits["placement"].tolist() == ["inside", "outside"]
    assert visits["village_code"].iloc[0] == EAST
    assert pd.isna(visits["village_code"].iloc[1])


def test_same_mark_sent_again_stores_nothing_and_is_answered_the_same(any_place: Database) -> None:
    marks = [make_mark(1), make_mark(2, household_id="K2"), make_mark(3, outcome="slept")]
    first = record_marks(any_place, DEMO, "P1", marks, now=NOW)
    version = repository.read_versions(any_place)["visits"]
    again = record_marks(any_place, DEMO, "P1", [*marks, marks[0]], now=NOW + timedelta(days=3))
    assert (again.accepted, again.refused) == (first.accepted, first.refused)
    assert (first.n_new, again.n_new) == (2, 0)
    assert len(all_visits(any_place)) == 2
    assert repository.read_versions(any_place)["visits"] == version


def test_first_telling_of_a_visit_counts(place: Database) -> None:
    record_marks(place, DEMO, "P1", [make_mark(outcome="met")], now=NOW)
    record_marks(place, DEMO, "P1", [make_mark(outcome="absent")], now=NOW)
    assert all_visits(place)["outcome"].tolist() == ["met"]


def test_marks_of_a_day_are_one_import_that_grows_and_is_undone_whole(any_place: Database) -> None:
    for number in range(1, 4):
        record_marks(any_place, DEMO, "P1", [make_mark(number)], now=NOW + timedelta(minutes=number))
    record_marks(any_place, DEMO, "P2", [make_mark(9, household_id="K3")], now=NOW)
    batches = repository.read_batches(any_place, DEMO)
    sheets = batches[batches["file_name"].str.startswith("field sheet")]
    assert sheets["rows_read"].tolist() == [1, 3]
    assert sheets["rows_new"].tolist() == [1, 3]
    store.undo_batch(any_place, int(sheets.index[1]))
    assert all_visits(any_place)["officer_id"].tolist() == ["P2"]
    assert record_marks(any_place, DEMO, "P1", [make_mark(1)], now=NOW).n_new == 1


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"outcome": "slept"}, "bad_value"),
        ({"outcome": ["met"]}, "bad_value"),
        ({"visit_id": "1"}, "bad_value"),
        ({"visit_id": ...}, "bad_value"),
        ({"household_id": ""}, "bad_value"),
        ({"household_id": ["K1"]}, "bad_value"),
        ({"household_id": "K9"}, "not_in_reach"),
        ({"marked_at": "yesterday"}, "bad_date"),
        ({"marked_at": "2026-10-10T02:30:00"}, "bad_date"),
        ({"marked_at": 1_791_600_000}, "bad_date"),
        ({"marked_at": "2026-10-10T03:10:01Z"}, "date_out_of_range"),
        ({"marked_at": "2026-08-11T02:59:59Z"}, "date_out_of_range"),
        ({"lon": 181.0}, "bad_coordinates"),
        ({"lat": None}, "bad_coordinates"),
        ({"lon": float("nan")}, "bad_coordinates"),
        ({"lat": "-7.4"}, "bad_coordinates"),
        ({"lon": 0, "lat": 0}, "zero_coordinates"),
        ({"accuracy_m": -1}, "bad_number"),
        ({"accuracy_m": True}, "bad_number"),
    ],
)  # fmt: skip
def test_bad_mark_is_refused_with_its_reason_and_kept(
    place: Database, changes: dict[str, Any], reason: str
) -> None:
    bad = make_mark(2, **changes)
    receipt = record_marks(place, DEMO, "P1", [make_mark(1), bad], now=NOW)
    assert list(receipt.refused.values()) == [reason]
    assert len(receipt.accepted) == len(all_visits(place)) == 1
    batch = repository.read_batches(place, DEMO).iloc[0]
    assert batch["reasons"] == {reason: 1}
    assert batch["rows_accepted"] + batch["rows_quarantined"] == batch["rows_read"] == 2
    kept = repository.read_quarantine(place, DEMO, int(batch.name))
    assert kept["reasons"].tolist() == [reason]
    assert kept.index.tolist() == [2]


@pytest.mark.parametrize(
    "changes",
    [
        {"marked_at": "2026-10-10T03:10:00Z"},
        {"marked_at": "2026-08-11T03:00:00Z"},
        {"accuracy_m": 0},
        {"lon": None, "lat": None},
    ],
)
def test_mark_at_the_border_of_what_is_allowed_is_taken(place: Database, changes: dict[str, Any]) -> None:
    assert not record_marks(place, DEMO, "P1", [make_mark(**changes)], now=NOW).refused


@pytest.mark.parametrize("mark", ["met", None, 7, [1], {}, {"visit_id": {"a": "b" * 5000}}])
def test_mark_that_is_no_object_is_kept_as_text(place: Database, mark: Any) -> None:
    for _ in range(2):
        receipt = record_marks(place, DEMO, "P1", [mark], now=NOW)
        assert list(receipt.refused.values()) == ["bad_value"]
    batch = repository.read_batches(place, DEMO).iloc[0]
    assert batch["rows_quarantined"] == 1
    assert len(json.dumps(repository.read_quarantine(place, DEMO, int(batch.name)).to_dict())) < 5000


def test_officer_reaches_no_household_and_no_officer_elsewhere(place: Database) -> None:
    ani = Principal("ani", "officer", (WEST,))
    receipt = record_marks(place, ani, "P1", [make_mark(1, household_id="K3"), make_mark(2)], now=NOW)
    assert list(receipt.refused.values()) == ["not_in_reach"]
    with pytest.raises(ScopeError, match="P2"):
        record_marks(place, ani, "P2", [make_mark(3, household_id="K3")], now=NOW)
    assert len(all_visits(place)) == 1


def test_too_many_marks_at_once_are_refused_whole(place: Database) -> None:
    with pytest.raises(DataError, match="at most 500"):
        record_marks(place, DEMO, "P1", [make_mark()] * (MAX_MARKS + 1), now=NOW)


def test_no_marks_change_nothing(place: Database) -> None:
    assert record_marks(place, DEMO, "P1", [], now=NOW).n_new == 0
    assert "visits" not in repository.read_versions(place)


def test_round_tells_last_visits_before_the_day_and_those_of_the_day(any_place: Database) -> None:
    builders.store(any_place, "visits", builders.make_visits())
    record_marks(any_place, DEMO, "P1", [make_mark(household_id="K2")], now=NOW)
    begins = pd.Timestamp("2026-10-10", tz="Asia/Jakarta")
    found = read_field_day(any_place, DEMO, [WEST], begins_at=begins)
    assert found.households["head_name"].to_dict() == {"K1": "Sri", "K2": "Budi"}
    assert found.households.loc["K1", "last_visit_at"] == pd.Timestamp("2026-10-02T02:00:00Z")
    assert pd.isna(found.households.loc["K2", "last_visit_at"])
    assert found.visits[["household_id", "officer_id", "outcome"]].to_numpy().tolist() == [
        ["K2", "P1", "met"]
    ]
    with pytest.raises(ScopeError):
        read_field_day(any_place, Principal("edi", "officer", (EAST,)), [EAST, WEST], begins_at=begins)


def test_mark_of_nobody_at_home_lowers_never_visited_by_nothing(any_place: Database) -> None:
    marks = [make_mark(1, outcome="absent"), make_mark(2, household_id="K2")]
    record_marks(any_place, DEMO, "P1", marks, now=NOW)
    visits = repository.read_visits(any_place, DEMO, columns=("visited_at", "household_id", "attempt"))
    homes = repository.read_households(any_place, DEMO)
    morning = pd.Timestamp("2026-10-11", tz="Asia/Jakarta")
    told = find_household_status(homes, visits, as_of=morning)
    assert told.loc[["K1", "K2", "K3"], "status"].tolist() == ["never", "visited", "never"]
    day = read_field_day(any_place, DEMO, [WEST], begins_at=morning).households
    assert day["last_visit_at"].isna().to_dict() == {"K1": True, "K2": False}
    assert day["n_attempts"].to_dict() == {"K1": 1, "K2": 0}
    assert day.loc["K1", "attempt"] == "absent"
