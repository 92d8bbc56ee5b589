"""Travel times and distances between places: the protocol for plans, and straight lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from geo.errors import GeoError
from geo.ground import measure_ground_distance

if TYPE_CHECKING:
    from numpy.typing import NDArray

UNREACHABLE_S = 7 * 86_400
"""Travel time in seconds where there is no connection: longer than any shift, so no one is sent there."""
_METRES_PER_KM, _SECONDS_PER_HOUR = 1_000, 3_600
_ROUNDING = 1e-9  # so that exactly 60 s does not become 61 s


class TravelMatrix(NamedTuple):
    """Travel times and distances between n places.

    Attributes
    ----------
    seconds
        n by n whole seconds, rounded up; rows are origins, columns destinations.
    metres
        n by n distances, NaN where there is no connection.
    """

    seconds: NDArray[np.int64]
    metres: NDArray[np.float64]


class Travel(Protocol):
    """Source of travel times and distances: straight lines, or a road network."""

    def between(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> TravelMatrix:
        """Measure travel between all pairs of n places, given in WGS84 degrees."""
        ...

    def bound_times(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return seconds that travel between the first place and each place takes at least."""
        ...


@dataclass(frozen=True)
class StraightLine:
    """Travel along straight lines, lengthened by a detour factor.

    Attributes
    ----------
    speed_kmh
        Mean speed on village roads.
    detour
        Ratio of travel distance to straight-line distance; about 1.3 in built-up areas.
    """

    speed_kmh: float = 15.0
    detour: float = 1.3

    def __post_init__(self) -> None:
        """Raise for an invalid speed or detour."""
        if not (self.speed_kmh > 0 and self.detour >= 1):
            raise GeoError(
                "Speed must be above 0 km/h, and a detour cannot be shorter than the straight line."
            )

    def between(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> TravelMatrix:
        """Measure travel between all pairs of places.

        Parameters
        ----------
        lon, lat
            WGS84 degrees, n each.

        Returns
        -------
        Ways
            Travel times and distances, n by n.

        Examples
        --------
        >>> ways = StraightLine().between(np.array([111.0, 111.001]), np.array([-7.4, -7.4]))
        >>> ways.metres.round(1).tolist()
        [[0.0, 143.5], [143.5, 0.0]]
        >>> ways.seconds.tolist()
        [[0, 35], [35, 0]]
        """
        metres = self.detour * measure_ground_distance(lon[:, None], lat[:, None], lon[None, :], lat[None, :])
        return TravelMatrix(round_up_seconds(self._time(metres)), metres)

    def bound_times(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.int64]:
        """Measure travel times between the first place and each place.

        Parameters
        ----------
        lon, lat
            WGS84 degrees, n each.

        Returns
        -------
        numpy.ndarray
            Whole seconds, n: not only bounds but the times themselves.

        Examples
        --------
        >>> StraightLine().bound_times(np.array([111.0, 111.001]), np.array([-7.4, -7.4])).tolist()
        [0, 35]
        """
        first = np.zeros(len(lon), dtype=np.intp)
        return round_up_seconds(
            self._time(self.detour * measure_ground_distance(lon[first], lat[first], lon, lat))
        )

    def _time(self, metres: NDArray[np.float64]) -> NDArray[np.float64]:
        return metres * (_SECONDS_PER_HOUR / (self.speed_kmh * _METRES_PER_KM))


def round_up_seconds(seconds: NDArray[np.float64]) -> NDArray[np.int64]:
    """Round up to whole seconds; NaN, infinity and more than a week become ``UNREACHABLE_S``."""
    known = np.nan_to_num(seconds, nan=UNREACHABLE_S, posinf=UNREACHABLE_S)
    return np.ceil(np.minimum(known, UNREACHABLE_S) - _ROUNDING).astype(np.int64)
