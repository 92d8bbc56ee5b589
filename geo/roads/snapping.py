"""Snapping of places to the nearest pieces of road."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class SnappedPlaces:
    """Places snapped to roads.

    Attributes
    ----------
    piece
        Number of the piece of road, n.
    along
        Position along the piece, 0 to 1.
    distance_m
        Distance from the place to the piece, metres.
    part
        Connected part of the network that the piece belongs to; 0 is the main one.
    """

    piece: NDArray[np.int64]
    along: NDArray[np.float64]
    distance_m: NDArray[np.float64]
    part: NDArray[np.int64]

    def take(self, chosen: NDArray[np.bool_]) -> SnappedPlaces:
        """Return the chosen places only."""
        return SnappedPlaces(
            self.piece[chosen], self.along[chosen], self.distance_m[chosen], self.part[chosen]
        )

    def replace(self, which: NDArray[np.intp], others: SnappedPlaces) -> SnappedPlaces:
        """Return a copy with some of the places replaced by others."""
        values = [np.array(getattr(self, name)) for name in _FIELDS]
        for name, value in zip(_FIELDS, values, strict=True):
            value[which] = getattr(others, name)
        return SnappedPlaces(*values)


_FIELDS = ("piece", "along", "distance_m", "part")


def snap_to_pieces(
    piece: NDArray[np.integer],
    ends: NDArray[np.float64],
    part: NDArray[np.int64],
    places: NDArray[np.float64],
) -> SnappedPlaces:
    """Find the nearest point on its piece of road for each place.

    Parameters
    ----------
    piece
        Number of the piece of each place, n.
    ends
        Start and end of each piece, m by 2 by 2, metres.
    part
        Connected part of each piece, m.
    places
        Coordinates of the places, n by 2, metres.
    """
    start, way = ends[piece, 0], ends[piece, 1] - ends[piece, 0]
    along = ((places - start) * way).sum(axis=1) / (way**2).sum(axis=1)
    along = np.clip(along, 0, 1)
    away = places - (start + along[:, None] * way)
    return SnappedPlaces(piece.astype(np.int64), along, np.hypot(away[:, 0], away[:, 1]), part[piece])
