"""Crime hotspots: some stay, some move, some emerge and fade, each with its own offences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from data.sample.roads import RoadKind

if TYPE_CHECKING:
    from data.sample.land import Land
    from data.sample.roads import Roads

CATEGORIES = ("curat", "curas", "curanmor", "other")


@dataclass(frozen=True)
class Course:
    """How one kind of hotspot behaves; times are shares of the whole period."""

    weight: float
    """Crimes at its height, over the market's."""
    rises: float
    fades: float
    """When it is halfway up, and halfway down again; beyond 0 and 1 is before and after."""
    wanders_m: float
    """How far it moves over the whole period."""
    radius_m: float
    """Standard deviation of its crimes around its middle, per axis."""
    on_main_road: bool
    mix: tuple[float, float, float, float]
    """Shares of `CATEGORIES`."""


COURSES: tuple[Course, ...] = (
    # the market: motorcycles vanish from where they are parked, all year round
    Course(1.0, -1.0, 2.0, 150.0, 220.0, on_main_road=True, mix=(0.2, 0.08, 0.5, 0.22)),
    # burglars who move from hamlet to hamlet
    Course(0.9, -1.0, 2.0, 3_200.0, 330.0, on_main_road=False, mix=(0.78, 0.02, 0.12, 0.08)),
    # robbers on a quiet stretch of the main road, in recent months
    Course(0.8, 0.68, 2.0, 500.0, 280.0, on_main_road=True, mix=(0.12, 0.5, 0.28, 0.1)),
    # a former hotspot that has calmed down
    Course(0.9, -1.0, 0.45, 400.0, 300.0, on_main_road=False, mix=(0.45, 0.08, 0.22, 0.25)),
)
"""The kinds of hotspots, assigned in turn."""

SPELL = 0.05  # how fast a hotspot emerges and fades, as a share of the whole period
ELSEWHERE_MIX = (0.42, 0.06, 0.24, 0.28)  # of crime outside the hotspots
IN_HOTSPOTS = 0.52  # of all crime, over the years
ALONG_MAIN_ROAD = 0.2  # of the crime elsewhere


@dataclass(frozen=True)
class Hotspots:
    """Hotspots with their centres at the start and at the end of the period, metres, shape (n, 2)."""

    begins: np.ndarray
    ends: np.ndarray
    course: np.ndarray
    """Position in `COURSES`, shape (n,)."""

    def middles(self, hotspot: np.ndarray, time: np.ndarray) -> np.ndarray:
        """Return the centres of hotspots at times from 0 to 1, metres, shape (n, 2)."""
        begins, ends = self.begins[hotspot], self.ends[hotspot]
        return begins + time[:, None] * (ends - begins)

    def strengths(self, time: np.ndarray) -> np.ndarray:
        """Return the strength of each hotspot at times from 0 to 1, shape (n times, n hotspots)."""
        weight, rises, fades = np.array([(c.weight, c.rises, c.fades) for c in COURSES])[self.course].T
        up = 1 / (1 + np.exp((rises - time[:, None]) / SPELL))
        down = 1 / (1 + np.exp((time[:, None] - fades) / SPELL))
        return weight * up * down


def place_hotspots(
    land: Land, roads: Roads, hamlet_cells: np.ndarray, n: int, rng: np.random.Generator
) -> Hotspots:
    """Place hotspots in the sample area.

    Parameters
    ----------
    land, roads
        The villages and roads.
    hamlet_cells
        The cell of each hamlet.
    n
        How many.
    rng
        Random number generator.

    Returns
    -------
    Hotspots
    The first is at the market of the main village; the kinds follow in turn.
    """
    course = np.arange(n) % len(COURSES)
    hamlet_cells = _off_border(land, hamlet_cells)
    main = _off_border(land, roads.ends[roads.kind <= RoadKind.DISTRICT])
    on_road = np.array([kind.on_main_road for kind in COURSES])[course]
    cells = np.where(on_road, _spread(land, main, n, rng), _spread(land, hamlet_cells, n, rng))
    markets = np.flatnonzero(course == 0)
    towns = land.office_cell[land.capitals]
    towns = np.concatenate([[land.office_cell[land.centre]], rng.permutation(towns)])
    cells[markets] = towns[np.arange(len(markets)) % len(towns)]
    begins = land.cells.sites[cells]
    way = np.array([kind.wanders_m for kind in COURSES])[course]
    ends = land.cells.sites[
        [_away(land, cell, hamlet_cells, metres) for cell, metres in zip(cells, way, strict=True)]
    ]
    towards = ends - begins
    share = np.minimum(way / np.maximum(np.hypot(*towards.T), 1.0), 1.0)
    return Hotspots(begins, begins + share[:, None] * towards, course)


def _off_border(land: Land, cells: np.ndarray) -> np.ndarray:
    """Drop the cells that touch the outline of the place."""
    inside = land.cells.inside[land.cells.pairs]
    return np.setdiff1d(cells, land.cells.pairs[~inside.all(axis=1)])


def _away(land: Land, cell: int, cells: np.ndarray, metres: float) -> int:
    """Find the cell whose distance from a given cell is closest to a number of metres."""
    distance = np.hypot(*(land.cells.sites[cells] - land.cells.sites[cell]).T)
    return int(cells[np.abs(distance - metres).argmin()])


def _spread(land: Land, cells: np.ndarray, n: int, rng: np.random.Generator) -> np.ndarray:
    """Choose n cells far apart: each is the farthest of a few candidates from those already chosen."""
    chosen = [int(land.office_cell[land.centre])]
    for _ in range(n):
        some = rng.choice(cells, 6)
        gaps = land.cells.sites[some][:, None] - land.cells.sites[chosen]
        chosen.append(int(some[np.hypot(gaps[..., 0], gaps[..., 1]).min(axis=1).argmax()]))
    return np.array(chosen[1:])
