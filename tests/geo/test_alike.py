from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from geo.errors import ColumnError, TooFewError
from geo.grid import make_grid
from geo.hotspots.alike import LEVEL, find_alike_areas
from geo.hotspots.moran import measure_local_moran
from geo.weights import find_cell_neighbours
from tests.geo.builders import make_square

GRID = make_grid(make_square(1000), cell_m=100)
QUEEN = find_cell_neighbours(GRID.index)
EVEN = pd.Series(1.0, index=GRID.index)
BLOCK = ["square_100_2_2", "square_100_2_3", "square_100_3_2", "square_100_3_3"]


def make_block() -> pd.Series:
    counts = pd.Series(2, index=GRID.index)
    counts[BLOCK] = 20
    return counts


def test_a_block_of_crime_is_high_among_high() -> None:
    found = find_alike_areas(make_block(), EVEN, QUEEN)
    assert (found.loc[BLOCK, "p_adjusted"] <= LEVEL).all()
    assert (found.loc[BLOCK, "quadrant"] == "HH").all()
    assert found.loc["square_100_8_8", "p_adjusted"] > LEVEL


def test_nothing_is_more_significant_than_among_permutations() -> None:
    counts = make_block()
    permuted = measure_local_moran(counts / EVEN, QUEEN, minimum=0)
    found = find_alike_areas(counts, EVEN, QUEEN)
    assert (found["p"] >= permuted["p"] - 1e-12).all()
    pd.testing.assert_frame_equal(found[["moran", "quadrant"]], permuted[["moran", "quadrant"]])


def test_a_town_of_small_areas_is_no_finding_though_permutations_call_it_one() -> None:
    size = pd.Series(np.where(GRID.index.str.match("square_100_[0-3]_"), 0.02, 1.0), index=GRID.index)
    called = {"permutations": 0, "both": 0}
    for seed in range(20):
        rng = np.random.default_rng(seed)
        counts = pd.Series(rng.multinomial(300, size / size.sum()), index=GRID.index)
        permuted = measure_local_moran(counts / size, QUEEN, minimum=0)
        called["permutations"] += bool((permuted["p_adjusted"] <= LEVEL).any())
        called["both"] += bool((find_alike_areas(counts, size, QUEEN)["p_adjusted"] <= LEVEL).any())
    assert called["permutations"] >= 5
    assert called["both"] == 0


def test_the_seed_makes_the_answer_and_the_input_stays() -> None:
    counts = make_block()
    copy = counts.copy()
    first, second = (find_alike_areas(counts, EVEN, QUEEN, seed=3) for _ in range(2))
    pd.testing.assert_frame_equal(first, second)
    pd.testing.assert_series_equal(counts, copy)


def test_equal_rates_and_areas_without_neighbours_have_no_answer() -> None:
    assert find_alike_areas(pd.Series(2, index=GRID.index), EVEN, QUEEN)["p_adjusted"].isna().all()
    assert find_alike_areas(make_block(), EVEN, sparse.csr_array((100, 100)))["p_adjusted"].isna().all()


def test_too_little_and_what_are_no_counts_are_refused() -> None:
    few = pd.Series(0, index=GRID.index)
    few.iloc[0] = 29
    with pytest.raises(TooFewError, match="crimes"):
        find_alike_areas(few, EVEN, QUEEN)
    with pytest.raises(TooFewError, match="areas"):
        find_alike_areas(make_block().iloc[:5] * 9, EVEN.iloc[:5], find_cell_neighbours(GRID.index[:5]))
    with pytest.raises(ColumnError, match="whole numbers"):
        find_alike_areas(make_block() / 7, EVEN, QUEEN)
    with pytest.raises(ColumnError, match="above 0"):
        find_alike_areas(make_block(), EVEN * 0, QUEEN)
    with pytest.raises(ColumnError, match="same areas"):
        find_alike_areas(make_block(), EVEN.iloc[::-1], QUEEN)
    assert np.isfinite(find_alike_areas(few, EVEN, QUEEN, minimum=0)["p"]).all()
