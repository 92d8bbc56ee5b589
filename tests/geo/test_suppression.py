from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import LinearConstraint, milp

from geo.errors import ColumnError, GeoError
from geo.suppression import suppress_small_counts


def table(*districts: list[int]) -> tuple[pd.Series, pd.DataFrame]:
    """Make villages' counts, district by district, in one regency."""
    codes = [f"d{place}" for place, counts in enumerate(districts) for _ in counts]
    index = pd.Index([f"v{number}" for number in range(len(codes))], name="village")
    counts = pd.Series([count for counts in districts for count in counts], index=index, dtype="int64")
    return counts, pd.DataFrame({"district": codes}, index=index)


def hidden(*districts: list[int], **options: int) -> list[str]:
    answer = suppress_small_counts(*table(*districts), **options)
    return answer.index.get_level_values("code")[answer["hidden"]].tolist()


def test_counts_from_5_and_zeros_are_shown() -> None:
    assert hidden([5, 6, 0], [7, 0]) == []


def test_a_hidden_cell_takes_the_smallest_neighbour_with_it() -> None:
    assert hidden([4, 9, 8, 0], [7, 10]) == ["v0", "v2"]


def test_two_small_cells_protect_each_other() -> None:
    assert hidden([4, 3, 9], [7, 10]) == ["v0", "v1"]


def test_cells_of_one_each_do_not() -> None:
    # The total leaves 2 for two hidden counts of at least 1 each: both are 1.
    assert hidden([1, 1, 9], [7, 10]) == ["v0", "v1", "v2"]


def test_a_cell_alone_in_its_district_takes_another_district_with_it() -> None:
    # d0 is 3 as well; the total would give it away, so the smallest other district goes, and a part of that.
    assert hidden([3], [7, 10], [30, 40]) == ["v0", "v1", "d0", "d1"]


def test_what_nothing_else_can_protect_takes_the_total_with_it() -> None:
    assert hidden([3, 0]) == ["v0", "d0", "total"]
    assert hidden([20, 3, 0]) == ["v0", "v1"]


def test_another_limit() -> None:
    assert hidden([4, 9, 12], threshold=10) == ["v0", "v1"]
    assert hidden([4, 9, 8], threshold=4) == []


def test_a_count_is_small_too_where_the_rest_of_its_whole_is() -> None:
    counts, levels = table([96, 50, 60])
    whole = pd.Series([100, 100, 100], index=counts.index)
    answer = suppress_small_counts(counts, levels, whole=whole)
    assert answer["hidden"].tolist() == [True, True, False, False, False]
    full = suppress_small_counts(counts, levels, whole=counts)  # everybody: a rest of 0 tells of nobody
    assert not full["hidden"].any()


def test_the_answer_names_levels_and_adds_up() -> None:
    answer = suppress_small_counts(*table([3, 9], [7, 10]))
    assert answer.index.names == ["level", "code"]
    assert answer.xs("district")["count"].tolist() == [12, 17]
    assert answer.loc[("total", "total"), "count"] == 29
    assert answer.loc[("village", "v0"), "count"] is pd.NA
    assert str(answer["count"].dtype) == "Int64"
    counts, levels = table([3, 9])
    assert suppress_small_counts(counts.iloc[:0], levels.iloc[:0]).empty


def test_doubtful_tables_are_refused() -> None:
    counts, levels = table([3, 9], [7, 10])
    crossing = levels.assign(officer=["a", "b", "b", "b"])
    with pytest.raises(GeoError, match="cut across finer groups: use nested levels, finest"):
        suppress_small_counts(counts, crossing)
    with pytest.raises(GeoError, match="below 0"):
        suppress_small_counts(counts, levels, threshold=0)
    with pytest.raises(ColumnError, match="same index"):
        suppress_small_counts(counts, levels[::-1])
    with pytest.raises(ColumnError, match="missing"):
        suppress_small_counts(counts, levels.assign(district=None))
    for wrong in (counts - 5, counts + 0.5):
        with pytest.raises(ColumnError, match="whole numbers"):
            suppress_small_counts(wrong, levels)


# ---- a solver that knows the rule and all that is shown


def solve(
    answer: pd.DataFrame, groups: list[np.ndarray], node: int, *, least: int, most: np.ndarray
) -> list[int]:
    """Least and greatest whole number that a node may have, by an integer program over the cells."""
    n = len(groups[0])
    rows = [np.eye(n), *(np.equal.outer(np.unique(group), group).astype(float) for group in groups)]
    sums = np.concatenate(rows)
    shown = answer["count"].to_numpy(dtype=np.float64, na_value=np.nan)
    known = ~np.isnan(shown)
    constraints = LinearConstraint(sums, np.where(known, shown, least), np.where(known, shown, most))
    found = [milp(sign * sums[node], constraints=constraints, integrality=np.ones(n)) for sign in (1, -1)]
    assert all(result.success for result in found)
    return [round(sign * result.fun) for sign, result in zip((1, -1), found, strict=True)]


@st.composite
def tables(draw: st.DrawFn) -> tuple[pd.Series, pd.DataFrame]:
    """Draw up to 9 villages in up to 4 districts in up to 2 regencies, with counts that are often small."""
    n = draw(st.integers(1, 9))
    counts = draw(st.lists(st.sampled_from([0, 0, 1, 1, 2, 4, 5, 6, 20]), min_size=n, max_size=n))
    districts = draw(st.lists(st.integers(0, 3), min_size=n, max_size=n))
    index = pd.Index([f"v{number}" for number in range(n)], name="village")
    levels = {
        "district": [f"d{code}" for code in districts],
        "regency": [f"r{code // 2}" for code in districts],
    }
    return pd.Series(counts, index=index, dtype="int64"), pd.DataFrame(levels, index=index)


@settings(max_examples=60, deadline=None)
@given(drawn=tables(), parts=st.booleans(), seed=st.integers(0, 99))
def test_nothing_hidden_can_be_worked_out(
    drawn: tuple[pd.Series, pd.DataFrame], *, parts: bool, seed: int
) -> None:
    counts, levels = drawn
    rest = np.random.default_rng(seed).choice([0, 0, 2, 9, 50], len(counts))
    whole = counts + rest if parts else None
    answer = suppress_small_counts(counts, levels, whole=whole)
    groups = [np.arange(len(counts)), *(pd.factorize(levels[name], sort=True)[0] for name in levels)]
    groups = [*groups[1:], np.zeros(len(counts), dtype=int)]
    truth = np.concatenate([counts, *(np.bincount(group, counts) for group in groups)])
    limits = np.full(len(truth), 1e6)
    if whole is not None:
        limits = np.concatenate([whole, *(np.bincount(group, whole) for group in groups)])
    shown = answer["count"].to_numpy(dtype=np.float64, na_value=np.nan)
    assert np.array_equal(shown[~answer["hidden"]], truth[~answer["hidden"]])
    small = (truth > 0) & (truth < 5)
    assert answer["hidden"][small].all()
    for node in np.flatnonzero(answer["hidden"]):
        low, high = solve(answer, groups, node, least=0 if parts else 1, most=limits)
        assert low <= truth[node] <= high
        assert low < high or limits[node] == 0  # a part of nobody is nobody
