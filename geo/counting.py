"""Counts of crimes by area and period."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.errors import ColumnError, PeriodError

if TYPE_CHECKING:
    from numpy.typing import NDArray


def count_by_area(codes: pd.Series, areas: pd.Index) -> pd.Series:
    """Count rows by area.

    Parameters
    ----------
    codes
        The area of each row, as :func:`geo.join.assign_areas` returns it; missing if in none.
    areas
        Codes of the areas to count, each once, in this order.

    Returns
    -------
    pandas.Series
        ``n_crimes`` by area, 0 where none; rows in other areas or in none are left out.

    Raises
    ------
    ColumnError
        If an area repeats.

    Examples
    --------
    >>> count_by_area(pd.Series(["a", "a", None]), pd.Index(["a", "b"])).to_dict()
    {'a': 2, 'b': 0}
    """
    position = _positions(codes, areas)
    counts = np.bincount(position[position >= 0], minlength=len(areas))
    return pd.Series(counts, index=areas, name="n_crimes")


def count_by_period(
    codes: pd.Series, times: pd.Series, *, areas: pd.Index, edges: pd.DatetimeIndex
) -> pd.DataFrame:
    """Count rows by area and period.

    Parameters
    ----------
    codes
        The area of each row; missing if in none.
    times
        The time of each row, tz-aware, in the order of ``codes``; a missing time is in no period.
    areas
        Codes of the areas to count, each once, in this order.
    edges
        k + 1 ascending tz-aware times; period i is [edge i, edge i + 1).

    Returns
    -------
    pandas.DataFrame
        Areas by k periods, each named by its first edge.

    Raises
    ------
    ColumnError
        If an area repeats, the two series differ in length, or the times have no time zone.
    PeriodError
        If the edges have no time zone, are fewer than two, or are not ascending.

    Examples
    --------
    >>> edges = pd.date_range("2026-01-01", periods=3, freq="D", tz="Asia/Jakarta")
    >>> times = pd.Series(pd.to_datetime(["2026-01-01 16:59Z", "2026-01-01 17:00Z"]))  # 23:59, midnight
    >>> counts = count_by_period(pd.Series(["a", "a"]), times, areas=pd.Index(["a", "b"]), edges=edges)
    >>> counts.to_numpy().tolist()
    [[1, 1], [0, 0]]
    """
    if len(codes) != len(times):
        raise ColumnError("Areas and times must come from the same rows: use two series of the same length.")
    period = number_periods(times, edges)
    position = _positions(codes, areas)
    n_periods = len(edges) - 1
    counted = (position >= 0) & (period >= 0)
    flat = position[counted] * n_periods + period[counted]
    counts = np.bincount(flat, minlength=len(areas) * n_periods).reshape(len(areas), n_periods)
    return pd.DataFrame(counts, index=areas, columns=edges[:-1])


def number_periods(times: pd.Series, edges: pd.DatetimeIndex) -> NDArray[np.intp]:
    """Find the period of each time.

    Parameters
    ----------
    times
        Tz-aware times; a missing time is in no period.
    edges
        k + 1 ascending tz-aware times; period i is [edge i, edge i + 1).

    Returns
    -------
    numpy.ndarray
        The number of the period, 0 to k - 1, or -1 for none.

    Raises
    ------
    ColumnError
        If the times have no time zone.
    PeriodError
        If the edges have no time zone, are fewer than two, or are not ascending.

    Examples
    --------
    >>> edges = pd.date_range("2026-01-01", periods=3, freq="D", tz="UTC")
    >>> times = pd.Series(pd.to_datetime(["2026-01-02T05:00Z", "2026-01-03T00:00Z", None]))
    >>> number_periods(times, edges).tolist()
    [1, -1, -1]
    """
    if not isinstance(times.dtype, pd.DatetimeTZDtype):
        raise ColumnError("Times must have a time zone.")
    if len(edges) <= 1 or edges.tz is None or not (edges.is_monotonic_increasing and edges.is_unique):
        raise PeriodError("Periods need two or more increasing edges with a time zone.")
    moments = pd.DatetimeIndex(times).tz_convert("UTC").as_unit("us")
    limits = edges.tz_convert("UTC").as_unit("us")
    period = np.searchsorted(limits.asi8, moments.asi8, side="right") - 1
    period[(period >= len(edges) - 1) | moments.isna()] = -1
    return period


def take_times(crimes: pd.DataFrame, column: str = "occurred_at") -> pd.Series:
    """Return the times of crimes, in UTC.

    Parameters
    ----------
    crimes
        A frame with ``column``.
    column
        Column of tz-aware times.

    Returns
    -------
    pandas.Series
        Times in UTC on the frame's index; missing times stay missing.

    Raises
    ------
    ColumnError
        If there is no such column, or it has no time zone.

    Examples
    --------
    >>> noon = pd.Series(pd.to_datetime(["2026-01-01 12:00"])).dt.tz_localize("Asia/Jakarta")
    >>> take_times(pd.DataFrame({"occurred_at": noon})).dt.hour.item()
    5
    """
    if column not in crimes.columns:
        raise ColumnError("The crimes have no time column {column!r}.", column=column)
    if not isinstance(crimes[column].dtype, pd.DatetimeTZDtype):
        raise ColumnError("The column {column!r} must hold times with a time zone.", column=column)
    return crimes[column].dt.tz_convert("UTC")


def make_local_periods(*, until: pd.Timestamp, n_periods: int, days: int, zone: str) -> pd.DatetimeIndex:
    """Make consecutive periods of whole local days that end at a given time.

    Parameters
    ----------
    until
        End of the last period, tz-aware; moved back to local midnight.
    n_periods
        Number of periods.
    days
        Length of each period, in local days.
    zone
        Time zone, such as ``"Asia/Jakarta"``.

    Returns
    -------
    pandas.DatetimeIndex
        ``n_periods`` + 1 edges in the zone.

    Raises
    ------
    PeriodError
        If ``until`` has no time zone, or there is less than one period or day.

    Examples
    --------
    >>> until = pd.Timestamp("2026-03-01", tz="Asia/Jakarta")
    >>> edges = make_local_periods(until=until, n_periods=2, days=7, zone="Asia/Jakarta")
    >>> [str(edge.date()) for edge in edges]
    ['2026-02-15', '2026-02-22', '2026-03-01']
    """
    if until.tzinfo is None or n_periods < 1 or days < 1:
        raise PeriodError(
            "The end of the periods must have a time zone, and there must be at least "
            "one period of at least one day."
        )
    last = until.tz_convert(zone).tz_localize(None).normalize()
    steps = pd.to_timedelta(np.arange(-n_periods, 1) * days, unit="D")
    return pd.DatetimeIndex(last + steps).tz_localize(zone, ambiguous=True, nonexistent="shift_forward")


def _positions(codes: pd.Series, areas: pd.Index) -> NDArray[np.intp]:
    if not areas.is_unique:
        raise ColumnError("The area {area!r} appears more than once.", area=areas[areas.duplicated()][0])
    position = np.asarray(areas.get_indexer(pd.Index(codes)), dtype=np.intp)
    return np.where(codes.isna().to_numpy(), -1, position)
