"""What a source's files are known by, and the columns that our own files add to them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from data.schema import fold_name

if TYPE_CHECKING:
    from data.readers import RawTable

REASONS_COLUMN, ROW_COLUMN = "Sambang: alasan / reasons", "Sambang: baris / row"
"""What a file of refused rows has in front of the source's own columns."""

_OWN = frozenset(map(fold_name, (REASONS_COLUMN, ROW_COLUMN)))


def is_own_column(column: str) -> bool:
    """Tell whether a column is one that a file of refused rows adds: nothing is read from it.

    Examples
    --------
    >>> is_own_column(REASONS_COLUMN), is_own_column("alasan")
    (True, False)
    """
    return fold_name(column) in _OWN


def hash_layout(raw: RawTable) -> str:
    """Mark a file's columns and their order: what a remembered mapping is known by.

    The kind of file does not count, nor do the columns that a file of refused rows adds, so that a source's
    rows are known again when they come back as a corrected workbook.
    """
    names = "\x1f".join(column for column in raw.columns if not is_own_column(column))
    return hashlib.blake2b(names.encode(), digest_size=8).hexdigest()
