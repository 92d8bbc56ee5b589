"""Store and undo roads: each import is a whole network, one transaction, and can be undone as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import shapely
import sqlalchemy as sa

from data import tables
from data.store.batches import insert_batch
from data.store.changes import raise_versions

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from data.database import Database
    from data.repository import RoadFacts
    from data.store.batch import Batch


def store_roads(
    database: Database, batch: Batch, roads: gpd.GeoDataFrame, refused: pd.DataFrame, facts: RoadFacts
) -> int:
    """Store a network of roads, which is in force from then on, or nothing at all.

    Parameters
    ----------
    database
        The database to write to.
    batch
        Facts about the import.
    roads
        Lines in EPSG:4326 with ``road_class``.
    refused
        Quarantined rows: ``row_number``, ``reasons``, ``raw``.
    facts
        Facts about their network.

    Returns
    -------
    int
        Number of the import.
    """
    stage = pa.table(
        {
            "road_id": pa.array(range(1, len(roads) + 1), pa.int64()),
            "road_class": pa.Array.from_pandas(roads["road_class"].array, type=pa.string()),
            "geometry": pa.array(shapely.to_wkb(roads.geometry.to_numpy()), pa.binary()),
        }
    )
    others = pa.Table.from_pandas(refused.astype({"row_number": "int64"}), preserve_index=False)
    with database.write({"roads": stage, "others": others}) as connection:
        number = insert_batch(connection, batch)
        row = sa.insert(tables.road_networks).values(
            batch_id=number,
            class_column=facts.class_column or None,
            length_m=facts.length_km * 1000,
            n_islands=facts.n_islands,
            main_share=facts.main_share,
        )
        connection.execute(row)
        for table, name in ((tables.roads, "roads"), (tables.quarantine, "others")):
            columns = connection.staged[name].columns
            rows = sa.select(sa.literal(number), *columns)
            connection.execute(sa.insert(table).from_select(["batch_id", *columns.keys()], rows))
        batches = tables.batches
        connection.execute(sa.update(batches).where(batches.c.batch_id == number).values(rows_new=len(roads)))
        raise_versions(connection, {batch.dataset})
    return number


def undo_roads(database: Database, batch_id: int) -> None:
    """Undo an import of roads as a whole; the network before it, if any, is in force again."""
    with database.write({}) as connection:
        for table in (tables.roads, tables.road_networks, tables.quarantine, tables.batches):
            connection.execute(sa.delete(table).where(table.c.batch_id == batch_id))
        raise_versions(connection, {"roads"})
