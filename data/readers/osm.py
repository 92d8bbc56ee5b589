"""Reader of the roads in OpenStreetMap extracts, as PBF or XML.

When GDAL opens an extract, it first reads its own configuration file for the format. The worker therefore
opens the extract before it enters the sandbox, and parses it afterwards.
"""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError

from data.errors import FileRefusedError
from data.readers.arrow_text import table_to_text
from data.readers.drivers import DRIVERS, OSM_DRIVER
from data.readers.gdal import make_damaged_error, require_few_drivers
from data.readers.osm_blobs import require_whole_extract
from data.readers.shapes import WGS84, normalise_wkb
from data.readers.table import RawTable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from data.readers.table import InputFile

CLASS_TAG = "highway"
"""The tag that marks a line as a road and holds its class."""

_LINES = "lines"


@contextmanager
def open_extract(source: InputFile) -> Iterator[Callable[[], RawTable]]:
    """Open an extract, and yield a function that reads its roads, once.

    Raises
    ------
    FileRefusedError
        If it is damaged or has no roads.
    """
    require_few_drivers(DRIVERS | {OSM_DRIVER})
    try:
        with (
            warnings.catch_warnings(),
            pyogrio.raw.open_arrow(
                source.content,
                layer=_LINES,
                columns=[CLASS_TAG],
                where=f"{CLASS_TAG} IS NOT NULL",
                use_pyarrow=True,
            ) as (meta, reader),
        ):
            warnings.simplefilter("ignore")  # about harmless oddities of the file
            yield lambda: _read(source, reader, len(meta["fields"]))
    except (DataSourceError, DataLayerError, pa.ArrowException) as error:
        raise make_damaged_error(source) from error


def _read(source: InputFile, reader: pa.RecordBatchReader, n_fields: int) -> RawTable:
    require_whole_extract(source)
    table = reader.read_all()
    if not len(table):
        raise FileRefusedError(
            "{name} holds no roads: export an extract of the unit's area.", name=source.name
        )
    wkb = np.full(len(table), None, dtype=object)
    wkb[:] = table.column("wkb_geometry").to_pylist()
    shapes = normalise_wkb(wkb)
    names = [name for name in table.column_names if name == CLASS_TAG][:n_fields]
    return RawTable(
        name=source.name,
        kind="osm",
        frame=table_to_text(table.select(names)),
        row_numbers=np.arange(1, len(table) + 1),
        geometry=shapes.wkb,
        crs=WGS84,
        faults=shapes.faults,
    )
