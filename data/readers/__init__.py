"""Readers of every supported file type, detected from content: any file → one raw table of text."""

from data.readers.sandbox import read_table
from data.readers.table import InputFile, RawTable

__all__ = ["InputFile", "RawTable", "read_table"]
