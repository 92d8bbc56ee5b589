"""Methods that predict crime by cell from past crime, for :func:`geo.accuracy.measure_rolling_accuracy`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.accuracy import BASELINE
from geo.counting import count_by_area
from geo.grid import M2_PER_KM2
from geo.hotspots.density import estimate_density
from geo.hotspots.getis import compute_gi_scores
from geo.join import assign_areas
from geo.weights import find_cell_neighbours

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    import numpy as np
    from numpy.typing import NDArray

    from geo.accuracy import Method


def score_by_counts(past: gpd.GeoDataFrame, cells: gpd.GeoDataFrame) -> NDArray[np.float64]:
    """Score cells by their past crimes per km², the baseline for the other methods.

    Parameters
    ----------
    past
        Points in a metric CRS.
    cells
        Grid in the CRS of ``past``.

    Returns
    -------
    numpy.ndarray
        One score per cell.

    Raises
    ------
    CRSError
        If a layer has no CRS, is not in metres, or the two differ.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import Point, box
    >>> from geo.grid import make_grid
    >>> cells = make_grid(gpd.GeoDataFrame(geometry=[box(0, 0, 400, 100)], crs="EPSG:32749"), cell_m=100)
    >>> past = gpd.GeoDataFrame(geometry=[Point(50, 50)] * 3, crs="EPSG:32749")
    >>> score_by_counts(past, cells).tolist()
    [300.0, 0.0, 0.0, 0.0]
    """
    counts = count_by_area(assign_areas(past, cells), cells.index)
    return counts.to_numpy() / (cells.geometry.area.to_numpy() / M2_PER_KM2)


def score_by_density(
    past: gpd.GeoDataFrame, cells: gpd.GeoDataFrame, *, bandwidth_m: float | None = None
) -> NDArray[np.float64]:
    """Score cells by the kernel density of past crimes at a point within each.

    Parameters
    ----------
    past
        Points in a metric CRS.
    cells
        Grid in the CRS of ``past``.
    bandwidth_m
        Radius of the kernel in metres; by default chosen by :func:`geo.hotspots.choose_bandwidth`.

    Returns
    -------
    numpy.ndarray
        One score per cell, crimes per km².

    Raises
    ------
    CRSError
        If a layer has no CRS, is not in metres, or the two differ.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import Point, box
    >>> from geo.grid import make_grid
    >>> cells = make_grid(gpd.GeoDataFrame(geometry=[box(0, 0, 400, 100)], crs="EPSG:32749"), cell_m=100)
    >>> past = gpd.GeoDataFrame(geometry=[Point(50, 50)] * 3, crs="EPSG:32749")
    >>> score_by_density(past, cells, bandwidth_m=200).round(1).tolist()  # 3·3/(π·0.04 km²), 0.5625 of it
    [71.6, 40.3, 0.0, 0.0]
    """
    surface = estimate_density(past, cells, bandwidth_m=bandwidth_m)
    within = cells.geometry.representative_point()
    return surface.sample_at(within.x.to_numpy(), within.y.to_numpy())


def score_by_gi_star(past: gpd.GeoDataFrame, cells: gpd.GeoDataFrame) -> NDArray[np.float64]:
    """Score cells by Gi* of their past counts, with the eight (hexagons: six) adjacent cells as neighbours.

    Parameters
    ----------
    past
        Points in a metric CRS.
    cells
        Grid in the CRS of ``past``, indexed as by :func:`geo.grid.make_grid`.

    Returns
    -------
    numpy.ndarray
        One score per cell.

    Raises
    ------
    CRSError
        If a layer has no CRS, is not in metres, or the two differ.
    GridError
        If the cells are not from one grid.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import Point, box
    >>> from geo.grid import make_grid
    >>> cells = make_grid(gpd.GeoDataFrame(geometry=[box(0, 0, 400, 100)], crs="EPSG:32749"), cell_m=100)
    >>> past = gpd.GeoDataFrame(geometry=[Point(50, 50)] * 3, crs="EPSG:32749")
    >>> score_by_gi_star(past, cells).round(2).tolist()
    [1.0, 0.58, -1.73, -1.0]
    """
    counts = count_by_area(assign_areas(past, cells), cells.index)
    return compute_gi_scores(counts.to_numpy(), find_cell_neighbours(cells.index))


SCORING_METHODS: Mapping[str, Method] = {
    BASELINE: score_by_counts,
    "density": score_by_density,
    "gi_star": score_by_gi_star,
}
