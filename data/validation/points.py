"""Points of rows, from one column, two columns or geometry, in any CRS → WGS84 longitude and latitude."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from data.values import read_degrees, read_pairs
from geo.crs import WGS84, to_wgs84

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from data.readers import RawTable
    from data.validation.faults import Faults

_MAX_LON, _MAX_LAT = 180.0, 90.0
_POINT, _AREAS = 0, (3, 6)  # shapely's type numbers: point, polygon and multipolygon


@dataclass(frozen=True)
class Points:
    """Points of n rows.

    Parameters
    ----------
    given
        n rows of x and y as in the file, in its own CRS; NaN where there is no point.
    wgs84
        n rows of longitude and latitude; both NaN where there is no point, or an impossible one.
    crs
        CRS of ``given``.
    """

    given: NDArray[np.float64]
    wgs84: NDArray[np.float64]
    crs: str


def read_point_columns(lon: pd.Series, lat: pd.Series, *, faults: Faults) -> NDArray[np.float64]:
    """Read points from two text columns.

    Parameters
    ----------
    lon, lat
        n texts each, trimmed; longitude and latitude in degrees, or easting and northing.
    faults
        Gets ``bad_coordinates``.

    Returns
    -------
    numpy.ndarray
        n rows of x and y; NaN where there is no point.
    """
    x, y = read_degrees(lon), read_degrees(lat)
    half = np.isnan(x.angles) != np.isnan(y.angles)
    faults.add("bad_coordinates", x.bad | y.bad | half)
    return np.column_stack([x.angles, y.angles])


def read_point_column(texts: pd.Series, *, faults: Faults) -> NDArray[np.float64]:
    """Read points from one text column; otherwise as ``read_point_columns``."""
    points, bad = read_pairs(texts)
    faults.add("bad_coordinates", bad)
    return points


def read_geometry_points(raw: RawTable, *, faults: Faults) -> NDArray[np.float64]:
    """Read points from a file's geometry: points as they are, and a point inside each area.

    Parameters
    ----------
    raw
        A file with geometry.
    faults
        Gets ``not_a_point``.

    Returns
    -------
    numpy.ndarray
        n rows, as from ``read_point_columns``.
    """
    shapes = shapely.from_wkb(raw.geometry)
    present = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    kinds = shapely.get_type_id(shapes)
    areas = present & np.isin(kinds, _AREAS)
    shapes[areas] = shapely.point_on_surface(shapely.make_valid(shapes[areas]))
    faults.add("not_a_point", present & (kinds != _POINT) & ~areas)
    points = np.where(present & (shapely.get_type_id(shapes) == _POINT), shapes, None)
    return np.column_stack([shapely.get_x(points), shapely.get_y(points)])


def finish_points(given: NDArray[np.float64], *, crs: str, swap: bool = False, faults: Faults) -> Points:
    """Convert coordinates to WGS84 and check that they are possible.

    Parameters
    ----------
    given
        n rows of x and y.
    crs
        Their CRS.
    swap
        Whether x and y are exchanged in the file.
    faults
        Gets ``bad_coordinates`` (outside the valid range) and ``zero_coordinates``.

    Returns
    -------
    Points
        On the rows of ``given``.
    """
    x, y = (given[:, ::-1] if swap else given).T
    whole = np.isfinite(x) & np.isfinite(y)
    zero = whole & (x == 0) & (y == 0)
    faults.add("zero_coordinates", zero)
    points = to_lon_lat(np.column_stack([x, y]), crs)
    beyond = whole & ~((np.abs(points[:, 0]) <= _MAX_LON) & (np.abs(points[:, 1]) <= _MAX_LAT))
    faults.add("bad_coordinates", beyond)
    points[~whole | beyond | zero] = np.nan
    return Points(given, points, crs)


def to_lon_lat(points: NDArray[np.float64], crs: str) -> NDArray[np.float64]:
    """Convert n rows of x and y to WGS84 longitude and latitude; NaN stays NaN."""
    points = points.copy()
    whole = np.isfinite(points).all(axis=1)
    if crs != WGS84 and whole.any():
        layer = gpd.GeoSeries(gpd.points_from_xy(*points[whole].T), crs=crs)
        moved = to_wgs84(gpd.GeoDataFrame(geometry=layer)).geometry
        points[whole] = np.column_stack([moved.x, moved.y])
    return points
