"""A Knox table is read whole, and random crimes are read as nothing."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest

from geo.repeats import NearRepeats, measure_near_repeats
from geo.repeats.reading import MIN_REPEATS, KnoxReading, read_bands, score_bands
from tests.geo.builders import make_cloud
from tests.volume import volume

START = pd.Timestamp("2026-01-01", tz="UTC")
METRES, DAYS = np.array([0.0, 100, 200, 300]), np.array([0.0, 7, 14, 21])
N_RANDOM, PERMUTATIONS = volume(30, 1000), volume(199, 999)
MOST_RANDOM = volume(5, 70)  # 5 % are expected; more than 7 % of 1,000, or than 5 of 30, are not by chance


def measure(xy: np.ndarray, days: np.ndarray, *, n_permutations: int = 999) -> NearRepeats:
    times = pd.DatetimeIndex(START + pd.to_timedelta(np.round(days * 86_400), unit="s")).as_unit("us")
    crimes = make_cloud(np.asarray(xy, dtype=float)).assign(occurred_at=times)
    return measure_near_repeats(crimes, n_permutations=n_permutations)


def plant(metres: float, days: float, n: int = 105) -> NearRepeats:
    """400 crimes of a year in a square of 6 km, and others so far and so long after some of them."""
    rng = np.random.default_rng(round(metres + days))
    xy, at = rng.uniform(0, 6000, (400, 2)), rng.uniform(0, 330, 400)
    echoes = xy[:n] + np.array([metres, 0]), at[:n] + days
    return measure(np.concatenate([xy, echoes[0]]), np.concatenate([at, echoes[1]]))


def make_counts(observed: list[list[int]]) -> np.ndarray:
    """A table, and 99 permuted ones with 9 or 11 pairs a band, never with an extreme of their own."""
    rng = np.random.default_rng(0)
    return np.concatenate([[observed], rng.choice([9, 11], (99, 3, 3))])


def read(observed: list[list[int]]) -> KnoxReading | None:
    counts = make_counts(observed)
    return read_bands(counts, score_bands(counts), METRES, DAYS)


# ---- planted


def test_an_excess_of_later_bands_is_read_where_the_first_band_has_none() -> None:
    found = plant(50, 17)
    first, third = found.table.iloc[0], found.table.iloc[2]
    assert first["p"] > 0.05  # the first band alone shows nothing
    assert third["n_observed"] > 100
    assert third["n_expected"] < 8
    reading = found.reading
    assert reading is not None
    assert (reading.days_from, reading.days, reading.distance_from_m, reading.distance_m) == (14, 21, 0, 100)
    assert reading.p == 0.001  # none of 999 permuted tables has a band that stands out as far
    assert reading.n_observed == third["n_observed"]


@pytest.mark.trial
@pytest.mark.parametrize(
    ("metres", "days"),
    list(product([50, 150, 250, 350, 450], [3, 10, 17, 24]))[:: volume(7, 1)],
)
def test_an_excess_is_read_in_whatever_band_it_is(metres: float, days: float) -> None:
    reading = plant(metres, days).reading
    assert reading is not None
    assert reading.distance_from_m <= metres < reading.distance_m
    assert reading.days_from <= days < reading.days


def test_neighbouring_bands_with_an_excess_are_read_together() -> None:
    reading = read([[40, 40, 10], [40, 40, 10], [10, 10, 10]])
    assert reading is not None
    assert reading[:4] == (200, 14, 160, pytest.approx(40, abs=1))
    assert (reading.distance_from_m, reading.days_from) == (0, 0)


def test_a_band_without_an_excess_ends_the_reading() -> None:
    # Beside the clearest band lies one more, and a third beyond a band that has none; no corner is claimed.
    reading = read([[60, 40, 10], [10, 10, 10], [40, 10, 10]])
    assert reading is not None
    assert (reading.distance_m, reading.days, reading.n_observed) == (100, 14, 100)
    reading = read([[60, 40, 10], [50, 10, 10], [10, 10, 10]])
    assert reading is not None
    assert (reading.distance_m, reading.days, reading.n_observed) == (200, 7, 110)


# ---- chance


def test_the_adjusted_p_is_the_share_of_tables_that_stand_out_as_far_anywhere() -> None:
    # Ten tables of two bands. The roots of the first band are 2 or 4 (mean 2.2, sd 0.6), of the second 3 or 5
    # (mean 3.4, sd 0.8), so the scores are 3 for the 16 and 2 for each 25. Of the observed table's two bands,
    # 16 (below the minimum are the 4s) is reached by one table of ten, 25 by two tables: itself and another.
    first = [16, 4, 4, 4, 4, 4, 4, 4, 4, 4]
    second = [25, 25, 9, 9, 9, 9, 9, 9, 9, 9]
    found = score_bands(np.stack([first, second], axis=1)[:, np.newaxis, :])
    np.testing.assert_allclose(found.scores, [[3, 2]])
    np.testing.assert_allclose(found.p_adjusted, [[0.1, 0.2]])


def test_a_band_below_the_minimum_is_never_read_nor_in_the_way() -> None:
    counts = make_counts([[MIN_REPEATS - 1, 10, 10], [10, 10, 10], [10, 10, 40]])
    counts[1:, 0, 0] = 0  # four pairs where chance gave none
    found = score_bands(counts)
    assert found.p_adjusted[0, 0] == 1
    assert found.p_adjusted[2, 2] == 0.01


@pytest.mark.trial
@pytest.mark.parametrize("kind", ["even", "seasons and clusters"])
def test_random_crimes_are_read_as_nothing_in_ninety_three_of_a_hundred_runs(kind: str) -> None:
    n_read = 0
    for seed in range(N_RANDOM):
        rng = np.random.default_rng(seed)
        xy, days = rng.uniform(0, 4000, (250, 2)), rng.uniform(0, 365, 250)
        if kind != "even":  # places and times that are each uneven, but have nothing to do with each other
            xy = rng.choice(rng.uniform(0, 4000, (9, 2)), 250) + rng.normal(0, 150, (250, 2))
            days = 365 * rng.beta(2, 5, 250)
        n_read += measure(xy, days, n_permutations=PERMUTATIONS).reading is not None
    print(f"{kind}: {n_read} of {N_RANDOM} random records show near repeats ({n_read / N_RANDOM:.1%})")
    assert n_read <= MOST_RANDOM


def test_too_few_pairs_are_told_apart_from_none() -> None:
    rng = np.random.default_rng(0)
    thin = measure(rng.uniform(0, 90_000, (40, 2)), rng.uniform(0, 330, 40))
    assert (thin.reading, thin.can_tell) == (None, False)
    enough = measure(rng.uniform(0, 3000, (200, 2)), rng.uniform(0, 330, 200))
    assert (enough.reading, enough.can_tell) == (None, True)
