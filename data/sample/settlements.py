"""Where people live: hamlets on the roads, houses along the roads and the side lanes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from data.sample.plane import to_degrees
from data.sample.roads import RoadKind

if TYPE_CHECKING:
    from data.sample.land import Land
    from data.sample.roads import Roads

HOUSEHOLDS_PER_HAMLET = 190  # approximate; a hamlet is one RW
HAMLETS = (3, 8)  # fewest and most per village
MAIN_HAMLET_SHARE = 1.6  # size of the hamlet with the village office, relative to the others
HOUSEHOLDS_PER_RT = 45  # approximate
SIZE_SPREAD = 0.32  # log standard deviation of the villages' sizes
TOWN_SHARE = 1.5  # size of a district's main village, relative to the others

RIBBON = 0.2  # of the houses stand anywhere along the roads, between the hamlets
LANE = 0.45  # of the other houses stand in side lanes, off the road
REACH_M = 12.0  # a hamlet of n households reaches REACH_M · √n along its roads (standard deviation)
LOT_M, LOT_JITTER_M = 11.0, 2.0  # spacing of the houses along a road
LANE_SPACING_M, LANE_DEPTH_M = 65.0, 160.0
SETBACK_M = 9.0  # shortest distance of a house from the centre line of the road
PULL = 0.6  # factor by which a house outside its village moves closer until it is inside
PULLS = 12


@dataclass(frozen=True)
class Hamlets:
    """Hamlets, village by village; the first of each village has the village office."""

    village: np.ndarray
    cell: np.ndarray
    number: np.ndarray
    """Number in its village, from 1."""
    size: np.ndarray
    """Households."""


@dataclass(frozen=True)
class Homes:
    """Households in order of village, hamlet, RT and position along the roads."""

    xy: np.ndarray
    """Metres, shape (n, 2)."""
    lonlat: np.ndarray
    """The same in degrees, rounded."""
    village: np.ndarray
    hamlet: np.ndarray
    rt: np.ndarray
    """Number in its hamlet, from 1."""


def share_households(land: Land, n: int, rng: np.random.Generator) -> np.ndarray:
    """Distribute ``n`` households among the villages.

    Parameters
    ----------
    land
        The villages.
    n
    Total number of households.
    rng
        Random number generator.

    Returns
    -------
    numpy.ndarray
    Number of households in each village, adding up to ``n``.
    """
    weight = rng.lognormal(0, SIZE_SPREAD, len(land.frame))
    weight[land.capitals] *= TOWN_SHARE
    return apportion_counts(n, weight)


def apportion_counts(n: int, weight: np.ndarray) -> np.ndarray:
    """Apportion ``n`` by weight in whole numbers with the largest-remainder method (Hamilton 1792).

    Examples
    --------
    >>> apportion_counts(10, np.array([1.0, 1.0, 2.0])).tolist()
    [3, 2, 5]
    """
    quota = n * weight / weight.sum()
    whole = np.floor(quota).astype(int)
    whole[np.argsort(whole - quota, kind="stable")[: n - whole.sum()]] += 1
    return whole


def plan_hamlets(land: Land, households: np.ndarray, rng: np.random.Generator) -> Hamlets:
    """Choose the cells where hamlets lie.

    Parameters
    ----------
    land
        The villages.
    households
    Number of households in each village.
    rng
        Random number generator.

    Returns
    -------
    Hamlets
        At least one hamlet per village.
    """
    counts = np.clip(np.round(households / HOUSEHOLDS_PER_HAMLET).astype(int), *HAMLETS)
    cells, sizes = [], []
    for village, count in enumerate(counts):
        office = land.office_cell[village]
        others = np.setdiff1d(np.flatnonzero(land.village_of_cell == village), office)
        chosen = np.append(office, rng.permutation(others)[: count - 1])
        weight = rng.lognormal(0, SIZE_SPREAD, len(chosen))
        weight[0] *= MAIN_HAMLET_SHARE
        cells.append(chosen)
        sizes.append(apportion_counts(int(households[village]), weight))
    lengths = [len(chosen) for chosen in cells]
    number = np.concatenate([np.arange(1, length + 1) for length in lengths])
    village_of_hamlet = np.repeat(np.arange(len(counts)), lengths)
    return Hamlets(village_of_hamlet, np.concatenate(cells), number, np.concatenate(sizes))


@dataclass(frozen=True)
class _Lots:
    """Position of each house along its road: piece, metres from the hamlet's end, metres to the left."""

    piece: np.ndarray
    backwards: np.ndarray
    reach: np.ndarray
    aside: np.ndarray

    def place(self, roads: Roads, lengths: np.ndarray, shrink: np.ndarray) -> np.ndarray:
        share = self.reach * shrink / lengths[self.piece]
        middle, left = roads.along(self.piece, np.where(self.backwards, 1 - share, share))
        return middle + (self.aside * shrink)[:, None] * left


def settle_households(land: Land, hamlets: Hamlets, roads: Roads, rng: np.random.Generator) -> Homes:
    """Place every household along a road of its hamlet, inside its village.

    Parameters
    ----------
    land
        The villages.
    hamlets
        The hamlets with their sizes.
    roads
        The roads, which reach every hamlet.
    rng
        Random number generator.

    Returns
    -------
    Homes
    As many households as the hamlets' sizes add up to.
    """
    hamlet = np.repeat(np.arange(len(hamlets.size)), hamlets.size)
    lengths = roads.lengths()
    lots = _draw_lots(hamlets, hamlet, roads, lengths, rng)
    village = hamlets.village[hamlet]
    shrink = np.ones(len(hamlet))
    xy = lots.place(roads, lengths, shrink) + rng.normal(0, LOT_JITTER_M, (len(hamlet), 2))
    polygons = land.frame.geometry.to_numpy()
    for _ in range(PULLS):
        lost = ~_in_own(to_degrees(xy), village, polygons)
        shrink[lost] *= PULL
        xy[lost] = lots.place(roads, lengths, shrink)[lost]
    lost = ~_in_own(to_degrees(xy), village, polygons)
    xy[lost] = land.cells.sites[hamlets.cell[hamlet[lost]]] + rng.uniform(
        -LOT_JITTER_M, LOT_JITTER_M, (lost.sum(), 2)
    )
    rt, order = _group_rt(hamlet, lots)
    return Homes(xy[order], to_degrees(xy[order]), village[order], hamlet[order], rt)


def _draw_lots(
    hamlets: Hamlets, hamlet: np.ndarray, roads: Roads, lengths: np.ndarray, rng: np.random.Generator
) -> _Lots:
    n = len(hamlet)
    piece, backwards = _pick_pieces(hamlets.cell[hamlet], roads, rng)
    reach = np.abs(rng.normal(0, REACH_M * np.sqrt(hamlets.size[hamlet])))
    ribbon = rng.random(n) < RIBBON
    reach = np.where(ribbon, rng.random(n) * lengths[piece], np.minimum(reach, 0.95 * lengths[piece]))
    in_lane = ~ribbon & (rng.random(n) < LANE) | (roads.kind[piece] == RoadKind.LANE) & (rng.random(n) < LANE)
    side = rng.choice([-1.0, 1.0], n)
    front = SETBACK_M + rng.exponential(5.0, n)
    lane_at = (reach // LANE_SPACING_M) * LANE_SPACING_M + rng.choice([-1.0, 1.0], n) * SETBACK_M
    lot_at = (reach // LOT_M) * LOT_M
    depth = SETBACK_M + (rng.random(n) * LANE_DEPTH_M // LOT_M) * LOT_M
    return _Lots(piece, backwards, np.where(in_lane, lane_at, lot_at), side * np.where(in_lane, depth, front))


def _pick_pieces(cell: np.ndarray, roads: Roads, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Choose for each house a piece of road that touches its hamlet's cell, and whether it ends there."""
    ends = roads.ends.T.ravel()  # first ends, then last ends
    order = np.argsort(ends, kind="stable")
    first = np.searchsorted(ends[order], cell)
    count = np.searchsorted(ends[order], cell, side="right") - first
    picked = order[first + (rng.random(len(cell)) * count).astype(int)]
    return picked % len(roads.ends), picked >= len(roads.ends)


def _in_own(lonlat: np.ndarray, village: np.ndarray, polygons: np.ndarray) -> np.ndarray:
    """Find which points lie in their village; the villages are in ascending order."""
    bounds = np.searchsorted(village, np.arange(len(polygons) + 1))
    inside = np.zeros(len(village), dtype=bool)
    for polygon, start, stop in zip(polygons, bounds[:-1], bounds[1:], strict=True):
        shapely.prepare(polygon)
        inside[start:stop] = shapely.contains_xy(polygon, *lonlat[start:stop].T)
    return inside


def _group_rt(hamlet: np.ndarray, lots: _Lots) -> tuple[np.ndarray, np.ndarray]:
    """Return each household's RT number, counted along the roads, and the order of households."""
    order = np.lexsort((lots.reach, lots.aside > 0, lots.piece, hamlet))
    size = np.bincount(hamlet)
    rank = np.arange(len(hamlet)) - (np.cumsum(size) - size)[hamlet]
    n_rt = np.maximum(np.round(size / HOUSEHOLDS_PER_RT).astype(int), 1)
    return rank * n_rt[hamlet] // size[hamlet] + 1, order
