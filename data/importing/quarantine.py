"""Refused rows, kept unchanged with their numbers and reasons."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pandas as pd
import shapely

from data.mapping import is_own_column
from data.readers.table import GEOMETRY

if TYPE_CHECKING:
    from data.readers import RawTable
    from data.validation import Faults


def keep_refused_rows(raw: RawTable, faults: Faults) -> pd.DataFrame:
    """Collect the refused rows with their content and reasons.

    Parameters
    ----------
    raw
        The file.
    faults
        The rows that are refused, and why.

    Returns
    -------
    pandas.DataFrame
        ``row_number``, ``reasons`` (codes joined by spaces) and ``raw`` (JSON: column → text), one row each.
    """
    positions = faults.rows.nonzero()[0].tolist()
    kept = raw.frame[[column for column in raw.columns if not is_own_column(column)]]
    rows = kept.iloc[positions].fillna("").to_dict("records")
    if raw.geometry is not None:
        shapes = shapely.to_geojson(shapely.from_wkb(raw.geometry[positions]))
        rows = [row | {GEOMETRY: shape or ""} for row, shape in zip(rows, shapes, strict=True)]
    texts = [
        json.dumps(row | dict(raw.leftovers.get(at, {})), ensure_ascii=False)
        for at, row in zip(positions, rows, strict=True)
    ]
    return pd.DataFrame(
        {
            "row_number": pd.array(raw.row_numbers[positions], dtype="int64"),
            "reasons": pd.array(faults.texts(), dtype="str"),
            "raw": pd.array(texts, dtype="str"),
        }
    )
