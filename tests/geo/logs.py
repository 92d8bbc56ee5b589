"""Small logs of visits around one sample village, for the tests of evidence, status and effort."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.ground import measure_degree

if TYPE_CHECKING:
    from collections.abc import Sequence

JAKARTA = "Asia/Jakarta"
WEST, SOUTH = 111.45, -7.40  # the corner of village v1, from which all metres are counted
_EAST_M, _NORTH_M = (float(part) for part in measure_degree(SOUTH))


def degrees(x: Any, y: Any) -> tuple[Any, Any]:
    """Longitude and latitude of a place so many metres east and north of the corner."""
    return WEST + np.asarray(x) / _EAST_M, SOUTH + np.asarray(y) / _NORTH_M


def make_villages() -> gpd.GeoDataFrame:
    """Two villages of one by one kilometre, side by side, in WGS84."""
    corners = [degrees(x, y) for x, y in ((0, 0), (1_000, 1_000), (2_000, 1_000))]
    (west, south), (middle, north), (east, _) = ((float(lon), float(lat)) for lon, lat in corners)
    boxes = [shapely.box(west, south, middle, north), shapely.box(middle, south, east, north)]
    index = pd.Index(["v1", "v2"], name="village_code", dtype="str")
    return gpd.GeoDataFrame(geometry=gpd.GeoSeries(boxes, index=index, crs="EPSG:4326"))


def make_households(**places: tuple[float, float] | None) -> pd.DataFrame:
    """Households of village v1 by their metres from the corner; None has no point."""
    spots = [(np.nan, np.nan) if place is None else degrees(*place) for place in places.values()]
    lon, lat = np.array(spots, dtype=np.float64).reshape(-1, 2).T
    index = pd.Index(list(places), name="household_id", dtype="str")
    return pd.DataFrame({"lon": lon, "lat": lat, "village_code": "v1"}, index=index)


def make_log(
    times: Sequence[str],
    *,
    places: Sequence[tuple[float, float] | None] | None = None,
    **columns: Any,
) -> pd.DataFrame:
    """Visits of officer o1 at local times, with fixes in metres from the corner and more columns."""
    at = (
        pd.DatetimeIndex(pd.to_datetime(list(times), format="ISO8601")).tz_localize(JAKARTA).tz_convert("UTC")
    )
    spots = [
        (np.nan, np.nan) if place is None else degrees(*place) for place in places or [None] * len(times)
    ]
    lon, lat = np.array(spots, dtype=np.float64).reshape(-1, 2).T
    index = pd.Index([f"V{number:04d}" for number in range(len(times))], name="visit_id", dtype="str")
    frame = {"visited_at": at.as_unit("us"), "officer_id": "o1", "lon": lon, "lat": lat, **columns}
    return pd.DataFrame(frame, index=index).astype({"officer_id": "str"})
