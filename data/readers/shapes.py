"""Conversion of geometry from files to two-dimensional WKB, with the rows where it failed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

WGS84 = "EPSG:4326"
_MAX_DEGREES = (180.0, 90.0)


class FileShapes(NamedTuple):
    """Geometry of n rows.

    Parameters
    ----------
    wkb
        None where a row has no geometry, or none that can be read.
    faults
        ``bad_geometry`` → positions of the rows whose geometry cannot be read; empty if all can.
    """

    wkb: NDArray[np.object_]
    faults: Mapping[str, NDArray[np.int64]]


def normalise_shapes(shapes: NDArray[np.object_], wanted: NDArray[np.bool_]) -> FileShapes:
    """Convert geometries to the form used in raw tables.

    Parameters
    ----------
    shapes
        n geometries, None where there is none.
    wanted
        n booleans: where the file has something that should be a geometry.
    """
    broken = np.flatnonzero(wanted & shapely.is_missing(shapes))
    return FileShapes(
        shapely.to_wkb(shapely.force_2d(shapes)), {"bad_geometry": broken} if len(broken) else {}
    )


def normalise_wkb(wkb: NDArray[np.object_]) -> FileShapes:
    """Normalise the WKB of n rows, None where there is none."""
    wanted = np.array([part is not None for part in wkb], dtype=bool)
    return normalise_shapes(shapely.from_wkb(wkb, on_invalid="ignore"), wanted)


def guess_crs(wkb: NDArray[np.object_]) -> str | None:
    """Guess the CRS of geometry that has none: WGS84 if the coordinates can be degrees, else None.

    Examples
    --------
    >>> guess_crs(shapely.to_wkb(shapely.points([[111.4, -7.4]])))
    'EPSG:4326'
    """
    bounds = np.abs(shapely.bounds(shapely.from_wkb(wkb)))
    if np.isfinite(bounds).any() and (np.nanmax(bounds, axis=0) > [*_MAX_DEGREES, *_MAX_DEGREES]).any():
        return None
    return WGS84
