"""The raw table of text that every reader returns, with nothing interpreted yet."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from data.errors import FileRefusedError
from data.readers.limits import get_settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

MAX_CELLS = 50_000_000
"""Most cells (rows times columns) in one table."""

MAX_COLUMNS = 2_000
"""Most columns in one table; a file with more is not a table of records."""

GEOMETRY = "geometry"
"""Name under which a refused row's geometry is kept."""

SURPLUS = "(more)"
"""Name under which a refused row's cells beyond the header's last column are kept."""


@dataclass(frozen=True)
class InputFile:
    """A file's bytes and original name; the name is only shown, never opened.

    Parameters
    ----------
    name
        File name without folders.
    content
        The whole file.
    """

    name: str
    content: bytes = field(repr=False)

    @classmethod
    def from_path(cls, path: Path) -> InputFile:
        """Read a file from disk.

        Raises
        ------
        FileRefusedError
            If it does not exist, cannot be read, or is larger than the settings allow.
        """
        try:
            if path.exists() and not path.is_file():
                raise FileRefusedError("{path} is a folder or a device: name a file.", path=path)
            with path.open("rb") as file:
                refuse_large_file(path.name, os.fstat(file.fileno()).st_size)
                return cls(path.name, file.read())
        except OSError as error:
            reason = (error.strerror or "unknown reason").lower()
            raise FileRefusedError(
                "The file {path} cannot be read ({reason}): check its name and folder.",
                path=path,
                reason=reason,
            ) from error

    @classmethod
    def of(cls, source: InputFile | Path) -> InputFile:
        """Return an input file as it is, or read it from a path."""
        return source if isinstance(source, InputFile) else cls.from_path(source)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the content."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class RawTable:
    """A file as one table of text.

    Parameters
    ----------
    name
        The file's name, for messages.
    kind
        ``csv``, ``xlsx``, ``xls``, ``ods``, ``geojson``, ``shapefile``, ``geopackage``, ``kml``, ``gpx`` or
        ``parquet``.
    frame
        Text columns (n rows on a RangeIndex); missing only where the file has no value.
    row_numbers
        Each row's number as shown in the file: the line of a CSV, the row of a worksheet, else
        the position of the feature or row, counted from 1.
    geometry
        WKB of each row in ``crs``, None where a row has none; None for file types without geometry.
    crs
        CRS of ``geometry``; None if the file does not state it and the coordinates cannot be degrees.
    faults
        Reason code → positions of the rows that the reader could not interpret, and of totals below the
        table; these are kept so that every row of the file is counted.
    leftovers
        Position of a faulty row → its text that fits no column, by a name of its own.
    layers
        The file's worksheets or layers; empty if there is only one.
    layer
        The one that was read; None if there is only one.
    """

    name: str
    kind: str
    frame: pd.DataFrame
    row_numbers: NDArray[np.int64]
    geometry: NDArray[np.object_] | None = None
    crs: str | None = None
    faults: Mapping[str, NDArray[np.int64]] = field(default_factory=dict)
    leftovers: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    layers: tuple[str, ...] = ()
    layer: str | None = None

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.frame)

    @property
    def columns(self) -> list[str]:
        """Names of the columns, as in the file."""
        return list(self.frame.columns)

    @property
    def layout(self) -> str:
        """Hash of the column names and their order, by which a mapping is remembered."""
        names = "\x1f".join([self.kind, *self.columns])
        return hashlib.blake2b(names.encode(), digest_size=8).hexdigest()


def refuse_large_file(name: str, n_bytes: int) -> None:
    """Refuse a file that is larger than the settings allow.

    Raises
    ------
    FileRefusedError
        If it is.
    """
    limit = get_settings().max_file_mb
    if n_bytes > limit * 1024**2:
        raise FileRefusedError(
            "{name} has {size_mb:,.0f} MB, more than the {limit:,} MB that are read: split it and "
            "import the parts, or raise SAMBANG_MAX_FILE_MB.",
            name=name,
            size_mb=n_bytes / 1024**2,
            limit=limit,
        )


def name_columns(cells: Sequence[str]) -> list[str]:
    """Name a table's columns after the cells of its header, making each name unique.

    Examples
    --------
    >>> name_columns(["nama", " ", "nama"])
    ['nama', 'column_2', 'nama_2']
    """
    names: dict[str, None] = {}
    counts: dict[str, int] = {}
    for number, cell in enumerate(cells, start=1):
        base = name = " ".join(cell.split()) or f"column_{number}"
        while name in names:
            counts[base] = counts.get(base, 1) + 1
            name = f"{base}_{counts[base]}"
        names[name] = None
    return list(names)


def find_header(rows: Sequence[Sequence[str]]) -> int:
    """Find the header below a table's title lines.

    Parameters
    ----------
    rows
        The cells of the file's first rows, "" where empty.

    Returns
    -------
    int
        Position of the first row that fills more than half of the columns that these rows usually have.

    Examples
    --------
    >>> find_header([["Laporan bulan Januari"], ["id", "lon", "lat"], ["1", "111.4", "-7.4"]])
    1
    """
    filled = [sum(bool(cell.strip()) for cell in row) for row in rows]
    widths = [n for n in filled if n]
    if not widths:
        return 0
    usual = float(np.median(widths))
    return next(position for position, n in enumerate(filled) if n > usual / 2)


def find_filled_rows(frame: pd.DataFrame) -> NDArray[np.bool_]:
    """Find the rows that have at least one filled cell.

    Returns
    -------
    numpy.ndarray
        n booleans, True where a cell holds more than white space.
    """
    filled = np.zeros(len(frame), dtype=bool)
    for column in frame.columns:
        rest = ~filled
        if not rest.any():
            break
        values = frame[column].array[rest]
        filled[rest] = (pd.Series(values).str.strip().fillna("") != "").to_numpy()
    return filled


def make_text_frame(columns: Mapping[str, Sequence[str | None]], n_rows: int) -> pd.DataFrame:
    """Make a frame of text from lists of ``n_rows`` values each; "" becomes missing."""
    return pd.DataFrame(
        {name: pd.array([cell or None for cell in cells], dtype="str") for name, cells in columns.items()},
        index=pd.RangeIndex(n_rows),
    )
