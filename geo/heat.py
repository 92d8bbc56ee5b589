"""Points binned into cells for a heat layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.checks import require_columns
from geo.errors import GridError, Phrase
from geo.ground import MEAN_DEGREE_M

if TYPE_CHECKING:
    from numpy.typing import NDArray

DEFAULT_CELL_M = 100.0
MAX_HEAT_CELLS = 10_000  # most cells in one heat layer: about 0.25 MB in a page

_STEEPEST = 85.0  # latitude, degrees, beyond which cells no longer narrow


def bin_points(
    points: pd.DataFrame, *, cell_m: float = DEFAULT_CELL_M, weight: str | None = None
) -> pd.DataFrame:
    """Sum points over square cells.

    Cells are laid out in local equirectangular metres, at the scale of the whole degree of latitude nearest
    to the middle of the points, so that places in a region fall into the same cells whatever the filter.

    Parameters
    ----------
    points
        With ``lon`` and ``lat``, WGS84 degrees; rows without coordinates are ignored.
    cell_m
        Side of a cell in metres. It is doubled until no more than ``MAX_HEAT_CELLS`` cells hold points.
    weight
        Column of ``points`` to sum instead of counting rows; rows without a weight are ignored.

    Returns
    -------
    pandas.DataFrame
        One row per cell with points, from south-west to north-east: ``lon`` and ``lat`` of its centre
        (WGS84) and ``weight``, the sum. ``.attrs["cell_m"]`` is the size used.

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
    require_columns(points, ("lon", "lat", *([weight] if weight else [])), Phrase("points"))
    if not (np.isfinite(cell_m) and cell_m > 0):
        raise GridError("Cell size must be above 0 m, not {size} m.", size=cell_m)
    columns = [_numbers(points["lon"]), _numbers(points["lat"])]
    columns.append(_numbers(points[weight]) if weight else np.ones(len(points)))
    lon, lat, weights = np.stack(columns)[:, np.isfinite(columns).all(axis=0)]
    degrees = _degrees_per_m(lat)
    size = cell_m
    cells, sums = _add_up(np.floor(np.stack([lon, lat]) / (degrees * size)).astype(np.int64), weights)
    while cells.shape[1] > MAX_HEAT_CELLS:
        size *= 2
        cells, sums = _add_up(cells // 2, sums)  # four cells make one of twice the side
    centre_lon, centre_lat = (cells + 0.5) * degrees * size
    binned = pd.DataFrame({"lon": centre_lon, "lat": centre_lat, "weight": sums})
    binned.attrs["cell_m"] = size
    return binned


def _numbers(column: pd.Series) -> NDArray[np.float64]:
    return column.to_numpy(dtype=np.float64, na_value=np.nan)


def _degrees_per_m(lat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the degrees of longitude and of latitude per metre, 2 by 1."""
    middle = round((lat.min() + lat.max()) / 2) if lat.size else 0
    narrowing = np.cos(np.radians(np.clip(middle, -_STEEPEST, _STEEPEST)))
    return np.array([[1 / (MEAN_DEGREE_M * narrowing)], [1 / MEAN_DEGREE_M]])


def _add_up(
    cells: NDArray[np.int64], weights: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Sum the weights of equal cells (2 by n: columns, rows); sorted by row, then column."""
    if not weights.size:
        return cells, weights
    first_col, first_row = cells.min(axis=1)
    n_cols = cells[0].max() - first_col + 1
    key, place = np.unique((cells[1] - first_row) * n_cols + cells[0] - first_col, return_inverse=True)
    sums = np.bincount(place, weights=weights).astype(np.float64, copy=False)
    return np.stack([key % n_cols + first_col, key // n_cols + first_row]), sums
