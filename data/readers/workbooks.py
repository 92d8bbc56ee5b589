"""Reader of Excel and OpenDocument workbooks: the first worksheet with a table, or the one asked for."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import python_calamine as calamine

from data.errors import DataError, FileRefusedError
from data.readers.archives import ZIP, Archive
from data.readers.layers import choose_layer
from data.readers.table import (
    MAX_CELLS,
    RawTable,
    find_filled_rows,
    find_header,
    make_text_frame,
    name_columns,
)
from data.readers.totals import TOTAL, find_totals

if TYPE_CHECKING:
    from data.readers.table import InputFile

_OVERLAP = 64  # bytes shared by successive pieces of a worksheet, so that no cell is cut in two
_PROLOGUE = 1024  # bytes within which an XML file would define entities
_CELL = re.compile(rb"""<(?:\w+:)?c [^>]{0,40}?r=["']([A-Z]{1,3})([0-9]{1,7})["']""")
_HEAD_ROWS = 50
_PANIC = "PanicException"  # raised by calamine on some damaged files; its class cannot be imported
_WORKBOOK = "xl/workbook.xml"

Cell = str | float | bool | dt.datetime | dt.date | dt.time | dt.timedelta


class _Sheet(NamedTuple):
    name: str
    rows: list[list[str]]


def read_file(source: InputFile, *, layer: str | None = None) -> RawTable:
    """Read one worksheet of an XLSX, XLS or ODS workbook.

    Parameters
    ----------
    source
        The workbook.
    layer
        The worksheet's name; by default the first one that is not empty.

    Returns
    -------
    RawTable
        Dates as ISO text, whole numbers without a decimal point; ``layers`` are the worksheets' names.

    Raises
    ------
    FileRefusedError
        If the workbook is damaged, encrypted, too large, or empty.
    LayerError
        If it has no worksheet of that name.
    """
    kind = "xls"
    if source.content.startswith(ZIP):
        archive = Archive(source)
        kind = "xlsx" if _WORKBOOK in archive.names else "ods"
        _refuse_unsafe(source, archive)
    try:
        workbook = calamine.CalamineWorkbook.from_filelike(io.BytesIO(source.content))
        names = tuple(workbook.sheet_names)
        wanted = names if layer is None else [choose_layer(source, names, layer)]
        sheets = (_Sheet(name, _read_rows(workbook, name)) for name in wanted)
        sheet = next((sheet for sheet in sheets if any(map(any, sheet.rows))), None)
    except calamine.PasswordError:
        raise FileRefusedError(
            "{name} is protected by a password: save it without one.", name=source.name
        ) from None
    except DataError:
        raise
    except (calamine.CalamineError, ValueError, OverflowError) as error:
        raise _damaged(source) from error
    except BaseException as error:
        if type(error).__name__ != _PANIC:
            raise
        raise _damaged(source) from error
    if sheet is None:
        raise FileRefusedError("{name} is empty: check the export.", name=source.name)
    return _assemble(source, sheet, names, kind)


def _damaged(source: InputFile) -> FileRefusedError:
    return FileRefusedError("{name} is a damaged workbook: open it and save it again.", name=source.name)


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


def _assemble(source: InputFile, sheet: _Sheet, names: tuple[str, ...], kind: str) -> RawTable:
    header = find_header(sheet.rows[:_HEAD_ROWS])
    used = max(index + 1 for row in sheet.rows for index, cell in enumerate(row) if cell)
    below = sheet.rows[header + 1 :]
    cells = list(zip(*below, strict=True)) if below else [()] * used
    frame = make_text_frame(
        dict(zip(name_columns(sheet.rows[header][:used]), cells, strict=False)), len(below)
    )
    kept = np.flatnonzero(find_filled_rows(frame))
    frame = frame.iloc[kept].reset_index(drop=True)
    totals = find_totals(frame)
    return RawTable(
        name=source.name,
        kind=kind,
        frame=frame,
        row_numbers=kept.astype(np.int64) + header + 2,
        faults={TOTAL: totals} if len(totals) else {},
        layers=names,
        layer=sheet.name if len(names) > 1 else None,
    )


def _refuse_unsafe(source: InputFile, archive: Archive) -> None:
    """Refuse, before parsing, a workbook that would not fit into memory or that defines entities."""
    for name in archive.names:
        if not name.endswith((".xml", ".rels")):
            continue
        is_sheet = name.startswith("xl/worksheets/")
        last_row = last_column = 1
        tail = b""
        for piece in archive.pieces(name):
            if not tail and b"<!DOCTYPE" in piece[:_PROLOGUE]:
                raise FileRefusedError(
                    "{name} defines entities, as no workbook does: save it anew.", name=source.name
                )
            if not is_sheet:
                break
            found = _CELL.findall(tail + piece)
            last_row = max([last_row, *(int(row) for _, row in found)])
            last_column = max([last_column, *map(_column_number, {letters for letters, _ in found})])
            tail = piece[-_OVERLAP:]
        if last_row * last_column > MAX_CELLS:
            raise FileRefusedError(
                "{name} has a cell far from its table (row {last_row}, column {last_column}): copy the "
                "table into a new workbook and import that.",
                name=source.name,
                last_row=last_row,
                last_column=last_column,
            )


def _column_number(letters: bytes) -> int:
    """Convert a column's letters to its number, A = 1."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
