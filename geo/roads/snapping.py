"""Where places meet the roads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Snapped:
    """Where places meet the roads.

    Attributes
    ----------
    piece
        Nearest piece of road, n.
    along
        How far along it, 0 to 1.
    distance_m
        From the place to it.
    part
        Connected part of the network that it belongs to; anything but 0 is an island.
    """

    piece: NDArray[np.int64]
    along: NDArray[np.float64]
    distance_m: NDArray[np.float64]
    part: NDArray[np.int64]

    def take(self, chosen: NDArray[np.bool_]) -> Snapped:
        """Keep some of the places."""
        return Snapped(self.piece[chosen], self.along[chosen], self.distance_m[chosen], self.part[chosen])


def snap_to_pieces(
    tree: shapely.STRtree, ends: NDArray[np.float64], part: NDArray[np.int64], places: NDArray[np.float64]
) -> Snapped:
    """Find the nearest piece of road of each place.

    Parameters
    ----------
    tree
        Index of m straight pieces.
    ends
        m by 2 by 2: start and end of each, metres.
    part
        Connected part of each piece, m.
    places
        n by 2, metres.
    """
    piece = tree.nearest(shapely.points(places)).astype(np.int64)
    start, way = ends[piece, 0], ends[piece, 1] - ends[piece, 0]
    along = ((places - start) * way).sum(axis=1) / (way**2).sum(axis=1)
    along = np.clip(along, 0, 1)
    away = places - (start + along[:, None] * way)
    return Snapped(piece, along, np.hypot(away[:, 0], away[:, 1]), part[piece])
