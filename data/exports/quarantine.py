"""Refused rows as a file, for correction and another import."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from data.errors import DataError
from data.exports.tables import fits_workbook, write_csv, write_xlsx
from data.mapping import REASONS_COLUMN, ROW_COLUMN
from data.schema import REASONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from geo.errors import Phrase

QuarantineKind = Literal["xlsx", "csv"]
"""Extension of such a file."""

_REASONS_WIDTH, _ROW_WIDTH, _WIDTH = 60, 10, 18
_OWN_COLUMNS = 2
_BETWEEN = " · "


def choose_quarantine_kind(refused: pd.DataFrame) -> QuarantineKind:
    """Choose the file type for refused rows: a workbook, or CSV if a workbook cannot hold them."""
    return "xlsx" if fits_workbook(refused) else "csv"


def write_quarantine(
    refused: pd.DataFrame, *, kind: QuarantineKind, texts: Mapping[str, Phrase | str] = REASONS
) -> bytes:
    """Write refused rows: the reason, the row number in the file, and its content.

    Every cell of the workbook is text, so that saving it in a spreadsheet changes no code, date or number.
    The CSV keeps the texts as they were in the file, without protection against formulas, so that it can be
    imported again. The first two columns are ignored when the corrected file is imported.

    Parameters
    ----------
    refused
        Indexed by ``row_number``: ``reasons`` (codes joined by spaces), then the raw columns, as returned by
        ``data.repository.read_quarantine``.
    kind
        Extension of the file.
    texts
        Sentence of each reason code, in the reader's language.

    Returns
    -------
    bytes
        An XLSX or CSV file.

    Raises
    ------
    DataError
        If there are more rows, or longer texts (such as polygons), than a workbook can hold.
    """
    if kind == "xlsx" and not fits_workbook(refused):
        raise DataError(
            "The quarantined rows do not fit in a workbook (too many rows, or polygons with too many "
            "points): export them as a .csv file."
        )
    table = _make_table(refused, texts)
    headings = {name: name for name in table.columns}
    if kind == "csv":
        return write_csv(table, headings, guard=False)
    widths = [_REASONS_WIDTH, _ROW_WIDTH, *[_WIDTH] * (len(headings) - _OWN_COLUMNS)]
    return write_xlsx(
        table, headings, worksheet="quarantine", as_text=True, freeze=_OWN_COLUMNS, widths=widths
    )


def _make_table(refused: pd.DataFrame, texts: Mapping[str, Phrase | str]) -> pd.DataFrame:
    """Make a table of texts: the reasons as sentences, the row number, the raw columns."""
    table = refused.drop(columns="reasons").fillna("").astype("str").reset_index(drop=True)
    sentences = {
        codes: _BETWEEN.join(str(texts.get(code, code)) for code in codes.split())
        for codes in refused["reasons"]
    }
    table.insert(0, ROW_COLUMN, refused.index.astype("str"))
    table.insert(0, REASONS_COLUMN, refused["reasons"].map(sentences).to_numpy())
    return table
