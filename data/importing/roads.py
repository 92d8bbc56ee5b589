"""Roads that the unit supplies: lines of a file, made a network, stored in place of the one before."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data import repository, store
from data.errors import FileRefusedError, MappingError, ScopeError
from data.readers.sandbox import read_road_table
from data.readers.table import InputFile
from data.repository import RoadFacts
from geo.crs import to_metric, to_wgs84
from geo.errors import GeoError
from geo.roads import NO_ROADS, build_network, find_class_column, name_classes

if TYPE_CHECKING:
    from pathlib import Path

    from data.database import Database
    from data.importing.options import ImportOptions
    from data.principal import Principal
    from data.readers.table import RawTable
    from geo.roads import RoadNetwork

ROADS = "roads"
"""What imports of roads are called among the datasets."""
NOT_A_ROAD = "not_a_road"
"""The reason of features that are left out."""
CLASS_FIELD = "class"
"""The field that ``ImportOptions.columns`` may name a column for."""

_LINE_KINDS = (1, 2, 5)  # shapely's numbers of line, ring and multiline
_WORLD = np.array([180.0, 90.0, 180.0, 90.0])  # degrees


@dataclass(frozen=True)
class PreparedRoads:
    """Roads before they are stored.

    Attributes
    ----------
    imported_by
        Who brings them.
    roads
        Lines in EPSG:4326 with ``road_class``, empty where it is not known.
    quarantine
        Features that are no lines, or no roads yet or any more: ``row_number``, ``reasons`` and ``raw``.
    facts
        Of their network, and which file and choices made it.
    n_homes, n_far, n_apart
        Households with a point; of them those too far from any road, and those whose nearest road hangs
        together with the longest part of the network in no way.
    is_stored
        Whether they are in force already.
    """

    imported_by: str
    roads: gpd.GeoDataFrame = field(repr=False)
    quarantine: pd.DataFrame = field(repr=False)
    facts: RoadFacts
    n_homes: int
    n_far: int
    n_apart: int
    is_stored: bool


def prepare_roads(
    database: Database, principal: Principal, file: Path | InputFile, options: ImportOptions
) -> PreparedRoads:
    """Read roads from a file and make a network of them; nothing is stored.

    Parameters
    ----------
    database, principal
        Where they will go, and who brings them.
    file
        Lines: GeoPackage, zipped shapefile, GeoJSON, KML, or an extract of OpenStreetMap (.osm.pbf, .osm).
    options
        ``layer``, ``crs``, and in ``columns`` which column is the ``class``.

    Raises
    ------
    ScopeError
        If the principal does not see everything.
    FileRefusedError
        If the file cannot be read, or holds no lines.
    MappingError
        If the column is not there, or it is not known what the coordinates are in.
    """
    if not principal.sees_everything:
        raise ScopeError("Only who sees every area may bring in roads: ask your supervisor.")
    source = InputFile.of(file)
    raw = read_road_table(source, layer=options.layer)
    column = _choose_column(raw, options.columns.get(CLASS_FIELD))
    roads = _read_lines(raw, column, options.known_crs)
    quarantine = _keep_others(raw, roads.index)
    network = _build(raw, roads)
    parts = network.islands()
    told = repository.read_road_facts(database, principal)
    facts = RoadFacts(
        file_name=source.name,
        fingerprint=_mark(source, raw, column, options),
        class_column=column or "",
        n_roads=len(roads),
        length_km=float(parts.sum()) / 1000,
        n_islands=len(parts) - 1,
        main_share=float(parts[0] / parts.sum()),
    )
    counts = _count_homes(database, principal, network)
    is_stored = told.fingerprint == facts.fingerprint
    return PreparedRoads(principal.user, roads, quarantine, facts, *counts, is_stored)


def commit_road_import(database: Database, prepared: PreparedRoads) -> int:
    """Store prepared roads in place of those before, in one transaction.

    Returns
    -------
    int
        Number of the import. Its undoing brings the roads before back.
    """
    left_out = len(prepared.quarantine)
    batch = store.Batch(
        dataset=ROADS,
        file_name=prepared.facts.file_name,
        fingerprint=prepared.facts.fingerprint,
        imported_by=prepared.imported_by,
        rows_read=len(prepared.roads) + left_out,
        rows_quarantined=left_out,
        rows_outside=0,
        reasons={NOT_A_ROAD: left_out} if left_out else {},
    )
    return store.store_roads(database, batch, prepared.roads, prepared.quarantine, prepared.facts)


def _mark(source: InputFile, raw: RawTable, column: str | None, options: ImportOptions) -> str:
    """Give the mark of a file with its choices: the same again changes nothing."""
    choices = json.dumps([source.fingerprint, raw.layer, column, options.known_crs])
    return hashlib.sha256(choices.encode()).hexdigest()


def _choose_column(raw: RawTable, named: str | None) -> str | None:
    if named is None:
        return find_class_column(raw.frame)
    if named and named not in raw.columns:
        raise MappingError(
            "{file} has no column '{column}': its columns are {columns}.",
            file=raw.name,
            column=named,
            columns=tuple(raw.columns),
        )
    return named or None


def _read_lines(raw: RawTable, column: str | None, crs: str | None) -> gpd.GeoDataFrame:
    """Take the lines that are roads, in degrees."""
    shapes = np.full(len(raw), None) if raw.geometry is None else shapely.from_wkb(raw.geometry)
    classes = name_classes(raw.frame[column]) if column else pd.Series("", raw.frame.index)
    is_line = np.isin(shapely.get_type_id(shapes), _LINE_KINDS) & ~shapely.is_empty(shapes)
    is_line &= ~classes.isin(NO_ROADS).to_numpy()
    if not is_line.any():
        raise FileRefusedError("{name} holds no lines that are roads: give a layer of lines.", name=raw.name)
    if not (crs or raw.crs):
        raise MappingError(
            "{file} does not say what its coordinates are in: say --crs EPSG:n, such as EPSG:32749.",
            option="--crs EPSG:n",
            file=raw.name,
        )
    frame = gpd.GeoDataFrame({"road_class": classes.astype("str")}, geometry=shapes, crs=crs or raw.crs)
    lines = to_wgs84(frame[is_line])
    if not (np.abs(lines.total_bounds) <= _WORLD).all():  # infinite, or NaN, where a CRS does not fit
        raise MappingError(
            "The coordinates of {file} lie outside the world: say what they are in with --crs EPSG:n.",
            option="--crs EPSG:n",
            file=raw.name,
        )
    return lines


def _keep_others(raw: RawTable, roads: pd.Index) -> pd.DataFrame:
    """Keep the features that are no roads, as quarantined rows are kept."""
    others = raw.frame[~raw.frame.index.isin(roads)]
    rows = others.fillna("").to_dict("records")
    return pd.DataFrame(
        {
            "row_number": raw.row_numbers[others.index],
            "reasons": pd.array([NOT_A_ROAD] * len(others), "str"),
            "raw": pd.array([json.dumps(row, ensure_ascii=False) for row in rows], "str"),
        }
    )


def _build(raw: RawTable, roads: gpd.GeoDataFrame) -> RoadNetwork:
    try:
        return build_network(to_metric(roads), class_column="road_class")
    except GeoError as error:
        raise FileRefusedError(
            "{name} holds no road with a length: export it again.", name=raw.name
        ) from error


def _count_homes(
    database: Database, principal: Principal, network: RoadNetwork
) -> tuple[int, int, int]:  # fmt: skip
    """Count the households with a point, those too far from any road, and those on islands of roads."""
    homes = repository.read_households(database, principal)[["lon", "lat"]].dropna()
    if homes.empty:
        return 0, 0, 0
    snapped = network.snap(homes["lon"].to_numpy(np.float64), homes["lat"].to_numpy(np.float64))
    far = snapped.distance_m > network.snap_m
    return len(homes), int(far.sum()), int((~far & (snapped.part != 0)).sum())
