"""An officer's day in one village: the day list, what has been marked, and what is left."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from data.errors import ScopeError
from data.field.day import read_field_day
from data.field.marks import MarkReceipt, record_marks
from data.periods import Period
from data.plans import follow_day, read_officer_week
from data.settings import get_settings
from pages.my_area.day_list import list_nearest_homes, list_planned_homes
from pages.queries.records import load_villages

if TYPE_CHECKING:
    from data.field.day import FieldDay
    from data.plans import OfficerWeek
    from pages.queries.officers import Officer
    from pages.queries.records import Connection


_MARKS = uuid.UUID("5a3b6a5e-8a0f-4d83-9d0e-3a9a4d0f7c11")
"""Namespace of the ids of marks made without the field sheet's script: a form sent twice is one visit."""


class DayList(NamedTuple):
    """The day list of an officer in one village."""

    officer: Officer
    village: str
    day: date
    homes: pd.DataFrame
    """The households, those still to visit first, indexed by ``household_id``: name, place, ``status``,
    ``last_visit_at``, ``number`` in the list, ``outcome`` of the visit that closed it (or empty),
    ``by_other`` (whether by another officer), and ``closed_on``, its day if not today. With a plan, also
    the reason for each stop; without one, ``distance_m`` from the middle of the village."""
    more: pd.DataFrame
    """Households for officers with time left, alike: stops left from earlier days, then the nearest."""
    week: OfficerWeek
    """The officer's plan for the day: the list shows its stops if it ``is_published``."""
    next_on: date | None
    """The next day with a stop in the plan."""

    @property
    def n_done(self) -> int:
        """Number of households of the list that are done."""
        return int((self.homes["outcome"] != "").sum())

    @property
    def next_home(self) -> str:
        """The household to visit next; empty if all are done."""
        to_do = self.homes.index[self.homes["outcome"] == ""]
        return str(to_do[0]) if len(to_do) else ""


def read_day_list(
    connection: Connection, officer: Officer, village: str, *, today: date | None = None
) -> DayList:
    """Make a day list; it has the same households all day, whatever is marked.

    Parameters
    ----------
    connection
        The database and its user.
    officer
        The officer.
    village
        Code of one of the officer's villages.
    today
        The local day; today by default.

    Returns
    -------
    DayList
        The stops of the published plan, in all of the officer's villages; without a plan for the officer and
        the week, the due and never-visited households nearest to the middle of its households.

    Raises
    ------
    ScopeError
        If the village is not the officer's.
    """
    if village not in officer.villages:
        raise ScopeError("The village is not one of the officer's villages: choose one from the list.")
    day = today or connection.clock.today()
    week = read_officer_week(connection.database, connection.principal, officer.officer_id, day=day)
    begins_at = _first_moment(day)
    found = read_field_day(
        connection.database,
        connection.principal,
        [village, *(code for code in set(week.stops["village_code"]) if code in officer.villages)],
        begins_at=begins_at,
        since=_first_moment(day - timedelta(days=day.weekday())),
    )
    middle = _middle(connection, village, found)
    if not week.is_published:
        homes, more = list_nearest_homes(found, village, middle, begins_at=begins_at)
        return DayList(officer, village, day, homes, more, week, None)
    plan = follow_day(week, found.visits, day=day, begins_at=begins_at)
    homes, more = list_planned_homes(plan, week, found, village, middle, begins_at=begins_at)
    return DayList(officer, village, day, homes, more, week, plan.next_on)


def find_target_period(day: date) -> Period:
    """Return the period, up to and including a day, in which every household should be visited once."""
    settings = get_settings()
    return Period.last(settings.target_days, until=day + timedelta(days=1), zone=settings.time_zone)


def _first_moment(day: date) -> pd.Timestamp:
    return pd.Timestamp(datetime.combine(day, time(), get_settings().zone))


def _middle(connection: Connection, village: str, found: FieldDay) -> tuple[float, float]:
    """Return the middle of the households, or a point in the village if no household has one."""
    here = found.households["village_code"] == village
    located = found.households.loc[here, ["lon", "lat"]].dropna()
    if len(located):
        return float(located["lon"].median()), float(located["lat"].median())
    inside = load_villages(connection).geometry[village].representative_point()
    return inside.x, inside.y


def name_mark(day_list: DayList, household_id: str, outcome: str) -> str:
    """Make the id of the next mark of a household; it stays the same until something is marked.

    Parameters
    ----------
    day_list
        The day list.
    household_id
        The household.
    outcome
        Its last outcome of the day, or empty.

    Returns
    -------
    str
        A UUID.
    """
    said = [day_list.officer.officer_id, household_id, day_list.day.isoformat(), outcome]
    return str(uuid.uuid5(_MARKS, "|".join(said)))


def mark_household(connection: Connection, day_list: DayList, household_id: str, outcome: str) -> MarkReceipt:
    """Record the outcome of a visit made just now, without the phone's position."""
    homes = pd.concat([day_list.homes["outcome"], day_list.more["outcome"]])
    mark = {
        "visit_id": name_mark(day_list, household_id, str(homes.get(household_id, ""))),
        "household_id": household_id,
        "outcome": outcome,
        "marked_at": connection.clock.now().isoformat(),
    }
    return record_marks(connection.database, connection.principal, day_list.officer.officer_id, [mark])
