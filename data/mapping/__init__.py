"""Which column of a file is which field: suggested by name and values, remembered, decided by a person."""

from data.mapping.columns import ColumnMapping, Origin, resolve_mapping, suggest_mapping
from data.mapping.content import KnownNames
from data.mapping.datasets import suggest_dataset
from data.mapping.layouts import REASONS_COLUMN, ROW_COLUMN, hash_layout, is_own_column

__all__ = [
    "REASONS_COLUMN",
    "ROW_COLUMN",
    "ColumnMapping",
    "KnownNames",
    "Origin",
    "hash_layout",
    "is_own_column",
    "resolve_mapping",
    "suggest_dataset",
    "suggest_mapping",
]
