"""Maps on pages: the configured basemap, the user's theme, and clicks."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, NamedTuple

import streamlit as st
from streamlit_folium import st_folium

from data.settings import get_settings
from geo.maps import ASSETS_URL, Basemap, MapTexts, OfflineMap, make_map
from pages.web.addresses import read_base_path
from pages.widgets.sidebar import set_area

if TYPE_CHECKING:
    import geopandas as gpd

    from geo.maps import OfflineMap
    from pages.queries.filters import Filters


MAP_HEIGHT = 560


class MapClick(NamedTuple):
    """What was clicked last: a village, a point, or neither."""

    area_code: str | None = None
    point_id: str | None = None


def start_map(
    areas: gpd.GeoDataFrame, *, texts: MapTexts | None = None, focus: gpd.GeoDataFrame | None = None
) -> OfflineMap:
    """Make an empty map of areas, with the configured basemap.

    Parameters
    ----------
    areas
        Areas to fit the map to.
    texts
        Texts of the buttons in the user's language.
    focus
        Part to show first, if not all.

    Returns
    -------
    OfflineMap
        Add layers with ``geo.maps``, then give it to ``show_map``.
    """
    settings = get_settings()
    basemap = Basemap(settings.tiles_url, settings.tiles_attribution) if settings.tiles_url else None
    prefix = f"/{read_base_path()}".rstrip("/")
    return make_map(areas, basemap=basemap, assets_url=prefix + ASSETS_URL, texts=texts, focus=focus)


def show_map(map_: OfflineMap, *, key: str, height: int = MAP_HEIGHT) -> MapClick:
    """Show a map over the full width, and return what was clicked last.

    Only a click runs the page, or the fragment that this is called in, again; moving the map doesn't. A map
    whose layers change is drawn anew and forgets its click.

    Parameters
    ----------
    map_
        The finished map.
    key
        Unique among the maps of the page.
    height
        Pixels.

    Returns
    -------
    MapClick
        It comes from the browser: use it only within the user's scope.
    """
    state = st_folium(
        map_, key=key, height=height, use_container_width=True, returned_objects=["last_active_drawing"]
    )
    return read_click(state)


def read_click(state: object) -> MapClick:
    """Read the value of the map component, whatever it is.

    Parameters
    ----------
    state
        The component's value.

    Returns
    -------
    MapClick
        Empty if it holds nothing usable.

    Examples
    --------
    >>> read_click({"last_active_drawing": {"properties": {"code": "3501012001"}}})
    MapClick(area_code='3501012001', point_id=None)
    >>> read_click(None)
    MapClick(area_code=None, point_id=None)
    """
    drawing = state.get("last_active_drawing") if isinstance(state, dict) else None
    properties = drawing.get("properties") if isinstance(drawing, dict) else None
    if not isinstance(properties, dict):
        return MapClick()
    code, point = properties.get("code"), properties.get("id")
    return MapClick(
        html.unescape(code) if isinstance(code, str) else None,
        html.unescape(point) if isinstance(point, str) else None,
    )


def show_area_map(map_: OfflineMap, filters: Filters, *, key: str) -> None:
    """Show a map on which a click on a village selects it."""
    clicked = show_map(map_, key=f"{key}_{filters.area}").area_code
    if clicked and clicked != filters.area:
        set_area(clicked)
        st.rerun()
