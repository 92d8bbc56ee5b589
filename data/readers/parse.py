"""The table in a file, read right here. Whoever has a file from outside takes ``data.readers.read_table``."""

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
"""The module that reads a kind. It is loaded when it is needed: some bring large libraries along."""

LAYERED: frozenset[FileKind] = frozenset({"xlsx", "xls", "ods", "shapefile", "geopackage", "gpx"})
"""The kinds that may hold several tables."""


def parse_table(source: InputFile, *, layer: str | None = None) -> RawTable:
    r"""Read a file as a table of text, in this process.

    Parameters
    ----------
    source
        The file, as it came.
    layer
        Which sheet or layer, for those that have several.

    Returns
    -------
    RawTable
        As from ``data.readers.read_table``, without the limits of memory and time.

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
    """Read an unwrapped file of a kind that is known.

    Raises
    ------
    DataError
        If it cannot be read as a table.
    """
    options = {"layer": layer} if kind in LAYERED else {}
    return load_reader(kind).read_file(source, **options)


def load_reader(kind: FileKind) -> ModuleType:
    """Load the module that reads a kind."""
    return import_module(f"data.readers.{READERS[kind]}")
