"""Read records as they will be once a batch is undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import sqlalchemy as sa

from data import tables
from data.frames import to_frame, to_villages
from data.store.batches import find_batch_dataset

if TYPE_CHECKING:
    import pandas as pd

    from data.database import Database


def read_records_after_undo(database: Database, batch_id: int) -> pd.DataFrame:
    """Read the records of a batch's dataset as they will be once the batch is undone.

    Returns
    -------
    pandas.DataFrame
        Indexed by key; villages as GeoDataFrame in EPSG:4326.
    """
    dataset = find_batch_dataset(database, batch_id)
    table = tables.RECORDS[dataset]
    shown = [column for column in table.columns if column.name != "batch_id"]
    kept = database.read(sa.select(*shown).where(table.c.batch_id != batch_id))
    rows = pa.concat_tables([kept, _restored(database, dataset, batch_id)])
    return to_villages(rows) if dataset == "boundaries" else to_frame(rows, key=tables.get_key_column(table))


def read_restored_records(database: Database, batch_id: int) -> pd.DataFrame:
    """Read the records that a batch replaced and its undo will restore, indexed by key."""
    dataset = find_batch_dataset(database, batch_id)
    return to_frame(
        _restored(database, dataset, batch_id), key=tables.get_key_column(tables.RECORDS[dataset])
    )


def _restored(database: Database, dataset: str, batch_id: int) -> pa.Table:
    twin = tables.REPLACED[dataset]
    shown = [column for column in twin.columns if column.name not in {"batch_id", "replaced_by"}]
    return database.read(sa.select(*shown).where(twin.c.replaced_by == batch_id))
