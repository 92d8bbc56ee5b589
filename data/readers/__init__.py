"""Any supported file → one raw table of text. What kind it is, its content tells, not its name."""

from data.readers.sandbox import read_table
from data.readers.table import RawTable, Source

__all__ = ["RawTable", "Source", "read_table"]
