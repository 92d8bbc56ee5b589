"""Serialisation of raw tables between processes: a line of JSON, then Arrow."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
import pandas as pd
import pyarrow as pa

from data import errors
from data.errors import DataError, LayerError
from data.readers.table import RawTable
from geo.errors import Phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

_ROW, _GEOMETRY = "row", "geometry"
_ERRORS = {
    name: kind
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, DataError)
}


def send_table(raw: RawTable, stream: BinaryIO) -> None:
    """Write a table to a stream."""
    facts: dict[str, Any] = {
        "name": raw.name,
        "kind": raw.kind,
        "columns": raw.columns,
        "crs": raw.crs,
        "faults": {reason: positions.tolist() for reason, positions in raw.faults.items()},
        "leftovers": list(raw.leftovers.items()),
        "layers": raw.layers,
        "layer": raw.layer,
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


def send_error(error: DataError, stream: BinaryIO) -> None:
    """Write an error to a stream."""
    layers = {"layers": error.layers} if isinstance(error, LayerError) else {}
    facts = {"error": type(error).__name__, "phrase": _pack(error.phrase), "option": error.option}
    _write_line(stream, facts | layers)


def _pack(value: Any) -> Any:
    """Convert a value in an error message to a form that JSON can hold."""
    if isinstance(value, Phrase):
        return {"template": value.template, "values": _pack(dict(value.values))}
    if isinstance(value, dict):
        return {name: _pack(part) for name, part in value.items()}
    if isinstance(value, tuple | list):
        return [_pack(part) for part in value]
    return value.item() if isinstance(value, np.generic) else value


def _unpack(value: Any) -> Any:
    if isinstance(value, dict):
        template, values = value["template"], value["values"]
        return Phrase(template, {name: _unpack(inner) for name, inner in values.items()})
    return tuple(map(_unpack, value)) if isinstance(value, list) else value


def _write_line(stream: BinaryIO, facts: Mapping[str, Any]) -> None:
    stream.write(json.dumps(facts).encode() + b"\n")


def receive_answer(answer: bytes) -> RawTable:
    """Read what ``send_table`` or ``send_error`` wrote.

    Raises
    ------
    DataError
        The error, if one was sent.
    ValueError
        If the answer is neither, or is incomplete.

    Examples
    --------
    >>> from io import BytesIO
    >>> stream = BytesIO()
    >>> frame = pd.DataFrame({"id": ["7", None]}, dtype="str")
    >>> send_table(RawTable("a.csv", "csv", frame, np.array([2, 3])), stream)
    >>> receive_answer(stream.getvalue()).frame.equals(frame)
    True
    """
    end = answer.index(b"\n") + 1
    facts = json.loads(answer[:end])
    if "error" in facts:
        told = _unpack(facts["phrase"])
        layers = {"layers": tuple(facts["layers"])} if "layers" in facts else {}
        raise _ERRORS[facts["error"]](told.template, option=facts["option"], **layers, **told.values)
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
        layer=known["layer"],
    )
