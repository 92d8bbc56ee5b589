"""Reader of zipped shapefiles, whose parts are repacked under fixed names."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from data.errors import FileRefusedError
from data.readers.archives import Archive
from data.readers.gdal import read_layer
from data.readers.layers import choose_layer, offer_layers

if TYPE_CHECKING:
    from data.readers.table import InputFile, RawTable

_PARTS = ("shp", "shx", "dbf", "prj")
_NEEDED = ("shp", "shx", "dbf")
_OURS = "layer"
_DBF_HEAD = 32  # bytes of the header before a table's field names and cells
_MAGIC = b"\x00\x00\x27\x0a"
_ENCODING = re.compile(r"(?:UTF-?8|(?:ISO[-_ ]?)?8859-?\d{1,2}|(?:ANSI |CP|WINDOWS-)?\d{3,5})", re.IGNORECASE)


def read_file(source: InputFile, *, layer: str | None = None) -> RawTable:
    """Read one shapefile from a zip archive.

    Parameters
    ----------
    source
        The archive, with .shp, .shx and .dbf, and ideally .prj (CRS) and .cpg (encoding), in any folder.
    layer
        The shapefile's name without extension, if there are several.

    Returns
    -------
    RawTable
        With geometry. Without .cpg, text that is valid UTF-8 is read as UTF-8, other text as Windows-1252.

    Raises
    ------
    FileRefusedError
        If a part is missing or damaged.
    LayerError
        If there are several shapefiles and none is chosen, or there is none of that name.
    """
    archive = Archive(source)
    parts: dict[str, dict[str, str]] = {}
    for name in archive.names:
        path = PurePosixPath(name)
        parts.setdefault(str(path.with_suffix("")).lower(), {})[path.suffix.lower().lstrip(".")] = name
    found = {PurePosixPath(files["shp"]).stem: files for files in parts.values() if "shp" in files}
    names = tuple(found)
    chosen = choose_layer(source, names, layer)
    files = found[chosen]
    missing = [part for part in _NEEDED if part not in files]
    if missing:
        raise FileRefusedError(
            "{name} is missing the .{part} file of the shapefile: pack .shp, .shx, .dbf and .prj together.",
            name=source.name,
            part=missing[0],
        )
    content = {part: archive.read(files[part]) for part in _PARTS if part in files}
    if not content["shp"].startswith(_MAGIC):
        raise FileRefusedError("{name} contains a damaged shapefile: export it again.", name=source.name)
    stated = archive.read(files["cpg"]) if "cpg" in files else b""
    content["cpg"] = _encoding(stated, content["dbf"]).encode()
    raw = read_layer(source, "shapefile", _pack(content), _OURS)
    return offer_layers(raw, names, chosen)


def _encoding(stated: bytes, table: bytes) -> str:
    """Return the encoding of a shapefile's table: as stated, else guessed from its bytes."""
    text = stated.decode("ascii", errors="ignore").strip()
    cells = table[_DBF_HEAD:]
    try:
        cells.decode("utf-8")
        found = "UTF-8"
    except UnicodeDecodeError:  # the last letter may be cut, but with no other multi-byte one it is not UTF-8
        found = "1252" if cells.decode("utf-8", errors="ignore").isascii() else "UTF-8"
    is_wrong = text.upper().startswith("UTF") and found == "1252"
    return text if _ENCODING.fullmatch(text) and not is_wrong else found


def _pack(content: dict[str, bytes]) -> bytes:
    """Pack the parts, and nothing else, into a new archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for part, data in content.items():
            archive.writestr(f"{_OURS}.{part}", data)
    return buffer.getvalue()
