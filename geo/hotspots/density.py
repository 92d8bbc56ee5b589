"""Kernel density surface of points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import require_metric
from geo.errors import ColumnError, GridError
from geo.grid import M2_PER_KM2, coarsen_cell
from geo.hotspots.bandwidth import FALLBACK_BANDWIDTH_M, compute_normal_reference
from geo.hotspots.kernel import Frame, sum_kernels
from geo.join import take_coordinates

if TYPE_CHECKING:
    import pyproj
    from numpy.typing import NDArray

DEFAULT_CELL_M = 100.0


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
    eq. 4.5). It is exact for some thousands of points; of more, it differs from the exact sum by less than
    1 % of the peak (:func:`geo.hotspots.kernel.sum_kernels`). Points outside the area count as far as their
    kernel reaches into it; there is no edge correction.

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
    frame = Frame.over(bounds, size)
    values = sum_kernels(xy[:, counted], weights[counted], frame, radius) * M2_PER_KM2
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
