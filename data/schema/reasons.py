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
    "missing_category": Phrase("The crime category is missing."),
    "missing_village": Phrase("The village has neither a code nor a name."),
    "missing_identity": Phrase(
        "Without a number, a point or the name of the head, the household cannot be identified."
    ),
    "bad_date": Phrase("The date cannot be read or does not exist."),
    "bad_time": Phrase("The time of day cannot be read."),
    "date_out_of_range": Phrase("The date is before 1900 or in the future."),
    "dates_reversed": Phrase("The latest time is before the earliest."),
    "bad_number": Phrase("A number is unreadable or negative."),
    "bad_coordinates": Phrase("The coordinates are unreadable, incomplete or outside the valid range."),
    "zero_coordinates": Phrase("The coordinates are 0, 0: the device had no position."),
    "not_a_road": Phrase("The feature is not a line, or is a road that is planned or no longer exists."),
    "not_a_point": Phrase("The geometry is neither a point nor a polygon."),
    "bad_code": Phrase("The village code does not have 10 digits."),
    "damaged_code": Phrase(
        "A spreadsheet program rounded the village code, dropped its zeros or turned it into a date: "
        "export it as text."
    ),
    "damaged_id": Phrase(
        "A spreadsheet program rounded the number, so its last digits are lost: export the column as text."
    ),
    "missing_bps_code": Phrase("The BPS code is missing."),
    "missing_village_code": Phrase("The Kemendagri code is missing."),
    "no_crosswalk": Phrase("The crosswalk has no Kemendagri code for this BPS code."),
    "set_apart": Phrase("Not a village (forest, water or similar): it was excluded."),
    "missing_code": Phrase("The village has no code, although others in the file do."),
    "bad_geometry": Phrase("The geometry cannot be read."),
    "no_geometry": Phrase("The geometry is missing."),
    "not_a_polygon": Phrase("The geometry is not a polygon."),
    "not_in_reach": Phrase("The household is not registered in the officer's area."),
    "duplicate_row": Phrase("The same row occurs earlier in the file."),
    "duplicate_key": Phrase("Another row in the file has the same key but different values."),
    "bad_value": Phrase("A value is not allowed in this field."),
}
"""Reason code → what it means."""

NOTICES: dict[str, Phrase] = {
    "far_away": Phrase("The point is more than 50 km from every village."),
    "unknown_village": Phrase("No village matches the name or code in the row."),
    "ambiguous_village": Phrase("Several villages have the name in the row."),
    "ambiguous_household": Phrase("Several households match the row, so none was chosen."),
    "unknown_household": Phrase("No household matches the row."),
    "no_district_name": Phrase("The table of districts has no name for the village's district."),
    "unknown_officer": Phrase("The officer is in no register of officers."),
    "missing_head": Phrase("The name of the head of the household is missing."),
    "after_report": Phrase("The date of the crime is after the year of its report number."),
}
"""Warnings about rows that are accepted: code → what it means."""

TIME_EVIDENCE: dict[str, Phrase] = {
    "time": Phrase("The rows give a time of day."),
    "whole_hours": Phrase("All minutes are 00."),
    "no_time": Phrase("The dates have no time of day."),
    "midnights": Phrase("Every time is 00.00."),
    "local_midnights": Phrase("Every time is 00.00 in the unit's time zone."),
    "utc_midnights": Phrase("Every time is 00.00 here if the file's times are in UTC."),
    "same_time": Phrase("Every row has the same time of day."),
    "many_midnights": Phrase("More times are 00.00 than chance explains, so these are dates."),
    "month_text": Phrase("The rows give a month without a day."),
    "first_days": Phrase("Every date is the first of a month."),
    "from_to": Phrase("The rows give an earliest and a latest time."),
    "stated": Phrase("Chosen for this file."),
}
"""What shows how exactly the time of a crime is known: code → what was found in its file."""
