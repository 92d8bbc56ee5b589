"""Files that were whole once."""

from __future__ import annotations

import gzip
import io
import zipfile
from typing import NamedTuple

from hypothesis import strategies as st

from tests.data.files import (
    FILES,
    make_csv,
    make_geopackage,
    make_gpx,
    make_kmz,
    make_parquet,
    make_shapefile,
)

_WORDS = (
    b"", b"\x00", b'"', b"'", b"\n", b"\r", b";", b",", b"\t", b"\xff\xfe", b"\xef\xbb\xbf", b"<", b">",
    b"&", b"{", b"]", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"<![CDATA[", b"-->", b"1e999", b"-1e-999",
    b"9" * 400, b"NaN", b"Infinity", b'r="XFD1048576"', b'r="A999999999"',
    b'number-rows-repeated="99999999" ', b'number-columns-repeated="16384" ',
    b"EPSG:99999", b"PAR1", b"PK\x03\x04",
    b"PK\x01\x02", b"\xff\xff\xff\x7f", b"\x00\x00\x00\x80", b"\xff" * 8, b"Jumlah;1;;\n", b"sep=|\n",
    b"</Placemark>", b'{"type": "Feature"}', b"\xed\xa0\x80", b"../", b"layer\n",
)  # fmt: skip
_LARGEST = 300_000


class Mutant(NamedTuple):
    """A broken file, and what it was."""

    kind: str
    content: bytes


def _seeds() -> dict[str, bytes]:
    return {kind: make() for kind, make in FILES.items()} | {
        "csv semicolon": make_csv(delimiter=";", encoding="utf-16"),
        "csv cp1252": make_csv(delimiter="\t", encoding="cp1252"),
        "csv gzip": gzip.compress(make_csv()),
        "kmz": make_kmz(),
        "gpx track": make_gpx("trkpt"),
        "parquet plain": make_parquet(None),
        "shapefile degrees": make_shapefile("EPSG:4326", encoding="cp1252", without=".cpg"),
        "geopackage layers": make_geopackage("a", "b"),
    }


SEEDS = _seeds()

_CHANGES = st.tuples(
    st.sampled_from(["put", "put", "over", "over", "cut", "twice", "move", "flip"]),
    st.floats(0, 1),
    st.floats(0, 1),
    st.sampled_from(_WORDS) | st.binary(max_size=12),
)


def _change(content: bytes, change: tuple[str, float, float, bytes]) -> bytes:
    how, where, length, word = change
    at = int(where * len(content))
    end = at + int(length**4 * (len(content) - at))
    match how:
        case "put":
            return content[:at] + word + content[at:]
        case "over":
            return content[:at] + word + content[at + len(word) :]
        case "cut":
            return content[:at] + content[end:]
        case "twice":
            return content[:end] + content[at:end] + content[end:]
        case "move":
            return content[:at] + content[end:] + content[at:end]
    flipped = bytes([content[at] ^ (1 << int(length * 7))]) if at < len(content) else b""
    return content[:at] + flipped + content[at + 1 :]


@st.composite
def mutants(draw: st.DrawFn) -> Mutant:
    """Draw a file with some changes: in its bytes, or within a file of its archive."""
    kind = draw(st.sampled_from(sorted(SEEDS)))
    content = SEEDS[kind]
    changes = draw(st.lists(_CHANGES, min_size=1, max_size=6))
    if content.startswith(b"PK") and draw(st.integers(0, 3)):
        content = _change_inside(content, changes, draw(st.integers(0, 30)))
    elif content.startswith(b"\x1f\x8b") and draw(st.booleans()):
        content = gzip.compress(_apply(gzip.decompress(content), changes), mtime=0)
    else:
        content = _apply(content, changes)
    return Mutant(kind, content)


def _apply(content: bytes, changes: list[tuple[str, float, float, bytes]]) -> bytes:
    for change in changes:
        content = _change(content, change)
    return content[:_LARGEST]


def _change_inside(content: bytes, changes: list[tuple[str, float, float, bytes]], number: int) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = [(name, archive.read(name)) for name in archive.namelist()]
    chosen = number % len(members)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, (name, member) in enumerate(members):
            archive.writestr(name, _apply(member, changes) if place == chosen else member)
    return buffer.getvalue()
