"""Files that leave the program: so far the workbook of refused rows, to be corrected and imported again."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from data.errors import DataError
from data.mapping import REASONS_COLUMN, ROW_COLUMN
from data.schema import REASONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

    from geo.errors import Phrase

MAX_ROWS = 1_048_575
"""Rows below its header that a sheet of a workbook can have."""
MAX_CELL_CHARACTERS = 32_767
"""Characters that a cell of a workbook can have."""

_AS_TEXT = "@"
_REASONS_WIDTH, _ROW_WIDTH, _WIDTH = 60, 10, 18
_BETWEEN = " · "


def make_quarantine_workbook(refused: pd.DataFrame, *, texts: Mapping[str, Phrase | str] = REASONS) -> bytes:
    """Make a workbook of refused rows: why, which row of the file, and what it said.

    Every cell is text, so that a spreadsheet changes no code, date or number when it is opened and saved. The
    first two columns are passed over when the corrected workbook is imported.

    Parameters
    ----------
    refused
        Indexed by ``row_number``: ``reasons`` (codes joined by a space), then the raw columns, as from
        ``data.repository.read_quarantine``.
    texts
        Reason code to its sentence, in the reader's language.

    Returns
    -------
    bytes
        An XLSX file.

    Raises
    ------
    DataError
        If there are more rows, or longer texts (such as polygons), than a workbook can hold.
    """
    if not fits_workbook(refused):
        raise DataError(
            "The refused rows do not fit into a workbook (too many, or polygons of many points): "
            "take them as a .csv file."
        )
    table = make_quarantine_table(refused, texts=texts)
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("quarantine")
    sheet.freeze_panes = "C2"
    widths = [_REASONS_WIDTH, _ROW_WIDTH, *[_WIDTH] * (len(table.columns) - 2)]
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.append(_cells(sheet, table.columns, bold=True))
    for row in zip(*(table[name] for name in table), strict=True):
        sheet.append(_cells(sheet, row))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def fits_workbook(refused: pd.DataFrame) -> bool:
    """Tell whether a workbook can hold refused rows: a sheet has so many rows, a cell so many characters."""
    lengths = [refused[name].str.len().max() for name in refused.columns] if len(refused) else [0]
    return len(refused) <= MAX_ROWS and not any(length > MAX_CELL_CHARACTERS for length in lengths)


def make_quarantine_table(
    refused: pd.DataFrame, *, texts: Mapping[str, Phrase | str] = REASONS
) -> pd.DataFrame:
    """Make the same table without a workbook around it, for a .csv file.

    Returns
    -------
    pandas.DataFrame
        Texts: the reasons as sentences, the row's number, then the raw columns; "" where nothing is.
    """
    raw = refused.drop(columns="reasons").fillna("").astype("str")
    said = {
        codes: _BETWEEN.join(str(texts.get(code, code)) for code in codes.split())
        for codes in refused["reasons"]
    }
    table = raw.reset_index(drop=True)
    table.insert(0, ROW_COLUMN, refused.index.astype("str"))
    table.insert(0, REASONS_COLUMN, refused["reasons"].map(said).to_numpy())
    return table


def _cells(sheet: WriteOnlyWorksheet, texts: Iterable[str], *, bold: bool = False) -> list[WriteOnlyCell]:
    """Make cells that hold text whatever it looks like: no formula, no date, no number."""
    cells = []
    for text in texts:
        cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub(" ", text))
        cell.data_type, cell.number_format = "s", _AS_TEXT
        if bold:
            cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
        cells.append(cell)
    return cells
