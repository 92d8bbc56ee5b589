"""Counts of a week, rounded so that all shown sums over areas and weeks stay near the truth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geo.errors import ColumnError

if TYPE_CHECKING:
    from numpy.typing import NDArray

BASE: Final = 5
"""Rounded figures are multiples of this; 0 then stands for 0 to 4 (Hundepool et al., Statistical Disclosure
Control, 2012, section 5.4.3: controlled rounding)."""

_OFF = 100.0  # cost of a figure that is off by BASE or more, in squared units of BASE
_HIDDEN = 1e6  # cost of a 0 that stands for more than it says


@dataclass(frozen=True)
class ShownSums:
    """The sums of cells that are shown, and over how many weeks.

    Attributes
    ----------
    members
        s sums by n cells: 1 where a cell is part of a sum.
    weeks
        Lengths of the periods that are shown, in weeks, ascending.
    offered
        s sums by lengths: whether the sum is shown for that length.
    """

    members: NDArray[np.float64]
    weeks: tuple[int, ...]
    offered: NDArray[np.bool_]

    @property
    def longest(self) -> int:
        """Weeks of the longest period."""
        return self.weeks[-1]


def make_sums(
    levels: pd.DataFrame, *, weeks: tuple[int, ...], least_weeks: int = 1, kinds: int = 1
) -> ShownSums:
    """Make the sums of areas that are shown: each cell, each group of each level, and all together.

    Parameters
    ----------
    levels
        n areas with a column per level above them, which holds the code of the group that each lies in.
    weeks
        Lengths of the periods that are shown, in weeks.
    least_weeks
        The shortest period that is shown of a single area.
    kinds
        Number of kinds that each area's count is made of. Cells are the areas of the first kind, then those
        of the next; shown are the first kind, and all kinds together.

    Returns
    -------
    ShownSums
        With kinds · n cells.

    Examples
    --------
    >>> levels = pd.DataFrame({"district": ["d1", "d1", "d2"]})
    >>> make_sums(levels, weeks=(1, 4), least_weeks=4).members.astype(int).tolist()
    [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [0, 0, 1], [1, 1, 1]]
    """
    n = len(levels)
    groups = [pd.factorize(levels[name])[0] for name in levels.columns]
    parts = [np.arange(part.max(initial=-1) + 1)[:, np.newaxis] == part for part in groups]
    areas = np.concatenate([np.eye(n), *parts, np.ones((1, n))]).astype(np.float64)
    first = np.hstack([areas, *[np.zeros_like(areas)] * (kinds - 1)])
    members = first if kinds == 1 else np.vstack([first, np.hstack([areas] * kinds)])
    single = (np.arange(len(areas)) < n)[:, np.newaxis]
    offered = ~single | (np.array(weeks) >= least_weeks)
    return ShownSums(members, tuple(sorted(weeks)), np.vstack([offered] * (1 if kinds == 1 else 2)))


def round_counts(
    counts: NDArray[np.int64],
    sums: ShownSums,
    *,
    past_counts: NDArray[np.int64],
    past_rounded: NDArray[np.int64],
    rng: np.random.Generator,
    at_least: NDArray[np.int64] | None = None,
) -> NDArray[np.int64]:
    """Round the counts of a week, given those of the weeks before, which stay as they are.

    The rounding begins at random, each cell up or down to a multiple of ``BASE`` such that the total is
    right, and then moves single cells by ``BASE`` for as long as that brings the shown sums nearer to the
    truth: least squares, with a high cost where a shown sum is off by ``BASE`` or more. A shown sum is never
    rounded to 0 if it is ``BASE`` or more.

    Parameters
    ----------
    counts
        n counts of the week.
    sums
        What is shown.
    past_counts, past_rounded
        Weeks by n cells, the latest last: counted and rounded when each week closed. Weeks without a row
        count as 0.
    rng
        Source of the secret choices.
    at_least
        n lower limits, multiples of ``BASE``, such as the households visited for a number of visits.

    Returns
    -------
    numpy.ndarray
        n multiples of ``BASE``.

    Raises
    ------
    ColumnError
        If a count is negative or the numbers of cells differ.

    Examples
    --------
    >>> sums = make_sums(pd.DataFrame({"district": ["d1", "d1", "d1"]}), weeks=(1,))
    >>> none = np.zeros((0, 3), dtype=np.int64)
    >>> rng = np.random.default_rng(1)
    >>> rounded = round_counts(np.array([3, 3, 4]), sums, past_counts=none, past_rounded=none, rng=rng)
    >>> sorted(rounded.tolist())
    [0, 5, 5]
    """
    n = sums.members.shape[1]
    if counts.shape != (n,) or past_counts.shape[1:] != (n,) or past_rounded.shape != past_counts.shape:
        raise ColumnError("The counts, the sums and the weeks before must have the same cells.")
    if (counts < 0).any():
        raise ColumnError("The counts must be whole numbers, 0 or more.")
    lowest = np.zeros(n, dtype=np.int64) if at_least is None else at_least
    start = np.maximum(_begin_rounding(counts, rng), lowest)
    before = [_sum_weeks(sums, part) for part in (past_rounded, past_counts)]
    truth = before[1] + (sums.members @ counts)[:, np.newaxis]
    return settle(start, sums, before[0], truth, bounds=(lowest, np.full(n, np.iinfo(np.int64).max)))


def settle(
    rounded: NDArray[np.int64],
    sums: ShownSums,
    before: NDArray[np.float64],
    truth: NDArray[np.float64],
    *,
    bounds: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> NDArray[np.int64]:
    """Move cells by ``BASE``, the one that helps most first, while that brings the sums nearer to the truth.

    Parameters
    ----------
    rounded
        n multiples of ``BASE`` to begin with.
    sums
        What is shown.
    before
        Sums by lengths: what the cells' sums are added to.
    truth
        Sums by lengths: what they should come to.
    bounds
        The lowest and the highest value of each cell.

    Returns
    -------
    numpy.ndarray
        n multiples of ``BASE``.
    """
    cells = rounded.copy()
    shown = before + (sums.members @ cells)[:, np.newaxis]
    while True:
        now = np.where(sums.offered, measure_cost(shown, truth), 0.0)
        best, step, gain = -1, 0, 1e-9
        for move in (BASE, -BASE):
            saved = (
                np.where(sums.offered, now - measure_cost(shown + move, truth), 0.0).sum(axis=1)
                @ sums.members
            )
            free = (cells + move >= bounds[0]) & (cells + move <= bounds[1])
            saved = np.where(free, saved, -np.inf)
            place = int(np.argmax(saved)) if len(saved) else -1
            if place >= 0 and saved[place] > gain:
                best, step, gain = place, move, float(saved[place])
        if best < 0:
            return cells
        cells[best] += step
        shown = shown + step * sums.members[:, [best]]


def measure_cost(shown: NDArray[np.float64], truth: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what it costs to show a sum rounded so: squares, and more where it is off by too much.

    Parameters
    ----------
    shown, truth
        Sums, rounded and true.

    Examples
    --------
    >>> measure_cost(np.array([5.0, 10.0]), np.array([5.0, 8.0])).round(2).tolist()
    [0.0, 0.16]
    """
    off = np.abs(shown - truth)
    # Each step beyond the range costs more, so that a sum far off always moves towards the truth.
    return (off / BASE) ** 2 + _OFF * (off >= BASE) * off / BASE + _HIDDEN * ((shown <= 0) & (truth >= BASE))


def narrow_difference(
    before: NDArray[np.int64], after: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return two rounded counts as near to each other as the true ones may be.

    A difference that is certain between these is certain between the true counts.

    Parameters
    ----------
    before, after
        n rounded counts each.

    Examples
    --------
    >>> [part.tolist() for part in narrow_difference(np.array([0, 40, 5]), np.array([30, 10, 10]))]
    [[4, 36, 7], [26, 14, 7]]
    """
    gap = np.minimum(BASE - 1, np.abs(after - before) // 2) * np.sign(after - before)
    return before + gap, np.where(np.abs(after - before) < 2 * (BASE - 1), before + gap, after - gap)


def _begin_rounding(counts: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
    """Round up or down at random with the right total: systematic sampling of the remainders."""
    order = rng.permutation(len(counts))
    ends = np.floor((np.cumsum(counts[order]) + BASE * rng.random()) / BASE).astype(np.int64)
    rounded = np.empty_like(counts)
    rounded[order] = BASE * np.diff(ends, prepend=0)
    return rounded


def _sum_weeks(sums: ShownSums, past: NDArray[np.int64]) -> NDArray[np.float64]:
    """Add up the weeks of each period before its last."""
    each = [
        past[max(len(past) - weeks + 1, 0) :].sum(axis=0) if weeks > 1 else 0 * past.sum(axis=0)
        for weeks in sums.weeks
    ]
    return np.column_stack([sums.members @ part for part in each])
