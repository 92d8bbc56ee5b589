"""The table in a file, read right here. Whoever has a file from outside takes ``data.readers.read_table``."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from data.readers.archives import unwrap
from data.readers.detect import detect_kind

if TYPE_CHECKING:
    from types import ModuleType

    from data.readers.detect import Kind
    from data.readers.table import RawTable, Source

READERS: dict[Kind, str] = {
    "csv": "delimited",
    "xlsx": "sheets",
    "xls": "sheets",
    "ods": "sheets",
    "geojson": "features",
    "shapefile": "shapefile",
    "geopackage": "geopackage",
    "kml": "kml",
    "gpx": "gpx",
    "parquet": "parquet",
}
"""The module that reads a kind. It is loaded when it is needed: some bring large libraries along."""

LAYERED: frozenset[Kind] = frozenset({"xlsx", "xls", "ods", "shapefile", "geopackage", "gpx"})
"""The kinds that may hold several tables."""


def parse_table(source: Source, *, layer: str | None = None) -> RawTable:
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
    >>> from data.readers.table import Source
    >>> parse_table(Source("homes.csv", b"id,lon,lat\n1,111.4,-7.4\n")).frame
      id    lon   lat
    0  1  111.4  -7.4
    """
    unwrapped = unwrap(source)
    return parse_kind(unwrapped, detect_kind(unwrapped), layer=layer)


def parse_kind(source: Source, kind: Kind, *, layer: str | None = None) -> RawTable:
    """Read an unwrapped file of a kind that is known.

    Raises
    ------
    DataError
        If it cannot be read as a table.
    """
    options = {"layer": layer} if kind in LAYERED else {}
    return load_reader(kind).read(source, **options)


def load_reader(kind: Kind) -> ModuleType:
    """Load the module that reads a kind."""
    return import_module(f"data.readers.{READERS[kind]}")
