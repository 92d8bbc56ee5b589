from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.accuracy import measure_accuracy, measure_rolling_accuracy, score_methods
from geo.errors import ColumnError, GeoError, TooFewError
from geo.grid import make_grid
from geo.hotspots.methods import SCORING_METHODS, score_by_counts, score_by_density, score_by_gi_star
from tests.geo.builders import make_cloud, make_points, make_square

if TYPE_CHECKING:
    import geopandas as gpd

CELLS = make_grid(make_square(1000), cell_m=100)
DAYS = pd.date_range("2026-01-01", periods=100, freq="D", tz="UTC")


def make_crimes(xy: np.ndarray) -> gpd.GeoDataFrame:
    return make_cloud(xy).assign(occurred_at=DAYS[np.arange(len(xy)) % len(DAYS)])


# ---- one map


@pytest.mark.parametrize(("cells", "pai"), [(1, 2.0), (2, 1.5), (3, 1.0)])
def test_the_example_of_ptools(cells: int, pai: float) -> None:
    # Three areas alike with 6, 3 and 0 later crimes, predicted in that order (Wheeler & Steenbeek 2021).
    found = measure_accuracy([3, 2, 1], [6, 3, 0], [1, 1, 1], area_share=cells / 3)
    assert found.pai == pytest.approx(pai)
    assert found.pei == pytest.approx(1)
    assert found.n_crimes == 9


def test_a_map_turned_round_is_the_worst() -> None:
    found = measure_accuracy([1, 2, 3], [6, 3, 0], [1, 1, 1], area_share=1 / 3)
    assert (found.hit_rate, found.pai, found.pei) == (0, 0, 0)


def test_a_cell_on_the_limit_and_equal_scores_count_in_part() -> None:
    assert measure_accuracy([2, 1], [4, 6], [1, 1], area_share=0.75).hit_rate == pytest.approx(0.4 + 0.3)
    # Nothing told apart: a tenth of the ground gets a tenth of the crime, however it is spread.
    assert measure_accuracy([5, 5, 5], [6, 3, 0], [1, 1, 1], area_share=0.1).pai == pytest.approx(1)


def test_recapture_by_hand() -> None:
    # Hot third: 8 of 10 before, 6 of 9 later. (6/8)/(9/10) = 0.8333.
    found = measure_accuracy([3, 2, 1], [6, 3, 0], [1, 1, 1], area_share=1 / 3, earlier=[8, 1, 1])
    assert found.rri == pytest.approx((6 / 8) / (9 / 10))
    assert np.isnan(
        measure_accuracy([3, 2, 1], [6, 3, 0], [1, 1, 1], area_share=1 / 3, earlier=[0, 1, 1]).rri
    )


def test_sizes_of_areas_count() -> None:
    found = measure_accuracy([2, 1], [5, 5], [1, 9], area_share=0.1)
    assert (found.hit_rate, found.pai, found.pei) == (0.5, pytest.approx(5), 1)


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(
        st.tuples(st.integers(0, 5), st.integers(0, 9), st.integers(1, 5)), min_size=1, max_size=25
    ),
    share=st.floats(0.01, 1),
    seed=st.integers(0, 99),
)
def test_hits_and_efficiency_are_shares_whatever_the_order(
    rows: list[tuple[int, int, int]], share: float, seed: int
) -> None:
    scores, crimes, ground = np.array(rows, dtype=float).T
    crimes[0] += 1
    copies = scores.copy(), crimes.copy(), ground.copy()
    found = measure_accuracy(scores, crimes, ground, area_share=share)
    assert 0 <= found.hit_rate <= 1 + 1e-12
    assert 0 <= found.pei <= 1 + 1e-9
    order = np.random.default_rng(seed).permutation(len(scores))
    again = measure_accuracy(scores[order], crimes[order], ground[order], area_share=share)
    assert again.pai == pytest.approx(found.pai)
    perfect = measure_accuracy(crimes / ground, crimes, ground, area_share=share)
    assert perfect.pei == pytest.approx(1)
    for part, copy in zip((scores, crimes, ground), copies, strict=True):
        np.testing.assert_array_equal(part, copy)


def test_cells_without_a_score_are_the_coldest() -> None:
    assert measure_accuracy([np.nan, 1], [5, 5], [1, 1], area_share=0.5).hit_rate == 0.5
    assert measure_accuracy([np.nan, 1], [9, 1], [1, 1], area_share=0.5).hit_rate == pytest.approx(0.1)


def test_no_later_crime_no_ground_and_bad_rows_are_refused() -> None:
    with pytest.raises(TooFewError, match="later crimes"):
        measure_accuracy([1, 2], [0, 0], [1, 1])
    with pytest.raises(TooFewError, match="a size above 0"):
        measure_accuracy([1, 2], [1, 0], [0, 0])
    with pytest.raises(ColumnError, match="same length"):
        measure_accuracy([1, 2], [1], [1, 1])
    with pytest.raises(ColumnError, match="with none missing"):
        measure_accuracy([1, 2], [1, np.nan], [1, 1])
    for share in (0, 1.1, np.nan):
        with pytest.raises(GeoError, match="share"):
            measure_accuracy([1, 2], [1, 1], [1, 1], area_share=share)


# ---- period after period


def test_methods_see_only_what_came_before_the_period() -> None:
    crimes = make_crimes(np.random.default_rng(0).uniform(0, 1000, (100, 2)))
    edges, seen = DAYS[[40, 60, 80]], []

    def spy(past: gpd.GeoDataFrame, cells: gpd.GeoDataFrame) -> np.ndarray:
        seen.append((past["occurred_at"].min(), past["occurred_at"].max()))
        return np.zeros(len(cells))

    rolled = measure_rolling_accuracy(crimes, CELLS, {"spy": spy}, edges=edges, history=pd.Timedelta(days=30))
    assert seen == [(DAYS[10], DAYS[39]), (DAYS[30], DAYS[59])]
    assert rolled["n_past"].tolist() == [30, 30]
    assert rolled["n_crimes"].tolist() == [20, 20]
    assert rolled["pai"].tolist() == pytest.approx([1, 1])


def test_crimes_that_stay_are_foretold_by_every_method() -> None:
    crimes = make_crimes(np.tile([[250.0, 250.0], [750.0, 650.0]], (50, 1)))
    rolled = measure_rolling_accuracy(crimes, CELLS, SCORING_METHODS, edges=DAYS[[50, 75]], area_share=0.2)
    assert rolled["method"].tolist() == ["counts", "density", "gi_star"]
    assert (rolled["hit_rate"] > 0.99).all()
    assert rolled["rri"].tolist() == pytest.approx([25 / 50 / (25 / 50)] * 3)


def test_periods_without_crimes_or_past_have_no_row() -> None:
    crimes = make_crimes(np.full((10, 2), 550.0))
    edges = DAYS[[0, 5, 10, 20]]
    rolled = measure_rolling_accuracy(crimes, CELLS, {"counts": score_by_counts}, edges=edges)
    assert rolled["period"].tolist() == [DAYS[5]]
    empty = measure_rolling_accuracy(crimes.iloc[:0], CELLS, SCORING_METHODS, edges=edges)
    assert empty.empty
    with pytest.raises(TooFewError, match="periods with crimes"):
        score_methods(empty)


def test_every_method_scores_every_cell() -> None:
    past = make_crimes(np.random.default_rng(1).uniform(0, 1000, (60, 2)))
    for method in (score_by_counts, score_by_density, score_by_gi_star):
        assert np.isfinite(method(past, CELLS)).all()
    assert score_by_counts(past, CELLS).sum() * 0.01 == pytest.approx(60)


def test_times_are_needed() -> None:
    with pytest.raises(ColumnError, match="occurred_at"):
        measure_rolling_accuracy(make_points((1, 1)), CELLS, SCORING_METHODS, edges=DAYS[:2])


# ---- verdicts


def make_rolled(**hit_rates: list[float]) -> pd.DataFrame:
    rows = [
        {"period": number, "method": name, "n_crimes": 20.0, "hit_rate": rate, "area_share": 0.1, "pei": rate}
        for name, rates in hit_rates.items()
        for number, rate in enumerate(rates)
    ]
    return pd.DataFrame(rows)


def test_a_method_earns_trust_only_by_beating_past_counts_again_and_again() -> None:
    plain = [0.4, 0.5, 0.45, 0.42, 0.48, 0.41]
    better, once = [rate + 0.1 for rate in plain], [*plain[:-1], 0.9]
    scored = score_methods(make_rolled(counts=plain, better=better, once=once))
    assert scored["beats_baseline"].to_dict() == {"better": True, "once": False, "counts": False}
    assert scored.index[0] == "better"
    assert scored.loc["better", "p"] == pytest.approx(1 / 64)  # six of six: ½⁶
    assert scored.loc["better", "p_adjusted"] == pytest.approx(2 / 64)  # the smaller of two
    assert scored.loc["better", "pai"] == pytest.approx(np.mean(plain) * 10 + 1)
    assert scored.loc["better", "gain"] == pytest.approx(0.1)
    worse = score_methods(make_rolled(counts=plain, worse=[rate - 0.1 for rate in plain], equal=plain))
    assert not worse["beats_baseline"].any()
    assert worse.loc["equal", "p"] == 1


def test_of_many_methods_one_that_always_wins_may_have_won_by_chance() -> None:
    plain = [0.4, 0.5, 0.45, 0.42, 0.48, 0.41]
    others = {f"other{number}": plain for number in range(3)}
    scored = score_methods(make_rolled(counts=plain, better=[rate + 0.1 for rate in plain], **others))
    assert scored.loc["better", "p_adjusted"] == pytest.approx(4 / 64)
    assert not scored["beats_baseline"].any()


def test_few_periods_few_crimes_or_no_baseline_give_no_verdict() -> None:
    with pytest.raises(TooFewError, match="periods"):
        score_methods(make_rolled(counts=[0.1] * 4, other=[0.9] * 4))
    with pytest.raises(TooFewError, match="later crimes"):
        score_methods(make_rolled(counts=[0.1] * 5, other=[0.9] * 5).assign(n_crimes=1.0))
    with pytest.raises(ColumnError, match="'counts'"):
        score_methods(make_rolled(other=[0.9] * 6))
