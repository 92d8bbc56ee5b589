"""Files to export, one writer for each format: CSV, XLSX, GeoJSON, GPX, calendars, and PDFs to print.

They contain names and places: callers read the records as a principal first. The PDFs are written by
separate modules, ``data.exports.household_list`` and ``data.exports.plan_sheets``: only these load the
typesetting library.
"""

from data.exports.file_types import MEDIA_TYPES, make_file_name
from data.exports.gpx import write_gpx
from data.exports.tables import fits_workbook, write_csv, write_geojson, write_times, write_xlsx

__all__ = [
    "MEDIA_TYPES",
    "fits_workbook",
    "make_file_name",
    "write_csv",
    "write_geojson",
    "write_gpx",
    "write_times",
    "write_xlsx",
]
