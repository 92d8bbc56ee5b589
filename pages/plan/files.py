"""Files of a published plan in the user's language, written by ``data.exports``."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from data.errors import DataError
from data.exports.file_types import make_file_name
from data.exports.plan_calendars import write_calendars
from data.exports.plan_rows import STOP_FIELDS
from data.exports.plan_sheets import write_plan_sheets
from data.exports.plan_tables import PLAN_WRITERS
from data.plans import read_current_officers, read_published_plan
from data.plans.sentences import write_reasons
from data.settings import get_settings
from geo.areas import are_in_area
from pages.queries.areas import select_villages
from pages.text.language import _, format_weekday, get_language, translate

if TYPE_CHECKING:
    from datetime import date

    from data.plans import PublishedPlan
    from pages.queries.records import Connection

KINDS = ("pdf", "xlsx", "csv", "gpx", "ics")
"""Extensions of the available files."""
MOST_SHEETS = 250
"""Maximum number of sheets in one PDF, one page per officer and day."""


@dataclass(frozen=True)
class PlanPart:
    """Part of a plan to export.

    Attributes
    ----------
    week
        The week whose plans in force are exported.
    plan_id
        A version, instead of a week.
    officer_id, day
        Limit to one officer, to one day.
    area
        Limit to a village, district or regency, by its code.
    """

    week: str = ""
    plan_id: int | None = None
    officer_id: str = ""
    day: date | None = None
    area: str = ""


@dataclass(frozen=True)
class PlanExtract:
    """Stops to export, with their reasons and officers."""

    stops: pd.DataFrame
    officers: pd.DataFrame
    made_at: pd.Timestamp


def gather_extract(connection: Connection, wanted: PlanPart) -> PlanExtract:
    """Read the stops of a part of a plan.

    Raises
    ------
    DataError
        If no such plan is published, or the part has no stops.
    """
    plans = [_describe(plan, wanted.area) for plan in _read(connection, wanted)]
    if not plans:
        raise DataError("No plan has been published for week {week}: publish one first.", week=wanted.week)
    stops = pd.concat([plan.stops for plan in plans], ignore_index=True)
    officers = pd.concat([plan.officers for plan in plans])
    if wanted.officer_id:
        stops = stops[stops["officer_id"] == wanted.officer_id]
    if wanted.day is not None:
        stops = stops[stops["day"].dt.date == wanted.day]
    if stops.empty:
        raise DataError(
            "The published plan has no visits for this officer on this day: choose another officer or day."
        )
    return PlanExtract(stops, officers, max(plan.made_at for plan in plans))


def write_plan_file(kind: str, connection: Connection, handout: PlanExtract) -> tuple[str, bytes]:
    """Write stops as a file.

    Returns
    -------
    ending
        Extension of the file: ``kind``, or ``zip`` for the calendars of several officers.
    content
        Content of the file.

    Raises
    ------
    DataError
        If there are too many sheets for one PDF.
    """
    stops, officers, words = handout.stops, handout.officers, list_sheet_texts()
    if kind == "ics":
        return _write_calendars(handout, words)
    if kind == "pdf":
        _require_few(stops)
        areas = select_villages(connection, "")
        near = areas[areas.index.isin(set(" ".join(officers["villages"]).split()))]
        made = write_plan_sheets(
            stops, officers, texts=words, format_day=lambda day: format_weekday(day, long=True), areas=near
        )
        return kind, made
    return kind, PLAN_WRITERS[kind](stops, officers, texts=words)


def list_sheet_texts() -> dict[str, str]:
    """Return all texts of a sheet in the user's language."""
    return {
        "title": _("Visits of the day"),
        "visits": _("visits"),
        "rt": _("RT"),
        "rw": _("RW"),
        "met": _("met"),
        "absent": _("not at home"),
        "refused": _("refused"),
        "note": _("Note"),
        "scan": _("Route on the phone"),
        "post": _("post"),
        "metres": "m",
        "map": _("Map of the stops"),
        "morning": _("morning"),
        "afternoon": _("afternoon"),
        "evening": _("evening"),
        "footer": _("Only for the officer named above. Destroy after use."),
        "sheet": _("Plan"),
        "officer": _("Officer"),
        "day": _("Day"),
        "shift": _("Shift"),
        "order": _("No."),
        "start": _("From"),
        "end": _("Until"),
        "head_name": _("Head of household"),
        "address": _("Address"),
        "village": _("Village"),
        "reason": _("Why"),
        "language": get_language(),
    }


def _read(connection: Connection, wanted: PlanPart) -> list[PublishedPlan]:
    """Read the requested version, or all versions in force for any officer in the week."""
    database, principal = connection.database, connection.principal
    if wanted.plan_id is not None:
        return [read_published_plan(database, principal, wanted.plan_id)]
    standing = read_current_officers(database, principal, week=wanted.week)
    if wanted.officer_id:
        standing = standing[standing.index == wanted.officer_id]
    plans = []
    for plan_id, officers in standing.groupby("plan_id"):
        plan = read_published_plan(database, principal, int(str(plan_id)))
        plans.append(_narrow(plan, officers.index))
    return plans


def _narrow(plan: PublishedPlan, officers: pd.Index) -> PublishedPlan:
    return replace(
        plan,
        stops=plan.stops[plan.stops["officer_id"].isin(officers)],
        officers=plan.officers[plan.officers.index.isin(officers)],
    )


def _describe(plan: PublishedPlan, area: str) -> PlanExtract:
    """Select the stops of a plan in an area and add their reasons."""
    stops = plan.stops[are_in_area(plan.stops["village_code"], area)]
    why = write_reasons(stops, write=translate, counting=plan.request.counting, must=plan.request.must)
    return PlanExtract(stops.assign(reason=why.array)[[*STOP_FIELDS]], plan.officers, plan.published_at)


def _require_few(stops: pd.DataFrame) -> None:
    n = len(stops[["officer_id", "day"]].drop_duplicates())
    if n > MOST_SHEETS:
        raise DataError(
            "That would be {n:,} sheets, but one file holds {most}: choose an officer or a day.",
            n=n,
            most=MOST_SHEETS,
        )


def _write_calendars(handout: PlanExtract, words: dict[str, str]) -> tuple[str, bytes]:
    """Write one calendar per officer; those of several officers are packed into one file."""
    zone = get_settings().time_zone
    made = write_calendars(handout.stops, zone=zone, made_at=handout.made_at, texts=words)
    if len(made) == 1:
        return "ics", next(iter(made.values()))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (key, content) in enumerate(made.items(), 1):
            archive.writestr(f"{number:03d}_{make_file_name(key)}.ics", content)
    return "zip", packed.getvalue()
