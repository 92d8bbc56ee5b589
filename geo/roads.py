"""Travel times on a road network that the unit supplies: lines to a graph, points to roads, shortest ways."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from geo.crs import WGS84, move_coordinates, require_metric
from geo.errors import GeoError, GeometryError
from geo.routes.travel import Ways, whole_seconds

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    from numpy.typing import NDArray


SPEEDS_KMH: Final[Mapping[str, float]] = MappingProxyType(
    {
        "motorway": 60.0,
        "trunk": 45.0,
        "primary": 40.0,
        "secondary": 35.0,
        "tertiary": 30.0,
        "unclassified": 25.0,
        "residential": 20.0,
        "service": 15.0,
        "track": 12.0,
        "path": 8.0,
        "footway": 5.0,
    }
)
"""Speeds of a motorcycle in a village by the road classes of OpenStreetMap; links count as their road."""
OTHER_KMH = 20.0
"""Speed on a class that is not listed."""
OFF_ROAD_KMH, OFF_ROAD_DETOUR = 5.0, 1.3
"""From a place to its road: on foot."""
JOIN_M = 0.1
"""Ends of lines nearer than this are one junction."""

_SOURCES_AT_ONCE = 64
_METRES_PER_SECOND = 1 / 3.6


@dataclass(frozen=True)
class RoadNetwork:
    """A road network, ready to be asked.

    Attributes
    ----------
    seconds
        Sparse n by n times between neighbouring junctions, both ways (a motorcycle turns anywhere).
    places
        n by 2, metres in ``crs``.
    segments
        m by 2 junctions of each straight piece of road, in the order of ``tree``.
    length_m, speed_mps
        m each.
    part
        Number of the connected part that each junction is in; 0 is the largest by junctions.
    tree
        Index of the pieces.
    crs
        Metric.
    """

    seconds: csr_array
    places: NDArray[np.float64]
    segments: NDArray[np.int64]
    length_m: NDArray[np.float64]
    speed_mps: NDArray[np.float64]
    part: NDArray[np.int64]
    tree: shapely.STRtree
    crs: Any

    def islands(self) -> NDArray[np.float64]:
        """Measure the roads that hang together: metres of each connected part, the main one first.

        Returns
        -------
        numpy.ndarray
            One length a part; a second one is an island, out of reach for who lives on the first.
        """
        part = self.part[self.segments[:, 0]]
        return np.bincount(part, weights=self.length_m, minlength=int(self.part.max()) + 1).astype(np.float64)

    def snap(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> Snapped:
        """Find the nearest road of each place.

        Parameters
        ----------
        lon, lat
            WGS84 degrees, n each, none missing.

        Returns
        -------
        Snapped
            See there.
        """
        x, y = move_coordinates(np.asarray(lon), np.asarray(lat), source=WGS84, target=self.crs)
        piece = self.tree.nearest(shapely.points(x, y)).astype(np.int64)
        start, end = (self.places[self.segments[piece, side]] for side in (0, 1))
        along = ((np.column_stack([x, y]) - start) * (end - start)).sum(axis=1) / self.length_m[piece] ** 2
        along = np.clip(along, 0, 1)
        foot = start + along[:, None] * (end - start)
        away = np.hypot(x - foot[:, 0], y - foot[:, 1])
        return Snapped(piece, along, away, self.part[self.segments[piece, 0]])

    def between(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> Ways:
        """Measure the fastest ways between places, from door to road, along roads, and to the door.

        Parameters
        ----------
        lon, lat
            WGS84 degrees, n each.

        Returns
        -------
        Ways
            Fastest times and the metres of those ways; a way between two islands does not exist.
        """
        snapped = self.snap(lon, lat)
        seconds, metres = self._between_roads(snapped)
        away = OFF_ROAD_DETOUR * (snapped.distance_m[:, None] + snapped.distance_m[None, :])
        seconds, metres = seconds + away / (OFF_ROAD_KMH * _METRES_PER_SECOND), metres + away
        np.fill_diagonal(seconds, 0)
        np.fill_diagonal(metres, 0)
        return Ways(whole_seconds(seconds), np.where(np.isfinite(seconds), metres, np.nan))

    def _between_roads(self, snapped: Snapped) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Measure the ways between feet on roads: along one piece, or by the best pair of junctions."""
        ends, of_end = np.unique(self.segments[snapped.piece], return_inverse=True)
        end_s, end_m = self._between_junctions(ends)
        near, speed = of_end.reshape(-1, 2), self.speed_mps[snapped.piece][:, None]
        length = self.length_m[snapped.piece][:, None]
        to_m = np.column_stack([snapped.along, 1 - snapped.along]) * length
        to_s = to_m / speed
        metres = np.abs(snapped.along[:, None] - snapped.along[None, :]) * length
        same = snapped.piece[:, None] == snapped.piece[None, :]
        seconds = np.where(same, metres / speed, np.inf)
        for mine, other in ((0, 0), (0, 1), (1, 0), (1, 1)):
            pairs = np.ix_(near[:, mine], near[:, other])
            total = to_s[:, mine, None] + end_s[pairs] + to_s[None, :, other]
            way = to_m[:, mine, None] + end_m[pairs] + to_m[None, :, other]
            metres = np.where(total < seconds, way, metres)
            seconds = np.minimum(total, seconds)
        return seconds, metres

    def _between_junctions(self, ends: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        seconds, metres = [], []
        for first in range(0, len(ends), _SOURCES_AT_ONCE):
            sources = ends[first : first + _SOURCES_AT_ONCE]
            times, before = dijkstra(self.seconds, indices=sources, return_predecessors=True)
            seconds.append(times[:, ends])
            metres.append(self._metres_along(times, before)[:, ends])
        return np.concatenate(seconds), np.concatenate(metres)

    def _metres_along(self, times: NDArray[np.float64], before: NDArray[np.int32]) -> NDArray[np.float64]:
        """Add up the metres of the fastest ways by doubling steps along them towards their start."""
        n = self.places.shape[0]
        here = np.arange(n)
        answer = np.empty_like(times)
        for row, origin in enumerate(before):
            step = np.where(origin < 0, here, origin).astype(np.int64)
            metres = np.hypot(*(self.places - self.places[step]).T)
            while (step != step[step]).any():
                metres = metres + metres[step]
                step = step[step]
            answer[row] = metres
        return np.where(np.isfinite(times), answer, np.nan)


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


def build_network(
    roads: gpd.GeoDataFrame,
    *,
    class_column: str | None = "highway",
    speeds_kmh: Mapping[str, float] = SPEEDS_KMH,
    other_kmh: float = OTHER_KMH,
) -> RoadNetwork:
    """Make a network of road lines.

    Roads meet where their corners do (within ``JOIN_M``); lines that only cross don't, as a bridge does not
    meet the road below. A line's class tells its speed.

    Parameters
    ----------
    roads
        Lines or multilines in a metric CRS.
    class_column
        Column with the road class; None, or a missing column, gives all roads ``other_kmh``.
    speeds_kmh
        Speed by class.
    other_kmh
        Speed on all other roads.

    Returns
    -------
    RoadNetwork
        Its ``between`` is what a `geo.routes.Problem` takes as ``travel``.

    Raises
    ------
    CRSError
        If the layer has no CRS or is not in metres.
    GeometryError
        If it holds anything but lines, or no line at all.
    GeoError
        If a speed is not above 0.

    Examples
    --------
    >>> import geopandas as gpd
    >>> road = shapely.LineString([(500_000, 9_180_000), (501_000, 9_180_000)])
    >>> roads = gpd.GeoDataFrame({"highway": ["residential"]}, geometry=[road], crs="EPSG:32749")
    >>> build_network(roads).islands().tolist()
    [1000.0]
    """
    require_metric(roads)
    if not min(other_kmh, *speeds_kmh.values()) > 0:
        raise GeoError("Speeds on roads are above 0 km/h.")
    start, end, line = _pieces(roads)
    speed = _speeds(roads, class_column, speeds_kmh, other_kmh)[line] * _METRES_PER_SECOND
    corners = np.concatenate([start, end])
    _, first, of_corner = np.unique(np.rint(corners / JOIN_M), axis=0, return_index=True, return_inverse=True)
    places, segments = corners[first], of_corner.reshape(2, -1).T
    length = np.hypot(*(places[segments[:, 0]] - places[segments[:, 1]]).T)
    real = length > 0
    segments, length, speed = segments[real], length[real], speed[real]
    if not len(segments):
        raise GeometryError("The roads hold no line with a length.")
    seconds = _fastest(segments, length / speed, len(places))
    part = connected_components(seconds, directed=False)[1]
    largest_first = np.argsort(np.argsort(-np.bincount(part), kind="stable"), kind="stable")
    tree = shapely.STRtree(shapely.linestrings(places[segments]))
    return RoadNetwork(seconds, places, segments, length, speed, largest_first[part], tree, roads.crs)


def _pieces(roads: gpd.GeoDataFrame) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.intp]]:
    """Cut lines at their corners: starts, ends, and the row of each piece."""
    geometries = roads.geometry.to_numpy()
    usable = np.flatnonzero(~(shapely.is_missing(geometries) | shapely.is_empty(geometries)))
    parts, of_part = shapely.get_parts(geometries[usable], return_index=True)
    kinds = np.isin(shapely.get_type_id(parts), (1, 2))  # shapely's numbers of line and ring
    if not kinds.all() or not len(parts):
        raise GeometryError("Roads are lines: give a layer of lines, at least one.")
    corners, of_corner = shapely.get_coordinates(parts, return_index=True)
    joined = of_corner[1:] == of_corner[:-1]
    return corners[:-1][joined], corners[1:][joined], usable[of_part[of_corner[:-1][joined]]]


def _speeds(
    roads: gpd.GeoDataFrame, class_column: str | None, speeds_kmh: Mapping[str, float], other_kmh: float
) -> NDArray[np.float64]:
    if class_column is None or class_column not in roads.columns:
        return np.full(len(roads), other_kmh)
    classes = roads[class_column].astype("str").str.removesuffix("_link")
    return classes.map(dict(speeds_kmh)).fillna(other_kmh).to_numpy(dtype=np.float64)


def _fastest(segments: NDArray[np.int64], seconds: NDArray[np.float64], n: int) -> csr_array:
    """Fill the matrix of neighbours; of several roads between two junctions the fastest counts."""
    low, high = segments.min(axis=1), segments.max(axis=1)
    order = np.lexsort((seconds, high, low))
    new = np.ones(len(order), dtype=bool)
    new[1:] = (np.diff(low[order]) != 0) | (np.diff(high[order]) != 0)
    kept = order[new]
    rows, columns = np.concatenate([low[kept], high[kept]]), np.concatenate([high[kept], low[kept]])
    return coo_array((np.tile(seconds[kept], 2), (rows, columns)), shape=(n, n)).tocsr()
