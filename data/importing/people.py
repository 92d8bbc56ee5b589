"""People whom rows name: officers who are in no register, and households whose head is not stated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data.mapping import UNKNOWN_OFFICER

if TYPE_CHECKING:
    import pandas as pd

    from data.mapping import ColumnMapping


def find_unknown_officers(officers: pd.Series, known: pd.Index) -> pd.Series:
    """Find rows whose officer is in no register.

    Parameters
    ----------
    officers
        n numbers of officers, as stored.
    known
        Numbers of the registered officers.

    Returns
    -------
    pandas.Series
        n booleans on the same index. Rows of a source that names no officers are not marked: they name none
        who could be looked up.

    Examples
    --------
    >>> import pandas as pd
    >>> find_unknown_officers(pd.Series(["B1", "B2", "unknown"]), pd.Index(["B1"])).tolist()
    [False, True, False]
    """
    return ~(officers.isin(known) | (officers == UNKNOWN_OFFICER))


def find_missing_heads(heads: pd.Series, mapping: ColumnMapping) -> pd.Series:
    """Find rows without the name of the household's head.

    Parameters
    ----------
    heads
        n names; missing where the cell is empty.
    mapping
        The columns that the file has.

    Returns
    -------
    pandas.Series
        n booleans on the same index; none where the file has no column of heads at all, since it does not
        leave any of them out.

    Examples
    --------
    >>> import pandas as pd
    >>> from data.mapping import ColumnMapping
    >>> heads = pd.Series(["Sri", None], dtype="str")
    >>> find_missing_heads(heads, ColumnMapping({"head_name": "nama_kk"})).tolist()
    [False, True]
    >>> find_missing_heads(heads, ColumnMapping({})).any().item()
    False
    """
    return heads.isna() & ("head_name" in mapping.columns)


def count_officers(officers: pd.Series) -> dict[str, int]:
    """Count the rows of each officer, those with the most rows first.

    Examples
    --------
    >>> import pandas as pd
    >>> count_officers(pd.Series(["B2", "B1", "B2"]))
    {'B2': 2, 'B1': 1}
    """
    counts = officers.astype("str").value_counts().rename_axis("officer").reset_index()
    ordered = counts.sort_values(["count", "officer"], ascending=[False, True])
    return dict(zip(ordered["officer"].tolist(), ordered["count"].tolist(), strict=True))
