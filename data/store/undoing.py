"""What records will be like once a batch is undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import sqlalchemy as sa

from data import tables
from data.frames import to_frame, villages_from_arrow
from data.store.batches import dataset_of_batch

if TYPE_CHECKING:
    import pandas as pd

    from data.database import Database


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
