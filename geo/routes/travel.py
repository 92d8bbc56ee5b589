"""How long it takes from place to place: what plans ask, and the answer without a road network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from geo.errors import GeoError
from geo.ground import ground_distance

if TYPE_CHECKING:
    from numpy.typing import NDArray

UNREACHABLE_S = 7 * 86_400
"""Seconds of a way that does not exist: more than any shift has, so that nobody is sent there."""
_METRES_PER_KM, _SECONDS_PER_HOUR = 1_000, 3_600
_ROUNDING = 1e-9  # so that a way of exactly 60 s does not become 61 s


class Ways(NamedTuple):
    """The ways between n places.

    Attributes
    ----------
    seconds
        n by n whole seconds, rounded up; row is from, column is to.
    metres
        n by n, NaN where there is no way.
    """

    seconds: NDArray[np.int64]
    metres: NDArray[np.float64]


class Travel(Protocol):
    """What tells the ways between places: straight lines, or a road network."""

    def between(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> Ways:
        """Measure all ways between n places in WGS84 degrees."""
        ...


@dataclass(frozen=True)
class StraightLine:
    """Ways as the crow flies, made longer by a factor.

    Attributes
    ----------
    speed_kmh
        Mean speed on village roads.
    detour
        Length of the way over that of the straight line; about 1.3 in built-up places.
    """

    speed_kmh: float = 15.0
    detour: float = 1.3

    def __post_init__(self) -> None:
        """Refuse what is no speed or no detour."""
        if not (self.speed_kmh > 0 and self.detour >= 1):
            raise GeoError("A speed is above 0 km/h, and a detour is no shorter than the straight line.")

    def between(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> Ways:
        """Measure all ways between places.

        Parameters
        ----------
        lon, lat
            WGS84 degrees, n each.

        Returns
        -------
        Ways
            See there.

        Examples
        --------
        >>> ways = StraightLine().between(np.array([111.0, 111.001]), np.array([-7.4, -7.4]))
        >>> ways.metres.round(1).tolist()
        [[0.0, 143.5], [143.5, 0.0]]
        >>> ways.seconds.tolist()
        [[0, 35], [35, 0]]
        """
        metres = self.detour * ground_distance(lon[:, None], lat[:, None], lon[None, :], lat[None, :])
        seconds = metres * (_SECONDS_PER_HOUR / (self.speed_kmh * _METRES_PER_KM))
        return Ways(whole_seconds(seconds), metres)


def whole_seconds(seconds: NDArray[np.float64]) -> NDArray[np.int64]:
    """Round up to whole seconds; ways that do not exist, or take longer than a week, take a week."""
    known = np.nan_to_num(seconds, nan=UNREACHABLE_S, posinf=UNREACHABLE_S)
    return np.ceil(np.minimum(known, UNREACHABLE_S) - _ROUNDING).astype(np.int64)
