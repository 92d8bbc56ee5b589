"""Any supported file → one raw table of text. What kind it is, its content tells, not its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data.readers.delimited import read_delimited
from data.readers.detect import detect_kind, unpack
from data.readers.features import read_features
from data.readers.sheets import read_sheets
from data.readers.table import RawTable, Source

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["RawTable", "Source", "read_table"]


def read_table(source: Source | Path, *, layer: str | None = None) -> RawTable:
    r"""Read a CSV, XLSX or GeoJSON file as a table of text.

    Parameters
    ----------
    source
        A path, or a file's bytes with its name.
    layer
        Which sheet of a workbook; the first that holds anything without it.

    Returns
    -------
    RawTable
        Every row that has anything in it, in the file's order.

    Raises
    ------
    FileRefusedError
        If it cannot be read as a table; the sentence names the file and says what to do.

    Examples
    --------
    >>> read_table(Source("homes.csv", b"id,lon,lat\n1,111.4,-7.4\n")).frame
      id    lon   lat
    0  1  111.4  -7.4
    """
    unpacked = unpack(Source.of(source))
    match detect_kind(unpacked):
        case "csv":
            return read_delimited(unpacked)
        case "xlsx":
            return read_sheets(unpacked, layer=layer)
        case "geojson":
            return read_features(unpacked)
