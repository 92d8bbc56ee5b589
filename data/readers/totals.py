"""Detection of totals below a table, which are rows of the file but not records."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

TOTAL = "total_row"
"""Reason code of a row of totals."""

_TAIL = 12  # filled rows at the end to examine: a date and signatures may follow a total
_WORDS = r"(?:(?:grand|sub)[\s-]*)?(?:total|jumlah|jml|rata-?\s?rata|average|sum)"
_TITLE = rf"(?i)^\W*{_WORDS}(?:\s+[^\W\d]+){{0,4}}[\W\d]*$"
_FIGURE = r"^[\s\d.,%()+-]*$"


def find_totals(frame: pd.DataFrame) -> NDArray[np.int64]:
    """Find the totals below a table.

    Parameters
    ----------
    frame
        The table's text, n rows without empty ones.

    Returns
    -------
    numpy.ndarray
        Positions of the rows near the end whose first filled cell says *total* and whose other cells hold
        only figures, if anything.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = {"nama": ["Sri", "Total", "Jumlah KK"], "rt": ["01", "Wage", "2"]}
    >>> find_totals(pd.DataFrame(rows, dtype="str"))
    array([2])
    """
    if frame.empty or not len(frame.columns):
        return np.array([], dtype=np.int64)
    tail = frame.iloc[-_TAIL:].apply(lambda column: column.str.strip()).replace("", None)
    first = tail.bfill(axis=1).iloc[:, 0]
    titled = first.str.contains(_TITLE, regex=True, na=False).to_numpy()
    figures = tail.apply(lambda column: column.str.contains(_FIGURE, regex=True, na=True)).to_numpy()
    filled_before = tail.notna().to_numpy().cumsum(axis=1)
    is_rest = filled_before > 1
    found = titled & (figures | ~is_rest).all(axis=1)
    return np.flatnonzero(found) + len(frame) - len(tail)
