"""Layouts by which mappings are remembered, and the columns that exported files of refused rows add."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from data.schema import fold_name

if TYPE_CHECKING:
    from data.readers import RawTable

REASONS_COLUMN, ROW_COLUMN = "Sambang: alasan / reasons", "Sambang: baris / row"
"""Columns that a file of refused rows has before the original ones."""

_OWN = frozenset(map(fold_name, (REASONS_COLUMN, ROW_COLUMN)))


def is_own_column(column: str) -> bool:
    """Check whether a column is one added by a file of refused rows, from which nothing is read.

    Examples
    --------
    >>> is_own_column(REASONS_COLUMN), is_own_column("alasan")
    (True, False)
    """
    return fold_name(column) in _OWN


def hash_layout(raw: RawTable) -> str:
    """Hash a file's columns and their order, by which a mapping is remembered.

    File type and the columns that a file of refused rows adds are ignored, so that the layout is recognised
    when the rows come back in a corrected workbook.
    """
    names = "\x1f".join(column for column in raw.columns if not is_own_column(column))
    return hashlib.blake2b(names.encode(), digest_size=8).hexdigest()
