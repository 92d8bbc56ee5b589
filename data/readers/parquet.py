"""Reader of Parquet and GeoParquet, whose metadata is checked before any data is read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from data.errors import FileRefusedError
from data.readers.archives import MAX_RATIO, MAX_UNPACKED_BYTES
from data.readers.arrow_text import table_to_text
from data.readers.shapes import WGS84, guess_crs, normalise_wkb
from data.readers.table import MAX_CELLS, MAX_COLUMNS, RawTable

if TYPE_CHECKING:
    from data.readers.shapes import FileShapes
    from data.readers.table import InputFile

_GEO = b"geo"
_LIMITS = {
    "thrift_string_size_limit": 16 * 1024**2,  # bytes of a string in the footer
    "thrift_container_size_limit": 100_000,  # items of a list in it, for which memory is allocated unchecked
}
_CELL_BYTES = 8
_HARMLESS_CELLS = 1_000_000
_LONGITUDE_FIRST = {("OGC", "CRS84"), ("OGC", "CRS84h"), ("EPSG", "4326")}


def read_file(source: InputFile) -> RawTable:
    """Read a Parquet file.

    Parameters
    ----------
    source
        Parquet; with GeoParquet metadata, the primary geometry column (WKB) becomes the geometry.

    Returns
    -------
    RawTable
        Columns as text, binary ones left out; geometry only for GeoParquet.

    Raises
    ------
    FileRefusedError
        If it is damaged, declares more than a table may hold, or encodes geometry other than as WKB.
    """
    try:
        file = parquet.ParquetFile(pa.BufferReader(source.content), **_LIMITS)
        _refuse_excess(source, file.metadata)
        table = file.read(use_threads=False)
        table.validate(full=True)
        geo = _geo_of(source, file.schema_arrow.metadata)
        primary = str(geo.get("primary_column", "")) if geo else None
        others = [place for place, name in enumerate(table.column_names) if name != primary]
        frame = table_to_text(table.select(others))
        wkb = None if geo is None or primary is None else _wkb(source, table, geo, primary)
    except (pa.ArrowException, OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        if isinstance(error, FileRefusedError):
            raise
        raise FileRefusedError(
            "{name} is a damaged Parquet file: export it again.", name=source.name
        ) from error
    return RawTable(
        name=source.name,
        kind="parquet",
        frame=frame,
        row_numbers=np.arange(1, len(frame) + 1),
        geometry=wkb.wkb if wkb else None,
        crs=_crs(source, geo, str(primary), wkb) if geo and wkb else None,
        faults=wkb.faults if wkb else {},
    )


def measure_unpacked_bytes(source: InputFile) -> int:
    """Return the unpacked size of a file in bytes, as its metadata declares it.

    Raises
    ------
    FileRefusedError
        If its footer is damaged, or declares too much.
    """
    try:
        facts = parquet.ParquetFile(pa.BufferReader(source.content), **_LIMITS).metadata
        _refuse_excess(source, facts)
    except (pa.ArrowException, OSError, ValueError) as error:
        if isinstance(error, FileRefusedError):
            raise
        raise FileRefusedError(
            "{name} is a damaged Parquet file: export it again.", name=source.name
        ) from error
    return len(source.content) + facts.num_rows * facts.num_columns * _CELL_BYTES


def _refuse_excess(source: InputFile, facts: parquet.FileMetaData) -> None:
    """Refuse a file whose footer declares more than fits into memory."""
    groups = [facts.row_group(number) for number in range(facts.num_row_groups)]
    n_bytes = sum(max(0, group.total_byte_size) for group in groups)
    n_rows = max(facts.num_rows, sum(group.num_rows for group in groups))
    if facts.num_columns > MAX_COLUMNS:
        raise FileRefusedError(
            "{name} has {n:,} columns, so it is not a table of records.",
            name=source.name,
            n=facts.num_columns,
        )
    n_cells, limit = n_rows * facts.num_columns, max(_HARMLESS_CELLS, MAX_RATIO * len(source.content))
    if n_cells > min(limit, MAX_CELLS) or n_bytes > MAX_UNPACKED_BYTES or facts.num_rows < 0:
        raise FileRefusedError(
            "{name} contains {n:,} rows in {size_mb:,.0f} MB, too much for one table: split it and "
            "import the parts.",
            name=source.name,
            n=n_rows,
            size_mb=n_bytes / 1024**2,
        )


def _geo_of(source: InputFile, metadata: dict[bytes, bytes] | None) -> dict[str, Any] | None:
    if not metadata or _GEO not in metadata:
        return None
    geo = json.loads(metadata[_GEO])
    if not isinstance(geo, dict) or not isinstance(geo.get("columns"), dict):
        raise FileRefusedError("{name} has damaged GeoParquet metadata: export it again.", name=source.name)
    return geo


def _wkb(source: InputFile, table: pa.Table, geo: dict[str, Any], primary: str) -> FileShapes:
    facts = geo["columns"].get(primary)
    if table.column_names.count(primary) != 1 or not isinstance(facts, dict):
        raise FileRefusedError(
            "{name} names a geometry column it does not have: export it again.", name=source.name
        )
    if facts.get("encoding") != "WKB" or not _holds_bytes(table[primary].type):
        raise FileRefusedError(
            "{name} does not store its geometry as WKB: export it as WKB.", name=source.name
        )
    wkb = np.full(len(table), None, dtype=object)
    wkb[:] = table[primary].to_pylist()
    return normalise_wkb(wkb)


def _holds_bytes(kind: pa.DataType) -> bool:
    storage = kind.storage_type if isinstance(kind, pa.BaseExtensionType) else kind
    return pa.types.is_binary(storage) or pa.types.is_large_binary(storage)


def _crs(source: InputFile, geo: dict[str, Any], primary: str, shapes: FileShapes) -> str | None:
    """Return the CRS; WGS84 if none is named, as the format specifies."""
    facts = geo["columns"][primary]
    if "crs" not in facts:
        return WGS84
    if facts["crs"] is None:
        return guess_crs(shapes.wkb)
    mark = facts["crs"].get("id") if isinstance(facts["crs"], dict) else None
    authority, code = (
        (str(mark.get("authority")), str(mark.get("code"))) if isinstance(mark, dict) else ("", "")
    )
    if (authority, code) in _LONGITUDE_FIRST:
        return WGS84
    if authority == "EPSG" and code.isdecimal():
        return f"EPSG:{code}"
    raise FileRefusedError(
        "{name} uses a coordinate reference system without an EPSG code: export it in EPSG:4326.",
        name=source.name,
    )
