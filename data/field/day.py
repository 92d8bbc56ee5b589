"""An officer's day in the database: households of villages with their last visits, and added visits."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
import sqlalchemy as sa

from data import tables
from data.frames import to_frame, to_table_rows
from data.repository import is_contact, name_attempt, read_households
from data.store import insert_batch, raise_versions
from geo.status import find_household_status

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from data.database import Connection, Database
    from data.principal import Principal
    from data.store import Batch

_VISIT = ("officer_id", "outcome", "visited_at")
_STAND = ("last_visit_at", "n_attempts", "last_attempt_at", "attempt")


@dataclass(frozen=True)
class FieldDay:
    """Households of villages as the officer's day began, and the visits since then.

    Parameters
    ----------
    households
        Indexed by ``household_id``: the columns of ``data.repository.read_households`` including personal
        ones, and, before the day began, ``last_visit_at`` (NaT if never), ``n_attempts``, ``last_attempt_at``
        and ``attempt`` as `geo.attempts.summarize_attempts` returns them.
    visits
        Visits to these households since then, or since an earlier moment if requested, indexed by
        ``visit_id``: ``household_id``, ``officer_id``, ``outcome``, ``attempt`` and ``visited_at``,
        the earliest first.
    """

    households: pd.DataFrame
    visits: pd.DataFrame


def read_field_day(
    database: Database,
    principal: Principal,
    villages: Sequence[str],
    *,
    begins_at: pd.Timestamp,
    since: pd.Timestamp | None = None,
) -> FieldDay:
    """Read what an officer needs to know about one or a few villages for a day.

    Parameters
    ----------
    database, principal
        The database, and the principal who asks.
    villages
        Village codes, at least one.
    begins_at
        First moment of the day.
    since
        First moment of the listed visits; ``begins_at`` if omitted.

    Returns
    -------
    FieldDay
        Only the villages' households are read, however many visits there are elsewhere.

    Raises
    ------
    ScopeError
        If a village is outside the principal's scope.
    """
    homes = pd.concat([_read_village(database, principal, code) for code in dict.fromkeys(villages)])
    visits, begins = tables.visits, int(begins_at.timestamp())
    here = visits.c.household_id.in_(
        sa.select(tables.households.c.household_id).where(tables.households.c.village_code.in_(villages))
    )
    shown = [visits.c[name] for name in ("visit_id", "household_id", *_VISIT)]
    first = begins if since is None else int(since.timestamp())
    listed = (
        sa.select(*shown, name_attempt())
        .where(here, visits.c.visited_at >= first)
        .order_by(visits.c.visited_at)
    )
    before = _read_before(database, here, begins)
    stand = find_household_status(homes, before, as_of=begins_at)[[*_STAND]]
    return FieldDay(homes.join(stand), to_frame(database.read(listed), key="visit_id"))


def _read_before(database: Database, here: sa.ColumnElement[bool], begins: int) -> pd.DataFrame:
    """Read the last visit to each household before the day, and all attempts."""
    visits = tables.visits
    home, earlier = visits.c.household_id, sa.and_(here, visits.c.visited_at < begins)
    last = sa.select(home, sa.func.max(visits.c.visited_at).label("visited_at")).where(earlier, is_contact())
    tried = sa.select(home, visits.c.visited_at, name_attempt()).where(earlier, ~is_contact())
    read = [database.read(last.group_by(home)), database.read(tried)]
    return pd.concat([to_frame(rows, key="household_id") for rows in read]).reset_index()


def _read_village(database: Database, principal: Principal, code: str) -> pd.DataFrame:
    homes = read_households(database, principal, area=code, personal=True)
    return homes.astype({"village_code": "str", "placement": "str"})


def read_household_villages(database: Database, principal: Principal, ids: Iterable[str]) -> pd.Series:
    """Read the villages of some households.

    Returns
    -------
    pandas.Series
        ``village_code`` (missing if none), indexed by ``household_id``; those out of scope are left out.
    """
    table = tables.households
    query = sa.select(table.c.household_id, table.c.village_code).where(table.c.household_id.in_(sorted(ids)))
    rows = to_frame(database.read(query), key="household_id")["village_code"]
    if principal.can_see_everything:
        return rows
    return rows[[isinstance(code, str) and principal.can_see(code) for code in rows]]


def add_visits(database: Database, batch: Batch, records: pd.DataFrame, refused: pd.DataFrame) -> int:
    """Add visits to the batch with their fingerprint; visits that are already stored stay unchanged.

    Parameters
    ----------
    database
        The database to write to.
    batch
        Name and fingerprint of the batch; its counts are updated here.
    records
        Visits in canonical columns, indexed by ``visit_id``.
    refused
        ``reasons`` (codes separated by spaces) and ``raw`` (JSON text) of refused marks.

    Returns
    -------
    int
        Number of new visits. Everything is stored in one transaction or not at all; repeating the call
        stores nothing.
    """
    stages = {
        "records": to_table_rows(records, tables.visits),
        "refused": pa.Table.from_pandas(refused[["reasons", "raw"]].astype("str"), preserve_index=False),
    }
    with database.write(stages) as connection:
        visits, stage = tables.visits, connection.staged["records"]
        there = set(
            connection.column(
                sa.select(visits.c.visit_id).where(visits.c.visit_id.in_(sa.select(stage.c.visit_id)))
            )
        )
        number, facts = _find(connection, batch)
        kept = set() if number is None else _quarantined(connection, number)
        new = records[~records.index.isin(there)]
        told = refused[~refused["raw"].isin(kept)].drop_duplicates("raw")
        if new.empty and told.empty:
            return 0
        if number is None:
            number = insert_batch(
                connection, replace(batch, rows_read=0, rows_quarantined=0, rows_outside=0, reasons={})
            )
        incoming = sa.select(*stage.columns, sa.literal(number)).where(
            ~sa.exists().where(visits.c.visit_id == stage.c.visit_id)
        )
        connection.execute(sa.insert(visits).from_select([*stage.columns.keys(), "batch_id"], incoming))
        _quarantine(connection, number, facts["rows_read"] + len(new), told)
        _count_up(connection, number, facts, new, told)
        if len(new):
            raise_versions(connection, {"visits"})
    return len(new)


_NOTHING = {
    "rows_read": 0,
    "rows_accepted": 0,
    "rows_quarantined": 0,
    "rows_new": 0,
    "rows_outside": 0,
    "reasons": "{}",
}


def _find(connection: Connection, batch: Batch) -> tuple[int | None, dict]:
    table = tables.batches
    query = sa.select(table.c.batch_id, *(table.c[name] for name in _NOTHING)).where(
        table.c.dataset == batch.dataset, table.c.fingerprint == batch.fingerprint
    )
    found = connection.fetch(query).to_pylist()
    return (found[0].pop("batch_id"), found[0]) if found else (None, _NOTHING)


def _quarantined(connection: Connection, batch_id: int) -> set[str]:
    table = tables.quarantine
    return set(connection.column(sa.select(table.c.raw).where(table.c.batch_id == batch_id)))


def _quarantine(connection: Connection, batch_id: int, after: int, refused: pd.DataFrame) -> None:
    """Store refused marks, continuing the batch's row numbers."""
    for number, (reasons, raw) in enumerate(
        zip(refused["reasons"], refused["raw"], strict=True), start=after + 1
    ):
        connection.execute(
            sa.insert(tables.quarantine).values(
                batch_id=batch_id, row_number=number, reasons=reasons, raw=raw
            )
        )


def _count_up(
    connection: Connection, batch_id: int, facts: dict, new: pd.DataFrame, refused: pd.DataFrame
) -> None:
    reasons = pd.Series(json.loads(facts["reasons"]), dtype="int64")
    reasons = reasons.add(refused["reasons"].str.split().explode().value_counts(), fill_value=0).astype(
        "int64"
    )
    more = {
        "rows_read": len(new) + len(refused),
        "rows_accepted": len(new),
        "rows_quarantined": len(refused),
        "rows_new": len(new),
        "rows_outside": int((new["placement"] == "outside").sum()),
    }
    connection.execute(
        sa.update(tables.batches)
        .where(tables.batches.c.batch_id == batch_id)
        .values(
            reasons=json.dumps(reasons.to_dict(), sort_keys=True),
            **{name: facts[name] + n for name, n in more.items()},
        )
    )
