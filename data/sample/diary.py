"""Who visited (or claims to have visited) which household, and when: visits before they are recorded."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from data.sample import habits
from data.sample.clock import DAY_SECONDS, HOUR_SECONDS, MINUTE_SECONDS, find_midnight
from data.sample.habits import HABITS
from data.sample.settlements import apportion_counts

if TYPE_CHECKING:
    from datetime import date

    from data.sample.habits import Habit
    from data.sample.land import Land
    from data.sample.settlements import Homes

DAYS = 365
MONTH_END_DAYS = 3


@dataclass(frozen=True)
class Diary:
    """Visits; all arrays have the same length."""

    officer: np.ndarray
    """Position of the officer, which is also that of the village."""
    home: np.ndarray
    """Position of the household."""
    second: np.ndarray
    """Since 1970, UTC."""
    at_desk: np.ndarray
    """The form was filled in at a desk."""
    exact: np.ndarray
    """The fix is exactly the desk, with accuracy 0."""

    def take(self, index: np.ndarray) -> Diary:
        """Select visits by position, in the order of ``index``."""
        return Diary(**{field.name: getattr(self, field.name)[index] for field in fields(self)})


def keep_diaries(
    land: Land, homes: Homes, habit: np.ndarray, *, n: int, until: date, rng: np.random.Generator
) -> Diary:
    """Generate a year of visits.

    Parameters
    ----------
    land, homes
        The villages and households.
    habit
        Position in `HABITS` of each officer.
    n
    Total number of visits.
    until
        The day after the last visit.
    rng
        Random number generator.

    Returns
    -------
    Diary
        Exactly ``n`` visits in order of time.
    """
    n_twice = round(n * habits.DUPLICATE)
    kinds = [list(HABITS.values())[kind] for kind in habit]
    reports = np.array([kind.reports for kind in kinds]) * rng.lognormal(
        0, habits.CAPACITY_SPREAD, len(kinds)
    )
    counts = apportion_counts(n - n_twice, reports)
    bounds = np.searchsorted(homes.village, np.arange(len(kinds) + 1))
    years = [
        _year(kind, int(counts[at]), homes.xy[bounds[at] : bounds[at + 1]] - land.offices[at], until, rng)
        for at, kind in enumerate(kinds)
    ]
    home, second, at_desk, exact = (np.concatenate(part) for part in zip(*years, strict=True))
    officer = np.repeat(np.arange(len(kinds)), counts)
    diary = Diary(officer, home + bounds[officer], second, at_desk, exact)
    return _send_twice(diary, n_twice, rng)


def _send_twice(diary: Diary, n: int, rng: np.random.Generator) -> Diary:
    """Repeat some visits a few minutes later, and sort all by time."""
    again = rng.choice(len(diary.officer), n, replace=False)
    diary = diary.take(np.concatenate([np.arange(len(diary.officer)), again]))
    diary.second[len(diary.second) - n :] += rng.integers(
        10, int(habits.DUPLICATE_MINUTES * MINUTE_SECONDS), n
    )
    return diary.take(np.lexsort((diary.home, diary.officer, diary.second)))


def _year(
    habit: Habit, n: int, homes: np.ndarray, until: date, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Generate a year: households, seconds, at the desk, exact; ``homes`` are metres from the office."""
    per_day = rng.multinomial(n, _day_weights(habit, until, rng))
    day = np.repeat(np.arange(DAYS), per_day)
    second = (
        find_midnight(until - timedelta(days=DAYS)) + day * DAY_SECONDS + _seconds_of_day(habit, per_day, rng)
    )
    at_desk = np.zeros(n, dtype=bool)
    exact_days = np.zeros(DAYS, dtype=bool)
    if habit is habits.DESK_BOUND:
        at_desk = rng.random(n) >= habits.AT_DOOR
        exact_days = rng.random(DAYS) < habits.EXACT_SITTING
    return _choose_homes(habit, n, homes, rng), second, at_desk, at_desk & exact_days[day]


def _day_weights(habit: Habit, until: date, rng: np.random.Generator) -> np.ndarray:
    days = np.datetime64(until) - np.arange(DAYS, 0, -1)
    weekday = (days.astype("datetime64[D]").astype(int) + 3) % 7  # 1970-01-01 was a Thursday
    left = (days.astype("datetime64[M]") + 1).astype("datetime64[D]") - days  # days left in the month
    weight = np.array(habit.days)[weekday] * rng.gamma(habit.evenness, 1 / habit.evenness, DAYS)
    weight *= np.where(left.astype(int) <= MONTH_END_DAYS, habit.month_end, 1.0)
    return weight / weight.sum()


def _seconds_of_day(habit: Habit, per_day: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return the times of a day's visits, one after the other from its start, a few at odd hours."""
    count = np.repeat(per_day, per_day)
    turn = np.arange(len(count)) - np.repeat(np.cumsum(per_day) - per_day, per_day)
    start = np.repeat(rng.normal(*habit.start_hour, len(per_day)) * HOUR_SECONDS, per_day)
    gap = np.minimum(habit.gap_minutes, habits.LONGEST_DAY_MINUTES / np.maximum(count, 1)) * MINUTE_SECONDS
    second = start + (turn + rng.uniform(0, 0.7, len(count))) * gap
    late, early = (
        rng.uniform(*hours, len(count)) * HOUR_SECONDS for hours in (habits.LATE_HOURS, habits.EARLY_HOURS)
    )
    odd = rng.random(len(count)) < habits.ODD_HOUR
    second = np.where(odd, np.where(rng.random(len(count)) < habits.LATE, late, early), second)
    return np.clip(second, 0, DAY_SECONDS - habits.DUPLICATE_MINUTES * MINUTE_SECONDS - 1).astype(np.int64)


def _choose_homes(habit: Habit, n: int, homes: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Choose the household of each of an officer's visits by position, in order of time."""
    n_homes = len(homes)
    turn = np.arange(n) + rng.integers(n_homes)
    if habit is habits.LAZY:
        n_favourites = min(n_homes, max(habits.FEWEST_FAVOURITES, round(habits.FAVOURITES * n_homes)))
        nearest = np.argsort(np.hypot(*homes.T), kind="stable")[:n_favourites]
        liking = 1 / (np.arange(n_favourites) + habits.LIKING)
        return rng.choice(nearest, n, p=liking / liking.sum())
    if habit is habits.DESK_BOUND:
        return n_homes - 1 - turn % max(round(habits.REGISTER * n_homes), 1)
    tour = _plan_tour(homes, rng)
    return np.where(rng.random(n) < habits.OUT_OF_TURN, rng.integers(0, n_homes, n), tour[turn % len(tour)])


def _plan_tour(homes: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Order the households that are not too far away: neighbours together, otherwise at random."""
    n_far = int(rng.uniform(*habits.TOO_FAR) * len(homes))
    near = np.sort(np.argsort(np.hypot(*homes.T), kind="stable")[: len(homes) - n_far])
    block = near // habits.NEIGHBOURS
    return near[np.argsort(rng.permutation(block.max() + 1)[block], kind="stable")]
