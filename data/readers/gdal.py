"""GDAL, restricted to the formats needed and to data in memory.

GDAL opens a file with whichever driver recognises its content, and some formats refer to other files or
addresses. ``data.readers.drivers.ENVIRONMENT`` must therefore exclude all other drivers before a process
loads GDAL; otherwise nothing is read.
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

_FILE_NAMING = ("EXTENSION", "PARAMETERFILE", "NADGRIDS", "@")  # in a CRS, may make it open other files


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
        The original file, for its name.
    kind
        ``shapefile`` or ``geopackage``.
    content
        The bytes that GDAL reads.
    layer
        One of ``list_layers``.

    Returns
    -------
    RawTable
        Text columns; the CRS as ``EPSG:n``, or as WKT where it has no EPSG code.

    Raises
    ------
    FileRefusedError
        If it is damaged, or too large.
    """
    facts = call_gdal(source, pyogrio.read_info, content, layer=layer, force_feature_count=True)
    if facts["features"] * max(1, len(facts["fields"])) > MAX_CELLS:
        raise FileRefusedError(
            "{name} has {n:,} features: split it and import the parts.", name=source.name, n=facts["features"]
        )
    meta, table = call_gdal(source, pyogrio.raw.read_arrow, content, layer=layer)
    n_fields = len(meta["fields"])
    try:
        table.validate(full=True)
        frame = table_to_text(table.select(range(n_fields)))
    except (pa.ArrowException, ValueError) as error:  # ValueError: column names that are not valid text
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
    """Raise an error if GDAL could read more formats than it should."""
    if not set(pyogrio.list_drivers()) <= allowed:
        raise RuntimeError(
            f"GDAL was loaded with more drivers than {sorted(allowed)}: read in a worker process"
        )


def call_gdal(source: InputFile, function: Any, content: bytes, **options: Any) -> Any:
    """Call GDAL, and turn any error about the file into a one-sentence message.

    Raises
    ------
    FileRefusedError
        If GDAL cannot read it.
    """
    require_few_drivers()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about harmless oddities of the file
            return function(content, **options)
    except (RuntimeError, ValueError, UnboundLocalError, pa.ArrowException) as error:  # pyogrio, on odd CRSs
        raise make_damaged_error(source) from error


def _crs(source: InputFile, text: str) -> str:
    """Return the CRS as an EPSG code, or as WKT that refers to no other file."""
    if text.startswith("EPSG:"):
        return text
    if any(sign in text.upper() for sign in _FILE_NAMING):
        raise FileRefusedError(
            "{name} uses a coordinate reference system that needs other files: export it in EPSG:4326.",
            name=source.name,
        )
    return text


def make_damaged_error(source: InputFile) -> FileRefusedError:
    """Make the error for a file that GDAL cannot read."""
    return FileRefusedError(
        "{name} is damaged or not the kind of file it appears to be: export it again.", name=source.name
    )
