"""Spatial joins: points to the areas that contain them, visits to the nearest households."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from geo.crs import require_metric
from geo.errors import GeoError, GeometryError
from geo.lattice import OUTSIDE, UNDECIDED, Lattice, find_holding_polygon, label_cells, prepare_polygons

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import ArrayLike, NDArray

DEFAULT_MAX_DISTANCE_M = 30.0
TIE_M = (
    1e-6  # households whose distances differ by less are equally near: far below any GPS or rounding error
)

_FEW_POINTS = 1_000  # below this a look-up grid costs more than it saves
_CELLS_PER_POINT = 2
_TILES = np.uint16(256)  # across and up: tile numbers fit into 16 bits, which sort fastest
_POINT, _MISSING = 0, -1  # shapely's type numbers


def assign_areas(points: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> pd.Series:
    """Find the area that contains each point.

    A point on a border is inside. Where areas share a border or overlap, the lower code wins, so that each
    point counts once and totals add up.

    Parameters
    ----------
    points
        Points in a metric CRS; a missing or empty point is in no area.
    areas
        Polygons or multipolygons in the CRS of ``points``, indexed by area code (text).

    Returns
    -------
    pandas.Series
        The code of the area on the index of ``points``; missing where the point is in none. Its name is that
        of the index of ``areas``.

    Raises
    ------
    CRSError
        If a layer has no CRS, is not in metres, or the two differ.
    GeometryError
        If ``points`` holds anything other than points, or ``areas`` anything other than polygons.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import Point, box
    >>> areas = gpd.GeoDataFrame(
    ...     geometry=[box(0, 0, 10, 10), box(10, 0, 20, 10)],
    ...     index=["3521070001", "3521070002"],
    ...     crs="EPSG:32749",
    ... )
    >>> points = gpd.GeoDataFrame(geometry=[Point(3, 3), Point(10, 5), Point(25, 5)], crs="EPSG:32749")
    >>> assign_areas(points, areas).tolist()
    ['3521070001', '3521070001', nan]
    """
    require_metric(points)
    require_metric(areas, like=points)
    x, y = take_coordinates(points)
    codes, polygons = _by_code(areas)
    found = _find(x, y, polygons)
    return pd.Series(codes.array.take(found, allow_fill=True), index=points.index, name=areas.index.name)


def locate_points(lon: ArrayLike, lat: ArrayLike, areas: gpd.GeoDataFrame) -> NDArray[np.object_]:
    """Find the area that contains each pair of coordinates, without making point objects.

    As in :func:`assign_areas`, a border is inside and the lower code wins.

    Parameters
    ----------
    lon, lat
        Coordinates in the CRS of ``areas``, n numbers each (any CRS, as nothing is measured); NaN is in no
        area.
    areas
        Polygons or multipolygons, indexed by area code (text).

    Returns
    -------
    numpy.ndarray
        n codes as objects; None where the coordinates are in no area.

    Raises
    ------
    GeometryError
        If ``areas`` holds anything other than polygons, or the coordinates are not two arrays of one length.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> areas = gpd.GeoDataFrame(geometry=[box(111, -8, 112, -7)], index=["3521070001"], crs="EPSG:4326")
    >>> locate_points([111.5, 113.0, float("nan")], [-7.5, -7.5, -7.5], areas).tolist()
    ['3521070001', None, None]
    """
    x, y = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    if x.ndim != 1 or x.shape != y.shape:
        raise GeometryError("Longitudes and latitudes must be two arrays of numbers of the same length.")
    codes, polygons = _by_code(areas)
    names = np.array([*codes, None], dtype=object)  # OUTSIDE is -1: the last entry
    return names[_find(x, y, polygons)]


def match_households(
    visits: gpd.GeoDataFrame,
    households: gpd.GeoDataFrame,
    *,
    max_distance_m: float = DEFAULT_MAX_DISTANCE_M,
) -> pd.DataFrame:
    """Find the household nearest to each visit.

    Parameters
    ----------
    visits
        Points in a metric CRS; a visit without a point matches nothing.
    households
        Points in the CRS of ``visits``, indexed by household id (text); those without a point are ignored.
    max_distance_m
        A household farther away than this is not matched, but its distance is returned.

    Returns
    -------
    pandas.DataFrame
        On the index of ``visits``: ``household_id`` (missing where no household is near enough) and
        ``distance_m`` to the nearest household (NaN without a point or without households). Of equally near
        households (to a micrometre) the lower id is taken.

    Raises
    ------
    CRSError
        If a layer has no CRS, is not in metres, or the two differ.
    GeometryError
        If a layer holds anything other than points.
    GeoError
        If ``max_distance_m`` is negative.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import Point
    >>> utm = "EPSG:32749"
    >>> households = gpd.GeoDataFrame(geometry=[Point(0, 0), Point(100, 0)], index=["h1", "h2"], crs=utm)
    >>> visits = gpd.GeoDataFrame(geometry=[Point(3, 4), Point(50, 0)], crs=utm)
    >>> match_households(visits, households)
      household_id  distance_m
    0           h1         5.0
    1          NaN        50.0
    """
    require_metric(visits)
    require_metric(households, like=visits)
    if not max_distance_m >= 0:
        raise GeoError(
            "The maximum distance must be 0 m or more, not {max_distance_m}.", max_distance_m=max_distance_m
        )
    x, y = take_coordinates(visits)
    located = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    ids, sites = _household_sites(households)
    distance = np.full(len(visits), np.nan)
    nearest = np.full(len(visits), -1, dtype=np.intp)
    if located.size and len(sites):
        distance[located], nearest[located] = _nearest_sites(np.column_stack([x[located], y[located]]), sites)
    nearest[distance > max_distance_m] = -1
    return pd.DataFrame(
        {"household_id": ids.array.take(nearest, allow_fill=True), "distance_m": distance}, index=visits.index
    )


def take_coordinates(points: gpd.GeoDataFrame) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the coordinates of points.

    Parameters
    ----------
    points
        Points in any CRS.

    Returns
    -------
    tuple[numpy.ndarray, numpy.ndarray]
        x and y in the unit of the CRS, one per row; NaN where the point is missing or empty.

    Raises
    ------
    GeometryError
        If the layer holds anything other than points.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import Point
    >>> x, y = take_coordinates(gpd.GeoDataFrame(geometry=[Point(3, 4), None]))
    >>> x.tolist(), y.tolist()
    ([3.0, nan], [4.0, nan])
    """
    geometries = points.geometry.to_numpy()
    geometries = np.where(shapely.is_empty(geometries), None, geometries)
    if not np.isin(shapely.get_type_id(geometries), (_POINT, _MISSING)).all():
        raise GeometryError("The layer contains geometries that are not points: use one point per row.")
    return shapely.get_x(geometries), shapely.get_y(geometries)


def _by_code(areas: gpd.GeoDataFrame) -> tuple[pd.Index, NDArray[np.object_]]:
    """Sort areas by code, so that the lower position is the lower code."""
    geometries = areas.geometry.to_numpy()
    usable = np.flatnonzero(~(shapely.is_missing(geometries) | shapely.is_empty(geometries)))
    codes = areas.index.take(usable)
    order = codes.argsort()
    return codes.take(order), prepare_polygons(geometries[usable[order]])


def _find(x: NDArray[np.float64], y: NDArray[np.float64], polygons: NDArray[np.object_]) -> NDArray[np.intp]:
    """Return the position of the first polygon that contains each point, or OUTSIDE."""
    found = np.full(len(x), OUTSIDE, dtype=np.intp)
    if not len(polygons):
        return found
    west, south, east, north = shapely.total_bounds(polygons)
    rows = np.flatnonzero((x >= west) & (x <= east) & (y >= south) & (y <= north))  # NaN compares false
    if rows.size > _FEW_POINTS:
        lattice = Lattice.over((west, south, east, north), n_cells=_CELLS_PER_POINT * rows.size)
        labels = label_cells(polygons, lattice)[lattice.find_cells(x[rows], y[rows])]
        found[rows] = labels
        rows = rows[labels == UNDECIDED]
    found[rows] = find_holding_polygon(x[rows], y[rows], polygons)
    return found


def _household_sites(households: gpd.GeoDataFrame) -> tuple[pd.Index, NDArray[np.float64]]:
    """Return the lowest id and the coordinates of each place with households, lower ids first."""
    x, y = take_coordinates(households)
    located = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    ids = households.index.take(located)
    order = ids.argsort()
    sites = np.column_stack([x, y])[located[order]]
    by_place = np.lexsort((sites[:, 1], sites[:, 0]))  # stable: the lower id stays first within a place
    first = np.ones(len(sites), dtype=bool)
    first[1:] = (sites[by_place][1:] != sites[by_place][:-1]).any(axis=1)
    kept = np.sort(by_place[first])
    return ids.take(order[kept]), sites[kept]


def _nearest_sites(
    places: NDArray[np.float64], sites: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Return the distance to the nearest site and its position; the first of equally near ones."""
    tree = cKDTree(sites)
    order = _order_by_tile(places)
    nearest, position, second = (
        np.empty(len(places)),
        np.empty(len(places), dtype=np.intp),
        np.empty(len(places)),
    )
    distances, positions = tree.query(places[order], k=[1, 2], workers=-1)
    nearest[order], second[order], position[order] = distances[:, 0], distances[:, 1], positions[:, 0]
    tied = np.flatnonzero(second - nearest <= TIE_M)
    if tied.size:
        rivals = tree.query_ball_point(places[tied], nearest[tied] + TIE_M, return_sorted=True)
        position[tied] = np.fromiter((rival[0] for rival in rivals), dtype=np.intp, count=tied.size)
    return nearest, position


def _order_by_tile(places: NDArray[np.float64]) -> NDArray[np.intp]:
    """Sort places by tile: with neighbours in sequence, the leaves of the tree stay in the cache."""
    tile = np.zeros(len(places), dtype=np.uint16)
    for part in places.T:
        low, width = part.min(), np.ptp(part) or 1.0
        tile = tile * _TILES + ((part - low) * ((_TILES - 1) / width)).astype(np.uint16)
    return np.argsort(tile, kind="stable")
