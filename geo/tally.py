"""What the measures of coverage, status and effort share: positions of ids, counts of groups."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from geo.errors import ColumnError, WindowError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import tzinfo

    from numpy.typing import NDArray

NOWHERE = -1  # position of what is in no group, or of no registered household
QUALIFIES = "qualifies"  # column of visits that tells which of them are evidence

_SECONDS_PER_DAY = 86_400


def require_visits(visits: pd.DataFrame, *, columns: Iterable[str] = ("visited_at", "household_id")) -> None:
    """Refuse visits without the columns, or with times that have no time zone.

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
    """Refuse a register in which a household stands twice.

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


def require_window(since: pd.Timestamp, until: pd.Timestamp) -> None:
    """Refuse a window without a time zone, or that ends before it starts.

    Raises
    ------
    WindowError
        If it is one.
    """
    if since.tzinfo is None or until.tzinfo is None:
        raise WindowError("The window must have a time zone: give since and until with one.")
    if until < since:
        raise WindowError(
            "The window ends ({until}) before it starts ({since}): swap the two.", until=until, since=since
        )


def require_zone(zone: str) -> None:
    """Refuse a name that is no time zone's.

    Raises
    ------
    WindowError
        If it is not known.
    """
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError) as error:  # unknown, or no name of a zone at all
        raise WindowError(
            "The time zone {zone!r} is not known: give one such as 'Asia/Jakarta'.", zone=zone
        ) from error


def positions_of(ids: pd.Series, index: pd.Index) -> NDArray[np.intp]:
    """Position of each id in the index, or NOWHERE; of a categorical only the categories are looked up."""
    if not isinstance(ids.dtype, pd.CategoricalDtype):
        position = index.get_indexer(pd.Index(ids))
        return np.where(ids.isna().to_numpy(), NOWHERE, position)
    categories = ids.cat.categories
    if categories.equals(index):
        return np.asarray(ids.cat.codes, dtype=np.intp)
    of_category = np.full(len(categories) + 1, NOWHERE, dtype=np.intp)  # the last for a missing id
    of_category[:-1] = index.get_indexer(categories)
    return of_category[ids.cat.codes.to_numpy()]


def count_groups(groups: NDArray[np.intp], n_groups: int) -> NDArray[np.intp]:
    """Count the members of each group; NOWHERE is none."""
    return np.bincount(groups + 1, minlength=n_groups + 1)[1:]


def latest_of_groups(groups: NDArray[np.intp], times: pd.DatetimeIndex, n_groups: int) -> pd.DatetimeIndex:
    """Last time of each group, NaT where it has none."""
    latest = np.full(n_groups + 1, np.iinfo(np.int64).min)  # which is NaT; the last takes NOWHERE
    np.maximum.at(latest, groups, times.asi8)
    return pd.DatetimeIndex(latest[:-1].view(f"datetime64[{times.unit}]"), tz="UTC")


def days_of(times: pd.DatetimeIndex, zone: str | tzinfo) -> NDArray[np.int64]:
    """Count the local days to each time from 1970-01-01; a missing time gives nothing of meaning."""
    return times.tz_convert(zone).tz_localize(None).as_unit("s").asi8 // _SECONDS_PER_DAY
