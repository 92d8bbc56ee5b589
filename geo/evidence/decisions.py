"""What a person decided about visits, over what the record says."""

from __future__ import annotations

from typing import Final

import pandas as pd

from geo.errors import ColumnError

DECISIONS: Final = ("accepted", "set_aside")
"""What a person may decide about a visit."""


def apply_decisions(evidence: pd.DataFrame, decisions: pd.DataFrame) -> pd.DataFrame:
    """Tell which visits count as evidence once people have looked at them.

    An accepted visit counts as if it were supported, whatever its flags; one set aside does not count.
    Both stay reported. A visit without a distance has no GPS record to accept: it never counts, and the
    acceptance only settles its flags.

    Parameters
    ----------
    evidence
        What :func:`judge_visits` gave, indexed by visit id.
    decisions
        The decisions in force: ``decision`` (accepted or set_aside), indexed by visit id, one a visit.
        Those about visits that are not in ``evidence`` are passed over.

    Returns
    -------
    pandas.DataFrame
        Copy of ``evidence`` with ``decision`` (a category, missing where none was made), ``open`` (to
        review and not yet decided) and ``qualifies`` (counts in evidenced coverage).

    Raises
    ------
    ColumnError
        If a column is missing, a visit has two decisions, or a decision is none of the two.

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
    for frame, column in ((evidence, "evidence"), (evidence, "distance_m"), (decisions, "decision")):
        if column not in frame.columns:
            raise ColumnError("The frame has no column {column!r}.", column=column)
    if not decisions.index.is_unique:
        repeated = decisions.index[decisions.index.duplicated()][0]
        raise ColumnError(
            "The visit {repeated!r} has more than one decision: give the one in force.", repeated=repeated
        )
    unknown = decisions.loc[~decisions["decision"].isin(DECISIONS), "decision"]
    if len(unknown):
        raise ColumnError(
            "There is no decision {decision!r}: give {decisions:or}.",
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
