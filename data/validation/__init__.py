"""Mapped text → typed canonical columns, and for every row that cannot be taken, why."""

from data.validation.faults import Faults
from data.validation.points import Points
from data.validation.records import CheckedRows, ReadingOptions, validate_rows

__all__ = ["CheckedRows", "Faults", "Points", "ReadingOptions", "validate_rows"]
