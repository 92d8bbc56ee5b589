"""Why a row is quarantined: codes, each with a sentence. Pages translate the codes."""

from __future__ import annotations

REASONS: dict[str, str] = {
    "ragged_row": "The row has fewer or more cells than the header.",
    "missing_visited_at": "The date of the visit is missing.",
    "missing_officer_id": "The officer is missing.",
    "missing_name": "The officer's name is missing.",
    "missing_occurred_at": "The date of the crime is missing.",
    "missing_category": "The kind of crime is missing.",
    "missing_village": "The village has neither a code nor a name.",
    "missing_identity": "Without number, point and head's name, nothing tells which household it is.",
    "bad_date": "The date cannot be read, or does not exist in the calendar.",
    "bad_time": "The time of day cannot be read.",
    "date_out_of_range": "The date lies before 1900 or in the future.",
    "dates_reversed": "The latest moment lies before the earliest.",
    "bad_number": "A number cannot be read, or is negative.",
    "bad_coordinates": "The coordinates cannot be read, are incomplete, or lie outside the world.",
    "zero_coordinates": "The coordinates are 0, 0: the device had no position.",
    "not_a_point": "The geometry is neither a point nor an area.",
    "bad_code": "The village code has not 10 digits.",
    "damaged_code": "The village code was turned into a rounded number by a spreadsheet: export it as text.",
    "missing_code": "The village has no code, though others in the file have.",
    "bad_geometry": "The geometry cannot be read.",
    "no_geometry": "There is no geometry.",
    "not_a_polygon": "The geometry is not an area.",
    "duplicate_row": "The same row is in the file already.",
    "duplicate_key": "Another row of the file has the same key but differs.",
    "bad_value": "A value is not one that the field can have.",
}
"""Reason code to what it means."""
