"""What must hold of any file, however broken."""

from __future__ import annotations

import os

from data.errors import DataError
from data.readers import InputFile, RawTable, read_table
from data.readers.parse import parse_table

MAX_SECONDS = 10.0
CRASHED = "could not be read to its end"


def find_outcome(content: bytes, *, in_worker: bool = False) -> str:
    """Read a file, and check that the answer is a sound table or a sentence.

    Returns
    -------
    str
        The sentence, or "" for a table.
    """
    before = os.times()
    read = read_table if in_worker else parse_table
    said = ""
    try:
        _check_table(read(InputFile("file", content)))
    except DataError as error:
        said = str(error)
        assert said.endswith("."), said
        assert said == " ".join(said.split()), said
        said.encode()
    seconds = sum(os.times()[:4]) - sum(
        before[:4]
    )  # of the processor, its children's too: others may be busy
    assert seconds < MAX_SECONDS, f"{seconds} s"
    return said


def _check_table(raw: RawTable) -> None:
    n_rows = len(raw.frame)
    assert len(raw.row_numbers) == n_rows
    assert (raw.row_numbers[1:] > raw.row_numbers[:-1]).all()
    assert raw.geometry is None or len(raw.geometry) == n_rows
    assert len(set(raw.columns)) == len(raw.columns)
    assert all(str(kind) == "str" for kind in raw.frame.dtypes)
    assert all(0 <= at < n_rows for rows in raw.faults.values() for at in rows)
    assert all(0 <= at < n_rows for at in raw.leftovers)
