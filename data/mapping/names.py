"""Column names normalised for comparison, including those with a unit or truncated by a format."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from data.schema import fold_name

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from data.schema import Field

_UNIT = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*$")
_LONGEST = 10  # bytes of a field name in a shapefile's table (dBASE)
_TELLING = 7  # letters below which a truncated name may mean anything


def fold_names(columns: Collection[str]) -> dict[str, str]:
    """Index columns by folded name, and also by the name without a unit in brackets at its end.

    Examples
    --------
    >>> fold_names(["Jam (WIB)", "Jam"])
    {'jamwib': 'Jam (WIB)', 'jam': 'Jam'}
    """
    names: dict[str, str] = {}
    for column in columns:
        names.setdefault(fold_name(column), column)
    for column in columns:
        names.setdefault(fold_name(_UNIT.sub("", column)), column)
    return names


def find_cut_names(item: Field, columns: Mapping[str, str]) -> list[str]:
    """Find the columns of a shapefile whose name is one of a field's, truncated to the length allowed there.

    Parameters
    ----------
    item
        The field.
    columns
        Columns by folded name.

    Examples
    --------
    >>> from data.schema import DATASETS
    >>> find_cut_names(DATASETS["visits"].field("visited_at"), {"tanggalku": "tanggal_ku", "tang": "tang"})
    ['tanggal_ku']
    """
    cut = {
        name: column
        for name, column in columns.items()
        if len(column.encode()) == _LONGEST and len(name) >= _TELLING
    }
    return [column for alias in item.names for name, column in cut.items() if alias.startswith(name)]
