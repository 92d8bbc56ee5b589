"""Datasets with their fields and aliases, reason codes, and schemas of the canonical frames."""

from data.schema.canonical import CANONICAL, find_failures
from data.schema.datasets import DATASETS, RECORDS, ROADS
from data.schema.fields import Dataset, Field, fold_name
from data.schema.reasons import NOTICES, REASONS, TIME_EVIDENCE
from data.schema.value_words import CATEGORIES

__all__ = [
    "CANONICAL",
    "CATEGORIES",
    "DATASETS",
    "NOTICES",
    "REASONS",
    "RECORDS",
    "ROADS",
    "TIME_EVIDENCE",
    "Dataset",
    "Field",
    "find_failures",
    "fold_name",
]
