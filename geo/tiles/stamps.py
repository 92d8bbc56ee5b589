"""Marks of a household on a tile: a dot at low zooms, the shape of its status at high zooms."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy import ndimage

from geo.status import STATUSES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

STATUS_SHAPES: Final[Mapping[str, str]] = MappingProxyType(
    {"never": "◆", "overdue": "▲", "due": "●", "visited": "○"}
)
"""Shape of each status, for legends; they can be distinguished without colours."""

_RADII = ((0, 0), (10, 1), (13, 2), (15, 4), (17, 6))  # (first zoom, radius in pixels)
_SHAPED_FROM = 15  # zoom from which the shapes can be distinguished
_RING = 0.55  # inner radius of a ring ÷ its outer radius


@dataclass(frozen=True)
class Stamp:
    """Pixels to set around that of a household, as rows of (down, right)."""

    fill: NDArray[np.intp]
    outline: NDArray[np.intp]


@cache
def make_stamps(zoom: int, scale: int) -> tuple[Stamp, ...]:
    """Make the stamps for a zoom.

    Parameters
    ----------
    zoom
        Zoom of the tile.
    scale
        Width of the tile in pixels ÷ 256.

    Returns
    -------
    tuple[Stamp, ...]
        One for each of `geo.status.STATUSES`; up to zoom 14 all are dots without an outline.

    Examples
    --------
    >>> [len(stamp.fill) for stamp in make_stamps(5, 1)], len(make_stamps(12, 1)[0].fill)
    ([1, 1, 1, 1], 9)
    """
    radius = max(size for least, size in _RADII if zoom >= least) * scale
    if zoom < _SHAPED_FROM:
        dot = Stamp(_offsets(_dot(radius, scale)), np.empty((0, 2), dtype=np.intp))
        return (dot,) * len(STATUSES)
    return tuple(_outlined(name, radius, scale) for name in STATUSES)


def measure_stamp_radius(stamps: tuple[Stamp, ...]) -> int:
    """Return how many pixels a stamp reaches from its household."""
    return max(int(np.abs(part).max(initial=0)) for stamp in stamps for part in (stamp.fill, stamp.outline))


def _dot(radius: int, scale: int) -> NDArray[np.bool_]:
    """Make a square up to 3 pixels (of scale 1), a disc above."""
    down, right = np.mgrid[-radius : radius + 1, -radius : radius + 1]
    return np.ones(down.shape, dtype=bool) if radius <= scale else np.hypot(down, right) <= radius + 0.4


def _outlined(name: str, radius: int, scale: int) -> Stamp:
    """Make a shape of about the same area as the others, with a light line around it."""
    size = radius + 2 * scale
    down, right = np.mgrid[-size : size + 1, -size : size + 1]
    away = np.hypot(down, right)
    body = {
        "never": np.abs(down) + np.abs(right) <= radius + scale,  # larger, or it looks like the disc
        "overdue": (np.abs(right) <= (down + radius) / 2) & (down <= radius * 0.8),
        "due": away <= radius * 0.85,
        "visited": away <= radius * 0.85,
    }[name]
    fill = body & (away > radius * _RING) if name == "visited" else body
    around = ndimage.binary_dilation(body, np.ones((3, 3)), iterations=scale) & ~fill
    return Stamp(_offsets(fill), _offsets(around))


def _offsets(mask: NDArray[np.bool_]) -> NDArray[np.intp]:
    return np.argwhere(mask) - mask.shape[0] // 2
