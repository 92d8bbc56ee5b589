"""Parsing of text into typed values, whole columns at a time; unreadable values are flagged, not guessed."""

from data.values.clocks import ClockTexts, read_clocks
from data.values.codes import (
    CodeTexts,
    find_damaged_ids,
    normalise_names,
    read_area_codes,
    read_code_lists,
    read_codes,
    read_units,
)
from data.values.coordinates import read_degrees, read_pairs
from data.values.date_orders import DateOrder, count_date_evidence, decide_order
from data.values.dates import MomentTexts, read_moment_texts, read_moments
from data.values.numbers import read_integers, read_numbers
from data.values.report_numbers import ReportNumbers, read_report_numbers

__all__ = [
    "ClockTexts",
    "CodeTexts",
    "DateOrder",
    "MomentTexts",
    "ReportNumbers",
    "count_date_evidence",
    "decide_order",
    "find_damaged_ids",
    "normalise_names",
    "read_area_codes",
    "read_clocks",
    "read_code_lists",
    "read_codes",
    "read_degrees",
    "read_integers",
    "read_moment_texts",
    "read_moments",
    "read_numbers",
    "read_pairs",
    "read_report_numbers",
    "read_units",
]
