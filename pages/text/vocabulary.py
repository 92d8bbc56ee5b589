"""Names of codes in the user's language: datasets, fields, values, reasons and categories."""

from __future__ import annotations

from data.field.marks import FIELD_SHEET_NAME
from data.sample import SAMPLE_NAME
from data.schema import NOTICES, REASONS, TIME_EVIDENCE
from pages.text.language import N_, _, translate

DATASET_NAMES = {
    "boundaries": N_("Village boundaries"),
    "households": N_("Households"),
    "officers": N_("Officers"),
    "visits": N_("Visits"),
    "crimes": N_("Crimes"),
    "crosswalk": N_("Code crosswalk"),
    "roads": N_("Roads"),
}

FIELD_NAMES = {
    "accuracy_m": N_("GPS accuracy, m"),
    "address": N_("Address"),
    "boundary_year": N_("Boundary year"),
    "bps_code": N_("BPS code"),
    "category": N_("Kind of crime"),
    "class": N_("Road class"),
    "crime_id": N_("Report number (LP)"),
    "district": N_("District"),
    "district_code": N_("District code"),
    "district_given": N_("District, as in the file"),
    "hdop": N_("HDOP"),
    "head_name": N_("Head of household"),
    "household_given": N_("Household number, as in the file"),
    "household_id": N_("Household number"),
    "household_match": N_("Household matched by"),
    "households_registered": N_("Registered households"),
    "lat": N_("Latitude"),
    "lon": N_("Longitude"),
    "name": N_("Name"),
    "occurred_at": N_("Time of crime"),
    "occurred_to": N_("Latest time of the crime"),
    "offence": N_("Description of the offence"),
    "officer_id": N_("Officer number"),
    "outcome": N_("Outcome"),
    "placement": N_("Placement"),
    "point": N_("Both coordinates in one column"),
    "population": N_("Population"),
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
    "time_precision": N_("Time known to"),
    "unit": N_("Unit"),
    "village": N_("Village"),
    "village_code": N_("Village code"),
    "village_code_given": N_("Village code, as in the file"),
    "village_given": N_("Village, as in the file"),
    "villages": N_("Assigned villages"),
    "visit_id": N_("Visit number"),
    "visited_at": N_("Time of visit"),
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
    "day": N_("the day"),
    "discovered": N_("discovered by police"),
    "distance": N_("distance"),
    "hour": N_("the hour"),
    "id": N_("number"),
    "inside": N_("in a village"),
    "interval": N_("between two times"),
    "met": N_("met"),
    "minute": N_("the minute"),
    "month": N_("the month"),
    "moved": N_("moved away"),
    "none": N_("not found"),
    "outside": N_("outside every village"),
    "refused": N_("refused"),
    "reported": N_("reported by the public"),
    "text": N_("name and address"),
    "unknown": N_("unknown"),
    "unlocated": N_("without location"),
}


def name_value(code: str) -> str:
    """Return the name of a coded value, such as an outcome or placement."""
    return _describe(VALUE_NAMES, code)


def name_dataset(name: str) -> str:
    """Return the name of a dataset."""
    return _describe(DATASET_NAMES, name)


def name_field(name: str) -> str:
    """Return the name of a dataset's field."""
    return _describe(FIELD_NAMES, name)


def describe_reason(code: str) -> str:
    """Describe why a row was refused."""
    return translate(REASONS[code]) if code in REASONS else code


def name_import_file(name: str) -> str:
    """Return the name of an import's file; names that the program makes are translated.

    Examples
    --------
    >>> name_import_file("kunjungan.csv")
    'kunjungan.csv'
    """
    if marked := FIELD_SHEET_NAME.fullmatch(name):
        return _("field sheet of {officer}, {day}").format(officer=marked[2], day=marked[1])
    if sample := SAMPLE_NAME.fullmatch(name):
        texts = {"district": _("sample district"), "regency": _("sample regency")}
        return f"{texts[sample[1]]} {sample[2]}"
    return name


def describe_notice(code: str) -> str:
    """Describe a warning about an accepted row."""
    return translate(NOTICES[code]) if code in NOTICES else code


def describe_time_evidence(code: str) -> str:
    """Describe what shows how exactly the time of a crime is known."""
    return translate(TIME_EVIDENCE[code])


def name_category(name: str) -> str:
    """Return the name of a category of crime; the data's own categories keep their names."""
    return _describe(CATEGORY_NAMES, name)


def name_status(name: str) -> str:
    """Return the name of a household's status."""
    return _describe(STATUS_NAMES, name)


def _describe(words: dict[str, str], code: str) -> str:
    return _(words[code]) if code in words else code
