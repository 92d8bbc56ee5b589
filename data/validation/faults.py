"""Record of the rows that are refused, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from data.schema import REASONS

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

NO_RECORD = frozenset({"ragged_row", "total_row"})
"""Reasons found by the readers themselves; the cells of such rows are not interpreted."""


class Faults:
    """Reasons for refusing rows, collected whole columns at a time.

    Parameters
    ----------
    n_rows
        Number of rows.

    Examples
    --------
    >>> faults = Faults(3)
    >>> faults.add("bad_date", [True, False, True])
    >>> faults.add("bad_code", [True, False, False])
    >>> faults.texts().tolist(), faults.counts()
    (['bad_code bad_date', 'bad_date'], {'bad_code': 1, 'bad_date': 2})
    """

    def __init__(self, n_rows: int) -> None:
        self.n_rows = n_rows
        self._rows: dict[str, NDArray[np.bool_]] = {}

    def add(self, reason: str, rows: ArrayLike) -> None:
        """Record a reason of ``data.schema.REASONS`` for rows (n booleans)."""
        if reason not in REASONS:
            raise KeyError(reason)
        found = np.asarray(rows, dtype=bool)
        if found.any():
            self._rows[reason] = self._rows.get(reason, np.zeros(self.n_rows, bool)) | found

    def find_rows(self, reason: str) -> NDArray[np.bool_]:
        """Return which rows have a reason (n booleans)."""
        rows = self._rows.get(reason, np.zeros(self.n_rows, bool))
        if reason in NO_RECORD:
            return rows
        return rows & ~np.logical_or.reduce(
            [np.zeros(self.n_rows, bool), *(self._rows[name] for name in NO_RECORD & self._rows.keys())]
        )

    @property
    def rows(self) -> NDArray[np.bool_]:
        """Which rows have any reason (n booleans)."""
        return np.logical_or.reduce([np.zeros(self.n_rows, bool), *self._rows.values()])

    def texts(self) -> NDArray[np.object_]:
        """Join the reasons of each faulty row with spaces, in alphabetical order."""
        texts = np.full(self.n_rows, "", dtype=object)
        for reason in sorted(self._rows):
            texts[self.find_rows(reason)] += f" {reason}"
        return np.array([text.lstrip() for text in texts[self.rows]], dtype=object)

    def counts(self) -> dict[str, int]:
        """Count the rows for each reason; a row may have several."""
        counts = {reason: int(self.find_rows(reason).sum()) for reason in sorted(self._rows)}
        return {reason: n for reason, n in counts.items() if n}
