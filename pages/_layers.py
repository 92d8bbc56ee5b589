"""A map of villages that leads on: a click on one chooses it for all pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages._filters import set_area
from pages._map import show_map

if TYPE_CHECKING:
    from geo.maps import OfflineMap
    from pages.queries.filters import Filters


def show_area_map(map_: OfflineMap, filters: Filters, *, key: str) -> None:
    """Show a map on which a click on a village chooses it."""
    clicked = show_map(map_, key=f"{key}_{filters.area}").area_code
    if clicked and clicked != filters.area:
        set_area(clicked)
        st.rerun()
