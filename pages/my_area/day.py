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
"""Namespace of marks made without the field sheet's script: a form sent twice is one visit."""


class DayList(NamedTuple):
    """The list of one day."""

    officer: Officer
    village: str
    day: date
    homes: pd.DataFrame
    """The day's list, what is still to do first, indexed by ``household_id``: who and where, ``status``,
    ``last_visit_at``, ``number`` in the list, ``outcome`` of the visit that closed it (or empty), whether
    that was ``by_other``, and the day it was ``closed_on`` where that is another. Of a published plan also
    why it is in the plan; of others ``distance_m`` from the middle of the village."""
    more: pd.DataFrame
    """Households for who has time left, alike: stops that earlier days left, then the nearest ones."""
    week: OfficerWeek
    """What the plan in force asks of the officer: the list is the plan's where it ``is_published``."""
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
    """Make a day list: it holds the same households all day, whatever is marked.

    Parameters
    ----------
    connection
        Where the records are, and who asks.
    officer
        Whose list.
    village
        Code of one of the officer's villages.
    today
        The local day; today by default.

    Returns
    -------
    DayList
        The stops of the published plan, in all of the officer's villages; without a plan for the officer and
        the week, the due and never-visited households nearest to the middle of where people live.

    Raises
    ------
    ScopeError
        If the village is not the officer's.
    """
    if village not in officer.villages:
        raise ScopeError("The village is not one of the officer's: choose one from the list.")
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
    """Return the days up to and with a day within which every household should be visited once."""
    settings = get_settings()
    return Period.last(settings.target_days, until=day + timedelta(days=1), zone=settings.time_zone)


def _first_moment(day: date) -> pd.Timestamp:
    return pd.Timestamp(datetime.combine(day, time(), get_settings().zone))


def _middle(connection: Connection, village: str, found: FieldDay) -> tuple[float, float]:
    """Return the middle of the households, or of the village where no household has a point."""
    here = found.households["village_code"] == village
    located = found.households.loc[here, ["lon", "lat"]].dropna()
    if len(located):
        return float(located["lon"].median()), float(located["lat"].median())
    inside = load_villages(connection).geometry[village].representative_point()
    return inside.x, inside.y


def name_mark(sheet: DayList, household_id: str, outcome: str) -> str:
    """Make the id of the next mark of a household: the same as long as nothing is marked.

    Parameters
    ----------
    sheet
        Whose day.
    household_id
        The household.
    outcome
        Its last outcome of the day, or empty.

    Returns
    -------
    str
        A UUID.
    """
    said = [sheet.officer.officer_id, household_id, sheet.day.isoformat(), outcome]
    return str(uuid.uuid5(_MARKS, "|".join(said)))


def mark_household(connection: Connection, sheet: DayList, household_id: str, outcome: str) -> MarkReceipt:
    """Record the outcome of a visit made just now, without the phone's position."""
    homes = pd.concat([sheet.homes["outcome"], sheet.more["outcome"]])
    mark = {
        "visit_id": name_mark(sheet, household_id, str(homes.get(household_id, ""))),
        "household_id": household_id,
        "outcome": outcome,
        "marked_at": connection.clock.now().isoformat(),
    }
    return record_marks(connection.database, connection.principal, sheet.officer.officer_id, [mark])
