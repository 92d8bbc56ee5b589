"""Checks that there are enough crimes, spread over more than one place and more than one day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.counting import take_times
from geo.errors import Phrase, TooFewError
from geo.join import take_coordinates
from geo.precision import know_unit, take_precision
from geo.significance import require_enough

if TYPE_CHECKING:
    from datetime import date

    import geopandas as gpd

MIN_TO_MAP = 10
"""Fewest crimes for which a surface is drawn; with fewer it would show the kernel, not the crime."""
MIN_TO_DOUBT = 3
"""Fewest crimes for which a shared place or day is worth mentioning: two may share it by chance."""
SAME_PLACE_M = 1.0


def require_places(crimes: gpd.GeoDataFrame, *, minimum: int = MIN_TO_MAP) -> None:
    """Check that there are enough crimes to map, and not all in one place.

    Parameters
    ----------
    crimes
        Points in a metric CRS; those without coordinates are ignored.
    minimum
        Minimum number of crimes with a place.

    Raises
    ------
    GeometryError
        If the layer holds anything other than points.
    TooFewError
        If fewer than ``minimum`` have a place, or all lie within ``SAME_PLACE_M`` of each other.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import Point
    >>> require_places(gpd.GeoDataFrame(geometry=[Point(0, 0)] * 40, crs="EPSG:32749"))
    Traceback (most recent call last):
    geo.errors.TooFewError: All 40 crimes with a location are at one point: a map would show only that point.
    """
    n, together = _gather(crimes)
    require_enough(n, minimum, Phrase("crimes with a location"))
    if together and n >= MIN_TO_DOUBT:
        raise TooFewError(
            "All {n:,} crimes with a location are at one point: a map would show only that point.", n=n
        )


def require_days(crimes: pd.DataFrame, *, zone: str) -> None:
    """Check that crimes fall on more than one local day.

    Parameters
    ----------
    crimes
        With ``occurred_at`` (tz-aware), and ``occurred_to`` and ``time_precision`` where known.
    zone
        Time zone of the local days.

    Raises
    ------
    ColumnError
        If ``occurred_at`` is missing or has no time zone.
    TooFewError
        If all crimes with a time know their day, and it is the same local day.

    Examples
    --------
    >>> import pandas as pd
    >>> times = pd.Series(pd.to_datetime(["2026-10-09T18:00Z", "2026-10-10T16:00Z"]))
    >>> require_days(pd.DataFrame({"occurred_at": times}), zone="Asia/Jakarta")
    Traceback (most recent call last):
    geo.errors.TooFewError: All 2 crimes are from 2026-10-10: hours and days of the week need more days.
    """
    n, day = _only_day(crimes, zone)
    if day is not None:
        raise TooFewError(
            "All {n:,} crimes are from {day}: hours and days of the week need more days.", n=n, day=day
        )


def find_cautions(crimes: pd.DataFrame, located: gpd.GeoDataFrame, *, zone: str) -> list[Phrase]:
    """Find reasons to read figures of these crimes with caution.

    Parameters
    ----------
    crimes
        With ``occurred_at`` (tz-aware), and ``occurred_to`` and ``time_precision`` where known; with a place
        or without.
    located
        The crimes with a place, in a metric CRS.
    zone
        Time zone of the local days.

    Returns
    -------
    list[Phrase]
        One sentence if all are at one place, and one if all know their day and it is the same; none for fewer
        than ``MIN_TO_DOUBT``.

    Raises
    ------
    ColumnError
        If ``occurred_at`` is missing or has no time zone.
    GeometryError
        If ``located`` holds anything other than points.
    """
    n_placed, together = _gather(located)
    n, day = _only_day(crimes, zone)
    found = []
    if together and n_placed >= MIN_TO_DOUBT:
        found.append(
            Phrase(
                "All {n:,} crimes with a location are at one point. It may stand for addresses that "
                "nobody recorded: check before you act on it.",
                {"n": n_placed},
            )
        )
    if day is not None and n >= MIN_TO_DOUBT:
        found.append(
            Phrase(
                "All {n:,} crimes are from one day, {day}: figures for the period describe that day only.",
                {"n": n, "day": day},
            )
        )
    return found


def find_cut_months(
    crimes: pd.DataFrame, *, since: pd.Timestamp, until: pd.Timestamp, zone: str
) -> list[Phrase]:
    """Find whether a period cuts a month of which crimes know no more than the month.

    Parameters
    ----------
    crimes
        Of the area and kinds in question at all times, with ``occurred_at`` (tz-aware) and ``time_precision``
        where known.
    since, until
        The period [since, until), tz-aware.
    zone
        Time zone of the local months.

    Returns
    -------
    list[Phrase]
        One sentence if some crime known by its month only is of a month that lies partly in the period and
        partly outside.

    Examples
    --------
    >>> import pandas as pd
    >>> month = pd.to_datetime(["2026-10-01"]).tz_localize("Asia/Jakarta")
    >>> crimes = pd.DataFrame({"occurred_at": month, "time_precision": "month"})
    >>> edges = [pd.Timestamp(day, tz="Asia/Jakarta") for day in ("2026-10-01", "2026-10-15", "2026-11-01")]
    >>> len(find_cut_months(crimes, since=edges[0], until=edges[1], zone="Asia/Jakarta"))
    1
    >>> find_cut_months(crimes, since=edges[0], until=edges[2], zone="Asia/Jakarta")
    []
    """
    months = take_times(crimes)[(take_precision(crimes) == "month").to_numpy()].dropna()
    if months.empty:
        return []
    local = months.dt.tz_convert(zone).dt.tz_localize(None).dt.normalize()
    starts = local - pd.to_timedelta(local.dt.day - 1, unit="D")
    begin, end = since.tz_convert(zone).tz_localize(None), until.tz_convert(zone).tz_localize(None)
    ends = starts + pd.DateOffset(months=1)
    cut = int(((starts < end) & (ends > begin) & ~((starts >= begin) & (ends <= end))).sum())
    if not cut:
        return []
    return [
        Phrase(
            "{n:,} crimes are known by their month only, and the period begins or ends within that month: "
            "they count on its first day. Choose whole months.",
            {"n": cut},
        )
    ]


def _gather(crimes: gpd.GeoDataFrame) -> tuple[int, bool]:
    """Count the crimes with a place, and check whether all share it."""
    xy = np.column_stack(take_coordinates(crimes))
    xy = xy[np.isfinite(xy).all(axis=1)]
    return len(xy), bool(len(xy)) and bool((np.ptp(xy, axis=0) < SAME_PLACE_M).all())


def _only_day(crimes: pd.DataFrame, zone: str) -> tuple[int, date | None]:
    """Count the crimes with a time, and return their local day if all know theirs and share it."""
    times = take_times(crimes).dropna()
    if times.empty or not know_unit(crimes, "day")[take_times(crimes).notna().to_numpy()].all():
        return len(times), None
    first, last = (end.tz_convert(zone).date() for end in (times.min(), times.max()))
    return len(times), first if first == last else None
