"""Additive controlled rounding: figures near the truth, from which nothing small can be worked out."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import ColumnError
from geo.rounding import BASE, NEVER, count_since, make_sums, round_counts, round_households
from tests.attack import Figure, Reader
from tests.volume import volume

WEEKS = (1, 4, 13, 52)
N_WEEKS = 30
CODES = ["11", "12", "13", "21", "22"]
LEVELS = pd.DataFrame({"district": [code[0] for code in CODES]}, index=CODES)
AREAS = ["", "1", "2", *CODES]
NONE = np.zeros((0, len(CODES)), dtype=np.int64)


def round_once(counts: list[int], *, seed: int = 1) -> list[int]:
    """Round a week of villages in one district."""
    levels = pd.DataFrame({"district": "d"}, index=range(len(counts)))
    none = np.zeros((0, len(counts)), dtype=np.int64)
    return round_counts(
        np.array(counts),
        make_sums(levels, weeks=(1,)),
        past_counts=none,
        past_rounded=none,
        rng=np.random.default_rng(seed),
    ).tolist()


@pytest.mark.parametrize("seed", range(5))
def test_multiples_of_five_stay_and_none_stays_none(seed: int) -> None:
    assert round_once([0, 5, 40, 0], seed=seed) == [0, 5, 40, 0]


@pytest.mark.parametrize("seed", range(5))
def test_small_counts_are_rounded_so_that_their_total_is_right(seed: int) -> None:
    assert sorted(round_once([3, 3, 4], seed=seed)) == [0, 5, 5]  # of 10
    assert sorted(round_once([1, 1, 1, 1, 1], seed=seed)) == [0, 0, 0, 0, 5]


def test_which_is_rounded_up_is_left_to_chance() -> None:
    assert {tuple(round_once([2, 2, 1], seed=seed)) for seed in range(40)} >= {(5, 0, 0), (0, 5, 0)}


def test_counts_must_be_whole_and_of_all_areas() -> None:
    sums = make_sums(LEVELS, weeks=WEEKS)
    rng = np.random.default_rng(1)
    for counts in (np.array([1, 2]), np.full(len(CODES), -1)):
        with pytest.raises(ColumnError):
            round_counts(counts, sums, past_counts=NONE, past_rounded=NONE, rng=rng)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.floats(0.1, 12), st.integers(3, 60))
def test_a_shown_nought_is_never_five_or_more_and_no_week_is_far_off(seed: int, mean: float, n: int) -> None:
    rng = np.random.default_rng(seed)
    sums = make_sums(pd.DataFrame({"district": np.arange(n) % 4}), weeks=WEEKS, least_weeks=4)
    counts = rng.poisson(mean, (8, n))
    rounded = np.zeros((0, n), dtype=np.int64)
    for week in range(len(counts)):
        new = round_counts(counts[week], sums, past_counts=counts[:week], past_rounded=rounded, rng=rng)
        rounded = np.vstack([rounded, new])
        assert (new % BASE == 0).all()
        for length, offered in zip(WEEKS, sums.offered.T, strict=True):
            first = max(week - length + 1, 0)
            true, shown = (
                (part[first : week + 1].sum(axis=0) @ sums.members.T) for part in (counts, rounded)
            )
            assert (true[offered & (shown == 0)] < BASE).all()
            assert abs(true[-1] - shown[-1]) < 2 * BASE


def live(seed: int, n_homes: int = 12, share: float = 0.15) -> list[tuple[np.ndarray, ...]]:
    """Give village and last visits of random households at the end of each of ``N_WEEKS`` weeks."""
    rng = np.random.default_rng(seed)
    village = np.repeat(np.arange(len(CODES)), rng.integers(0, 2 * n_homes, len(CODES)))
    reported = np.full(len(village), NEVER)
    evidenced = reported.copy()
    states = []
    for week in range(N_WEEKS):
        met = rng.random(len(village)) < share
        supported = met & (rng.random(len(village)) < 0.6)
        reported, evidenced = np.where(met, week, reported), np.where(supported, week, evidenced)
        states.append((village, reported, evidenced))
    return states


def round_all(states: list[tuple[np.ndarray, ...]], seed: int) -> list[tuple[np.ndarray, ...]]:
    """Round the households week by week, and give village and last visits of the rounded ones."""
    sums, rng, record = make_sums(LEVELS, weeks=WEEKS, least_weeks=4), np.random.default_rng(seed), None
    lived = []
    for week, state in enumerate(states):
        record = round_households(record, state, week, sums, rng=rng)
        lived.append((record.village, record.reported, record.evidenced))
    return lived


def test_registers_and_coverage_in_fives_are_exact_where_the_truth_comes_in_fives() -> None:
    # Ten households in each village; five of the first are visited, with support, in week 1.
    village = np.repeat(np.arange(len(CODES)), 10)
    before = np.full(len(village), NEVER)
    after = np.where(np.arange(len(village)) < 5, 1, NEVER)
    states = [(village, before, before), (village, after, after)]
    for seed in range(5):
        (homes, reported, evidenced) = round_all(states, seed)[-1]
        assert (BASE * np.bincount(homes)).tolist() == [10] * len(CODES)
        for last in (reported, evidenced):
            assert (BASE * count_since(homes, last, 1, len(CODES))).tolist() == [5, 0, 0, 0, 0]


def test_rounded_households_live_one_life() -> None:
    """Nothing but visits of the week changes from week to week: the record is a possible one."""
    lived = round_all(live(seed=3), seed=4)
    for week, (before, now) in enumerate(pairwise(lived), start=1):
        assert np.array_equal(before[0], now[0])
        for k in (1, 2):
            changed = before[k] != now[k]
            assert (now[k][changed] == week).all()
        assert (now[1][now[2] == week] == week).all()  # support is of a reported visit


@pytest.mark.parametrize("seed", range(3))
def test_coverage_stays_near_the_true_one(seed: int) -> None:
    states = live(seed, n_homes=150)
    for week, (state, lived) in enumerate(zip(states, round_all(states, seed), strict=True)):
        never = [np.bincount(part[0][part[1] == NEVER], minlength=len(CODES)) for part in (state, lived)]
        assert (abs(BASE * never[1] - never[0]) <= BASE).all()
        for k, weeks in ((1, 4), (2, 4), (1, 13), (2, 13)):
            true, shown = (
                count_since(part[0], part[k], week - weeks + 1, len(CODES)) for part in (state, lived)
            )
            assert (abs(BASE * shown - true) <= 4 * BASE).all()


def test_villages_whose_visits_are_taken_back_begin_anew() -> None:
    village = np.zeros(200, dtype=np.int64)
    none, all_met = np.full(200, NEVER), np.zeros(200, dtype=np.int64)
    lived = round_all([(village, all_met, all_met), (village, none, none)], seed=1)
    assert (lived[1][1] == NEVER).all()


def attack_unit(seed: int, *, is_independent: bool = False) -> int:
    """Count the small true counts that a reader of ten weeks' figures can work out."""
    rng = np.random.default_rng(seed)
    states = live(seed)
    lived = round_all(states, seed)
    counts = rng.poisson(rng.uniform(0.1, 1.5), (N_WEEKS, len(CODES)))
    sums, rounded = make_sums(LEVELS, weeks=WEEKS, least_weeks=4), NONE
    for week in range(N_WEEKS):
        new = round_counts(counts[week], sums, past_counts=counts[:week], past_rounded=rounded, rng=rng)
        rounded = np.vstack([rounded, new])
    reader, truth = Reader(CODES), {}

    def show(figure: Figure, true: int, shown: int) -> None:
        if is_independent:
            shown = BASE * ((true + int(rng.integers(BASE))) // BASE)
        truth[figure] = true
        reader.see(figure, shown - BASE + 1, shown + BASE - 1)

    for area in AREAS:
        inside = np.array([code.startswith(area) for code in CODES])
        for end in (N_WEEKS - 1, N_WEEKS):
            week = end - 1
            pair = [np.isin(part[week][0], np.flatnonzero(inside)) for part in (states, lived)]
            homes = [
                [part[week][k][chosen] for k in range(3)]
                for part, chosen in zip((states, lived), pair, strict=True)
            ]
            for name, count in (("households", None), ("never", NEVER)):
                true, shown = (
                    len(part[1]) if count is None else int((part[1] == count).sum()) for part in homes
                )
                show(Figure(name, area, 0, end), true, BASE * shown)
            for weeks in WEEKS[1:3]:
                since = end - weeks
                true, shown = (int(part[since:end, inside].sum()) for part in (counts, rounded))
                show(Figure("reported_crimes", area, since, end), true, shown)
                for k, name in ((1, "covered"), (2, "supported")):
                    true, shown = (int((part[k] >= since).sum()) for part in homes)
                    show(Figure(name, area, since, end), true, BASE * shown)
    return len(reader.find_confined(truth))


@pytest.mark.trial
@pytest.mark.timeout(3600)
def test_no_small_count_can_be_worked_out() -> None:
    assert sum(attack_unit(seed) for seed in range(volume(6, 300))) == 0


def test_the_attack_finds_what_independent_rounding_gives_away() -> None:
    assert sum(attack_unit(seed, is_independent=True) > 0 for seed in range(4)) >= 3
