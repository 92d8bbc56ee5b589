"""Sum of quartic kernels around points, at the centres of square cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy import fft

from geo.lattice import OUTSIDE, Lattice, label_cells, prepare_polygons

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

MAX_PAIRS = 1_000_000  # pairs of a point and a cell near it up to which the sum is exact: about 20 ms

_BINS_PER_BANDWIDTH = (
    10  # more points are binned this finely: at most 1/10² = 1 % of one place's peak is lost
)
_NOISE = 1e-12  # share of the peak below which a value is rounding of the Fourier transform
_PAIRS_AT_ONCE = 100_000  # 0.8 MB an array, which stays in the processor's cache


@dataclass(frozen=True)
class Frame:
    """Cells at multiples of their size, starting at column ``first_col`` and row ``first_row``."""

    first_col: int
    first_row: int
    n_cols: int
    n_rows: int
    cell_m: float

    @classmethod
    def over(cls, bounds: NDArray[np.float64], cell_m: float) -> Frame:
        """Make the frame that covers bounds; order is (west, south, east, north)."""
        first_col, first_row = np.floor(bounds[:2] / cell_m).astype(int).tolist()
        last_col, last_row = (np.ceil(bounds[2:] / cell_m) - 1).astype(int).tolist()
        n_cols, n_rows = max(last_col - first_col, 0) + 1, max(last_row - first_row, 0) + 1
        return cls(first_col, first_row, n_cols, n_rows, cell_m)

    def touches(self, area: gpd.GeoDataFrame) -> NDArray[np.bool_]:
        """Return a mask, rows by columns, of the cells that touch the area; the frame must cover it."""
        geometries = area.geometry.to_numpy()
        polygons = prepare_polygons(geometries[shapely.get_num_coordinates(geometries) > 0])
        west, south = (self.first_col - 1) * self.cell_m, (self.first_row - 1) * self.cell_m
        with_margin = Lattice(west, south, self.cell_m, self.n_cols + 2, self.n_rows + 2)
        labels = label_cells(polygons, with_margin).reshape(self.n_rows + 2, self.n_cols + 2)
        return labels[1:-1, 1:-1] != OUTSIDE


def sum_kernels(
    xy: NDArray[np.float64], weights: NDArray[np.float64], frame: Frame, radius: float
) -> NDArray[np.float64]:
    """Sum the quartic kernels of weighted points at the centres of a frame's cells.

    Where there are at most ``MAX_PAIRS`` pairs of a point and a cell of the square around it, each is added
    up. Where there are more, points are binned linearly on a lattice at least ten times finer than the radius
    and convolved by Fourier transform. That changes the kernel of one place by less than 1/10² of its peak,
    and the sum over many places by much less.

    Parameters
    ----------
    xy
        Coordinates, 2 by n, metres; no farther from the frame than the radius.
    weights
        n weights.
    frame
        The cells.
    radius
        Radius of the kernel, metres; at least one cell.

    Returns
    -------
    numpy.ndarray
        Density per square metre, rows by columns.

    Examples
    --------
    >>> one = sum_kernels(np.array([[150.0], [50.0]]), np.ones(1), Frame(0, 0, 3, 1, 100.0), 200.0)
    >>> (one / one.max()).round(4).tolist()  # (1 - 1/4)² = 0.5625
    [[0.5625, 1.0, 0.5625]]
    """
    n_near = (2 * _reach_in_cells(frame, radius) + 1) ** 2
    summed = _add_up if len(weights) * n_near <= MAX_PAIRS else _convolve
    return summed(xy, weights, frame, radius)


def _reach_in_cells(frame: Frame, radius: float) -> int:
    return int(np.ceil(radius / frame.cell_m))


def _add_up(
    xy: NDArray[np.float64], weights: NDArray[np.float64], frame: Frame, radius: float
) -> NDArray[np.float64]:
    """Add up the kernels of all points, exactly."""
    reach = _reach_in_cells(frame, radius)
    margin = 2 * reach + 1  # of a point that lies a radius outside, and rounding
    n_rows, n_cols = frame.n_rows + 2 * margin, frame.n_cols + 2 * margin
    uv = xy / frame.cell_m - np.array([[frame.first_col], [frame.first_row]])
    home = np.floor(uv).astype(np.intp)
    steps = np.arange(-reach, reach + 1)
    squared = ((home - uv)[..., np.newaxis] + steps + 0.5) ** 2 * (frame.cell_m / radius) ** 2
    places = (home + margin)[..., np.newaxis] + steps
    density = np.zeros(n_rows * n_cols)
    at_once = max(_PAIRS_AT_ONCE // len(steps) ** 2, 1)
    for start in range(0, len(weights), at_once):
        some = slice(start, start + at_once)
        kernel = 1 - (squared[1, some, :, np.newaxis] + squared[0, some, np.newaxis, :])
        kernel = np.maximum(kernel, 0, out=kernel) ** 2 * weights[some, np.newaxis, np.newaxis]
        cell = places[1, some, :, np.newaxis] * n_cols + places[0, some, np.newaxis, :]
        density += np.bincount(cell.ravel(), weights=kernel.ravel(), minlength=len(density))
    inside = density.reshape(n_rows, n_cols)[margin:-margin, margin:-margin]
    return 3 / (np.pi * radius**2) * inside


def _convolve(
    xy: NDArray[np.float64], weights: NDArray[np.float64], frame: Frame, radius: float
) -> NDArray[np.float64]:
    """Return the density at the centres of the frame's cells, per square metre.

    The lattice has n_bins by n_bins nodes per cell, one of them at its centre. Nodes at the same position in
    their cells form one image of the frame, convolved with the kernel shifted to that position; the
    transforms of all positions are summed.
    """
    reach = int(np.ceil(radius / frame.cell_m)) + 2  # in cells; 2 for the next node and rounding
    n_bins = 2 * int(np.ceil(_BINS_PER_BANDWIDTH * frame.cell_m / radius) // 2) + 1  # odd
    rows, cols = frame.n_rows + 2 * reach, frame.n_cols + 2 * reach
    origin = np.array([[frame.first_col - reach], [frame.first_row - reach]])
    lattice = _bin_linearly(
        (xy / frame.cell_m - origin) * n_bins - 0.5, weights, (rows * n_bins, cols * n_bins)
    )
    size = [fft.next_fast_len(side + 2 * reach, real=True) for side in (rows, cols)]
    spectrum = np.zeros((size[0], size[1] // 2 + 1), dtype=np.complex128)
    for up, right in np.ndindex(n_bins, n_bins):
        place = (np.array([right, up]) + 0.5) / n_bins
        kernel = _quartic_from(place, reach, radius / frame.cell_m) / frame.cell_m**2
        spectrum += fft.rfft2(lattice[up::n_bins, right::n_bins], size) * fft.rfft2(kernel, size)
    start = 2 * reach  # skips the margin of the image and half of the kernel
    density = fft.irfft2(spectrum, size)[start : start + frame.n_rows, start : start + frame.n_cols]
    return np.where(density > _NOISE * density.max(), density, 0.0)


def _bin_linearly(
    uv: NDArray[np.float64], weights: NDArray[np.float64], shape: tuple[int, int]
) -> NDArray[np.float64]:
    """Split each weight among the four nodes around its point (u to the right, v up, in nodes)."""
    node = np.floor(uv).astype(np.intp)
    part = uv - node
    places, shares = [], []
    for up, right in np.ndindex(2, 2):
        places.append((node[1] + up) * shape[1] + node[0] + right)
        shares.append(np.abs(1 - right - part[0]) * np.abs(1 - up - part[1]) * weights)
    n_nodes = shape[0] * shape[1]
    binned = np.bincount(np.concatenate(places), weights=np.concatenate(shares), minlength=n_nodes)
    return binned.astype(np.float64, copy=False).reshape(shape)  # bincount returns integers for no points


def _quartic_from(place: NDArray[np.float64], reach: int, radius: float) -> NDArray[np.float64]:
    """Return the kernel at the centres of cells around a node at (x, y) of its own cell; all in cells."""
    steps = np.arange(-reach, reach + 1) + 0.5
    squared = ((steps - place[0]) ** 2 + (steps[:, np.newaxis] - place[1]) ** 2) / radius**2
    return 3 / (np.pi * radius**2) * np.clip(1 - squared, 0, None) ** 2
