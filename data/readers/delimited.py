"""Reader of delimited text: well-formed rows are parsed in bulk, ragged ones kept in place."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from data.errors import FileRefusedError
from data.readers.dialect import Dialect, decode_text, find_dialect
from data.readers.table import SURPLUS, RawTable, find_filled_rows
from data.readers.totals import TOTAL, find_totals

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from data.readers.table import InputFile

_BLOCK = 1 << 26  # bytes that pyarrow parses at once; a row must fit in them


def read_file(source: InputFile) -> RawTable:
    r"""Read delimited text: CSV in any common dialect.

    Parameters
    ----------
    source
        Unpacked file in UTF-8 (with or without byte order mark), UTF-16 or Windows-1252.

    Returns
    -------
    RawTable
        Rows with fewer or more cells than the header are kept with the fault ``ragged_row``, totals below
        the table with ``total_row``. Empty rows are left out.

    Raises
    ------
    FileRefusedError
        If it is not text, has no header, or has an unclosed quotation mark.

    Examples
    --------
    >>> from data.readers.table import InputFile
    >>> raw = read_file(InputFile("homes.csv", b"id;lon\n1;111,4\n\n2\n"))
    >>> raw.columns, raw.row_numbers.tolist(), {code: at.tolist() for code, at in raw.faults.items()}
    (['id', 'lon'], [2, 4], {'ragged_row': [1]})
    """
    text = decode_text(source)
    dialect = find_dialect(source, text)
    table, ragged = _parse(source, text[dialect.begin :], dialect)
    if '"' in text:
        _refuse_open_quote(source, text, table, ragged, dialect)
    return _assemble(source, table, ragged, dialect)


def _parse(source: InputFile, text: str, dialect: Dialect) -> tuple[pa.Table, list[arrow_csv.InvalidRow]]:
    """Parse the rows below the header into a table of well-formed rows and a list of ragged ones."""
    ragged: list[arrow_csv.InvalidRow] = []

    def keep(row: arrow_csv.InvalidRow) -> str:
        ragged.append(row)
        return "skip"

    if not text:
        return pa.table({name: pa.array([], pa.string()) for name in dialect.columns}), ragged
    options = {
        "read_options": arrow_csv.ReadOptions(
            use_threads=False, column_names=dialect.columns, block_size=_BLOCK
        ),
        "parse_options": arrow_csv.ParseOptions(
            delimiter=dialect.delimiter,
            newlines_in_values=True,
            ignore_empty_lines=False,
            invalid_row_handler=keep,
        ),
        "convert_options": arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(dialect.columns, pa.string()),
            strings_can_be_null=True,
            null_values=[""],
        ),
    }
    try:
        table = arrow_csv.read_csv(pa.BufferReader(text.encode("utf-8", errors="replace")), **options)
    except pa.ArrowInvalid as error:
        raise FileRefusedError(
            "{name} cannot be divided into rows and columns: check its quotation marks.", name=source.name
        ) from error
    return table, ragged


def _refuse_open_quote(
    source: InputFile, text: str, table: pa.Table, ragged: list[arrow_csv.InvalidRow], dialect: Dialect
) -> None:
    """Refuse a text that ends inside quotation marks, which would swallow all rows after the opening one."""
    edge = rf"(?:\A|\n|{re.escape(dialect.delimiter)})"
    tails = [row.text for row in ragged[-1:]]
    if len(table):
        n_breaks = sum((column[-1].as_py() or "").count("\n") for column in table.columns)
        tails.append("\n".join(text.split("\n")[-n_breaks - 2 :]) if n_breaks else "")
    for tail in tails:
        closed = re.sub(edge + r'"(?:[^"]|"")*"(?!")', "", tail)
        if "\n" in tail.rstrip("\n") and re.search(edge + '"', closed):
            line = text.count("\n", 0, text.rfind(tail)) + 1
            raise FileRefusedError(
                "{name}: a quotation mark from line {line} on is never closed, so the rows behind it "
                "cannot be told apart: correct it and import again.",
                name=source.name,
                line=line,
            )


def _assemble(
    source: InputFile, table: pa.Table, ragged: list[arrow_csv.InvalidRow], dialect: Dialect
) -> RawTable:
    """Put the ragged rows back in place, and number all rows by line."""
    width, n_rows = len(dialect.columns), len(table) + len(ragged)
    frame = table.to_pandas()
    numbers = np.array([row.number for row in ragged], dtype=np.int64) - 1  # positions among all rows, from 0
    is_ragged = np.zeros(n_rows, dtype=bool)
    is_ragged[numbers] = True
    lines = dialect.line + _lines_before(frame, ragged, is_ragged)
    cells = [_split(row.text, dialect.delimiter) for row in ragged]
    if ragged:
        extra = [[cell or None for cell in (row + [""] * width)[:width]] for row in cells]
        frame = pd.concat([frame, pd.DataFrame(extra, columns=frame.columns, dtype="str")])
        order = np.concatenate([np.flatnonzero(~is_ragged), numbers])
        frame = frame.iloc[np.argsort(order, kind="stable")].reset_index(drop=True)
    filled = find_filled_rows(frame)
    filled[numbers] = [any(cell.strip() for cell in row) for row in cells]
    kept = np.flatnonzero(filled)
    surplus = {
        int(at): {SURPLUS: dialect.delimiter.join(row[width:])}
        for at, row in zip(numbers, cells, strict=True)
        if any(row[width:])
    }
    frame = frame.iloc[kept].reset_index(drop=True)
    faults = {TOTAL: find_totals(frame)}
    faults["ragged_row"] = np.setdiff1d(np.flatnonzero(is_ragged[kept]), faults[TOTAL])
    return RawTable(
        name=source.name,
        kind="csv",
        frame=frame,
        row_numbers=lines[kept],
        faults={reason: positions for reason, positions in faults.items() if len(positions)},
        leftovers={new: surplus[old] for new, old in enumerate(kept.tolist()) if old in surplus},
    )


def _lines_before(
    frame: pd.DataFrame, ragged: list[arrow_csv.InvalidRow], is_ragged: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Count the lines before each row; quoted cells may contain line breaks."""
    heights = np.ones(len(is_ragged), dtype=np.int64)
    for column in frame.columns:
        breaks = pc.count_substring(pa.array(frame[column].array), "\n").fill_null(0)
        heights[~is_ragged] += np.asarray(breaks, dtype=np.int64)
    heights[is_ragged] += np.array([row.text.count("\n") for row in ragged], dtype=np.int64)
    return np.cumsum(heights) - heights


def _split(text: str, delimiter: str) -> list[str]:
    return next(csv.reader([text.replace("\n", " ")], delimiter=delimiter), [])
