"""Flags raised by the times of visits: too fast, in a burst, at odd hours, twice on a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo.evidence.columns import (
    DAY_MICROSECONDS,
    MICROSECONDS,
    MISSING_CODE,
    UNKNOWN_TIME,
    combine_codes,
    encode_column,
    make_flag,
    mark_runs,
    rank_labels,
    require_log,
    split_local_times,
    take_fixes,
    take_local_times,
    take_visit_times,
)
from geo.evidence.rules import DEFAULT_RULES
from geo.ground import measure_ground_distance

if TYPE_CHECKING:
    from datetime import time

    import pandas as pd
    from numpy.typing import NDArray

_SECONDS_PER_HOUR, _MINUTE = 3_600, 60
_M_PER_KM = 1_000


def flag_too_fast(
    visits: pd.DataFrame,
    *,
    time_zone: str,
    fastest_km_per_h: float = DEFAULT_RULES.fastest_km_per_h,
    clock_s: float = DEFAULT_RULES.clock_s,
    midnight_is_unknown: bool = DEFAULT_RULES.midnight_is_unknown,
) -> pd.Series:
    """Flag visits to which an officer would have had to travel too fast.

    Consecutive visits of an officer are compared; those without a fix or a time are skipped. Of two visits
    the later is flagged; of two at the same moment the one with the higher visit id.

    Parameters
    ----------
    visits
        With ``visited_at`` (tz-aware), ``officer_id`` and, where there are fixes, ``lon`` and ``lat``
        (WGS84).
    time_zone
        Time zone of the local clock.
    fastest_km_per_h
        Speed in a straight line; visits above (>) it are flagged.
    clock_s
        Resolution of times, in seconds: a shorter gap counts as this, so that two reports in one second a few
        metres apart are not flagged.
    midnight_is_unknown
        Whether to skip visits at exactly 00:00:00 local, which have a date but no time.

    Returns
    -------
    pandas.Series
        Booleans on the index of ``visits``.

    Raises
    ------
    ColumnError
        If a column is missing or ``visited_at`` has no time zone.

    Examples
    --------
    >>> import pandas as pd
    >>> at = pd.DatetimeIndex(["2026-10-05 09:00", "2026-10-05 09:01"]).tz_localize("Asia/Jakarta")
    >>> visits = pd.DataFrame({"visited_at": at, "officer_id": "o1", "lon": [111.0, 111.01], "lat": -7.4})
    >>> flag_too_fast(visits, time_zone="Asia/Jakarta").tolist()  # 1.1 km in a minute
    [False, True]
    """
    require_log(visits)
    officer, moment = encode_column(visits, "officer_id"), take_visit_times(visits)
    lon, lat = take_fixes(visits)
    timed = _has_time(visits, time_zone, midnight_is_unknown=midnight_is_unknown)
    rows = np.flatnonzero((officer != MISSING_CODE) & timed & np.isfinite(lon) & np.isfinite(lat))
    rows = rows[np.lexsort((rank_labels(visits.index)[rows], moment[rows], officer[rows]))]
    before, after = rows[:-1], rows[1:]
    gap_s = np.maximum((moment[after] - moment[before]) / MICROSECONDS, clock_s)
    way_m = measure_ground_distance(lon[before], lat[before], lon[after], lat[after])
    most_m = fastest_km_per_h * _M_PER_KM / _SECONDS_PER_HOUR * gap_s
    too_fast = (officer[before] == officer[after]) & (way_m > most_m)
    return make_flag(visits, after[too_fast], "too_fast")


def flag_burst(
    visits: pd.DataFrame,
    *,
    time_zone: str,
    at_least: int = DEFAULT_RULES.burst_visits,
    within_minutes: float = DEFAULT_RULES.burst_minutes,
    midnight_is_unknown: bool = DEFAULT_RULES.midnight_is_unknown,
) -> pd.Series:
    """Flag all visits of a stretch of time in which an officer made too many.

    Parameters
    ----------
    visits
        With ``visited_at`` (tz-aware) and ``officer_id``.
    time_zone
        Time zone of the local clock.
    at_least
        Visits that make a burst (≥).
    within_minutes
        Minutes from the first to the last of them (≤).
    midnight_is_unknown
        Whether to skip visits at exactly 00:00:00 local, which have a date but no time.

    Returns
    -------
    pandas.Series
        Booleans on the index of ``visits``.

    Raises
    ------
    ColumnError
        If a column is missing or ``visited_at`` has no time zone.

    Examples
    --------
    >>> import pandas as pd
    >>> at = pd.date_range("2026-10-05 09:00", periods=5, freq="150s", tz="Asia/Jakarta")
    >>> visits = pd.DataFrame({"visited_at": at, "officer_id": "o1"})
    >>> flag_burst(visits, time_zone="Asia/Jakarta").tolist()  # five in exactly ten minutes
    [True, True, True, True, True]
    """
    require_log(visits)
    officer, moment = encode_column(visits, "officer_id"), take_visit_times(visits)
    timed = _has_time(visits, time_zone, midnight_is_unknown=midnight_is_unknown)
    rows = np.flatnonzero((officer != MISSING_CODE) & timed)
    within = within_minutes * _MINUTE * MICROSECONDS
    crowded = mark_runs(officer[rows], moment[rows], at_least=at_least, within=within)
    return make_flag(visits, rows[crowded], "burst")


def flag_odd_hours(
    visits: pd.DataFrame,
    *,
    time_zone: str,
    day_begins: time = DEFAULT_RULES.day_begins,
    day_ends: time = DEFAULT_RULES.day_ends,
    midnight_is_unknown: bool = DEFAULT_RULES.midnight_is_unknown,
) -> pd.Series:
    """Flag visits before the day begins or after it ends.

    Parameters
    ----------
    visits
        With ``visited_at`` (tz-aware) and ``officer_id``.
    time_zone
        Time zone of the local clock.
    day_begins, day_ends
        Local times; a visit is flagged before (<) the first and after (>) the second.
    midnight_is_unknown
        Whether to skip visits at exactly 00:00:00 local, which have a date but no time.

    Returns
    -------
    pandas.Series
        Booleans on the index of ``visits``.

    Raises
    ------
    ColumnError
        If a column is missing or ``visited_at`` has no time zone.

    Examples
    --------
    >>> import pandas as pd
    >>> at = pd.DatetimeIndex(["2026-10-05 05:59", "2026-10-05 06:00", "2026-10-05 21:00:01"])
    >>> visits = pd.DataFrame({"visited_at": at.tz_localize("Asia/Jakarta"), "officer_id": "o1"})
    >>> flag_odd_hours(visits, time_zone="Asia/Jakarta").tolist()
    [True, False, True]
    """
    require_log(visits)
    clock = split_local_times(take_local_times(visits, time_zone))[1]
    odd = (clock < _since_midnight(day_begins)) | (clock > _since_midnight(day_ends))
    timed = _has_time(visits, time_zone, midnight_is_unknown=midnight_is_unknown)
    return make_flag(visits, np.flatnonzero(odd & timed), "odd_hours")


def flag_duplicate(visits: pd.DataFrame, *, time_zone: str) -> pd.Series:
    """Flag an officer's second and later visits to a household on one local day.

    The first is not flagged; of two at the same moment the one with the lower visit id is the first.

    Parameters
    ----------
    visits
        With ``visited_at`` (tz-aware), ``officer_id`` and ``household_id``; visits without a household are
        not flagged.
    time_zone
        Time zone of the local days.

    Returns
    -------
    pandas.Series
        Booleans on the index of ``visits``.

    Raises
    ------
    ColumnError
        If a column is missing or ``visited_at`` has no time zone.

    Examples
    --------
    >>> import pandas as pd
    >>> at = pd.DatetimeIndex(["2026-10-05 23:59", "2026-10-05 08:00", "2026-10-06 00:01"])
    >>> at = at.tz_localize("Asia/Jakarta")
    >>> visits = pd.DataFrame({"visited_at": at, "officer_id": "o1", "household_id": "h1"})
    >>> flag_duplicate(visits, time_zone="Asia/Jakarta").tolist()
    [True, False, False]
    """
    require_log(visits)
    officer, household = encode_column(visits, "officer_id"), encode_column(visits, "household_id")
    local = take_local_times(visits, time_zone)
    rows = np.flatnonzero((officer != MISSING_CODE) & (household != MISSING_CODE) & (local != UNKNOWN_TIME))
    occasion = combine_codes(officer[rows], household[rows], split_local_times(local[rows])[0])
    repeated = _repeated(occasion)
    rows, occasion = rows[repeated], occasion[repeated]
    order = np.lexsort((rank_labels(visits.index)[rows], take_visit_times(visits)[rows], occasion))
    again = order[1:][occasion[order][1:] == occasion[order][:-1]]
    return make_flag(visits, rows[again], "duplicate")


def _repeated(codes: NDArray[np.int64]) -> NDArray[np.intp]:
    """Return the positions of codes that occur more than once."""
    order = np.argsort(codes, kind="stable")
    same = codes[order][1:] == codes[order][:-1]
    among = np.zeros(len(codes), dtype=bool)
    among[:-1] |= same
    among[1:] |= same
    return order[among]


def _has_time(visits: pd.DataFrame, time_zone: str, *, midnight_is_unknown: bool) -> NDArray[np.bool_]:
    local = take_local_times(visits, time_zone)
    timed = local != UNKNOWN_TIME
    return timed & (local % DAY_MICROSECONDS != 0) if midnight_is_unknown else timed


def _since_midnight(clock: time) -> int:
    seconds = clock.hour * _SECONDS_PER_HOUR + clock.minute * _MINUTE + clock.second
    return seconds * MICROSECONDS + clock.microsecond
