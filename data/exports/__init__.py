"""Lists of households that leave the program: CSV, XLSX, GeoJSON, GPX, and a PDF to print.

They hold names and places: whoever hands them out has asked for them as a principal first. The printed one
is asked for by its module, ``data.exports.household_list``: what draws it takes long to load.
"""

from data.exports.tables import write_csv, write_geojson, write_gpx, write_xlsx

__all__ = ["write_csv", "write_geojson", "write_gpx", "write_xlsx"]
