"""Published plans are versions: who, when and what changed; nothing is erased, nobody sees beyond reach."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
import sqlalchemy as sa

from data import tables
from data.errors import DataError, ScopeError
from data.exports.plan_tables import write_plan_csv
from data.plans import (
    BuiltPlan,
    build_plan,
    gather_week,
    publish_plan,
    read_current_officers,
    read_current_stops,
    read_plan_changes,
    read_plan_versions,
    read_published_plan,
)
from data.principal import Principal
from data.repository import read_versions as read_data_versions
from geo.routes import Violation
from tests.data.builders import EAST, WEST
from tests.data.plans import MONDAY, WEDNESDAY, WEEK, ask, fill

if TYPE_CHECKING:
    from data.database import Database

ALL = Principal.demo()
EASTERN = Principal("ani", "supervisor", (EAST,))
WESTERN = Principal("joko", "supervisor", (WEST,))
OFFICER = Principal("sri", "officer", ("",))


@pytest.fixture
def filled(any_database: Database) -> Database:
    return fill(any_database)


def build(database: Database, principal: Principal = ALL, **options: Any) -> BuiltPlan:
    return build_plan(gather_week(database, principal, ask(**options)), workers=1)


def in_force(database: Database, principal: Principal = ALL, **options: Any) -> set[str]:
    return set(read_current_stops(database, principal, week=WEEK, **options)["household_id"])


def test_published_plan_is_read_back_as_it_was_built(filled: Database) -> None:
    built = build(filled, must=frozenset({"K2"}), locks={"K1": WEDNESDAY})
    started = int(time.time())
    number = publish_plan(filled, ALL, built, note="  First\nweek. ")
    found = read_published_plan(filled, ALL, number)
    pd.testing.assert_frame_equal(found.plan.stops, built.plan.stops)
    pd.testing.assert_frame_equal(found.plan.routes, built.plan.routes)
    assert found.plan.unmet == built.plan.unmet
    assert found.request == built.week.request
    assert (found.version, found.published_by, found.note) == (1, "demo", "First week.")
    assert started <= found.published_at.timestamp() <= time.time()
    pd.testing.assert_frame_equal(
        found.stops[sorted(found.stops)], built.stops[sorted(built.stops)], check_dtype=False
    )
    pd.testing.assert_frame_equal(found.officers, built.week.officers, check_dtype=False)
    assert b"Budi" in write_plan_csv(found.stops, found.officers)


def test_second_version_says_what_it_added_dropped_and_moved(filled: Database) -> None:
    first = build(filled, dropped=frozenset({"K3"}), locks={"K1": MONDAY})
    one = publish_plan(filled, ALL, first)
    second = build(filled, dropped=frozenset({"K2"}), locks={"K1": WEDNESDAY})
    two = publish_plan(filled, ALL, second, note="K2 moved away")
    versions = read_plan_versions(filled, ALL, week=WEEK)
    counts = versions[["version", "n_officers", "n_stops", "n_added", "n_dropped", "n_moved"]]
    assert counts.to_dict("index") == {
        two: dict(zip(counts.columns, (2, 2, 2, 1, 1, 1), strict=True)),
        one: dict(zip(counts.columns, (1, 2, 2, 2, 0, 0), strict=True)),
    }
    assert versions["note"].to_dict() == {two: "K2 moved away", one: ""}
    changes = read_plan_changes(filled, ALL, two)
    assert changes["change"].to_dict() == {"K1": "moved", "K2": "dropped", "K3": "added"}
    assert changes.loc["K1", ["day_before", "day_after"]].tolist() == [str(MONDAY), str(WEDNESDAY)]
    assert changes.loc["K2", "officer_before"] == "P2"  # the east of the shared village is nearer to P2
    assert in_force(filled) == {"K1", "K3"}
    assert set(read_published_plan(filled, ALL, one).stops["household_id"]) == {
        "K1",
        "K2",
    }  # nothing is erased


def test_same_plan_again_is_a_version_without_changes(filled: Database) -> None:
    built = build(filled)
    publish_plan(filled, ALL, built)
    again = publish_plan(filled, ALL, built)
    row = read_plan_versions(filled, ALL).loc[again]
    assert row[["version", "n_added", "n_dropped", "n_moved"]].tolist() == [2, 0, 0, 0]
    assert read_plan_changes(filled, ALL, again).empty


def test_plan_of_one_officer_leaves_that_of_others_in_force(filled: Database) -> None:
    one = publish_plan(filled, ALL, build(filled))
    before = in_force(filled, officer_id="P2")
    two = publish_plan(filled, ALL, build(filled, officers=("P1",), preset="gap"))
    officers = read_current_officers(filled, ALL, week=WEEK)
    assert officers["plan_id"].to_dict() == {"P1": two, "P2": one}
    assert in_force(filled, officer_id="P2") == before
    assert not before & in_force(filled, officer_id="P1")  # each household at most once a week


def test_household_of_another_officers_plan_is_not_planned_again(filled: Database) -> None:
    alone = build(filled, officers=("P2",))
    assert set(alone.stops["household_id"]) == {"K1", "K2", "K3"}
    publish_plan(filled, ALL, alone)
    assert build(filled, officers=("P1",)).stops.empty
    with pytest.raises(DataError, match="another officer's published plan"):
        gather_week(filled, ALL, ask(officers=("P1",), must=frozenset({"K1"})))


def test_two_officers_are_not_sent_to_one_household(filled: Database) -> None:
    late = build(filled, officers=("P1",))
    publish_plan(filled, ALL, build(filled, officers=("P2",)))
    with pytest.raises(DataError, match="2 households of the plan are in another"):
        publish_plan(filled, ALL, late)
    assert len(read_plan_versions(filled, ALL)) == 1


def test_officer_without_visits_has_a_plan_all_the_same(filled: Database) -> None:
    publish_plan(filled, ALL, build(filled))
    away = frozenset(pd.date_range(MONDAY, periods=7).date)
    publish_plan(filled, ALL, build(filled, officers=("P2",), leave={"P2": away}))
    assert in_force(filled, officer_id="P2") == set()
    found = read_published_plan(filled, ALL, int(read_plan_versions(filled, ALL).index[0]))
    assert [(one.reason, one.subject) for one in found.plan.unmet] == [("no_working_days", "P2")]


def test_reads_hold_no_more_than_the_principal_may_see(filled: Database) -> None:
    built = build(filled, must=frozenset({"K1"}), locks={"K3": MONDAY}, dropped=frozenset({"K2"}))
    number = publish_plan(filled, ALL, built)
    assert in_force(filled, EASTERN) == {"K3"}
    row = read_plan_versions(filled, EASTERN).loc[number]
    assert row[["n_officers", "n_stops", "n_added"]].tolist() == [1, 1, 1]  # P2 alone has the east
    assert read_plan_changes(filled, EASTERN, number).index.tolist() == ["K3"]
    found = read_published_plan(filled, EASTERN, number)
    assert found.stops["household_id"].tolist() == ["K3"]
    assert found.plan.routes.empty  # P2's routes lead into the west, too
    assert found.officers.index.tolist() == ["P2"]
    assert (found.request.must, set(found.request.locks)) == (frozenset(), {"K3"})
    assert found.request.dropped == frozenset()
    nobody = Principal("x", "supervisor", ("9999",))
    assert read_plan_versions(filled, nobody).empty
    with pytest.raises(DataError, match="no published plan"):
        read_published_plan(filled, nobody, number)


def test_nobody_changes_what_is_planned_beyond_reach(filled: Database) -> None:
    west = build(filled, WESTERN, officers=("P2",))
    publish_plan(filled, ALL, build(filled))
    with pytest.raises(ScopeError, match="outside your assigned area"):
        publish_plan(filled, WESTERN, west)
    with pytest.raises(ScopeError, match="outside your assigned area"):
        publish_plan(filled, WESTERN, build(filled))
    with pytest.raises(ScopeError, match="Only a supervisor"):
        publish_plan(filled, OFFICER, build(filled))
    assert len(read_plan_versions(filled, ALL)) == 1


def test_plan_that_breaks_a_rule_is_not_published(filled: Database) -> None:
    broken = replace(build(filled), violations=(Violation("too_fast", "P1", "P1", "2026-11-23"),))
    with pytest.raises(DataError, match="breaks 1 of its rules"):
        publish_plan(filled, ALL, broken)
    with pytest.raises(DataError, match="600 characters"):
        publish_plan(filled, ALL, build(filled), note="x" * 600)


def test_failure_on_the_way_publishes_nothing(filled: Database) -> None:
    built = build(filled)
    doubled = pd.concat([built.stops, built.stops.head(1)], ignore_index=True)
    before = read_data_versions(filled)
    with pytest.raises(Exception, match=r"(?i)unique|duplicate"):
        publish_plan(filled, ALL, replace(built, stops=doubled))
    assert read_data_versions(filled) == before
    for table in (tables.plans, tables.plan_officers, tables.plan_stops, tables.plan_changes):
        assert filled.read(sa.select(sa.func.count().label("n")).select_from(table))["n"].to_pylist() == [0]


def test_publishing_is_seen_by_caches(filled: Database) -> None:
    publish_plan(filled, ALL, build(filled))
    assert read_data_versions(filled)["plans"] == 1


def test_household_that_is_gone_is_left_out_of_sheets_only(filled: Database) -> None:
    number = publish_plan(filled, ALL, build(filled))
    with filled.write({}) as connection:
        connection.execute(sa.delete(tables.households).where(tables.households.c.household_id == "K3"))
    found = read_published_plan(filled, ALL, number)
    assert set(found.plan.stops["household_id"]) == {"K1", "K2", "K3"}
    assert set(found.stops["household_id"]) == {"K1", "K2"}
