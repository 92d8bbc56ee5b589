"""Spatial weights: sparse binary matrices of neighbouring areas, cells or points, in the layer's order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy import sparse
from scipy.spatial import cKDTree

from geo.crs import require_metric
from geo.errors import ColumnError, GeometryError, GridError
from geo.grid import HEXAGON_ROW

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import ArrayLike, NDArray

QUEEN = np.sqrt(2)  # in cells: a square's eight neighbours, a hexagon's six
DEFAULT_GAP_M = 1.0  # real boundary files leave slivers between neighbours
_ROUNDING = 1e-9  # share of a distance by which a limit is widened, so that equal distances are within


def find_cell_neighbours(cell_ids: pd.Index, *, cells: float = QUEEN) -> sparse.csr_array:
    """Find the neighbours of grid cells by the distance between their centres.

    The centres are those of whole cells, taken from their ids, so that cells clipped at the area's edge keep
    their neighbours.

    Parameters
    ----------
    cell_ids
        Ids as made by :func:`geo.grid.make_grid`, all of one shape and size.
    cells
        Largest distance (≤), in cells; √2 by default, which gives a square's eight neighbours (queen) or a
        hexagon's six.

    Returns
    -------
    scipy.sparse.csr_array
        n by n, 1.0 for neighbours; symmetric, with a zero diagonal.

    Raises
    ------
    GridError
        If an id is not that of a cell, cells differ in shape or size, or ``cells`` is not above 0.

    Examples
    --------
    >>> import pandas as pd
    >>> ids = pd.Index(["square_100_0_0", "square_100_1_1", "square_100_2_0"])
    >>> find_cell_neighbours(ids).toarray().astype(int).tolist()
    [[0, 1, 0], [1, 0, 1], [0, 1, 0]]
    """
    if not cells > 0:
        raise GridError("Neighbour distance must be above 0 cells, not {cells}.", cells=cells)
    return _within(_middles(cell_ids), float(cells))


def find_place_neighbours(layer: gpd.GeoDataFrame, *, distance_m: float) -> sparse.csr_array:
    """Find the neighbours of points or areas by the distance between their centroids.

    Parameters
    ----------
    layer
        Points or polygons in a metric CRS; a row without a place has no neighbours.
    distance_m
        Largest distance (≤), in metres.

    Returns
    -------
    scipy.sparse.csr_array
        n by n, 1.0 for neighbours; symmetric, with a zero diagonal.

    Raises
    ------
    CRSError
        If the layer has no CRS or is not in metres.
    GeometryError
        If the distance is not above 0.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import Point
    >>> places = gpd.GeoDataFrame(geometry=[Point(0, 0), Point(30, 40), Point(99, 0)], crs="EPSG:32749")
    >>> find_place_neighbours(places, distance_m=50).toarray().astype(int).tolist()
    [[0, 1, 0], [1, 0, 0], [0, 0, 0]]
    """
    require_metric(layer)
    if not distance_m > 0:
        raise GeometryError(
            "Neighbour distance must be above 0 m, not {distance_m} m.", distance_m=distance_m
        )
    centroids = shapely.centroid(layer.geometry.to_numpy())
    return _within(np.column_stack([shapely.get_x(centroids), shapely.get_y(centroids)]), distance_m)


def find_area_neighbours(areas: gpd.GeoDataFrame, *, gap_m: float = DEFAULT_GAP_M) -> sparse.csr_array:
    """Find the neighbours of areas by their borders: those that touch, even at one point, or overlap.

    Parameters
    ----------
    areas
        Polygons in a metric CRS.
    gap_m
        Areas at most this far apart touch, in metres.

    Returns
    -------
    scipy.sparse.csr_array
        n by n, 1.0 for neighbours; symmetric, with a zero diagonal.

    Raises
    ------
    CRSError
        If the areas have no CRS or are not in metres.
    GeometryError
        If the gap is negative.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> areas = [box(0, 0, 10, 10), box(10, 10, 20, 20), box(30, 0, 40, 10)]
    >>> layer = gpd.GeoDataFrame(geometry=areas, crs="EPSG:32749")
    >>> find_area_neighbours(layer).toarray().astype(int).tolist()
    [[0, 1, 0], [1, 0, 0], [0, 0, 0]]
    """
    require_metric(areas)
    if not gap_m >= 0:
        raise GeometryError("Gap must be 0 m or more, not {gap_m} m.", gap_m=gap_m)
    geometries = areas.geometry.to_numpy()
    tree = shapely.STRtree(geometries)
    if gap_m > 0:
        one, other = tree.query(geometries, predicate="dwithin", distance=gap_m)
    else:
        one, other = tree.query(geometries, predicate="intersects")
    return _from_pairs(one[one < other], other[one < other], len(areas))


def include_self(neighbours: sparse.csr_array) -> sparse.csr_array:
    """Make each area its own neighbour, too, as Gi* requires.

    Parameters
    ----------
    neighbours
        n by n.

    Returns
    -------
    scipy.sparse.csr_array
        A copy with 1.0 on the diagonal.

    Examples
    --------
    >>> include_self(sparse.csr_array((2, 2))).toarray().tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    n = neighbours.shape[0]
    diagonal = sparse.diags_array(1.0 - neighbours.diagonal(), shape=(n, n))
    return sparse.csr_array(neighbours + diagonal)


def take_values(values: ArrayLike, neighbours: sparse.csr_array) -> NDArray[np.float64]:
    """Check and return values as numbers: one for each area of the weights, none missing.

    Parameters
    ----------
    values
        n numbers, or n by m.
    neighbours
        n by n.

    Returns
    -------
    numpy.ndarray
        The values, in their shape.

    Raises
    ------
    ColumnError
        If values and weights differ in length, or a value is missing.

    Examples
    --------
    >>> take_values([3, 4], sparse.csr_array((2, 2))).tolist()
    [3.0, 4.0]
    """
    numbers = np.asarray(values, dtype=np.float64)
    if len(numbers) != neighbours.shape[0]:
        raise ColumnError(
            "There are {n} values but weights for {n_areas} areas.",
            n=len(numbers),
            n_areas=neighbours.shape[0],
        )
    if not np.isfinite(numbers).all():
        raise ColumnError("Values are missing: provide one number for each area, 0 where nothing happened.")
    return numbers


def _middles(cell_ids: pd.Index) -> NDArray[np.float64]:
    """Return the centre of each cell, in units of a cell."""
    parts = cell_ids.astype("str").str.extract(r"^(square|hexagon)_([^_]+)_(-?\d+)_(-?\d+)$")
    if parts.isna().to_numpy().any():
        raise GridError(
            "Neighbours are found from cell ids such as 'square_100_3_4': use the index of a grid."
        )
    if len(parts[[0, 1]].drop_duplicates()) > 1:
        raise GridError("The cells differ in shape or size: use cells of one grid.")
    col, row = parts[2].to_numpy(dtype=np.int64), parts[3].to_numpy(dtype=np.int64)
    if (parts[0] == "hexagon").all():
        return np.column_stack([col + (row & 1) / 2, row * HEXAGON_ROW])
    return np.column_stack([col, row]).astype(np.float64)


def _within(xy: NDArray[np.float64], distance: float) -> sparse.csr_array:
    placed = np.flatnonzero(np.isfinite(xy).all(axis=1))
    if not placed.size:
        return sparse.csr_array((len(xy), len(xy)))
    pairs = cKDTree(xy[placed]).query_pairs(distance * (1 + _ROUNDING), output_type="ndarray")
    return _from_pairs(placed[pairs[:, 0]], placed[pairs[:, 1]], len(xy))


def _from_pairs(one: NDArray[np.intp], other: NDArray[np.intp], n: int) -> sparse.csr_array:
    both = np.concatenate([one, other]), np.concatenate([other, one])
    return sparse.csr_array((np.ones(len(both[0])), both), shape=(n, n))
