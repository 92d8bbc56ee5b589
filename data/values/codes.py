"""Parsing of official codes and neighbourhood numbers, and normalisation of names for comparison."""

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
_P_CODE = rf"^[Ii][Dd]\d{{{_DIGITS}}}$"
_AREA_CODE = r"^(?:[Ii][Dd])?(?:\d{2}|\d{4}|\d{6,7}|\d{10})$"
_DOTS_BETWEEN = r"^\d{2}(?:\.\d{2}){1,2}(?:\.\d{4})?$"
_DOTTED = r"^\d{2}\.\d{2}\.\d{2}\.\d{4}$"
_WHOLE = rf"^\d{{{_DIGITS}}}(?:\.0+)?$"
_MADE = r"^X[0-9a-f]{13}$"  # the key of a village without an official code
_ONE_OF_LIST = rf"(?:(?:ID)?\d{{{_DIGITS}}}|X[0-9a-f]{{13}})"
_ROUNDED = r"^\d[.,]?\d*[eE]\+?\d+$"
_ZERO_LOST = r"^\d{1,2}\.\d{1,2}\.\d{1,2}\.\d{1,4}$"  # parts read as numbers by a spreadsheet
_MADE_A_DATE = (
    r"^(?:\d{4}-\d{1,2}-\d{1,2}(?:[T ]?[\d:.]+)?|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}"
    r"|\d{1,3}:\d{2}:\d{2}(?:[.,]\d+)?|(?:\d{1,2}-)?[A-Za-z]{3}-\d{2,4})$"
)
_LONG = r"^\d{16,}$"
_ENOUGH = 20  # numbers that all end in 0 before it cannot be chance: 1 in 10 would
_LEADING_WORDS = r"^(?:desa|kelurahan|kel|ds|kecamatan|kec|polsek)[. ]+"


@dataclass(frozen=True)
class CodeTexts:
    """Parsed codes, n each.

    Parameters
    ----------
    codes
        10 digits; missing where there is no code, or the text is not one.
    bad, damaged
        Which texts are not codes, and which were codes until a spreadsheet made them a number or a date.
    dotted
        Which were written with dots, as the Ministry of Home Affairs (Kemendagri) writes them.
    prefixed
        Which were written as P-codes: codes of Statistics Indonesia (BPS) after the letters ID, as the
        boundaries of OCHA have them (OCHA, Common Operational Datasets: P-codes).
    """

    codes: pd.Series
    bad: NDArray[np.bool_]
    damaged: NDArray[np.bool_]
    dotted: NDArray[np.bool_]
    prefixed: NDArray[np.bool_]


def read_codes(texts: pd.Series) -> CodeTexts:
    """Read village codes, with dots, without or as P-codes; damaged codes are never repaired by guessing.

    Parameters
    ----------
    texts
        n texts, trimmed.

    Returns
    -------
    CodeTexts
        The codes without dots and prefix, and which texts could not be read.

    Examples
    --------
    >>> import pandas as pd
    >>> read_codes(pd.Series(["ID3521020010", "id3521020011"], dtype="str")).codes.tolist()
    ['3521020010', '3521020011']
    >>> read_codes(pd.Series(["X0123456789abc"], dtype="str")).codes.item()
    'X0123456789abc'
    >>> read = read_codes(pd.Series(["35.21.07.2013", "3521072013", "3.52107E+09", "352107"], dtype="str"))
    >>> read.codes.tolist(), read.bad.tolist(), read.damaged.tolist()
    (['3521072013', '3521072013', nan, nan], [False, False, False, True], [False, False, True, False])
    """
    array = pc.replace_substring(to_text_array(texts), " ", "")
    prefixed = match_pattern(array, _P_CODE)
    array = pc.if_else(pa.array(prefixed), pc.utf8_slice_codeunits(array, 2), array)
    dotted, whole, rounded = (match_pattern(array, pattern) for pattern in (_DOTTED, _WHOLE, _ROUNDED))
    made = match_pattern(array, _MADE)
    damaged = (
        rounded
        | (match_pattern(array, _ZERO_LOST) & ~dotted)
        | match_pattern(to_text_array(texts), _MADE_A_DATE)
    )
    stripped = pc.if_else(
        pa.array(whole), pc.utf8_slice_codeunits(array, 0, _DIGITS), pc.replace_substring(array, ".", "")
    )
    codes = pc.if_else(pa.array(dotted | whole | made), stripped, pa.scalar(None, array.type))
    bad = to_mask(pc.is_valid(array)) & ~(dotted | whole | made | damaged)
    return CodeTexts(to_text_series(codes, texts.index), bad, damaged, dotted, prefixed)


def read_area_codes(texts: pd.Series) -> tuple[pd.Series, NDArray[np.bool_]]:
    """Read codes of provinces, regencies, districts or villages, with dots, without or as P-codes.

    Returns
    -------
    tuple
        n codes of 2, 4, 6 or 7, or 10 digits (missing where the text is none), and n booleans that mark the
        P-codes, whose digits are a code of Statistics Indonesia (BPS).

    Examples
    --------
    >>> import pandas as pd
    >>> texts = pd.Series(["35.21.07", "id3521", "ID3521020", "Paron"], dtype="str")
    >>> codes, prefixed = read_area_codes(texts)
    >>> codes.tolist(), prefixed.tolist()
    (['352107', '3521', '3521020', nan], [False, True, True, False])
    """
    array = pc.replace_substring(to_text_array(texts), " ", "")
    bare = pc.if_else(
        pa.array(match_pattern(array, _DOTS_BETWEEN)), pc.replace_substring(array, ".", ""), array
    )
    known = match_pattern(bare, _AREA_CODE)
    prefixed = known & match_pattern(bare, r"^[Ii]")
    digits = pc.replace_substring_regex(bare, r"^[A-Za-z]+", "")
    codes = pc.if_else(pa.array(known), digits, pa.scalar(None, digits.type))
    return to_text_series(codes, texts.index), prefixed


def find_damaged_ids(texts: pd.Series) -> NDArray[np.bool_]:
    """Find identity numbers that a spreadsheet has rounded.

    Spreadsheets write long numbers as ``3.52107E+15``, or keep 15 digits and replace the rest with 0. A file
    with at least twenty numbers of 16 digits or more that all end in 0 is taken to be rounded that way.

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
    """Read lists of village codes with any separator.

    Returns
    -------
    tuple
        n texts of codes without dots, separated by spaces, and n booleans that mark lists without codes.
        P-codes keep their prefix, in capitals: they are codes of another scheme than their neighbours.

    Examples
    --------
    >>> import pandas as pd
    >>> lists = pd.Series(["35.21.07.2013; 3521072014", "id3521020010", "Sidorejo"], dtype="str")
    >>> read_code_lists(lists)[0].tolist()
    ['3521072013 3521072014', 'ID3521020010', 'Sidorejo']
    """
    array = pc.replace_substring_regex(
        to_text_array(texts), r"\b(\d\d)\.(\d\d)\.(\d\d)\.(\d{4})\b", r"\1\2\3\4"
    )
    array = pc.replace_substring_regex(array, r"(?i)\bID(\d{10})\b", r"ID\1")
    array = pc.utf8_trim_whitespace(pc.replace_substring_regex(array, r"[^\p{L}\p{N}]+", " "))
    array = pc.if_else(pc.equal(array, ""), pa.scalar(None, array.type), array)
    lists = match_pattern(array, rf"^{_ONE_OF_LIST}(?: {_ONE_OF_LIST})*$")
    return to_text_series(array, texts.index), to_mask(pc.is_valid(array)) & ~lists


def read_units(texts: pd.Series) -> pd.Series:
    """Normalise numbers of neighbourhood units (RT, RW): ``RT 003`` becomes ``3``.

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
    """Normalise names for comparison: drop case, spaces, punctuation and words such as Desa or Kec.

    Parameters
    ----------
    texts
        n names; some may be missing.

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
