"""A raw table on its way from one process to another: a line of JSON, then Arrow."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
import pandas as pd
import pyarrow as pa

from data import errors
from data.errors import DataError, LayerError
from data.readers.table import RawTable

if TYPE_CHECKING:
    from collections.abc import Mapping

_ROW, _GEOMETRY = "row", "geometry"
_ERRORS = {name: kind for name, kind in vars(errors).items() if isinstance(kind, type)}


def write_table(raw: RawTable, stream: BinaryIO) -> None:
    """Write a table into a stream."""
    facts: dict[str, Any] = {
        "name": raw.name,
        "kind": raw.kind,
        "columns": raw.columns,
        "crs": raw.crs,
        "faults": {reason: positions.tolist() for reason, positions in raw.faults.items()},
        "leftovers": list(raw.leftovers.items()),
        "layers": raw.layers,
    }
    texts = [pa.array(raw.frame[name].array, pa.large_string(), from_pandas=True) for name in raw.columns]
    columns: dict[str, Any] = {str(place): text for place, text in enumerate(texts)}
    columns[_ROW] = pa.array(raw.row_numbers, pa.int64())
    if raw.geometry is not None:
        columns[_GEOMETRY] = pa.array(raw.geometry, pa.large_binary())
    _write_line(stream, {"table": facts})
    table = pa.table(columns)
    with pa.ipc.new_stream(stream, table.schema) as writer:
        writer.write_table(table)


def write_error(error: DataError, stream: BinaryIO) -> None:
    """Write an error into a stream."""
    layers = error.layers if isinstance(error, LayerError) else ()
    _write_line(stream, {"error": type(error).__name__, "message": str(error), "layers": layers})


def _write_line(stream: BinaryIO, facts: Mapping[str, Any]) -> None:
    stream.write(json.dumps(facts).encode() + b"\n")


def read_answer(answer: bytes) -> RawTable:
    """Read what ``write_table`` or ``write_error`` wrote.

    Raises
    ------
    DataError
        The error, if it is one.
    ValueError
        If it is neither, or not whole.

    Examples
    --------
    >>> from io import BytesIO
    >>> stream = BytesIO()
    >>> frame = pd.DataFrame({"id": ["7", None]}, dtype="str")
    >>> write_table(RawTable("a.csv", "csv", frame, np.array([2, 3])), stream)
    >>> read_answer(stream.getvalue()).frame.equals(frame)
    True
    """
    end = answer.index(b"\n") + 1
    facts = json.loads(answer[:end])
    if "error" in facts:
        kind = _ERRORS[facts["error"]]
        raise (
            LayerError(facts["message"], tuple(facts["layers"]))
            if kind is LayerError
            else kind(facts["message"])
        )
    known = facts["table"]
    with pa.ipc.open_stream(pa.BufferReader(memoryview(answer)[end:])) as reader:
        table = reader.read_all()
    table.validate(full=True)
    geometry = None
    if _GEOMETRY in table.column_names:
        geometry = np.full(len(table), None, dtype=object)
        geometry[:] = table[_GEOMETRY].to_pylist()
    return RawTable(
        name=known["name"],
        kind=known["kind"],
        frame=pd.DataFrame(
            {name: pd.array(table[str(place)], dtype="str") for place, name in enumerate(known["columns"])},
            index=pd.RangeIndex(len(table)),
        ),
        row_numbers=table[_ROW].to_numpy(),
        geometry=geometry,
        crs=known["crs"],
        faults={reason: np.array(positions, np.int64) for reason, positions in known["faults"].items()},
        leftovers=dict(known["leftovers"]),
        layers=tuple(known["layers"]),
    )
