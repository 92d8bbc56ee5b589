"""What tests of imports share: a file's text in, what it did out, and the records that are there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import sqlalchemy as sa
from shapely.geometry import box, mapping

from data import tables
from data.importing import ImportOptions, ImportResult, PreparedImport, commit_import, prepare_import
from data.principal import Principal
from data.readers import InputFile

if TYPE_CHECKING:
    from pathlib import Path

    from data.database import Database

DEMO = Principal.demo()


def prepare(
    database: Database, dataset: str, content: str | bytes | Path, name: str = "clerk.csv", **options: object
) -> PreparedImport:
    if isinstance(content, str):
        content = content.encode()
    source = InputFile(name, content) if isinstance(content, bytes) else content
    return prepare_import(database, DEMO, source, dataset, ImportOptions(**options))


def load(
    database: Database, dataset: str, content: str | bytes | Path, name: str = "clerk.csv", **options: object
) -> ImportResult:
    return commit_import(database, prepare(database, dataset, content, name, **options))


def boundary_file(*rows: tuple[dict[str, object], object]) -> str:
    features = [{"type": "Feature", "properties": row, "geometry": shape} for row, shape in rows]
    return json.dumps({"type": "FeatureCollection", "features": features})


def square(west: float, east: float) -> object:
    return mapping(box(west, -7.41, east, -7.40))


def contents(database: Database) -> dict[str, list[str]]:
    """Give all rows of all tables that hold more than counts, without the numbers of imports."""
    found = {}
    for table in tables.metadata.sorted_tables:
        if table not in (tables.versions, tables.batches):
            kept = [column for column in table.columns if column.name not in {"batch_id", "replaced_by"}]
            found[table.name] = sorted(map(repr, database.read(sa.select(*kept)).to_pylist()))
    return found
