"""Road network: a graph of junctions built from road lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from geo.crs import WGS84, move_coordinates, require_metric
from geo.errors import GeoError, GeometryError
from geo.roads.chains import Chains, link_pieces
from geo.roads.classes import OTHER_KMH, SPEEDS_KMH, name_classes
from geo.roads.snapping import SnappedPlaces, snap_to_pieces

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    from numpy.typing import NDArray


JOIN_M: Final = 0.1
"""Corners of lines within this distance, in metres, are one junction."""
SNAP_M: Final = 500.0
"""Places farther than this, in metres, from all roads are reached by straight lines."""
STRAY_M: Final = 250.0
"""Places on a disconnected road use the main network if it is within this distance, in metres."""

_METRES_PER_SECOND: Final = 1 / 3.6


@dataclass(frozen=True)
class RoadNetwork:
    """A road network: junctions, the pieces of road between them, and their speeds.

    Attributes
    ----------
    seconds, metres
        Sparse n by n, between adjacent junctions in both directions (a motorcycle can turn anywhere).
    places
        Coordinates of the n junctions, n by 2, metres in ``crs``.
    part
        Number of the connected part of each junction; 0 is the one with the greatest total length.
    pieces
        Start and end of each of m straight pieces of road, m by 2 by 2, in the order of ``tree``.
    length_m, speed_mps
        Length and speed of each piece, m.
    chains
        Chains of the pieces between junctions, which are their ``ends``.
    tree
        Spatial index of the pieces.
    main_tree, main_pieces
        Spatial index of the pieces of part 0, and their numbers; as ``tree`` if there is only one part.
    crs
        Metric CRS.
    snap_m
        Maximum distance of a place from its road.
    stray_m
        Maximum distance of a place on a disconnected road from the main network.
    """

    seconds: csr_array
    metres: csr_array
    places: NDArray[np.float64]
    part: NDArray[np.int64]
    pieces: NDArray[np.float64]
    length_m: NDArray[np.float64]
    speed_mps: NDArray[np.float64]
    chains: Chains
    tree: shapely.STRtree
    main_tree: shapely.STRtree
    main_pieces: NDArray[np.int64]
    crs: Any
    snap_m: float = SNAP_M
    stray_m: float = STRAY_M

    def measure_islands(self) -> NDArray[np.float64]:
        """Measure the total length of each connected part of the network, the longest first.

        Returns
        -------
        numpy.ndarray
            Metres, one value per part; parts after the first cannot be reached from it.
        """
        return _measure_parts(self.part, self.chains, self.length_m)

    def snap(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> SnappedPlaces:
        """Find the road of each place: the nearest, or the main network's where that is near as well.

        Road data contain fragments that are connected to nothing. A place on one uses the nearest road of the
        longest part, if that is within ``stray_m``.

        Parameters
        ----------
        lon, lat
            WGS84 degrees, n each, none missing.

        Returns
        -------
        Snapped
            Piece of road, position along it, distance and part of each place.
        """
        x, y = move_coordinates(np.asarray(lon), np.asarray(lat), source=WGS84, target=self.crs)
        part, places = self.part[self.chains.ends[:, 0]], np.column_stack([x, y])
        found = snap_to_pieces(self.tree.nearest(shapely.points(places)), self.pieces, part, places)
        apart = np.flatnonzero(found.part != 0)
        nearest = self.main_pieces[self.main_tree.nearest(shapely.points(places[apart]))]
        on_main = snap_to_pieces(nearest, self.pieces, part, places[apart])
        near = on_main.distance_m <= self.stray_m
        return found.replace(apart[near], on_main.take(near))


def build_network(
    roads: gpd.GeoDataFrame,
    *,
    class_column: str | None = "highway",
    speeds_kmh: Mapping[str, float] = SPEEDS_KMH,
    other_kmh: float = OTHER_KMH,
    snap_m: float = SNAP_M,
    stray_m: float = STRAY_M,
) -> RoadNetwork:
    """Build a road network from lines.

    Roads connect at shared corners (within ``JOIN_M``); lines that only cross don't connect, as at a bridge.
    Speeds depend on the road class. One-way restrictions are ignored.

    Parameters
    ----------
    roads
        Lines or multilines in a metric CRS.
    class_column
        Column with the road class; None, or a missing column, gives all roads ``other_kmh``.
    speeds_kmh
        Speed by class, as named by ``name_classes``.
    other_kmh
        Speed on all other roads.
    snap_m
        Places farther than this from all roads are reached by straight lines.
    stray_m
        Places on a disconnected road use the main network within this distance.

    Returns
    -------
    RoadNetwork
        Can be used as ``travel`` of a `geo.routes.Problem`.

    Raises
    ------
    CRSError
        If the layer has no CRS or its CRS is not in metres.
    GeometryError
        If the layer holds anything but lines, or no lines.
    GeoError
        If a speed is not above 0.

    Examples
    --------
    >>> import geopandas as gpd
    >>> road = shapely.LineString([(500_000, 9_180_000), (501_000, 9_180_000)])
    >>> roads = gpd.GeoDataFrame({"highway": ["residential"]}, geometry=[road], crs="EPSG:32749")
    >>> build_network(roads).measure_islands().tolist()
    [1000.0]
    """
    require_metric(roads)
    if not min(other_kmh, *speeds_kmh.values()) > 0:
        raise GeoError("Road speeds must be above 0 km/h.")
    corners, segments, line = _pieces(roads)
    speed = _speeds(roads, class_column, speeds_kmh, other_kmh)[line] * _METRES_PER_SECOND
    pieces = corners[segments]
    length = np.hypot(*(pieces[:, 1] - pieces[:, 0]).T)
    chains = link_pieces(segments, length, length / speed)
    junctions, of_end = np.unique(chains.ends, return_inverse=True)
    chains = chains._replace(ends=of_end.reshape(-1, 2))
    seconds, metres = _join_chains(chains, len(junctions))
    part = _number_parts(connected_components(seconds, directed=False)[1], chains, length)
    lines = shapely.linestrings(pieces)
    main = np.flatnonzero(part[chains.ends[:, 0]] == 0)
    tree = shapely.STRtree(lines)
    main_tree = tree if len(main) == len(lines) else shapely.STRtree(lines[main])
    return RoadNetwork(
        seconds=seconds,
        metres=metres,
        places=corners[junctions],
        part=part,
        pieces=pieces,
        length_m=length,
        speed_mps=speed,
        chains=chains,
        tree=tree,
        main_tree=main_tree,
        main_pieces=main,
        crs=roads.crs,
        snap_m=snap_m,
        stray_m=stray_m,
    )


def _pieces(roads: gpd.GeoDataFrame) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.intp]]:
    """Split lines at their corners; return the corners, the two of each piece, and the row of each piece."""
    geometries = roads.geometry.to_numpy()
    usable = np.flatnonzero(~(shapely.is_missing(geometries) | shapely.is_empty(geometries)))
    parts, of_part = shapely.get_parts(geometries[usable], return_index=True)
    kinds = np.isin(shapely.get_type_id(parts), (1, 2))  # shapely's type numbers of LineString and LinearRing
    if not kinds.all() or not len(parts):
        raise GeometryError("Roads must be lines: use a layer with at least one line.")
    points, of_point = shapely.get_coordinates(parts, return_index=True)
    _, first, corner = np.unique(np.rint(points / JOIN_M), axis=0, return_index=True, return_inverse=True)
    joined = (of_point[1:] == of_point[:-1]) & (corner[1:] != corner[:-1])
    segments = np.column_stack([corner[:-1][joined], corner[1:][joined]])
    if not len(segments):
        raise GeometryError("The roads contain no line with a length.")
    return points[first], segments, usable[of_part[of_point[:-1][joined]]]


def _speeds(
    roads: gpd.GeoDataFrame, class_column: str | None, speeds_kmh: Mapping[str, float], other_kmh: float
) -> NDArray[np.float64]:
    if class_column is None or class_column not in roads.columns:
        return np.full(len(roads), other_kmh)
    classes = name_classes(roads[class_column])
    known = classes.map(dict(speeds_kmh)).fillna(other_kmh)
    return np.asarray(known, dtype=np.float64)


def _join_chains(chains: Chains, n: int) -> tuple[csr_array, csr_array]:
    """Build the adjacency matrices; of several chains between two junctions the fastest counts."""
    one = np.unique(chains.chain, return_index=True)[1]
    ends, seconds, metres = chains.ends[one], chains.seconds[one].sum(axis=1), chains.metres[one].sum(axis=1)
    low, high = ends.min(axis=1), ends.max(axis=1)
    order = np.lexsort((seconds, high, low))
    new = np.ones(len(order), dtype=bool)
    new[1:] = (np.diff(low[order]) != 0) | (np.diff(high[order]) != 0)
    kept = order[new & (low[order] != high[order])]
    where = np.concatenate([low[kept], high[kept]]), np.concatenate([high[kept], low[kept]])
    made = [
        coo_array((np.tile(values[kept], 2), where), shape=(n, n)).tocsr() for values in (seconds, metres)
    ]
    return made[0], made[1]


def _number_parts(
    part: NDArray[np.int32], chains: Chains, length_m: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Renumber connected parts by total length, the longest first."""
    longest_first = np.argsort(-_measure_parts(part, chains, length_m), kind="stable")
    return np.argsort(longest_first, kind="stable")[part]


def _measure_parts(
    part: NDArray[np.integer], chains: Chains, length_m: NDArray[np.float64]
) -> NDArray[np.float64]:
    return np.bincount(part[chains.ends[:, 0]], weights=length_m).astype(np.float64)
