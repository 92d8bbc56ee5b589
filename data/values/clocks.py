"""Parsing of times of day: 21:14, 21.14, 2114, 9:30 pm or a fraction of a day, with or without a zone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc

from data.values.texts import NO_NUMBER, extract_groups, to_integers, to_mask, to_text_array

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    from numpy.typing import NDArray

_MICRO = 1_000_000
_HOUR, _MINUTE = 3600, 60
_DAY = 24 * _HOUR
_SHORT_ZONES = {"z": 0, "utc": 0, "gmt": 0, "wib": 7, "wita": 8, "wit": 9}
_LEADING = r"(?i)^(?:pukul|jam|pkl\.?|at)?\s*"
_ZONE = r"\s*(?P<zone>z|utc|gmt|wib|wita|wit|[+-]\d{2}:?\d{2}|[+-]\d{2})?$"
_COLONS = (
    _LEADING + r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,](?P<part>\d{1,9}))?)?"
    r"\s*(?P<half>am|pm|a\.m\.|p\.m\.)?" + _ZONE
)
_DIGITS = _LEADING + r"(?P<hour>\d{1,2})(?P<minute>\d{2})(?P<second>\d{2})?" + _ZONE
_FRACTION = r"^(?P<part>0[.,]\d+|0)$"


@dataclass(frozen=True)
class ClockTexts:
    """Parsed times of day, n each.

    Parameters
    ----------
    microseconds
        Since midnight; 0 where missing or unreadable.
    offset_s
        Seconds ahead of UTC where the text names a zone, else NaN.
    known, bad
        n booleans each: which texts are a time, and which cannot be read.
    """

    microseconds: NDArray[np.int64]
    offset_s: NDArray[np.float64]
    known: NDArray[np.bool_]
    bad: NDArray[np.bool_]


def read_clocks(texts: pd.Series | pa.Array) -> ClockTexts:
    """Read times of day.

    Parameters
    ----------
    texts
        n texts, trimmed; some may be missing.

    Returns
    -------
    ClockTexts
        The times on the rows of ``texts``.

    Examples
    --------
    >>> import pandas as pd
    >>> read = read_clocks(pd.Series(["2114", "09.30", "9:30 pm", "0.5", "25:00", None], dtype="str"))
    >>> (read.microseconds // 60_000_000).tolist(), read.bad.tolist()
    ([1274, 570, 1290, 720, 0, 0], [False, False, False, False, True, False])
    """
    array = texts if not hasattr(texts, "index") or not hasattr(texts, "array") else to_text_array(texts)
    n = len(array)
    micro, offset, known = np.zeros(n, np.int64), np.full(n, np.nan), np.zeros(n, bool)
    for pattern in (_COLONS, _DIGITS):
        parts = extract_groups(array, pattern)
        found, value = _seconds(parts)
        found &= ~known
        micro[found], known[found] = value[found], True
        offset[found] = _offsets(parts["zone"])[found]
    fraction = extract_groups(array, _FRACTION)
    found = to_mask(fraction[""]) & ~known
    share = pc.cast(pc.replace_substring(fraction["part"], ",", "."), "float64").to_numpy(
        zero_copy_only=False
    )
    micro[found] = np.round(share[found] * _DAY).astype(np.int64) * _MICRO
    known |= found
    return ClockTexts(micro, offset, known, to_mask(pc.is_valid(array)) & ~known)


def _seconds(parts: dict[str, pa.Array]) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Return which texts are valid times, and the times in microseconds."""
    hour, minute = to_integers(parts["hour"]), to_integers(parts["minute"])
    second = np.maximum(to_integers(parts["second"]), 0)
    valid = to_mask(parts[""]) & (hour < 24) & (minute < _MINUTE) & (second < _MINUTE)  # noqa: PLR2004
    if "half" in parts:
        half = pc.utf8_lower(parts["half"])
        afternoon, named = to_mask(pc.starts_with(half, "p")), to_mask(pc.is_valid(half))
        valid &= ~named | ((hour >= 1) & (hour <= 12))  # noqa: PLR2004
        hour = np.where(named, hour % 12 + 12 * afternoon, hour)
    value = (hour * _HOUR + minute * _MINUTE + second) * _MICRO
    if "part" in parts:
        padded = pc.utf8_slice_codeunits(pc.utf8_rpad(parts["part"], 6, "0"), 0, 6)
        value = value + np.maximum(to_integers(padded), 0)
    return valid, np.where(valid, value, 0)


def _offsets(zones: pa.Array) -> NDArray[np.float64]:
    """Return the seconds ahead of UTC of ``WIB``, ``Z``, ``+07:00`` and the like; NaN where none is named."""
    parts = extract_groups(zones, r"^(?P<sign>[+-])(?P<hour>\d{2}):?(?P<minute>\d{2})?$")
    hours, minutes = to_integers(parts["hour"]), np.maximum(to_integers(parts["minute"]), 0)
    sign = np.where(to_mask(pc.equal(parts["sign"], "-")), -1.0, 1.0)
    seconds = np.where(hours == NO_NUMBER, np.nan, sign * (hours * _HOUR + minutes * _MINUTE))
    lower = pc.utf8_lower(zones)
    for name, ahead in _SHORT_ZONES.items():
        seconds = np.where(to_mask(pc.equal(lower, name)), ahead * float(_HOUR), seconds)
    return seconds
