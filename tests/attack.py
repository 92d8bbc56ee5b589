"""What a reader can work out from shown figures: the least and the most that each true count can be.

The reader knows how figures of one record hang together (areas within areas, periods within periods, parts
and complements) and how far a shown figure may be from the true one, and solves linear programs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FEW = (1, 4)
COUNTS = {"crimes": ("reported", "discovered"), "reported_crimes": ("reported",), "visits": ("visits",)}
"""Figures that are sums over days, and their parts."""
COVERED = ("covered", "supported")
"""Households with a visit in a period, and with one that its GPS record supports."""


class Figure(NamedTuple):
    """A figure of an area; of a period from a day up to, not including, another."""

    name: str
    area: str
    since: int
    until: int


Terms = dict[tuple[object, ...], float]


@dataclass
class Reader:
    """What one reader has been shown."""

    villages: list[str]
    days: set[int] = field(default_factory=set)
    periods: set[tuple[int, int]] = field(default_factory=set)
    shown: list[tuple[Figure, float, float]] = field(default_factory=list)

    def see(self, figure: Figure, low: float, high: float) -> None:
        """Take note of a figure, whose true value is known to lie between two numbers."""
        self.days.update((figure.since, figure.until))
        self.periods.add((figure.since, figure.until))
        self.shown.append((figure, max(low, 0), high))

    def find_confined(self, truth: Mapping[Figure, int]) -> list[Figure]:
        """Return the figures with a true value of 1 to 4 that the reader knows to be of 1 to 4."""
        low, high = FEW
        small = [figure for figure, value in truth.items() if low <= value <= high]
        if not small:
            return []
        rows = [*self._list_relations(), *self._list_shown()]
        names = {
            name: place for place, name in enumerate(dict.fromkeys(n for terms, _ in rows for n in terms))
        }
        matrix = csr_array(
            (
                [value for terms, _ in rows for value in terms.values()],
                (
                    [row for row, (terms, _) in enumerate(rows) for _ in terms],
                    [names[name] for terms, _ in rows for name in terms],
                ),
            ),
            shape=(len(rows), len(names)),
        )
        limits = np.array([limit for _, limit in rows])
        return [figure for figure in small if self._is_confined(figure, names, matrix, limits)]

    def _is_confined(
        self, figure: Figure, names: Mapping[object, int], matrix: csr_array, limits: np.ndarray
    ) -> bool:
        objective = np.zeros(len(names))
        for name, value in self._write(figure).items():
            if name not in names:
                return False  # nothing is known of it
            objective[names[name]] += value
        return (
            _minimise(objective, matrix, limits) > FEW[0] - 1 + 1e-6
            and -_minimise(-objective, matrix, limits) < FEW[1] + 1 - 1e-6
        )

    def _write(self, figure: Figure) -> Terms:
        """Write a figure as a sum of what nobody can take apart further."""
        inside = [code for code in self.villages if code.startswith(figure.area)]
        if figure.name in COUNTS:
            edges = [day for day in sorted(self.days) if figure.since <= day <= figure.until]
            return dict.fromkeys(product(COUNTS[figure.name], inside, edges[:-1]), 1.0)
        if figure.name in COVERED:
            return {(figure.name, code, figure.since, figure.until): 1.0 for code in inside}
        return {(figure.name, code, figure.until): 1.0 for code in inside}

    def _list_shown(self) -> Iterable[tuple[Terms, float]]:
        for figure, low, high in self.shown:
            terms = self._write(figure)
            yield terms, high
            yield {name: -value for name, value in terms.items()}, -low

    def _list_relations(self) -> Iterable[tuple[Terms, float]]:
        """List what holds in any record, as sums of at most 0."""
        for code in self.villages:
            for name, (since, until) in product(COVERED, self.periods):
                one = {(name, code, since, until): 1.0}
                yield from self._list_periods(name, code, since, until)
                if name == "supported":
                    yield one | {("covered", code, since, until): -1.0}, 0.0
                else:
                    yield one | {("never", code, until): 1.0, ("households", code, until): -1.0}, 0.0
                    visits = self._write(Figure("visits", code, since, until))
                    yield one | dict.fromkeys(visits, -1.0), 0.0
            yield from self._list_ends(code)

    def _list_periods(self, name: str, code: str, since: int, until: int) -> Iterable[tuple[Terms, float]]:
        one = {(name, code, since, until): 1.0}
        for a, b in self.periods:
            if (a, b) != (since, until) and a <= since and until <= b:
                yield one | {(name, code, a, b): -1.0}, 0.0
            if a > since and b == until:  # no more than in the two periods that cover this one
                for c, d in self.periods:
                    if c <= since and a <= d < until:
                        yield one | {(name, code, a, b): -1.0, (name, code, c, d): -1.0}, 0.0

    def _list_ends(self, code: str) -> Iterable[tuple[Terms, float]]:
        ends = sorted({until for _, until in self.periods})
        for first, later in product(ends, ends):
            if first >= later:
                continue
            yield {("never", code, later): 1.0, ("never", code, first): -1.0}, 0.0
            for sign in (1.0, -1.0):  # the register stays as it is
                yield {("households", code, later): sign, ("households", code, first): -sign}, 0.0
            for since, until in self.periods:
                if since <= first and until == later:
                    yield (
                        {
                            ("never", code, first): 1.0,
                            ("never", code, later): -1.0,
                            ("covered", code, since, until): -1.0,
                        },
                        0.0,
                    )


def _minimise(objective: np.ndarray, matrix: csr_array, limits: np.ndarray) -> float:
    found = linprog(objective, A_ub=matrix, b_ub=limits, method="highs")
    if found.status == 3:
        return float("-inf")  # unbounded
    assert found.status == 0, found.message
    return float(found.fun)
