"""A file's way into the database: prepared, looked at, stored in one transaction, undone whole."""

from data.importing.commit import commit_import, describe, undo_import
from data.importing.options import CodeScheme, ImportOptions
from data.importing.prepare import prepare_import
from data.importing.prepared import ImportResult, Prepared

__all__ = [
    "CodeScheme",
    "ImportOptions",
    "ImportResult",
    "Prepared",
    "commit_import",
    "describe",
    "prepare_import",
    "undo_import",
]
