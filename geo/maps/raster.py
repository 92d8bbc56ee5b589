"""Layer of a density surface, as one small image."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image
from scipy import ndimage

from geo.crs import WGS84, move_coordinates
from geo.maps.base import OfflineMap, ScriptLayer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.classify import Classes
    from geo.hotspots import DensitySurface

WEB_MERCATOR = "EPSG:3857"
MAX_SIDE_PX = 640
_KNOTS = 33  # points along a side at which coordinates are projected exactly
_FINER = 3  # pixels per cell side, so that classes have smooth edges


def add_surface(map_: OfflineMap, surface: DensitySurface, classes: Classes) -> OfflineMap:
    """Draw a density surface, coloured by class.

    Parameters
    ----------
    map_
        The map to draw on.
    surface
        Density by cell in a metric CRS; NaN outside the area.
    classes
        The classes and their colours; values of 0 or below the first break are transparent.

    Returns
    -------
    OfflineMap
        The same map.

    Raises
    ------
    CRSError
        If the surface has no CRS.
    """
    values, bounds = warp_surface(surface)
    picture = paint_values(values, classes)
    ScriptLayer("surface", picture, bounds).place_on(map_)
    return map_


def warp_surface(surface: DensitySurface) -> tuple[np.ndarray, list[list[float]]]:
    """Warp a surface to Web Mercator, the CRS of image overlays.

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
    x, y = np.meshgrid(np.linspace(left, right, _KNOTS), np.linspace(top, bottom, _KNOTS))
    easting, northing = move_coordinates(x, y, source=WEB_MERCATOR, target=surface.crs)
    knots = np.meshgrid(_between_knots(height), _between_knots(width), indexing="ij")
    column = _read_knots((easting - surface.west_m) / surface.cell_m - 0.5, knots)
    row = _read_knots((northing - surface.south_m) / surface.cell_m - 0.5, knots)
    longitude, latitude = move_coordinates(
        np.array([left, right]), np.array([bottom, top]), source=WEB_MERCATOR, target=WGS84
    )
    bounds = np.column_stack([latitude, longitude]).round(6).tolist()
    return _interpolate(surface.values, row.ravel(), column.ravel()).reshape(height, width), bounds


def _frame(surface: DensitySurface) -> np.ndarray:
    """Find the Web Mercator rectangle around a surface: left, bottom, right, top."""
    rows, columns = surface.values.shape
    xs, ys = np.meshgrid(
        surface.west_m + np.linspace(0, columns * surface.cell_m, _KNOTS),
        surface.south_m + np.linspace(0, rows * surface.cell_m, _KNOTS),
    )
    x, y = move_coordinates(xs, ys, source=surface.crs, target=WEB_MERCATOR)
    return np.array([x.min(), y.min(), x.max(), y.max()])


def _between_knots(n_pixels: int) -> np.ndarray:
    """Return the positions of pixel centres in units of knots."""
    return (np.arange(n_pixels) + 0.5) / n_pixels * (_KNOTS - 1)


def _read_knots(values: np.ndarray, at: Sequence[np.ndarray]) -> np.ndarray:
    """Interpolate between the knots; over a regency, projections bend by far less than a cell."""
    return ndimage.map_coordinates(values, np.array(at), order=1)


def _interpolate(values: np.ndarray, row: np.ndarray, column: np.ndarray) -> np.ndarray:
    """Interpolate a grid between cell centres; NaN where the cell that contains the point is NaN."""
    inside = ~np.isnan(values)
    at = np.array([row, column])
    between = ndimage.map_coordinates(np.where(inside, values, 0.0), at, order=1, mode="nearest")
    cell = np.floor(at + 0.5).astype(int)
    within = ((cell >= 0) & (cell < np.array(values.shape)[:, None])).all(axis=0)
    shown = np.zeros(len(row), dtype=bool)
    shown[within] = inside[cell[0, within], cell[1, within]]
    return np.where(shown, between, np.nan)


def paint_values(values: np.ndarray, classes: Classes) -> str:
    """Paint densities as a PNG with one colour per class, transparent where there is no class.

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
