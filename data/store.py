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

    import geopandas as gpd
    import pandas as pd

    from data.database import Connection, Database

PLACED = ("households", "visits", "crimes")
"""The datasets whose rows get their village from the boundaries."""

_NO_PLACEMENTS: Mapping[str, pd.DataFrame] = {}


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
    placements: Mapping[str, pd.DataFrame] = _NO_PLACEMENTS,
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
    placements
        By dataset, rows whose ``village_code`` and ``placement`` change with this batch, indexed by key.

    Returns
    -------
    Receipt
        How many records were new, changed (the old row is kept for an undo) and the same as before.
    """
    stages = {"records": to_arrow(records, tables.RECORDS[batch.dataset])}
    stages["quarantine"] = pa.Table.from_pandas(
        quarantine[["row_number", "reasons", "raw"]].astype({"row_number": "int64"}), preserve_index=False
    )
    stages |= _placement_stages(placements)
    with database.write(stages) as connection:
        batch_id = _insert_batch(connection, batch)
        new, changed = _move_records(connection, batch.dataset, connection.staged["records"], batch_id)
        connection.execute(
            sa.update(tables.batches)
            .where(tables.batches.c.batch_id == batch_id)
            .values(rows_new=new, rows_changed=changed)
        )
        _insert_from(connection, tables.quarantine, connection.staged["quarantine"], {"batch_id": batch_id})
        _move_placements(connection, placements)
        _raise_versions(connection, {batch.dataset, *placements})
    return Receipt(batch_id, new, changed, len(records) - new - changed)


def undo_batch(
    database: Database, batch_id: int, *, placements: Mapping[str, pd.DataFrame] = _NO_PLACEMENTS
) -> None:
    """Take a batch back whole: its records, its quarantine, and restore what it had replaced.

    Parameters
    ----------
    database
        Where.
    batch_id
        The batch to undo.
    placements
        By dataset, rows whose village changes when the batch is gone, indexed by key.

    Raises
    ------
    BatchError
        If there is no such batch, or a later one replaced rows of it.
    """
    dataset = dataset_of_batch(database, batch_id)
    with database.write(_placement_stages(placements)) as connection:
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
        connection.execute(sa.delete(tables.quarantine).where(tables.quarantine.c.batch_id == batch_id))
        connection.execute(sa.delete(tables.batches).where(tables.batches.c.batch_id == batch_id))
        _move_placements(connection, placements)
        _raise_versions(connection, {dataset, *placements})


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


def villages_after_undo(database: Database, batch_id: int) -> gpd.GeoDataFrame:
    """Give the villages as they will be once a batch of boundaries is undone.

    Returns
    -------
    geopandas.GeoDataFrame
        Villages indexed by ``village_code``, EPSG:4326.
    """
    table, twin = tables.villages, tables.REPLACED["boundaries"]
    shown = [column for column in table.columns if column.name != "batch_id"]
    kept = database.read(sa.select(*shown).where(table.c.batch_id != batch_id))
    restored = database.read(
        sa.select(*(twin.c[column.name] for column in shown)).where(twin.c.replaced_by == batch_id)
    )
    return villages_from_arrow(pa.concat_tables([kept, restored]))


def _insert_batch(connection: Connection, batch: Batch) -> int:
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


def _placement_stages(placements: Mapping[str, pd.DataFrame]) -> dict[str, pa.Table]:
    return {
        dataset: to_arrow(frame[["village_code", "placement"]], tables.RECORDS[dataset])
        for dataset, frame in placements.items()
    }


def _move_placements(connection: Connection, placements: Mapping[str, pd.DataFrame]) -> None:
    for dataset in placements:
        table, stage = tables.RECORDS[dataset], connection.staged[dataset]
        key = tables.key_of(table)
        connection.execute(
            sa.update(table)
            .where(table.c[key] == stage.c[key])
            .values(village_code=stage.c.village_code, placement=stage.c.placement)
        )


def _raise_versions(connection: Connection, datasets: set[str]) -> None:
    """Count a dataset's version up, so that nothing cached from it is shown again."""
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


def points_after_undo(database: Database, batch_id: int) -> pd.DataFrame:
    """Give the points that an undo will restore, so that they can be placed in today's villages.

    Returns
    -------
    pandas.DataFrame
        Rows that the batch replaced, indexed by key, with the columns that tell their place.
    """
    twin = tables.REPLACED[dataset_of_batch(database, batch_id)]
    key = next(iter(twin.columns)).name
    wanted = (
        "lon",
        "lat",
        "village_code",
        "placement",
        "village_given",
        "district_given",
        "village_code_given",
    )
    query = sa.select(twin.c[key], *(twin.c[name] for name in wanted)).where(twin.c.replaced_by == batch_id)
    return to_frame(database.read(query), key=key)
