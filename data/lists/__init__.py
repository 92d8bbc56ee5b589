"""Lists of households that leave the program: CSV, XLSX, GeoJSON, GPX, and a PDF to print.

They hold names and places: whoever hands them out has asked for them as a principal first.
"""

from data.lists.files import write_csv, write_geojson, write_gpx, write_xlsx
from data.lists.printed import MOST_PRINTED, Printed, PrintedMap, write_pdf

__all__ = [
    "MOST_PRINTED",
    "Printed",
    "PrintedMap",
    "write_csv",
    "write_geojson",
    "write_gpx",
    "write_pdf",
    "write_xlsx",
]
