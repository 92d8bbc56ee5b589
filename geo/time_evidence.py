"""Evidence of how exactly times are known: from what a column of them has in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from scipy.stats import binom

from geo.errors import ColumnError
from geo.precision import PRECISIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

CHANCE: Final = 0.001
"""Probability below which what the times of a column share is not taken for chance."""
MIN_WHOLE_HOURS: Final = 10
"""Fewest times, all on the hour, that say that minutes were not recorded: people give every second time as a
whole hour at most, and 0.5 ^ 10 is below ``CHANCE``."""
MIN_SAME_TIME: Final = 4
"""Fewest days on which one time of day, in all rows, is a filler: the most frequent hour holds a tenth of
all times at most, and 0.1 ^ (4 - 1) is not above ``CHANCE``."""
MIN_MONTHS: Final = 3
"""Fewest months of which all dates are the first, for these to stand for months: (12 / 365) ^ 3 is below
``CHANCE``."""
MIDNIGHT_EXCESS: Final = 2.0
"""How many times as many midnights as of any other whole hour are more than people's preference."""

_DAY_S, _HOUR_S, _HOURS = 86_400, 3_600, 24
_MINUTE, _HOUR, _DAY, _MONTH = (PRECISIONS.index(name) for name in ("minute", "hour", "day", "month"))


def judge_precision(
    written: pd.Series,
    given: pd.Series,
    *,
    readings: Mapping[str, pd.Series] | None = None,
    min_midnights: int = 1,
    judge_share: bool = True,
) -> pd.DataFrame:
    """Judge how exactly a column of times is known, by what its rows have in common.

    A time of day is none where all rows have midnight, in the column as written or in another reading of it,
    or one other time of day on many days. Rows at midnight have none where there are more of them than chance
    and people's preference for whole hours explain (one-sided binomial test against the most frequent other
    whole hour). Dates that are all the first of a month are months; times that are all on the hour, hours.

    Parameters
    ----------
    written
        n naive times as they are written, missing where there is none.
    given
        How exactly each text gives its time: ``"minute"``, ``"day"`` or ``"month"``.
    readings
        Other readings of the same times: name of the evidence → n naive times, such as the local times of
        moments in UTC; missing where a time has no such reading.
    min_midnights
        Fewest times that must all be at midnight; one for the begin of a crime, more for its end, which may
        well be midnight.
    judge_share
        Whether a share of midnights too large for chance counts.

    Returns
    -------
    pandas.DataFrame
        On the index of ``written``: ``precision``; ``evidence`` (``time``, ``whole_hours``, ``no_time``,
        ``midnights``, ``many_midnights``, ``same_time``, ``month_text``, ``first_days``, or the name of a
        reading); ``day`` (naive midnight of the date, missing where there is none).

    Raises
    ------
    ColumnError
        If a series is not on the index of ``written``.

    Examples
    --------
    >>> times = pd.Series(pd.to_datetime(["2026-10-05 00:00", "2026-10-06 00:00"]))
    >>> judge_precision(times, pd.Series("minute", index=times.index))["precision"].tolist()
    ['day', 'day']
    """
    other = dict(readings or {})
    if not all(series.index.equals(written.index) for series in (given, *other.values())):
        raise ColumnError("The readings of times must be on the index of the times.")
    level = pd.Index(PRECISIONS).get_indexer(pd.Index(given))
    wall = _whole_seconds(written)
    day = np.floor_divide(wall, _DAY_S)
    reason = np.select([level == _MONTH, level == _DAY], ["month_text", "no_time"], "time").astype(object)
    timed = (level < _DAY) & np.isfinite(wall)
    _judge_midnights(level, day, reason, timed, {"midnights": wall} | _seconds(other), min_midnights)
    _judge_same_time(level, reason, timed & (level < _DAY), wall)
    if judge_share:
        _judge_share(level, reason, timed & (level < _DAY), wall)
    _judge_whole_hours(level, reason, timed & (level < _DAY), wall)
    _judge_first_days(level, reason, day)
    return pd.DataFrame(
        {
            "precision": pd.Series(np.asarray(PRECISIONS)[level], index=written.index, dtype="str"),
            "evidence": pd.Series(reason, index=written.index, dtype="str"),
            "day": pd.Series(pd.to_datetime(day, unit="D"), index=written.index),
        }
    )


def _whole_seconds(times: pd.Series) -> NDArray[np.float64]:
    """Return seconds since 1970; NaN where missing."""
    seconds = times.dt.as_unit("s").to_numpy().astype("datetime64[s]").astype(np.int64)
    return np.where(times.isna().to_numpy(), np.nan, seconds)


def _seconds(readings: Mapping[str, pd.Series]) -> dict[str, NDArray[np.float64]]:
    return {name: _whole_seconds(times) for name, times in readings.items()}


def _judge_midnights(
    level: NDArray[np.intp],
    day: NDArray[np.float64],
    reason: NDArray[np.object_],
    timed: NDArray[np.bool_],
    readings: Mapping[str, NDArray[np.float64]],
    minimum: int,
) -> None:
    """Take the times for dates if all are midnight in one reading; like the next ones, changes in place."""
    if not timed.any():
        return
    for name, wall in readings.items():
        days = np.floor_divide(wall[timed], _DAY_S)
        needed = minimum if name == "midnights" else MIN_SAME_TIME
        if (wall[timed] == days * _DAY_S).all() and len(np.unique(days)) >= needed:
            level[timed], day[timed], reason[timed] = _DAY, days, name
            return


def _judge_same_time(
    level: NDArray[np.intp], reason: NDArray[np.object_], timed: NDArray[np.bool_], wall: NDArray[np.float64]
) -> None:
    """Take the times for dates if one time of day fills them all."""
    days, clock = np.divmod(wall[timed], _DAY_S)
    if len(np.unique(days)) >= MIN_SAME_TIME and np.ptp(clock) == 0:
        level[timed], reason[timed] = _DAY, "same_time"


def _judge_share(
    level: NDArray[np.intp], reason: NDArray[np.object_], timed: NDArray[np.bool_], wall: NDArray[np.float64]
) -> None:
    """Take the midnights for dates if there are too many of them."""
    clock = np.mod(wall[timed], _DAY_S)
    hours = np.bincount((clock[clock % _HOUR_S == 0] // _HOUR_S).astype(np.intp), minlength=_HOURS)
    midnights, most = int(hours[0]), int(hours[1:].max())
    if midnights >= MIDNIGHT_EXCESS * most and binom.sf(midnights - 1, midnights + most, 0.5) < CHANCE:
        dated = timed & (np.mod(wall, _DAY_S) == 0)
        level[dated], reason[dated] = _DAY, "many_midnights"


def _judge_whole_hours(
    level: NDArray[np.intp], reason: NDArray[np.object_], timed: NDArray[np.bool_], wall: NDArray[np.float64]
) -> None:
    """Take the times for hours if none has minutes."""
    if timed.sum() >= MIN_WHOLE_HOURS and (np.mod(wall[timed], _HOUR_S) == 0).all():
        level[timed], reason[timed] = _HOUR, "whole_hours"


def _judge_first_days(level: NDArray[np.intp], reason: NDArray[np.object_], day: NDArray[np.float64]) -> None:
    """Take the dates for months if all of them, in a column of nothing but dates, are the first of one."""
    known = np.isfinite(day)
    dated = known & (level == _DAY)
    if not dated.any() or (level[known] < _DAY).any():
        return
    dates = day[dated].astype(np.int64).astype("datetime64[D]")
    months = np.unique(dates.astype("datetime64[M]"))
    if len(months) >= MIN_MONTHS and (dates == dates.astype("datetime64[M]").astype("datetime64[D]")).all():
        level[dated], reason[dated] = _MONTH, "first_days"
