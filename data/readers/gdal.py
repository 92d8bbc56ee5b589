"""GDAL, held to two formats and to memory.

GDAL opens a file with whichever driver recognises its content, and some formats name other files or
addresses. So the process that loads it must have been told before which drivers to leave out, by
``data.readers.drivers.ENVIRONMENT``; where it has not, nothing is read.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyogrio

from data.errors import FileRefusedError
from data.readers.arrow_text import table_to_text
from data.readers.drivers import DRIVERS
from data.readers.shapes import guess_crs, normalise_wkb
from data.readers.table import MAX_CELLS, RawTable

if TYPE_CHECKING:
    from data.readers.detect import FileKind
    from data.readers.table import InputFile

_FILE_NAMING = ("EXTENSION", "PARAMETERFILE", "NADGRIDS", "@")  # a CRS with these may have other files opened


def list_layers(source: InputFile, content: bytes) -> list[tuple[str, bool]]:
    """List a file's layers, and whether each has geometry.

    Raises
    ------
    FileRefusedError
        If GDAL cannot open it.
    """
    layers = call_gdal(source, pyogrio.list_layers, content)
    return [(str(name), kind is not None) for name, kind in layers]


def read_layer(source: InputFile, kind: FileKind, content: bytes, layer: str) -> RawTable:
    """Read one layer.

    Parameters
    ----------
    source
        The file as it came, for its name.
    kind
        ``shapefile`` or ``geopackage``.
    content
        What GDAL gets.
    layer
        One of ``list_layers``.

    Returns
    -------
    RawTable
        Text columns; the CRS as ``EPSG:n``, or as WKT where it has no number.

    Raises
    ------
    FileRefusedError
        If it is damaged, or too large.
    """
    facts = call_gdal(source, pyogrio.read_info, content, layer=layer, force_feature_count=True)
    if facts["features"] * max(1, len(facts["fields"])) > MAX_CELLS:
        raise FileRefusedError(
            "{name} has {n:,} features: import it in parts.", name=source.name, n=facts["features"]
        )
    meta, table = call_gdal(source, pyogrio.raw.read_arrow, content, layer=layer)
    n_fields = len(meta["fields"])
    try:
        table.validate(full=True)
        frame = table_to_text(table.select(range(n_fields)))
    except (pa.ArrowException, ValueError) as error:  # the latter of names that are no text
        raise make_damaged_error(source) from error
    wkb = np.full(len(table), None, dtype=object)
    if table.num_columns > n_fields:
        wkb[:] = table.column(n_fields).to_pylist()
    shapes = normalise_wkb(wkb)
    return RawTable(
        name=source.name,
        kind=kind,
        frame=frame,
        row_numbers=np.arange(1, len(table) + 1),
        geometry=shapes.wkb if meta["geometry_type"] is not None else None,
        crs=_crs(source, meta["crs"]) if meta["crs"] else guess_crs(shapes.wkb),
        faults=shapes.faults,
    )


def require_few_drivers(allowed: frozenset[str] = DRIVERS) -> None:
    """Refuse to work where GDAL could read more than it should."""
    if not set(pyogrio.list_drivers()) <= allowed:
        raise RuntimeError(
            f"GDAL was loaded with more drivers than {sorted(allowed)}: read in a worker process"
        )


def call_gdal(source: InputFile, function: Any, content: bytes, **options: Any) -> Any:
    """Call GDAL; whatever it finds wrong with the file is one sentence.

    Raises
    ------
    FileRefusedError
        If GDAL cannot read it.
    """
    require_few_drivers()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # on oddities of the file that change nothing
            return function(content, **options)
    except (RuntimeError, ValueError, UnboundLocalError, pa.ArrowException) as error:  # pyogrio's, on odd CRS
        raise make_damaged_error(source) from error


def _crs(source: InputFile, text: str) -> str:
    """Take a CRS of a number, or one that stands for itself."""
    if text.startswith("EPSG:"):
        return text
    if any(sign in text.upper() for sign in _FILE_NAMING):
        raise FileRefusedError(
            "{name} is in a coordinate reference system that needs other files: export it in EPSG:4326.",
            name=source.name,
        )
    return text


def make_damaged_error(source: InputFile) -> FileRefusedError:
    """Make the error of a file that GDAL cannot make sense of."""
    return FileRefusedError(
        "{name} is damaged, or not what it looks like: export it again.", name=source.name
    )
