"""Convert canonical frames to Arrow rows of the tables and back: times to seconds, geometry to WKB."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from data import tables

if TYPE_CHECKING:
    from collections.abc import Iterable

    import sqlalchemy as sa

TIME_COLUMNS = ("visited_at", "occurred_at", "occurred_to", "imported_at", "decided_at", "published_at")
"""Columns stored as whole seconds since 1970-01-01 UTC, and as tz-aware times in frames."""

_WGS84 = "EPSG:4326"


def to_table_rows(records: pd.DataFrame, table: sa.Table) -> pa.Table:
    """Convert a canonical frame to a table's columns and types.

    Parameters
    ----------
    records
        Indexed by the table's key, with columns named as in the table. Other columns are dropped; missing
        ones become null in the database.
    table
        Table that the rows are for.

    Returns
    -------
    pyarrow.Table
        The key first, then the columns that the frame and the table have in common.
    """
    key = tables.get_key_column(table)
    columns = {key: _text(records.index)}
    for column in table.columns:
        if column.name in records.columns and column.name != key:
            columns[column.name] = _column_to_arrow(records[column.name], tables.get_arrow_type(column.type))
    return pa.table(columns)


def _text(values: pd.Index | pd.Series) -> pa.Array:
    return pa.Array.from_pandas(values.astype("str").array, type=pa.string())


def _column_to_arrow(values: pd.Series, kind: pa.DataType) -> pa.Array:
    if values.name == "geometry":
        return pa.array(shapely.to_wkb(values.array), type=pa.binary())
    if values.name in TIME_COLUMNS:
        seconds = values.dt.tz_convert("UTC").astype("datetime64[s, UTC]").astype("int64")
        return pa.array(seconds.to_numpy(), mask=values.isna().to_numpy(), type=pa.int64())
    if pa.types.is_string(kind) and not isinstance(values.dtype, pd.CategoricalDtype):
        return pa.Array.from_pandas(values.astype("str").array, type=kind)
    return pa.Array.from_pandas(values, type=None).cast(kind)


def to_frame(rows: pa.Table, *, key: str, categories: Iterable[str] = ()) -> pd.DataFrame:
    """Convert a table's rows to a canonical frame.

    Parameters
    ----------
    rows
        As returned by ``Database.read``.
    key
        The column to index by.
    categories
        Columns of few distinct texts, to be stored as categories to save memory.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``key``; times tz-aware UTC.
    """
    for name in rows.column_names:
        column = rows[name]
        if name in TIME_COLUMNS:
            column = column.cast(pa.timestamp("s", tz="UTC"))
        elif name in categories:
            column = pc.dictionary_encode(column)
        else:
            continue
        rows = rows.set_column(rows.column_names.index(name), name, column)
    return rows.to_pandas(coerce_temporal_nanoseconds=False).set_index(key)


def to_villages(rows: pa.Table) -> gpd.GeoDataFrame:
    """Convert rows of the villages table to a GeoDataFrame.

    Returns
    -------
    geopandas.GeoDataFrame
        Indexed and sorted by ``village_code``, EPSG:4326.
    """
    frame = rows.drop_columns("geometry").to_pandas()
    shapes = shapely.from_wkb(rows["geometry"].to_numpy(zero_copy_only=False))
    return gpd.GeoDataFrame(frame, geometry=shapes, crs=_WGS84).set_index("village_code").sort_index()


def unfold_refused_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Unfold refused rows into the columns of their file.

    Parameters
    ----------
    rows
        One per refused row: ``reasons`` (codes separated by spaces) and ``raw`` (JSON: text by column).

    Returns
    -------
    pandas.DataFrame
        On the same index: ``reasons``, then the file's columns; a column of the file named ``reasons``
        becomes ``reasons_2``.
    """
    raw = pd.DataFrame([json.loads(text) for text in rows["raw"]], index=rows.index, dtype="str")
    return pd.concat([rows[["reasons"]], raw.rename(columns={"reasons": "reasons_2"})], axis=1)
