"""Read what was imported: dataset versions, imports, quarantined rows, counts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pandas as pd
import sqlalchemy as sa

from data import tables
from data.errors import BatchError, ScopeError
from data.frames import to_frame, unfold_refused_rows
from data.repository.records import read_officers
from data.repository.scope import is_in_scope
from data.settings import get_settings

if TYPE_CHECKING:
    from data.database import Database
    from data.principal import Principal


def read_versions(database: Database) -> dict[str, int]:
    """Read how often each dataset has been written; caches are keyed by it.

    Returns
    -------
    dict
        Version by dataset; a dataset never written is absent. It holds no record, so it needs no principal.
    """
    rows = database.read(sa.select(tables.versions.c.dataset, tables.versions.c.version))
    return dict(zip(rows["dataset"].to_pylist(), rows["version"].to_pylist(), strict=True))


def read_batches(database: Database, principal: Principal) -> pd.DataFrame:
    """Read the list of imports, newest first.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``batch_id``; ``reasons`` and ``notices`` are dicts of counts by code. Empty if the
        principal cannot see everything.
    """
    table = tables.batches
    query = sa.select(*table.columns).order_by(table.c.batch_id.desc())
    if not principal.can_see_everything:
        query = query.where(sa.false())
    frame = to_frame(database.read(query), key="batch_id")
    return frame.assign(
        reasons=[json.loads(text) for text in frame["reasons"]],
        notices=[json.loads(text or "{}") for text in frame["notices"].fillna("")],
    )


def read_quarantine(database: Database, principal: Principal, batch_id: int) -> pd.DataFrame:
    """Read the rows that an import refused.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``row_number`` in the file: ``reasons`` (codes separated by spaces), then the raw columns.

    Raises
    ------
    ScopeError
        If the principal cannot see everything: quarantined rows have no area to check.
    BatchError
        If there is no such import.
    """
    if not principal.can_see_everything:
        raise ScopeError("Only users who can see every area can open quarantined rows: ask your supervisor.")
    if batch_id not in read_batches(database, principal).index:
        raise BatchError(
            "There is no import {batch_id}: see the list of imports.",
            option="the 'status' command",
            batch_id=batch_id,
        )
    table = tables.quarantine
    query = sa.select(table.c.row_number, table.c.reasons, table.c.raw).where(table.c.batch_id == batch_id)
    frame = to_frame(database.read(query.order_by(table.c.row_number)), key="row_number")
    return unfold_refused_rows(frame)


def count_records(database: Database, principal: Principal) -> pd.DataFrame:
    """Count each dataset's records in scope.

    Returns
    -------
    pandas.DataFrame
        Indexed by dataset: ``n_records``, and ``n_outside`` and ``n_unlocated`` (0 for datasets without
        points).
    """
    counts = {}
    for dataset, table in tables.RECORDS.items():
        if dataset == "officers":
            counts[dataset] = {"n_records": len(read_officers(database, principal))}
            continue
        query = sa.select(sa.func.count().label("n_records"), *_placement_counts(table)).select_from(table)
        counts[dataset] = database.read(query.where(is_in_scope(table, principal, None))).to_pylist()[0]
    return pd.DataFrame.from_dict(counts, orient="index").fillna(0).astype("int64")


def _placement_counts(table: sa.Table) -> list[sa.ColumnElement[int]]:
    if "placement" not in table.columns:
        return []
    return [
        sa.func.coalesce(sa.func.sum(sa.case((table.c.placement == place, 1), else_=0)), 0).label(
            f"n_{place}"
        )
        for place in ("outside", "unlocated")
    ]


def read_span(database: Database, principal: Principal) -> pd.DataFrame:
    """Read the first and last moment of the visits and of the crimes in scope.

    Returns
    -------
    pandas.DataFrame
        Indexed by dataset (visits, crimes): ``first_at`` and ``last_at``, tz-aware UTC, NaT where empty. A
        crime of which only the month is known lasts to the end of that month, or until now.
    """
    rows = {}
    for dataset, column in (("visits", tables.visits.c.visited_at), ("crimes", tables.crimes.c.occurred_at)):
        reach = is_in_scope(tables.RECORDS[dataset], principal, None)
        query = sa.select(sa.func.min(column).label("first_at"), sa.func.max(column).label("last_at")).where(
            reach
        )
        rows[dataset] = database.read(query).to_pylist()[0]
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=["first_at", "last_at"])
    span = frame.apply(pd.to_datetime, unit="s", utc=True)
    last_month = _find_end_of_months(database, principal)
    if last_month is not None:
        span.loc["crimes", "last_at"] = max(span.loc["crimes", "last_at"], last_month)
    return span


def _find_end_of_months(database: Database, principal: Principal) -> pd.Timestamp | None:
    """Find the end of the last month that crimes are known by, not after now; None if there is none."""
    table = tables.crimes
    query = sa.select(sa.func.max(table.c.occurred_at).label("at")).where(
        table.c.time_precision == "month", is_in_scope(table, principal, None)
    )
    at = database.read(query)["at"][0].as_py()
    if at is None:
        return None
    settings = get_settings()
    first = pd.Timestamp(at, unit="s", tz="UTC").tz_convert(settings.zone).tz_localize(None)
    last = (first + pd.offsets.MonthEnd(0)).tz_localize(settings.zone)
    return min(last, pd.Timestamp(settings.clock.now())).tz_convert("UTC")
