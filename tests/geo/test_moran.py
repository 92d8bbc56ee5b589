from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from geo.errors import ColumnError, GeoError, TooFewError
from geo.grid import make_grid
from geo.hotspots.moran import compute_moran_scores, measure_local_moran
from geo.weights import find_cell_neighbours
from tests.geo.builders import make_square

GRID = make_grid(make_square(1000), cell_m=100)
QUEEN = find_cell_neighbours(GRID.index)


def make_block() -> pd.Series:
    counts = pd.Series(1, index=GRID.index)
    for cell in ("2_2", "2_3", "3_2", "3_3", "4_3"):
        counts["square_100_" + cell] = 12
    return counts


def test_scores_by_hand() -> None:
    # 3 1 0 0 on a line: z 2 0 -1 -1, Σz² = 6. The third: 3·(-1)·((0 - 1)/2)/6 = 0.25.
    line = sparse.csr_array(np.eye(4, k=1) + np.eye(4, k=-1))
    assert compute_moran_scores([3, 1, 0, 0], line).tolist() == pytest.approx([0, 0, 0.25, 0.5])


def test_a_block_is_high_among_high_and_its_hole_low_among_high() -> None:
    counts = make_block()
    counts["square_100_3_3"] = 0
    counts[["square_100_4_2", "square_100_4_4", "square_100_2_4", "square_100_3_4"]] = 12
    found = measure_local_moran(counts, QUEEN)
    assert found.loc["square_100_2_2", "quadrant"] == "HH"
    assert found.loc["square_100_3_3", "quadrant"] == "LH"
    assert found.loc["square_100_9_9", "quadrant"] == "LL"
    assert found.loc["square_100_3_3", "moran"] < 0
    assert found.loc["square_100_3_3", "p_adjusted"] <= 0.05


def test_p_is_that_of_the_exact_permutations() -> None:
    # One neighbour each, in a chain of pairs: the neighbour of the 9 is one of 11 others, of which one is 8.
    counts = pd.Series([9, 8, 0, 1, 2, 3, 4, 5, 6, 7, 3, 2], dtype=float)
    pairs = sparse.csr_array(np.kron(np.eye(6), [[0, 1], [1, 0]]))
    found = measure_local_moran(counts, pairs, n_permutations=4999, n_refined=0)
    assert found["p"].iloc[0] == pytest.approx(2 / 11, abs=0.02)  # 8 is the greatest: tail 1/11


def test_the_seed_makes_the_answer_and_no_seed_is_needed() -> None:
    first, second, other = (measure_local_moran(make_block(), QUEEN, seed=seed) for seed in (0, 0, 1))
    pd.testing.assert_frame_equal(first, second)
    assert not first["p"].equals(other["p"])


def test_small_p_values_are_refined() -> None:
    coarse, fine = (measure_local_moran(make_block(), QUEEN, n_refined=n) for n in (0, 9_999))
    assert coarse["p"].min() == pytest.approx(2 / 1000)
    assert fine["p"].min() == pytest.approx(2 / 10_000)
    assert (fine["p"] - coarse["p"]).abs().max() < 0.02


def test_under_randomness_few_areas_are_significant() -> None:
    p = [
        measure_local_moran(
            pd.Series(np.random.default_rng(seed).poisson(2, 100), index=GRID.index), QUEEN, n_refined=0
        )["p"]
        for seed in range(20)
    ]
    assert 0.02 < (pd.concat(p) <= 0.05).mean() < 0.06
    assert pd.concat(p).min() > 0


def test_islands_and_equal_values_have_no_answer() -> None:
    weights = QUEEN.tolil()
    weights[0, :] = weights[:, 0] = 0
    found = measure_local_moran(make_block(), sparse.csr_array(weights))
    assert found.iloc[0].isna().all()
    assert found.iloc[1:]["p"].notna().all()
    assert measure_local_moran(pd.Series(2, index=GRID.index), QUEEN).isna().all(axis=None)


def test_too_little_is_refused() -> None:
    for n in (0, 1, 2):
        counts = pd.Series(0, index=GRID.index)
        counts.iloc[0] = n
        with pytest.raises(TooFewError, match="crimes"):
            measure_local_moran(counts, QUEEN)
    with pytest.raises(TooFewError, match="areas"):
        measure_local_moran(make_block().iloc[:5], find_cell_neighbours(GRID.index[:5]))
    with pytest.raises(GeoError, match="permutation"):
        measure_local_moran(make_block(), QUEEN, n_permutations=0)
    with pytest.raises(ColumnError, match="missing"):
        measure_local_moran(make_block().where(make_block() > 1), QUEEN)
    with pytest.raises(ColumnError, match="weights for 100"):
        measure_local_moran(make_block().iloc[:50], QUEEN)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_scores_and_quadrants_do_not_depend_on_order_and_the_input_stays(seed: int) -> None:
    rng = np.random.default_rng(seed)
    counts = pd.Series(rng.poisson(2, 100), index=GRID.index)
    copy, shuffled = counts.copy(), counts.iloc[rng.permutation(100)]
    found = measure_local_moran(counts, QUEEN, n_permutations=9, n_refined=0)
    again = measure_local_moran(
        shuffled, find_cell_neighbours(shuffled.index), n_permutations=9, n_refined=0
    ).loc[GRID.index]
    np.testing.assert_allclose(again["moran"], found["moran"], atol=1e-12)
    sure = found["moran"].abs() > 1e-9
    assert again.loc[sure, "quadrant"].equals(found.loc[sure, "quadrant"])
    pd.testing.assert_series_equal(counts, copy)
