"""Decisions that people make about visits to review, kept with who, when and why, and never erased."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pyarrow as pa
import sqlalchemy as sa

from data import tables
from data.errors import DecisionError, ScopeError
from data.frames import to_frame
from data.repository import is_visit_in_scope
from data.settings import get_settings
from data.store import raise_versions
from geo.evidence import DECISIONS

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from data.database import Connection, Database
    from data.principal import Principal

Decision = Literal["accepted", "set_aside"]

MAX_NOTE_CHARACTERS = 500
"""Longest note, in characters."""
MAX_VISITS = 1_000
"""Most visits in one decision: more than an officer makes in a day, few enough to catch a slip."""

_UNDONE = "undone"
_COPIED = ("visited_at", "officer_id", "lon", "lat")  # the facts of the visit at the time of the decision


def record_decision(
    database: Database, principal: Principal, visits: Iterable[str], decision: Decision, note: str
) -> int:
    """Record a supervisor's decision about visits, for all of them or none.

    Parameters
    ----------
    database
        The database to write to.
    principal
        The supervisor who decides.
    visits
        Ids of the visits.
    decision
        ``accepted``: they count as supported by GPS; ``set_aside``: they count as reported only.
    note
        The reason, kept with the decision.

    Returns
    -------
    int
        Number of visits decided on.

    Raises
    ------
    DecisionError
        If the decision is unknown, the note is missing or too long, or there are no visits or too many.
    ScopeError
        If the principal is not a supervisor, or a visit does not exist or is out of scope.
    """
    if decision not in DECISIONS:
        raise DecisionError(
            "Unknown decision {decision!r}: use {decisions:or}.", decision=decision, decisions=DECISIONS
        )
    said = " ".join(note.split())
    if not said:
        raise DecisionError("The note is missing: explain your decision in a few words.")
    if len(said) > MAX_NOTE_CHARACTERS:
        raise DecisionError(
            "The note has {n:,} characters: shorten it to at most {most}.",
            n=len(said),
            most=MAX_NOTE_CHARACTERS,
        )
    return _record(database, principal, visits, decision, said)


def undo_decision(database: Database, principal: Principal, visits: Iterable[str]) -> int:
    """Withdraw the decisions in force about visits; both decision and withdrawal stay in the history.

    Parameters
    ----------
    database, principal, visits
        As in :func:`record_decision`.

    Returns
    -------
    int
        Number of visits that are open again.

    Raises
    ------
    DecisionError
        If there is no decision in force about one of them.
    ScopeError
        As in :func:`record_decision`.
    """
    return _record(database, principal, visits, _UNDONE, "")


def read_decisions(
    database: Database, principal: Principal, *, area: str | None = None, history: bool = False
) -> pd.DataFrame:
    """Read the decisions about the visits in scope.

    Parameters
    ----------
    database, principal, area
        As in ``data.repository.read_villages``.
    history
        Whether to read every decision ever made instead of only those in force.

    Returns
    -------
    pandas.DataFrame
        In force: indexed by ``visit_id``, with ``decision_id``, ``decision`` (accepted or set_aside),
        ``note``, ``decided_at`` and ``decided_by``; a decision about a visit that has changed since is left
        out. As history: newest first, with ``undone`` among the decisions and ``holds`` (whether the visit
        is unchanged since the decision).
    """
    made, visits = tables.decisions, tables.visits
    holds = sa.and_(*(made.c[name].is_not_distinct_from(visits.c[name]) for name in _COPIED))
    shown = [
        made.c[name] for name in ("visit_id", "decision_id", "decision", "note", "decided_at", "decided_by")
    ]
    query = (
        sa.select(*shown, sa.case((holds, 1), else_=0).label("holds"))
        .join_from(made, visits, made.c.visit_id == visits.c.visit_id)
        .where(is_visit_in_scope(principal, area))
        .order_by(made.c.decision_id.desc())
    )
    rows = to_frame(database.read(query), key="visit_id")
    rows = rows.assign(holds=rows["holds"] == 1)
    if history:
        return rows
    last = rows[~rows.index.duplicated()]
    return last[last["holds"] & (last["decision"] != "undone")].drop(columns="holds")


def _record(database: Database, principal: Principal, visits: Iterable[str], decision: str, note: str) -> int:
    if principal.role != "supervisor":
        raise ScopeError("Only a supervisor can decide on visits: ask yours.")
    ids = sorted({str(visit) for visit in visits})
    if not 1 <= len(ids) <= MAX_VISITS:
        raise DecisionError(
            "{n:,} visits were chosen: choose between 1 and {most:,}.", n=len(ids), most=MAX_VISITS
        )
    with database.write({"chosen": pa.table({"visit_id": ids})}) as connection:
        chosen = connection.staged["chosen"]
        if decision == _UNDONE:
            _require_decided(connection, chosen)
        table, visit = tables.decisions, tables.visits
        before = connection.scalar(sa.select(sa.func.count()).select_from(table))
        now = get_settings().clock.seconds()
        facts = {"decision": decision, "note": note, "decided_at": now, "decided_by": principal.user}
        seen = sa.select(
            visit.c.visit_id, *(visit.c[name] for name in _COPIED), *map(sa.literal, facts.values())
        ).where(visit.c.visit_id.in_(sa.select(chosen.c.visit_id)), is_visit_in_scope(principal))
        connection.execute(sa.insert(table).from_select(["visit_id", *_COPIED, *facts], seen))
        n_recorded = connection.scalar(sa.select(sa.func.count()).select_from(table)) - before
        if n_recorded != len(ids):  # raising here rolls everything back
            raise ScopeError(
                "{n:,} of the visits no longer exist or are outside your assigned area: nothing was "
                "recorded.",
                n=len(ids) - n_recorded,
            )
        raise_versions(connection, {"decisions"})
    return n_recorded


def _require_decided(connection: Connection, chosen: sa.TableClause) -> None:
    """Refuse to withdraw a decision if none is in force."""
    table = tables.decisions
    last = (
        sa.select(sa.func.max(table.c.decision_id))
        .where(table.c.visit_id.in_(sa.select(chosen.c.visit_id)))
        .group_by(table.c.visit_id)
    )
    decided = (
        sa.select(sa.func.count())
        .select_from(table)
        .where(table.c.decision_id.in_(last), table.c.decision != _UNDONE)
    )
    n_chosen = connection.scalar(sa.select(sa.func.count()).select_from(chosen))
    n_open = n_chosen - connection.scalar(decided)
    if n_open:
        raise DecisionError(
            "There is no decision on {n:,} of the visits (any more), so nothing was withdrawn.", n=n_open
        )
