"""A plan as its officer walks it: the stops of one day, what earlier days left, and when the next is."""

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
    """What the plan in force asks of one officer in one week.

    Attributes
    ----------
    is_published
        Whether there is one for this officer and week, with stops in reach or without.
    stops
        As ``data.plans.read_current_stops`` gives them.
    counting
        Which visits made a household visited, as it was asked for.
    must
        Households among the stops that a person asked for.
    next_week_on
        First day with a stop in the plan of the week after, if any.
    """

    is_published: bool
    stops: pd.DataFrame
    counting: str
    must: frozenset[str]
    next_week_on: date | None


@dataclass(frozen=True)
class PlanDay:
    """One day of it.

    Attributes
    ----------
    stops
        The day's stops, indexed by ``household_id``, in their order: the columns of ``OfficerWeek.stops``
        and of what became of them, ``state``, ``visited_at``, ``outcome``, ``on_day`` and ``by_other`` as
        ``data.plans.follow_plan`` tells them.
    carried_over
        Stops of earlier days of the week that were not done before the day began, alike.
    next_on
        The next day after it with a stop that is still open, if any is planned.
    """

    stops: pd.DataFrame
    carried_over: pd.DataFrame
    next_on: date | None


def name_week(day: date) -> str:
    """Name the week of a day.

    Examples
    --------
    >>> from datetime import date
    >>> name_week(date(2027, 1, 3))
    '2026-W53'
    """
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def read_officer_week(database: Database, principal: Principal, officer_id: str, *, day: date) -> OfficerWeek:
    """Read what the plan in force asks of an officer in the week of a day.

    Parameters
    ----------
    database, principal
        Where, and who asks.
    officer_id
        Whose week.
    day
        Any local day of it.

    Returns
    -------
    OfficerWeek
        Stops as far as they are in reach.
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
    """Tell how far one day of an officer's week has come.

    Parameters
    ----------
    week
        The officer's.
    visits
        Visits since its Monday to the households of its stops: ``household_id``, ``officer_id``,
        ``visited_at`` and ``outcome``, whoever made them.
    day, begins_at
        The local day, and its first moment.

    Returns
    -------
    PlanDay
        The same stops all day, whatever is done meanwhile.
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
