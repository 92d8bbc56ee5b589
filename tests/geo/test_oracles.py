"""The statistics against those of the peers: esda and libpysal, pointpats, pymannkendall.

All in one module, as the peers take seconds to import.

The remotely sensed image of 16 by 16 cells of Getis & Ord (1996), ``getisord`` in R's spData, is in none of
the test dependencies: libpysal's examples don't hold it, and esda's own tests use the six points below. So
the G of its 120th cell that spdep prints (1.221979 at 30 m, 1.748098 at 60, 1.986135 at 90, 1.893374 at 120,
1.237454 at 150) are not computed again: the comparisons with esda on random grids, to 1e-12, stand alone.
"""

from __future__ import annotations

import esda
import libpysal
import numpy as np
import pandas as pd
import pymannkendall
import pytest
import shapely
from esda.smoothing import Empirical_Bayes
from hypothesis import given, settings
from hypothesis import strategies as st
from pointpats.spacetime import Knox

from geo.grid import make_grid
from geo.hotspots.getis import compute_gi_scores
from geo.hotspots.moran import QUADRANTS, compute_moran_scores, measure_local_moran
from geo.rates import smooth_rates
from geo.repeats import measure_near_repeats
from geo.trend import compute_mann_kendall
from geo.weights import find_area_neighbours, find_cell_neighbours, find_place_neighbours
from tests.geo.builders import make_areas, make_cloud, make_points, make_square
from tests.volume import volume

EXACT = 1e-12
seeds = st.integers(0, 2**32 - 1)


def make_layer(seed: int) -> tuple[np.ndarray, libpysal.graph.Graph, np.ndarray]:
    """A grid of random size with random counts: ours, the peer's weights, the counts."""
    rng = np.random.default_rng(seed)
    wide, high = rng.integers(4, 14, 2)
    grid = make_grid(make_areas(a=shapely.box(0, 0, wide * 100, high * 100)), cell_m=100)
    graph = libpysal.graph.Graph.build_contiguity(grid.reset_index(drop=True), rook=False)
    return find_cell_neighbours(grid.index), graph, rng.poisson(rng.uniform(0.5, 5), len(grid)).astype(float)


@settings(max_examples=25, deadline=None)
@given(seed=seeds, star=st.booleans())
def test_gi_equals_esda(seed: int, *, star: bool) -> None:
    neighbours, graph, counts = make_layer(seed)
    theirs = esda.G_Local(counts, graph, transform="B", star=star, permutations=0)
    np.testing.assert_allclose(
        compute_gi_scores(counts, neighbours, star=star), theirs.Zs, rtol=EXACT, atol=EXACT
    )


def test_gi_equals_esda_on_its_own_example() -> None:
    places = [(10, 10), (20, 10), (40, 10), (15, 20), (30, 20), (30, 30)]
    values = [2, 3, 3.2, 5, 8, 7]
    weights = find_place_neighbours(make_points(*places), distance_m=15)
    printed = [-1.0136729, -0.04361589, 1.31558703, -0.31412676, 1.15373986, 1.77833941]
    printed_star = [-1.39727626, -0.28917762, 0.65064964, -0.28917762, 1.23452088, 2.02424331]
    np.testing.assert_allclose(compute_gi_scores(values, weights, star=False), printed, atol=5e-9)
    np.testing.assert_allclose(compute_gi_scores(values, weights), printed_star, atol=5e-9)


@settings(max_examples=25, deadline=None)
@given(seed=seeds)
def test_local_moran_equals_esda(seed: int) -> None:
    neighbours, graph, counts = make_layer(seed)
    theirs = esda.Moran_Local(counts, graph, permutations=0)
    np.testing.assert_allclose(compute_moran_scores(counts, neighbours), theirs.Is, rtol=EXACT, atol=EXACT)
    quadrants = measure_local_moran(pd.Series(counts), neighbours, n_permutations=1, n_refined=0, minimum=0)[
        "quadrant"
    ]
    named = np.array(QUADRANTS)[theirs.q - 1]
    sure = np.abs(theirs.Is) > EXACT  # a mean of exactly 0 is on either side by rounding
    assert quadrants[sure].tolist() == named[sure].tolist()


@pytest.mark.filterwarnings("ignore:The alternative hypothesis for conditional:DeprecationWarning")
def test_local_moran_p_agrees_with_esda() -> None:
    neighbours, graph, counts = make_layer(12)
    counts += np.random.default_rng(1).uniform(
        0, 1, len(counts)
    )  # ties, which esda puts in one tail only, apart
    theirs = esda.Moran_Local(counts, graph, permutations=19_999, seed=1, n_jobs=1).p_sim  # of one tail
    ours = measure_local_moran(pd.Series(counts), neighbours, n_permutations=19_999, n_refined=0)["p"]
    np.testing.assert_allclose(ours, np.minimum(2 * theirs, 1), atol=0.06)
    assert np.abs(ours - np.minimum(2 * theirs, 1)).mean() < 0.015


def test_neighbours_equal_libpysals() -> None:
    rng = np.random.default_rng(7)
    grid = make_grid(make_square(900), cell_m=100, shape="hexagon").reset_index(drop=True)
    queen = libpysal.graph.Graph.build_contiguity(grid, rook=False)
    assert (find_area_neighbours(grid) != queen.sparse).nnz == 0
    points = make_cloud(rng.uniform(0, 1000, (80, 2)))
    band = libpysal.graph.Graph.build_distance_band(points, 150, binary=True)
    assert (find_place_neighbours(points, distance_m=150) != band.sparse).nnz == 0


@settings(max_examples=60, deadline=None)
@given(
    row=st.lists(st.integers(-3, 9), min_size=4, max_size=30)
    | st.lists(st.floats(-9, 9), min_size=4, max_size=30)
)
def test_mann_kendall_equals_pymannkendall(row: list[float]) -> None:
    z, p = compute_mann_kendall([row])
    if len(set(row)) == 1:
        assert (z[0], p[0]) == (0, 1)
        return
    theirs = pymannkendall.original_test(row, alpha=0.1)
    assert z[0] == pytest.approx(theirs.z, rel=EXACT, abs=EXACT)
    assert p[0] == pytest.approx(theirs.p, abs=EXACT)


@settings(max_examples=30, deadline=None)
@given(rows=st.lists(st.tuples(st.integers(0, 50), st.integers(1, 3000)), min_size=2, max_size=30))
def test_smoothed_rates_equal_esda_where_no_variance_is_clipped(rows: list[tuple[int, int]]) -> None:
    counts, exposure = (np.array(part, dtype=float) for part in zip(*rows, strict=True))
    mean = counts.sum() / exposure.sum()
    spread = (exposure * (counts / exposure - mean) ** 2).sum() / exposure.sum() - mean / exposure.mean()
    if mean > 0 and spread > 0:
        np.testing.assert_allclose(
            smooth_rates(counts, exposure), Empirical_Bayes(counts, exposure).r.ravel()
        )


@pytest.mark.trial
@pytest.mark.parametrize("seed", range(volume(4, 50)))
def test_knox_equals_pointpats(seed: int) -> None:
    rng = np.random.default_rng(seed)
    xy, seconds = rng.uniform(0, 3000, (250, 2)), rng.integers(0, 90 * 86_400, 250)
    times = pd.Timestamp("2026-01-01", tz="UTC") + pd.to_timedelta(seconds, unit="s")
    crimes = make_cloud(xy).assign(occurred_at=times)
    found = measure_near_repeats(
        crimes, distance_bands_m=[0, 300], time_bands_days=[0, 9], metric="euclidean", n_permutations=499
    ).table.iloc[0]
    almost = 1e-9  # a pair exactly nine days apart lies beyond our band, and within theirs
    theirs = Knox(xy, (seconds / 86_400).reshape(-1, 1), delta=300, tau=9 - almost, permutations=99)
    assert found["n_observed"] == theirs.statistic_
    assert found["n_expected_by_margins"] == pytest.approx(theirs.expected[0, 0])
    assert found["p"] == pytest.approx(theirs.p_sim, abs=0.2)
