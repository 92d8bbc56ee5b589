"""Offline folium maps made from GeoDataFrames. No other package uses folium.

Start with ``make_map``, add layers from bottom to top, then a legend. All scripts and styles come from
``assets_url``, where a server provides these folders: ``leaflet``, ``markercluster``, ``folium`` (its heat
script) and ``sambang`` (``STATIC``).
"""

from geo.maps.areas import AreaStyle, add_boundaries, add_choropleth
from geo.maps.base import (
    ASSETS_URL,
    STATIC,
    Basemap,
    MapTexts,
    OfflineMap,
    find_bounds,
    make_map,
)
from geo.maps.geometry import MAX_VERTICES, draw_district_borders, simplify_areas
from geo.maps.legend import Heading, Matrix, add_legend, add_matrix_legend, add_ramp_legend, add_symbol_legend
from geo.maps.points import MAX_POINTS, Symbol, add_heat, add_points
from geo.maps.raster import add_surface
from geo.maps.routes import DAY_COLOURS, MAX_STOPS, DayStyle, add_routes
from geo.maps.still import PlaceMap, draw_places, draw_svg
from geo.maps.symbols import Marker
from geo.maps.text import escape_text
from geo.maps.tiles import add_tiles
from geo.maps.tracks import add_track
from geo.maps.zones import add_zones, merge_cells, synchronise_maps

__all__ = [
    "ASSETS_URL",
    "DAY_COLOURS",
    "MAX_POINTS",
    "MAX_STOPS",
    "MAX_VERTICES",
    "STATIC",
    "AreaStyle",
    "Basemap",
    "DayStyle",
    "Heading",
    "MapTexts",
    "Marker",
    "Matrix",
    "OfflineMap",
    "PlaceMap",
    "Symbol",
    "add_boundaries",
    "add_choropleth",
    "add_heat",
    "add_legend",
    "add_matrix_legend",
    "add_points",
    "add_ramp_legend",
    "add_routes",
    "add_surface",
    "add_symbol_legend",
    "add_tiles",
    "add_track",
    "add_zones",
    "draw_district_borders",
    "draw_places",
    "draw_svg",
    "escape_text",
    "find_bounds",
    "make_map",
    "merge_cells",
    "simplify_areas",
    "synchronise_maps",
]
