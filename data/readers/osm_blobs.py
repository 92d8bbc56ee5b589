"""Completeness check for OpenStreetMap extracts, which GDAL reads without complaint even when truncated.

Follows the PBF format (https://wiki.openstreetmap.org/wiki/PBF_Format): four bytes with the size of a blob
header, the header with the size of its blob, then the blob.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING
from xml.parsers import expat

from data.readers.gdal import make_damaged_error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from data.readers.table import InputFile

_MOST_HEADER, _MOST_BLOB = 64 * 1024, 32 * 1024**2  # bytes; limits of the format
_VARINT, _BYTES = 0, 2  # types of fields
_DATASIZE, _PACKED = 3, 3  # field numbers in a header and in a blob
_FIELD_BITS, _MOST_BITS = 3, 63


class _BrokenError(Exception):
    """The bytes are not a valid message; never raised outside this module."""


def require_whole_extract(source: InputFile) -> None:
    """Refuse an extract that is truncated or damaged.

    Raises
    ------
    FileRefusedError
        If it is.
    """
    try:
        if source.content.lstrip()[:1] == b"<":
            expat.ParserCreate().Parse(source.content, True)
            return
        for blob in _blobs(source.content):
            _check_blob(blob)
    except (_BrokenError, expat.ExpatError, zlib.error) as error:
        raise make_damaged_error(source) from error


def _blobs(content: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(content):
        start = at + 4
        end = start + int.from_bytes(content[at:start], "big")
        if not start < end <= min(len(content), start + _MOST_HEADER):
            raise _BrokenError
        size = dict(_fields(content[start:end])).get(_DATASIZE)
        if not isinstance(size, int) or not 0 < size <= min(_MOST_BLOB, len(content) - end):
            raise _BrokenError
        at = end + size
        yield content[end:at]


def _check_blob(blob: bytes) -> None:
    packed = dict(_fields(blob)).get(_PACKED)
    if not isinstance(packed, bytes):  # stored uncompressed, or compressed by another method
        return
    work = zlib.decompressobj()
    work.decompress(packed, _MOST_BLOB)
    if not work.eof:
        raise _BrokenError


def _fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Split a message into field numbers and values."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        number, kind = key >> _FIELD_BITS, key & 7
        value, at = _varint(message, at)
        if kind == _VARINT:
            yield number, value
        elif kind == _BYTES and at + value <= len(message):
            yield number, message[at : at + value]
            at += value
        else:
            raise _BrokenError


def _varint(message: bytes, at: int) -> tuple[int, int]:
    """Read a variable-length integer; return it and the position after it."""
    value = 0
    for shift in range(0, _MOST_BITS, 7):
        if at >= len(message):
            break
        byte = message[at]
        value, at = value | (byte & 127) << shift, at + 1
        if byte < 128:  # noqa: PLR2004 - the eighth bit says that more follow
            return value, at
    raise _BrokenError
