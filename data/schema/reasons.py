"""Codes for why a row is quarantined, and for warnings about accepted rows, each with its meaning."""

from __future__ import annotations

from geo.errors import Phrase

REASONS: dict[str, Phrase] = {
    "ragged_row": Phrase("The row has fewer or more cells than the header."),
    "total_row": Phrase("The row is a total below the table, not a record."),
    "missing_visited_at": Phrase("The date of the visit is missing."),
    "missing_officer_id": Phrase("The officer is missing."),
    "missing_name": Phrase("The officer's name is missing."),
    "missing_occurred_at": Phrase("The date of the crime is missing."),
    "missing_category": Phrase("The kind of crime is missing."),
    "missing_village": Phrase("The village has neither a code nor a name."),
    "missing_identity": Phrase("Without number, point and head's name, nothing tells which household it is."),
    "bad_date": Phrase("The date cannot be read, or does not exist in the calendar."),
    "bad_time": Phrase("The time of day cannot be read."),
    "date_out_of_range": Phrase("The date lies before 1900 or in the future."),
    "dates_reversed": Phrase("The latest moment lies before the earliest."),
    "bad_number": Phrase("A number cannot be read, or is negative."),
    "bad_coordinates": Phrase("The coordinates cannot be read, are incomplete, or lie outside the world."),
    "zero_coordinates": Phrase("The coordinates are 0, 0: the device had no position."),
    "not_a_road": Phrase("The feature is no line, or a road that is not there yet or any more."),
    "not_a_point": Phrase("The geometry is neither a point nor an area."),
    "bad_code": Phrase("The village code has not 10 digits."),
    "damaged_code": Phrase(
        "A spreadsheet rounded the village code, cut its zeros or made a date of it: export it as text."
    ),
    "damaged_id": Phrase(
        "A spreadsheet rounded the number, so its last digits are lost: export the column as text."
    ),
    "missing_bps_code": Phrase("The BPS code is missing."),
    "missing_village_code": Phrase("The Kemendagri code is missing."),
    "no_crosswalk": Phrase("The crosswalk has no Kemendagri code for this BPS code."),
    "set_apart": Phrase("It is no village (forest, water or the like): it was set apart."),
    "missing_code": Phrase("The village has no code, though others in the file have."),
    "bad_geometry": Phrase("The geometry cannot be read."),
    "no_geometry": Phrase("There is no geometry."),
    "not_a_polygon": Phrase("The geometry is not an area."),
    "not_in_reach": Phrase("The household is not registered in the officer's area."),
    "duplicate_row": Phrase("The same row is in the file already."),
    "duplicate_key": Phrase("Another row of the file has the same key but differs."),
    "bad_value": Phrase("A value is not one that the field can have."),
}
"""Reason code → what it means."""

NOTICES: dict[str, Phrase] = {
    "far_away": Phrase("The point lies more than 50 km from every village."),
    "unknown_village": Phrase("No village is known by the name or code that the row gives."),
    "ambiguous_village": Phrase("Several villages bear the name that the row gives."),
    "ambiguous_household": Phrase("Several households fit what the row says, so none was taken."),
    "unknown_household": Phrase("No household is known by what the row says."),
    "after_report": Phrase("The crime is dated after the year of its own report number."),
}
"""Warnings about rows that are accepted: code → what it means."""
