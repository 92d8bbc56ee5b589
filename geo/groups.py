"""Shared parts of coverage, status and effort: input checks, positions of ids, counts of groups."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from geo.errors import ColumnError, PeriodError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import tzinfo

    from numpy.typing import NDArray

NOWHERE = -1  # position of what is in no group or at no registered household
QUALIFIES = "qualifies"  # column of visits: whether they count as evidence

_SECONDS_PER_DAY = 86_400


def require_visits(visits: pd.DataFrame, *, columns: Iterable[str] = ("visited_at", "household_id")) -> None:
    """Check that visits have the columns, and times with a time zone.

    Raises
    ------
    ColumnError
        If a column is missing, ``visited_at`` has no time zone, or ``qualifies`` is not true or false.
    """
    for column in columns:
        if column not in visits.columns:
            raise ColumnError("The visits have no column {column!r}.", column=column)
    if not isinstance(visits["visited_at"].dtype, pd.DatetimeTZDtype):
        raise ColumnError("The column 'visited_at' must hold times with a time zone.")
    if QUALIFIES in visits.columns and visits[QUALIFIES].dtype != np.bool_:
        raise ColumnError("The column {qualifies!r} must be true or false in every row.", qualifies=QUALIFIES)


def require_unique(households: pd.DataFrame) -> None:
    """Check that no household is registered twice.

    Raises
    ------
    ColumnError
        If a household id repeats.
    """
    if not households.index.is_unique:
        repeated = households.index[households.index.duplicated()][0]
        raise ColumnError(
            "The household {repeated!r} is there more than once: give each household one row.",
            repeated=repeated,
        )


def require_period(since: pd.Timestamp, until: pd.Timestamp) -> None:
    """Check that a period has a time zone and does not end before it starts.

    Raises
    ------
    PeriodError
        If it has none, or ends before it starts.
    """
    if since.tzinfo is None or until.tzinfo is None:
        raise PeriodError("The window must have a time zone: give since and until with one.")
    if until < since:
        raise PeriodError(
            "The window ends ({until}) before it starts ({since}): swap the two.", until=until, since=since
        )


def require_zone(zone: str) -> None:
    """Check that a time zone is known.

    Raises
    ------
    PeriodError
        If it is unknown.
    """
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError) as error:  # unknown, or not a valid name
        raise PeriodError(
            "The time zone {zone!r} is not known: give one such as 'Asia/Jakarta'.", zone=zone
        ) from error


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


def count_groups(groups: NDArray[np.intp], n_groups: int) -> NDArray[np.intp]:
    """Count the members of each group; NOWHERE is not counted."""
    return np.bincount(groups + 1, minlength=n_groups + 1)[1:]


def find_latest_times(groups: NDArray[np.intp], times: pd.DatetimeIndex, n_groups: int) -> pd.DatetimeIndex:
    """Return the latest time of each group, NaT where it has none."""
    latest = np.full(n_groups + 1, np.iinfo(np.int64).min)  # which is NaT; the last entry takes NOWHERE
    np.maximum.at(latest, groups, times.asi8)
    return pd.DatetimeIndex(latest[:-1].view(f"datetime64[{times.unit}]"), tz="UTC")


def count_local_days(times: pd.DatetimeIndex, zone: str | tzinfo) -> NDArray[np.int64]:
    """Return the local day of each time, in days since 1970-01-01; meaningless where the time is missing."""
    return times.tz_convert(zone).tz_localize(None).as_unit("s").asi8 // _SECONDS_PER_DAY
