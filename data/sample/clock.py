"""Conversion of local days and minutes to timestamps."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import pandas as pd

DAY_SECONDS, HOUR_SECONDS, MINUTE_SECONDS = 86_400, 3_600, 60
ZONE_SECONDS = 7 * HOUR_SECONDS  # Western Indonesia Time: UTC+7 all year


def find_midnight(day: date) -> int:
    """Return the seconds from 1970 (UTC) to the local midnight at which a day begins.

    Examples
    --------
    >>> find_midnight(date(1970, 1, 2))
    61200
    """
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) - ZONE_SECONDS


def to_times(seconds: np.ndarray) -> pd.DatetimeIndex:
    """Convert whole seconds since 1970 to timestamps of type datetime64[us, UTC]; NaN stays missing.

    Examples
    --------
    >>> to_times(np.array([61200.0])).to_list()
    [Timestamp('1970-01-01 17:00:00+0000', tz='UTC')]
    """
    known = np.isfinite(seconds)
    micro = np.where(known, np.floor(np.where(known, seconds, 0)) * 1e6, 0).astype(np.int64)
    times = micro.view("datetime64[us]")
    times[~known] = np.datetime64("NaT")
    return pd.DatetimeIndex(times).tz_localize("UTC")


def to_local_times(seconds: np.ndarray) -> pd.DatetimeIndex:
    """Convert seconds since 1970 to local times without a time zone.

    Examples
    --------
    >>> to_local_times(np.array([61200.0])).to_list()
    [Timestamp('1970-01-02 00:00:00')]
    """
    return to_times(seconds + ZONE_SECONDS).tz_localize(None)
