"""Parsing in the current process. For files from outside, use ``data.readers.read_table`` instead."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from data.readers.archives import unwrap_file
from data.readers.detect import detect_kind

if TYPE_CHECKING:
    from types import ModuleType

    from data.readers.detect import FileKind
    from data.readers.table import InputFile, RawTable

READERS: dict[FileKind, str] = {
    "csv": "delimited",
    "xlsx": "workbooks",
    "xls": "workbooks",
    "ods": "workbooks",
    "geojson": "geojson",
    "shapefile": "shapefile",
    "geopackage": "geopackage",
    "kml": "kml",
    "gpx": "gpx",
    "parquet": "parquet",
}
"""Module that reads each kind, loaded when needed because some import large libraries."""

LAYERED: frozenset[FileKind] = frozenset({"xlsx", "xls", "ods", "shapefile", "geopackage", "gpx"})
"""Kinds that may hold several tables."""


def parse_table(source: InputFile, *, layer: str | None = None) -> RawTable:
    r"""Read a file as a table of text, in this process.

    Parameters
    ----------
    source
        The file as received.
    layer
        The worksheet or layer to read, for files with several.

    Returns
    -------
    RawTable
        As from ``data.readers.read_table``, but without limits on memory and time.

    Raises
    ------
    DataError
        If it cannot be read as a table.

    Examples
    --------
    >>> from data.readers.table import InputFile
    >>> parse_table(InputFile("homes.csv", b"id,lon,lat\n1,111.4,-7.4\n")).frame
      id    lon   lat
    0  1  111.4  -7.4
    """
    unwrapped = unwrap_file(source)
    return parse_kind(unwrapped, detect_kind(unwrapped), layer=layer)


def parse_kind(source: InputFile, kind: FileKind, *, layer: str | None = None) -> RawTable:
    """Read an unwrapped file of a known kind.

    Raises
    ------
    DataError
        If it cannot be read as a table.
    """
    options = {"layer": layer} if kind in LAYERED else {}
    return load_reader(kind).read_file(source, **options)


def load_reader(kind: FileKind) -> ModuleType:
    """Import the module that reads a kind."""
    return import_module(f"data.readers.{READERS[kind]}")
