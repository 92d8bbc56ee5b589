"""Any supported file → one raw table of text. What kind it is, its content tells, not its name."""

from data.readers.sandbox import read_table
from data.readers.table import InputFile, RawTable

__all__ = ["InputFile", "RawTable", "read_table"]
