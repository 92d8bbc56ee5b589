"""Mapped text → typed canonical columns, and for every row that cannot be taken, why."""

from data.validation.faults import Faults
from data.validation.points import Points
from data.validation.records import Checked, Reading, validate

__all__ = ["Checked", "Faults", "Points", "Reading", "validate"]
