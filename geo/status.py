"""Visit status of households: never visited, overdue, due or visited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geo.attempts import summarize_attempts
from geo.checks import require_unique, require_visits
from geo.errors import GeoError, PeriodError
from geo.groups import (
    NOWHERE,
    QUALIFIES,
    count_local_days,
    find_contacts,
    find_latest_times,
    find_positions,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

STATUSES: Final = ("never", "overdue", "due", "visited")
"""Statuses of a household, most urgent first."""

DEFAULT_TARGET_DAYS = 90.0
DEFAULT_DUE_SHARE = 0.75
"""Share of the target after which a visit is due."""

_NEVER, _OVERDUE, _DUE, _VISITED = range(len(STATUSES))


def find_household_status(
    households: pd.DataFrame,
    visits: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    target_days: float = DEFAULT_TARGET_DAYS,
    due_share: float = DEFAULT_DUE_SHARE,
) -> pd.DataFrame:
    """Find the status of each household, the time since its last visit, and the attempts since then.

    A visit needs contact: an attempt does not change the status.

    Parameters
    ----------
    households
        Registered households, indexed by household id.
    visits
        With ``visited_at`` (tz-aware) and ``household_id`` (text or categorical). With ``qualifies`` (true or
        false) only visits that qualify count, otherwise all reported ones. One with a value in ``attempt``,
        the outcome of a visit without contact, is an attempt.
    as_of
        The moment to find the status at, in the unit's time zone, which defines the local days. Visits at or
        after it are ignored: the ``until`` of a period will do.
    target_days
        Days within which a household should be visited again.
    due_share
        Share of ``target_days`` after which the next visit is due, 0 to 1.

    Returns
    -------
    pandas.DataFrame
        On the index of ``households``: ``status``, a category ordered by urgency, ``last_visit_at`` (UTC,
        NaT if never) and ``days_since``, the local days from the last visit to ``as_of`` (missing if
        never). *overdue* is more (>) than ``target_days``, *due* more (>) than ``due_share`` of them,
        *visited* at most that. ``n_attempts``, ``last_attempt_at`` and ``attempt`` as
        `geo.attempts.summarize_attempts` returns them.

    Raises
    ------
    ColumnError
        If a column is missing, a household id repeats, ``visited_at`` has no time zone, or ``qualifies``
        holds anything other than true and false.
    PeriodError
        If ``as_of`` has no time zone.
    GeoError
        If ``target_days`` is negative or ``due_share`` not between 0 and 1.

    Examples
    --------
    >>> households = pd.DataFrame(index=["h1", "h2", "h3"])
    >>> at = pd.DatetimeIndex(["2026-10-01 09:00", "2026-08-01 09:00"], tz="Asia/Jakarta")
    >>> visits = pd.DataFrame({"visited_at": at, "household_id": ["h1", "h2"]})
    >>> as_of = pd.Timestamp("2026-10-31", tz="Asia/Jakarta")
    >>> find_household_status(households, visits, as_of=as_of)[["status", "days_since"]]
         status  days_since
    h1  visited          30
    h2  overdue          91
    h3    never        <NA>
    """
    require_unique(households)
    require_visits(visits)
    if as_of.tzinfo is None:
        raise PeriodError("as_of must have a time zone.")
    if not (target_days >= 0 and 0 <= due_share <= 1):
        raise GeoError(
            "The target must be 0 days or more and the share after which a visit is due between 0 "
            "and 1, not {target_days} and {due_share}.",
            target_days=target_days,
            due_share=due_share,
        )
    last, tried = _last_visits(households, visits, as_of)
    never = np.asarray(last.isna())
    today = count_local_days(pd.DatetimeIndex([as_of]), as_of.tzinfo)[0]
    days = np.where(never, 0, today - count_local_days(last, as_of.tzinfo))
    status = np.full(len(days), _VISITED)
    status[days > due_share * target_days] = _DUE
    status[days > target_days] = _OVERDUE
    status[never] = _NEVER
    return pd.DataFrame(
        {
            "status": pd.Categorical.from_codes(status, pd.Index(STATUSES), ordered=True),
            "last_visit_at": last,
            "days_since": pd.arrays.IntegerArray(days.astype(np.int64), never),
            **summarize_attempts(tried, households.index, last, zone=as_of.tzinfo),
        },
        index=households.index,
    )


def _last_visits(
    households: pd.DataFrame, visits: pd.DataFrame, as_of: pd.Timestamp
) -> tuple[pd.DatetimeIndex, pd.DataFrame]:
    """Return the last visit to each household before a moment, and the attempts before it."""
    visited_at = pd.DatetimeIndex(visits["visited_at"]).tz_convert("UTC")
    counts: NDArray[np.bool_] = np.asarray(visited_at < as_of)
    if QUALIFIES in visits.columns:
        counts = counts & visits[QUALIFIES].to_numpy()
    position = find_positions(visits["household_id"], households.index)
    counts &= position != NOWHERE
    met = find_contacts(visits)
    rows = np.flatnonzero(counts & met)
    tried = visits.take(np.flatnonzero(counts & ~met))
    return find_latest_times(position[rows], visited_at[rows], len(households)), tried
