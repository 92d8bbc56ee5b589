"""Cleaning, matching and splitting of text, whole columns at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Collection

    import numpy as np
    from numpy.typing import NDArray

NO_NUMBER = -1
"""Placeholder for an absent part of a date or time."""


def to_text_array(texts: pd.Series) -> pa.Array:
    """Convert a column of text to a single Arrow array."""
    array = pa.array(texts.array, type=pa.large_string(), from_pandas=True)
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def to_text_series(array: pa.Array, index: pd.Index) -> pd.Series:
    """Convert an Arrow array of text to a column."""
    return pd.Series(array.to_pandas().astype("str").array, index=index)


def clean_texts(texts: pd.Series, *, missing: Collection[str] = ()) -> pd.Series:
    """Trim a column's texts, and make placeholders missing.

    Parameters
    ----------
    texts
        n texts; some may be missing.
    missing
        Texts, in lower case, that mean that nothing is known.

    Returns
    -------
    pandas.Series
        n texts on the same index: white space at both ends stripped, line breaks and control characters
        replaced with spaces, missing where nothing is left.

    Examples
    --------
    >>> clean_texts(pd.Series([" a ", "NA", " "], dtype="str"), missing={"na"}).isna().tolist()
    [False, True, True]
    """
    array = to_text_array(texts)
    if len(array) and pc.any(pc.match_substring_regex(array, r"[\x00-\x1f\x7f]")).as_py():
        array = pc.replace_substring_regex(array, r"[\x00-\x1f\x7f]+", " ")
    array = pc.utf8_trim_whitespace(array)
    nothing = pc.equal(array, "")
    if missing:
        known = pa.array(sorted(missing), type=pa.large_string())
        nothing = pc.or_(nothing, pc.is_in(pc.utf8_lower(array), value_set=known))
    return to_text_series(pc.if_else(nothing, pa.scalar(None, pa.large_string()), array), texts.index)


def extract_groups(array: pa.Array, pattern: str) -> dict[str, pa.Array]:
    """Extract a pattern's named groups from texts.

    Returns
    -------
    dict
        Group → n texts, missing where the text does not match or the group is empty. The key ``""`` holds
        n booleans that mark which texts match.
    """
    found = pc.extract_regex(array, pattern)
    parts = {"": pc.is_valid(found)}
    for position in range(found.type.num_fields):
        name = found.type.field(position).name
        part = pc.struct_field(found, name)
        parts[name] = pc.if_else(
            pc.and_(pc.is_valid(found), pc.not_equal(part, "")), part, pa.scalar(None, part.type)
        )
    return parts


def to_integers(array: pa.Array) -> NDArray[np.int64]:
    """Convert texts of digits to integers; ``NO_NUMBER`` where missing."""
    return pc.fill_null(pc.cast(array, pa.int64()), NO_NUMBER).to_numpy(zero_copy_only=False)


def to_mask(array: pa.Array) -> NDArray[np.bool_]:
    """Convert Arrow booleans to a numpy array; missing becomes False."""
    return pc.fill_null(array, False).to_numpy(zero_copy_only=False).astype(bool)


def match_pattern(array: pa.Array, pattern: str) -> NDArray[np.bool_]:
    """Find the texts that match a pattern, as n booleans."""
    return to_mask(pc.match_substring_regex(array, pattern))
