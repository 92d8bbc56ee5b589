"""Shared parts of coverage, status and effort: positions of ids, counts and shares of groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from datetime import tzinfo

    from numpy.typing import NDArray

NOWHERE = -1  # position of what is in no group or at no registered household
QUALIFIES = "qualifies"  # column of visits: whether they count as evidence
ATTEMPT = "attempt"  # column of visits: the outcome of one without contact; missing for a visit

_SECONDS_PER_DAY = 86_400


def find_positions(ids: pd.Series, index: pd.Index) -> NDArray[np.intp]:
    """Return the position of each id in the index, or NOWHERE; a categorical is looked up by category."""
    if not isinstance(ids.dtype, pd.CategoricalDtype):
        position = index.get_indexer(pd.Index(ids))
        return np.where(ids.isna().to_numpy(), NOWHERE, position)
    categories = ids.cat.categories
    if categories.equals(index):
        return np.asarray(ids.cat.codes, dtype=np.intp)
    of_category = np.full(len(categories) + 1, NOWHERE, dtype=np.intp)  # the last entry for a missing id
    of_category[:-1] = index.get_indexer(categories)
    return of_category[ids.cat.codes.to_numpy()]


def find_contacts(visits: pd.DataFrame) -> NDArray[np.bool_]:
    """Return whether each visit had contact: whether it has no ``attempt``; all without that column."""
    if ATTEMPT not in visits.columns:
        return np.ones(len(visits), dtype=bool)
    attempt = visits[ATTEMPT]
    if isinstance(attempt.dtype, pd.CategoricalDtype):  # several times as fast as isna
        return attempt.cat.codes.to_numpy() < 0
    return attempt.isna().to_numpy(dtype=bool)


def count_groups(groups: NDArray[np.intp], n_groups: int) -> NDArray[np.intp]:
    """Count the members of each group; NOWHERE is not counted."""
    return np.bincount(groups + 1, minlength=n_groups + 1)[1:]


def divide_counts(part: NDArray[np.intp], whole: NDArray[np.intp]) -> NDArray[np.float64]:
    """Divide n counts by the n counts that they are part of, NaN where the whole is 0."""
    return np.divide(part, whole, where=whole > 0, out=np.full(len(whole), np.nan))


def find_latest_times(groups: NDArray[np.intp], times: pd.DatetimeIndex, n_groups: int) -> pd.DatetimeIndex:
    """Return the latest time of each group, NaT where it has none."""
    latest = np.full(n_groups + 1, np.iinfo(np.int64).min)  # which is NaT; the last entry takes NOWHERE
    np.maximum.at(latest, groups, times.asi8)
    return pd.DatetimeIndex(latest[:-1].view(f"datetime64[{times.unit}]"), tz="UTC")


def count_local_days(times: pd.DatetimeIndex, zone: str | tzinfo) -> NDArray[np.int64]:
    """Return the local day of each time, in days since 1970-01-01; meaningless where the time is missing."""
    return _to_local_seconds(times, zone) // _SECONDS_PER_DAY


def count_local_seconds(times: pd.DatetimeIndex, zone: str | tzinfo) -> NDArray[np.int64]:
    """Return the seconds after local midnight of each time; meaningless where the time is missing."""
    return _to_local_seconds(times, zone) % _SECONDS_PER_DAY


def _to_local_seconds(times: pd.DatetimeIndex, zone: str | tzinfo) -> NDArray[np.int64]:
    return times.tz_convert(zone).tz_localize(None).as_unit("s").asi8
