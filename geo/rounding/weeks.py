"""A week of the rounded households: who is visited, so that coverage stays near the true one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.rounding.counts import BASE, ShownSums, measure_cost

if TYPE_CHECKING:
    from numpy.typing import NDArray

NEVER: Final = -1_000_000
"""Week of the last visit of a household that was never visited."""

_N_AGES = 10  # ages of the last visit, on a logarithmic scale, at which the record is held to the true one
_UNSHOWN = 0.3  # weight of a period that is not shown now, but whose households will be in one that is
_MOST_BEHIND = BASE - 1
_SUPPORT = 2  # kinds of steps: a visit alone, one that GPS supports, and support for a visit
_ENOUGH = 1e-9


@dataclass(frozen=True)
class LastVisits:
    """Households and their last reported and evidenced visits.

    Attributes
    ----------
    village, last
        Position of the village, and for each household two weeks: of the last reported and evidenced visit.
    """

    village: NDArray[np.int64]
    last: NDArray[np.int64]

    def count_by_age(self, ages: NDArray[np.int64], week: int, n: int) -> NDArray[np.int64]:
        """Count by kind, village and age the households visited within that many weeks."""
        classes = self.classify_ages(ages, week)
        flat = [self.village * (len(ages) + 1) + classes[:, k] for k in range(2)]
        held = [np.bincount(part, minlength=n * (len(ages) + 1)).reshape(n, -1) for part in flat]
        return np.stack([part[:, :-1].cumsum(axis=1) for part in held])

    def classify_ages(self, ages: NDArray[np.int64], week: int) -> NDArray[np.int64]:
        """Return how many of the ages each visit is too old for."""
        return np.searchsorted(ages, week - self.last + 1, side="left")


def choose_visits(
    fives: LastVisits,
    homes: LastVisits,
    week: int,
    sums: ShownSums,
    *,
    n_begun: NDArray[np.int64],
    rng: np.random.Generator,
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Choose which households of the rounded record are visited in a week.

    First the villages are brought near the truth, each on its own and from below; then single visits are
    added for as long as that brings the shown sums of areas nearer.

    Parameters
    ----------
    fives, homes
        The rounded households at the end of the week before, and the true ones at the end of the week.
    week
        Number of the week.
    sums
        What is shown.
    n_begun
        How many that were never visited are visited now, by village.
    rng
        Source of the secret choices.

    Returns
    -------
    tuple[numpy.ndarray, numpy.ndarray]
        Whether each is visited, and whether its GPS record supports that.
    """
    search = _Search(fives, homes, week, sums, n_begun)
    while search.step_villages():
        pass
    while search.step_once():
        pass
    return search.pick(fives, rng)


class _Search:
    """Numbers of visits by village and by the ages of the last reported and evidenced visit."""

    def __init__(
        self,
        fives: LastVisits,
        homes: LastVisits,
        week: int,
        sums: ShownSums,
        n_begun: NDArray[np.int64],
    ) -> None:
        """Count, and visit those that were never visited before."""
        n = len(n_begun)
        scale = np.geomspace(1, sums.longest, _N_AGES).round().astype(np.int64)
        self.members, self.week = sums.members, week
        self.ages = np.unique(np.concatenate([scale, np.array(sums.weeks)]))
        self.shown = np.zeros((len(sums.members), len(self.ages)), dtype=bool)
        self.shown[:, np.searchsorted(self.ages, sums.weeks)] = sums.offered
        # By kind, village and age: how many there are, and how far off the rounded record is.
        self.truth = homes.count_by_age(self.ages, week, n).astype(np.float64)
        self.off = BASE * fives.count_by_age(self.ages, week, n) - self.truth
        self.off[0] += BASE * n_begun[:, np.newaxis]
        size = len(self.ages) + 1
        free = fives.last[:, 0] != NEVER
        # By village and both classes of ages: who may still be visited, and the visits alone and supported.
        held = np.bincount(self._classify(fives)[free], minlength=n * size * size)
        self.left = held.reshape(n, size, size)
        self.visits = np.zeros((2, n, size, size), dtype=np.int64)
        self.begun = np.stack([n_begun, 0 * n_begun])

    def _classify(self, fives: LastVisits) -> NDArray[np.int64]:
        classes, size = fives.classify_ages(self.ages, self.week), len(self.ages) + 1
        return (fives.village * size + classes[:, 0]) * size + classes[:, 1]

    def step_villages(self) -> bool:
        """Add one visit in each village that is behind by ``BASE`` or more; return whether there was any."""
        saved = _add_up(_lag(self.off) - _lag(self.off + BASE))
        return self._take(*self._best(saved), at_once=True)

    def step_once(self) -> bool:
        """Add the visit that helps the shown sums most; return whether there was any."""
        off, truth = self.members @ self.off, self.members @ self.truth
        gain = self._cost(off, truth) - self._cost(off + BASE, truth)
        saved = _add_up(self.members.T @ gain)
        return self._take(*self._best(saved), at_once=False)

    def _cost(self, off: NDArray[np.float64], truth: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.where(self.shown, measure_cost(off + truth, truth), _UNSHOWN * (off / BASE) ** 2)

    def _best(
        self, saved: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
        """Return each village's best step: what it saves, its kind, and the classes of its ages."""
        reported, evidenced = (part[:, :, np.newaxis] for part in saved)
        evidenced = evidenced.transpose(0, 2, 1)
        # A visit alone, one that GPS supports, or support for one that is made already.
        options = np.stack([reported + 0 * evidenced, reported + evidenced, 0 * reported + evidenced])
        # It may be another household of the same class that is visited then.
        made = (self.visits[0].sum(axis=2, keepdims=True) > 0) & (self.left + self.visits[0] > 0)
        made[:, -1, -1] |= self.begun[0] > 0
        options = np.where(np.stack([self.left > 0, self.left > 0, made]), options, -np.inf)
        options[0, :, 0] = options[1, :, :, 0] = -np.inf  # nothing to gain
        flat = options.transpose(1, 0, 2, 3).reshape(len(self.left), -1)
        best = flat.argmax(axis=1)
        return flat[np.arange(len(flat)), best], *np.divmod(best, self.left[0].size)

    def _take(
        self,
        saved: NDArray[np.float64],
        kind: NDArray[np.int64],
        place: NDArray[np.int64],
        *,
        at_once: bool,
    ) -> bool:
        best = np.arange(len(saved)) if at_once else np.array([int(saved.argmax())])
        where = best[saved[best] > _ENOUGH]
        kind, (reported, evidenced) = kind[where], np.divmod(place[where], self.left.shape[1])
        supports, is_visit = kind > 0, kind < _SUPPORT
        longest = len(self.ages)
        begun = ~is_visit & (reported == longest) & (evidenced == longest) & (self.begun[0, where] > 0)
        swapped = ~is_visit & ~begun
        given_up = self.visits[0, where, reported].argmax(axis=1)
        given_up = np.where(self.visits[0, where, reported, evidenced] > 0, evidenced, given_up)
        self.left[where, reported, given_up] += swapped
        self.visits[0, where, reported, given_up] -= swapped
        self.left[where, reported, evidenced] -= is_visit | swapped
        self.visits[0, where, reported, evidenced] += kind == 0
        self.visits[1, where, reported, evidenced] += supports & ~begun
        self.begun[:, where] += np.stack([-1 * begun, 1 * begun])
        steps = np.arange(len(self.ages))
        self.off[0, where] += BASE * (steps < np.where(is_visit, reported, 0)[:, np.newaxis])
        self.off[1, where] += BASE * (steps < np.where(supports, evidenced, 0)[:, np.newaxis])
        return len(where) > 0

    def pick(
        self, fives: LastVisits, rng: np.random.Generator
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Pick the households to visit, at random within a class of ages."""
        numbers = np.concatenate([self.visits.reshape(2, -1), self.begun], axis=1)
        new = fives.last[:, 0] == NEVER
        flat = np.where(new, self.left.size + fives.village, self._classify(fives))
        order = np.lexsort([rng.random(len(flat)), flat])
        starts = np.searchsorted(flat[order], np.arange(numbers.shape[1]))
        rank = np.empty(len(flat), dtype=np.int64)
        rank[order] = np.arange(len(flat)) - starts[flat[order]]
        return rank < numbers.sum(axis=0)[flat], rank < numbers[1, flat]


def _lag(off: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far villages are behind beyond what rounding explains, and how far ahead."""
    return np.maximum(-off - _MOST_BEHIND, 0) + np.maximum(off, 0)


def _add_up(saved: NDArray[np.float64]) -> NDArray[np.float64]:
    """Add up what a visit saves over the ages that its household then comes within: kind, village, class."""
    return np.concatenate([np.zeros((*saved.shape[:-1], 1)), saved.cumsum(axis=-1)], axis=-1)
