"""A file's way into the database: prepared, looked at, stored in one transaction, undone whole."""

from data.importing.commit import commit_import, describe, undo_import
from data.importing.coordinates import Hint
from data.importing.health import BoundaryHealth, check_boundaries
from data.importing.options import CodeScheme, ImportOptions
from data.importing.prepare import Opened, prepare_import
from data.importing.prepared import ImportResult, Prepared
from data.importing.register import spelling_key
from data.importing.roads import ROADS, PreparedRoads, commit_roads, prepare_roads

__all__ = [
    "ROADS",
    "BoundaryHealth",
    "CodeScheme",
    "Hint",
    "ImportOptions",
    "ImportResult",
    "Opened",
    "Prepared",
    "PreparedRoads",
    "check_boundaries",
    "commit_import",
    "commit_roads",
    "describe",
    "prepare_import",
    "prepare_roads",
    "spelling_key",
    "undo_import",
]
