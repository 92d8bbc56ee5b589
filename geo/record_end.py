"""To which day a record is complete, and which periods it lets compare."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from geo.errors import Phrase

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

BASES = ("stated", "learned", "assumed", "silent")
"""How the end of a record is known: stated at an import, derived by a delay that was learned or is assumed,
or by that delay from the last event of a district that has fallen silent."""
SILENT_LEVEL = 0.01
"""Chance of calling any district silent whose events merely happened to stay away."""
RATE_DAYS = 365
"""Days before a district's last event over which its usual number of events is counted."""
_NAMED = 3


class RecordEnd(NamedTuple):
    """The last day to which a dataset is complete in a district."""

    dataset: Phrase
    """The dataset as people call it, such as ``Phrase("crimes")``."""
    district: str
    """Name of the district; empty for the whole unit."""
    last_day: date


def find_record_ends(
    districts: pd.DataFrame, *, reach: date | None, delay_days: int, is_learned: bool
) -> pd.DataFrame:
    """Find the day to which a dataset is complete in each district.

    What is stated holds; later imports that state nothing can only move it on. Where nothing is stated, the
    record ends a delay before the last event of the whole unit: the last event of a quiet district is not the
    end of its record. But a district where no event is improbable since its last one (Poisson, by its own
    rate, at ``SILENT_LEVEL`` over all districts) has not delivered: its record ends a delay before that.

    Parameters
    ----------
    districts
        One row for each district: ``stated`` (day that was stated last, or missing), ``newest`` (last day
        with an event of imports after that statement, or of any where nothing is stated; or missing) and
        ``n_year`` (events in the ``RATE_DAYS`` up to ``newest``).
    reach
        Last day with an event anywhere in the unit; None without one.
    delay_days
        Days by which events come late: those after which 95 % have arrived.
    is_learned
        Whether the delay is learned rather than assumed.

    Returns
    -------
    pandas.DataFrame
        On the same index: ``last_day`` (datetime64, NaT without any record) and ``basis`` (of ``BASES``).

    Examples
    --------
    >>> from datetime import date
    >>> districts = pd.DataFrame(
    ...     {
    ...         "stated": [pd.Timestamp("2026-10-31"), pd.NaT, pd.NaT],
    ...         "newest": pd.to_datetime([None, "2026-10-28", "2026-07-31"]),
    ...         "n_year": [0, 4, 200],
    ...     },
    ...     index=["Ngawi", "Paron", "Geneng"],
    ... )
    >>> find_record_ends(districts, reach=date(2026, 10, 31), delay_days=42, is_learned=False)
             last_day    basis
    Ngawi  2026-10-31   stated
    Paron  2026-09-19  assumed
    Geneng 2026-06-19   silent
    """
    delay = pd.Timedelta(days=delay_days)
    end = pd.Timestamp(reach) - delay if reach is not None else pd.NaT
    newest, stated = pd.to_datetime(districts["newest"]), pd.to_datetime(districts["stated"])
    gap = (pd.Series(end, index=districts.index, dtype="datetime64[s]") - newest).dt.days
    gap = gap.clip(lower=0).fillna(0)
    silent = np.exp(-districts["n_year"] / RATE_DAYS * gap) < SILENT_LEVEL / max(len(districts), 1)
    derived = pd.Series(end, index=districts.index, dtype="datetime64[s]").mask(silent, newest - delay)
    moved = (newest - delay).where(newest.notna())
    last_day = stated.where(~(moved > stated), moved).fillna(derived).astype("datetime64[s]")
    how = np.select(
        [stated.notna() & ~(moved > stated), silent & stated.isna()],
        ["stated", "silent"],
        default="learned" if is_learned else "assumed",
    )
    return pd.DataFrame({"last_day": last_day, "basis": pd.array(how, dtype="str")}, index=districts.index)


def find_obstacle(
    earlier: tuple[date, date], later: tuple[date, date], ends: Sequence[RecordEnd]
) -> Phrase | None:
    """Find what forbids a comparison of two periods.

    Two periods are compared only if the earlier one ends before the later one begins, and the record is
    complete to the last day of the later one, in each dataset and district that the figure rests on.

    Parameters
    ----------
    earlier, later
        First and last day of each period.
    ends
        The ends of the records that the figure rests on.

    Returns
    -------
    Phrase or None
        One sentence; where records end too early, it names which ends when. None if nothing forbids it.

    Examples
    --------
    >>> from datetime import date
    >>> september, october = (date(2026, 9, 1), date(2026, 9, 30)), (date(2026, 10, 1), date(2026, 10, 31))
    >>> ends = [RecordEnd(Phrase("crimes"), "Paron", date(2026, 10, 3))]
    >>> print(find_obstacle(september, october, ends))
    No comparison: the record of crimes in Paron is complete only to 2026-10-03, and the period ends on 2026-10-31.
    >>> print(find_obstacle(october, september, ends))
    No comparison: the period to compare with (from 2026-10-01) begins after the other (from 2026-09-01).
    >>> find_obstacle(september, october, [])
    """  # noqa: E501 - a sentence as it is printed
    if earlier == later:
        return Phrase(
            "No comparison: both periods are the same, {first} to {last}.",
            {"first": later[0], "last": later[1]},
        )
    if earlier[0] > later[0]:
        return Phrase(
            "No comparison: the period to compare with (from {earlier}) begins after the other (from "
            "{later}).",
            {"earlier": earlier[0], "later": later[0]},
        )
    if earlier[1] >= later[0]:
        return Phrase(
            "No comparison: the two periods share the days from {first} to {last}.",
            {"first": later[0], "last": min(earlier[1], later[1])},
        )
    return _find_gap(later[1], ends)


def _find_gap(last_day: date, ends: Sequence[RecordEnd]) -> Phrase | None:
    told = describe_short_records(last_day, ends)
    if told is None:
        return None
    return Phrase("No comparison: {record}, and the period ends on {day}.", {"record": told, "day": last_day})


def describe_short_records(last_day: date, ends: Sequence[RecordEnd]) -> Phrase | None:
    """Describe which record ends before a day: the earliest of them by name, and how many more.

    Returns
    -------
    Phrase or None
        Part of a sentence; None if every record reaches the day.

    Examples
    --------
    >>> from datetime import date
    >>> ends = [RecordEnd(Phrase("visits"), "", date(2026, 10, 3))]
    >>> print(describe_short_records(date(2026, 10, 31), ends))
    the record of visits is complete only to 2026-10-03
    """
    short = [end for end in ends if end.last_day < last_day]
    if not short:
        return None
    first = min(short, key=lambda end: end.last_day)
    same = [end for end in short if (end.dataset, end.last_day) == (first.dataset, first.last_day)]
    names = [end.district for end in same if end.district]
    # The whole unit ends on one day, or has one district: naming all of them would say no more.
    everywhere = not names or len(same) == len([end for end in ends if end.dataset == first.dataset])
    if everywhere and len(names) != 1:
        return Phrase(
            "the record of {dataset} is complete only to {last}",
            {"dataset": first.dataset, "last": first.last_day},
        )
    facts = {"dataset": first.dataset, "districts": names[:_NAMED], "last": first.last_day}
    if len(names) <= _NAMED:
        return Phrase("the record of {dataset} in {districts:and} is complete only to {last}", facts)
    return Phrase(
        "the record of {dataset} in {districts} and {n:,} more is complete only to {last}",
        facts | {"n": len(names) - _NAMED},
    )
