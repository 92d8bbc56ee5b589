"""Which column of a file is which field: suggested by name and values, remembered, decided by a person."""

from data.mapping.columns import ColumnMapping, Origin, resolve_mapping, suggest_mapping
from data.mapping.content import Known
from data.mapping.guess import suggest_dataset
from data.mapping.layouts import REASONS_COLUMN, ROW_COLUMN, is_own, layout_of

__all__ = [
    "REASONS_COLUMN",
    "ROW_COLUMN",
    "ColumnMapping",
    "Known",
    "Origin",
    "is_own",
    "layout_of",
    "resolve_mapping",
    "suggest_dataset",
    "suggest_mapping",
]
