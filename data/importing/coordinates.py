"""Hints that a file's coordinates are exchanged or in metres; suggested, never applied automatically."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from data.validation.points import to_lon_lat
from geo.crs import WGS84, choose_metric_crs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from data.validation import Points

Bounds = tuple[float, float, float, float]
"""Bounds; order is (west, south, east, north)."""

_MARGIN_DEGREES = 0.5  # around the unit's bounding box: about 50 km
_WORLD = (-180.0, -90.0, 180.0, 90.0)
_ENOUGH = 0.5  # share of the points that a fix must move into the expected area
_UTM_ZONES = 60
_UTM_SIZE = 100


@dataclass(frozen=True)
class CoordinateHint:
    """A suggested fix for the coordinates of a whole file.

    Parameters
    ----------
    kind
        ``swap``: longitude and latitude seem to be exchanged; ``crs``: the coordinates seem to be metres.
    value
        For ``crs``, the EPSG code that moves the points to the unit's villages; "" if none does.
    n_points
        Number of points that are in the expected area with the fix.
    """

    kind: Literal["swap", "crs"]
    value: str
    n_points: int


def find_coordinate_hint(points: Points, bounds: Bounds, *, swap: bool) -> CoordinateHint | None:
    """Check whether another reading of a file's coordinates would put most of them in the expected area.

    Parameters
    ----------
    points
        The points as in the file, and as they were read.
    bounds
        Bounds of the unit's villages in degrees (west, south, east, north); not finite if there are none.
    swap
        Whether longitude and latitude were already exchanged.

    Returns
    -------
    CoordinateHint or None
        None if the points are plausible as they are, or no other reading is better.
    """
    given = points.given[np.isfinite(points.given).all(axis=1)]
    given = given[(given != 0).any(axis=1)]
    if not len(given):
        return None
    home = _home(bounds)
    now = _count(to_lon_lat(given[:, ::-1] if swap else given, points.crs), home)
    if now >= _ENOUGH * len(given):
        return None
    if not swap:
        turned = _count(to_lon_lat(given[:, ::-1], points.crs), home)
        if turned > now and turned >= _ENOUGH * len(given):
            return CoordinateHint("swap", "", turned)
    if points.crs == WGS84 and (np.abs(given) > _WORLD[2]).any(axis=1).mean() >= _ENOUGH:
        return _find_metric(given, bounds)
    return None


def _home(bounds: Bounds) -> Bounds:
    """Return where points are expected: near the unit, or anywhere on earth if it has no villages."""
    if not np.isfinite(bounds).all():
        return _WORLD
    west, south, east, north = bounds
    margin = _MARGIN_DEGREES
    return west - margin, south - margin, east + margin, north + margin


def _count(points: NDArray[np.float64], home: Bounds) -> int:
    west, south, east, north = home
    lon, lat = points.T
    return int(((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)).sum())


def _find_metric(given: NDArray[np.float64], bounds: Bounds) -> CoordinateHint:
    """Try the unit's UTM zone and its neighbours."""
    if not np.isfinite(bounds).all():
        return CoordinateHint("crs", "", 0)
    middle = choose_metric_crs(bounds).to_epsg() or 0
    zone = middle % _UTM_SIZE
    codes = [middle, *(middle + step for step in (-1, 1) if 1 <= zone + step <= _UTM_ZONES)]
    counts = {f"EPSG:{code}": _count(to_lon_lat(given, f"EPSG:{code}"), _home(bounds)) for code in codes}
    best = max(counts, key=lambda code: counts[code])
    return (
        CoordinateHint("crs", best, counts[best])
        if counts[best] >= _ENOUGH * len(given)
        else CoordinateHint("crs", "", 0)
    )
