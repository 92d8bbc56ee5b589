"""An officer's planned week: the stops of a day, those left from earlier days, and the next planned day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from data.plans.progress import follow_stops
from data.plans.versions import read_current_officers, read_current_stops, read_stop_wishes

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

    from data.database import Database
    from data.principal import Principal

_TOLD = ("state", "visited_at", "outcome", "on_day", "by_other")


@dataclass(frozen=True)
class OfficerWeek:
    """One officer's week in the plan in force.

    Attributes
    ----------
    is_published
        Whether there is a plan for this officer and week, even without stops in scope.
    stops
        As returned by ``data.plans.read_current_stops``.
    counting
        Which visits make a household visited, as requested: ``reported`` or ``evidenced``.
    must
        Households among the stops that were requested by a person.
    next_week_on
        First day with a stop in the following week's plan, if any.
    """

    is_published: bool
    stops: pd.DataFrame
    counting: str
    must: frozenset[str]
    next_week_on: date | None


@dataclass(frozen=True)
class PlanDay:
    """One day of an officer's week.

    Attributes
    ----------
    stops
        Stops of the day in order, indexed by ``household_id``: the columns of ``OfficerWeek.stops``, and
        ``state``, ``visited_at``, ``outcome``, ``on_day`` and ``by_other`` as returned by
        ``data.plans.follow_plan``.
    carried_over
        Stops of earlier days of the week that were not done before the day began, with the same columns.
    next_on
        Next day with an open stop, if any is planned.
    """

    stops: pd.DataFrame
    carried_over: pd.DataFrame
    next_on: date | None


def name_week(day: date) -> str:
    """Return the ISO week of a day.

    Examples
    --------
    >>> from datetime import date
    >>> name_week(date(2027, 1, 3))
    '2026-W53'
    """
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def read_officer_week(database: Database, principal: Principal, officer_id: str, *, day: date) -> OfficerWeek:
    """Read an officer's stops in the plan in force for the week of a day.

    Parameters
    ----------
    database, principal
        The database, and the principal who asks.
    officer_id
        The officer whose week it is.
    day
        Any local day of the week.

    Returns
    -------
    OfficerWeek
        Only stops in scope.
    """
    week, after = name_week(day), name_week(day + timedelta(days=7))
    stops = read_current_stops(database, principal, week=week, officer_id=officer_id)
    later = read_current_stops(database, principal, week=after, officer_id=officer_id)
    counting, must = "reported", frozenset[str]()
    if len(stops):
        counting, must = read_stop_wishes(database, int(stops["plan_id"].iloc[0]), set(stops["household_id"]))
    is_published = len(stops) > 0 or officer_id in read_current_officers(database, principal, week=week).index
    next_on = later["day"].min().date() if len(later) else None
    return OfficerWeek(is_published, stops, counting, must, next_on)


def follow_day(week: OfficerWeek, visits: pd.DataFrame, *, day: date, begins_at: pd.Timestamp) -> PlanDay:
    """Follow the progress of one day of an officer's week.

    Parameters
    ----------
    week
        The officer's week.
    visits
        Visits since its Monday to the households of its stops, whoever made them: ``household_id``,
        ``officer_id``, ``visited_at``, ``outcome`` and ``attempt``.
    day, begins_at
        The local day, and its first moment.

    Returns
    -------
    PlanDay
        The stops stay the same all day, whatever is done in the meantime.
    """
    told = follow_stops(week.stops, visits, today=day)
    stops = week.stops.join(told[[*_TOLD]]).set_index("household_id")
    on = stops["day"].dt.date
    done_before = (stops["state"] == "done") & (stops["visited_at"] < begins_at)
    ahead = stops.loc[(on > day) & (stops["state"] != "done"), "day"]
    return PlanDay(
        stops=stops[on == day],
        carried_over=stops[(on < day) & ~done_before],
        next_on=ahead.min().date() if len(ahead) else week.next_week_on,
    )
