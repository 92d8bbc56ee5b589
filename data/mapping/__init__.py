"""Mapping of file columns to fields: suggested from names and values, remembered, or stated by the user."""

from data.mapping.columns import UNKNOWN_OFFICER, ColumnMapping, Origin, resolve_mapping, suggest_mapping
from data.mapping.content import KnownNames
from data.mapping.datasets import suggest_dataset
from data.mapping.layouts import REASONS_COLUMN, ROW_COLUMN, hash_layout, is_own_column

__all__ = [
    "REASONS_COLUMN",
    "ROW_COLUMN",
    "UNKNOWN_OFFICER",
    "ColumnMapping",
    "KnownNames",
    "Origin",
    "hash_layout",
    "is_own_column",
    "resolve_mapping",
    "suggest_dataset",
    "suggest_mapping",
]
