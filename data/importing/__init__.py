"""Imports: prepare a file, preview its effects, store it in one transaction, and undo it as a whole."""

from data.importing.commit import commit_import, describe_import, undo_import
from data.importing.coordinates import CoordinateHint
from data.importing.health import BoundaryHealth, check_boundaries
from data.importing.options import CodeScheme, ImportOptions
from data.importing.prepare import OpenedFile, prepare_import
from data.importing.register import make_spelling_key
from data.importing.results import ImportResult, PreparedImport
from data.importing.roads import ROADS, PreparedRoads, commit_road_import, prepare_roads

__all__ = [
    "ROADS",
    "BoundaryHealth",
    "CodeScheme",
    "CoordinateHint",
    "ImportOptions",
    "ImportResult",
    "OpenedFile",
    "PreparedImport",
    "PreparedRoads",
    "check_boundaries",
    "commit_import",
    "commit_road_import",
    "describe_import",
    "make_spelling_key",
    "prepare_import",
    "prepare_roads",
    "undo_import",
]
