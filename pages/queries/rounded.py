"""Rounded figures of closed weeks: all that the shared screen shows is composed of these."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import pandas as pd
import streamlit as st

from data import repository
from data.periods import Period
from data.settings import get_settings
from geo.errors import TooFewError
from pages.queries.areas import select_villages
from pages.queries.closing import (
    LEAST_VILLAGE_WEEKS,
    WEEKS,
    close_weeks,
    find_last_closed_week,
)
from pages.queries.records import CACHE_TTL, Connection, hash_by_version, load_villages
from pages.queries.spans import read_spans
from pages.queries.week_records import find_monday, find_week
from pages.text.language import N_, _

LENGTHS: Final = tuple(7 * weeks for weeks in WEEKS)
"""Days of the periods offered."""
_WAITING = N_("Rounding the figures of complete weeks. The first time takes a moment…")
_FIGURES: Final = {
    "n_households": "households",
    "n_never": "never",
    "n_reported": "reported_{weeks}",
    "n_evidenced": "evidenced_{weeks}",
}


def find_rounded_period(connection: Connection, area: str, days: int) -> Period:
    """Find the closed period of an area that has at least a number of days, or else the longest.

    Raises
    ------
    TooFewError
        If no week is closed yet.
    """
    last = find_last_closed_week(connection)
    if last is None:
        raise TooFewError(
            "No week of the record is complete yet: figures are shown of whole weeks, once there are "
            "registered households, visits and crimes."
        )
    least = LEAST_VILLAGE_WEEKS if area in load_villages(connection).index else WEEKS[0]
    weeks = next((weeks for weeks in WEEKS if weeks >= least and 7 * weeks >= days), WEEKS[-1])
    return Period.last(7 * weeks, until=find_monday(last + 1), zone=get_settings().time_zone)


def list_rounded_periods(connection: Connection, period: Period) -> dict[str, Period]:
    """List a closed period, the one before and the one a year ago, if the crimes reach back that far."""
    first = read_spans(connection)["crimes"].first
    year = timedelta(days=LENGTHS[-1])
    ago = {"before": period.previous()}
    if period.days < LENGTHS[-1]:
        ago["year"] = Period(period.since - year, period.until - year, period.zone)
    reached = {name: one for name, one in ago.items() if first is not None and first <= one.since}
    return {"now": period} | reached


def read_rounded_villages(connection: Connection, area: str, period: Period) -> pd.DataFrame:
    """Read the rounded figures of an area's villages in a closed period.

    Parameters
    ----------
    connection
        The unit's records.
    area
        Code of an area; empty for all in scope.
    period
        As ``find_rounded_period`` and ``list_rounded_periods`` return it.

    Returns
    -------
    pandas.DataFrame
        One row per village, with ``village`` and ``district`` and multiples of 5: ``n_crimes``,
        ``n_reported_crimes`` and ``n_visits`` of the period, ``n_households`` registered and ``n_never``
        visited at its end, ``n_reported`` and ``n_evidenced`` of them visited in the period.
    """
    names = pd.DataFrame(select_villages(connection, area)[["village", "district"]])
    return names.join(_read_period(connection, period, find_last_closed_week(connection) or 0))


@st.cache_data(max_entries=64, ttl=CACHE_TTL, show_spinner=False, hash_funcs=hash_by_version("boundaries"))
def _read_period(connection: Connection, period: Period, last: int) -> pd.DataFrame:
    rows = _load_weeks(connection, last)
    first, end = find_week(period.since), find_week(period.until) - 1
    within = rows[(rows["week"] >= first) & (rows["week"] <= end)]
    sums = within.groupby("village_code")[["crimes_reported", "crimes_discovered", "visits"]].sum()
    held = rows[rows["week"] == end].set_index("village_code")
    weeks = end - first + 1
    figures = {name: held[column.format(weeks=weeks)] for name, column in _FIGURES.items()}
    return (
        pd.DataFrame(
            {
                "n_crimes": sums["crimes_reported"] + sums["crimes_discovered"],
                "n_reported_crimes": sums["crimes_reported"],
                "n_visits": sums["visits"],
            }
            | figures,
            index=load_villages(connection).index,
        )
        .fillna(0)
        .astype("int64")
    )


@st.cache_resource(max_entries=4, ttl=CACHE_TTL, show_spinner=False, hash_funcs=hash_by_version("boundaries"))
def _load_weeks(connection: Connection, last: int) -> pd.DataFrame:
    """Load the weeks up to a week, which are closed first if they are not yet."""
    with st.spinner(_(_WAITING)):
        close_weeks(connection, last)
    return repository.read_rounded_weeks(connection.database, connection.principal)
