"""Official codes, neighbourhood numbers, and names as they are compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from data.values.texts import match_pattern, to_mask, to_text_array, to_text_series

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

_DIGITS = 10
_DOTTED = r"^\d{2}\.\d{2}\.\d{2}\.\d{4}$"
_WHOLE = rf"^\d{{{_DIGITS}}}(?:\.0+)?$"
_MADE = r"^X[0-9a-f]{13}$"  # the key of a village without an official code
_ROUNDED = r"^\d[.,]?\d*[eE]\+?\d+$"
_ZERO_LOST = r"^\d{1,2}\.\d{1,2}\.\d{1,2}\.\d{1,4}$"  # a spreadsheet that took the parts for numbers
_MADE_A_DATE = (
    r"^(?:\d{4}-\d{1,2}-\d{1,2}(?:[T ]?[\d:.]+)?|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}"
    r"|\d{1,3}:\d{2}:\d{2}(?:[.,]\d+)?|(?:\d{1,2}-)?[A-Za-z]{3}-\d{2,4})$"
)
_LONG = r"^\d{16,}$"
_ENOUGH = 20  # numbers that end in 0 before it can't be chance: 1 in 10 of each would
_LEADING_WORDS = r"^(?:desa|kelurahan|kel|ds|kecamatan|kec|polsek)[. ]+"


@dataclass(frozen=True)
class CodeTexts:
    """Codes as read: n each.

    Parameters
    ----------
    codes
        10 digits; missing where there is none, or it is no code.
    bad, damaged
        Which texts are no codes, and which were codes until a spreadsheet took them for a number or a date.
    dotted
        Which were written with dots, as the Ministry of Home Affairs (Kemendagri) writes them.
    """

    codes: pd.Series
    bad: NDArray[np.bool_]
    damaged: NDArray[np.bool_]
    dotted: NDArray[np.bool_]


def read_codes(texts: pd.Series) -> CodeTexts:
    """Read village codes, with or without dots; nothing is repaired by guess.

    Parameters
    ----------
    texts
        n texts, trimmed.

    Returns
    -------
    CodeTexts
        The codes without dots, and what could not be read.

    Examples
    --------
    >>> import pandas as pd
    >>> read = read_codes(pd.Series(["35.21.07.2013", "3521072013", "3.52107E+09", "352107"], dtype="str"))
    >>> read.codes.tolist(), read.bad.tolist(), read.damaged.tolist()
    (['3521072013', '3521072013', nan, nan], [False, False, False, True], [False, False, True, False])
    """
    array = pc.replace_substring(to_text_array(texts), " ", "")
    dotted, whole, rounded = (match_pattern(array, pattern) for pattern in (_DOTTED, _WHOLE, _ROUNDED))
    whole |= match_pattern(array, _MADE)
    damaged = (
        rounded
        | (match_pattern(array, _ZERO_LOST) & ~dotted)
        | match_pattern(to_text_array(texts), _MADE_A_DATE)
    )
    stripped = pc.if_else(
        pa.array(whole), pc.utf8_slice_codeunits(array, 0, _DIGITS), pc.replace_substring(array, ".", "")
    )
    codes = pc.if_else(pa.array(dotted | whole), stripped, pa.scalar(None, array.type))
    bad = to_mask(pc.is_valid(array)) & ~(dotted | whole | damaged)
    return CodeTexts(to_text_series(codes, texts.index), bad, damaged, dotted)


def find_damaged_ids(texts: pd.Series) -> NDArray[np.bool_]:
    """Tell which identity numbers a spreadsheet has rounded.

    It writes them as ``3.52107E+15``, or keeps 15 digits and puts a 0 in the place of every later one: a file
    whose numbers of 16 digits or more, twenty at the least, all end in 0 was written so.

    Parameters
    ----------
    texts
        n texts, trimmed.

    Returns
    -------
    numpy.ndarray
        n booleans.

    Examples
    --------
    >>> import pandas as pd
    >>> find_damaged_ids(pd.Series(["3.52107E+15", "3521071301800001", None], dtype="str")).tolist()
    [True, False, False]
    """
    array = to_text_array(texts)
    damaged = match_pattern(array, r"^\d[.,]\d+[eE]\+\d+$")
    long = match_pattern(array, _LONG)
    if (
        long.sum() >= _ENOUGH
        and not (long & ~match_pattern(array, r"0$")).any()
        and texts[long].nunique() >= _ENOUGH
    ):
        damaged |= long
    return damaged


def read_code_lists(texts: pd.Series) -> tuple[pd.Series, NDArray[np.bool_]]:
    """Read lists of village codes, apart by any sign.

    Returns
    -------
    tuple
        n texts, codes without dots and apart by a space, and n booleans that tell which lists hold no codes.

    Examples
    --------
    >>> import pandas as pd
    >>> read_code_lists(pd.Series(["35.21.07.2013; 3521072014", "Sidorejo"], dtype="str"))[0].tolist()
    ['3521072013 3521072014', 'Sidorejo']
    """
    array = pc.replace_substring_regex(
        to_text_array(texts), r"\b(\d\d)\.(\d\d)\.(\d\d)\.(\d{4})\b", r"\1\2\3\4"
    )
    array = pc.utf8_trim_whitespace(pc.replace_substring_regex(array, r"[^\p{L}\p{N}]+", " "))
    array = pc.if_else(pc.equal(array, ""), pa.scalar(None, array.type), array)
    lists = match_pattern(
        array, rf"^(?:\d{{{_DIGITS}}}|X[0-9a-f]{{13}})(?: (?:\d{{{_DIGITS}}}|X[0-9a-f]{{13}}))*$"
    )
    return to_text_series(array, texts.index), to_mask(pc.is_valid(array)) & ~lists


def read_units(texts: pd.Series) -> pd.Series:
    """Bring numbers of neighbourhood units (RT, RW) to one form: ``RT 003`` is ``3``.

    Examples
    --------
    >>> import pandas as pd
    >>> read_units(pd.Series(["RT 003", "3", "03.0", "000"], dtype="str")).tolist()
    ['3', '3', '3', '0']
    """
    array = pc.replace_substring_regex(to_text_array(texts), r"^(?i:r[tw])[. ]*", "")
    array = pc.replace_substring_regex(array, r"^0*(\d+?)(?:\.0+)?$", r"\1")
    return to_text_series(array, texts.index)


def normalise_names(texts: pd.Series) -> pd.Series:
    """Bring names to the form in which they are compared: no case, spaces, punctuation or words of rank.

    Parameters
    ----------
    texts
        n names, missing ones allowed.

    Returns
    -------
    pandas.Series
        n texts on the same index; missing where nothing is left.

    Examples
    --------
    >>> import pandas as pd
    >>> normalise_names(pd.Series(["Desa Campur Asri", "CAMPURASRI"], dtype="str")).tolist()
    ['campurasri', 'campurasri']
    """
    array = pc.utf8_lower(pc.utf8_normalize(to_text_array(texts), form="NFKD"))
    array = pc.replace_substring_regex(array, _LEADING_WORDS, "")
    array = pc.replace_substring_regex(array, r"[^\p{L}\p{N}]", "")
    return to_text_series(pc.if_else(pc.equal(array, ""), pa.scalar(None, array.type), array), texts.index)
