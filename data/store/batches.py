"""Store and undo batches: one batch is one transaction and can be undone as a whole."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyarrow as pa
import sqlalchemy as sa

from data import tables
from data.errors import BatchError
from data.frames import to_table_rows
from data.settings import get_settings
from data.store.batch import Batch, Receipt
from data.store.changes import (
    NO_CHANGES,
    Changes,
    raise_versions,
    refuse_changed,
    stage_changes,
    write_changes,
)
from data.store.memory import REMEMBERED, stage_memory

if TYPE_CHECKING:
    import pandas as pd

    from data.database import Connection, Database


PLACED = ("households", "visits", "crimes")
"""Datasets whose rows are assigned to villages by the boundaries."""


def commit_batch(
    database: Database,
    batch: Batch,
    records: pd.DataFrame,
    quarantine: pd.DataFrame,
    *,
    changes: Changes = NO_CHANGES,
) -> Receipt:
    """Store a batch with its records, its quarantine and its effects on other rows, or nothing at all.

    Parameters
    ----------
    database
        The database to write to.
    batch
        Facts about the import.
    records
        Accepted rows in canonical columns, indexed by key; villages as GeoDataFrame in EPSG:4326.
    quarantine
        Refused rows: ``row_number``, ``reasons`` (codes separated by spaces), ``raw`` (JSON text).
    changes
        Its effects on rows of other batches.

    Returns
    -------
    Receipt
        Numbers of records that were new, changed (the old row is kept for an undo) or unchanged.

    Raises
    ------
    BatchError
        If another import has since changed the records that ``changes`` was derived from.
    """
    stages = {"records": to_table_rows(records, tables.RECORDS[batch.dataset])}
    stages["quarantine"] = pa.Table.from_pandas(
        quarantine[["row_number", "reasons", "raw"]].astype({"row_number": "int64"}), preserve_index=False
    )
    stages |= stage_changes(changes) | stage_memory(batch)
    with database.write(stages) as connection:
        refuse_changed(connection, changes.versions)
        batch_id = insert_batch(connection, batch)
        new, changed = _move_records(connection, batch.dataset, connection.staged["records"], batch_id)
        if new + changed < len(records):
            _note_found_again(connection, batch.dataset, connection.staged["records"], batch_id)
        connection.execute(
            sa.update(tables.batches)
            .where(tables.batches.c.batch_id == batch_id)
            .values(rows_new=new, rows_changed=changed)
        )
        for name, table in REMEMBERED.items():
            if name in connection.staged:
                _insert_from(connection, table, connection.staged[name], {"batch_id": batch_id})
        write_changes(connection, changes)
        named = {"spellings"} if "spellings" in connection.staged else set()
        raise_versions(connection, {batch.dataset} | changes.datasets | named)
    return Receipt(batch_id, new, changed, len(records) - new - changed)


def undo_batch(database: Database, batch_id: int, *, changes: Changes = NO_CHANGES) -> None:
    """Remove a batch with its records, quarantine and memory, and restore the records it replaced.

    Parameters
    ----------
    database
        The database to write to.
    batch_id
        The batch to undo.
    changes
        Effects of the undo on rows of other batches.

    Raises
    ------
    BatchError
        If there is no such batch, a later one replaced its rows or also holds them, or another import has
        since changed the records that ``changes`` was derived from.
    """
    dataset = find_batch_dataset(database, batch_id)
    with database.write(stage_changes(changes)) as connection:
        refuse_changed(connection, changes.versions)
        table, twin = tables.RECORDS[dataset], tables.REPLACED[dataset]
        _refuse_followed(connection, twin, batch_id)
        connection.execute(sa.delete(table).where(table.c.batch_id == batch_id))
        columns = [twin.c[column.name] for column in table.columns]
        connection.execute(
            sa.insert(table).from_select(
                table.columns.keys(), sa.select(*columns).where(twin.c.replaced_by == batch_id)
            )
        )
        connection.execute(sa.delete(twin).where(twin.c.replaced_by == batch_id))
        for remembered in REMEMBERED.values():
            connection.execute(sa.delete(remembered).where(remembered.c.batch_id == batch_id))
        connection.execute(sa.delete(tables.found_again).where(tables.found_again.c.batch_id == batch_id))
        connection.execute(sa.delete(tables.batches).where(tables.batches.c.batch_id == batch_id))
        write_changes(connection, changes)
        raise_versions(connection, {dataset} | changes.datasets)


def _refuse_followed(connection: Connection, twin: sa.Table, batch_id: int) -> None:
    """Refuse to undo a batch whose rows a later one replaced or also holds."""
    later = connection.scalar(sa.select(sa.func.max(twin.c.replaced_by)).where(twin.c.batch_id == batch_id))
    if later is not None:
        raise BatchError(
            "Import {later} replaced rows of import {batch_id}: undo import {later} first.",
            later=later,
            batch_id=batch_id,
        )
    again = tables.found_again
    later = connection.scalar(sa.select(sa.func.max(again.c.batch_id)).where(again.c.earlier == batch_id))
    if later is not None:
        raise BatchError(
            "Import {later} also holds rows of import {batch_id} that were already stored: undo "
            "import {later} first.",
            later=later,
            batch_id=batch_id,
        )


def find_batch(database: Database, dataset: str, fingerprint: str) -> int | None:
    """Find the batch of a file by its fingerprint; None if the file is new."""
    query = sa.select(tables.batches.c.batch_id).where(
        tables.batches.c.dataset == dataset, tables.batches.c.fingerprint == fingerprint
    )
    found = database.read(query)["batch_id"]
    return found[0].as_py() if len(found) else None


def find_batch_dataset(database: Database, batch_id: int) -> str:
    """Return the dataset of a batch.

    Raises
    ------
    BatchError
        If there is no such batch.
    """
    found = database.read(sa.select(tables.batches.c.dataset).where(tables.batches.c.batch_id == batch_id))
    if not len(found):
        raise BatchError(
            "There is no import {batch_id}: see the list of imports.",
            option="the 'status' command",
            batch_id=batch_id,
        )
    return found["dataset"][0].as_py()


def insert_batch(connection: Connection, batch: Batch) -> int:
    """Insert a batch and return its number. Internal to ``data``."""
    return connection.scalar(
        sa.insert(tables.batches)
        .values(
            dataset=batch.dataset,
            file_name=batch.file_name,
            fingerprint=batch.fingerprint,
            imported_at=get_settings().clock.seconds(),
            imported_by=batch.imported_by,
            rows_read=batch.rows_read,
            rows_accepted=batch.rows_read - batch.rows_quarantined,
            rows_quarantined=batch.rows_quarantined,
            rows_outside=batch.rows_outside,
            rows_new=0,
            rows_changed=0,
            reasons=json.dumps(batch.reasons, sort_keys=True),
            notices=json.dumps(batch.notices, sort_keys=True),
            code_scheme=batch.code_scheme,
        )
        .returning(tables.batches.c.batch_id)
    )


def _move_records(
    connection: Connection, dataset: str, stage: sa.TableClause, batch_id: int
) -> tuple[int, int]:
    """Move staged records into their table; return the numbers of new and of changed records."""
    table, twin = tables.RECORDS[dataset], tables.REPLACED[dataset]
    key = tables.get_key_column(table)
    before = connection.scalar(sa.select(sa.func.count()).select_from(table))
    differs = sa.or_(
        *(table.c[column.name].is_distinct_from(column) for column in stage.columns if column.name != key)
    )
    changed = sa.select(table.c[key]).join(stage, table.c[key] == stage.c[key]).where(differs)
    connection.execute(
        sa.insert(twin).from_select(
            [*table.columns.keys(), "replaced_by"],
            sa.select(*table.columns, sa.literal(batch_id)).where(table.c[key].in_(changed)),
        )
    )
    of_this_batch = sa.select(twin.c[key]).where(twin.c.replaced_by == batch_id)
    n_changed = connection.scalar(sa.select(sa.func.count()).select_from(of_this_batch.subquery()))
    connection.execute(sa.delete(table).where(table.c[key].in_(of_this_batch)))
    incoming = sa.select(*stage.columns, sa.literal(batch_id)).where(
        ~sa.exists().where(table.c[key] == stage.c[key])
    )
    connection.execute(sa.insert(table).from_select([*stage.columns.keys(), "batch_id"], incoming))
    after = connection.scalar(sa.select(sa.func.count()).select_from(table))
    return after - before, n_changed


def _note_found_again(connection: Connection, dataset: str, stage: sa.TableClause, batch_id: int) -> None:
    """Record which earlier batches stored the same rows as this one."""
    table = tables.RECORDS[dataset]
    key = tables.get_key_column(table)
    earlier = (
        sa.select(sa.literal(batch_id), table.c.batch_id, sa.func.count())
        .join(stage, table.c[key] == stage.c[key])
        .where(table.c.batch_id != batch_id)
        .group_by(table.c.batch_id)
    )
    connection.execute(sa.insert(tables.found_again).from_select(["batch_id", "earlier", "n_rows"], earlier))


def _insert_from(
    connection: Connection, table: sa.Table, stage: sa.TableClause, constants: dict[str, int]
) -> None:
    columns = [*stage.columns, *map(sa.literal, constants.values())]
    connection.execute(sa.insert(table).from_select([*stage.columns.keys(), *constants], sa.select(*columns)))
