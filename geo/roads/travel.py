"""Fastest travel between places on a road network, searched on the junctions needed only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.sparse.csgraph import dijkstra

from geo.routes.travel import StraightLine, TravelMatrix, round_up_seconds

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from geo.roads.network import RoadNetwork
    from geo.roads.snapping import SnappedPlaces

OFF_ROAD_KMH, OFF_ROAD_DETOUR = 5.0, 1.3
"""Speed and detour factor between a place and its road, on foot."""

_SOURCES_AT_ONCE: Final = 64
_METRES_PER_SECOND: Final = 1 / 3.6
_FIRST_SECONDS: Final = 600.0  # initial limit of a search, doubled until all ends are found
_MARGIN: Final = 1 + 1e-9  # so that rounding does not exclude junctions at the limit


@dataclass(frozen=True)
class RoadTravel:
    """Travel on a road network, as ``geo.routes.Travel``.

    Attributes
    ----------
    network
        The road network.
    """

    network: RoadNetwork

    def between(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> TravelMatrix:
        """Measure the fastest travel between places, including the stretch between each place and its road.

        Parameters
        ----------
        lon, lat
            WGS84 degrees, n each.

        Returns
        -------
        TravelMatrix
            Shortest times and the distances travelled. There is no connection between two parts; places
            farther than ``network.snap_m`` from all roads are reached by straight lines with a detour factor.
        """
        lon, lat = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
        snapped = self.network.snap(lon, lat)
        on_road = snapped.distance_m <= self.network.snap_m
        travel = StraightLine().between(lon, lat)
        if not on_road.any():
            return travel
        near = snapped.take(on_road)
        seconds, metres = _between_roads(self.network, near)
        away = OFF_ROAD_DETOUR * (near.distance_m[:, None] + near.distance_m[None, :])
        seconds, metres = seconds + away / (OFF_ROAD_KMH * _METRES_PER_SECOND), metres + away
        np.fill_diagonal(seconds, 0)
        np.fill_diagonal(metres, 0)
        both = np.ix_(on_road, on_road)
        travel.seconds[both] = round_up_seconds(seconds)
        travel.metres[both] = np.where(np.isfinite(seconds), metres, np.nan)
        return travel

    def bound_times(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return what travel between the first place and each place takes at least.

        Parameters
        ----------
        lon, lat
            WGS84 degrees, n each.

        Returns
        -------
        numpy.ndarray
            Whole seconds, n, as if a straight road of the network's highest speed led there.
        """
        fastest = max(float(self.network.speed_mps.max(initial=0.0)) / _METRES_PER_SECOND, OFF_ROAD_KMH)
        return StraightLine(max(fastest, StraightLine().speed_kmh), 1.0).bound_times(lon, lat)


def _between_roads(
    network: RoadNetwork, snapped: SnappedPlaces
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Measure travel between points on roads: along one chain, or through the best pair of junctions."""
    chains, piece = network.chains, snapped.piece
    ends, of_end = np.unique(chains.ends[piece], return_inverse=True)
    end_s, end_m = _between_junctions(network, ends)
    near = of_end.reshape(-1, 2)
    gone = (snapped.along * network.length_m[piece])[:, None] * chains.away[piece]
    to_m = chains.metres[piece] + gone
    to_s = chains.seconds[piece] + gone / network.speed_mps[piece][:, None]
    same = chains.chain[piece][:, None] == chains.chain[piece][None, :]
    metres = np.abs(to_m[:, None, 0] - to_m[None, :, 0])
    seconds = np.where(same, np.abs(to_s[:, None, 0] - to_s[None, :, 0]), np.inf)
    for mine, other in ((0, 0), (0, 1), (1, 0), (1, 1)):
        pairs = np.ix_(near[:, mine], near[:, other])
        total = to_s[:, mine, None] + end_s[pairs] + to_s[None, :, other]
        way = to_m[:, mine, None] + end_m[pairs] + to_m[None, :, other]
        metres = np.where(total < seconds, way, metres)
        seconds = np.minimum(total, seconds)
    return seconds, metres


def _between_junctions(
    network: RoadNetwork, ends: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Measure travel between junctions, on the part of the network that fastest routes can touch."""
    kept = _needed_junctions(network, ends)
    graph, lengths = network.seconds[kept][:, kept], network.metres[kept][:, kept]
    inner = np.searchsorted(kept, ends)
    seconds, metres = [], []
    for first in range(0, len(inner), _SOURCES_AT_ONCE):
        sources = inner[first : first + _SOURCES_AT_ONCE]
        times, before = dijkstra(graph, indices=sources, return_predecessors=True)
        seconds.append(times[:, inner])
        metres.append(_metres_along(lengths, times, before)[:, inner])
    return np.concatenate(seconds), np.concatenate(metres)


def _needed_junctions(network: RoadNetwork, ends: NDArray[np.int64]) -> NDArray[np.int64]:
    """Find the junctions that a fastest route between any two of ``ends`` can touch, in ascending order.

    No such route takes longer than twice the time from a root to the farthest end; each junction on it is
    within half of that from one of its two ends, so within the time to the farthest end.
    """
    roots = ends[np.unique(network.part[ends], return_index=True)[1]]
    radius = _grow(network.seconds, roots, ends)
    reach = dijkstra(network.seconds, indices=ends, min_only=True, limit=radius * _MARGIN)
    return np.flatnonzero(np.isfinite(reach))


def _grow(graph: csr_array, roots: NDArray[np.int64], ends: NDArray[np.int64]) -> float:
    """Return the time from the roots, one in each connected part, to the farthest end."""
    limit = _FIRST_SECONDS
    while True:
        found = dijkstra(graph, indices=roots, min_only=True, limit=limit)[ends]
        if np.isfinite(found).all():
            return float(found.max())
        limit *= 2


def _metres_along(
    lengths: csr_array, times: NDArray[np.float64], before: NDArray[np.int32]
) -> NDArray[np.float64]:
    """Sum the metres of the fastest routes by doubling steps along them towards their start."""
    n_rows, n = times.shape
    here = np.arange(n_rows * n)
    is_start = before.ravel() < 0
    step = np.where(is_start, here, before.ravel() + np.repeat(np.arange(n_rows) * n, n))
    metres = np.where(is_start, 0.0, lengths[step % n, here % n])
    while (step != step[step]).any():
        metres = metres + metres[step]
        step = step[step]
    return np.where(np.isfinite(times), metres.reshape(n_rows, n), np.nan)
