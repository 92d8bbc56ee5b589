"""Households in fives, visited week by week like the real ones: what coverage is rounded to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geo.errors import ColumnError
from geo.rounding.counts import BASE, ShownSums, settle
from geo.rounding.weeks import NEVER, LastVisits, choose_visits

if TYPE_CHECKING:
    from numpy.typing import NDArray

_REWRITTEN = 8 * BASE
"""A village whose figures are off by this many households has a rewritten record, and begins anew."""


@dataclass(frozen=True)
class RoundedHouseholds:
    """Households of the rounded record, each of which stands for ``BASE`` households of a village.

    Attributes
    ----------
    village
        m positions of villages, ascending.
    reported, evidenced
        m weeks of the last reported visit and of the last one that its GPS record supports, or ``NEVER``.
    phase
        A secret number from 0 to below 1 for each of n villages, by which its register is rounded.
    """

    village: NDArray[np.int64]
    reported: NDArray[np.int64]
    evidenced: NDArray[np.int64]
    phase: NDArray[np.float64]

    def count_visited(self, week: int) -> NDArray[np.int64]:
        """Count the households of each village that were visited in a week: a multiple of ``BASE``."""
        return BASE * np.bincount(self.village[self.reported == week], minlength=len(self.phase))


def count_since(
    village: NDArray[np.int64], last: NDArray[np.int64], first_week: int, n_villages: int
) -> NDArray[np.int64]:
    """Count the households of each village whose last visit was in a week or later.

    Parameters
    ----------
    village, last
        Position of the village, and week of the last visit, of each household.
    first_week
        The first week that counts.
    n_villages
        Number of villages.

    Returns
    -------
    numpy.ndarray
        ``n_villages`` counts.

    Examples
    --------
    >>> count_since(np.array([0, 0, 1]), np.array([7, 9, NEVER]), 8, 2).tolist()
    [1, 0]
    """
    return np.bincount(village[last >= first_week], minlength=n_villages)


def round_households(
    before: RoundedHouseholds | None,
    truth: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]],
    week: int,
    sums: ShownSums,
    *,
    rng: np.random.Generator,
) -> RoundedHouseholds:
    """Let the rounded record live through a week, so that its coverage stays near the true one.

    Each week, some of the households in fives are visited, those that bring coverage over all shown periods
    nearest to the true one, and nothing else happens to them. The rounded record is thus a possible one at
    any time, and all that is counted from it, for whatever areas and periods, is consistent.

    Parameters
    ----------
    before
        The rounded record at the end of the week before; None to begin.
    truth
        Village, and weeks of the last reported and of the last evidenced visit, of each registered household
        at the end of the week.
    week
        Number of the week.
    sums
        The areas that are shown, of one kind of count.
    rng
        Source of the secret choices.

    Returns
    -------
    RoundedHouseholds
        The record at the end of the week.

    Raises
    ------
    ColumnError
        If a visit is later than the week.

    Examples
    --------
    >>> import pandas as pd
    >>> from geo.rounding import make_sums
    >>> sums = make_sums(pd.DataFrame(index=["v1"]), weeks=(4,))
    >>> village, last = np.zeros(20, dtype=np.int64), np.full(20, NEVER)
    >>> rng = np.random.default_rng(1)
    >>> record = round_households(None, (village, last, last), 1, sums, rng=rng)
    >>> last = np.where(np.arange(20) < 10, 2, NEVER)  # ten are visited
    >>> record = round_households(record, (village, last, last), 2, sums, rng=rng)
    >>> BASE * count_since(record.village, record.reported, 1, 1)
    array([10])
    """
    village, *last = truth
    if any(len(part) and part.max() > week for part in last):
        raise ColumnError("A visit is later than the week that is rounded.")
    n = sums.members.shape[1]
    order = np.argsort(village, kind="stable")
    homes = LastVisits(village[order], np.column_stack(last)[order])
    sizes = np.bincount(village, minlength=n)
    phase = _draw_phases(sizes, rng) if before is None else before.phase
    fives = _sample(homes, phase) if before is None else _follow_register(before, sizes)
    fives = _begin_anew(fives, homes, phase, week)
    n_begun = _settle_never(fives, homes, sums)
    visited, supported = choose_visits(fives, homes, week, sums, n_begun=n_begun, rng=rng)
    reported = np.where(visited, week, fives.last[:, 0])
    evidenced = np.where(supported, week, fives.last[:, 1])
    return RoundedHouseholds(fives.village, reported, evidenced, phase)


def _draw_phases(n_homes: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Draw phases such that the rounded registers of neighbouring villages, one after another, add up."""
    through = (np.cumsum(n_homes) - n_homes) / BASE + rng.random()
    return through - np.floor(through)


def _count_fives(sizes: NDArray[np.int64], phase: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.floor(sizes / BASE + phase + 1e-9).astype(np.int64)


def _sample(homes: LastVisits, phase: NDArray[np.float64]) -> LastVisits:
    """Sample the households of each village at equal steps in the order of their last visits."""
    ordered = np.lexsort([homes.last[:, 1], homes.last[:, 0], homes.village])
    sizes = np.bincount(homes.village, minlength=len(phase))
    numbers = _count_fives(sizes, phase)
    village = np.repeat(np.arange(len(phase)), numbers)
    nth = np.arange(len(village)) - np.repeat(np.cumsum(numbers) - numbers, numbers) + 1
    place = np.ceil(BASE * (nth - phase[village]) - 1e-6).astype(np.int64) - 1
    place = np.clip(place, 0, np.maximum(sizes - 1, 0)[village])
    chosen = ordered[(np.cumsum(sizes) - sizes)[village] + place]
    return LastVisits(village, homes.last[chosen])


def _follow_register(before: RoundedHouseholds, sizes: NDArray[np.int64]) -> LastVisits:
    """Add households never visited, or leave out those of the longest time, as the register has changed."""
    wanted = _count_fives(sizes, before.phase)
    held = np.bincount(before.village, minlength=len(sizes))
    more = np.maximum(wanted - held, 0)
    village = np.concatenate([before.village, np.repeat(np.arange(len(sizes)), more)])
    last = np.column_stack([before.reported, before.evidenced])
    last = np.vstack([last, np.full((int(more.sum()), 2), NEVER)])
    order = np.lexsort([-last[:, 1], -last[:, 0], village])  # the latest first
    starts = np.cumsum(held + more) - (held + more)
    kept = order[np.arange(len(order)) - starts[village[order]] < wanted[village[order]]]
    kept = np.sort(kept)
    kept = kept[np.argsort(village[kept], kind="stable")]
    return LastVisits(village[kept], last[kept])


def _begin_anew(fives: LastVisits, homes: LastVisits, phase: NDArray[np.float64], week: int) -> LastVisits:
    """Sample again the villages whose record was rewritten, as by an import of earlier visits or its undo."""
    n = len(phase)
    anew = np.zeros(n, dtype=bool)
    for k in range(2):
        rounded, never, now = (
            np.bincount(part.village[part.last[:, k] == last], minlength=n)
            for part, last in ((fives, NEVER), (homes, NEVER), (homes, week))
        )
        anew |= (BASE * rounded <= never - _REWRITTEN) | (BASE * rounded >= never + now + _REWRITTEN)
    if not anew.any():
        return fives
    fresh = _sample(homes, phase)
    kept, taken = ~anew[fives.village], anew[fresh.village]
    village = np.concatenate([fives.village[kept], fresh.village[taken]])
    last = np.vstack([fives.last[kept], fresh.last[taken]])
    order = np.argsort(village, kind="stable")
    return LastVisits(village[order], last[order])


def _settle_never(fives: LastVisits, homes: LastVisits, sums: ShownSums) -> NDArray[np.int64]:
    """Choose how many of each village's that were never visited are visited now."""
    n = sums.members.shape[1]
    most, counted = (
        np.bincount(part.village[part.last[:, 0] == NEVER], minlength=n) for part in (fives, homes)
    )
    most = BASE * most
    start = np.minimum(most, BASE * -(-counted // BASE))
    lowest = np.minimum(start, BASE * (counted // BASE))
    shown = ShownSums(sums.members, (1,), np.ones((len(sums.members), 1), dtype=bool))
    truth = (sums.members @ counted)[:, np.newaxis].astype(np.float64)
    return (most - settle(start, shown, 0 * truth, truth, bounds=(lowest, most))) // BASE
