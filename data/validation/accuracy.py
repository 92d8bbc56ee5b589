"""Accuracy of GPS fixes: in metres as a file states it, else from their dilution of precision (HDOP)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from data.values import read_numbers
from geo.errors import Phrase

if TYPE_CHECKING:
    import pandas as pd

    from data.mapping import ColumnMapping
    from data.validation.faults import Faults

RANGE_ERROR_M = 7.1
"""Error of one measured range (UERE, one standard deviation) of the Standard Positioning Service, in metres:
Kaplan & Hegarty (2006), Understanding GPS, 2nd ed., table 7.3."""
NO_DILUTION = 99.0
"""Receivers write 99.99, or 99.9, where there is no solution (NMEA 0183)."""

HDOP_NOTE = Phrase(
    "HDOP is a dilution of precision and no distance: where the file states no accuracy in metres, it is "
    "estimated as {metres:g} m for each unit of HDOP.",
    {"metres": RANGE_ERROR_M},
)
"""How HDOP is read: a sentence for the preview of a file."""


def fill_accuracy(accuracy_m: pd.Series, texts: pd.Series, faults: Faults) -> pd.Series:
    """Fill in the accuracy of fixes that have only a horizontal dilution of precision.

    The radial error of a fix (1 drms) is its HDOP times the error of one range (Langley 1999, Dilution of
    precision, GPS World 10(5)). 0, and 99 or more, mean that the receiver had no solution.

    Parameters
    ----------
    accuracy_m
        n accuracies in metres; NaN where the file states none.
    texts
        n texts of the HDOP, trimmed.
    faults
        Gets ``bad_number``.

    Returns
    -------
    pandas.Series
        n accuracies in metres on the same index.

    Examples
    --------
    >>> import pandas as pd
    >>> from data.validation.faults import Faults
    >>> stated, hdop = pd.Series([5.0, None, None]), pd.Series(["2", "2", "99.99"], dtype="str")
    >>> fill_accuracy(stated, hdop, Faults(3)).tolist()
    [5.0, 14.2, nan]
    """
    dilution, bad = read_numbers(texts)
    faults.add("bad_number", bad | (dilution < 0))
    solved = np.where((dilution > 0) & (dilution < NO_DILUTION), dilution, np.nan)
    return accuracy_m.where(accuracy_m.notna(), RANGE_ERROR_M * solved)


def note_accuracy(mapping: ColumnMapping) -> list[Phrase]:
    """Explain how HDOP is read; nothing where the file has no such column."""
    return [HDOP_NOTE] if "hdop" in mapping.columns else []
