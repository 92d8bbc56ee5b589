"""OpenStreetMap extracts made in memory: the few messages of PBF that nodes and ways take, and the XML form.

After the format's description (https://wiki.openstreetmap.org/wiki/PBF_Format): blobs of at most 8,000
entities, nodes as differences in 100 nanodegrees, tags as numbers of texts in a table of each block.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    Place = tuple[float, float]
    Way = tuple[Sequence[int], Mapping[str, str]]

_AT_ONCE = 8_000
_STEPS = 10_000_000  # of a degree, as the format has them by default


def make_pbf(nodes: Sequence[Place], ways: Sequence[Way]) -> bytes:
    """Write nodes (longitude, latitude; numbered from 1) and ways (numbers of nodes, tags)."""
    features = b"".join(_text(4, name) for name in ("OsmSchema-V0.6", "DenseNodes"))
    blobs = [_blob("OSMHeader", features)]
    blobs += [
        _blob("OSMData", write(rows[first : first + _AT_ONCE], first + 1))
        for rows, write in ((nodes, _node_block), (ways, _way_block))
        for first in range(0, len(rows), _AT_ONCE)
    ]
    return b"".join(blobs)


def make_osm_xml(nodes: Sequence[Place], ways: Sequence[Way]) -> bytes:
    """Write the same as XML."""
    points = [f'<node id="{i}" lon="{x}" lat="{y}"/>' for i, (x, y) in enumerate(nodes, start=1)]
    lines = [
        f'<way id="{i}">{"".join(f"<nd ref={quoteattr(str(ref))}/>" for ref in refs)}'
        + "".join(f"<tag k={quoteattr(key)} v={quoteattr(value)}/>" for key, value in tags.items())
        + "</way>"
        for i, (refs, tags) in enumerate(ways, start=1)
    ]
    return f'<?xml version="1.0"?><osm version="0.6">{"".join([*points, *lines])}</osm>'.encode()


def _blob(kind: str, content: bytes) -> bytes:
    blob = _number(2, len(content)) + _bytes(3, zlib.compress(content, 1))
    header = _text(1, kind) + _number(3, len(blob))
    return len(header).to_bytes(4, "big") + header + blob


def _node_block(nodes: Sequence[Place], first: int) -> bytes:
    steps = [[round(value * _STEPS) for value in column] for column in zip(*nodes, strict=True)]
    ids = _packed(1, _differences(range(first, first + len(nodes))))
    lon, lat = (_packed(field, _differences(column)) for field, column in zip((9, 8), steps, strict=True))
    return _block([b""], _bytes(2, ids + lat + lon))


def _way_block(ways: Sequence[Way], first: int) -> bytes:
    texts: dict[str, int] = {"": 0}
    written = []
    for number, (refs, tags) in enumerate(ways, start=first):
        tagged = b""
        for field, part in ((2, tags.keys()), (3, tags.values())):
            known = [texts.setdefault(text, len(texts)) for text in part]
            tagged += _bytes(field, b"".join(map(_varint, known)))
        written.append(_bytes(3, _number(1, number) + tagged + _packed(8, _differences(refs))))
    return _block([text.encode() for text in texts], b"".join(written))


def _block(texts: Iterable[bytes], group: bytes) -> bytes:
    return _bytes(1, b"".join(_bytes(1, text) for text in texts)) + _bytes(2, group)


def _differences(values: Iterable[int]) -> list[int]:
    listed = list(values)
    return [value - before for value, before in zip(listed, [0, *listed[:-1]], strict=True)]


def _packed(field: int, values: Iterable[int]) -> bytes:
    return _bytes(field, b"".join(_varint(2 * value if value >= 0 else -2 * value - 1) for value in values))


def _text(field: int, value: str) -> bytes:
    return _bytes(field, value.encode())


def _bytes(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(value)) + value


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _varint(value: int) -> bytes:
    parts = []
    while value > 127:
        parts.append(value & 127 | 128)
        value >>= 7
    return bytes([*parts, value])
