"""Index of households for tiles: one by one for high zooms, counted per pixel for low zooms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geo.checks import require_columns
from geo.errors import ColumnError, Phrase
from geo.groups import find_positions
from geo.status import STATUSES
from geo.tiles.morton import EASTERNMOST, KEY_LEVEL, NORTHERNMOST, encode_cells, encode_points

if TYPE_CHECKING:
    from numpy.typing import NDArray

COARSEST_LEVEL: Final = 8
"""Level of the pixels of the single tile of zoom 0: 2^8 by 2^8."""
FINEST_COUNTED_LEVEL: Final = 20
"""Level up to which households are counted per pixel: those of zoom 12, 38 m wide. Beyond it a tile holds few
enough to draw each one."""

_BLOCK_LEVELS = 4  # a block is 16 by 16 pixels: as far as stamps reach across the border of a tile


@dataclass(frozen=True)
class TileLevel:
    """Cells of one level that hold households.

    Attributes
    ----------
    level
        The level of the cells: the world is 2^level of them wide.
    cells
        Their Morton codes, ascending.
    counts
        Households of each cell by status, in the order of `geo.status.STATUSES`; shape (n, 4).
    """

    level: int
    cells: NDArray[np.int64]
    counts: NDArray[np.uint32]


@dataclass(frozen=True)
class TileIndex:
    """Index of households for tiles of any zoom; read-only, so that threads and users may share it.

    Attributes
    ----------
    keys
        Finest cell of each household, ascending.
    statuses
        Its position in `geo.status.STATUSES`, in the same order.
    layers
        Counts on cells, by level.
    n_unlocated
        Households without a point, or beyond the latitudes of Web Mercator, which no tile shows.
    """

    keys: NDArray[np.int64]
    statuses: NDArray[np.uint8]
    layers: dict[int, TileLevel]
    n_unlocated: int

    def __len__(self) -> int:
        """Count the households that tiles show."""
        return len(self.keys)


def index_households(households: pd.DataFrame, status: pd.Series) -> TileIndex:
    """Index households for tiles; for 3,000,000 it takes a few seconds and 200 MB.

    Parameters
    ----------
    households
        Indexed by household id, with ``lon`` and ``lat`` (WGS84).
    status
        Status of each household on the same index: text or category, of `geo.status.STATUSES`.

    Returns
    -------
    TileIndex
        What :func:`geo.tiles.render_tile` draws from.

    Raises
    ------
    ColumnError
        If a column is missing, the indexes differ, or a status is not one of the four.

    Examples
    --------
    >>> households = pd.DataFrame({"lon": [111.0, 111.0, None], "lat": -7.4}, index=["h1", "h2", "h3"])
    >>> index = index_households(households, pd.Series(["never", "visited", "due"], index=households.index))
    >>> len(index), index.n_unlocated, index.layers[8].counts.tolist()
    (2, 1, [[1, 0, 0, 1]])
    """
    require_columns(households, ("lon", "lat"), Phrase("households"))
    if not status.index.equals(households.index):
        raise ColumnError("The households and their statuses must stand on the same index.")
    lon, lat = (households[name].to_numpy(dtype=np.float64, na_value=np.nan) for name in ("lon", "lat"))
    located = np.flatnonzero(
        (np.abs(lon) <= EASTERNMOST) & (np.abs(lat) <= NORTHERNMOST)
    )  # NaN compares false
    codes = find_positions(status, pd.Index(STATUSES))
    if (codes < 0).any():
        raise ColumnError("A status is missing or unknown: give one of {statuses}.", statuses=STATUSES)
    keys = encode_points(lon[located], lat[located])
    order = np.argsort(keys)
    keys, statuses = keys[order], codes[located[order]].astype(np.uint8)
    return TileIndex(keys, statuses, _count(keys, statuses), len(lon) - len(located))


def find_in_tile(
    codes: NDArray[np.int64], code_level: int, *, tile: tuple[int, int, int], level: int
) -> NDArray[np.intp]:
    """Find the cells in a tile, or within a block (16 pixels) of its border.

    Parameters
    ----------
    codes
        Morton codes, ascending.
    code_level
        Their level.
    tile
        Zoom, column and row.
    level
        Level of the tile's pixels, at most ``code_level``.

    Returns
    -------
    numpy.ndarray
        Positions in ``codes``.

    Examples
    --------
    >>> find_in_tile(encode_cells([10, 300], [10, 10]), 9, tile=(1, 0, 0), level=9).tolist()
    [0]
    """
    zoom, col, row = tile
    block_level = level - _BLOCK_LEVELS
    side = 1 << (block_level - zoom)  # of the tile, in blocks
    along = np.arange(-1, side + 1)
    ends = np.full(len(along), -1), np.full(len(along), side)
    ring_cols = np.concatenate([along, along, *ends]) + col * side
    ring_rows = np.concatenate([*ends, along, along]) + row * side
    there = ((ring_cols | ring_rows) >= 0) & (np.maximum(ring_cols, ring_rows) < (1 << block_level))
    ring = np.unique(encode_cells(ring_cols[there], ring_rows[there]))
    shift = 2 * (code_level - block_level)
    middle = encode_cells([col], [row]) << (2 * (code_level - zoom))
    low = np.append(ring << shift, middle)
    high = np.append((ring + 1) << shift, middle + (1 << (2 * (code_level - zoom))))
    start, stop = np.searchsorted(codes, low), np.searchsorted(codes, high)
    sizes = stop - start
    return np.repeat(start - np.cumsum(sizes) + sizes, sizes) + np.arange(sizes.sum())


def _count(keys: NDArray[np.int64], statuses: NDArray[np.uint8]) -> dict[int, TileLevel]:
    """Count households per pixel at each low zoom, the coarser ones from the finer."""
    cells = keys >> (2 * (KEY_LEVEL - FINEST_COUNTED_LEVEL))
    counts = (statuses[:, None] == np.arange(len(STATUSES))).astype(np.uint32)
    layers = {}
    for level in range(FINEST_COUNTED_LEVEL, COARSEST_LEVEL - 1, -1):
        first = np.flatnonzero(np.diff(cells, prepend=-1))
        cells = cells[first]
        counts = np.add.reduceat(counts, first) if len(first) else counts
        layers[level] = TileLevel(level, cells, counts)
        cells = cells >> 2
    return layers
