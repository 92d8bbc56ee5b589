from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from geo.binomial import compute_binomial_p
from geo.change import VERDICTS, compare_periods, find_least_changes
from geo.errors import ColumnError, GeoError, TooFewError
from tests.volume import volume

pairs = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=20)


def compare(before: list[int], after: list[int], **options: float | pd.Series) -> pd.DataFrame:
    index = list("abcdefghijklmnopqrstuvwxyz"[: len(before)])
    return compare_periods(pd.Series(before, index=index), pd.Series(after, index=index), **options)


# ---- the test


def test_p_by_hand() -> None:
    # 3 before, 6 after: of nine coins, 6 or more or 3 or fewer: 2·(84 + 36 + 9 + 1)/512.
    assert compare([3], [6])["p"].item() == pytest.approx(260 / 512)
    # Twice the exposure later: three quarters of nothing new. 0 of 4 with share ⅔: (⅓)⁴ is the least likely.
    assert compare([4], [0], exposure_after=2.0)["p"].item() == pytest.approx(1 / 81)


def test_the_interval_of_the_ratio_is_clopper_and_pearsons() -> None:
    found = compare([8], [12]).iloc[0]
    low, high = stats.binomtest(12, 20).proportion_ci(method="exact")
    assert found["ratio_low"] == pytest.approx(low / (1 - low))
    assert found["ratio_high"] == pytest.approx(high / (1 - high))
    assert found["ratio"] == pytest.approx(1.5)


# ---- what small numbers can't tell


def test_the_least_changes_are_those_that_the_test_first_tells() -> None:
    for before in (0, 1, 3, 5, 6, 10, 40):
        told = [stats.binomtest(after, before + after, 0.5).pvalue <= 0.05 for after in range(1, 120)]
        rises = [after for after, tells in enumerate(told, 1) if tells and after > before]
        falls = [after for after, tells in enumerate(told, 1) if tells and after < before]
        if before and stats.binomtest(0, before, 0.5).pvalue <= 0.05:
            falls.append(0)
        rise, fall = find_least_changes(np.array([before]), np.array([0.5]))
        assert rise.item() == min(rises)
        assert fall.item() == max(falls, default=-1)


@pytest.mark.parametrize(
    ("share", "before", "rise"),
    [
        (0.7, 21, 79),  # of 80, p is above 0.05 again: both tails together don't move one way
        (0.9, 19, 270),  # nor are 272 to 274
        (30 / 395, 40, 8),
    ],
)
def test_the_least_changes_of_unequal_periods_are_exact(share: float, before: int, rise: int) -> None:
    told = [after for after in range(400) if stats.binomtest(after, before + after, share).pvalue <= 0.05]
    expected = before * share / (1 - share)
    found = find_least_changes(np.array([before]), np.array([share]))
    assert found[0].item() == min(after for after in told if after > expected) == rise
    assert found[1].item() == max((after for after in told if after < expected), default=-1)


@pytest.mark.trial
def test_the_least_changes_of_any_periods_are_the_first_that_the_test_tells() -> None:
    rng = np.random.default_rng(0)
    n = volume(300, 10_000)
    before, share = rng.integers(0, 60, n), rng.uniform(0.05, 0.95, n)
    rise, fall = find_least_changes(before, share)
    for number in range(n):
        later = np.arange(rise[number] + 1)
        told = compute_binomial_p(later, later + before[number], np.full(len(later), share[number])) <= 0.05
        expected = before[number] * share[number] / (1 - share[number])
        assert np.flatnonzero(told & (later > expected)).tolist() == [rise[number]]
        assert np.flatnonzero(told & (later < expected)).max(initial=-1) == fall[number]


def test_from_five_crimes_not_even_none_is_a_fall() -> None:
    five, six = compare([5], [5]), compare([6], [6])
    assert (five["fall_to"].item(), six["fall_to"].item()) == (-1, 0)
    assert (five["rise_from"].item(), six["rise_from"].item()) == (15, 17)
    among = compare([5, 6], [5, 6])  # each needs half the level: for none of six p is 2/64
    assert among["fall_to"].tolist() == [-1, -1]


def test_the_least_change_shown_is_the_least_that_is_called_one() -> None:
    # 37 to 66 would be a rise in one area alone (p 0.0055 by R's binom.test); among 20 it needs 0.0025.
    crowd = compare([37, *[30] * 19], [66, *[30] * 19])
    assert crowd["p"].iloc[0] == pytest.approx(0.005536, abs=1e-6)
    assert crowd["verdict"].iloc[0] == "unclear"
    assert crowd["rise_from"].iloc[0] > 66
    least = int(crowd["rise_from"].iloc[0])
    assert stats.binomtest(least, least + 37).pvalue <= 0.0025 < stats.binomtest(least - 1, least + 36).pvalue
    for after, verdict in ((least - 1, "unclear"), (least, "more")):
        assert compare([37, *[30] * 19], [after, *[30] * 19])["verdict"].iloc[0] == verdict


@settings(max_examples=50, deadline=None)
@given(rows=pairs)
def test_a_verdict_and_the_least_changes_never_disagree(rows: list[tuple[int, int]]) -> None:
    before, after = (pd.Series(part) for part in zip(*[(1, 0), *rows], strict=True))
    found = compare_periods(before, after)
    assert ((found["n_after"] >= found["rise_from"]) == (found["verdict"] == "more")).all()
    assert ((found["n_after"] <= found["fall_to"]) == (found["verdict"] == "fewer")).all()


def test_no_change_is_never_claimed_from_small_numbers() -> None:
    found = compare([0, 2, 5, 30, 400], [0, 2, 5, 30, 400])
    assert found["verdict"].tolist() == ["unclear"] * 4 + ["same"]


def test_more_and_fewer_need_the_adjusted_p() -> None:
    alone = compare([10], [23])
    assert (alone["verdict"].item(), alone["p_adjusted"].item()) == ("more", alone["p"].item())
    crowd = compare([10] * 20, [23] + [10] * 19)
    assert crowd["p"].iloc[0] == pytest.approx(alone["p"].item())
    assert crowd["verdict"].iloc[0] == "unclear"
    assert compare([60, 50], [20, 50])["verdict"].tolist() == ["fewer", "unclear"]


def test_areas_without_any_crime_are_not_tested() -> None:
    found = compare([0, 9, 0], [0, 30, 4])
    assert found.loc["a", ["p", "p_adjusted", "ratio", "ratio_low", "ratio_high"]].isna().all()
    assert found.loc["b", "p_adjusted"] == pytest.approx(2 * found.loc["b", "p"])
    assert np.isnan(found.loc["c", "ratio"])
    assert found.loc["c", "ratio_high"] == np.inf
    assert found["verdict"].tolist() == ["unclear", "more", "unclear"]


def test_exposure_turns_a_rise_into_none() -> None:
    longer = compare([100, 10], [200, 20], exposure_before=30.0, exposure_after=60.0)
    assert longer["ratio"].tolist() == [1, 1]
    assert longer["p"].tolist() == pytest.approx([1, 1])
    assert longer["rate_before"].iloc[0] == pytest.approx(100 / 30)
    each = compare([10, 10], [20, 20], exposure_after=pd.Series([2.0, 1.0], index=["a", "b"]))
    assert each["ratio"].tolist() == [1, 2]


@settings(max_examples=50, deadline=None)
@given(rows=pairs, seed=st.integers(0, 99))
def test_order_does_not_matter_turning_time_round_mirrors_and_the_input_stays(
    rows: list[tuple[int, int]], seed: int
) -> None:
    before, after = (pd.Series(part) for part in zip(*[(1, 0), *rows], strict=True))
    copies = before.copy(), after.copy()
    found = compare_periods(before, after)
    order = np.random.default_rng(seed).permutation(len(before))
    again = compare_periods(before.iloc[order], after.iloc[order]).loc[found.index]
    pd.testing.assert_frame_equal(again, found)
    turned = compare_periods(after, before)
    np.testing.assert_allclose(turned["p"], found["p"])
    mirror = {"more": "fewer", "fewer": "more", "unclear": "unclear", "same": "same"}
    assert turned["verdict"].tolist() == found["verdict"].map(mirror).tolist()
    assert found["verdict"].isin(VERDICTS).all()
    assert found["n_before"].sum() == before.sum()
    pd.testing.assert_series_equal(before, copies[0])
    pd.testing.assert_series_equal(after, copies[1])


def test_no_crime_at_all_is_refused_and_one_or_two_are_unclear() -> None:
    with pytest.raises(TooFewError, match="There are no crimes in either period"):
        compare([0, 0], [0, 0])
    assert compare([0], [1])["verdict"].item() == "unclear"
    assert compare([2], [0])["verdict"].item() == "unclear"


def test_bad_counts_and_exposures_are_refused() -> None:
    with pytest.raises(ColumnError, match="same order"):
        compare_periods(pd.Series([1, 2]), pd.Series([1, 2], index=[1, 0]))
    with pytest.raises(ColumnError, match="whole numbers"):
        compare([1], [0.5])
    with pytest.raises(ColumnError, match="with none missing"):
        compare([1], [None])
    with pytest.raises(ColumnError, match="above 0"):
        compare([1], [1], exposure_before=0.0)
    with pytest.raises(ColumnError, match="exposures must cover the same"):
        compare([1], [1], exposure_before=pd.Series([1.0], index=["z"]))
    with pytest.raises(GeoError, match="level"):
        compare([1], [1], level=5)
