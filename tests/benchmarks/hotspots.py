"""Gi* against esda, near repeats against pointpats, and patterns of emerging hot spots against the clock."""

from __future__ import annotations

from multiprocessing import get_context
from time import perf_counter
from typing import TYPE_CHECKING

import esda
import geopandas as gpd
import libpysal
import numpy as np
import pandas as pd
import shapely
from pointpats.spacetime import Knox

from geo.emerging import PATTERNS, find_emerging_hotspots
from geo.grid import make_grid
from geo.hotspots.getis import compute_gi_scores
from geo.repeats import measure_near_repeats
from geo.weights import find_cell_neighbours
from tests.benchmarks.memory import peak_bytes
from tests.benchmarks.rows import Benchmark, Row, Sizes, compare

if TYPE_CHECKING:
    from numpy.typing import NDArray

UTM = "EPSG:32749"
N_PERIODS = 24
LARGEST_DIFFERENCE = 1e-12
NEAR_M, SOON_DAYS = 200.0, 7.0
PERMUTATIONS, PEER_PERMUTATIONS = 999, 9
MOST_MB = 500.0
MOST_SECONDS = 3.0


def gi_star(sizes: Sizes) -> Row:
    """Analytic scores of one layer, the weights being there: no compiled part of either, no permutations."""
    grid = _make_cells(sizes.areas)
    counts = np.random.default_rng(5).poisson(2, len(grid)).astype(float)
    ours = find_cell_neighbours(grid.index)
    theirs = libpysal.graph.Graph.build_contiguity(grid.reset_index(drop=True), rook=False)
    compared = compare(
        lambda: compute_gi_scores(counts, ours),
        lambda: esda.G_Local(counts, theirs, transform="B", star=True, permutations=0).Zs,
        sizes,
    )
    difference = float(np.abs(compared.own_answer - compared.peer_answer).max())
    return compared.row(
        f"Gi* of {len(grid):,} areas, against esda (analytic)",
        at_least=20,
        agrees=difference <= LARGEST_DIFFERENCE,
        note=f"largest difference {difference:.1e}",
    )


def near_repeats(sizes: Sizes) -> Row:
    """One band of distance and time, which is all that the peer knows; the whole table is timed beside."""
    xy, seconds = _make_events(sizes.events)
    crimes = _make_crimes(sizes.events)
    own = {
        "distance_bands_m": (0.0, NEAR_M),
        "time_bands_days": (0.0, SOON_DAYS),
        "metric": "euclidean",
        "n_permutations": PERMUTATIONS,
    }
    days = (seconds / 86_400).reshape(-1, 1)
    compared = compare(
        lambda: measure_near_repeats(crimes, **own),
        lambda: Knox(xy, days, delta=NEAR_M, tau=SOON_DAYS, permutations=PEER_PERMUTATIONS).statistic_,
        sizes,
    )
    start = perf_counter()
    table = measure_near_repeats(crimes).table
    whole_s = perf_counter() - start
    with get_context("spawn").Pool(1) as alone:  # a process of its own, or its peak would be that of all
        memory_mb = alone.apply(_peak_mb, (sizes.events,))
    same = int(compared.own_answer.table["n_observed"].item()) == int(compared.peer_answer)
    return compared.row(
        f"Knox of {sizes.events:,} events, {PERMUTATIONS} permutations; pointpats' {PEER_PERMUTATIONS}",
        at_least=1,
        agrees=same and memory_mb < MOST_MB,
        note=f"whole table of {len(table)} bands {whole_s:.1f} s, {memory_mb:.0f} of {MOST_MB:.0f} MB",
    )


def emerging(sizes: Sizes) -> Row:
    """Scores in space and time, trends and names of all areas."""
    grid = _make_cells(sizes.areas)
    counts = pd.DataFrame(np.random.default_rng(6).poisson(1, (len(grid), N_PERIODS)), index=grid.index)
    start = perf_counter()
    found = find_emerging_hotspots(counts, find_cell_neighbours(grid.index))
    seconds = perf_counter() - start
    right = found["pattern"].isin(PATTERNS).all() and len(found) == len(grid)
    return Row(
        name=f"Emerging hot spots of {len(grid):,} areas and {N_PERIODS} periods",
        measured=f"{seconds:.2f} s",
        wanted=f"<= {MOST_SECONDS:g} s",
        passed=bool(right and seconds <= MOST_SECONDS),
        note=f"{int((found['pattern'] != 'none').sum()):,} with a pattern",
    )


def _make_cells(n: int) -> gpd.GeoDataFrame:
    side = int(np.sqrt(n))
    outline = shapely.box(0, 0, side * 100, -(-n // side) * 100)
    return make_grid(gpd.GeoDataFrame(geometry=[outline], crs=UTM), cell_m=100)


def _make_events(n: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """A year in a regency: half of the events around forty places."""
    rng = np.random.default_rng(4)
    centres = rng.uniform(0, 28_000, (40, 2))
    around = rng.choice(centres, n // 2) + rng.normal(0, 600, (n // 2, 2))
    xy = np.concatenate([around, rng.uniform(0, 28_000, (n - n // 2, 2))])
    return xy, rng.integers(0, 365 * 86_400, n)


def _make_crimes(n: int) -> gpd.GeoDataFrame:
    xy, seconds = _make_events(n)
    times = pd.Timestamp("2026-01-01", tz="UTC") + pd.to_timedelta(seconds, unit="s")
    return gpd.GeoDataFrame({"occurred_at": times}, geometry=gpd.points_from_xy(*xy.T), crs=UTM)


def _peak_mb(n: int) -> float:
    """Most memory of the whole process, libraries and the peers' included, after one whole table."""
    measure_near_repeats(_make_crimes(n), n_permutations=PERMUTATIONS)
    return peak_bytes() / 2**20


BENCHMARKS: list[Benchmark] = [gi_star, near_repeats, emerging]
