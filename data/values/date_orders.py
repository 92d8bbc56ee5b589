"""The order of day and month in numeric dates, decided once for a whole file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from data.errors import UndecidedError
from data.values.texts import NO_NUMBER, extract_groups, to_integers, to_text_array

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

DateOrder = Literal["dayfirst", "monthfirst", "iso"]

WEEKDAY = r"^(?:[^\W\d]+,\s*)?"
REST = r"(?:(?:[T,\s]|\s-)\s*(?P<rest>.*))?$"
NUMERIC_DATE = WEEKDAY + r"(?P<first>\d{1,2})[-/. ](?P<second>\d{1,2})[-/. ](?P<year>\d{4}|\d{2})" + REST
"""Pattern of dates in numbers, the year last; what follows is ``rest``."""

MONTHS_A_YEAR = 12
_CONTRADICTION = 0.02  # share of rows that may contradict the order before it counts as undecided


class DateEvidence(NamedTuple):
    """Numbers of rows whose day and month fit one order only, and of rows that fit either."""

    dayfirst: int
    monthfirst: int
    either: int


def count_date_evidence(texts: pd.Series) -> DateEvidence:
    """Count the numeric dates of a column that indicate an order of day and month.

    Examples
    --------
    >>> import pandas as pd
    >>> count_date_evidence(pd.Series(["13/1/2026", "1/2/2026", "3/3/2026"], dtype="str"))
    DateEvidence(dayfirst=1, monthfirst=0, either=1)
    """
    parts = extract_groups(to_text_array(texts), NUMERIC_DATE)
    first, second = to_integers(parts["first"]), to_integers(parts["second"])
    day_only, month_only = first > MONTHS_A_YEAR, second > MONTHS_A_YEAR
    either = (first != NO_NUMBER) & ~day_only & ~month_only & (first != second)
    return DateEvidence(
        int((day_only & ~month_only).sum()), int((month_only & ~day_only).sum()), int(either.sum())
    )


def decide_order(columns: Iterable[pd.Series], *, stated: DateOrder | None = None) -> DateOrder:
    """Decide the order of day and month once, from all dates in a file.

    Parameters
    ----------
    columns
        The texts of the file's date columns.
    stated
        The order that the user stated; it is returned as it is.

    Returns
    -------
    str
        ``dayfirst``, ``monthfirst``, or ``iso`` where no date needs an order.

    Raises
    ------
    UndecidedError
        If dates need an order and nothing in them shows which.

    Examples
    --------
    >>> import pandas as pd
    >>> decide_order([pd.Series(["01/02/2026", "28/02/2026"], dtype="str")])
    'dayfirst'
    """
    if stated is not None:
        return stated
    counts = [count_date_evidence(texts) for texts in columns]
    dayfirst, monthfirst = (
        (sum(values) for values in list(zip(*counts, strict=True))[:2]) if counts else (0, 0)
    )
    either = sum(count.either for count in counts)
    if not dayfirst + monthfirst:
        if not either:
            return "iso"
        raise UndecidedError(
            "{either} dates such as 01/02/2026 can be read in two ways, and nothing in the file "
            "shows which: choose the order of day and month.",
            choice="dates",
            option="--dates dayfirst or --dates monthfirst",
            either=either,
        )
    if min(dayfirst, monthfirst) > _CONTRADICTION * (dayfirst + monthfirst):
        raise UndecidedError(
            "{dayfirst} dates put the day first and {monthfirst} the month: correct the file, or "
            "choose the order of day and month.",
            choice="dates",
            option="--dates dayfirst or --dates monthfirst",
            dayfirst=dayfirst,
            monthfirst=monthfirst,
        )
    return "dayfirst" if dayfirst > monthfirst else "monthfirst"
