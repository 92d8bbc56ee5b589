"""Households of an officer's day list: the stops of the published plan, or the nearest due households."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from data.settings import get_settings
from geo.nearby import choose_nearest
from geo.status import find_household_status

if TYPE_CHECKING:
    from data.field.day import FieldDay
    from data.plans import OfficerWeek, PlanDay

WANTED = ("never", "overdue", "due")
"""Statuses of households in a day list without a plan."""
MORE = 52
"""Number of households beyond the day list, for officers with time left: 60 in all by default."""
DONE = "done"
"""Outcome of a visit without a recorded one."""

_OF_PLAN = (
    "order", "start_s", "status", "days_since", "n_crimes_near", "top_category", "n_top_category", "day",
    "state", "visited_at", "outcome", "on_day", "by_other",
)  # fmt: skip
_OF_HOME = (
    "head_name",
    "rt",
    "rw",
    "village_code",
    "lon",
    "lat",
    "tags",
    "last_visit_at",
    "n_attempts",
    "attempt",
)


def list_nearest_homes(
    found: FieldDay, village: str, middle: tuple[float, float], *, begins_at: pd.Timestamp
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """List the due and never-visited households of a village nearest to its middle, and those beyond.

    Parameters
    ----------
    found
        The village's households with the visits of the day.
    village
        Its code.
    middle
        Longitude and latitude to measure from.
    begins_at
        First moment of the day.

    Returns
    -------
    tuple of pandas.DataFrame
        The day list and the households beyond it, as ``pages.my_area.day.DayList`` holds them.
    """
    wanted = _wanted(found, village, begins_at)
    chosen = _near(wanted, middle, get_settings().visits_a_day)
    more = _near(wanted.drop(chosen.index), middle, MORE)
    numbered = chosen.assign(number=range(1, len(chosen) + 1)), _number_on(more, len(chosen))
    homes, beyond = (_mark(frame, found.visits, begins_at) for frame in numbered)
    return _open_first(homes), beyond


def list_planned_homes(
    plan: PlanDay,
    week: OfficerWeek,
    found: FieldDay,
    village: str,
    middle: tuple[float, float],
    *,
    begins_at: pd.Timestamp,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """List a plan's stops of the day; beyond them, stops left from earlier days and households nearby.

    Parameters
    ----------
    plan, week
        The day, and its week.
    found
        The households of the village and of the stops, with the visits of the week.
    village, middle, begins_at
        As in :func:`list_nearest_homes`.

    Returns
    -------
    tuple of pandas.DataFrame
        As :func:`list_nearest_homes`, with the reason for each stop. Stops of households that are no longer
        registered in the officer's villages are left out.
    """
    homes = _mark(_join_homes(plan.stops, found), found.visits, begins_at)
    homes = homes.assign(number=homes["order"])
    left = _join_homes(plan.carried_over, found)
    wanted = _wanted(found, village, begins_at)
    wanted = wanted[~wanted.index.isin(week.stops["household_id"])]
    near = _near(wanted, middle, max(MORE - len(left), 0))
    first = 0 if homes.empty else int(homes["number"].max())
    more = _number_on(pd.concat([frame for frame in (left, near) if len(frame)] or [near]), first)
    return _open_first(homes), _mark(more, found.visits, begins_at)


def _wanted(found: FieldDay, village: str, as_of: pd.Timestamp) -> pd.DataFrame:
    homes = found.households[found.households["village_code"] == village]
    last = homes["last_visit_at"].dropna()
    visits = pd.DataFrame({"visited_at": last.array, "household_id": last.index})
    status = find_household_status(homes, visits, as_of=as_of, target_days=get_settings().target_days)[
        "status"
    ]
    return homes.assign(status=status.astype("str"))[status.isin(WANTED)]


def _near(homes: pd.DataFrame, middle: tuple[float, float], most: int) -> pd.DataFrame:
    lon, lat = middle
    return choose_nearest(homes, lon=lon, lat=lat, limit=most)


def _join_homes(stops: pd.DataFrame, found: FieldDay) -> pd.DataFrame:
    """Join the head of household and address to each stop."""
    homes = found.households[[*_OF_HOME]]
    return stops[[*_OF_PLAN]].join(homes, how="inner").assign(distance_m=float("nan"))


def _number_on(homes: pd.DataFrame, first: int) -> pd.DataFrame:
    return homes.assign(number=range(first + 1, first + len(homes) + 1))


def _mark(homes: pd.DataFrame, visits: pd.DataFrame, begins_at: pd.Timestamp) -> pd.DataFrame:
    """Add what closed each household: its last visit of the day, or a stop's visit on another day."""
    today = visits[visits["visited_at"] >= begins_at].drop_duplicates("household_id", keep="last")
    of_day = today.set_index("household_id")["outcome"].fillna(DONE).astype("str")
    outcome = pd.Series(of_day.reindex(homes.index).array, homes.index, dtype="str")
    nothing = pd.Series(pd.NaT, homes.index, dtype="datetime64[us]")
    if "state" not in homes.columns:
        return homes.assign(outcome=outcome.fillna(""), by_other=False, closed_on=nothing)
    done = homes["state"] == "done"
    told = homes["outcome"].astype("str").fillna(DONE).where(done)
    local = homes["visited_at"].dt.tz_convert(begins_at.tzinfo).dt.tz_localize(None).dt.normalize()
    earlier = done & (homes["visited_at"] < begins_at)
    return homes.assign(
        outcome=told.fillna(outcome).fillna(""),
        by_other=done & (homes["by_other"] == True),  # noqa: E712 - missing where no stop is
        closed_on=local.where(earlier, nothing),
    )


def _open_first(homes: pd.DataFrame) -> pd.DataFrame:
    """Sort households still to visit before those done."""
    done = (homes["outcome"] != "").to_numpy()
    return pd.concat([homes[~done], homes[done]])
