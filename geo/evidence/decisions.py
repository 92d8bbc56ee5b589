"""Decisions of people about visits, which override what the GPS record supports."""

from __future__ import annotations

from typing import Final

import pandas as pd

from geo.checks import require_columns
from geo.errors import ColumnError, Phrase

DECISIONS: Final = ("accepted", "set_aside")
"""The decisions that a person may make about a visit."""


def apply_decisions(evidence: pd.DataFrame, decisions: pd.DataFrame) -> pd.DataFrame:
    """Apply people's decisions to the evidence of visits.

    An accepted visit counts as if it were supported, whatever its flags; one set aside does not count.
    Both stay reported. A visit without a distance has no GPS record to accept: it never counts, and accepting
    it only settles its flags.

    Parameters
    ----------
    evidence
        What :func:`assess_visits` returned, indexed by visit id.
    decisions
        The decisions in force: ``decision`` (accepted or set_aside), indexed by visit id, one per visit.
        Those about visits that are not in ``evidence`` are ignored.

    Returns
    -------
    pandas.DataFrame
        Copy of ``evidence`` with ``decision`` (a category, missing where none was made), ``open`` (to
        review and not yet decided) and ``qualifies`` (counts in evidenced coverage).

    Raises
    ------
    ColumnError
        If a column is missing, a visit has two decisions, or a decision is not one of the two.

    Examples
    --------
    >>> evidence = pd.DataFrame(
    ...     {"distance_m": [5.0, 5.0, 900.0], "evidence": ["supported", "to_review", "to_review"]},
    ...     index=["v1", "v2", "v3"],
    ... )
    >>> decisions = pd.DataFrame({"decision": ["accepted"]}, index=["v2"])
    >>> apply_decisions(evidence, decisions)["qualifies"].tolist()
    [True, True, False]
    """
    require_columns(evidence, ("evidence", "distance_m"), Phrase("visits"))
    require_columns(decisions, ("decision",), Phrase("decisions"))
    if not decisions.index.is_unique:
        repeated = decisions.index[decisions.index.duplicated()][0]
        raise ColumnError(
            "Visit {repeated!r} has more than one decision: use the one in force.", repeated=repeated
        )
    unknown = decisions.loc[~decisions["decision"].isin(DECISIONS), "decision"]
    if len(unknown):
        raise ColumnError(
            "Unknown decision {decision!r}: use {decisions:or}.",
            decision=unknown.iloc[0],
            decisions=DECISIONS,
        )
    made = pd.Categorical(decisions["decision"].reindex(evidence.index), categories=DECISIONS)
    accepted, set_aside = made == "accepted", made == "set_aside"
    supported = (evidence["evidence"] == "supported").to_numpy()
    located = evidence["distance_m"].notna().to_numpy()
    return evidence.assign(
        decision=made,
        open=(evidence["evidence"] == "to_review").to_numpy() & ~accepted & ~set_aside,
        qualifies=(supported & ~set_aside) | (accepted & located),
    )
