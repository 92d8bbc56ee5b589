"""What kind of file it is, told by its content and never by its name."""

from __future__ import annotations

import codecs
import gzip
import io
import zipfile
import zlib
from typing import Literal

from data.errors import FileRefusedError
from data.readers.table import MAX_RATIO, MAX_UNPACKED_BYTES, Source

Kind = Literal["csv", "xlsx", "geojson"]

_ADVICE = "save it as CSV, XLSX or GeoJSON and import that"
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\xd0\xcf\x11\xe0", "an old or password-protected Office file"),
    (b"SQLite format 3\x00", "a GeoPackage or another database"),
    (b"PAR1", "a Parquet file"),
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"BZh", "a bzip2 archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
)
_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"
_XLSX_MEMBER = "xl/workbook.xml"


def unpack(source: Source) -> Source:
    """Take a gzip wrapping off, if there is one.

    Raises
    ------
    FileRefusedError
        If it is damaged, or grows beyond what a table can be.
    """
    if not source.content.startswith(_GZIP):
        return source
    limit = min(MAX_UNPACKED_BYTES, MAX_RATIO * len(source.content))
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(source.content)) as packed:
            content = packed.read(limit + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise FileRefusedError(
            f"{source.name} is a damaged gzip file: export or download it again."
        ) from error
    if len(content) > limit:
        raise FileRefusedError(
            f"{source.name} unpacks to more than {limit // 1024**2} MB: split the table and import the parts."
        )
    return Source(source.name, content)


def detect_kind(source: Source) -> Kind:
    """Tell the kind of an unpacked file.

    Returns
    -------
    str
        ``csv``, ``xlsx`` or ``geojson``.

    Raises
    ------
    FileRefusedError
        If it is of no kind that can be read; the sentence says what it is and what to do.

    Examples
    --------
    >>> detect_kind(Source("visits.xlsx", b"id;lon;lat"))
    'csv'
    """
    content = source.content
    for magic, what in _MAGIC:
        if content.startswith(magic):
            raise FileRefusedError(f"{source.name} is {what}, which cannot be read: {_ADVICE}.")
    if content.startswith(_ZIP):
        return _detect_archive(source)
    start = content[:4096].removeprefix(codecs.BOM_UTF8).lstrip()
    if not start:
        raise FileRefusedError(f"{source.name} is empty: check the export.")
    if start.startswith(b"{"):
        return "geojson"
    if start.startswith(b"<"):
        raise FileRefusedError(f"{source.name} is an XML or HTML file, which cannot be read: {_ADVICE}.")
    return "csv"


def _detect_archive(source: Source) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(source.content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise FileRefusedError(f"{source.name} is a damaged archive: export or download it again.") from error
    if _XLSX_MEMBER in names:
        return "xlsx"
    raise FileRefusedError(f"{source.name} is an archive but not an XLSX workbook: {_ADVICE}.")
