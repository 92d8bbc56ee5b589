from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo.errors import ColumnError
from geo.hotspots import FALLBACK_BANDWIDTH_M, choose_bandwidth
from geo.hotspots.learning import CANDIDATES_M, learn_bandwidth
from tests.geo.builders import make_cloud, make_points, make_square

AREA = make_square(8000)


def make_crimes(xy: np.ndarray) -> pd.DataFrame:
    days = pd.date_range("2025-01-01", periods=len(xy), freq="D", tz="UTC")
    return make_cloud(xy).assign(occurred_at=days)


def test_crimes_that_come_back_to_the_spot_ask_for_a_sharp_map_and_wandering_ones_for_a_smooth_one() -> None:
    rng = np.random.default_rng(0)
    spots = rng.uniform(0, 8000, (60, 2))
    sharp = learn_bandwidth(make_crimes(rng.choice(spots, 400) + rng.normal(0, 40, (400, 2))), AREA)
    wandering = np.concatenate([rng.normal(4000, 900, (400, 2))])
    smooth = learn_bandwidth(make_crimes(wandering), AREA)
    assert sharp.by == smooth.by == "accuracy"
    assert sharp.bandwidth_m < smooth.bandwidth_m
    assert sharp.scores.index.tolist() == list(CANDIDATES_M)
    assert sharp.scores[sharp.bandwidth_m] == sharp.scores.max()
    assert sharp.obstacle == smooth.obstacle == ""
    assert not sharp.is_tied


def test_of_equal_candidates_the_smallest_wins() -> None:
    choice = learn_bandwidth(make_crimes(np.tile([4050.0, 4050.0], (300, 1))), AREA)
    assert (choice.scores == choice.scores.iloc[0]).all()
    assert choice.bandwidth_m == CANDIDATES_M[0]
    assert choice.is_tied


@pytest.mark.parametrize("n", [0, 1, 2, 199])
def test_below_two_hundred_the_spread_decides(n: int) -> None:
    crimes = make_crimes(np.random.default_rng(1).normal(4000, 300, (n, 2)))
    choice = learn_bandwidth(crimes, AREA)
    assert (choice.by, choice.obstacle) == ("spread", "few")
    assert choice.bandwidth_m == choose_bandwidth(crimes)
    assert choice.scores.empty


def test_crimes_of_one_moment_outside_or_without_time_or_place_teach_nothing() -> None:
    crimes = make_crimes(np.random.default_rng(1).normal(4000, 300, (300, 2)))
    at_once = learn_bandwidth(crimes.assign(occurred_at=crimes["occurred_at"].iloc[0]), AREA)
    assert (at_once.by, at_once.obstacle) == ("spread", "one_time")  # 300 are not few
    coarse = learn_bandwidth(crimes, AREA, candidates=(50.0,))  # below the cells of 100 m
    assert (coarse.by, coarse.obstacle) == ("spread", "coarse")
    assert learn_bandwidth(crimes, make_square(900, west=90_000)).bandwidth_m == FALLBACK_BANDWIDTH_M
    crimes.loc[crimes.index[:150], "occurred_at"] = pd.NaT
    assert learn_bandwidth(crimes, AREA).by == "spread"
    nowhere = make_points(*[None] * 300).assign(occurred_at=pd.Timestamp("2025-01-01", tz="UTC"))
    assert learn_bandwidth(nowhere, AREA).bandwidth_m == FALLBACK_BANDWIDTH_M


def test_order_does_not_matter_and_the_input_stays() -> None:
    crimes = make_crimes(np.random.default_rng(3).normal(4000, 700, (250, 2)))
    copy, shuffled = crimes.copy(), crimes.sample(frac=1, random_state=1)
    first, second = learn_bandwidth(crimes, AREA), learn_bandwidth(shuffled, AREA)
    assert first.bandwidth_m == second.bandwidth_m
    pd.testing.assert_series_equal(first.scores, second.scores)
    assert crimes.equals(copy)


def test_times_are_needed() -> None:
    with pytest.raises(ColumnError, match="occurred_at"):
        learn_bandwidth(make_points((1, 1)), AREA)
