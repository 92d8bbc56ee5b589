"""Visits as plain arrays, and the sorting that flags share; all columns but two may be absent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.checks import require_visits, require_zone

if TYPE_CHECKING:
    from numpy.typing import NDArray

MISSING_CODE = -1  # code of a missing officer or household
UNKNOWN_TIME = np.iinfo(np.int64).min  # a missing time: what pandas stores for NaT
MICROSECONDS = 1_000_000  # in a second
DAY_MICROSECONDS = 86_400 * MICROSECONDS

_MOST_EAST, _MOST_NORTH = 180, 90  # degrees


def require_log(visits: pd.DataFrame) -> None:
    """Check that visits have officers and tz-aware times; all else may be absent."""
    require_visits(visits, columns=("visited_at", "officer_id"))


def encode_column(visits: pd.DataFrame, column: str) -> NDArray[np.int64]:
    """Return the values of a column as codes from 0, MISSING where there is none."""
    if column not in visits.columns:
        return np.full(len(visits), MISSING_CODE, dtype=np.int64)
    values = visits[column]
    if isinstance(values.dtype, pd.CategoricalDtype):
        return np.asarray(values.cat.codes, dtype=np.int64)
    return pd.factorize(values)[0].astype(np.int64)


def take_numbers(frame: pd.DataFrame, column: str) -> NDArray[np.float64]:
    """Return a column as numbers, NaN where there is none."""
    if column not in frame.columns:
        return np.full(len(frame), np.nan)
    return frame[column].to_numpy(dtype=np.float64, na_value=np.nan)


def take_fixes(visits: pd.DataFrame) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return longitude and latitude; both NaN where one is missing or out of range."""
    lon, lat = take_numbers(visits, "lon"), take_numbers(visits, "lat")
    there = (np.abs(lon) <= _MOST_EAST) & (np.abs(lat) <= _MOST_NORTH)
    return np.where(there, lon, np.nan), np.where(there, lat, np.nan)


def take_visit_times(visits: pd.DataFrame) -> NDArray[np.int64]:
    """Return the times as microseconds since 1970 in UTC, UNKNOWN where missing."""
    return pd.DatetimeIndex(visits["visited_at"]).as_unit("us").asi8


def take_local_times(visits: pd.DataFrame, time_zone: str) -> NDArray[np.int64]:
    """Return the times as microseconds on the local clock since 1970, UNKNOWN where missing."""
    require_zone(time_zone)
    times = pd.DatetimeIndex(visits["visited_at"]).as_unit("us")
    return times.tz_convert(time_zone).tz_localize(None).asi8


def split_local_times(local: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Split local times into the day and the microseconds since its midnight."""
    return np.divmod(local, DAY_MICROSECONDS)


def combine_codes(*codes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Combine several codes, none missing, into one: equal only where all are, and in the same order."""
    combined = np.zeros(len(codes[0]), dtype=np.int64)
    size = 1
    for code in codes:
        low = code.min(initial=0)
        span = int(code.max(initial=0) - low) + 1
        if size * span > np.iinfo(np.int64).max:
            combined = np.unique(combined, return_inverse=True)[1]
            size = int(combined.max(initial=0)) + 1
        combined = combined * span + (code - low)
        size *= span
    return combined


def rank_labels(index: pd.Index) -> NDArray[np.intp]:
    """Rank the rows by their label, so that no result depends on the order of rows."""
    ranks = np.arange(len(index))
    if index.is_monotonic_increasing:
        return ranks
    by_label = np.empty(len(index), dtype=np.intp)
    by_label[index.argsort()] = ranks
    return by_label


def mark_runs(
    groups: NDArray[np.int64],
    values: NDArray[np.int64] | NDArray[np.float64],
    *,
    at_least: int,
    within: float,
) -> NDArray[np.bool_]:
    """Mark all members of crowded stretches of a group's sorted values.

    Parameters
    ----------
    groups, values
        n each.
    at_least
        Members that make a stretch crowded (≥), 2 or more.
    within
        Difference between its lowest and its highest value (≤).

    Returns
    -------
    numpy.ndarray
        n booleans.

    Examples
    --------
    >>> mark_runs(np.zeros(5, dtype=int), np.array([0, 9, 3, 2, 20]), at_least=3, within=3).tolist()
    [True, False, True, True, False]
    """
    order = np.lexsort((values, groups))
    group, value = groups[order], values[order]
    reach = at_least - 1
    n_starts = max(len(order) - reach, 0)
    together = group[:n_starts] == group[reach:]
    starts = np.flatnonzero(together & (value[reach:] - value[:n_starts] <= within))
    depth = np.zeros(len(order) + 1, dtype=np.int64)
    depth[starts] += 1
    depth[starts + at_least] -= 1
    marked = np.empty(len(order), dtype=bool)
    marked[order] = depth.cumsum()[:-1] > 0
    return marked


def make_flag(visits: pd.DataFrame, rows: NDArray[np.intp], name: str) -> pd.Series:
    """Make the column of a flag that is raised on the given rows."""
    raised = np.zeros(len(visits), dtype=bool)
    raised[rows] = True
    return pd.Series(raised, index=visits.index, name=name)
