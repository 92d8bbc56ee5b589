"""Checks of what the functions of ``geo`` are given: columns, ids, periods and time zones."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from geo.errors import ColumnError, PeriodError, Phrase
from geo.groups import QUALIFIES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray


def require_columns(frame: pd.DataFrame, columns: Iterable[str], what: Phrase) -> None:
    """Check that a frame has the columns.

    Parameters
    ----------
    frame, columns
        The frame, and the columns that are needed.
    what
        What its rows are, such as ``Phrase("households")``, for the message.

    Raises
    ------
    ColumnError
        If a column is missing; the message names the first.

    Examples
    --------
    >>> require_columns(pd.DataFrame({"lon": [111.4]}), ("lon", "lat"), Phrase("households"))
    Traceback (most recent call last):
    geo.errors.ColumnError: The households have no column 'lat'.
    """
    for column in columns:
        if column not in frame.columns:
            raise ColumnError("The {what} have no column {column!r}.", what=what, column=column)


def require_visits(visits: pd.DataFrame, *, columns: Iterable[str] = ("visited_at", "household_id")) -> None:
    """Check that visits have the columns, and times with a time zone.

    Raises
    ------
    ColumnError
        If a column is missing, ``visited_at`` has no time zone, or ``qualifies`` is not true or false.
    """
    require_columns(visits, columns, Phrase("visits"))
    if not isinstance(visits["visited_at"].dtype, pd.DatetimeTZDtype):
        raise ColumnError("The column 'visited_at' must hold times with a time zone.")
    if QUALIFIES in visits.columns and visits[QUALIFIES].dtype != np.bool_:
        raise ColumnError("The column {qualifies!r} must be true or false in every row.", qualifies=QUALIFIES)


def require_unique(households: pd.DataFrame) -> None:
    """Check that no household is registered twice.

    Raises
    ------
    ColumnError
        If a household id repeats.
    """
    if not households.index.is_unique:
        repeated = households.index[households.index.duplicated()][0]
        raise ColumnError(
            "Household {repeated!r} occurs more than once: use one row for each household.",
            repeated=repeated,
        )


def require_period(since: pd.Timestamp, until: pd.Timestamp) -> None:
    """Check that a period has a time zone and does not end before it starts.

    Raises
    ------
    PeriodError
        If it has none, or ends before it starts.
    """
    if since.tzinfo is None or until.tzinfo is None:
        raise PeriodError("The period must have a time zone: since and until need one.")
    if until < since:
        raise PeriodError(
            "The period ends ({until}) before it starts ({since}): swap the two.", until=until, since=since
        )


def require_zone(zone: str) -> None:
    """Check that a time zone is known.

    Raises
    ------
    PeriodError
        If it is unknown.
    """
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError) as error:  # unknown, or not a valid name
        raise PeriodError(
            "Unknown time zone {zone!r}: use a name such as 'Asia/Jakarta'.", zone=zone
        ) from error


def are_counts(numbers: NDArray[np.float64]) -> bool:
    """Tell whether numbers are counts: whole, 0 or more, none missing.

    Examples
    --------
    >>> are_counts(np.array([3.0, 0.0])), are_counts(np.array([0.5]))
    (True, False)
    """
    return bool(((numbers >= 0) & (numbers == np.floor(numbers)) & np.isfinite(numbers)).all())


def require_counts(numbers: NDArray[np.float64]) -> None:
    """Check that numbers are counts.

    Raises
    ------
    ColumnError
        If one is below 0, not whole or missing.
    """
    if not are_counts(numbers):
        raise ColumnError("Counts must be whole numbers of 0 or more in each area, with none missing.")


def take_exposure(given: pd.Series | float, areas: pd.Index) -> NDArray[np.float64]:
    """Check and return exposures as numbers: one above 0 for each area.

    Parameters
    ----------
    given
        By area, or one number for all of them.
    areas
        The areas, in order.

    Returns
    -------
    numpy.ndarray
        As many numbers as areas.

    Raises
    ------
    ColumnError
        If the areas or their order differ, or an exposure is not above 0.

    Examples
    --------
    >>> take_exposure(2.5, pd.Index(["a", "b"])).tolist()
    [2.5, 2.5]
    """
    if isinstance(given, pd.Series):
        if not given.index.equals(areas):
            raise ColumnError("Counts and exposures must cover the same areas in the same order.")
        numbers = given.to_numpy(dtype=np.float64, na_value=np.nan)
    else:
        numbers = np.full(len(areas), float(given))
    if not (np.isfinite(numbers) & (numbers > 0)).all():
        raise ColumnError("Exposures must be above 0 in each area: leave out areas that have none.")
    return numbers
