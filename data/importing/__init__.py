"""Imports: prepare a file, preview its effects, store it in one transaction, and undo it as a whole."""

from data.importing.commit import commit_records, describe_records
from data.importing.coordinates import CoordinateHint
from data.importing.district_names import parse_district_lines, read_district_names
from data.importing.health import BoundaryHealth, check_boundaries
from data.importing.importers import IMPORTERS, commit_import, describe_import, prepare_import, undo_import
from data.importing.job import OpenedFile
from data.importing.options import CodeScheme, ImportOptions, StatedPrecision
from data.importing.prepare import prepare_records
from data.importing.record_end import RecordEndSuggestion, state_complete_to, suggest_record_end
from data.importing.register import make_spelling_key
from data.importing.results import ImportResult, PreparedImport, PreparedRoads, RoadImportResult

__all__ = [
    "IMPORTERS",
    "BoundaryHealth",
    "CodeScheme",
    "CoordinateHint",
    "ImportOptions",
    "ImportResult",
    "OpenedFile",
    "PreparedImport",
    "PreparedRoads",
    "RecordEndSuggestion",
    "RoadImportResult",
    "StatedPrecision",
    "check_boundaries",
    "commit_import",
    "commit_records",
    "describe_import",
    "describe_records",
    "make_spelling_key",
    "parse_district_lines",
    "prepare_import",
    "prepare_records",
    "read_district_names",
    "state_complete_to",
    "suggest_record_end",
    "undo_import",
]
