"""Roads supplied by the unit: read lines, build a network, and store it in place of the previous one."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data import repository, store
from data.errors import FileRefusedError, MappingError, ScopeError
from data.importing.job import OpenedFile, ignore_progress
from data.importing.options import NO_CHOICES, ImportOptions
from data.importing.results import PreparedRoads, RoadImportResult
from data.readers.sandbox import read_road_table
from data.readers.table import InputFile
from data.repository import RoadFacts
from data.schema import ROADS
from geo.crs import to_metric, to_wgs84
from geo.errors import GeoError
from geo.roads import NO_ROADS, build_network, find_class_column, name_classes

if TYPE_CHECKING:
    from pathlib import Path

    from data.database import Database
    from data.importing.job import Progress
    from data.principal import Principal
    from data.readers.table import RawTable
    from geo.roads import RoadNetwork

NOT_A_ROAD = "not_a_road"
"""Reason code of features that are left out."""

_CLASS = ROADS.fields[0].name
_LINE_KINDS = (1, 2, 5)  # shapely's numbers of line, ring and multiline
_WORLD = np.array([180.0, 90.0, 180.0, 90.0])  # degrees


def prepare_roads(
    database: Database,
    principal: Principal,
    source: InputFile | Path | OpenedFile,
    _dataset: str = ROADS.name,
    options: ImportOptions = NO_CHOICES,
    *,
    progress: Progress | None = None,
) -> PreparedRoads:
    """Read roads from a file and build a network; nothing is stored.

    Parameters
    ----------
    database, principal
        The target database, and the user who imports.
    source
        Lines: GeoPackage, zipped shapefile, GeoJSON, KML, or an extract of OpenStreetMap (.osm.pbf, .osm).
    options
        ``layer``, ``crs``, and in ``columns`` which column is the ``class``.
    progress
        Called with the name of each step (read, check, effects) and the share done before it.

    Raises
    ------
    ScopeError
        If the principal does not see everything.
    FileRefusedError
        If the file cannot be read, or holds no lines.
    MappingError
        If there are other choices, the column does not exist, or the CRS is unknown.
    """
    if not principal.can_see_everything:
        raise ScopeError("Only users who can see every area can import roads: ask your supervisor.")
    _refuse_other_choices(options)
    tell = progress or ignore_progress
    tell("read", 0.0)
    file, raw = source if isinstance(source, OpenedFile) else _open(source, options)
    tell("check", 0.3)
    column = _choose_column(raw, options.columns.get(_CLASS))
    roads = _read_lines(raw, column, options.known_crs)
    quarantine = _keep_others(raw, roads.index)
    tell("effects", 0.75)
    network = _build(raw, roads)
    parts = network.measure_islands()
    stored = repository.read_road_facts(database, principal)
    facts = RoadFacts(
        file_name=file.name,
        fingerprint=_mark(file, raw, column, options),
        class_column=column or "",
        n_roads=len(roads),
        length_km=float(parts.sum()) / 1000,
        n_islands=len(parts) - 1,
        main_share=float(parts[0] / parts.sum()),
    )
    counts = _count_homes(database, principal, network)
    earlier = stored.batch_id if stored.fingerprint == facts.fingerprint else None
    return PreparedRoads(principal.user, roads, quarantine, facts, *counts, earlier)


def describe_roads(prepared: PreparedRoads, batch_id: int | None = None) -> RoadImportResult:
    """Describe what an import of roads did or, without a number, would do."""
    known = prepared.earlier if batch_id is None else batch_id
    n_roads, left_out = len(prepared.roads), len(prepared.quarantine)
    return RoadImportResult(
        **asdict(prepared.facts) | {"batch_id": known or 0},
        batch=known,
        rows_read=n_roads + left_out,
        rows_accepted=n_roads,
        rows_quarantined=left_out,
        households=prepared.n_homes,
        households_far=prepared.n_far,
        households_apart=prepared.n_apart,
        unchanged=batch_id is None and prepared.earlier is not None,
    )


def commit_roads(database: Database, prepared: PreparedRoads) -> RoadImportResult:
    """Store prepared roads in place of the previous ones, in one transaction.

    Returns
    -------
    RoadImportResult
        ``unchanged`` if these roads are already in force; then nothing is done.
    """
    if prepared.earlier is not None:
        return describe_roads(prepared)
    left_out = len(prepared.quarantine)
    batch = store.Batch(
        dataset=prepared.dataset,
        file_name=prepared.facts.file_name,
        fingerprint=prepared.facts.fingerprint,
        imported_by=prepared.imported_by,
        rows_read=len(prepared.roads) + left_out,
        rows_quarantined=left_out,
        rows_outside=0,
        reasons={NOT_A_ROAD: left_out} if left_out else {},
    )
    number = store.store_roads(database, batch, prepared.roads, prepared.quarantine, prepared.facts)
    return describe_roads(prepared, number)


def undo_roads(database: Database, _principal: Principal, batch_id: int) -> dict[str, int]:
    """Undo an import of roads: the previous ones are in force again, and no record moves."""
    store.undo_roads(database, batch_id)
    return {}


def _refuse_other_choices(options: ImportOptions) -> None:
    """Refuse choices that do not apply to roads."""
    meant = ImportOptions(columns=options.columns, crs=options.crs, layer=options.layer)
    if options != meant or set(options.columns) - {_CLASS}:
        raise MappingError(
            "Roads take a layer, a coordinate reference system and a column of classes, nothing else.",
            option="--layer, --crs and --map class=COLUMN only",
        )


def _open(source: InputFile | Path, options: ImportOptions) -> OpenedFile:
    file = InputFile.of(source)
    return OpenedFile(file, read_road_table(file, layer=options.layer))


def _mark(source: InputFile, raw: RawTable, column: str | None, options: ImportOptions) -> str:
    """Return the fingerprint of a file with its choices: importing the same again changes nothing."""
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
    """Read the lines that are roads, in degrees."""
    shapes = np.full(len(raw), None) if raw.geometry is None else shapely.from_wkb(raw.geometry)
    classes = name_classes(raw.frame[column]) if column else pd.Series("", raw.frame.index)
    is_line = np.isin(shapely.get_type_id(shapes), _LINE_KINDS) & ~shapely.is_empty(shapes)
    is_line &= ~classes.isin(NO_ROADS).to_numpy()
    if not is_line.any():
        raise FileRefusedError(
            "{name} contains no lines that are roads: choose a layer of lines.", name=raw.name
        )
    if not (crs or raw.crs):
        raise MappingError(
            "{file} does not state the coordinate reference system of its coordinates: choose one, "
            "such as EPSG:32749.",
            option="--crs EPSG:n",
            file=raw.name,
        )
    frame = gpd.GeoDataFrame({"road_class": classes.astype("str")}, geometry=shapes, crs=crs or raw.crs)
    lines = to_wgs84(frame[is_line])
    if not (np.abs(lines.total_bounds) <= _WORLD).all():  # infinite, or NaN, where a CRS does not fit
        raise MappingError(
            "The coordinates of {file} are outside the valid range of longitude and latitude: choose "
            "their coordinate reference system.",
            option="--crs EPSG:n",
            file=raw.name,
        )
    return lines


def _keep_others(raw: RawTable, roads: pd.Index) -> pd.DataFrame:
    """Quarantine the features that are not roads."""
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
            "{name} contains no road with a length: export it again.", name=raw.name
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
