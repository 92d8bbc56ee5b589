"""Kernel density surface of points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy import fft

from geo.crs import require_metric
from geo.errors import ColumnError, GridError
from geo.grid import M2_PER_KM2, coarsen_cell
from geo.hotspots.bandwidth import FALLBACK_BANDWIDTH_M, compute_normal_reference
from geo.join import take_coordinates
from geo.lattice import OUTSIDE, Lattice, label_cells, prepare_polygons

if TYPE_CHECKING:
    import pyproj
    from numpy.typing import NDArray

DEFAULT_CELL_M = 100.0

_BINS_PER_BANDWIDTH = 10  # points are binned this finely: at most 1/10² = 1 % of one point's peak is lost
_NOISE = 1e-12  # share of the peak below which a value is rounding of the Fourier transform


@dataclass(frozen=True)
class DensitySurface:
    """Density of points on a grid of square cells.

    Attributes
    ----------
    values
        Points (or their weight) per km² at the centre of each cell, rows by columns; row 0 is the
        southernmost, column 0 the westernmost. NaN in cells that do not touch the area.
    west_m, south_m
        South-west corner of the south-west cell, metres in ``crs``; multiples of ``cell_m``.
    cell_m
        Side of a cell, metres.
    bandwidth_m
        Radius of the kernel, metres.
    n_points
        Points used: those with coordinates, no farther from the area's bounds than the bandwidth.
    crs
        Metric CRS of the area.
    note
        Sentences on what was adjusted, such as the cell size; empty if nothing was.
    """

    values: NDArray[np.float64]
    west_m: float
    south_m: float
    cell_m: float
    bandwidth_m: float
    n_points: int
    crs: pyproj.CRS
    note: str = ""

    @property
    def peak(self) -> float:
        """Highest density, per km²."""
        return float(np.nanmax(self.values))

    @property
    def shape(self) -> tuple[int, int]:
        """Number of rows and of columns."""
        n_rows, n_cols = self.values.shape
        return n_rows, n_cols

    def sample_at(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
        """Look up the density at coordinates.

        Parameters
        ----------
        x, y
            n coordinates each, metres in ``crs``.

        Returns
        -------
        numpy.ndarray
            n densities, each of the cell that contains the point; NaN outside the surface.

        Examples
        --------
        >>> from shapely import Point, box
        >>> area = gpd.GeoDataFrame(geometry=[box(0, 0, 900, 900)], crs="EPSG:32749")
        >>> points = gpd.GeoDataFrame(geometry=[Point(450, 450)], crs="EPSG:32749")
        >>> surface = estimate_density(points, area, bandwidth_m=500)
        >>> surface.sample_at(np.array([430.0, 5000.0]), np.array([470.0, 0.0])).round(2).tolist()
        [3.82, nan]
        """
        col = np.floor((np.asarray(x) - self.west_m) / self.cell_m)
        row = np.floor((np.asarray(y) - self.south_m) / self.cell_m)
        n_rows, n_cols = self.shape
        held = (col >= 0) & (col < n_cols) & (row >= 0) & (row < n_rows)
        found = np.full(len(held), np.nan)
        found[held] = self.values[row[held].astype(np.intp), col[held].astype(np.intp)]
        return found

    def to_frame(self) -> gpd.GeoDataFrame:
        """Return the cells that touch the area as squares.

        Returns
        -------
        geopandas.GeoDataFrame
            Squares in ``crs`` with ``crimes_per_km2``; index ``cell_id`` as in :func:`geo.grid.make_grid`.
        """
        row, col = np.nonzero(~np.isnan(self.values))
        west, south = self.west_m + col * self.cell_m, self.south_m + row * self.cell_m
        first_col, first_row = round(self.west_m / self.cell_m), round(self.south_m / self.cell_m)
        pairs = zip((first_col + col).tolist(), (first_row + row).tolist(), strict=True)
        return gpd.GeoDataFrame(
            {"crimes_per_km2": self.values[row, col]},
            geometry=shapely.box(west, south, west + self.cell_m, south + self.cell_m),
            crs=self.crs,
            index=pd.Index(
                [f"square_{self.cell_m:g}_{c}_{r}" for c, r in pairs], name="cell_id", dtype="str"
            ),
        )


@dataclass(frozen=True)
class _Frame:
    """Cells at multiples of their size, starting at column ``first_col`` and row ``first_row``."""

    first_col: int
    first_row: int
    n_cols: int
    n_rows: int
    cell_m: float

    @classmethod
    def over(cls, bounds: NDArray[np.float64], cell_m: float) -> _Frame:
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


def estimate_density(
    points: gpd.GeoDataFrame,
    area: gpd.GeoDataFrame,
    *,
    cell_m: float | None = None,
    bandwidth_m: float | None = None,
    weight: str | None = None,
) -> DensitySurface:
    """Estimate the density of points over an area with a quartic kernel.

    The density at a cell's centre is the sum over points of 3/(πh²)·(1 - d²/h²)², d < h (Silverman 1986,
    eq. 4.5). Points are binned linearly on a lattice at least ten times finer than h and convolved by
    Fourier transform, which differs from the exact sum by less than 1 % of the peak. Points outside the area
    count as far as their kernel reaches into it; there is no edge correction.

    Parameters
    ----------
    points
        Points in a metric CRS; those without coordinates are ignored.
    area
        Polygons in the CRS of ``points``.
    cell_m
        Side of a cell in metres, by default 100. Increased, with a note, where the area would need more than
        ``geo.grid.MAX_CELLS`` cells.
    bandwidth_m
        Radius h of the kernel in metres; by default chosen by :func:`choose_bandwidth` from the points in
        the area's bounds. At least one cell.
    weight
        Column of ``points`` to add up instead of counting rows.

    Returns
    -------
    DensitySurface
        Density per km² over the bounds of the area; NaN in cells that do not touch it.

    Raises
    ------
    CRSError
        If a layer has no CRS, is not in metres, or the two differ.
    GridError
        If the area is empty, or the cell size or the bandwidth is not above 0.
    GeometryError
        If ``points`` holds anything but points.
    ColumnError
        If ``points`` has no column ``weight``, or its values are missing or negative.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import Point, box
    >>> area = gpd.GeoDataFrame(geometry=[box(0, 0, 3000, 3000)], crs="EPSG:32749")
    >>> points = gpd.GeoDataFrame(geometry=[Point(1550, 1550)], crs="EPSG:32749")
    >>> surface = estimate_density(points, area, bandwidth_m=500)
    >>> surface.shape, round(surface.peak, 2)  # 3/(π·0.25 km²)
    ((30, 30), 3.82)
    """
    require_metric(points, like=area)
    if bandwidth_m is not None and not (np.isfinite(bandwidth_m) and bandwidth_m > 0):
        raise GridError("Bandwidth must be above 0 m, not {bandwidth_m} m.", bandwidth_m=bandwidth_m)
    coarsen_cell(area, cell_m=DEFAULT_CELL_M if cell_m is None else cell_m)  # raises for bad input
    xy, weights = np.stack(take_coordinates(points)), _weights(points, weight)
    bounds = np.asarray(area.total_bounds)
    radius, notes = _settle_bandwidth(xy[:, _reach(xy, bounds, 0.0)], bandwidth_m)
    size, coarser = coarsen_cell(area, cell_m=DEFAULT_CELL_M if cell_m is None else cell_m, margin_m=radius)
    if radius < size:
        notes.append(f"Bandwidth of {size:,g} m instead of {radius:,.0f} m: it is never below one cell.")
        radius = size
    counted = _reach(xy, bounds, radius)
    frame = _Frame.over(bounds, size)
    values = _convolve(xy[:, counted], weights[counted], frame, radius) * M2_PER_KM2
    return DensitySurface(
        values=np.where(frame.touches(area), values, np.nan),
        west_m=frame.first_col * size,
        south_m=frame.first_row * size,
        cell_m=size,
        bandwidth_m=radius,
        n_points=int(counted.sum()),
        crs=area.crs,
        note=" ".join(note for note in (coarser, *notes) if note),
    )


def _weights(points: gpd.GeoDataFrame, column: str | None) -> NDArray[np.float64]:
    if column is None:
        return np.ones(len(points))
    if column not in points.columns:
        raise ColumnError("The points have no weight column {column!r}.", column=column)
    weights = points[column].to_numpy(dtype=np.float64, na_value=np.nan)
    if not (np.isfinite(weights) & (weights >= 0)).all():
        raise ColumnError(
            "The column {column!r} has missing or negative weights: each row needs 0 or more.",
            column=column,
        )
    return weights


def _settle_bandwidth(xy: NDArray[np.float64], wanted: float | None) -> tuple[float, list[str]]:
    """Return the requested bandwidth, or choose one, with notes on what the points did not allow."""
    notes = [] if xy.size else ["No points in the area."]
    if wanted is not None:
        return float(wanted), notes
    if not (xy != xy[:, :1]).any():
        notes.append(
            f"Bandwidth of {FALLBACK_BANDWIDTH_M:,g} m, as the points have no spread to choose one by."
        )
    return compute_normal_reference(xy), notes


def _reach(xy: NDArray[np.float64], bounds: NDArray[np.float64], radius: float) -> NDArray[np.bool_]:
    """Return a mask of the points within the bounds widened by the radius; False for NaN."""
    low, high = bounds[:2, np.newaxis] - radius, bounds[2:, np.newaxis] + radius
    return np.all((xy >= low) & (xy <= high), axis=0)


def _convolve(
    xy: NDArray[np.float64], weights: NDArray[np.float64], frame: _Frame, radius: float
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
