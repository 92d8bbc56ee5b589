"""Lattice of square cells that speeds up finding the polygon that contains a point."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy import ndimage

from geo.errors import GeometryError

if TYPE_CHECKING:
    from numpy.typing import NDArray

OUTSIDE, UNDECIDED = -1, -2  # labels beside the positions of polygons

_MOST_CELLS = 1 << 20  # of a lattice: 8 MB; more no longer pays off
_SAFETY = 1e-6  # share of a cell by which borders are widened when cells are marked
_FINEST = 1e7  # smallest cell, in multiples of the floating-point spacing of the coordinates
_POLYGON, _MULTIPOLYGON = 3, 6  # shapely's type numbers


@dataclass(frozen=True)
class Lattice:
    """Square cells, numbered row by row from the south-west; polygons must not extend beyond them."""

    west: float
    south: float
    cell: float
    n_cols: int
    n_rows: int

    @classmethod
    def over(cls, bounds: tuple[float, float, float, float], *, n_cells: int) -> Lattice:
        """Make about ``n_cells`` cells over (west, south, east, north), with a margin of one cell."""
        west, south, east, north = bounds
        width, height = east - west, north - south
        n_cells = min(n_cells, _MOST_CELLS)
        finest = _FINEST * float(np.spacing(np.abs(bounds).max()))
        cell = max(np.sqrt(width * height / n_cells), max(width, height) / n_cells, finest)
        n_cols, n_rows = (int(side // cell) + 3 for side in (width, height))
        return cls(west - cell, south - cell, cell, n_cols, n_rows)

    def find_cells(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.intp]:
        """Return the cell of each point; monotone in x and y, as the marking of borders requires."""
        col = ((x - self.west) / self.cell).astype(np.intp)
        row = ((y - self.south) / self.cell).astype(np.intp)
        return row * self.n_cols + col

    def find_centres(self, cells: NDArray[np.intp]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return x and y of the centres of cells."""
        row, col = np.divmod(cells, self.n_cols)
        return self.west + (col + 0.5) * self.cell, self.south + (row + 0.5) * self.cell


def prepare_polygons(geometries: NDArray[np.object_]) -> NDArray[np.object_]:
    """Copy polygons and prepare the copies for many tests.

    They are copied because threads must not share a prepared geometry and the caller's must not change.

    Parameters
    ----------
    geometries
        Polygons and multipolygons, none missing.

    Returns
    -------
    numpy.ndarray
        The polygons without heights, in the same order.

    Raises
    ------
    GeometryError
        If there are geometries of other types.

    Examples
    --------
    >>> prepare_polygons(np.array([shapely.box(0, 0, 1, 1)])).size
    1
    """
    if not np.isin(shapely.get_type_id(geometries), (_POLYGON, _MULTIPOLYGON)).all():
        raise GeometryError(
            "The areas contain geometries that are not polygons: use polygons or multipolygons."
        )
    polygons = shapely.force_2d(geometries)
    shapely.prepare(polygons)
    return polygons


def find_holding_polygon(
    x: NDArray[np.float64], y: NDArray[np.float64], polygons: NDArray[np.object_]
) -> NDArray[np.intp]:
    """Find the first polygon that contains each point, testing every candidate.

    Parameters
    ----------
    x, y
        n coordinates each, finite.
    polygons
        What :func:`prepare_polygons` returned.

    Returns
    -------
    numpy.ndarray
        n positions in ``polygons``; OUTSIDE where none contains the point. A border belongs to its polygon.

    Examples
    --------
    >>> polygons = prepare_polygons(np.array([shapely.box(0, 0, 2, 2), shapely.box(1, 0, 3, 2)]))
    >>> find_holding_polygon(np.array([1.5, 3.0, 4.0]), np.array([1.0, 1.0, 1.0]), polygons).tolist()
    [0, 1, -1]
    """
    point, polygon = shapely.STRtree(polygons).query(shapely.points(x, y))
    holds = shapely.intersects_xy(polygons[polygon], x[point], y[point])
    first = np.full(len(x), len(polygons), dtype=np.intp)
    np.minimum.at(first, point[holds], polygon[holds])
    return np.where(first == len(polygons), OUTSIDE, first)


def label_cells(polygons: NDArray[np.object_], lattice: Lattice) -> NDArray[np.intp]:
    """Find the first polygon that contains the whole of each cell.

    Adjacent cells without a border lie in the same polygons, so that one exact test serves them all.

    Parameters
    ----------
    polygons
        What :func:`prepare_polygons` returned.
    lattice
        The cells.

    Returns
    -------
    numpy.ndarray
        For each cell, by its number, a position in ``polygons``, OUTSIDE where no polygon touches the cell,
        or UNDECIDED where a border runs through it or within a millionth of its side from it.

    Examples
    --------
    >>> polygons = prepare_polygons(np.array([shapely.box(1.5, 1.5, 4.5, 4.5)]))
    >>> label_cells(polygons, Lattice(west=0, south=0, cell=1, n_cols=6, n_rows=6)).reshape(6, 6)[2]
    array([-1, -2,  0,  0, -2, -1])
    """
    border = np.zeros(lattice.n_rows * lattice.n_cols, dtype=bool)
    # Pieces of half a cell span at most two columns and rows: their bounds' corners mark all cells met.
    lines = shapely.get_parts(shapely.segmentize(shapely.boundary(polygons), lattice.cell / 2))
    xy, line = shapely.get_coordinates(lines, return_index=True)
    joined = line[1:] == line[:-1]
    start, end = xy[:-1][joined], xy[1:][joined]
    margin = _SAFETY * lattice.cell
    low, high = np.minimum(start, end) - margin, np.maximum(start, end) + margin
    for x in (low[:, 0], high[:, 0]):
        for y in (low[:, 1], high[:, 1]):
            border[lattice.find_cells(x, y)] = True
    patches, n_patches = ndimage.label(~border.reshape(lattice.n_rows, lattice.n_cols))
    sample = np.zeros(n_patches + 1, dtype=np.intp)
    sample[patches.ravel()] = np.arange(border.size)  # any cell of a patch will do
    label = find_holding_polygon(*lattice.find_centres(sample), polygons)
    label[0] = UNDECIDED  # ndimage numbers the background 0: the cells with a border
    return label[patches.ravel()]
