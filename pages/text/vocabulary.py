"""What codes of the data are called: datasets, fields, reasons and categories, in the user's language."""

from __future__ import annotations

from data.field.marks import FIELD_SHEET_NAME
from data.sample import SAMPLE_NAME
from pages.text.language import N_, _

DATASET_NAMES = {
    "boundaries": N_("Village boundaries"),
    "households": N_("Households"),
    "officers": N_("Officers"),
    "visits": N_("Visits"),
    "crimes": N_("Crimes"),
    "crosswalk": N_("Crosswalk of codes"),
    "roads": N_("Roads"),
}

FIELD_NAMES = {
    "accuracy_m": N_("GPS accuracy, m"),
    "address": N_("Address"),
    "boundary_year": N_("Year of the boundary"),
    "bps_code": N_("BPS code"),
    "category": N_("Kind of crime"),
    "class": N_("Road class"),
    "crime_id": N_("Report number (LP)"),
    "district": N_("District"),
    "district_code": N_("District code"),
    "district_given": N_("District, as in the file"),
    "head_name": N_("Head of household"),
    "household_given": N_("Household number, as in the file"),
    "household_id": N_("Household number"),
    "household_match": N_("Household found by"),
    "households_registered": N_("Registered households"),
    "lat": N_("Latitude"),
    "lon": N_("Longitude"),
    "name": N_("Name"),
    "occurred_at": N_("Time of the crime"),
    "occurred_to": N_("Latest time of the crime"),
    "offence": N_("Offence in words"),
    "officer_id": N_("Officer number"),
    "outcome": N_("Outcome"),
    "placement": N_("Placement"),
    "point": N_("Both coordinates in one column"),
    "population": N_("Inhabitants"),
    "rank": N_("Rank"),
    "regency": N_("Regency"),
    "regency_code": N_("Regency code"),
    "remarks": N_("Remarks"),
    "row_number": N_("Row"),
    "rt": N_("RT"),
    "rw": N_("RW"),
    "shape": N_("Polygon as text"),
    "source": N_("Reported or discovered"),
    "status": N_("Status"),
    "tags": N_("Tags"),
    "time": N_("Time of day"),
    "unit": N_("Unit"),
    "village": N_("Village"),
    "village_code": N_("Village code"),
    "village_code_given": N_("Village code, as in the file"),
    "village_given": N_("Village, as in the file"),
    "villages": N_("Assigned villages"),
    "visit_id": N_("Visit number"),
    "visited_at": N_("Time of the visit"),
}

REASON_NAMES = {
    "ragged_row": N_("The row has fewer or more cells than the header."),
    "not_a_road": N_("The feature is no line, or a road that is not there yet or any more."),
    "total_row": N_("The row is a total below the table, not a record."),
    "missing_visited_at": N_("The date of the visit is missing."),
    "missing_officer_id": N_("The officer is missing."),
    "missing_name": N_("The officer's name is missing."),
    "missing_occurred_at": N_("The date of the crime is missing."),
    "missing_category": N_("The kind of crime is missing."),
    "missing_village": N_("The village has neither a code nor a name."),
    "missing_identity": N_("Without number, point and head's name, nothing tells which household it is."),
    "bad_date": N_("The date cannot be read, or does not exist in the calendar."),
    "bad_time": N_("The time of day cannot be read."),
    "date_out_of_range": N_("The date lies before 1900 or in the future."),
    "dates_reversed": N_("The latest moment lies before the earliest."),
    "bad_number": N_("A number cannot be read, or is negative."),
    "bad_coordinates": N_("The coordinates cannot be read, are incomplete, or lie outside the world."),
    "zero_coordinates": N_("The coordinates are 0, 0: the device had no position."),
    "not_a_point": N_("The geometry is neither a point nor an area."),
    "bad_code": N_("The village code has not 10 digits."),
    "damaged_code": N_(
        "A spreadsheet rounded the village code, cut its zeros or made a date of it: export it as text."
    ),
    "damaged_id": N_(
        "A spreadsheet rounded the number, so its last digits are lost: export the column as text."
    ),
    "missing_bps_code": N_("The BPS code is missing."),
    "missing_village_code": N_("The Kemendagri code is missing."),
    "no_crosswalk": N_("The crosswalk has no Kemendagri code for this BPS code."),
    "set_apart": N_("It is no village (forest, water or the like): it was set apart."),
    "missing_code": N_("The village has no code, though others in the file have."),
    "bad_geometry": N_("The geometry cannot be read."),
    "no_geometry": N_("There is no geometry."),
    "not_a_polygon": N_("The geometry is not an area."),
    "not_in_reach": N_("The household is not registered in the officer's area."),
    "duplicate_row": N_("The same row is in the file already."),
    "duplicate_key": N_("Another row of the file has the same key but differs."),
    "bad_value": N_("A value is not one that the field can have."),
}

NOTICE_NAMES = {
    "far_away": N_("The point lies more than 50 km from every village."),
    "unknown_village": N_("No village is known by the name or code that the row gives."),
    "ambiguous_village": N_("Several villages bear the name that the row gives."),
    "ambiguous_household": N_("Several households fit what the row says, so none was taken."),
    "unknown_household": N_("No household is known by what the row says."),
    "after_report": N_("The crime is dated after the year of its own report number."),
}

CATEGORY_NAMES = {
    "curat": N_("Aggravated theft (curat)"),
    "curas": N_("Robbery (curas)"),
    "curanmor": N_("Vehicle theft (curanmor)"),
}

STATUS_NAMES = {
    "never": N_("Never visited"),
    "overdue": N_("Overdue"),
    "due": N_("Due soon"),
    "visited": N_("Visited"),
}


VALUE_NAMES = {
    "absent": N_("not at home"),
    "discovered": N_("discovered by police"),
    "distance": N_("distance"),
    "id": N_("number"),
    "inside": N_("in a village"),
    "met": N_("met"),
    "none": N_("not found"),
    "outside": N_("outside every village"),
    "refused": N_("refused"),
    "reported": N_("reported by the public"),
    "text": N_("name and address"),
    "unknown": N_("not known"),
    "unlocated": N_("without location"),
}


def name_value(code: str) -> str:
    """Say what a field that takes few words of our own says."""
    return _describe(VALUE_NAMES, code)


def name_dataset(name: str) -> str:
    """Name a dataset."""
    return _describe(DATASET_NAMES, name)


def name_field(name: str) -> str:
    """Name a field of the datasets."""
    return _describe(FIELD_NAMES, name)


def describe_reason(code: str) -> str:
    """Say why a row was refused."""
    return _describe(REASON_NAMES, code)


def name_import_file(name: str) -> str:
    """Name the file that an import came from; those of our own making are named in the user's language.

    Examples
    --------
    >>> file("kunjungan.csv")
    'kunjungan.csv'
    """
    if marked := FIELD_SHEET_NAME.fullmatch(name):
        return _("field sheet of {officer}, {day}").format(officer=marked[2], day=marked[1])
    if sample := SAMPLE_NAME.fullmatch(name):
        texts = {"district": _("made-up district"), "regency": _("made-up regency")}
        return f"{texts[sample[1]]} {sample[2]}"
    return name


def describe_notice(code: str) -> str:
    """Say what is told of a row that is taken all the same."""
    return _describe(NOTICE_NAMES, code)


def name_category(name: str) -> str:
    """Name a category of crime; one that is the data's own is called as it is there."""
    return _describe(CATEGORY_NAMES, name)


def name_status(name: str) -> str:
    """Name the status of a household."""
    return _describe(STATUS_NAMES, name)


def _describe(words: dict[str, str], code: str) -> str:
    return _(words[code]) if code in words else code
