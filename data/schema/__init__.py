"""The datasets: fields, aliases, reasons, and the canonical frames that the database takes."""

from data.schema.datasets import DATASETS
from data.schema.fields import Dataset, Field, fold
from data.schema.gate import CANONICAL, find_failures
from data.schema.reasons import NOTICES, REASONS
from data.schema.words import CATEGORIES

__all__ = [
    "CANONICAL",
    "CATEGORIES",
    "DATASETS",
    "NOTICES",
    "REASONS",
    "Dataset",
    "Field",
    "find_failures",
    "fold",
]
