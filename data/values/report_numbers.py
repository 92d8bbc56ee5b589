"""Parsing of police report numbers (LP): the year, and whether the public reported or police discovered."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow.compute as pc

from data.values.texts import extract_groups, to_integers, to_mask, to_text_array

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

_MODEL = r"(?i)^(?:no\.?\s*)?LP[\s/.-]*(?P<model>[AB])\b"
_REPORT = r"(?i)^(?:no\.?\s*)?LP\b"
_MONTH_AND_YEAR = r"(?i)[/.\- ](?:[IVX]{1,4}|0?[1-9]|1[0-2])[/.\- ](?P<year>(?:19|20)\d{2})\b"
_YEAR = r"[/.\- ](?P<year>(?:19|20)\d{2})(?:[/.\- ]|$)"


class ReportNumbers(NamedTuple):
    """Parsed report numbers, n each: the year (0 where none), and which are of model A or model B."""

    year: NDArray[np.int64]
    discovered: NDArray[np.bool_]
    reported: NDArray[np.bool_]


def read_report_numbers(texts: pd.Series) -> ReportNumbers:
    """Read police report numbers.

    Parameters
    ----------
    texts
        n texts, trimmed, such as ``LP/B/12/I/2026/SPKT/POLSEK`` (reported) or ``LP-A/3/2026`` (discovered).

    Returns
    -------
    ReportNumbers
        Year 0 and False for a number of another form.

    Examples
    --------
    >>> import pandas as pd
    >>> read = read_report_numbers(pd.Series(["LP/B/12/I/2026/SPKT", "LP-A/3/2025", "C-2026"], dtype="str"))
    >>> read.year.tolist(), read.reported.tolist(), read.discovered.tolist()
    ([2026, 2025, 0], [True, False, False], [False, True, False])
    """
    array = to_text_array(texts)
    model = pc.utf8_lower(extract_groups(array, _MODEL)["model"])
    is_report = to_mask(pc.match_substring_regex(array, _REPORT))
    exact = to_integers(_year(array, _MONTH_AND_YEAR))
    loose = to_integers(_year(array, _YEAR))
    year = np.where(exact > 0, exact, np.maximum(loose, 0))
    return ReportNumbers(
        np.where(is_report, year, 0), to_mask(pc.equal(model, "a")), to_mask(pc.equal(model, "b"))
    )


def _year(array: object, pattern: str) -> object:
    return extract_groups(array, pattern)["year"]
