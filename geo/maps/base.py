"""The offline base map: fitted to its areas, with all scripts and styles from our own server."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import folium
import numpy as np
from branca.element import MacroElement
from folium.elements import JSCSSMixin
from folium.map import Layer
from folium.template import Template

from geo.crs import to_wgs84
from geo.maps.text import escape_text, to_script

if TYPE_CHECKING:
    import geopandas as gpd

ASSETS_URL = "/assets"
STATIC = Path(__file__).parent / "static"
"""Folder of our own scripts and style sheets, which a server provides under ``<assets_url>/sambang/``."""
MAX_ZOOM = 19
_EVERYWHERE = ((-11.0, 95.0), (6.0, 141.0))  # Indonesia: (south, west), (north, east)


@dataclass(frozen=True)
class Basemap:
    """A tile server drawn beneath all layers."""

    url: str
    """XYZ template, such as ``https://tiles.example/{z}/{x}/{y}.png``."""
    attribution: str = ""
    """Credit that the provider requires, as plain text."""


@dataclass(frozen=True)
class MapTexts:
    """Texts of the map's own controls, in the user's language."""

    zoom_in: str = "Zoom in"
    zoom_out: str = "Zoom out"


@dataclass(frozen=True)
class Library:
    """Scripts and style sheets that a layer needs, as paths under the assets URL."""

    scripts: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()


CORE = Library(
    ("leaflet/leaflet.js", "sambang/map.js", "sambang/points.js", "sambang/zones.js"),
    ("leaflet/leaflet.css", "sambang/map.css"),
)
HEAT = Library(("folium/leaflet_heat.min.js",))
CLUSTER = Library(("markercluster/leaflet.markercluster.js",), ("markercluster/MarkerCluster.css",))


class OfflineMap(folium.Map):
    """A folium map whose scripts and styles all come from our own server."""

    def __init__(self, assets_url: str, **options: Any) -> None:
        # maxZoom in Leaflet's spelling: folium uses max_zoom for the tiles only, and there are none.
        super().__init__(
            tiles=None, maxZoom=MAX_ZOOM, prefer_canvas=True, zoom_control=False, font_size="13px", **options
        )
        self.assets_url = assets_url.rstrip("/")
        self.default_js, self.default_css = list_links(CORE, self.assets_url)


class Script(MacroElement):
    """A call of a function in static/*.js on the map it is added to."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "Sambang.{{ this.call }}({{ this._parent.get_name() }}, {{ this.arguments }});"
        "{% endmacro %}"
    )

    def __init__(self, call: str, arguments: object) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca annotates nothing
        self._name = f"Sambang{call.title()}"
        self.call, self.arguments = call, to_script(arguments)


class ScriptLayer(JSCSSMixin, Layer):
    """A layer made by a call of a function in static/*.js."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "var {{ this.get_name() }} = Sambang.{{ this.call }}({{ this.arguments }});"
        "{% endmacro %}"
    )

    def __init__(self, call: str, *arguments: object) -> None:
        super().__init__(overlay=True, control=False)
        self._name = f"Sambang{call.title()}"
        self.call, self.arguments = call, ", ".join(to_script(argument) for argument in arguments)

    def place_on(self, map_: OfflineMap, library: Library | None = None) -> None:
        """Add the layer, with the library it needs, to a map."""
        self.default_js, self.default_css = list_links(library or Library(), map_.assets_url)
        self.add_to(map_)


def list_links(library: Library, assets_url: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return the URLs of a library's scripts and style sheets, in folium's format.

    Parameters
    ----------
    library
        The scripts and style sheets.
    assets_url
        Where the server provides them.

    Returns
    -------
    tuple
        Scripts and style sheets, each a list of (name, URL).

    Examples
    --------
    >>> list_links(HEAT, "/assets")
    ([('folium/leaflet_heat.min.js', '/assets/folium/leaflet_heat.min.js')], [])
    """
    return (
        [(path, f"{assets_url}/{path}") for path in library.scripts],
        [(path, f"{assets_url}/{path}") for path in library.styles],
    )


def make_map(
    areas: gpd.GeoDataFrame,
    *,
    basemap: Basemap | None = None,
    assets_url: str = ASSETS_URL,
    dark: bool = False,
    texts: MapTexts | None = None,
    focus: gpd.GeoDataFrame | None = None,
) -> OfflineMap:
    """Make an empty map that is fitted to areas.

    Parameters
    ----------
    areas
        Layer to fit the map to, in any CRS; if empty, the map shows Indonesia.
    basemap
        Tiles to draw beneath; without them nothing is requested from the internet.
    assets_url
        Where the server provides Leaflet and the other scripts.
    dark
        Whether to draw for a dark page; inside Streamlit the user's theme takes precedence.
    texts
        Texts of the buttons.
    focus
        Layer to show first, in any CRS; by default all of ``areas``.

    Returns
    -------
    OfflineMap
        Map with zoom buttons and a scale bar, to which layers are added.

    Raises
    ------
    CRSError
        If the layer has no CRS.

    Examples
    --------
    >>> from shapely import box
    >>> import geopandas as gpd
    >>> map_ = make_map(gpd.GeoDataFrame(geometry=[box(111, -8, 112, -7)], crs="EPSG:4326"))
    >>> map_.location
    [-7.5, 111.5]
    """
    words = texts or MapTexts()
    (south, west), (north, east) = bounds = find_bounds(areas)
    margin = max(north - south, east - west)
    map_ = OfflineMap(
        assets_url,
        location=((south + north) / 2, (west + east) / 2),
        zoom_start=10,
        zoom_snap=1 if basemap else 0.25,
        max_bounds=True,
        min_lat=south - margin,
        max_lat=north + margin,
        min_lon=west - margin,
        max_lon=east + margin,
        attribution_control=bool(basemap and basemap.attribution),
    )
    first = bounds if focus is None else find_bounds(focus)
    view = {"bounds": first, "assets": map_.assets_url, "dark": dark, "tiles": basemap is not None}
    view |= {"zoomIn": escape_text(words.zoom_in), "zoomOut": escape_text(words.zoom_out)}
    Script("view", view).add_to(map_)
    if basemap is not None:
        folium.TileLayer(
            basemap.url, attr=escape_text(basemap.attribution) or " ", max_zoom=MAX_ZOOM, control=False
        ).add_to(map_)
    return map_


def find_bounds(areas: gpd.GeoDataFrame) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the bounds of a layer in Leaflet's order.

    Parameters
    ----------
    areas
        Layer in any CRS.

    Returns
    -------
    tuple
        Order is (south, west), (north, east), degrees; those of Indonesia if the layer is empty.

    Examples
    --------
    >>> import geopandas as gpd
    >>> find_bounds(gpd.GeoDataFrame(geometry=[], crs="EPSG:4326"))
    ((-11.0, 95.0), (6.0, 141.0))
    """
    west, south, east, north = to_wgs84(areas).total_bounds
    if not np.isfinite([west, south, east, north]).all():
        return _EVERYWHERE
    return (round(south, 5), round(west, 5)), (round(north, 5), round(east, 5))
