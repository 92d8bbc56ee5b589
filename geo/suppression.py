"""Suppression of small counts, with enough others that no hidden count can be worked out."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geo.errors import ColumnError, GeoError

if TYPE_CHECKING:
    from numpy.typing import NDArray

DEFAULT_THRESHOLD = 5
TOTAL: Final = "total"
"""Name of the level, and of the one row in it, that adds up all cells."""


def suppress_small_counts(
    counts: pd.Series,
    levels: pd.DataFrame,
    *,
    below: int = DEFAULT_THRESHOLD,
    whole: pd.Series | None = None,
) -> pd.DataFrame:
    """Hide small counts in a table with totals, so that they cannot be worked out from the others.

    Primary suppression hides counts of 1 to ``below`` - 1, in cells and in totals; a 0 identifies nobody and
    is shown. Secondary suppression then hides further counts, the smallest first, until every hidden count
    has at least two values that fit all that is shown (cell suppression; Hundepool et al., Statistical
    Disclosure Control, 2012). Readers are assumed to know the rule, and so that a hidden count is at least 1.

    Counts that determine each other (visited, not visited, registered) must not be suppressed one by one and
    then shown side by side: give ``whole``, or hide a row of them together.

    Parameters
    ----------
    counts
        Whole numbers from 0, one per cell, such as a village; the index is unique.
    levels
        The totals shown, on the index of ``counts``: one column per level above the cells, finer ones first,
        with the code of the group that a cell belongs to. Groups must nest. The overall total needs no
        column.
    below
        The smallest number that is not small.
    whole
        Shown numbers that the counts are parts of, such as registered households, on the index of ``counts``.
        A count is then also small where the rest of its whole is, and known to be at most its whole.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``level`` (the name of the index of ``counts`` or "cell", the columns of ``levels``,
        "total") and ``code``: ``count``, missing where it is hidden, and ``hidden``. The reason is not given,
        as it would help to work out the count.

    Raises
    ------
    ColumnError
        If the indexes differ or repeat, a count is missing, negative or not whole, or a group code is
        missing.
    GeoError
        If groups do not nest, or ``below`` is not above 0.

    Examples
    --------
    >>> counts = pd.Series([3, 8, 20, 40], index=["v1", "v2", "v3", "v4"])
    >>> levels = pd.DataFrame({"district": ["d1", "d1", "d2", "d2"]}, index=counts.index)
    >>> suppress_small_counts(counts, levels)["count"]
    level     code
    cell      v1       <NA>
              v2       <NA>
              v3         20
              v4         40
    district  d1         11
              d2         60
    total     total      71
    Name: count, dtype: Int64
    """
    _require(counts, levels, below)
    tree = _Tree.of(counts, levels, whole)
    small = np.zeros(len(tree.codes), dtype=bool)
    for numbers in (tree.counts, tree.wholes - tree.counts):
        small |= (numbers > 0) & (numbers < below)
    # A hidden count may be 0 if the rest of its whole may be small.
    hidden = tree.protect(small, least=0 if whole is not None else 1)
    shown = pd.arrays.IntegerArray(np.where(hidden, 0, tree.counts).astype(np.int64), hidden.copy())
    names = pd.MultiIndex.from_arrays([tree.level_names, tree.codes], names=["level", "code"])
    return pd.DataFrame({"count": shown, "hidden": hidden}, index=names)


@dataclass(frozen=True)
class _Tree:
    """Cells, groups and the total as nodes, finer levels first; a node's parent comes after it."""

    level_names: list[str]
    codes: list[object]
    parent: NDArray[np.intp]  # position; -1 for the total
    counts: NDArray[np.float64]
    wholes: NDArray[np.float64]  # what a count is part of; infinite where unknown
    levels: list[slice]

    @classmethod
    def of(cls, counts: pd.Series, levels: pd.DataFrame, whole: pd.Series | None) -> _Tree:
        """Build the nodes of a table."""
        n = len(counts)
        names, codes, slices = [str(counts.index.name or "cell")] * n, list(counts.index), [slice(0, n)]
        numbers = [counts.to_numpy(dtype=np.float64)]
        wholes = [np.full(n, np.inf) if whole is None else whole.reindex(counts.index).to_numpy(np.float64)]
        parents, of_cell = [], np.arange(n)
        groups = {str(name): levels[name] for name in levels.columns}
        for name, column in {**groups, TOTAL: pd.Series(TOTAL, levels.index)}.items():
            position, found = pd.factorize(column, sort=True)
            start = slices[-1].stop
            parents.append(_parents(of_cell, position, name) + start)
            for parts in (numbers, wholes):
                parts.append(np.bincount(position, parts[0], len(found)))
            names += [name] * len(found)
            codes += list(found)
            slices.append(slice(start, start + len(found)))
            of_cell = position
        parent = np.concatenate([*parents, np.full(min(n, 1), -1)])
        return cls(names, codes, parent, np.concatenate(numbers), np.concatenate(wholes), slices)

    def protect(self, small: NDArray[np.bool_], *, least: int) -> NDArray[np.bool_]:
        """Hide what is small, and more until no hidden count can be worked out."""
        hidden = small.copy()
        while True:
            low, high = self.bounds(hidden, least=least)
            known = np.flatnonzero(hidden & (low == high))[::-1]  # the highest first
            found = (self._companion(int(node), hidden, least=least) for node in known)
            companion = next((node for node in found if node is not None), None)
            if companion is None:
                return hidden
            hidden[companion] = True

    def bounds(
        self, hidden: NDArray[np.bool_], *, least: int
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the bounds of each node that follow from all that is shown.

        In a tree, one pass up (a total lies between the sums of its parts' bounds) and one down (a part is
        its total minus the other parts) give the exact bounds.
        """
        low = np.where(hidden, float(least), self.counts)
        high = np.where(hidden, self.wholes, self.counts)
        for level, above in pairwise(self.levels):
            place, n = self.parent[level] - above.start, above.stop - above.start
            low[above] = np.maximum(low[above], np.bincount(place, low[level], n))
            high[above] = np.minimum(high[above], np.bincount(place, high[level], n))
        for above, level in pairwise(self.levels[::-1]):
            place = self.parent[level] - above.start
            most = high[above][place] - _others(low[level], place)
            fewest = low[above][place] - _others(high[level], place)
            low[level], high[level] = np.maximum(low[level], fewest), np.minimum(high[level], most)
        return low, high

    def _companion(self, node: int, hidden: NDArray[np.bool_], *, least: int) -> int | None:
        """Choose what else to hide for a node that could be worked out; None if nothing would help."""
        children = np.flatnonzero(self.parent == node)
        siblings = np.flatnonzero((self.parent == self.parent[node]) & (self.parent >= 0))
        # A hidden total of shown parts needs a hidden part; all else needs another part of the same total.
        for candidates in (siblings if hidden[children].any() else children, siblings):
            usable = candidates[~hidden[candidates] & (self.counts[candidates] >= least)]
            if len(usable):
                counts = self.counts[usable]
                return int(usable[np.argmin(np.where(counts == 0, np.inf, counts))])
        parent = int(self.parent[node])
        return parent if parent >= 0 and not hidden[parent] else None


def _others(parts: NDArray[np.float64], place: NDArray[np.intp]) -> NDArray[np.float64]:
    """Sum, for each part of a total, its other parts; infinite where one of them is."""
    endless = np.isinf(parts)
    finite = np.where(endless, 0.0, parts)
    n_endless = np.bincount(place, endless)[place] - endless
    return np.where(n_endless > 0, np.inf, np.bincount(place, finite)[place] - finite)


def _parents(child: NDArray[np.intp], group: NDArray[np.intp], name: str) -> NDArray[np.intp]:
    """Return the position of each child's group; every child must lie in exactly one."""
    pairs = np.unique(np.column_stack([child, group]), axis=0)
    if len(np.unique(pairs[:, 0])) < len(pairs):
        raise GeoError(
            "The groups of {name!r} cut through finer ones: give levels that nest, finer ones first.",
            name=name,
        )
    return pairs[:, 1]


def _require(counts: pd.Series, levels: pd.DataFrame, below: int) -> None:
    if below <= 0:
        raise GeoError("Counts below {below} cannot be small: give 1 or more.", below=below)
    if not counts.index.is_unique or not levels.index.equals(counts.index):
        raise ColumnError("The counts and their levels must stand on the same index without repeats.")
    if counts.isna().any() or levels.isna().any(axis=None):
        raise ColumnError("A count or the group of a cell is missing.")
    numbers = counts.to_numpy(dtype=np.float64)
    if (numbers < 0).any() or (numbers != np.floor(numbers)).any():
        raise ColumnError("The counts must be whole numbers from 0.")
