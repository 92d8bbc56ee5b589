"""Detection of file types from content, never from the name."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Literal, get_args

from data.errors import FileRefusedError
from data.readers.archives import ZIP, Archive
from data.readers.layers import format_names
from geo.errors import Phrase

if TYPE_CHECKING:
    from data.readers.table import InputFile

FileKind = Literal["csv", "xlsx", "xls", "ods", "geojson", "shapefile", "geopackage", "kml", "gpx", "parquet"]
FILE_KINDS: tuple[FileKind, ...] = get_args(FileKind)

_READ: tuple[tuple[bytes, FileKind], ...] = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls"),
    (b"SQLite format 3\x00", "geopackage"),
    (b"PAR1", "parquet"),
)
_REFUSED: tuple[tuple[bytes, Phrase], ...] = (
    (b"%PDF", Phrase("a PDF document")),
    (b"\x89PNG", Phrase("an image")),
    (b"\xff\xd8\xff", Phrase("an image")),
    (b"BZh", Phrase("a bzip2 archive")),
    (b"7z\xbc\xaf", Phrase("a 7-Zip archive")),
    (b"Rar!", Phrase("a RAR archive")),
    (b"PK\x05\x06", Phrase("an empty archive")),
    (b"PARE", Phrase("an encrypted Parquet file")),
)
_BARE_SHAPEFILE = b"\x00\x00\x27\x0a"
_BARE_OLE = b"\xd0\xcf\x11\xe0"
_WORKBOOK, _MIMETYPE = "xl/workbook.xml", "mimetype"
_ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_START = 4096  # characters that show what kind of text it is
_ROOT = re.compile(r"<(?![?!])(?:[\w.-]+:)?([\w.-]+)")
_MARKUP: dict[str, FileKind] = {"kml": "kml", "gpx": "gpx"}
_OSM_ROOT = "osm"
_OSM_PACKED = b"\x0a\x09OSMHeader"  # the first message of OpenStreetMap's binary format, after its length


def detect_kind(source: InputFile) -> FileKind:
    """Detect the type of an unwrapped file.

    Returns
    -------
    str
        One of ``FILE_KINDS``.

    Raises
    ------
    FileRefusedError
        If its type is not supported; the message says what it is and what to do.

    Examples
    --------
    >>> from data.readers.table import InputFile
    >>> detect_kind(InputFile("visits.xlsx", b"id;lon;lat"))
    'csv'
    """
    content = source.content
    if is_osm(source):
        raise FileRefusedError(
            "{name} is an OpenStreetMap extract, which contains roads: import it as roads.",
            name=source.name,
        )
    for magic, kind in _READ:
        if content.startswith(magic):
            return kind
    for magic, what in _REFUSED:
        if content.startswith(magic):
            raise FileRefusedError(
                "{name} is {what}, which cannot be read: save it as CSV, XLSX or GeoJSON and import that.",
                name=source.name,
                what=what,
            )
    if content.startswith(ZIP):
        return _detect_archive(source)
    if content.startswith(_BARE_SHAPEFILE):
        raise FileRefusedError(
            "{name} is only one part of a shapefile: pack its .shp, .shx, .dbf and .prj files into "
            "one zip file.",
            name=source.name,
        )
    if content.startswith(_BARE_OLE):
        raise FileRefusedError(
            "{name} is a damaged Office file: open it and save it again.", name=source.name
        )
    return _detect_text(source)


def is_osm(source: InputFile) -> bool:
    """Check whether an unwrapped file is an OpenStreetMap extract, as PBF or XML.

    Examples
    --------
    >>> from data.readers.table import InputFile
    >>> is_osm(InputFile("a", b"<?xml version='1.0'?><osm version='0.6'/>"))
    True
    """
    if source.content[4:].startswith(_OSM_PACKED):
        return True
    start = _start_of(source.content)
    root = _ROOT.search(start) if start.startswith("<") else None
    return root is not None and root[1] == _OSM_ROOT


def _detect_text(source: InputFile) -> FileKind:
    start = _start_of(source.content)
    if not start:
        raise FileRefusedError("{name} is empty: check the export.", name=source.name)
    if start.startswith("{"):
        return "geojson"
    if not start.startswith("<"):
        return "csv"
    root = _ROOT.search(start)
    name = root[1] if root else "?"
    if name in _MARKUP:
        return _MARKUP[name]
    what = (
        Phrase("a web page")
        if name.lower() in {"html", "table", "head", "body"}
        else Phrase("an unsupported kind of XML ({root})", {"root": name[:40]})
    )
    raise FileRefusedError(
        "{name} is {what}, which cannot be read: open it, save it as CSV, XLSX or GeoJSON and import that.",
        name=source.name,
        what=what,
    )


def _start_of(content: bytes) -> str:
    """Return the first characters of a text, without leading white space."""
    head = content[: 2 * _START]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head.decode("utf-16", errors="replace").lstrip()
    if head[1:2] == b"\x00" and head[:1] in b"{<":
        return head.decode("utf-16-le", errors="replace").lstrip()
    return head.decode("utf-8-sig", errors="replace").lstrip()


def _detect_archive(source: InputFile) -> FileKind:
    archive = Archive(source)
    if _WORKBOOK in archive.names:
        return "xlsx"
    if _MIMETYPE in archive.names and archive.read(_MIMETYPE).startswith(_ODS_TYPE):
        return "ods"
    endings = {name.lower().rpartition(".")[2] for name in archive.names}
    if "shp" in endings:
        return "shapefile"
    if "kml" in endings:
        return "kml"
    raise FileRefusedError(
        "{name} is an archive of {shown}, which is not a workbook, shapefile or KMZ: unpack it and "
        "import only the file you want.",
        name=source.name,
        shown=format_names(archive.names[:3]) or Phrase("nothing"),
    )
