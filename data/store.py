"""Writing: one batch is one transaction, and can be undone whole."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa
import sqlalchemy as sa

from data import tables
from data.errors import BatchError
from data.frames import to_arrow, to_frame, villages_from_arrow

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from data.database import Connection, Database

PLACED = ("households", "visits", "crimes")
"""The datasets whose rows get their village from the boundaries."""


@dataclass(frozen=True)
class Batch:
    """What is known of an import before it is stored."""

    dataset: str
    file_name: str
    fingerprint: str
    imported_by: str
    rows_read: int
    rows_quarantined: int
    rows_outside: int
    reasons: dict[str, int] = field(default_factory=dict)
    notices: dict[str, int] = field(default_factory=dict)
    code_scheme: str | None = None
    layout: str | None = None
    """The mark of the file's columns, under which ``columns`` are remembered."""
    columns: dict[str, str] = field(default_factory=dict)
    spellings: pd.DataFrame | None = field(default=None, repr=False)
    """``district``, ``village`` (as they are compared) and the ``village_code`` that a person gave them."""


@dataclass(frozen=True)
class Changes:
    """What a batch, or its undoing, does to rows of other batches.

    Parameters
    ----------
    placements
        By dataset, rows whose ``village_code`` and ``placement`` change, indexed by key.
    matches
        Visits whose ``household_id`` and ``household_match`` change, indexed by ``visit_id``.
    versions
        Dataset to the version that this was worked out from: if another import raised one of them since, the
        batch is refused, because its villages and households may not be the right ones any more.
    """

    placements: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    matches: pd.DataFrame | None = None
    versions: Mapping[str, int] = field(default_factory=dict)

    @property
    def datasets(self) -> set[str]:
        """The datasets with rows that change."""
        return {*self.placements, *(["visits"] if self.matches is not None else [])}


NO_CHANGES = Changes()


@dataclass(frozen=True)
class Receipt:
    """What storing a batch did."""

    batch_id: int
    rows_new: int
    rows_changed: int
    rows_same: int


def commit_batch(
    database: Database,
    batch: Batch,
    records: pd.DataFrame,
    quarantine: pd.DataFrame,
    *,
    changes: Changes = NO_CHANGES,
) -> Receipt:
    """Store a batch: its records, its quarantine and what it does to other rows, or nothing at all.

    Parameters
    ----------
    database
        Where to.
    batch
        The import's facts.
    records
        Accepted rows, canonical columns, indexed by key; villages as GeoDataFrame in EPSG:4326.
    quarantine
        Refused rows: ``row_number``, ``reasons`` (codes joined by a space), ``raw`` (JSON text).
    changes
        What it does to rows that are there.

    Returns
    -------
    Receipt
        How many records were new, changed (the old row is kept for an undo) and the same as before.

    Raises
    ------
    BatchError
        If another import changed what this one was worked out from.
    """
    stages = {"records": to_arrow(records, tables.RECORDS[batch.dataset])}
    stages["quarantine"] = pa.Table.from_pandas(
        quarantine[["row_number", "reasons", "raw"]].astype({"row_number": "int64"}), preserve_index=False
    )
    stages |= _stages_of(changes) | _memory_stages(batch)
    with database.write(stages) as connection:
        _refuse_changed(connection, changes.versions)
        batch_id = insert_batch(connection, batch)
        new, changed = _move_records(connection, batch.dataset, connection.staged["records"], batch_id)
        connection.execute(
            sa.update(tables.batches)
            .where(tables.batches.c.batch_id == batch_id)
            .values(rows_new=new, rows_changed=changed)
        )
        for name, table in _REMEMBERED.items():
            if name in connection.staged:
                _insert_from(connection, table, connection.staged[name], {"batch_id": batch_id})
        _make_changes(connection, changes)
        named = {"spellings"} if "spellings" in connection.staged else set()
        raise_versions(connection, {batch.dataset} | changes.datasets | named)
    return Receipt(batch_id, new, changed, len(records) - new - changed)


def undo_batch(database: Database, batch_id: int, *, changes: Changes = NO_CHANGES) -> None:
    """Take a batch back whole: its records, its quarantine, what it remembers; restore what it had replaced.

    Parameters
    ----------
    database
        Where.
    batch_id
        The batch to undo.
    changes
        What happens to rows of other batches when it is gone.

    Raises
    ------
    BatchError
        If there is no such batch, a later one replaced rows of it, or another import changed what this was
        worked out from.
    """
    dataset = dataset_of_batch(database, batch_id)
    with database.write(_stages_of(changes)) as connection:
        _refuse_changed(connection, changes.versions)
        table, twin = tables.RECORDS[dataset], tables.REPLACED[dataset]
        later = connection.scalar(sa.select(twin.c.replaced_by).where(twin.c.batch_id == batch_id).limit(1))
        if later is not None:
            raise BatchError(f"Import {later} replaced rows of import {batch_id}: undo import {later} first.")
        connection.execute(sa.delete(table).where(table.c.batch_id == batch_id))
        columns = [twin.c[column.name] for column in table.columns]
        connection.execute(
            sa.insert(table).from_select(
                table.columns.keys(), sa.select(*columns).where(twin.c.replaced_by == batch_id)
            )
        )
        connection.execute(sa.delete(twin).where(twin.c.replaced_by == batch_id))
        for remembered in _REMEMBERED.values():
            connection.execute(sa.delete(remembered).where(remembered.c.batch_id == batch_id))
        connection.execute(sa.delete(tables.batches).where(tables.batches.c.batch_id == batch_id))
        _make_changes(connection, changes)
        raise_versions(connection, {dataset} | changes.datasets)


def find_batch(database: Database, dataset: str, fingerprint: str) -> int | None:
    """Look up the batch that a file became, by its fingerprint; None where it is new."""
    query = sa.select(tables.batches.c.batch_id).where(
        tables.batches.c.dataset == dataset, tables.batches.c.fingerprint == fingerprint
    )
    found = database.read(query)["batch_id"]
    return found[0].as_py() if len(found) else None


def dataset_of_batch(database: Database, batch_id: int) -> str:
    """Tell a batch's dataset.

    Raises
    ------
    BatchError
        If there is no such batch.
    """
    found = database.read(sa.select(tables.batches.c.dataset).where(tables.batches.c.batch_id == batch_id))
    if not len(found):
        raise BatchError(f"There is no import {batch_id}: 'status' and the Data page list the imports.")
    return found["dataset"][0].as_py()


def records_after_undo(database: Database, batch_id: int) -> pd.DataFrame:
    """Give a dataset's records as they will be once a batch of it is undone.

    Returns
    -------
    pandas.DataFrame
        Indexed by key; villages as GeoDataFrame in EPSG:4326.
    """
    dataset = dataset_of_batch(database, batch_id)
    table = tables.RECORDS[dataset]
    shown = [column for column in table.columns if column.name != "batch_id"]
    kept = database.read(sa.select(*shown).where(table.c.batch_id != batch_id))
    rows = pa.concat_tables([kept, _restored(database, dataset, batch_id)])
    return villages_from_arrow(rows) if dataset == "boundaries" else to_frame(rows, key=tables.key_of(table))


def restored_by_undo(database: Database, batch_id: int) -> pd.DataFrame:
    """Give the records that a batch replaced and that its undoing will bring back, indexed by key."""
    dataset = dataset_of_batch(database, batch_id)
    return to_frame(_restored(database, dataset, batch_id), key=tables.key_of(tables.RECORDS[dataset]))


def _restored(database: Database, dataset: str, batch_id: int) -> pa.Table:
    twin = tables.REPLACED[dataset]
    shown = [column for column in twin.columns if column.name not in {"batch_id", "replaced_by"}]
    return database.read(sa.select(*shown).where(twin.c.replaced_by == batch_id))


def insert_batch(connection: Connection, batch: Batch) -> int:
    """Write a batch down and give its number; for ``data`` itself."""
    return connection.scalar(
        sa.insert(tables.batches)
        .values(
            dataset=batch.dataset,
            file_name=batch.file_name,
            fingerprint=batch.fingerprint,
            imported_at=int(time.time()),
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
    """Move staged records in; answer with the counts of new and of changed ones."""
    table, twin = tables.RECORDS[dataset], tables.REPLACED[dataset]
    key = tables.key_of(table)
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


def _insert_from(
    connection: Connection, table: sa.Table, stage: sa.TableClause, constants: dict[str, int]
) -> None:
    columns = [*stage.columns, *map(sa.literal, constants.values())]
    connection.execute(sa.insert(table).from_select([*stage.columns.keys(), *constants], sa.select(*columns)))


_REMEMBERED = {"quarantine": tables.quarantine, "layouts": tables.layouts, "spellings": tables.spellings}


def _memory_stages(batch: Batch) -> dict[str, pa.Table]:
    """Stage what a batch remembers for the next files."""
    stages = {}
    if batch.layout is not None:
        columns = json.dumps(batch.columns, sort_keys=True, ensure_ascii=False)
        stages["layouts"] = pa.table(
            {"dataset": [batch.dataset], "layout": [batch.layout], "columns": [columns]}
        )
    if batch.spellings is not None and len(batch.spellings):
        named = batch.spellings[["district", "village", "village_code"]].astype("str")
        stages["spellings"] = pa.Table.from_pandas(named, preserve_index=False)
    return stages


def _stages_of(changes: Changes) -> dict[str, pa.Table]:
    stages = {
        f"{dataset}_places": to_arrow(frame[["village_code", "placement"]], tables.RECORDS[dataset])
        for dataset, frame in changes.placements.items()
    }
    if changes.matches is not None:
        matches = changes.matches[["household_id", "household_match"]]
        stages["matches"] = to_arrow(matches, tables.visits)
    return stages


def _make_changes(connection: Connection, changes: Changes) -> None:
    """Give rows of other batches the village and the household that are now theirs."""
    stages = {dataset: f"{dataset}_places" for dataset in changes.placements}
    for dataset, name in stages.items():
        _update_from(connection, tables.RECORDS[dataset], connection.staged[name])
    if changes.matches is not None:
        _update_from(connection, tables.visits, connection.staged["matches"])


def _update_from(connection: Connection, table: sa.Table, stage: sa.TableClause) -> None:
    key = tables.key_of(table)
    values = {column.name: column for column in stage.columns if column.name != key}
    connection.execute(sa.update(table).where(table.c[key] == stage.c[key]).values(values))


def _refuse_changed(connection: Connection, versions: Mapping[str, int]) -> None:
    """Refuse a batch that was worked out from records that are others by now."""
    if not versions:
        return
    table = tables.versions
    rows = connection.fetch(sa.select(table.c.dataset, table.c.version)).to_pylist()
    now = {row["dataset"]: row["version"] for row in rows}
    changed = [dataset for dataset, version in versions.items() if now.get(dataset, 0) != version]
    if changed:
        raise BatchError(
            f"The {' and '.join(changed)} were changed by another import in the meantime, and nothing was "
            "stored: look at the preview again, and repeat."
        )


def raise_versions(connection: Connection, datasets: set[str]) -> None:
    """Count datasets' versions up, so that nothing cached from them is shown again.

    Parameters
    ----------
    connection
        In the transaction that changes the records.
    datasets
        What it changes.
    """
    known = set(connection.column(sa.select(tables.versions.c.dataset)))
    for dataset in sorted(datasets):
        if dataset in known:
            connection.execute(
                sa.update(tables.versions)
                .where(tables.versions.c.dataset == dataset)
                .values(version=tables.versions.c.version + 1)
            )
        else:
            connection.execute(sa.insert(tables.versions).values(dataset=dataset, version=1))
