"""Conversion of typed Arrow columns to text, as a person would type it."""

from __future__ import annotations

import json

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from data.readers.table import name_columns

_TEXT = pa.large_string()
_ZERO_SECONDS = r"\.0+(Z|[+-]\d{4})?$"
_MAX_PLAIN = 1e15  # above it, floats cannot represent every whole number


def table_to_text(table: pa.Table) -> pd.DataFrame:
    """Write columns as text.

    Parameters
    ----------
    table
        n rows. Binary columns are skipped; names may be empty or repeated.

    Returns
    -------
    pandas.DataFrame
        n rows of text on a RangeIndex; missing where a cell is null, not a finite number, or empty.

    Raises
    ------
    pyarrow.ArrowException
        If a column has a type that cannot be written as text, or is damaged.

    Examples
    --------
    >>> table_to_text(pa.table({"n": [1.0, 2.5], "ok": [True, None]})).values.tolist()
    [['1', 'true'], ['2.5', nan]]
    """
    shown = [place for place, kind in enumerate(table.schema.types) if not _is_binary(kind)]
    columns = [_to_text(table.column(place)) for place in shown]
    header = name_columns([table.column_names[place] for place in shown])
    return pd.DataFrame(
        {name: pd.array(column, dtype="str") for name, column in zip(header, columns, strict=True)},
        index=pd.RangeIndex(len(table)),
    )


def _is_binary(kind: pa.DataType) -> bool:
    return pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind)


def _to_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    if isinstance(kind, pa.BaseExtensionType):
        return _to_text(pa.chunked_array([chunk.storage for chunk in column.chunks], kind.storage_type))
    if pa.types.is_dictionary(kind):
        return _to_text(column.cast(kind.value_type))
    if pa.types.is_nested(kind):
        texts = [_to_json(value) for value in column.to_pylist()]
        return _tidy(pa.chunked_array([pa.array(texts, _TEXT)]))
    if pa.types.is_floating(kind):
        return _tidy(_floats_to_text(column))
    if pa.types.is_duration(kind):
        column = column.cast(pa.int64())
    texts = column.cast(_TEXT)
    if pa.types.is_temporal(kind) or pa.types.is_decimal(kind):
        texts = pc.replace_substring_regex(texts, _ZERO_SECONDS, r"\1")
    return _tidy(texts)


def _to_json(value: object) -> str | None:
    if value is None:
        return None
    return json.dumps(value, ensure_ascii=False, default=str).encode("utf-8", errors="replace").decode()


def _floats_to_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    numbers = column.cast(pa.float64())
    whole = pc.and_(pc.equal(pc.floor(numbers), numbers), pc.less(pc.abs(numbers), _MAX_PLAIN))
    texts = numbers.cast(_TEXT)
    counts = pc.if_else(whole, numbers, None).cast(pa.int64()).cast(_TEXT)
    texts = pc.if_else(pc.fill_null(whole, False), counts, texts)
    return pc.if_else(pc.fill_null(pc.is_finite(numbers), False), texts, pa.scalar(None, _TEXT))


def _tidy(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """Remove zero bytes, and make empty texts missing."""
    if pc.any(pc.match_substring(texts, "\x00")).as_py():
        texts = pc.replace_substring(texts, "\x00", "")
    return pc.if_else(pc.equal(texts, ""), pa.scalar(None, _TEXT), texts)
