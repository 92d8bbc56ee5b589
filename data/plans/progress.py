"""Progress of a published plan: what was done and by whom, what is open, and unplanned visits."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from data import repository
from data.periods import Period
from data.plans.versions import read_current_officers, read_current_stops
from data.settings import get_settings
from geo.groups import ATTEMPT, find_contacts
from geo.routes import list_week_days

if TYPE_CHECKING:
    from data.database import Database
    from data.principal import Principal

STOP_STATES: Final = ("done", "tried", "open", "missed")
"""Visited; tried from its day on, in vain; its day is today or later; its day has passed."""

_SHOWN = ("plan_id", "officer_id", "day", "order", "household_id", "village_code")
_VISIT = ("visited_at", "officer_id", "household_id", "outcome", ATTEMPT)


def follow_plan(
    database: Database, principal: Principal, *, week: str, today: date | None = None
) -> pd.DataFrame:
    """Determine the state of each stop in force in a week.

    A stop is done by any visit to its household on a local day of the week, whether marked in the app or
    imported later, and whoever made it. An attempt, where nobody was met, makes it *tried* if it was on the
    day of the stop or later; after an earlier one the stop stays open until its day has passed. Of several,
    a visit takes precedence over an attempt, then an attempt from its day on over an earlier one, then the
    officer's own over another officer's, then the earlier one.

    Parameters
    ----------
    database, principal
        The database, and the principal who asks.
    week
        ISO week, as in ``2026-W48``.
    today
        The local day; today by the clock if omitted.

    Returns
    -------
    pandas.DataFrame
        One row per stop in scope, sorted by officer, day and order: ``plan_id``, ``officer_id``, ``day``,
        ``order``, ``household_id``, ``village_code``; ``state``, one of ``STOP_STATES``; and for the visit
        that decides it, if any, ``visited_at``, ``outcome``, ``visited_by``, ``on_day`` (whether it was on
        the day of the stop) and ``by_other`` (whether another officer made it).
    """
    stops = read_current_stops(database, principal, week=week)[[*_SHOWN]]
    return follow_stops(stops, _read_visits(database, principal, week), today=today)


def follow_stops(stops: pd.DataFrame, visits: pd.DataFrame, *, today: date | None = None) -> pd.DataFrame:
    """Determine the state of stops from the visits of their week.

    Parameters
    ----------
    stops
        As returned by ``read_current_stops``.
    visits
        Visits of the week: ``household_id``, ``officer_id``, ``visited_at``, ``outcome`` and ``attempt``.
    today
        The local day; today by the clock if omitted.

    Returns
    -------
    pandas.DataFrame
        As :func:`follow_plan`, with the index of ``stops``.
    """
    told = _choose_visits(stops[[*_SHOWN]], visits)
    day = told["day"].dt.date
    now = today or get_settings().clock.today()
    made = told["visited_at"].notna()
    tried = made & (told["tried"] == True)  # noqa: E712 - missing where no visit is
    early, ahead = tried & (told["early"] == True), day >= now  # noqa: E712
    state = np.select([made & ~tried, tried & ~(early & ahead), ahead], ["done", "tried", "open"], "missed")
    rows = told.assign(
        state=pd.array(state, "str"),
        on_day=made & (told["local_day"] == told["day"]),
        by_other=made & (told["visited_by"] != told["officer_id"]),
    )
    return rows[[*_SHOWN, "state", "visited_at", "outcome", "visited_by", "on_day", "by_other"]]


def list_unplanned_visits(database: Database, principal: Principal, *, week: str) -> pd.DataFrame:
    """List the visits by a week's officers to households that are in no plan in force, without attempts.

    Parameters
    ----------
    database, principal, week
        As in :func:`follow_plan`.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``visit_id``, the earliest first: ``officer_id``, ``household_id``, ``village_code`` of the
        household, ``visited_at`` and ``outcome``. Visits without a known household are left out.
    """
    planned = read_current_stops(database, principal, week=week)["household_id"]
    officers = read_current_officers(database, principal, week=week).index
    visits = _read_visits(database, principal, week)
    besides = visits["officer_id"].isin(officers) & ~visits["household_id"].isin(planned)
    besides &= find_contacts(visits)
    rows = visits[besides].sort_values("visited_at", kind="stable")
    codes = repository.read_households(database, principal)["village_code"].astype("str")
    rows = rows.assign(village_code=codes.reindex(rows["household_id"]).array)
    return rows[["officer_id", "household_id", "village_code", "visited_at", "outcome"]]


def _read_visits(database: Database, principal: Principal, week: str) -> pd.DataFrame:
    """Read the visits of the week to known households."""
    monday = list_week_days(week)[0]
    period = Period(monday, monday + timedelta(days=7), get_settings().time_zone)
    visits = repository.read_visits(database, principal, period=period, columns=_VISIT)
    texts = visits[["officer_id", "household_id", "outcome", ATTEMPT]].astype("str")
    known = visits[["visited_at"]].join(texts)
    return known[known["household_id"].notna()]


def _choose_visits(stops: pd.DataFrame, visits: pd.DataFrame) -> pd.DataFrame:
    """Join each stop with the visit that decides its state."""
    named = visits.rename(columns={"officer_id": "visited_by"})
    pairs = stops.reset_index(names="stop").merge(named, on="household_id")
    local = pairs["visited_at"].dt.tz_convert(get_settings().time_zone).dt.tz_localize(None)
    pairs["local_day"] = local.dt.normalize()
    pairs["tried"] = ~find_contacts(pairs)
    pairs["early"] = pairs["tried"] & (pairs["local_day"] < pairs["day"])
    pairs["foreign"] = pairs["visited_by"] != pairs["officer_id"]
    first = pairs.sort_values(["tried", "early", "foreign", "visited_at"], kind="stable")
    chosen = first.drop_duplicates("stop").set_index("stop")
    return stops.join(chosen[["visited_at", "outcome", "visited_by", "local_day", "tried", "early"]])
