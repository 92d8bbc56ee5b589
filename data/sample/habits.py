"""Habits of officers: all shares, paces and irregularities of the sample visits, in one place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.sample.settlements import apportion_counts


@dataclass(frozen=True)
class Habit:
    """How one kind of officer works and reports."""

    share: float
    """Of the officers."""
    reports: float
    """Visits reported, over a diligent officer's."""
    days: tuple[float, ...]
    """Weight of each day of the week, Monday first."""
    evenness: float
    """How even the days are: small is a few days with many visits."""
    month_end: float
    """Weight of the last days of a month, when figures are due, over other days."""
    start_hour: tuple[float, float]
    """Mean and standard deviation of the hour at which the day's first visit is reported."""
    gap_minutes: float
    """From one visit to the next, at most; a full day is fitted in by shorter ones."""
    without_fix: float
    """Share of the visits that carry no coordinates."""
    outcomes: tuple[float, float, float]
    """Shares of met, absent and refused."""
    remarks: tuple[float, float]
    """Shares of remarks left blank and copied from the officer's last; the rest are written."""


DILIGENT = Habit(
    share=0.42,  # the largest group; the study behind the project suggests no higher share
    reports=1.0,
    days=(1.0, 1.0, 1.0, 1.0, 0.8, 0.5, 0.08),  # less on Friday (prayer) and Saturday, almost none on Sunday
    evenness=6.0,
    month_end=1.0,
    start_hour=(8.25, 0.35),
    gap_minutes=26.0,  # ten to fifteen minutes at a door, and travel to the next
    without_fix=0.09,
    outcomes=(0.76, 0.22, 0.02),
    remarks=(0.25, 0.0),
)
"""Goes from door to door and starts over after each tour, which leaves out the farthest hamlets."""

LAZY = Habit(
    share=0.33,
    reports=0.5,
    days=(1.0, 0.8, 0.9, 0.7, 0.3, 0.1, 0.02),
    evenness=0.7,
    month_end=1.5,
    start_hour=(9.5, 0.7),
    gap_minutes=32.0,
    without_fix=0.18,
    outcomes=(0.86, 0.13, 0.01),
    remarks=(0.6, 0.1),
)
"""Visits rarely, and the same few families near the village office."""

DESK_BOUND = Habit(
    share=0.25,
    reports=0.85,  # reports nearly as much as the diligent: the figure alone cannot distinguish them
    days=(1.0, 0.3, 0.2, 0.3, 0.9, 0.2, 0.05),
    evenness=0.8,
    month_end=4.0,  # catches up before the monthly report
    start_hour=(13.0, 1.5),
    gap_minutes=1.4,  # one form after the other
    without_fix=0.13,
    outcomes=(0.97, 0.03, 0.0),
    remarks=(0.05, 0.9),
)
"""Fills in forms at a desk, name by name from the register, always with the same remark."""

HABITS: dict[str, Habit] = {"diligent": DILIGENT, "lazy": LAZY, "desk_bound": DESK_BOUND}
"""Kinds of officers by name."""

CAPACITY_SPREAD = 0.22  # log standard deviation of the number of visits among officers of one kind
LONGEST_DAY_MINUTES = 440.0  # from the first visit to the last

OUT_OF_TURN = 0.12  # of a diligent officer's visits are out of turn: a call, a complaint
TOO_FAR = (0.05, 0.35)  # share of the households, the farthest ones, that a diligent officer omits
FAVOURITES, FEWEST_FAVOURITES = (
    0.16,
    12,
)  # share of the village that a lazy officer visits, and the fewest families
LIKING = 3.0  # the k-th favourite is visited in proportion to 1 / (k + LIKING)
NEIGHBOURS = 20  # consecutive households of the register that a diligent officer visits together
REGISTER = 0.7  # of the register, from its end backwards: what a desk-bound officer repeats
AT_STATION = 2  # every second one sits at the district's police station, the others at the village office
AT_DOOR = 0.10  # of a desk-bound officer's visits are real ones, at the door
EXACT_SITTING = (
    0.25  # of a desk-bound officer's days have equal coordinates and accuracy 0, as from a mock app
)

ACCURACY_M, ACCURACY_SPREAD = 9.0, 0.4  # median and log standard deviation of the reported accuracy
ACCURACY_RANGE_M = (3.5, 60.0)
NOISE = 0.7  # standard deviation per axis of a fix, relative to its accuracy: mostly 5 to 20 m
STALE_FIX, STALE_FIX_M = 0.005, (300.0, 3_000.0)  # a few fixes are outdated; their distance from the visit
ODD_HOUR = 0.008  # of the visits are reported late at night or before dawn
LATE = 0.8  # of these are late
LATE_HOURS, EARLY_HOURS = (21.2, 23.4), (4.0, 5.8)
DUPLICATE, DUPLICATE_MINUTES = 0.01, 20.0  # of the visits are sent twice; longest delay between the two
BY_TEXT, BY_TEXT_MISSPELT = (
    0.06,
    0.2,
)  # of the visits name the family instead of its number; share of wrong names
BY_PLACE = 0.02  # of the visits have a fix and nothing else


def assign_habits(n: int, rng: np.random.Generator) -> np.ndarray:
    """Assign each officer a habit.

    Parameters
    ----------
    n
        Number of officers.
    rng
        Random number generator.

    Returns
    -------
    numpy.ndarray
        Position in `HABITS` for each officer; the shares are met exactly.

    Examples
    --------
    >>> np.bincount(assign_habits(17, np.random.default_rng(1))).tolist()
    [7, 6, 4]
    """
    counts = apportion_counts(n, np.array([habit.share for habit in HABITS.values()]))
    return rng.permutation(np.repeat(np.arange(len(HABITS)), counts))
