"""Suppression of small counts in a table with totals of rows and of columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.optimize import linprog

from geo.errors import ColumnError, GeoError
from geo.suppression import DEFAULT_THRESHOLD, TOTAL

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LEAST = 1  # a hidden count is known not to be 0, which is shown
_APART = 0.5  # bounds of whole numbers that are closer than this are equal


def suppress_crossed_counts(table: pd.DataFrame, *, threshold: int = DEFAULT_THRESHOLD) -> pd.DataFrame:
    """Hide small counts in a table with totals of rows, of columns and of all.

    Counts of 1 to ``threshold`` - 1 are hidden, in cells and in totals; a 0 is shown. Then further counts are
    hidden, the smallest first, until every hidden count has at least two values that fit all that is shown.
    What fits is found by linear programming over the sums of rows and columns, which is exact, as the corners
    of such a problem are whole numbers (Hundepool et al., Statistical Disclosure Control, 2012). For groups
    within groups see :func:`geo.suppression.suppress_small_counts`.

    Parameters
    ----------
    table
        Whole numbers from 0, such as crimes by village (rows) and kind (columns), without totals.
    threshold
        The smallest number that is not small.

    Returns
    -------
    pandas.DataFrame
        The table with a row and a column ``total``; missing where a count is hidden.

    Raises
    ------
    ColumnError
        If a count is missing, negative or not whole, or a label repeats.
    GeoError
        If ``threshold`` is not above 0.

    Examples
    --------
    >>> crimes = pd.DataFrame({"curat": [3, 8, 20], "curas": [9, 30, 40]}, index=["v1", "v2", "v3"])
    >>> suppress_crossed_counts(crimes)
           curat  curas  total
    v1      <NA>   <NA>     12
    v2      <NA>   <NA>     38
    v3        20     40     60
    total     31     79    110
    """
    _require(table, threshold)
    counts = _add_totals(table.to_numpy(dtype=np.int64))
    hidden = (counts > 0) & (counts < threshold)
    unsure = hidden.copy()
    while (place := _find_known(counts, hidden, unsure)) is not None:
        companion = _choose_companion(place, counts, hidden)
        unsure[companion or place] = companion is not None  # without one, nothing more can be done
        if companion is not None:
            hidden[companion] = True
    shown = pd.arrays.IntegerArray(np.where(hidden, 0, counts).ravel(), hidden.ravel())
    rows, columns = ([*labels, TOTAL] for labels in (table.index, table.columns))
    return pd.DataFrame(
        {name: shown[place :: len(columns)] for place, name in enumerate(columns)}, index=pd.Index(rows)
    )


def find_bounds(
    counts: NDArray[np.int64], hidden: NDArray[np.bool_], place: tuple[int, int]
) -> tuple[float, float]:
    """Find the smallest and largest value of a hidden count that fit all that is shown.

    Parameters
    ----------
    counts
        Rows by columns, with the totals of rows last, and those of columns.
    hidden
        Which of them are hidden; of the others the values are used.
    place
        Row and column of a hidden count.

    Returns
    -------
    tuple[float, float]
        The bounds; infinite where there are none.

    Examples
    --------
    >>> counts = np.array([[3, 9, 12], [8, 30, 38], [11, 39, 50]])
    >>> hidden = np.array([[True, True, False], [True, True, False], [False, False, False]])
    >>> find_bounds(counts, hidden, (0, 0))  # of 11 in its column and 12 in its row
    (1.0, 10.0)
    """
    number = np.cumsum(hidden).reshape(hidden.shape) - 1
    n_rows, n_cols = counts.shape
    sign = np.ones(counts.shape)
    lines, sums = [], []
    for axis, n in ((0, n_rows), (1, n_cols)):
        for line in range(n):
            part = (line, slice(None)) if axis == 0 else (slice(None), line)
            signs = np.append(sign[part][:-1], -1.0)
            equation = np.zeros(int(hidden.sum()))
            equation[number[part][hidden[part]]] = signs[hidden[part]]
            lines.append(equation)
            sums.append(-float(signs[~hidden[part]] @ counts[part][~hidden[part]]))
    wanted = np.zeros(int(hidden.sum()))
    wanted[number[place]] = 1.0
    ends = []
    for way in (1.0, -1.0):
        solved = linprog(way * wanted, A_eq=np.array(lines), b_eq=sums, bounds=(_LEAST, None))
        ends.append(way * float(solved.fun) if solved.status == 0 else way * -np.inf)
    return ends[0], ends[1]


def _add_totals(cells: NDArray[np.int64]) -> NDArray[np.int64]:
    with_rows = np.column_stack([cells, cells.sum(axis=1)])
    return np.vstack([with_rows, with_rows.sum(axis=0)])


def _find_known(
    counts: NDArray[np.int64], hidden: NDArray[np.bool_], unsure: NDArray[np.bool_]
) -> tuple[int, int] | None:
    """Find a hidden count that can be worked out, those alone in their line first.

    What cannot be worked out is marked as sure: that stays so, whatever else is hidden.
    """
    alone = np.minimum(hidden.sum(axis=1)[:, np.newaxis], hidden.sum(axis=0)) == 1
    for row, column in np.argwhere(unsure & alone).tolist():
        return row, column
    for row, column in np.argwhere(unsure).tolist():
        low, high = find_bounds(counts, hidden, (row, column))
        if high - low < _APART:
            return row, column
        unsure[row, column] = False
    return None


def _choose_companion(
    known: tuple[int, int], counts: NDArray[np.int64], hidden: NDArray[np.bool_]
) -> tuple[int, int] | None:
    """Choose the smallest count above 0 that is still shown in its row or column, where fewer are hidden."""
    row, column = known
    usable = ~hidden & (counts >= _LEAST)
    in_row = [(row, int(other)) for other in np.flatnonzero(usable[row])]
    in_column = [(int(other), column) for other in np.flatnonzero(usable[:, column])]
    anywhere = [(int(line), int(other)) for line, other in np.argwhere(usable)]
    lines = [in_row, in_column] if hidden[row].sum() <= hidden[:, column].sum() else [in_column, in_row]
    choices = next(filter(None, [*lines, anywhere]), [])
    return min(choices, key=lambda place: int(counts[place]), default=None)


def _require(table: pd.DataFrame, threshold: int) -> None:
    if threshold <= 0:
        raise GeoError("The limit for small counts must be 1 or more, not {below}.", below=threshold)
    if not (table.index.is_unique and table.columns.is_unique):
        raise ColumnError("The rows and columns of a table must have different labels.")
    numbers = table.to_numpy(dtype=np.float64, na_value=np.nan)
    if not ((numbers >= 0) & (numbers == np.floor(numbers))).all():
        raise ColumnError("The counts must be whole numbers, 0 or more.")
