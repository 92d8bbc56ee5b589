"""A density surface as one small picture over the map."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
from PIL import Image
from scipy import ndimage

from geo.crs import to_metric, to_wgs84
from geo.maps.base import OfflineMap, ScriptLayer

if TYPE_CHECKING:
    from geo.classify import Classes
    from geo.hotspots import DensitySurface

WEB_MERCATOR = "EPSG:3857"
MAX_SIDE_PX = 640
_FINER = 3  # pixels along one cell, so that classes end in smooth lines


def add_surface(
    map_: OfflineMap, surface: DensitySurface, classes: Classes, *, name: str | None = None
) -> OfflineMap:
    """Lay a density surface over the map, coloured by class.

    Parameters
    ----------
    map_
        The map to draw on.
    surface
        Density by cell in a metric CRS; NaN outside the area.
    classes
        The classes and their colours; what is 0, or below the first break, stays clear.
    name
        The layer's name in the layer control.

    Returns
    -------
    OfflineMap
        The same map.

    Raises
    ------
    CRSError
        If the surface has no CRS.
    """
    values, bounds = warp(surface)
    picture = paint(values, classes)
    ScriptLayer("surface", picture, bounds, name=name).place_on(map_)
    return map_


def warp(surface: DensitySurface) -> tuple[np.ndarray, list[list[float]]]:
    """Bring a surface to Web Mercator, in which map pictures are stretched.

    Densities between cell centres are interpolated linearly.

    Parameters
    ----------
    surface
        Density by cell in a metric CRS.

    Returns
    -------
    values : numpy.ndarray
        Densities, NaN outside the area; row 0 is north.
    bounds : list
        Order is [south, west], [north, east], degrees.

    Raises
    ------
    CRSError
        If the surface has no CRS.
    """
    rows, columns = surface.values.shape
    left, bottom, right, top = _frame(surface)
    finer = min(_FINER, MAX_SIDE_PX / max(rows, columns))
    height, width = max(1, round(rows * finer)), max(1, round(columns * finer))
    x, y = np.meshgrid(
        left + (np.arange(width) + 0.5) * (right - left) / width,
        top - (np.arange(height) + 0.5) * (top - bottom) / height,
    )
    there = to_metric(_points(x.ravel(), y.ravel(), WEB_MERCATOR), like=_nothing(surface.crs)).geometry
    column = (there.x.to_numpy() - surface.west_m) / surface.cell_m - 0.5
    row = (there.y.to_numpy() - surface.south_m) / surface.cell_m - 0.5
    corners = to_wgs84(_points(np.array([left, right]), np.array([bottom, top]), WEB_MERCATOR)).geometry
    bounds = np.column_stack([corners.y, corners.x]).round(6).tolist()
    return _interpolate(surface.values, row, column).reshape(height, width), bounds


def _frame(surface: DensitySurface) -> np.ndarray:
    """Find the Web Mercator rectangle around a surface: left, bottom, right, top."""
    rows, columns = surface.values.shape
    x = surface.west_m + np.linspace(0, columns * surface.cell_m, 20)
    y = surface.south_m + np.linspace(0, rows * surface.cell_m, 20)
    xs, ys = np.meshgrid(x, y)
    grid = _points(xs.ravel(), ys.ravel(), surface.crs)
    return to_metric(grid, like=_nothing(WEB_MERCATOR)).total_bounds


def _interpolate(values: np.ndarray, row: np.ndarray, column: np.ndarray) -> np.ndarray:
    """Read a grid between its cell centres; NaN where the cell that a place lies in has none."""
    inside = ~np.isnan(values)
    at = np.array([row, column])
    between = ndimage.map_coordinates(np.where(inside, values, 0.0), at, order=1, mode="nearest")
    cell = np.floor(at + 0.5).astype(int)
    within = ((cell >= 0) & (cell < np.array(values.shape)[:, None])).all(axis=0)
    shown = np.zeros(len(row), dtype=bool)
    shown[within] = inside[cell[0, within], cell[1, within]]
    return np.where(shown, between, np.nan)


def paint(values: np.ndarray, classes: Classes) -> str:
    """Paint densities as a PNG of one colour a class, clear where there is nothing.

    Parameters
    ----------
    values
        Densities; row 0 is north.
    classes
        The classes and their colours, weakest first.

    Returns
    -------
    str
        A ``data:`` URL.
    """
    shown = (values > 0) & (values >= classes.breaks[0])
    number = np.where(shown, classes.assign(values.ravel()).reshape(values.shape) + 1, 0).astype(np.uint8)
    picture = Image.fromarray(number)
    rgb = [int(colour[start : start + 2], 16) for colour in classes.colours for start in (1, 3, 5)]
    picture.putpalette([0, 0, 0, *rgb])
    file = io.BytesIO()
    picture.save(file, "PNG", transparency=0, optimize=True)
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode("ascii")


def _points(x: np.ndarray, y: np.ndarray, crs: object) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=gpd.points_from_xy(x, y, crs=crs))


def _nothing(crs: object) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=[], crs=crs)
