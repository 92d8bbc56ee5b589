"""Villages ranked by visit gap and crime risk."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from geo.priority import PriorityFacts, count_reported_crimes, explain_priority, rank_priority
from pages.queries.crime_methods import CrimeSelection, select_crime_records

if TYPE_CHECKING:
    from pages.queries.filters import Filters
    from pages.queries.records import Connection
    from pages.queries.visits import Coverage


N_SHOWN = 5


FEWEST_CRIMES = 5
"""Number of crimes below which a rate is too uncertain for a sentence to call it high."""


def rank_villages(connection: Connection, filters: Filters, coverage: Coverage) -> pd.DataFrame:
    """Rank the villages of the filters' area, whose ``coverage`` is given.

    Returns
    -------
    pandas.DataFrame
        As ``geo.priority.rank_priority``, with ``village`` and ``district``; highest priority first, those
        without households last.

    Raises
    ------
    TooFewError
        If there are too few villages to rank.
    """
    rows = coverage.rows
    crimes = select_crime_records(connection, CrimeSelection.of(filters))
    counted = count_reported_crimes(crimes.astype({"village_code": "str"}), rows.index)
    ranked = rank_priority(rows[["n_households", "evidenced_coverage"]].join(counted["n_crimes"]))
    return ranked.join(rows[["village", "district"]]).sort_values("rank", kind="stable", na_position="last")


def rank_rounded_villages(rows: pd.DataFrame) -> pd.DataFrame:
    """Rank villages by rounded figures, as ``pages.queries.rounded`` reads them.

    Returns
    -------
    pandas.DataFrame
        As ``rank_villages``.

    Raises
    ------
    TooFewError
        If there are too few villages to rank.
    """
    figures = pd.DataFrame(
        {
            "n_households": rows["n_households"],
            "evidenced_coverage": rows["n_evidenced"] / rows["n_households"].where(rows["n_households"] > 0),
            "n_crimes": rows["n_reported_crimes"],
        }
    )
    ranked = rank_priority(figures).join(rows[["village", "district"]])
    return ranked.sort_values("rank", kind="stable", na_position="last")


class TopPriorities(NamedTuple):
    """The areas to visit first."""

    first: list[PriorityFacts]
    """In order; empty where none has both crimes and households to visit, and where all of those tie."""
    n_tied: int
    """Areas with both that are not among them and have the same priority as the last of them."""


def list_top_priorities(ranked: pd.DataFrame, n: int = N_SHOWN) -> TopPriorities:
    """List the top areas that have both crimes and households to visit, and count those left out by a tie."""
    worth = ranked[ranked["rank"].notna() & (ranked["n_crimes"] > 0) & (ranked["visit_gap"] > 0)]
    if len(worth) <= n:
        return TopPriorities(_explain(ranked, worth.index), 0)
    if (worth["rank"] == worth["rank"].iloc[0]).all():
        return TopPriorities([], len(worth))
    tied = worth["rank"] == worth["rank"].iloc[n - 1]
    return TopPriorities(_explain(ranked, worth.index[:n]), int(tied.iloc[n:].sum()))


def _explain(ranked: pd.DataFrame, codes: pd.Index) -> list[PriorityFacts]:
    return [explain_priority(ranked, str(code)) for code in codes]
