"""Keys of records, made from a row's own fields where it has none, and unique within a file."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from data.values import normalise_names
from data.values.texts import to_text_array

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from data.schema import Dataset
    from data.validation import Faults

_SEPARATOR = "\x1f"
_DECIMALS = 7  # of degrees: about a centimetre
_DISTRICT_DIGITS, _VILLAGE_DIGITS = 5, 8


def fill_keys(frame: pd.DataFrame, dataset: Dataset, faults: Faults) -> pd.Series:
    """Assign a key to each row without faults: its own, or one made from the fields that identify it.

    Parameters
    ----------
    frame
        Typed columns, n rows.
    dataset
        The dataset, with its key and identity.
    faults
        Rows with faults get no key.

    Returns
    -------
    pandas.Series
        n keys. A generated key is a letter and 16 hex digits; rows with the same fields are numbered in the
        file's order, so that the same file always gets the same keys.
    """
    own = pd.Series(None, index=frame.index, dtype="str") if dataset.key not in frame else frame[dataset.key]
    lacking = np.flatnonzero(own.isna().to_numpy() & ~faults.rows)
    if not len(lacking):
        return own
    texts = _identity_texts(frame.iloc[lacking], dataset)
    digests = pd.Series([hashlib.blake2b(text.encode(), digest_size=8).hexdigest() for text in texts])
    number = digests.groupby(digests).cumcount() + 1
    made = dataset.name[0].upper() + digests + ("-" + number.astype("str")).where(number > 1, "")
    keys = own.copy()
    keys.iloc[lacking] = made.to_numpy()
    return keys


def _identity_texts(frame: pd.DataFrame, dataset: Dataset) -> list[str]:
    parts = [_as_text(frame[name]) for name in dataset.identity]
    joined = pc.binary_join_element_wise(
        *parts, pa.scalar(_SEPARATOR, pa.large_string()), null_handling="replace", null_replacement=""
    )
    return joined.to_pylist()


def _as_text(values: pd.Series) -> pa.Array:
    if pd.api.types.is_datetime64_any_dtype(values):
        moments = pa.array(values.dt.tz_convert("UTC"), from_pandas=True)
        return pc.cast(pc.cast(moments, pa.int64()), pa.large_string())
    if pd.api.types.is_float_dtype(values):
        return pc.cast(pc.round(pa.array(values, from_pandas=True), _DECIMALS), pa.large_string())
    return to_text_array(values)


def refuse_duplicates(frame: pd.DataFrame, keys: pd.Series, faults: Faults) -> None:
    """Refuse all rows with the same key except the first.

    Parameters
    ----------
    frame
        Typed columns, n rows.
    keys
        n keys.
    faults
        Gets ``duplicate_row`` (nothing differs) and ``duplicate_key``.
    """
    good = pd.Series(~faults.rows & keys.notna().to_numpy(), index=frame.index)
    shared = good & keys.where(good).duplicated(keep=False)
    if not shared.any():
        return
    rows = frame[shared].assign(**{"": keys[shared]})
    later = rows[""].duplicated()
    same = rows.duplicated()
    faults.add("duplicate_row", _spread(same[same].index, frame.index))
    differing = later & ~same
    faults.add("duplicate_key", _spread(differing[differing].index, frame.index))


def _spread(found: pd.Index, index: pd.Index) -> NDArray[np.bool_]:
    return index.isin(found)


def make_village_codes(villages: pd.Series, districts: pd.Series) -> pd.DataFrame:
    """Make codes from names for villages without official codes.

    Parameters
    ----------
    villages, districts
        n names each; those of districts may be missing.

    Returns
    -------
    pandas.DataFrame
        n rows: ``district_code`` is X and 5 hex digits hashed from the district's name, ``village_code`` adds
        8 hashed from the village's, ``regency_code`` is X000. Case, spaces and punctuation are ignored.

    Examples
    --------
    >>> names = pd.Series(["Kulon", "KULON "], dtype="str"), pd.Series([None, None], dtype="str")
    >>> len(set(make_village_codes(*names)["village_code"]))
    1
    """
    folded = normalise_names(villages).fillna(villages).fillna("")
    parents = normalise_names(districts).fillna("")
    district_codes = "X" + parents.map(lambda name: _hex(name, _DISTRICT_DIGITS))
    village_codes = district_codes + (parents + "|" + folded).map(lambda name: _hex(name, _VILLAGE_DIGITS))
    return pd.DataFrame(
        {"village_code": village_codes, "district_code": district_codes, "regency_code": "X000"}, dtype="str"
    )


def _hex(text: str, digits: int) -> str:
    return hashlib.blake2b(text.encode()).hexdigest()[:digits]
