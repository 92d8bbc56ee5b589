"""Publish a plan as a version of its week, with who, when and what changed, in one transaction."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import sqlalchemy as sa

from data import tables
from data.errors import DataError, ScopeError
from data.plans.versions import select_current_stops
from data.settings import get_settings
from data.store import raise_versions

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from data.database import Connection, Database
    from data.plans.build import BuiltPlan
    from data.principal import Principal

MAX_NOTE_CHARACTERS: Final = 500
"""Longest note, in characters."""


def publish_plan(database: Database, principal: Principal, built: BuiltPlan, *, note: str = "") -> int:
    """Publish a plan, which is from then on in force for its officers in its week.

    Parameters
    ----------
    database
        The database to write to.
    principal
        Who publishes; the user's name is kept with the plan.
    built
        The plan, as returned by ``data.plans.build_plan``.
    note
        An optional note for its readers.

    Returns
    -------
    int
        ``plan_id`` of the new version. Earlier versions are kept but are no longer in force.

    Raises
    ------
    DataError
        If the plan breaks a rule, includes a household that is in another officer's plan in force for the
        week, or the note is too long.
    ScopeError
        If the principal is not a supervisor, or the plan, or stops that it would replace, are out of scope.
    """
    said = " ".join(note.split())
    _require_right(principal, built, said)
    with database.write(_stages_of(built)) as connection:
        raise_versions(connection, {"plans"})  # first: a concurrent publisher waits here
        officers, stops = connection.staged["plan_officers"], connection.staged["plan_stops"]
        standing = select_current_stops(built.week.request.week).subquery("standing")
        theirs = standing.c.officer_id.in_(sa.select(officers.c.officer_id))
        _require_reach(
            connection.column(sa.select(standing.c.village_code).where(theirs).distinct()), principal
        )
        _refuse_doubles(connection, standing, stops, ~theirs)
        plan_id = _insert_plan(connection, principal, built, said)
        _insert_changes(connection, plan_id, sa.select(standing).where(theirs).subquery("before"), stops)
        for table in (tables.plan_officers, tables.plan_stops, tables.plan_routes):
            stage = connection.staged[table.name]
            rows = sa.select(sa.literal(plan_id), *stage.columns)
            connection.execute(sa.insert(table).from_select(["plan_id", *stage.columns.keys()], rows))
    return plan_id


def _require_right(principal: Principal, built: BuiltPlan, note: str) -> None:
    if principal.role != "supervisor":
        raise ScopeError("Only a supervisor can publish a plan: ask yours.")
    _require_reach(built.plan.stops["village_code"].unique(), principal)
    if built.violations:
        raise DataError(
            "The plan breaks {n:,} of its rules and was not published: build it again.",
            n=len(built.violations),
        )
    if len(note) > MAX_NOTE_CHARACTERS:
        raise DataError(
            "The note has {n:,} characters: shorten it to at most {most}.",
            n=len(note),
            most=MAX_NOTE_CHARACTERS,
        )


def _require_reach(villages: Iterable[str], principal: Principal) -> None:
    """Refuse to change stops outside the principal's scope."""
    if not all(map(principal.can_see, villages)):
        raise ScopeError(
            "An officer in the plan has visits outside your assigned area this week: ask someone who "
            "can see both areas."
        )


def _refuse_doubles(
    connection: Connection, standing: sa.Subquery, stops: sa.TableClause, others: sa.ColumnElement[bool]
) -> None:
    """Refuse to send two officers to one household in a week."""
    planned = sa.select(stops.c.household_id)
    doubles = sa.select(sa.func.count()).select_from(standing)
    n = connection.scalar(doubles.where(others, standing.c.household_id.in_(planned)))
    if n:
        raise DataError(
            "{n:,} households of the plan are in another officer's published plan for the week: "
            "build it again.",
            n=n,
        )


def _insert_plan(connection: Connection, principal: Principal, built: BuiltPlan, note: str) -> int:
    request, plan, table = built.week.request, built.plan, tables.plans
    last = connection.scalar(sa.select(sa.func.max(table.c.version)).where(table.c.week == request.week))
    row = sa.insert(table).values(
        week=request.week,
        version=(last or 0) + 1,
        published_at=get_settings().clock.seconds(),
        published_by=principal.user,
        preset=request.preset,
        note=note,
        request=request.to_json(),
        unmet=json.dumps([asdict(one) for one in plan.unmet]),
        cut_short=" ".join(plan.cut_short),
    )
    return int(connection.scalar(row.returning(table.c.plan_id)))


def _insert_changes(connection: Connection, plan_id: int, before: sa.Subquery, after: sa.TableClause) -> None:
    """Record which visits the plan adds, drops and moves to another day or officer."""
    table = tables.plan_changes
    moved = sa.or_(before.c.day != after.c.day, before.c.officer_id != after.c.officer_id)
    new = before.c.household_id.is_(None)
    columns = ["plan_id", "household_id", "village_code", "change"]
    columns += ["officer_before", "day_before", "officer_after", "day_after"]
    come = sa.select(
        sa.literal(plan_id),
        after.c.household_id,
        after.c.village_code,
        sa.case((new, "added"), else_="moved"),
        before.c.officer_id,
        before.c.day,
        after.c.officer_id,
        after.c.day,
    ).select_from(after.outerjoin(before, before.c.household_id == after.c.household_id))
    gone = sa.select(
        sa.literal(plan_id),
        before.c.household_id,
        before.c.village_code,
        sa.literal("dropped"),
        before.c.officer_id,
        before.c.day,
        sa.null(),
        sa.null(),
    ).where(~sa.exists().where(after.c.household_id == before.c.household_id))
    for rows in (come.where(sa.or_(new, moved)), gone):
        connection.execute(sa.insert(table).from_select(columns, rows))


def _stages_of(built: BuiltPlan) -> dict[str, pa.Table]:
    """Convert a plan's frames to the rows of its tables."""
    stops = built.stops.rename(columns={"order": "place"})
    frames = {
        tables.plan_officers: built.week.officers.rename_axis("officer_id").reset_index(),
        tables.plan_stops: _write_days(stops),
        tables.plan_routes: _write_days(built.plan.routes),
    }
    return {table.name: _to_arrow(frame, table) for table, frame in frames.items()}


def _write_days(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(day=frame["day"].dt.strftime("%Y-%m-%d"))


def _to_arrow(frame: pd.DataFrame, table: sa.Table) -> pa.Table:
    columns = {}
    for column in table.columns:
        if column.name == "plan_id":
            continue
        kind = tables.get_arrow_type(column.type)
        values = frame[column.name]
        text = pa.types.is_string(kind)
        columns[column.name] = pa.Array.from_pandas(values.astype("str").array if text else values, type=kind)
    return pa.table(columns)
