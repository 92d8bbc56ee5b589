"""Dialects of delimited text: encoding, delimiter, header, and where the rows begin."""

from __future__ import annotations

import codecs
import csv
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from data.errors import FileRefusedError
from data.readers.table import MAX_COLUMNS, find_header, name_columns

if TYPE_CHECKING:
    from data.readers.table import InputFile

_DELIMITERS = (",", ";", "\t", "|")
_HEAD_CHARACTERS, _HEAD_ROWS = 65_536, 50  # how much of the start is used to find delimiter and header
_SNIFFED, _NULS_OF_UTF16 = 1024, 4  # a quarter are zero bytes; in UTF-16, half are for Latin letters
_CLEAN_ROW = r'(?:(?:"(?:[^"]|"")*"|[^"{0}\n]*)(?:{0}|\n|\Z))+'  # no quotation marks in unquoted cells
_SEP_LINE = re.compile(r"\Asep=(.)\n", re.IGNORECASE)


@dataclass(frozen=True)
class Dialect:
    """Delimiter and columns of a text, and where its rows begin."""

    delimiter: str
    columns: list[str]
    begin: int  # characters before the first row below the header
    line: int  # number of the line on which that row begins, from 1


def decode_text(source: InputFile) -> str:
    r"""Decode a file's bytes into text with ``\n`` line endings.

    Parameters
    ----------
    source
        UTF-8 with or without byte order mark, UTF-16, or else Windows-1252.

    Raises
    ------
    FileRefusedError
        If it is not text.
    """
    content = source.content
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif content[:_SNIFFED].count(b"\x00") * _NULS_OF_UTF16 > len(content[:_SNIFFED]):
        encoding = "utf-16-le" if content[1:2] == b"\x00" else "utf-16-be"
    else:
        encoding = "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = content.decode("cp1252" if encoding == "utf-8-sig" else encoding, errors="replace")
    if "\x00" in text:
        raise FileRefusedError(
            "{name} is not a text table: save it as CSV, XLSX or GeoJSON and import that.", name=source.name
        )
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def find_dialect(source: InputFile, text: str) -> Dialect:
    r"""Find the dialect of a text from its beginning.

    Parameters
    ----------
    source
        The file, for error messages.
    text
        The decoded file. A first line ``sep=;`` states the delimiter; titles above the header are skipped.

    Raises
    ------
    FileRefusedError
        If there is no header, or there are too many columns.

    Examples
    --------
    >>> from data.readers.table import InputFile
    >>> text = "Laporan Januari\nid;lon;lat\n1;111,4;-7,4\n"
    >>> find_dialect(InputFile("a.csv", b""), text)
    Dialect(delimiter=';', columns=['id', 'lon', 'lat'], begin=27, line=3)
    """
    begin = line = 0
    stated = _SEP_LINE.match(text)
    if stated:
        begin, line = stated.end(), 1
    head = text[begin : begin + _HEAD_CHARACTERS]
    delimiter = stated[1] if stated else _find_delimiter(head)
    rows = _first_rows(head, delimiter)
    if not any(any(cell.strip() for cell in row) for row, _, _ in rows):
        raise FileRefusedError("{name} is empty: check the export.", name=source.name)
    cells, end, lines = rows[find_header([row for row, _, _ in rows])]
    if len(cells) > MAX_COLUMNS:
        raise FileRefusedError(
            "{name} has {n:,} columns, more than {most:,}: it is no table of records.",
            name=source.name,
            n=len(cells),
            most=MAX_COLUMNS,
        )
    return Dialect(delimiter, name_columns(cells), begin + end, line + lines + 1)


def _find_delimiter(head: str) -> str:
    """Choose the delimiter that splits the most rows into as many cells as the header."""

    def score(delimiter: str) -> tuple[int, int]:
        rows = _first_rows(head, delimiter)
        width = len(rows[find_header([row for row, _, _ in rows])][0]) if rows else 0
        clean = re.compile(_CLEAN_ROW.format(re.escape(delimiter)))
        begins = [0, *(end for _, end, _ in rows)]
        alike = [
            row
            for begin, (row, end, _) in zip(begins, rows, strict=False)
            if len(row) == width and clean.fullmatch(head, begin, end)
        ]
        return (len(alike), width) if width > 1 else (0, 0)

    return max(_DELIMITERS, key=score)


def _first_rows(head: str, delimiter: str) -> list[tuple[list[str], int, int]]:
    """Return the first rows: their cells, and the characters and lines up to the end of each."""
    reader = csv.reader(lines := _Lines(head), delimiter=delimiter)
    rows: list[tuple[list[str], int, int]] = []
    try:
        for row in reader:
            rows.append((row, lines.characters, reader.line_num))
            if len(rows) == _HEAD_ROWS:
                break
    except csv.Error:  # a cell exceeds the csv module's limit: use what was read so far
        pass
    return rows


class _Lines:
    """Iterator over the lines of a text that counts the characters read so far."""

    def __init__(self, text: str) -> None:
        self._lines = io.StringIO(text, newline="\n")
        self.characters = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.characters += len(line)
        return line
