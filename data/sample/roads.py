"""Roads: a main road through the place, then roads to the towns, the village offices and the hamlets.

Each kind of road takes the cheapest path between neighbouring cells. Following an existing road is cheap, so
roads join and branch as real ones do.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

if TYPE_CHECKING:
    from data.sample.land import Land

ON_ROAD = 0.35  # cost of a metre on an existing road, relative to open land
HARDSHIP = 0.8  # how much the cost of open land varies
CURVE = 0.10  # of a road piece's length: how far its midpoint is displaced
STEPS = 9  # points per piece of road
LANES_PER_HAMLET = 2  # short lanes from each hamlet into the fields


class RoadKind(IntEnum):
    """Kinds of road, most important first."""

    MAIN = 0
    DISTRICT = 1
    VILLAGE = 2
    HAMLET = 3
    LANE = 4


@dataclass(frozen=True)
class Roads:
    """Pieces of road between the centres of neighbouring cells."""

    ends: np.ndarray
    """Cells at both ends, shape (m, 2)."""
    kind: np.ndarray
    """One of `RoadKind`, shape (m,)."""
    curves: np.ndarray
    """The way of each piece in metres, shape (m, STEPS, 2)."""

    def along(self, piece: np.ndarray, share: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Locate points along pieces of road.

        Parameters
        ----------
        piece
            Positions of pieces, shape (n,).
        share
            How far along each, from 0 to 1, shape (n,).

        Returns
        -------
        tuple of numpy.ndarray
        The points in metres and the unit vectors to their left, both of shape (n, 2).
        """
        at = np.clip(share, 0, 1) * (STEPS - 1)
        low = np.minimum(at.astype(int), STEPS - 2)
        start, end = self.curves[piece, low], self.curves[piece, low + 1]
        ahead = end - start
        left = np.column_stack([-ahead[:, 1], ahead[:, 0]]) / np.hypot(*ahead.T)[:, None]
        return start + (at - low)[:, None] * ahead, left

    def lengths(self) -> np.ndarray:
        """Return the length of each piece, metres, shape (m,)."""
        steps = np.diff(self.curves, axis=1)
        return np.hypot(steps[..., 0], steps[..., 1]).sum(axis=1)


class _Survey:
    """The connections that roads could take, and those already built."""

    def __init__(self, land: Land, rng: np.random.Generator) -> None:
        cells = land.cells
        self.pairs = cells.pairs[cells.inside[cells.pairs].all(axis=1)]
        ahead = np.diff(cells.sites[self.pairs], axis=1)[:, 0]
        self.cost = np.hypot(*ahead.T) * rng.uniform(1 - HARDSHIP / 2, 1 + HARDSHIP / 2, len(self.pairs))
        self.kind = np.full(len(self.pairs), -1)
        self.n = len(cells.sites)
        self.position = {(a, b): i for i, (a, b) in enumerate(self.pairs.tolist())}
        self.position |= {(b, a): i for (a, b), i in self.position.items()}

    def build(self, root: int, targets: np.ndarray, kind: RoadKind) -> None:
        """Build the cheapest roads from the targets to the root."""
        cost = np.where(self.kind >= 0, ON_ROAD, 1.0) * self.cost
        graph = coo_array((cost, self.pairs.T), shape=(self.n, self.n)).tocsr()
        came_from = dijkstra(graph, directed=False, indices=root, return_predecessors=True)[1].tolist()
        seen = {root}
        for target in targets.tolist():
            cell = target
            while cell not in seen:
                seen.add(cell)
                self._mark(self.position[cell, came_from[cell]], kind)
                cell = came_from[cell]

    def _mark(self, piece: int, kind: RoadKind) -> None:
        if self.kind[piece] < 0:
            self.kind[piece] = kind


def lay_roads(land: Land, hamlet_cells: np.ndarray, rng: np.random.Generator) -> Roads:
    """Generate the roads of a place.

    Parameters
    ----------
    land
        The villages.
    hamlet_cells
        The cell at whose centre each hamlet lies, shape (n,).
    rng
        Random number generator.

    Returns
    -------
    Roads
        Roads that reach every hamlet and village office.
    """
    survey = _Survey(land, rng)
    root = int(land.office_cell[land.centre])
    survey.build(root, _entrances(land), RoadKind.MAIN)
    survey.build(root, land.office_cell[land.capitals], RoadKind.DISTRICT)
    survey.build(root, land.office_cell, RoadKind.VILLAGE)
    survey.build(root, hamlet_cells, RoadKind.HAMLET)
    _add_lanes(survey, hamlet_cells, rng)
    built = np.flatnonzero(survey.kind >= 0)
    ends = survey.pairs[built]
    return Roads(ends, survey.kind[built], _curves(land.cells.sites[ends], rng))


def _entrances(land: Land) -> np.ndarray:
    """Find the cells where the main road enters and leaves the place: the westernmost and the easternmost."""
    inside = np.flatnonzero(land.cells.inside)
    east = land.cells.sites[inside, 0]
    return inside[[east.argmin(), east.argmax()]]


def _add_lanes(survey: _Survey, hamlet_cells: np.ndarray, rng: np.random.Generator) -> None:
    """Add a few lanes from each hamlet where there is no road yet."""
    free = np.flatnonzero((survey.kind < 0) & np.isin(survey.pairs, hamlet_cells).any(axis=1))
    free = free[rng.permutation(len(free))]
    hamlet_end = np.where(np.isin(survey.pairs[free, 0], hamlet_cells), *survey.pairs[free].T)
    order = np.argsort(hamlet_end, kind="stable")
    _, first, count = np.unique(hamlet_end[order], return_index=True, return_counts=True)
    turn = np.arange(len(order)) - np.repeat(first, count)
    survey.kind[free[order[turn < LANES_PER_HAMLET]]] = RoadKind.LANE


def _curves(ends: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Bend each straight piece of shape (2, 2) to one side, as a parabola."""
    share = np.linspace(0, 1, STEPS)[:, None]
    start, ahead = ends[:, :1], np.diff(ends, axis=1)
    left = np.stack([-ahead[..., 1], ahead[..., 0]], axis=-1)
    swing = rng.normal(0, CURVE, len(ends))[:, None, None]
    return start + share * ahead + 4 * share * (1 - share) * swing * left
