"""Raised-risk areas: where a near repeat is more likely now, and until when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.counting import take_times
from geo.crs import require_metric
from geo.errors import PeriodError
from geo.join import take_coordinates
from geo.precision import know_unit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.repeats.knox import Metric
    from geo.repeats.reading import KnoxReading


def find_raised_risk_areas(
    crimes: gpd.GeoDataFrame,
    reading: KnoxReading,
    *,
    now: pd.Timestamp,
    metric: Metric = "manhattan",
) -> gpd.GeoDataFrame:
    """Find the areas where the risk of a near repeat is raised now, and until when.

    Parameters
    ----------
    crimes
        Points of the kind of crime behind ``reading``, in a metric CRS, with ``occurred_at`` (tz-aware), and
        ``occurred_to`` and ``time_precision`` where known; those whose day is not known are left out.
    reading
        Reading of :func:`measure_near_repeats`.
    now
        Present time, tz-aware.
    metric
        Metric of the reading: the area around each crime is a diamond (Manhattan) or a circle, without its
        middle where the reading begins farther away; those that overlap are merged.

    Returns
    -------
    geopandas.GeoDataFrame
        Raised-risk areas in the CRS of ``crimes``, the one with the most crimes first, index ``area`` from
        1: ``n_crimes`` as many days ago as the reading says, ``last_at`` (the latest of them), ``until_at``
        (when the risk is back to normal; both UTC) and ``geometry``. Empty where no risk is raised.

    Raises
    ------
    CRSError
        If the crimes have no CRS or their CRS is not in metres.
    ColumnError
        If ``occurred_at`` is missing or has no time zone.
    PeriodError
        If ``now`` has no time zone.

    Examples
    --------
    >>> from shapely import Point
    >>> from geo.repeats import KnoxReading
    >>> times = pd.to_datetime(["2026-10-01", "2026-10-06", "2026-09-01"], utc=True)
    >>> places = [Point(0, 0), Point(150, 0), Point(9000, 0)]
    >>> crimes = gpd.GeoDataFrame({"occurred_at": times}, geometry=places, crs="EPSG:32749")
    >>> reading = KnoxReading(distance_m=100, days=7, n_observed=9, n_expected=3.0, ratio=3.0, p=0.001)
    >>> found = find_raised_risk_areas(crimes, reading, now=pd.Timestamp("2026-10-07", tz="UTC"))
    >>> found[["n_crimes", "until_at"]].values.tolist()
    [[2, Timestamp('2026-10-13 00:00:00+0000', tz='UTC')]]
    """
    require_metric(crimes)
    if now.tzinfo is None:
        raise PeriodError("The current time must have a time zone.")
    times, (x, y) = take_times(crimes), take_coordinates(crimes)
    lasting = pd.Timedelta(days=reading.days)
    begun = know_unit(crimes, "day") & (times <= now - pd.Timedelta(days=reading.days_from))
    active = np.flatnonzero(begun & (times > now - lasting) & np.isfinite(x) & np.isfinite(y))
    places = np.column_stack([x, y])[active]
    marks = _shapes(places, reading.distance_m, metric)
    if reading.distance_from_m > 0:
        marks = shapely.difference(marks, _shapes(places, reading.distance_from_m, metric))
    areas = shapely.get_parts(shapely.union_all(marks)) if active.size else np.empty(0, dtype=object)
    mark, area = shapely.STRtree(areas).query(shapely.point_on_surface(marks), predicate="intersects")
    latest = times.iloc[active[mark]].groupby(area).max()
    found = gpd.GeoDataFrame(
        {
            "n_crimes": np.bincount(area, minlength=len(areas)),
            "last_at": latest.to_numpy() if active.size else pd.DatetimeIndex([], tz="UTC"),
        },
        geometry=gpd.GeoSeries(areas, crs=crimes.crs),
        crs=crimes.crs,
    )
    found["last_at"] = pd.DatetimeIndex(found["last_at"]).tz_convert("UTC")
    found.insert(2, "until_at", found["last_at"] + lasting)
    found = found.sort_values(["n_crimes", "last_at"], ascending=False, kind="stable")
    return found.set_index(pd.RangeIndex(1, len(found) + 1, name="raised_risk_area"))


def _shapes(xy: NDArray[np.float64], distance_m: float, metric: Metric) -> NDArray[np.object_]:
    if metric == "euclidean":
        return np.asarray(shapely.buffer(shapely.points(xy), distance_m))
    corners = np.array([[1, 0], [0, 1], [-1, 0], [0, -1]]) * distance_m
    return np.asarray(shapely.polygons(xy[:, np.newaxis] + corners))
