"""Square and hexagonal analysis grids."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import require_metric
from geo.errors import GeometryError, GridError

if TYPE_CHECKING:
    from numpy.typing import NDArray

Shape = Literal["square", "hexagon"]

MAX_CELLS = 100_000  # of one grid, counted over the bounds of the area
CELLS_ACROSS = 50  # cells along the shorter side of an area, for a chosen cell size
ROUNDING_M = 100.0  # chosen cell sizes are whole multiples of this
M2_PER_KM2 = 1e6

HEXAGON_ROW = np.sqrt(3) / 2  # height of a row of hexagons, in cells
_POLYGON, _MULTIPOLYGON = 3, 6  # shapely's type numbers


class _Cells(NamedTuple):
    """Columns and rows of cells, aligned to the CRS's origin."""

    col: NDArray[np.int64]
    row: NDArray[np.int64]


def make_grid(
    area: gpd.GeoDataFrame, *, cell_m: float | None = None, shape: Shape = "square"
) -> gpd.GeoDataFrame:
    """Make a grid of equal cells over an area, each clipped to it.

    Cells lie at whole multiples of their size from the origin of the CRS, so that a place is in the same
    cell, with the same id, whatever the area.

    Parameters
    ----------
    area
        Polygons in a metric CRS that together form the area.
    cell_m
        Side of a square, or distance between opposite sides of a hexagon, in metres; by default that of
        :func:`choose_cell_size`.
    shape
        ``"square"`` or ``"hexagon"`` (two corners pointing north and south).

    Returns
    -------
    geopandas.GeoDataFrame
        Cells that overlap the area, in the CRS of ``area``, from south-west to north-east: index ``cell_id``,
        ``area_km2`` of the clipped cell, ``geometry``. ``.attrs["cell_m"]`` is the size used;
        ``.attrs["note"]`` states that cells were made coarser to stay within ``MAX_CELLS``, or is empty.

    Raises
    ------
    CRSError
        If the area has no CRS or is not in metres.
    GridError
        If the area is empty, or the cell size or the shape is not valid.

    Examples
    --------
    >>> from shapely import box
    >>> area = gpd.GeoDataFrame(geometry=[box(50, 0, 300, 100)], crs="EPSG:32749")
    >>> make_grid(area, cell_m=100)["area_km2"]
    cell_id
    square_100_0_0    0.005
    square_100_1_0    0.010
    square_100_2_0    0.010
    Name: area_km2, dtype: float64
    """
    size = choose_cell_size(area) if cell_m is None else cell_m
    size, note = coarsen_cell(area, cell_m=size, shape=shape)
    cells = _cells_over(_bounds_of(area), size, shape)
    outlines = _draw(cells, size, shape)
    clipped = _clip(outlines, area)
    ground = shapely.area(clipped)
    kept = np.flatnonzero(ground > 0)
    pairs = zip(cells.col[kept].tolist(), cells.row[kept].tolist(), strict=True)
    grid = gpd.GeoDataFrame(
        {"area_km2": ground[kept] / M2_PER_KM2},
        geometry=clipped[kept],
        crs=area.crs,
        index=pd.Index([f"{shape}_{size:g}_{col}_{row}" for col, row in pairs], name="cell_id", dtype="str"),
    )
    grid.attrs = {"cell_m": size, "note": note}
    return grid


def choose_cell_size(area: gpd.GeoDataFrame) -> float:
    """Choose a cell size that gives about fifty cells along the shorter side of an area.

    Parameters
    ----------
    area
        Polygons in a metric CRS.

    Returns
    -------
    float
        Cell size in metres: whole hundreds, at least 100.

    Raises
    ------
    CRSError
        If the area has no CRS or is not in metres.
    GridError
        If the area is empty.

    Examples
    --------
    >>> from shapely import box
    >>> choose_cell_size(gpd.GeoDataFrame(geometry=[box(0, 0, 40_000, 12_000)], crs="EPSG:32749"))
    200.0
    """
    west, south, east, north = _bounds_of(area)
    shorter = min(east - west, north - south)
    return max(ROUNDING_M, ROUNDING_M * round(shorter / CELLS_ACROSS / ROUNDING_M))


def count_cells(area: gpd.GeoDataFrame, *, cell_m: float, shape: Shape = "square") -> int:
    """Count the cells over the bounds of an area, without making them.

    Parameters
    ----------
    area
        Polygons in a metric CRS.
    cell_m
        Size of a cell, in metres.
    shape
        ``"square"`` or ``"hexagon"``.

    Returns
    -------
    int
        An upper bound of the number of cells that :func:`make_grid` would make.

    Raises
    ------
    CRSError
        If the area has no CRS or is not in metres.
    GridError
        If the area is empty, or the cell size or the shape is not valid.

    Examples
    --------
    >>> from shapely import box
    >>> count_cells(gpd.GeoDataFrame(geometry=[box(0, 0, 1000, 500)], crs="EPSG:32749"), cell_m=100)
    50
    """
    _require_cell(cell_m, shape)
    (first_col, last_col), (first_row, last_row) = _spans(_bounds_of(area), cell_m, shape)
    return int(last_col - first_col + 1) * int(last_row - first_row + 1)


def coarsen_cell(
    area: gpd.GeoDataFrame, *, cell_m: float, shape: Shape = "square", margin_m: float = 0.0
) -> tuple[float, str]:
    """Increase a cell size until there are at most ``MAX_CELLS`` cells over the bounds of an area.

    Parameters
    ----------
    area
        Polygons in a metric CRS.
    cell_m
        The requested size, in metres.
    shape
        ``"square"`` or ``"hexagon"``.
    margin_m
        Distance by which the bounds are widened on every side, in metres.

    Returns
    -------
    tuple[float, str]
        The size, in metres (the requested one, or whole hundreds), and a note, empty if nothing changed.

    Raises
    ------
    CRSError
        If the area has no CRS or is not in metres.
    GridError
        If the area is empty, or the cell size or the shape is not valid.

    Examples
    --------
    >>> from shapely import box
    >>> coarsen_cell(gpd.GeoDataFrame(geometry=[box(0, 0, 99_000, 99_000)], crs="EPSG:32749"), cell_m=100)
    (400.0, 'Cells of 400 m instead of 100 m: with those there would be 980,100, more than 100,000.')
    """
    _require_cell(cell_m, shape)
    west, south, east, north = _bounds_of(area)
    frame = gpd.GeoDataFrame(
        geometry=[shapely.box(west - margin_m, south - margin_m, east + margin_m, north + margin_m)],
        crs=area.crs,
    )
    wanted = count_cells(frame, cell_m=cell_m, shape=shape)
    size = cell_m
    while (n_cells := count_cells(frame, cell_m=size, shape=shape)) > MAX_CELLS:
        size = max(ROUNDING_M * np.ceil(size * np.sqrt(n_cells / MAX_CELLS) / ROUNDING_M), size + ROUNDING_M)
    if size == cell_m:
        return float(size), ""
    note = (
        f"Cells of {size:,.0f} m instead of {cell_m:,g} m: with those there would be {wanted:,}, "
        f"more than {MAX_CELLS:,}."
    )
    return float(size), note


def _bounds_of(area: gpd.GeoDataFrame) -> tuple[float, float, float, float]:
    """Return the bounds; order is (west, south, east, north)."""
    require_metric(area)
    west, south, east, north = (float(bound) for bound in area.total_bounds)
    if not np.isfinite([west, south, east, north]).all():
        raise GridError("The area is empty: at least one polygon is needed.")
    return west, south, east, north


def _require_cell(cell_m: float, shape: str) -> None:
    if shape not in ("square", "hexagon"):
        raise GridError("Grid shape must be 'square' or 'hexagon', not {shape!r}.", shape=shape)
    if not (np.isfinite(cell_m) and cell_m > 0):
        raise GridError("Cell size must be above 0 m, not {size} m.", size=cell_m)


def _spans(
    bounds: tuple[float, float, float, float], size: float, shape: Shape
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return first and last column, and first and last row, of the cells that may overlap the bounds."""
    west, south, east, north = bounds
    if shape == "square":
        return _span(west, east, size), _span(south, north, size)
    height = size * HEXAGON_ROW  # a hexagon reaches 2/3 of a row beyond its centre, and ½ or 1 column
    return (
        (np.floor(west / size - 1), np.ceil(east / size + 0.5)),
        (np.floor(south / height - 2 / 3), np.ceil(north / height + 2 / 3)),
    )


def _span(low: float, high: float, size: float) -> tuple[float, float]:
    """Return the first and last square between two coordinates; at least one."""
    first = np.floor(low / size)
    return first, max(first, np.ceil(high / size) - 1)


def _cells_over(bounds: tuple[float, float, float, float], size: float, shape: Shape) -> _Cells:
    (first_col, last_col), (first_row, last_row) = _spans(bounds, size, shape)
    cols = np.arange(first_col, last_col + 1).astype(np.int64)
    rows = np.arange(first_row, last_row + 1).astype(np.int64)
    return _Cells(np.tile(cols, len(rows)), np.repeat(rows, len(cols)))


def _draw(cells: _Cells, size: float, shape: Shape) -> NDArray[np.object_]:
    """Make the outlines of cells; neighbours have exactly equal corners, so that there are no gaps."""
    if shape == "square":
        return shapely.box(cells.col * size, cells.row * size, (cells.col + 1) * size, (cells.row + 1) * size)
    # Corners lie on a lattice of half cells across and thirds of a row up.
    across = 2 * cells.col + (cells.row & 1)
    corners_x = across[:, np.newaxis] + np.array([0, 1, 1, 0, -1, -1])
    corners_y = 3 * cells.row[:, np.newaxis] + np.array([2, 1, -1, -2, -1, 1])
    xy = np.stack([corners_x * (size / 2), corners_y * (size * HEXAGON_ROW / 3)], axis=-1)
    return shapely.polygons(xy)


def _polygons_of(area: gpd.GeoDataFrame) -> NDArray[np.object_]:
    """Return the polygons of an area, without missing and empty ones, invalid ones repaired."""
    polygons = area.geometry.to_numpy()
    polygons = polygons[~(shapely.is_missing(polygons) | shapely.is_empty(polygons))]
    if not np.isin(shapely.get_type_id(polygons), (_POLYGON, _MULTIPOLYGON)).all():
        raise GeometryError(
            "The area contains geometries that are not polygons: use polygons or multipolygons."
        )
    return np.where(shapely.is_valid(polygons), polygons, shapely.make_valid(polygons))


def _clip(outlines: NDArray[np.object_], area: gpd.GeoDataFrame) -> NDArray[np.object_]:
    """Clip outlines to the area; None where they do not meet it."""
    polygons = _polygons_of(area)
    tree = shapely.STRtree(outlines)
    whole = tree.query(shapely.union_all(polygons), predicate="covers")
    clipped = np.full(len(outlines), None, dtype=object)
    clipped[whole] = outlines[whole]
    # Clip by each small polygon, not by their union: the cost grows with the corners of the polygon.
    polygon, outline = tree.query(polygons, predicate="intersects")
    at_edge = ~np.isin(outline, whole)
    polygon, outline = polygon[at_edge], outline[at_edge]
    owners, shares = _join_pieces(shapely.intersection(outlines[outline], polygons[polygon]), outline)
    clipped[owners] = shares
    return clipped


def _join_pieces(
    pieces: NDArray[np.object_], owner: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.object_]]:
    """Merge the pieces of each owner; lines and points, where only borders meet, are dropped."""
    parts, piece = shapely.get_parts(pieces, return_index=True)
    solid = shapely.get_type_id(parts) == _POLYGON
    owners, number = np.unique(owner[piece[solid]], return_inverse=True)
    order = np.argsort(number, kind="stable")
    bundles = shapely.multipolygons(parts[solid][order], indices=number[order])
    return owners, shapely.union_all(bundles[:, np.newaxis], axis=1)
