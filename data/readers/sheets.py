"""Excel workbooks (.xlsx): the first sheet that holds a table, or the one asked for."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
import zlib
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import python_calamine as calamine

from data.errors import FileRefusedError
from data.readers.table import (
    MAX_RATIO,
    MAX_UNPACKED_BYTES,
    RawTable,
    find_filled_rows,
    find_header,
    name_columns,
    text_frame,
)

if TYPE_CHECKING:
    from data.readers.table import Source

_MAX_CELLS = 50_000_000  # of a sheet's rectangle: calamine holds it whole, empty cells too
_MAX_MEMBERS = 10_000
_PIECE, _OVERLAP = 1 << 22, 64  # bytes of a sheet that are looked through at a time
_CELL = re.compile(rb'<c [^>]{0,40}?r="([A-Z]{1,3})([0-9]{1,7})"')
_HEAD_ROWS = 50

Cell = str | float | bool | dt.datetime | dt.date | dt.time | dt.timedelta


class _Sheet(NamedTuple):
    name: str
    rows: list[list[str]]


def read_sheets(source: Source, *, layer: str | None = None) -> RawTable:
    """Read one sheet of an XLSX workbook.

    Parameters
    ----------
    source
        The workbook.
    layer
        The sheet's name; without it the first sheet that holds anything.

    Returns
    -------
    RawTable
        Dates as ISO text, whole numbers without a decimal point; ``layers`` are the sheets' names.

    Raises
    ------
    FileRefusedError
        If the workbook is damaged, encrypted, larger than can be read, empty, or has no such sheet.
    """
    _refuse_bomb(source)
    try:
        workbook = calamine.CalamineWorkbook.from_filelike(io.BytesIO(source.content))
        names = tuple(workbook.sheet_names)
        if layer is not None and layer not in names:
            raise FileRefusedError(
                f"{source.name} has no sheet '{layer}': its sheets are {', '.join(names)}."
            )
        sheets = (_Sheet(name, _read_rows(workbook, name)) for name in ([layer] if layer else names))
        sheet = next((sheet for sheet in sheets if any(map(any, sheet.rows))), None)
    except calamine.PasswordError:
        raise FileRefusedError(f"{source.name} is protected by a password: save it without one.") from None
    except (calamine.CalamineError, ValueError) as error:
        if isinstance(error, FileRefusedError):
            raise
        raise FileRefusedError(f"{source.name} is a damaged workbook: open it and save it again.") from error
    if sheet is None:
        raise FileRefusedError(f"{source.name} is empty: check the export.")
    return _assemble(source, sheet, names)


def _read_rows(workbook: calamine.CalamineWorkbook, name: str) -> list[list[str]]:
    rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    return [[_to_text(cell) for cell in row] for row in rows]


def _to_text(cell: Cell) -> str:
    """Write a cell as text: what a person would type to get the same value."""
    if isinstance(cell, str):
        return cell.replace("\x00", "")
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, dt.datetime | dt.date | dt.time):
        return cell.isoformat()
    return str(cell)


def _assemble(source: Source, sheet: _Sheet, names: tuple[str, ...]) -> RawTable:
    header = find_header(sheet.rows[:_HEAD_ROWS])
    used = max(index + 1 for row in sheet.rows for index, cell in enumerate(row) if cell)
    below = sheet.rows[header + 1 :]
    cells = list(zip(*below, strict=True)) if below else [()] * used
    frame = text_frame(dict(zip(name_columns(sheet.rows[header][:used]), cells, strict=False)), len(below))
    kept = np.flatnonzero(find_filled_rows(frame))
    return RawTable(
        name=source.name,
        kind="xlsx",
        frame=frame.iloc[kept].reset_index(drop=True),
        row_numbers=kept.astype(np.int64) + header + 2,
        layers=names,
    )


def _refuse_bomb(source: Source) -> None:
    """Refuse, before it is parsed, a workbook that would not fit into memory."""
    try:
        with zipfile.ZipFile(io.BytesIO(source.content)) as archive:
            members = archive.infolist()
            size = sum(member.file_size for member in members)
            limit = min(MAX_UNPACKED_BYTES, MAX_RATIO * len(source.content))
            if size > limit or len(members) > _MAX_MEMBERS:
                raise FileRefusedError(
                    f"{source.name} unpacks to {size // 1024**2} MB, too much for a table: "
                    "split it and import the parts."
                )
            for member in members:
                if member.filename.startswith("xl/worksheets/") and member.filename.endswith(".xml"):
                    _refuse_far_cells(source, archive, member)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error) as error:
        raise FileRefusedError(f"{source.name} is a damaged workbook: open it and save it again.") from error


def _refuse_far_cells(source: Source, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    last_row = last_column = 1
    with archive.open(member) as sheet:
        tail = b""
        while piece := sheet.read(_PIECE):
            found = _CELL.findall(tail + piece)
            last_row = max([last_row, *(int(row) for _, row in found)])
            last_column = max([last_column, *map(_column_number, {letters for letters, _ in found})])
            tail = piece[-_OVERLAP:]
    if last_row * last_column > _MAX_CELLS:
        raise FileRefusedError(
            f"{source.name} has a cell far from its table (row {last_row}, column {last_column}): "
            "copy the table into a new workbook and import that."
        )


def _column_number(letters: bytes) -> int:
    """Give a column's number from its letters, A = 1."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
