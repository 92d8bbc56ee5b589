"""Text → typed values, whole columns at a time. What cannot be read is told, never guessed."""

from data.values.clocks import ClockTexts, read_clocks
from data.values.codes import CodeTexts, normalise_names, read_code_lists, read_codes, read_units
from data.values.dates import DateOrder, date_evidence, decide_order, read_moments
from data.values.numbers import read_integers, read_numbers

__all__ = [
    "ClockTexts",
    "CodeTexts",
    "DateOrder",
    "date_evidence",
    "decide_order",
    "normalise_names",
    "read_clocks",
    "read_code_lists",
    "read_codes",
    "read_integers",
    "read_moments",
    "read_numbers",
    "read_units",
]
