"""Crimes by hour of the week, weekday and month, where only the span in which each happened is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.checks import require_columns, require_zone
from geo.counting import take_times
from geo.errors import Phrase
from geo.precision import know_hours, know_weekdays

if TYPE_CHECKING:
    from numpy.typing import NDArray

HOURS, DAYS = 24, 7

_HOUR = 3_600.0  # seconds
_WEEK = DAYS * HOURS * _HOUR
_THURSDAY = 3 * HOURS * _HOUR  # 1970-01-01 was a Thursday: its offset in a week that starts on Monday
_MOST_AT_ONCE = 20_000  # crimes per batch: 27 MB of hourly shares


def tabulate_hours(crimes: pd.DataFrame, *, zone: str, by: str | None = None) -> pd.DataFrame:
    """Spread each crime over the hours of the week in which it may have happened.

    A crime between two times has a total weight of 1, spread over the hours by their overlap with that span
    (aoristic analysis, Ratcliffe & McCullagh 1998; exact overlap). A crime with one time, or whose end is not
    after its start, has weight 1 in that hour. One of which only the day or the month is known is left out.

    Parameters
    ----------
    crimes
        ``occurred_at`` (tz-aware), and ``occurred_to`` (tz-aware) where there is one, both in any zone; and
        ``time_precision`` where known, as in :func:`geo.precision.take_precision`.
    zone
        Time zone of the clock, such as ``"Asia/Jakarta"``.
    by
        Column to group by, such as ``"category"``; rows without a value are left out.

    Returns
    -------
    pandas.DataFrame
        Rows ``weekday`` 0 (Monday) to 6, with ``by`` as the outer level if given; columns hours 0 to 23.
        Weights sum to the number of crimes with an hour. ``.attrs["n_undated"]`` counts the crimes without a
        time, ``.attrs["n_without_hour"]`` those with a time but no hour.

    Raises
    ------
    ColumnError
        If a column is missing, or a time has no time zone.
    PeriodError
        If the time zone is unknown.

    Examples
    --------
    >>> times = pd.to_datetime(["2026-10-05 01:30", "2026-10-05 03:00"]).tz_localize("Asia/Jakarta")
    >>> crimes = pd.DataFrame({"occurred_at": times[:1], "occurred_to": times[1:]})  # a Monday
    >>> tabulate_hours(crimes, zone="Asia/Jakarta").loc[0, [0, 1, 2, 3]].round(3).tolist()  # 30 and 60 min
    [0.0, 0.333, 0.667, 0.0]
    """
    start, end = _local_spans(crimes, zone)
    groups, names = _group(crimes, by)
    known = know_hours(crimes)
    counted = np.flatnonzero(known & (groups >= 0))
    weights = np.zeros((len(names), DAYS * HOURS))
    for begin in range(0, len(counted), _MOST_AT_ONCE):
        some = counted[begin : begin + _MOST_AT_ONCE]
        np.add.at(weights, groups[some], _share_of_hours(start[some], end[some]))
    table = pd.DataFrame(
        weights.reshape(-1, HOURS), index=_rows(names, by), columns=pd.RangeIndex(HOURS, name="hour")
    )
    table.attrs["n_undated"] = int(np.isnan(start).sum())
    table.attrs["n_without_hour"] = int((np.isfinite(start) & ~known).sum())
    return table


def tabulate_weekdays(crimes: pd.DataFrame, *, zone: str) -> pd.Series:
    """Spread each crime over the days of the week on which it may have happened.

    Parameters
    ----------
    crimes, zone
        As in :func:`tabulate_hours`; a crime of which only the month is known is left out.

    Returns
    -------
    pandas.Series
        ``n_crimes`` of weekdays 0 (Monday) to 6; they sum to the number of crimes with a day.
        ``.attrs["n_undated"]`` counts the crimes without a time, ``.attrs["n_without_day"]`` those with a
        time but no day.

    Raises
    ------
    ColumnError
        If a column is missing, or a time has no time zone.
    PeriodError
        If the time zone is unknown.

    Examples
    --------
    >>> times = pd.to_datetime(["2026-10-05", "2026-10-01"]).tz_localize("Asia/Jakarta")
    >>> crimes = pd.DataFrame({"occurred_at": times, "time_precision": ["day", "month"]})  # a Monday
    >>> tabulate_weekdays(crimes, zone="Asia/Jakarta").tolist()
    [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    """
    start, end = _local_spans(crimes, zone)
    known = know_weekdays(crimes)
    counted = np.flatnonzero(known)
    weights = np.zeros(DAYS)
    for begin in range(0, len(counted), _MOST_AT_ONCE):
        some = counted[begin : begin + _MOST_AT_ONCE]
        weights += _share_of_hours(start[some], end[some]).sum(axis=0).reshape(DAYS, HOURS).sum(axis=1)
    series = pd.Series(weights, index=pd.RangeIndex(DAYS, name="weekday"), name="n_crimes")
    series.attrs["n_undated"] = int(np.isnan(start).sum())
    series.attrs["n_without_day"] = int((np.isfinite(start) & ~known).sum())
    return series


def tabulate_months(crimes: pd.DataFrame, *, zone: str, by: str | None = None) -> pd.DataFrame:
    """Spread each crime over the months in which it may have happened.

    Parameters
    ----------
    crimes, zone, by
        As in :func:`tabulate_hours`.

    Returns
    -------
    pandas.DataFrame
        One row per month from the first to the last, indexed by ``month`` (its first local day); column
        ``n_crimes``, or one for each value of ``by``. Weights sum to the number of crimes with a time.
        ``.attrs["n_undated"]`` counts the others.

    Raises
    ------
    ColumnError
        If a column is missing, or a time has no time zone.
    PeriodError
        If the time zone is unknown.

    Examples
    --------
    >>> times = pd.to_datetime(["2026-01-31 12:00", "2026-02-02 12:00"]).tz_localize("Asia/Jakarta")
    >>> crimes = pd.DataFrame({"occurred_at": times[:1], "occurred_to": times[1:]})
    >>> tabulate_months(crimes, zone="Asia/Jakarta")["n_crimes"].tolist()  # 12 of 48 hours
    [0.25, 0.75]
    """
    start, end = _local_spans(crimes, zone)
    groups, names = _group(crimes, by)
    counted = np.flatnonzero(np.isfinite(start) & (groups >= 0))
    edges = _month_edges(start[counted], end[counted])
    weights = np.zeros((len(names), max(len(edges) - 1, 0)))
    limits = edges.astype("datetime64[s]").astype(np.float64)
    for begin in range(0, len(counted) if len(edges) else 0, _MOST_AT_ONCE):
        some = counted[begin : begin + _MOST_AT_ONCE]
        np.add.at(weights, groups[some], _share_between(start[some], end[some], limits))
    table = pd.DataFrame(
        weights.T,
        index=pd.DatetimeIndex(edges[:-1].astype("datetime64[s]"), name="month"),
        columns=["n_crimes"] if by is None else pd.Index(names, name=by),
    )
    table.attrs["n_undated"] = int(np.isnan(start).sum())
    return table


def _local_spans(crimes: pd.DataFrame, zone: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return when each crime began and ended, in local seconds since 1970; NaN without a time."""
    require_zone(zone)
    start = _local_seconds(take_times(crimes), zone)
    if "occurred_to" not in crimes.columns or crimes["occurred_to"].isna().all():
        return start, start
    end = _local_seconds(take_times(crimes, "occurred_to"), zone)
    return start, np.where(end > start, end, start)


def _local_seconds(times: pd.Series, zone: str) -> NDArray[np.float64]:
    local = times.dt.tz_convert(zone).dt.tz_localize(None).dt.as_unit("us")
    seconds = local.to_numpy().astype("datetime64[us]").astype(np.int64) / 1e6
    return np.where(times.isna().to_numpy(), np.nan, seconds)


def _group(crimes: pd.DataFrame, by: str | None) -> tuple[NDArray[np.intp], list[str]]:
    if by is None:
        return np.zeros(len(crimes), dtype=np.intp), [""]
    require_columns(crimes, (by,), Phrase("crimes"))
    groups, names = pd.factorize(crimes[by], sort=True)
    return np.asarray(groups, dtype=np.intp), list(names)


def _rows(names: list[str], by: str | None) -> pd.Index:
    weekdays = range(DAYS)
    if by is None:
        return pd.RangeIndex(DAYS, name="weekday")
    return pd.MultiIndex.from_product([names, weekdays], names=[by, "weekday"])


def _share_of_hours(start: NDArray[np.float64], end: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return each crime's share in each of the 168 hours of a week, from the cumulative time in each hour."""
    begins = np.arange(DAYS * HOURS) * _HOUR
    parts = []
    for moment in (start, end):
        weeks, rest = np.divmod((moment + _THURSDAY)[:, np.newaxis], _WEEK)
        parts.append(weeks * _HOUR + np.clip(rest - begins, 0, _HOUR))
    span = end - start
    shares = np.divide(parts[1] - parts[0], span[:, np.newaxis], where=span[:, np.newaxis] > 0, out=parts[1])
    instant = np.flatnonzero(span <= 0)
    shares[instant] = 0.0
    shares[instant, (np.mod(start[instant] + _THURSDAY, _WEEK) // _HOUR).astype(np.intp)] = 1.0
    return shares


def _month_edges(start: NDArray[np.float64], end: NDArray[np.float64]) -> NDArray[np.datetime64]:
    """Return the first days of all months from the first to the last, and of the one after."""
    if not start.size:
        return np.empty(0, dtype="datetime64[M]")
    first = np.datetime64(int(np.floor(start.min())), "s").astype("datetime64[M]")
    last_moment = max(int(np.ceil(end.max())) - 1, int(np.floor(start.max())))
    last = np.datetime64(last_moment, "s").astype("datetime64[M]")
    return np.arange(first, last + 2)


def _share_between(
    start: NDArray[np.float64], end: NDArray[np.float64], limits: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return each crime's share between each limit and the next."""
    so_far = np.clip(limits - start[:, np.newaxis], 0, (end - start)[:, np.newaxis])
    span = (end - start)[:, np.newaxis]
    shares = np.divide(
        np.diff(so_far, axis=1), span, where=span > 0, out=np.zeros((len(start), len(limits) - 1))
    )
    instant = np.flatnonzero(end <= start)
    shares[instant, np.searchsorted(limits, start[instant], side="right") - 1] = 1.0
    return shares
