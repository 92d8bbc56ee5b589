"""Parsing of dates and moments in many forms, with one order of day and month for the whole file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from data.errors import UndecidedError
from data.values.clocks import ClockTexts, read_clocks
from data.values.texts import NO_NUMBER, extract_groups, to_integers, to_mask, to_text_array

if TYPE_CHECKING:
    from collections.abc import Iterable
    from zoneinfo import ZoneInfo

    from numpy.typing import NDArray

DateOrder = Literal["dayfirst", "monthfirst", "iso"]

_MONTHS = {
    "jan": 1, "januari": 1, "january": 1, "feb": 2, "peb": 2, "februari": 2, "pebruari": 2, "february": 2,
    "mar": 3, "maret": 3, "march": 3, "apr": 4, "april": 4, "mei": 5, "may": 5, "jun": 6, "juni": 6,
    "june": 6, "jul": 7, "juli": 7, "july": 7, "agu": 8, "ags": 8, "agt": 8,
    "agustus": 8, "aug": 8, "august": 8,
    "sep": 9, "sept": 9, "september": 9, "okt": 10, "oktober": 10, "oct": 10, "october": 10,
    "nov": 11, "nopember": 11, "november": 11, "des": 12, "desember": 12, "dec": 12, "december": 12,
}  # fmt: skip
_WEEKDAY = r"^(?:[^\W\d]+,\s*)?"
_REST = r"(?:(?:[T,\s]|\s-)\s*(?P<rest>.*))?$"
_ISO = _WEEKDAY + r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})" + _REST
_MONTH_ONLY = r"^(?P<year>\d{4})-(?P<month>\d{1,2})(?P<day>)(?P<rest>)$"
_COMPACT = r"^(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})(?:[T\s]?(?P<rest>\d{4}(?:\d{2})?Z?))?$"
_NUMERIC = _WEEKDAY + r"(?P<first>\d{1,2})[-/. ](?P<second>\d{1,2})[-/. ](?P<year>\d{4}|\d{2})" + _REST
_NAMED = _WEEKDAY + r"(?P<day>\d{1,2})[-\s.]*(?P<name>[A-Za-z]{3,})\.?[-\s,]*(?P<year>\d{4}|\d{2})" + _REST
_NAME_FIRST = _WEEKDAY + r"(?P<name>[A-Za-z]{3,})\.?\s+(?P<day>\d{1,2}),?\s+(?P<year>\d{4})" + _REST
_SERIAL = r"^(?P<number>\d{5}(?:[.,]\d+)?)$"  # not four digits: they may be a year
_EPOCH = r"^(?P<number>\d{9,10}(?:\.\d+)?)$"
_EPOCH_MILLI = r"^(?P<number>\d{12,13})$"

_DAY_US = 86_400_000_000
_SERIAL_ZERO = np.datetime64("1899-12-30", "D").astype(np.int64)  # a spreadsheet's day 0
_MONTHS_A_YEAR = 12
_CONTRADICTION = 0.02  # share of rows that may contradict the order before it counts as undecided
_PIVOT = 68  # two-digit years up to this are 20xx, as in POSIX


class DateEvidence(NamedTuple):
    """Numbers of rows whose day and month fit one order only, and of rows that fit either."""

    dayfirst: int
    monthfirst: int
    either: int


@dataclass
class _Days:
    """Dates found so far, n each: days since 1970, and the rest of the text."""

    days: NDArray[np.int64]
    found: NDArray[np.bool_]
    rest: pa.Array

    def add(self, year: NDArray, month: NDArray, day: NDArray, parts: dict[str, pa.Array]) -> None:
        """Add the dates of one pattern that no earlier pattern found."""
        valid, days = _to_days(year, month, day)
        new = to_mask(parts[""]) & valid & ~self.found
        self.days[new], self.found[new] = days[new], True
        self.rest = pc.if_else(pa.array(new), parts["rest"], self.rest)


def count_date_evidence(texts: pd.Series) -> DateEvidence:
    """Count the numeric dates of a column that indicate an order of day and month.

    Examples
    --------
    >>> count_date_evidence(pd.Series(["13/1/2026", "1/2/2026", "3/3/2026"], dtype="str"))
    DateEvidence(dayfirst=1, monthfirst=0, either=1)
    """
    parts = extract_groups(to_text_array(texts), _NUMERIC)
    first, second = to_integers(parts["first"]), to_integers(parts["second"])
    day_only, month_only = first > _MONTHS_A_YEAR, second > _MONTHS_A_YEAR
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
            "{either} dates such as 01/02/2026 can be read in two ways and nothing in the file tells "
            "which: say --dates dayfirst or --dates monthfirst.",
            choice="dates",
            option="--dates dayfirst or --dates monthfirst",
            either=either,
        )
    if min(dayfirst, monthfirst) > _CONTRADICTION * (dayfirst + monthfirst):
        raise UndecidedError(
            "{dayfirst} dates put the day first and {monthfirst} the month: correct the file, or say "
            "--dates dayfirst or --dates monthfirst.",
            choice="dates",
            option="--dates dayfirst or --dates monthfirst",
            dayfirst=dayfirst,
            monthfirst=monthfirst,
        )
    return "dayfirst" if dayfirst > monthfirst else "monthfirst"


def read_moments(
    texts: pd.Series, *, order: DateOrder, zone: ZoneInfo, clocks: ClockTexts | None = None
) -> tuple[pd.Series, NDArray[np.bool_]]:
    """Read dates, with or without a time of day.

    Parameters
    ----------
    texts
        n texts, trimmed: ISO, 13/1/2026, 12 Januari 2026, 20260113, a spreadsheet's serial number, or Unix
        seconds.
    order
        Order of day and month in numeric dates; with ``iso`` none of these are read.
    zone
        Time zone of texts that name none.
    clocks
        Times from a separate column; where there is one, it is the time on the date as written.

    Returns
    -------
    tuple
        n moments (``datetime64[us, UTC]``, NaT where missing or unreadable), and n booleans that mark the
        unreadable.

    Examples
    --------
    >>> from zoneinfo import ZoneInfo
    >>> texts = pd.Series(["12 Januari 2026 09.30", "31/02/2026"], dtype="str")
    >>> read_moments(texts, order="dayfirst", zone=ZoneInfo("Asia/Jakarta"))[0].tolist()
    [Timestamp('2026-01-12 02:30:00+0000', tz='UTC'), NaT]
    """
    array = to_text_array(texts)
    dates = _find_dates(array, order)
    own = read_clocks(dates.rest)
    micro, offset, found = own.microseconds, own.offset_s, dates.found & ~own.bad
    days, epoch = dates.days, np.zeros(len(array), bool)
    days, micro, found = _add_serials(array, days, micro, found & dates.found)
    if clocks is not None:
        micro = np.where(clocks.known, clocks.microseconds, micro)
        offset = np.where(clocks.known, clocks.offset_s, offset)
    moments = days * _DAY_US + micro
    moments, epoch = _add_epochs(array, moments, found)
    found |= epoch
    utc = _to_utc(moments, np.where(epoch, 0.0, offset), zone)
    bad = to_mask(pc.is_valid(array)) & ~found
    values = pd.Series(utc, index=texts.index).where(pd.Series(found, index=texts.index))
    return values, bad


def _find_dates(array: pa.Array, order: DateOrder) -> _Days:
    n = len(array)
    dates = _Days(np.zeros(n, np.int64), np.zeros(n, bool), pa.nulls(n, array.type))
    for pattern in (_ISO, _MONTH_ONLY, _COMPACT, _NUMERIC, _NAMED, _NAME_FIRST):
        if dates.found.all():
            break
        parts = extract_groups(array, pattern)
        year = _full_year(parts["year"])
        if "first" in parts:
            if order == "iso":
                continue
            names = ("second", "first") if order == "dayfirst" else ("first", "second")
            month, day = (to_integers(parts[name]) for name in names)
        else:
            month = _month_number(parts["name"]) if "name" in parts else to_integers(parts["month"])
            day = to_integers(parts["day"])
            day = np.where((day == NO_NUMBER) & (pattern == _MONTH_ONLY), 1, day)
        dates.add(year, month, day, parts)
    return dates


def _full_year(texts: pa.Array) -> NDArray[np.int64]:
    year = to_integers(texts)
    short = to_mask(pc.equal(pc.utf8_length(texts), 2))
    return np.where(short, year + np.where(year <= _PIVOT, 2000, 1900), year)


def _month_number(names: pa.Array) -> NDArray[np.int64]:
    known = pa.array(list(_MONTHS), type=names.type)
    place = pc.index_in(pc.utf8_lower(names), value_set=known)
    return to_integers(pc.take(pa.array(list(_MONTHS.values())), place))


def _to_days(year: NDArray, month: NDArray, day: NDArray) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Return which dates exist in the calendar, and their days since 1970."""
    valid = (year >= 1) & (month >= 1) & (month <= _MONTHS_A_YEAR) & (day >= 1)
    months = np.where(valid, (year - 1970) * _MONTHS_A_YEAR + month - 1, 0)
    starts = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    lengths = (months + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) - starts
    return valid & (day <= lengths), starts + day - 1


def _numbers(array: pa.Array, pattern: str) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    parts = extract_groups(array, pattern)
    numbers = pc.cast(pc.replace_substring(parts["number"], ",", "."), pa.float64())
    return to_mask(parts[""]), pc.fill_null(numbers, 0.0).to_numpy(zero_copy_only=False)


def _add_serials(
    array: pa.Array, days: NDArray[np.int64], micro: NDArray[np.int64], found: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Read a spreadsheet's serial day numbers, to the second."""
    is_serial, serial = _numbers(array, _SERIAL)
    whole = np.floor(serial)
    seconds = np.round((serial - whole) * 86_400).astype(np.int64)
    days = np.where(is_serial, _SERIAL_ZERO + whole.astype(np.int64), days)
    return days, np.where(is_serial, seconds * 1_000_000, micro), found | is_serial


def _add_epochs(
    array: pa.Array, moments: NDArray[np.int64], found: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Read Unix seconds and milliseconds, which are in UTC whatever the zone."""
    epoch = np.zeros(len(array), bool)
    for pattern, scale in ((_EPOCH, 1e6), (_EPOCH_MILLI, 1e3)):
        is_number, number = _numbers(array, pattern)
        new = is_number & ~found
        moments = np.where(new, np.round(number * scale).astype(np.int64), moments)
        epoch |= new
    return moments, epoch


def _to_utc(moments: NDArray[np.int64], offset_s: NDArray[np.float64], zone: ZoneInfo) -> pd.DatetimeIndex:
    """Convert local moments to UTC by their own offset, else by the zone.

    An hour that occurs twice when clocks go back is taken as the first; one that is skipped, as its end.
    """
    local = pd.DatetimeIndex(moments.astype("datetime64[us]"))
    if np.isfinite(offset_s).all():
        aware = local.tz_localize("UTC")
    else:
        first = np.ones(len(local), dtype=bool)
        aware = local.tz_localize(zone, ambiguous=first, nonexistent="shift_forward").tz_convert("UTC")
    shifted = local - pd.to_timedelta(np.nan_to_num(offset_s), unit="s").as_unit("us")
    return aware.where(np.isnan(offset_s), shifted.tz_localize("UTC")).as_unit("us")
