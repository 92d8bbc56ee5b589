"""Many points binned into few, for a heat layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.errors import ColumnError, GridError

if TYPE_CHECKING:
    from numpy.typing import NDArray

DEFAULT_CELL_M = 100.0
MAX_HEAT_CELLS = 10_000  # cells with points that one heat layer carries: about 0.25 MB in a page

_M_PER_DEGREE = 6_371_008.8 * np.pi / 180  # along a meridian; the Earth's mean radius (IUGG)
_STEEPEST = 85.0  # latitude, degrees, beyond which cells no longer narrow


def bin_points(
    points: pd.DataFrame, *, cell_m: float = DEFAULT_CELL_M, weight: str | None = None
) -> pd.DataFrame:
    """Add up points on square cells.

    Cells are laid in local equirectangular metres, with the scale of the whole degree of latitude nearest to
    the middle of the points: the same places in a region fall into the same cells, whatever the filter.

    Parameters
    ----------
    points
        With ``lon`` and ``lat``, WGS84 degrees; rows without coordinates are passed over.
    cell_m
        Side of a cell in metres. It is doubled until no more than ``MAX_HEAT_CELLS`` cells hold points.
    weight
        Column of ``points`` to add up instead of counting rows; a row without a weight is passed over.

    Returns
    -------
    pandas.DataFrame
        One row for each cell that holds points, from south-west to north-east: ``lon`` and ``lat`` of its
        centre (WGS84) and ``weight``, the sum. ``.attrs["cell_m"]`` is the size used.

    Raises
    ------
    ColumnError
        If a column is missing.
    GridError
        If ``cell_m`` is not above 0.

    Examples
    --------
    >>> points = pd.DataFrame({"lon": [0.0001, 0.0002, 0.0102], "lat": [0.0001, 0.0001, 0.0001]})
    >>> bin_points(points).round(5)
           lon      lat  weight
    0  0.00045  0.00045     2.0
    1  0.01034  0.00045     1.0
    """
    for column in ("lon", "lat", *([weight] if weight else [])):
        if column not in points.columns:
            raise ColumnError(f"The points have no column {column!r}.")
    if not (np.isfinite(cell_m) and cell_m > 0):
        raise GridError(f"A cell cannot have {cell_m} m: give a size above 0.")
    columns = [_numbers(points["lon"]), _numbers(points["lat"])]
    columns.append(_numbers(points[weight]) if weight else np.ones(len(points)))
    lon, lat, weights = np.stack(columns)[:, np.isfinite(columns).all(axis=0)]
    degrees = _degrees_per_m(lat)
    size = cell_m
    cells, of_point = _cells_with_points(lon, lat, degrees * size)
    while len(cells) > MAX_HEAT_CELLS:
        size *= 2
        cells, of_point = _cells_with_points(lon, lat, degrees * size)
    centres = (cells + 0.5) * degrees * size
    binned = pd.DataFrame(
        {
            "lon": centres[:, 0],
            "lat": centres[:, 1],
            "weight": np.bincount(of_point, weights=weights, minlength=len(cells)),
        }
    )
    binned.attrs["cell_m"] = size
    return binned


def _numbers(column: pd.Series) -> NDArray[np.float64]:
    return column.to_numpy(dtype=np.float64, na_value=np.nan)


def _degrees_per_m(lat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Degrees of longitude and of latitude in a metre."""
    middle = round((lat.min() + lat.max()) / 2) if lat.size else 0
    narrowing = np.cos(np.radians(np.clip(middle, -_STEEPEST, _STEEPEST)))
    return np.array([1 / (_M_PER_DEGREE * narrowing), 1 / _M_PER_DEGREE])


def _cells_with_points(
    lon: NDArray[np.float64], lat: NDArray[np.float64], side: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
    """List the cells that hold points (column and row, by row), and tell each point's place in the list."""
    col, row = (
        np.floor(part / degrees).astype(np.int64) for part, degrees in zip((lon, lat), side, strict=True)
    )
    if not col.size:
        return np.empty((0, 2), dtype=np.int64), np.empty(0, dtype=np.intp)
    n_cols = col.max() - col.min() + 1
    key, of_point = np.unique((row - row.min()) * n_cols + col - col.min(), return_inverse=True)
    cells = np.column_stack([key % n_cols + col.min(), key // n_cols + row.min()])
    return cells, of_point
