"""How exactly the times of crimes are known, and which of them know their hour, their day or their month."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
import pandas as pd

from geo.counting import take_times
from geo.errors import ColumnError

if TYPE_CHECKING:
    from numpy.typing import NDArray

Precision = Literal["minute", "hour", "day", "month", "interval"]
Unit = Literal["hour", "day", "month"]

PRECISIONS: tuple[Precision, ...] = get_args(Precision)
"""From the most exact to the least; an interval is as exact as it is short."""

_LONGEST_S: dict[Unit, float] = {"hour": 3_600, "day": 25 * 3_600, "month": 31 * 86_400 + 3_600}
"""Longest interval that counts as known: one unit, and the hour that a day gains when clocks go back."""


def take_precision(crimes: pd.DataFrame) -> pd.Series:
    """Return how exactly the time of each crime is known.

    Parameters
    ----------
    crimes
        ``occurred_at`` and, where known, ``occurred_to`` (tz-aware) and ``time_precision``.

    Returns
    -------
    pandas.Series
        One of ``PRECISIONS`` for each crime, on its index. Without a column ``time_precision`` a crime with a
        later ``occurred_to`` is an interval, and any other is known to the minute.

    Raises
    ------
    ColumnError
        If the times are missing or have no time zone, or a precision is none of ``PRECISIONS``.

    Examples
    --------
    >>> at = pd.to_datetime(["2026-10-05 20:00Z", "2026-10-05 20:00Z"])
    >>> to = pd.to_datetime(["2026-10-06 04:00Z", None])
    >>> take_precision(pd.DataFrame({"occurred_at": at, "occurred_to": to})).tolist()
    ['interval', 'minute']
    """
    if "time_precision" not in crimes.columns:
        spans = _last_s(crimes) > 0
        return pd.Series(np.where(spans, "interval", "minute"), index=crimes.index, dtype="str")
    given = crimes["time_precision"]
    strange = [name for name in given.unique() if name not in PRECISIONS]
    if strange:
        raise ColumnError("The precision {name!r} of a time is unknown.", name=strange[0])
    return given


def know_unit(crimes: pd.DataFrame, unit: Unit) -> NDArray[np.bool_]:
    """Find the crimes whose hour, day or month is known.

    A time is known to a unit if it was recorded to that unit or more exactly, or between two times that are
    at most one such unit apart: a night from 22.00 to 06.00 knows its day as well as a date does.

    Parameters
    ----------
    crimes
        As in :func:`take_precision`; a crime without a time knows nothing.
    unit
        ``"hour"``, ``"day"`` or ``"month"``.

    Returns
    -------
    numpy.ndarray
        n booleans.

    Raises
    ------
    ColumnError
        If the times are missing or have no time zone, or a precision is unknown.

    Examples
    --------
    >>> at = pd.to_datetime(["2026-10-05 13:30Z", "2026-10-05 17:00Z", "2026-09-30 17:00Z"])
    >>> crimes = pd.DataFrame({"occurred_at": at, "time_precision": ["minute", "day", "month"]})
    >>> [know_unit(crimes, unit).tolist() for unit in ("hour", "day")]
    [[True, False, False], [True, True, False]]
    """
    precision = take_precision(crimes)
    exact = precision.isin(PRECISIONS[: PRECISIONS.index(unit) + 1]).to_numpy()
    short = (precision == "interval").to_numpy() & (_last_s(crimes) <= _LONGEST_S[unit])
    return take_times(crimes).notna().to_numpy() & (exact | short)


def know_hours(crimes: pd.DataFrame) -> NDArray[np.bool_]:
    """Find the crimes that say something about the hour: those that know it, and intervals of any length.

    An interval is spread over its hours by their overlap (aoristic analysis), as
    :func:`geo.aoristic.tabulate_hours` does.

    Examples
    --------
    >>> at = pd.to_datetime(["2026-10-05 20:00Z", "2026-10-05 17:00Z"])
    >>> to = pd.to_datetime(["2026-10-06 20:00Z", None])
    >>> crimes = pd.DataFrame({"occurred_at": at, "occurred_to": to, "time_precision": ["interval", "day"]})
    >>> know_hours(crimes).tolist()
    [True, False]
    """
    return _are(crimes, ("minute", "hour", "interval"))


def know_weekdays(crimes: pd.DataFrame) -> NDArray[np.bool_]:
    """Find the crimes that say something about the weekday: those that know their day, and intervals.

    Examples
    --------
    >>> at = pd.to_datetime(["2026-10-05 17:00Z", "2026-09-30 17:00Z"])
    >>> know_weekdays(pd.DataFrame({"occurred_at": at, "time_precision": ["day", "month"]})).tolist()
    [True, False]
    """
    return _are(crimes, ("minute", "hour", "day", "interval"))


def _are(crimes: pd.DataFrame, precisions: tuple[Precision, ...]) -> NDArray[np.bool_]:
    """Find the crimes with a time of one of these precisions."""
    return take_times(crimes).notna().to_numpy() & take_precision(crimes).isin(precisions).to_numpy()


def find_last_day(crimes: pd.DataFrame, *, zone: str) -> pd.Timestamp | None:
    """Find the last local day that the times of crimes cover: of a month, its last.

    Parameters
    ----------
    crimes
        As in :func:`take_precision`.
    zone
        Time zone of the local days.

    Returns
    -------
    pandas.Timestamp or None
        Naive midnight of the day; None if no crime has a time.

    Raises
    ------
    ColumnError
        As :func:`take_precision`.

    Examples
    --------
    >>> begin = pd.to_datetime(["2026-10-01"]).tz_localize("Asia/Jakarta")
    >>> month = pd.DataFrame({"occurred_at": begin, "time_precision": "month"})
    >>> str(find_last_day(month, zone="Asia/Jakarta").date())
    '2026-10-31'
    """
    days = find_last_days(crimes, zone=zone)
    return None if days.isna().all() else pd.Timestamp(days.max())


def find_last_days(crimes: pd.DataFrame, *, zone: str) -> pd.Series:
    """Find the last local day that the begin of each crime may be on: of a month, its last.

    Parameters
    ----------
    crimes, zone
        As in :func:`find_last_day`.

    Returns
    -------
    pandas.Series
        Naive midnights of the days, on the index of ``crimes``; missing without a time.

    Examples
    --------
    >>> begin = pd.to_datetime(["2026-10-01", "2026-10-01"]).tz_localize("Asia/Jakarta")
    >>> crimes = pd.DataFrame({"occurred_at": begin, "time_precision": ["day", "month"]})
    >>> find_last_days(crimes, zone="Asia/Jakarta").dt.day.tolist()
    [1, 31]
    """
    days = take_times(crimes).dt.tz_convert(zone).dt.tz_localize(None).dt.normalize()
    is_month = (take_precision(crimes) == "month").to_numpy()
    return days.mask(is_month, days + pd.offsets.MonthEnd(0))


def _last_s(crimes: pd.DataFrame) -> NDArray[np.float64]:
    """Return how many seconds each crime may have lasted, 0 where only its begin is known."""
    start = take_times(crimes)
    if "occurred_to" not in crimes.columns or crimes["occurred_to"].isna().all():
        return np.zeros(len(crimes))
    seconds = (take_times(crimes, "occurred_to") - start).dt.total_seconds().to_numpy()
    return np.asarray(np.nan_to_num(seconds).clip(min=0), dtype=np.float64)
