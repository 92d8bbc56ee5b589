"""Parsing of dates and moments in many forms, and of how exact their texts are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from data.values.clocks import ClockTexts, read_clocks
from data.values.date_orders import MONTHS_A_YEAR, NUMERIC_DATE, REST, WEEKDAY
from data.values.texts import NO_NUMBER, extract_groups, to_integers, to_mask, to_text_array

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from numpy.typing import NDArray

    from data.values.date_orders import DateOrder

_MONTHS = {
    "jan": 1, "januari": 1, "january": 1, "feb": 2, "peb": 2, "februari": 2, "pebruari": 2, "february": 2,
    "mar": 3, "maret": 3, "march": 3, "apr": 4, "april": 4, "mei": 5, "may": 5, "jun": 6, "juni": 6,
    "june": 6, "jul": 7, "juli": 7, "july": 7, "agu": 8, "ags": 8, "agt": 8,
    "agustus": 8, "aug": 8, "august": 8,
    "sep": 9, "sept": 9, "september": 9, "okt": 10, "oktober": 10, "oct": 10, "october": 10,
    "nov": 11, "nopember": 11, "november": 11, "des": 12, "desember": 12, "dec": 12, "december": 12,
}  # fmt: skip
_ISO = WEEKDAY + r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})" + REST
_MONTH_ONLY = r"^(?P<year>\d{4})-(?P<month>\d{1,2})(?P<day>)(?P<rest>)$"
_COMPACT = r"^(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})(?:[T\s]?(?P<rest>\d{4}(?:\d{2})?Z?))?$"
_NAMED = WEEKDAY + r"(?P<day>\d{1,2})[-\s.]*(?P<name>[A-Za-z]{3,})\.?[-\s,]*(?P<year>\d{4}|\d{2})" + REST
_NAME_FIRST = WEEKDAY + r"(?P<name>[A-Za-z]{3,})\.?\s+(?P<day>\d{1,2}),?\s+(?P<year>\d{4})" + REST
_SERIAL = r"^(?P<number>\d{5}(?:[.,]\d+)?)$"  # not four digits: they may be a year
_EPOCH = r"^(?P<number>\d{9,10}(?:\.\d+)?)$"
_EPOCH_MILLI = r"^(?P<number>\d{12,13})$"

_DAY_US = 86_400_000_000
_SERIAL_ZERO = np.datetime64("1899-12-30", "D").astype(np.int64)  # a spreadsheet's day 0
_PIVOT = 68  # two-digit years up to this are 20xx, as in POSIX


@dataclass(frozen=True)
class MomentTexts:
    """Parsed dates with or without a time of day, n each on the index of the texts.

    Parameters
    ----------
    moments
        ``datetime64[us, UTC]``, NaT where missing or unreadable.
    bad
        n booleans: which texts cannot be read.
    written
        Date and time as the date's own text gives them, naive, whatever its zone; NaT as in ``moments``.
    given
        ``minute`` where the text has a time of day, ``day`` where it has none, ``month`` where it has no day.
    with_clock
        n booleans: where the time of day is from a separate column.
    zoned
        n booleans: where the text names its zone.
    """

    moments: pd.Series
    bad: NDArray[np.bool_]
    written: pd.Series
    given: pd.Series
    with_clock: NDArray[np.bool_]
    zoned: NDArray[np.bool_]


@dataclass
class _Days:
    """Dates found so far, n each: days since 1970, the rest of the text, and whether it is a month only."""

    days: NDArray[np.int64]
    found: NDArray[np.bool_]
    rest: pa.Array
    months: NDArray[np.bool_]

    def add(self, year: NDArray, month: NDArray, day: NDArray, parts: dict[str, pa.Array]) -> None:
        """Add the dates of one pattern that no earlier pattern found."""
        valid, days = _to_days(year, month, np.where(day == NO_NUMBER, 1, day))
        new = to_mask(parts[""]) & valid & ~self.found
        self.days[new], self.found[new], self.months[new] = days[new], True, (day == NO_NUMBER)[new]
        self.rest = pc.if_else(pa.array(new), parts["rest"], self.rest)


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
    read = read_moment_texts(texts, order=order, zone=zone, clocks=clocks)
    return read.moments, read.bad


def read_moment_texts(
    texts: pd.Series, *, order: DateOrder, zone: ZoneInfo, clocks: ClockTexts | None = None
) -> MomentTexts:
    """Read dates with what their texts say of how exact they are; the arguments of :func:`read_moments`.

    Examples
    --------
    >>> from zoneinfo import ZoneInfo
    >>> texts = pd.Series(["2026-01-12 09:30", "2026-01-12", "2026-01"], dtype="str")
    >>> read_moment_texts(texts, order="iso", zone=ZoneInfo("Asia/Jakarta")).given.tolist()
    ['minute', 'day', 'month']
    """
    array = to_text_array(texts)
    dates = _find_dates(array, order)
    own = read_clocks(dates.rest)
    timed = own.known.copy()
    days, own_micro, found, fraction = _add_serials(
        array, dates.days, own.microseconds, dates.found & ~own.bad
    )
    timed |= fraction
    micro, offset, with_clock = own_micro, own.offset_s, np.zeros(len(array), bool)
    if clocks is not None:
        with_clock = clocks.known & found
        micro = np.where(clocks.known, clocks.microseconds, micro)
        offset = np.where(clocks.known, clocks.offset_s, offset)
    moments, epoch = _add_epochs(array, days * _DAY_US + micro, found)
    offset = np.where(epoch, 0.0, offset)
    found |= epoch
    given = np.select([timed | epoch | with_clock, dates.months], ["minute", "month"], "day")
    known = pd.Series(found, index=texts.index)
    written = pd.Series(np.where(epoch, moments, days * _DAY_US + own_micro).astype("datetime64[us]"))
    return MomentTexts(
        moments=pd.Series(_to_utc(moments, offset, zone), index=texts.index).where(known),
        bad=to_mask(pc.is_valid(array)) & ~found,
        written=written.set_axis(texts.index).where(known),
        given=pd.Series(given, index=texts.index, dtype="str"),
        with_clock=with_clock,
        zoned=np.isfinite(offset),
    )


def _find_dates(array: pa.Array, order: DateOrder) -> _Days:
    n = len(array)
    dates = _Days(np.zeros(n, np.int64), np.zeros(n, bool), pa.nulls(n, array.type), np.zeros(n, bool))
    for pattern in (_ISO, _MONTH_ONLY, _COMPACT, NUMERIC_DATE, _NAMED, _NAME_FIRST):
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
    valid = (year >= 1) & (month >= 1) & (month <= MONTHS_A_YEAR) & (day >= 1)
    months = np.where(valid, (year - 1970) * MONTHS_A_YEAR + month - 1, 0)
    starts = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    lengths = (months + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) - starts
    return valid & (day <= lengths), starts + day - 1


def _numbers(array: pa.Array, pattern: str) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    parts = extract_groups(array, pattern)
    numbers = pc.cast(pc.replace_substring(parts["number"], ",", "."), pa.float64())
    return to_mask(parts[""]), pc.fill_null(numbers, 0.0).to_numpy(zero_copy_only=False)


def _add_serials(
    array: pa.Array, days: NDArray[np.int64], micro: NDArray[np.int64], found: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_], NDArray[np.bool_]]:
    """Read a spreadsheet's serial day numbers, to the second; return also which have a fraction: a time."""
    is_serial, serial = _numbers(array, _SERIAL)
    whole = np.floor(serial)
    seconds = np.round((serial - whole) * 86_400).astype(np.int64)
    days = np.where(is_serial, _SERIAL_ZERO + whole.astype(np.int64), days)
    micro = np.where(is_serial, seconds * 1_000_000, micro)
    return days, micro, found | is_serial, is_serial & (seconds > 0)


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
