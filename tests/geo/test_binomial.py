from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from geo.binomial import bisect_counts, compute_binomial_p


@settings(max_examples=100, deadline=None)
@given(n=st.integers(1, 300), share=st.floats(0.01, 0.99), part=st.floats(0, 1))
def test_p_is_that_of_scipy(n: int, share: float, part: float) -> None:
    hits = round(part * n)
    ours = compute_binomial_p(np.array([hits]), np.array([n]), np.array([share]))[0]
    assert ours == pytest.approx(stats.binomtest(hits, n, share).pvalue, rel=1e-6, abs=1e-12)


def test_large_and_small_counts_together_are_each_their_own() -> None:
    hits, trials = np.array([30_000, 2, 0, 700]), np.array([60_500, 3, 0, 1500])
    together = compute_binomial_p(hits, trials, np.full(4, 0.5))
    alone = [compute_binomial_p(hits[[i]], trials[[i]], np.array([0.5]))[0] for i in range(4)]
    np.testing.assert_allclose(together, alone)
    assert together[0] == pytest.approx(stats.binomtest(30_000, 60_500, 0.5).pvalue, rel=1e-6)
    assert together[2] == 1


@pytest.mark.parametrize(("hits", "trials"), [(11, 500), (40, 2000), (0, 10_000), (250, 100_000)])
def test_small_p_values_are_as_exact_as_scipys(hits: int, trials: int) -> None:
    share = 9 / 2500
    ours = compute_binomial_p(np.array([hits]), np.array([trials]), np.array([share]))[0]
    assert ours == pytest.approx(stats.binomtest(hits, trials, share).pvalue, rel=1e-9)


def test_two_outcomes_that_are_equally_likely_count_both() -> None:
    # Of three fair coins 1 or 2 heads are likeliest; 0 and 3 have 1/8 each.
    p = compute_binomial_p(np.arange(4), np.full(4, 3), np.full(4, 0.5))
    assert p.tolist() == pytest.approx([0.25, 1, 1, 0.25])


def test_no_counts_have_no_p() -> None:
    none = np.array([], dtype=np.int64)
    assert compute_binomial_p(none, none, none.astype(float)).size == 0


def test_bisection_finds_the_first_on_either_side() -> None:
    found = bisect_counts(np.array([0, 9, 5]), np.array([100, -1, 6]), lambda n: (n > 20) | (n < 5))
    assert found.tolist() == [21, 4, 6]
