"""Read the roads in force and facts about their network; roads identify nobody and have no area."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import shapely
import sqlalchemy as sa

from data import tables

if TYPE_CHECKING:
    from data.database import Database
    from data.principal import Principal

_WGS84 = "EPSG:4326"


@dataclass(frozen=True)
class RoadFacts:
    """Facts about the roads in force.

    Attributes
    ----------
    file_name, fingerprint, class_column
        Name and fingerprint of the file, and its column with the road class; empty if there is none.
    n_roads
        Number of lines; 0 if no roads were imported.
    length_km
        Total length.
    n_islands
        Number of connected parts besides the longest.
    main_share
        Share of the total length in the longest connected part, from 0 to 1.
    batch_id
        Number of the import; 0 for none.
    """

    file_name: str = ""
    fingerprint: str = ""
    class_column: str = ""
    n_roads: int = 0
    length_km: float = 0.0
    n_islands: int = 0
    main_share: float = 0.0
    batch_id: int = 0


def read_road_facts(database: Database, _principal: Principal) -> RoadFacts:
    """Read the facts about the roads in force: those of the last import that was not undone."""
    batches, networks = tables.batches, tables.road_networks
    query = (
        sa.select(
            batches.c.batch_id, batches.c.file_name, batches.c.fingerprint, networks.c.class_column,
            batches.c.rows_new.label("n_roads"), networks.c.length_m, networks.c.n_islands,
            networks.c.main_share,
        )
        .join_from(networks, batches, networks.c.batch_id == batches.c.batch_id)
        .where(networks.c.batch_id == sa.select(sa.func.max(networks.c.batch_id)).scalar_subquery())
    )  # fmt: skip
    found = database.read(query).to_pylist()
    if not found:
        return RoadFacts()
    row = found[0]
    length_km = row.pop("length_m") / 1000
    return RoadFacts(**row | {"class_column": row["class_column"] or "", "length_km": length_km})


def read_roads(database: Database, principal: Principal) -> gpd.GeoDataFrame:
    """Read the roads in force.

    Returns
    -------
    geopandas.GeoDataFrame
        Lines in EPSG:4326 with ``road_class``; empty if no roads were imported.
    """
    table, number = tables.roads, read_road_facts(database, principal).batch_id
    query = sa.select(table.c.road_class, table.c.geometry).where(table.c.batch_id == number)
    rows = database.read(query.order_by(table.c.road_id))
    shapes = shapely.from_wkb(rows["geometry"].to_numpy(zero_copy_only=False))
    classes = rows["road_class"].to_pandas().astype("str")
    return gpd.GeoDataFrame({"road_class": classes}, geometry=shapes, crs=_WGS84)
