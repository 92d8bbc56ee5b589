"""How sure hot cells, patterns and villages are: random crimes make none, and planted ones are found.

Each trial prints its percentages: ``TRIAL=1 pytest -s tests/geo/test_certainty.py``.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.emerging import NO_PATTERN, find_emerging_hotspots
from geo.grid import make_grid
from geo.hotspots.alike import LEVEL, find_alike_areas
from geo.hotspots.getis import find_hotspots
from geo.weights import find_area_neighbours, find_cell_neighbours
from tests.geo.builders import UTM, make_areas, needs_villages, read_villages, reference
from tests.volume import volume

pytestmark = pytest.mark.trial

SIDE, PERIODS = 50, 12
CELLS = pd.Index([f"square_100_{column}_{row}" for column in range(SIDE) for row in range(SIDE)])
QUEEN = find_cell_neighbours(CELLS)
BLOCK = [f"square_100_{column}_{row}" for column in (20, 21) for row in (30, 31)]
COUNTS = (30, 60, 100, 250, 1000, 2500, 10_000)
AT_90, AT_95 = 1, 2  # classes of confidence


def scatter(rng: np.random.Generator, n: int, weights: pd.Series) -> pd.Series:
    """Let n crimes fall on areas by their weights."""
    return pd.Series(rng.multinomial(n, weights / weights.sum()), index=weights.index)


def share_of(hits: list[bool], what: str) -> float:
    share = float(np.mean(hits))
    print(f"{what}: {share:.1%} of {len(hits)}")
    return share


def make_town(rng: np.random.Generator) -> gpd.GeoDataFrame:
    """Make 200 villages: half of them in a town, there a tenth as large as around it."""
    middles = np.concatenate([rng.uniform(0, 20_000, (100, 2)), rng.normal(10_000, 1200, (100, 2))])
    ground = shapely.box(0, 0, 20_000, 20_000)
    pieces = shapely.voronoi_polygons(shapely.multipoints(middles), extend_to=ground)
    return gpd.GeoDataFrame(geometry=shapely.intersection(shapely.get_parts(pieces), ground), crs=UTM)


@pytest.mark.parametrize("n", COUNTS)
def test_random_crimes_make_no_cell_hot_or_cold(n: int) -> None:
    rng, even = np.random.default_rng(n), pd.Series(1.0, index=CELLS)
    most = [
        int(find_hotspots(scatter(rng, n, even), QUEEN)["confidence"].abs().max())
        for _ in range(volume(60, 1000))
    ]
    assert share_of([level >= AT_95 for level in most], f"{n:,} random crimes, a cell at 95 %") <= 0.07
    assert share_of([level >= AT_90 for level in most], f"{n:,} random crimes, a cell at 90 %") <= 0.12


def test_random_crimes_make_no_cell_hot_where_cells_are_cut_at_the_edge() -> None:
    disc = make_areas(a=shapely.Point(0, 0).buffer(2000))
    grid = make_grid(disc, cell_m=100)
    neighbours, ground = find_cell_neighbours(grid.index), grid["area_km2"]
    rng = np.random.default_rng(1)
    found = [
        bool(
            find_hotspots(scatter(rng, 20_000, ground), neighbours, exposure=ground)["confidence"].abs().max()
            >= AT_95
        )
        for _ in range(volume(15, 500))
    ]
    assert share_of(found, "20,000 random crimes on a disc, a cell at 95 %") <= 0.07


@pytest.mark.parametrize(("rate", "n", "least"), [(20, 500, 0.95), (8, 2000, 0.95), (8, 500, 0.25)])
def test_a_planted_block_is_found(rate: int, n: int, least: float) -> None:
    rng, weights = np.random.default_rng(rate * n), pd.Series(1.0, index=CELLS)
    weights[BLOCK] = rate
    found = [
        bool((find_hotspots(scatter(rng, n, weights), QUEEN).loc[BLOCK, "confidence"] >= AT_95).any())
        for _ in range(volume(60, 500))
    ]
    assert share_of(found, f"a block at {rate} times the rate, {n:,} crimes, found") >= least


def fill_cube(rng: np.random.Generator, n: int, weights: np.ndarray) -> pd.DataFrame:
    counts = rng.multinomial(n, (weights / weights.sum()).ravel()).reshape(weights.shape)
    return pd.DataFrame(counts, index=CELLS)


@pytest.mark.parametrize("n", [100, 1000, 12_000])
@pytest.mark.parametrize("last_month", [1, 3])
def test_random_crimes_make_no_pattern_also_where_a_month_has_three_times_as_many(
    n: int, last_month: int
) -> None:
    rng, weights = np.random.default_rng(n), np.ones((len(CELLS), PERIODS))
    weights[:, -1] = last_month
    found = [
        bool((find_emerging_hotspots(fill_cube(rng, n, weights), QUEEN)["pattern"] != NO_PATTERN).any())
        for _ in range(volume(5, 200))
    ]
    assert share_of(found, f"{n:,} random crimes of a year, last month {last_month} times, a pattern") <= 0.07


@pytest.mark.parametrize(("kind", "months", "n"), [("new_hot", 1, 12_000), ("consecutive_hot", 3, 6000)])
def test_a_planted_pattern_is_found(kind: str, months: int, n: int) -> None:
    rng, weights = np.random.default_rng(n), pd.DataFrame(1.0, index=CELLS, columns=range(PERIODS))
    weights.loc[BLOCK, PERIODS - months :] = 20
    found = [
        bool(
            (
                find_emerging_hotspots(fill_cube(rng, n, weights.to_numpy()), QUEEN).loc[BLOCK, "pattern"]
                == kind
            ).any()
        )
        for _ in range(volume(10, 200))
    ]
    assert share_of(found, f"a block at 20 times the rate, {n:,} crimes of a year, found as {kind}") >= 0.9


def find_any_village(n: int, villages: gpd.GeoDataFrame, n_maps: int) -> list[bool]:
    ground, neighbours = villages.area / 1e6, find_area_neighbours(villages)
    rng = np.random.default_rng(n)
    return [
        bool((find_alike_areas(scatter(rng, n, ground), ground, neighbours)["p_adjusted"] <= LEVEL).any())
        for _ in range(n_maps)
    ]


@pytest.mark.parametrize("n", COUNTS)
def test_random_crimes_make_no_village_stand_out_though_towns_have_small_ones(n: int) -> None:
    found = find_any_village(n, make_town(np.random.default_rng(4)), volume(5, 200))
    assert share_of(found, f"{n:,} random crimes in 200 villages with a town, one stands out") <= 0.07


@reference
@needs_villages
@pytest.mark.parametrize("n", [100, 1000, 10_000])
def test_random_crimes_make_no_real_village_stand_out(n: int) -> None:
    found = find_any_village(n, read_villages(), volume(5, 200))
    assert share_of(found, f"{n:,} random crimes in 217 real villages, one stands out") <= 0.07


def test_villages_with_much_crime_side_by_side_are_found() -> None:
    villages = make_town(np.random.default_rng(4))
    ground, neighbours = villages.area / 1e6, find_area_neighbours(villages)
    middle = int((ground - ground.median()).abs().argmin())
    planted = [middle, *neighbours[[middle]].indices]
    weights = ground.copy()
    weights.iloc[planted] *= 8
    rng, found = np.random.default_rng(8), []
    for _ in range(volume(10, 200)):
        answer = find_alike_areas(scatter(rng, 3000, weights), ground, neighbours).iloc[planted]
        found.append(bool(((answer["p_adjusted"] <= LEVEL) & (answer["quadrant"] == "HH")).any()))
    assert share_of(found, "villages at 8 times the rate, 3,000 crimes, found") >= 0.9
