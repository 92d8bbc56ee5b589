"""A plan in the officer's hand: sheets to print, routes for a GPS device, tables, and a calendar.

They hold names and places: whoever hands them out has asked for them as a principal first.
"""

from data.sheets.calendars import write_calendar
from data.sheets.files import write_plan_csv, write_plan_gpx, write_plan_xlsx
from data.sheets.printed import write_sheets
from data.sheets.rows import SHEET_TEXTS, STOP_FIELDS, gather_stops, map_link

__all__ = [
    "SHEET_TEXTS",
    "STOP_FIELDS",
    "gather_stops",
    "map_link",
    "write_calendar",
    "write_plan_csv",
    "write_plan_gpx",
    "write_plan_xlsx",
    "write_sheets",
]
