"""Points of rows: two columns or the file's own geometry, in any CRS → WGS84 longitude and latitude."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from data.values import read_numbers
from geo.crs import WGS84, to_wgs84

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from data.readers import RawTable
    from data.validation.faults import Faults

_MAX_LON, _MAX_LAT = 180.0, 90.0
_POINT, _AREAS = 0, (3, 6)  # shapely's type numbers: point, polygon and multipolygon


def read_columns(lon: pd.Series, lat: pd.Series, *, crs: str, faults: Faults) -> NDArray[np.float64]:
    """Read points from two columns of text.

    Parameters
    ----------
    lon, lat
        n texts each, trimmed; longitude and latitude in degrees, or easting and northing.
    crs
        What they are in.
    faults
        Where ``bad_coordinates`` and ``zero_coordinates`` are held against rows.

    Returns
    -------
    numpy.ndarray
        n rows of WGS84 longitude and latitude; NaN, NaN where there is no point.
    """
    (x, bad_x), (y, bad_y) = read_numbers(lon), read_numbers(lat)
    faults.add("bad_coordinates", bad_x | bad_y | (np.isnan(x) != np.isnan(y)))
    return _finish(x, y, crs=crs, faults=faults)


def read_geometry(raw: RawTable, *, crs: str | None, faults: Faults) -> NDArray[np.float64]:
    """Read points from a file's own geometry: a point as it is, an area's inner point.

    Parameters
    ----------
    raw
        A file with geometry.
    crs
        What it is in, where the person knows better than the file.
    faults
        Where ``not_a_point`` and the reasons of ``read_columns`` are held against rows.

    Returns
    -------
    numpy.ndarray
        n rows, as from ``read_columns``.
    """
    shapes = shapely.from_wkb(raw.geometry)
    present = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    kinds = shapely.get_type_id(shapes)
    areas = present & np.isin(kinds, _AREAS)
    shapes[areas] = shapely.point_on_surface(shapely.make_valid(shapes[areas]))
    faults.add("not_a_point", present & (kinds != _POINT) & ~areas)
    points = np.where(present & (shapely.get_type_id(shapes) == _POINT), shapes, None)
    return _finish(shapely.get_x(points), shapely.get_y(points), crs=crs or raw.crs or WGS84, faults=faults)


def _finish(
    x: NDArray[np.float64], y: NDArray[np.float64], *, crs: str, faults: Faults
) -> NDArray[np.float64]:
    """Bring coordinates to WGS84 and look whether they can be."""
    whole = np.isfinite(x) & np.isfinite(y)
    zero = whole & (x == 0) & (y == 0)
    faults.add("zero_coordinates", zero)
    if crs != WGS84 and whole.any():
        layer = gpd.GeoSeries(gpd.points_from_xy(x[whole], y[whole]), crs=crs)
        moved = to_wgs84(gpd.GeoDataFrame(geometry=layer)).geometry
        x, y = x.copy(), y.copy()
        x[whole], y[whole] = moved.x.to_numpy(), moved.y.to_numpy()
    beyond = whole & ~((np.abs(x) <= _MAX_LON) & (np.abs(y) <= _MAX_LAT))
    faults.add("bad_coordinates", beyond)
    points = np.column_stack([x, y])
    points[~whole | beyond | zero] = np.nan
    return points
