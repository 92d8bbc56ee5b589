"""The worker process that parses a file: it receives the file's bytes and returns a table or an error.

``python -m data.readers.worker`` reads a line of JSON (``name``, ``layer``, ``roads``, ``size`` and
``limits``) from standard input, and then the file. It loads what that type of file needs, gives up all
further access to files and network, and only then parses. ``data.readers.sandbox`` starts it.
"""

from __future__ import annotations

import gc
import io
import json
import sys
from encodings import cp437, cp1252, utf_16, utf_16_be, utf_16_le, utf_32
from importlib import import_module
from typing import TYPE_CHECKING

import pyarrow as pa

from data.errors import DataError
from data.readers.archives import ZIP, Archive, unwrap_file
from data.readers.detect import detect_kind, is_osm
from data.readers.drivers import allow_osm
from data.readers.limits import EXIT_MEMORY, Limits, apply_limits, enter_sandbox
from data.readers.parse import load_reader, parse_kind
from data.readers.table import InputFile
from data.readers.transfer import send_error, send_table

if TYPE_CHECKING:
    from data.readers.detect import FileKind
    from data.readers.table import RawTable

PRELOADED = (cp437, cp1252, utf_16, utf_16_be, utf_16_le, utf_32)
"""Text encodings, which Python would otherwise load on first use, when no file can be opened any more."""

_SAMPLE = InputFile("sample", b"a;b\n1;\n\n2\n")


def main() -> None:
    """Answer one request."""
    gc.disable()  # nothing made here is freed before the process ends
    stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
    request = json.loads(stdin.readline())
    source = InputFile(request["name"], stdin.read())
    if len(source.content) != request["size"]:  # the parent process is gone
        return
    try:
        limits = Limits(**request["limits"])
        send_table(read_within_limits(source, request["layer"], limits, roads=request["roads"]), stdout)
    except DataError as error:
        send_error(error, stdout)
    except (MemoryError, pa.ArrowMemoryError):
        sys.exit(EXIT_MEMORY)
    stdout.flush()


def read_within_limits(
    source: InputFile, layer: str | None, limits: Limits, *, roads: bool = False
) -> RawTable:
    """Read a file within limits, which then apply to this process permanently.

    If ``roads`` are wanted, an OpenStreetMap extract is accepted too.

    Raises
    ------
    DataError
        If it cannot be read as a table.
    """
    apply_limits(limits)
    source = unwrap_file(source)
    if roads and is_osm(source):
        return _read_osm(source, limits)
    kind = detect_kind(source)
    n_bytes = _load(source, kind)
    apply_limits(limits.for_size(n_bytes))
    enter_sandbox()
    return parse_kind(source, kind, layer=layer)


def _read_osm(source: InputFile, limits: Limits) -> RawTable:
    """Read an extract, which GDAL opens, with its own configuration file, before the sandbox is entered."""
    send_table(parse_kind(_SAMPLE, "csv"), io.BytesIO())
    allow_osm(len(source.content))
    with import_module("data.readers.osm").open_extract(source) as read:
        apply_limits(limits.for_size(len(source.content)))
        enter_sandbox()
        return read()


def _load(source: InputFile, kind: FileKind) -> int:
    """Load the libraries for a kind by reading a sample; return how many bytes there are to parse."""
    send_table(parse_kind(_SAMPLE, "csv"), io.BytesIO())
    reader = load_reader(kind)
    if source.content.startswith(ZIP):
        return Archive(source).n_bytes
    return reader.measure_unpacked_bytes(source) if kind == "parquet" else len(source.content)


if __name__ == "__main__":
    main()
