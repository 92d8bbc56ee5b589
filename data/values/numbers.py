"""Parsing of numbers with a decimal point or comma, with or without thousands separators."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.values.texts import match_pattern, to_text_array

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

_PLAIN = r"^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?$"
_COMMA_DECIMAL = r"^([+-]?\d*),(\d+)$"
_POINT_GROUPED = r"^[+-]?\d{1,3}(?:\.\d{3})+,\d+$"  # 1.234,5
_COMMA_GROUPED = r"^[+-]?\d{1,3}(?:,\d{3})+\.\d+$"  # 1,234.5
_WHOLE = r"^\+?\d{1,15}(?:[.,]0+)?$"
_WHOLE_GROUPED = r"^\d{1,3}(?:[., ]\d{3}){1,4}$"  # 12.345 inhabitants


def read_numbers(texts: pd.Series) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Read numbers with a decimal point or comma.

    Parameters
    ----------
    texts
        n texts, trimmed. A single comma is a decimal comma, a single point a decimal point.

    Returns
    -------
    tuple
        n numbers (NaN where missing or unreadable), and n booleans that mark the unreadable.

    Examples
    --------
    >>> import pandas as pd
    >>> read_numbers(pd.Series(["111,45", "-7.4", "1.234,5", "east", None], dtype="str"))
    (array([ 111.45,   -7.4 , 1234.5 ,     nan,     nan]), array([False, False, False,  True, False]))
    """
    array = to_text_array(texts)
    plain = match_pattern(array, _PLAIN)
    if not plain[~texts.isna().to_numpy()].all():
        array = pc.replace_substring_regex(array, "\u2212", "-")
        for grouped, separator in ((_POINT_GROUPED, "."), (_COMMA_GROUPED, ",")):
            array = _where(array, grouped, pc.replace_substring(array, separator, ""))
        array = _where(array, _COMMA_DECIMAL, pc.replace_substring(array, ",", "."))
        plain = match_pattern(array, _PLAIN)
    return _cast(array, plain, texts)


def read_integers(texts: pd.Series) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Read whole numbers, whose thousands may be separated by points, commas or spaces.

    Parameters
    ----------
    texts
        n texts, trimmed.

    Returns
    -------
    tuple
        n whole numbers as floats (NaN where missing or unreadable), and n booleans that mark the unreadable.

    Examples
    --------
    >>> import pandas as pd
    >>> read_integers(pd.Series(["3.412", "12", "12.5"], dtype="str"))
    (array([3412.,   12.,   nan]), array([False, False,  True]))
    """
    array = to_text_array(texts)
    array = _where(array, _WHOLE_GROUPED, pc.replace_substring_regex(array, "[., ]", ""))
    whole = match_pattern(array, _WHOLE)
    return _cast(pc.replace_substring_regex(array, "[.,]0+$", ""), whole, texts)


def _where(array: pa.Array, pattern: str, changed: pa.Array) -> pa.Array:
    return pc.if_else(pc.fill_null(pc.match_substring_regex(array, pattern), False), changed, array)


def _cast(
    array: pa.Array, readable: NDArray[np.bool_], texts: pd.Series
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    signless = pc.replace_substring_regex(array, r"^\+", "")
    kept = pc.if_else(pa.array(readable), signless, pa.scalar(None, array.type))
    numbers = pc.cast(kept, pa.float64()).to_numpy(zero_copy_only=False)
    bad = ~texts.isna().to_numpy() & ~(readable & np.isfinite(numbers))
    return np.where(bad, np.nan, numbers), bad
