from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from geo.emerging import (
    PATTERNS,
    compute_space_time_scores,
    find_emerging_hotspots,
    name_patterns,
)
from geo.errors import ColumnError, TooFewError
from geo.grid import make_grid
from geo.hotspots.getis import compute_gi_scores
from geo.trend import compute_mann_kendall
from geo.weights import find_cell_neighbours
from tests.geo.builders import make_square

# Series made by hand from Esri's wording, "How Emerging Hot Spot Analysis works": H hot, C cold, . neither.
GOLDEN = pd.read_csv(Path(__file__).parents[1] / "golden" / "emerging.csv")
GRID = make_grid(make_square(800), cell_m=100)
QUEEN = find_cell_neighbours(GRID.index)
PERIODS = 12


def read_spots(spots: str) -> list[int]:
    return [{"H": 1, "C": -1, ".": 0}[spot] for spot in spots]


def name_one(spots: str, trend: int = 0) -> str:
    return name_patterns([read_spots(spots)], [trend])[0]


def make_counts(seed: int = 0, *, mean: float = 1.0) -> pd.DataFrame:
    return pd.DataFrame(np.random.default_rng(seed).poisson(mean, (64, PERIODS)), index=GRID.index)


# ---- the seventeen patterns


def test_there_is_a_series_for_each_of_the_seventeen() -> None:
    assert len(PATTERNS) == 17
    assert set(GOLDEN["pattern"]) == set(PATTERNS)


@pytest.mark.parametrize("row", GOLDEN.to_dict("records"), ids=lambda row: f"{row['pattern']}{row['spots']}")
def test_each_series_has_its_pattern(row: dict) -> None:
    assert name_one(row["spots"], row["trend"]) == row["pattern"]


@pytest.mark.parametrize(
    ("spots", "pattern"),
    [
        ("C........H", "new_hot"),  # new comes before oscillating
        ("C.......HH", "consecutive_hot"),  # consecutive comes before oscillating
        (".HHHHHHHHH", "persistent_hot"),  # nine of ten are 90 %: no longer consecutive
        ("..HHHHHHHH", "consecutive_hot"),
        ("H.......HH", "sporadic_hot"),  # hot before the last run
        ("HHHHHHHHH.", "historical_hot"),
        ("HHHHHHHH..", "none"),  # eight of ten are not most
        ("HHHHHHHHHC", "new_cold"),  # significantly cold at last: not historical
        ("HCHHHHHHHH", "persistent_hot"),  # the 90 % patterns come before oscillating
        ("H", "new_hot"),
        ("HH", "persistent_hot"),
        (".", "none"),
    ],
)
def test_where_wordings_overlap_the_order_decides(spots: str, pattern: str) -> None:
    assert name_one(spots) == pattern


series = st.lists(st.integers(-1, 1), min_size=1, max_size=24)


@settings(max_examples=150, deadline=None)
@given(spots=series, trend=st.integers(-1, 1))
def test_cold_mirrors_hot_and_every_series_that_ends_significant_has_a_pattern(
    spots: list[int], trend: int
) -> None:
    here, mirrored = name_patterns([spots], [trend])[0], name_patterns([-np.array(spots)], [-trend])[0]
    turned = here.replace("_hot", "_other").replace("_cold", "_hot").replace("_other", "_cold")
    assert mirrored == turned
    if spots[-1]:
        assert here.endswith("_hot" if spots[-1] > 0 else "_cold")
    else:
        assert here in {"none", "historical_hot", "historical_cold"}


# ---- Mann-Kendall


def test_mann_kendall_by_hand() -> None:
    # 1 2 2 4: S = 3 + 1 + 1 + 0... pairs: 5 rise, 1 tie: S = 5; variance (4·3·13 - 2·1·9)/18 = 138/18.
    z, p = compute_mann_kendall([[1, 2, 2, 4], [4, 2, 2, 1], [3, 3, 3, 3]])
    assert z.tolist() == pytest.approx([4 / np.sqrt(138 / 18), -4 / np.sqrt(138 / 18), 0])
    assert p[2] == 1


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.lists(st.integers(0, 6), min_size=9, max_size=9), min_size=1, max_size=6))
def test_a_series_turned_round_has_the_opposite_trend(rows: list[list[int]]) -> None:
    values = np.array(rows)
    z, p = compute_mann_kendall(values)
    back, p_back = compute_mann_kendall(values[:, ::-1])
    np.testing.assert_allclose(back, -z, atol=1e-12)
    np.testing.assert_allclose(p_back, p)
    np.testing.assert_allclose(compute_mann_kendall(values * 3.5 + 1)[0], z)


def test_one_value_has_no_trend() -> None:
    with pytest.raises(TooFewError, match="periods"):
        compute_mann_kendall([[1], [2]])


# ---- scores in space and time


def test_without_earlier_periods_and_one_period_the_score_is_gi_star() -> None:
    counts = make_counts().to_numpy()[:, :1]
    np.testing.assert_allclose(
        compute_space_time_scores(counts, QUEEN), compute_gi_scores(counts, QUEEN), atol=1e-12
    )


def test_the_neighbourhood_reaches_back_one_period() -> None:
    # Two areas far apart, three periods. x̄ = 1, s² = 5: area one, last period: 6 + 0 - 2·1 over √(5·2·4/5).
    counts = [[0, 6, 0], [0, 0, 0]]
    scores = compute_space_time_scores(counts, sparse.csr_array((2, 2)))
    assert scores[0, 2] == pytest.approx((6 - 2) / np.sqrt(5 * 2 * 4 / 5))
    assert scores[0, 0] == pytest.approx((0 - 1) / np.sqrt(5))


# ---- together


def test_a_block_that_turns_hot_is_consecutive_and_one_that_ends_is_not() -> None:
    counts = make_counts()
    new, old = ["square_100_1_1", "square_100_1_2"], ["square_100_6_6", "square_100_6_5"]
    counts.loc[new, 8:] += 15
    counts.loc[old, :3] += 15
    found = find_emerging_hotspots(counts, QUEEN)
    assert (found.loc[new, "pattern"] == "consecutive_hot").all()
    assert (found.loc[old, "pattern"] == "none").all()
    assert (found.loc[old, "n_hot"] >= 4).all()
    assert found["pattern"].isin(PATTERNS).all()


def test_a_rise_everywhere_makes_no_hot_spot() -> None:
    rng = np.random.default_rng(5)
    means = np.where(np.arange(PERIODS) == PERIODS - 1, 4.0, 1.0)
    counts = pd.DataFrame(rng.poisson(np.tile(means, (64, 1))), index=GRID.index)
    assert (compute_space_time_scores(counts, QUEEN)[:, -1] > 1.96).mean() > 0.8  # most by the score alone
    assert (find_emerging_hotspots(counts, QUEEN)["pattern"] == "none").all()


def test_areas_with_more_room_need_more_crime() -> None:
    room = pd.Series(1.0, index=GRID.index)
    room[GRID.index.str.match("square_100_[67]_[67]$")] = 12.0
    rng = np.random.default_rng(6)
    counts = pd.DataFrame(rng.poisson(np.tile(room.to_numpy()[:, np.newaxis], PERIODS)), index=GRID.index)
    alike, by_room = (find_emerging_hotspots(counts, QUEEN, exposure=size) for size in (1.0, room))
    assert alike.loc["square_100_7_7", "pattern"] == "persistent_hot"
    assert (by_room["pattern"] == "none").all()


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_order_of_areas_does_not_matter_and_the_input_stays(seed: int) -> None:
    counts = make_counts(seed)
    copy, order = counts.copy(), np.random.default_rng(seed).permutation(64)
    found = find_emerging_hotspots(counts, QUEEN)
    shuffled = counts.iloc[order]
    again = find_emerging_hotspots(shuffled, find_cell_neighbours(shuffled.index)).loc[counts.index]
    pd.testing.assert_frame_equal(again, found)
    pd.testing.assert_frame_equal(counts, copy)


def test_too_little_is_refused_and_one_place_or_period_is_told_truly() -> None:
    for n in (0, 1, 2):
        few = make_counts() * 0
        few.iloc[0, 0] = n
        with pytest.raises(TooFewError, match="crimes"):
            find_emerging_hotspots(few, QUEEN)
    with pytest.raises(TooFewError, match="periods"):
        find_emerging_hotspots(make_counts().iloc[:, :9], QUEEN)
    with pytest.raises(TooFewError, match="areas"):
        find_emerging_hotspots(make_counts().iloc[:5], sparse.csr_array((5, 5)))
    once = make_counts() * 0
    once.loc["square_100_3_3", 0] = 40
    assert (find_emerging_hotspots(once, QUEEN)["pattern"] == "none").all()
    equal = make_counts() * 0 + 1
    assert (find_emerging_hotspots(equal, QUEEN)["pattern"] == "none").all()


def test_bad_frames_are_refused() -> None:
    with pytest.raises(ColumnError, match="weights for 64"):
        find_emerging_hotspots(make_counts().iloc[:20], QUEEN)
    with pytest.raises(ColumnError, match="missing"):
        find_emerging_hotspots(make_counts().astype(float).replace(0, np.nan), QUEEN)
    with pytest.raises(ColumnError, match="whole numbers"):
        find_emerging_hotspots(make_counts() / 3, QUEEN)
    with pytest.raises(ColumnError, match="2 trends"):
        name_patterns([[1]], [0, 0])
