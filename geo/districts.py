"""Names of districts, and sums of villages by district."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.checks import require_columns
from geo.errors import Phrase
from geo.groups import divide_counts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

_DISTRICT = ("district_code", "district")


def name_districts(villages: pd.DataFrame, given: pd.DataFrame | None = None) -> pd.Series:
    """Name the district of each village, as far as anything names it.

    Parameters
    ----------
    villages
        One row per village, with ``district_code`` and ``district`` (its name, or missing).
    given
        What records say: ``district_code`` of their village, ``district`` as they name it, and ``n_records``.

    Returns
    -------
    pandas.Series
        On the index of ``villages``: its own name of the district; else the most frequent among the other
        villages of the district; else that of more than half of the records; else missing.

    Raises
    ------
    ColumnError
        If a column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> villages = pd.DataFrame(
    ...     {"district_code": ["352107", "352107", "352108"], "district": ["Ngawi", None, None]}
    ... )
    >>> said = pd.DataFrame({"district_code": ["352108"], "district": ["Paron"], "n_records": [9]})
    >>> name_districts(villages, said).tolist()
    ['Ngawi', 'Ngawi', 'Paron']
    """
    require_columns(villages, _DISTRICT, Phrase("areas"))
    named = villages[villages["district"].notna()].value_counts(list(_DISTRICT)).reset_index("district")
    own, codes = villages["district"].astype("str"), villages["district_code"]
    names = own.where(own.notna(), codes.map(_first_of_each(named)).astype("str"))
    if given is None or given.empty:
        return names
    require_columns(given, (*_DISTRICT, "n_records"), Phrase("records"))
    counts = given.groupby(list(_DISTRICT))["n_records"].sum().sort_values(ascending=False, kind="stable")
    most = counts[counts > counts.groupby("district_code").transform("sum") / 2].reset_index("district")
    return names.where(names.notna(), codes.map(_first_of_each(most)).astype("str"))


def _first_of_each(names: pd.DataFrame) -> pd.Series:
    return names["district"][~names.index.duplicated()]


def sum_by_district(
    villages: pd.DataFrame,
    *,
    counts: Sequence[str],
    shares: Mapping[str, tuple[str, str]] | None = None,
    latest: Sequence[str] = (),
) -> pd.DataFrame:
    """Add villages up to their districts.

    Parameters
    ----------
    villages
        One row per village, with ``district_code`` and ``district`` (its name); a village without a
        district's code is in no sum.
    counts
        Columns to add up, a missing number as 0.
    shares
        Columns to divide anew, each as the two of ``counts`` that it divides: a share of a district is not
        the mean of the shares of its villages.
    latest
        Columns of times, of which the latest counts.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``district_code``, sorted: the ``counts``, ``district``, and the columns of ``shares`` (NaN
        where the whole is 0) and ``latest`` (NaT where all are missing).

    Raises
    ------
    ColumnError
        If a column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> villages = pd.DataFrame(
    ...     {
    ...         "district_code": ["352107", "352107", "352108"],
    ...         "district": ["Ngawi", "Ngawi", "Paron"],
    ...         "n_households": [100, 300, 0],
    ...         "n_reported": [50, 30, 0],
    ...     }
    ... )
    >>> sum_by_district(
    ...     villages,
    ...     counts=["n_households", "n_reported"],
    ...     shares={"reported_coverage": ("n_reported", "n_households")},
    ... )
                   n_households  n_reported district  reported_coverage
    district_code
    352107                  400          80    Ngawi                0.2
    352108                    0           0    Paron                NaN
    """
    require_columns(villages, (*_DISTRICT, *counts, *latest), Phrase("areas"))
    groups = villages.groupby("district_code")
    rows = groups[list(counts)].sum().assign(district=groups["district"].first())
    for name, (part, whole) in (shares or {}).items():
        rows[name] = divide_counts(rows[part].to_numpy(), rows[whole].to_numpy())
    for name in latest:
        rows[name] = groups[name].max()
    return rows
