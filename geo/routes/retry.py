"""When to try again where nobody was met: in another shift than the last attempt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.routes.problem import DAY_S

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.routes.problem import PlanRules

RETRY_COLUMNS = ("retry_from_s", "retry_until_s")
"""Columns of a problem's households: the hours of the shift in which to try again."""


def choose_retry_hours(households: pd.DataFrame, attempts: pd.DataFrame, rules: PlanRules) -> pd.DataFrame:
    """Choose the shift in which to try each household again: not that of the last attempt.

    Of the other shifts in which a whole visit fits the household's hours, it is the one with the fewest
    attempts, the earlier of equal ones: after a morning in vain the afternoon, after both the one not tried
    last. An attempt between two shifts belongs to the nearer one.

    Parameters
    ----------
    households
        Optional ``open_from_s`` and ``open_until_s``: seconds after midnight between which a whole visit must
        lie (NaN = any time).
    attempts
        As `geo.attempts.list_attempts` returns them for these households: ``home``, ``tried_at``, ``second``.
    rules
        The shifts and the service time.

    Returns
    -------
    pandas.DataFrame
        On the index of ``households``: ``retry_from_s`` and ``retry_until_s``, seconds after midnight; NaN
        without an attempt, or where no other shift is possible.

    Examples
    --------
    >>> from geo.routes import PlanRules
    >>> homes = pd.DataFrame(index=["a", "b"])
    >>> at = pd.Timestamp("2026-11-16 09:00", tz="Asia/Jakarta")
    >>> tried = pd.DataFrame({"home": [0], "tried_at": [at], "second": [9 * 3_600]})
    >>> choose_retry_hours(homes, tried, PlanRules())["retry_from_s"].tolist()  # 13:00
    [46800.0, nan]
    """
    start, end = (np.array([getattr(one, name) for one in rules.shifts]) for name in ("start_s", "end_s"))
    counts, last = _count_by_shift(len(households), attempts, start, end)
    opens, closes = (
        households[name].fillna(default).to_numpy(np.float64)[:, None] if name in households else default
        for name, default in (("open_from_s", 0.0), ("open_until_s", float(DAY_S)))
    )
    begin, finish = np.maximum(opens, start), np.minimum(closes, end)
    possible = np.broadcast_to(finish - begin >= rules.service_s, counts.shape)
    other = possible & (np.arange(len(start)) != last[:, None])
    best = np.where(other, counts, np.iinfo(np.int64).max).argmin(axis=1)
    chosen = (last >= 0) & other.any(axis=1)
    hours = np.column_stack([np.where(chosen, edge[best], np.nan) for edge in (start, end)])
    return pd.DataFrame(hours, households.index, pd.Index(RETRY_COLUMNS))


def _count_by_shift(
    n_homes: int, attempts: pd.DataFrame, start: NDArray[np.int64], end: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Count the attempts at each household by shift, and return the shift of its last one, -1 without any."""
    in_order = attempts.sort_values("tried_at", kind="stable")
    home, second = (in_order[name].to_numpy(np.int64) for name in ("home", "second"))
    away = np.maximum(start - second[:, None], second[:, None] - end)
    shift = np.maximum(away, 0).argmin(axis=1)
    counts = np.zeros((n_homes, len(start)), dtype=np.int64)
    np.add.at(counts, (home, shift), 1)
    last = np.full(n_homes, -1, dtype=np.int64)
    last[home] = shift  # of several assignments the last one stays
    return counts, last
