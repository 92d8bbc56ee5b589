"""Villages and districts: the cells that make them up, their names, codes and borders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from data.sample.cells import CELLS_PER_VILLAGE, Cells, bend_borders, join_fragments, scatter_cells
from data.sample.noise import Waves
from data.sample.places import REGENCY, REGENCY_CODE, name_places
from data.sample.plane import to_degrees

if TYPE_CHECKING:
    from data.sample.scales import Scale

WARP = 0.28  # of a village's width: how far shapes are distorted
TOWN = 1.8  # villages in the centre of the place are smaller by about this factor
TOWN_REACH = 0.35  # of the place's half height
SETTLING = 12  # iterations of Lloyd (1982): more make the villages more equal
BOUNDARY_YEAR = 2024
_FIRST_VILLAGE = 2001  # number of a district's first desa


@dataclass(frozen=True)
class Land:
    """The villages, in order of their codes."""

    cells: Cells
    village_of_cell: np.ndarray
    """Position of each cell's village, -1 outside."""
    district_of_village: np.ndarray
    """Position of each village's district."""
    office_cell: np.ndarray
    """The cell where each village's office stands."""
    capitals: np.ndarray
    """The village where each district's police station and market are."""
    frame: gpd.GeoDataFrame
    """Names, codes and borders."""

    @property
    def offices(self) -> np.ndarray:
        """Return the positions of the village offices, metres, shape (n villages, 2)."""
        return self.cells.sites[self.office_cell]

    @property
    def centre(self) -> int:
        """Return the position of the main village of the whole place."""
        middle = self.offices.mean(axis=0)
        return int(self.capitals[np.hypot(*(self.offices[self.capitals] - middle).T).argmin()])


def make_land(scale: Scale, rng: np.random.Generator) -> Land:
    """Make the villages and districts of a place.

    Parameters
    ----------
    scale
    How many villages and districts, and how large.
    rng
        Random number generator.

    Returns
    -------
    Land
        Villages that tile the place: no gaps, no overlaps, shared vertices.
    """
    cells = scatter_cells(scale.n_villages * CELLS_PER_VILLAGE, scale.village_km2 / CELLS_PER_VILLAGE, rng)
    village_of_cell = _grow_villages(cells, scale, rng)
    middles = _middles(cells.sites, village_of_cell, scale.n_villages)
    district = _group_districts(cells, village_of_cell, middles, scale.n_districts, rng)
    order = np.lexsort((-middles[:, 1], district))
    rank = np.argsort(order)
    village_of_cell = np.where(village_of_cell < 0, -1, rank[village_of_cell])
    middles, district = middles[order], district[order]
    office_cell = _nearest_cells(cells.sites, village_of_cell, middles)
    polygons = _polygons(cells, village_of_cell, cells.sites[office_cell], rng)
    capitals = _nearest_cells(middles, district, _middles(middles, district, scale.n_districts))
    frame = _frame(polygons, district, capitals, rng)
    return Land(cells, village_of_cell, district, office_cell, capitals, frame)


def _grow_villages(cells: Cells, scale: Scale, rng: np.random.Generator) -> np.ndarray:
    width = np.sqrt(scale.village_km2 * 1e6)
    pull = [Waves.random(rng, shortest=1.2 * width, longest=3.5 * width) for _ in range(2)]
    warped = cells.sites + WARP * width * np.column_stack([wave(cells.sites) for wave in pull])
    reach = TOWN_REACH * np.sqrt(scale.area_km2 * 1e6 / np.pi)
    town = np.exp(-((np.hypot(*cells.sites.T) / reach) ** 2))
    weight = 1 + (TOWN - 1) * town
    labels = np.full(len(cells.sites), -1)
    labels[cells.inside] = _cluster(warped[cells.inside], scale.n_villages, weight[cells.inside], rng)
    return join_fragments(labels, cells.pairs)


def _cluster(points: np.ndarray, n: int, weight: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Group points around ``n`` centres, in smaller groups where the weight is larger (Lloyd 1982)."""
    middles = points[rng.choice(len(points), n, replace=False, p=weight / weight.sum())]
    for _ in range(SETTLING):
        _, owner = cKDTree(middles).query(points)
        total = np.bincount(owner, weight, n)
        sums = np.column_stack([np.bincount(owner, weight * axis, n) for axis in points.T])
        middles = np.where(total[:, None] > 0, sums / np.maximum(total, 1e-9)[:, None], middles)
    return np.asarray(cKDTree(middles).query(points)[1])


def _group_districts(
    cells: Cells, village_of_cell: np.ndarray, middles: np.ndarray, n: int, rng: np.random.Generator
) -> np.ndarray:
    """Assign each village a district, numbered from west to east."""
    groups = _cluster(middles, n, np.ones(len(middles)), rng)
    pairs = village_of_cell[cells.pairs]
    pairs = pairs[(pairs >= 0).all(axis=1) & (pairs[:, 0] != pairs[:, 1])]
    groups = join_fragments(groups, np.unique(np.sort(pairs, axis=1), axis=0))
    return np.argsort(np.argsort(_middles(middles, groups, n)[:, 0]))[groups]


def _middles(points: np.ndarray, group: np.ndarray, n: int) -> np.ndarray:
    """Return the mean of the points of each group ≥ 0, shape (n, 2)."""
    points, group = points[group >= 0], group[group >= 0]
    sums = np.column_stack([np.bincount(group, axis, n) for axis in points.T])
    return sums / np.bincount(group, minlength=n)[:, None]


def _nearest_cells(points: np.ndarray, group: np.ndarray, middles: np.ndarray) -> np.ndarray:
    """Return the position of each group's point nearest to the group's mean, shape (n groups,)."""
    distance = np.hypot(*(points - middles[group]).T)
    order = np.lexsort((distance, group))
    order = order[group[order] >= 0]
    return order[np.unique(group[order], return_index=True)[1]]


def _polygons(
    cells: Cells, village_of_cell: np.ndarray, offices: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Return the border of each village in degrees, shape (n,)."""
    sides = village_of_cell[cells.pairs]
    lines = [to_degrees(line) for line in bend_borders(cells, sides[:, 0] != sides[:, 1], rng)]
    faces = shapely.get_parts(shapely.polygonize([shapely.LineString(line) for line in lines]))
    _, face = shapely.STRtree(faces).query(shapely.points(to_degrees(offices)), predicate="within")
    return shapely.normalize(faces[face])


def _frame(
    polygons: np.ndarray, district: np.ndarray, capitals: np.ndarray, rng: np.random.Generator
) -> gpd.GeoDataFrame:
    names = pd.array(name_places(len(polygons), rng), dtype="str")
    district_codes = pd.array(
        [f"{REGENCY_CODE}{number + 1:02d}" for number in range(len(capitals))], dtype="str"
    )
    _, first = np.unique(district, return_index=True)  # villages are in order of their districts
    numbers = _FIRST_VILLAGE + np.arange(len(district)) - first[district]
    codes = [f"{district_codes[at]}{number}" for at, number in zip(district, numbers, strict=True)]
    return gpd.GeoDataFrame(
        {
            "village": names,
            "district_code": district_codes.take(district),
            "district": names.take(capitals[district]),  # a district is named after its main village
            "regency_code": pd.array([REGENCY_CODE] * len(codes), dtype="str"),
            "regency": pd.array([REGENCY] * len(codes), dtype="str"),
            "boundary_year": BOUNDARY_YEAR,
        },
        geometry=polygons,
        crs="EPSG:4326",
        index=pd.Index(codes, dtype="str", name="village_code"),
    )
