"""Validation: mapped text → typed canonical columns, with the reasons why rows are refused."""

from data.validation.accuracy import note_accuracy
from data.validation.faults import Faults
from data.validation.points import Points
from data.validation.records import CheckedRows, ReadingOptions, validate_rows

__all__ = ["CheckedRows", "Faults", "Points", "ReadingOptions", "note_accuracy", "validate_rows"]
