"""A published plan as its officer walks it: one day's stops, what earlier days left, and when the next is."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from data.field.day import read_field_day
from data.plans import (
    OfficerWeek,
    PlanDay,
    WeekRequest,
    build_plan,
    follow_day,
    gather_week,
    publish_plan,
    read_officer_week,
)
from data.principal import Principal
from tests.data.builders import EAST, WEST
from tests.data.plans import MONDAY, WEDNESDAY, WEEK, add_visit, fill

if TYPE_CHECKING:
    from data.database import Database

ALL = Principal.demo()
TUESDAY, THURSDAY, FRIDAY, SATURDAY = (MONDAY + timedelta(days=n) for n in (1, 3, 4, 5))
LOCKS = {"K1": MONDAY, "K2": WEDNESDAY, "K3": FRIDAY}


def publish(database: Database, week: str = WEEK, **options: object) -> None:
    built = build_plan(gather_week(database, ALL, WeekRequest(week, **options)), workers=1)
    publish_plan(database, ALL, built)


@pytest.fixture
def published(database: Database) -> Database:
    """K1 on Monday by P1; K2 on Wednesday and K3 on Friday by P2; a person asked for K3."""
    fill(database)
    publish(database, locks=LOCKS, must=frozenset({"K3"}))
    return database


def week_of(database: Database, day: date, officer_id: str = "P2", by: Principal = ALL) -> OfficerWeek:
    return read_officer_week(database, by, officer_id, day=day)


def open_(database: Database, day: date, officer_id: str = "P2") -> PlanDay:
    begins = pd.Timestamp(day, tz="Asia/Jakarta")
    monday = begins - timedelta(days=day.weekday())
    found = read_field_day(database, ALL, [WEST, EAST], begins_at=begins, since=monday)
    return follow_day(week_of(database, day, officer_id), found.visits, day=day, begins_at=begins)


def test_a_day_holds_its_stops_with_what_explains_them(published: Database) -> None:
    opened = open_(published, WEDNESDAY)
    assert opened.stops.index.tolist() == ["K2"]
    row = opened.stops.loc["K2"]
    assert row[["order", "status", "state", "n_crimes_near"]].tolist() == [1, "never", "open", 1]
    assert (opened.carried_over.empty, opened.next_on) == (True, FRIDAY)


def test_week_tells_whom_a_person_asked_for_and_nothing_of_others(published: Database) -> None:
    assert week_of(published, MONDAY).must == {"K3"}
    assert week_of(published, MONDAY, "P1").must == frozenset()
    assert week_of(published, MONDAY).counting == "reported"


def test_sunday_belongs_to_the_week_that_ends(published: Database) -> None:
    sunday = MONDAY + timedelta(days=6)
    assert week_of(published, sunday).is_published
    assert not week_of(published, sunday + timedelta(days=1)).is_published
    assert not week_of(published, MONDAY - timedelta(days=1)).is_published


def test_next_day_is_the_next_with_a_stop_that_is_open(published: Database) -> None:
    assert open_(published, TUESDAY).next_on == WEDNESDAY
    add_visit(published, "A1", "K2", "2026-11-23T02:00:00Z", officer_id="P1")
    assert open_(published, TUESDAY).next_on == FRIDAY
    assert open_(published, SATURDAY).next_on is None


def test_next_day_may_lie_in_the_plan_of_the_week_after(published: Database) -> None:
    later = MONDAY + timedelta(days=9)
    publish(published, "2026-W49", locks={"K2": later}, officers=("P2",), dropped=frozenset({"K1", "K3"}))
    assert open_(published, SATURDAY).next_on == later


def test_stop_that_was_not_done_is_left_over_until_it_is(published: Database) -> None:
    assert open_(published, THURSDAY).carried_over.index.tolist() == ["K2"]
    add_visit(published, "A1", "K2", "2026-11-25T03:00:00Z", officer_id="P2", outcome="absent")
    assert open_(published, THURSDAY).carried_over["state"].to_dict() == {"K2": "tried"}
    add_visit(published, "A2", "K2", "2026-11-26T03:00:00Z", officer_id="P2")
    # the list holds all day
    assert open_(published, THURSDAY).carried_over["state"].to_dict() == {"K2": "done"}
    assert open_(published, FRIDAY).carried_over.empty


def test_visit_of_another_officer_on_another_day_closes_a_stop_and_is_told(published: Database) -> None:
    add_visit(published, "A1", "K3", "2026-11-24T03:00:00Z", officer_id="P1")
    row = open_(published, FRIDAY).stops.loc["K3"]
    assert row[["state", "by_other", "on_day"]].tolist() == ["done", True, False]


def test_plan_with_no_visit_for_an_officer_is_published_all_the_same(database: Database) -> None:
    fill(database)
    away = frozenset(MONDAY + timedelta(days=n) for n in range(5))
    publish(database, locks={"K2": WEDNESDAY, "K3": FRIDAY}, leave={"P1": away})
    week = week_of(database, MONDAY, "P1")
    assert week.is_published
    assert week.stops.empty
    assert open_(database, MONDAY, "P1").next_on is None


def test_officer_of_one_village_reads_the_stops_there_alone(published: Database) -> None:
    eastern = Principal("edi", "officer", (EAST,))
    assert week_of(published, MONDAY, by=eastern).stops["household_id"].tolist() == ["K3"]
