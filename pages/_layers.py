"""The maps and charts of pages, from the frames that queries answer with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from geo.classify import CRIME, classify
from geo.maps import (
    AreaStyle,
    Heading,
    MapTexts,
    OfflineMap,
    Symbol,
    add_boundaries,
    add_legend,
    add_points,
    add_surface,
    add_symbol_legend,
)
from pages import _filters, _queries, _words
from pages._map import show_map, start_map
from pages._texts import _, day, number, period, short_number

if TYPE_CHECKING:
    from geo.hotspots import DensitySurface
    from pages._filters import Filters
    from pages._queries import Crimes
    from pages._records import Source

_CHART_HEIGHT = 220
_CRIME_COLOUR = "#b30000"


def draw_density(source: Source, filters: Filters, surface: DensitySurface, crimes: Crimes) -> OfflineMap:
    """Draw the density of crimes; each crime only where one village is chosen."""
    areas = _queries.areas_around(source, filters.area)
    rows = crimes.villages
    figures = pd.DataFrame(
        {
            _("Recorded crimes"): rows["n_crimes"].map(number),
            _("Crimes per km²"): rows["crimes_per_km2"].map(lambda value: number(value, digits=1)),
        }
    )
    map_ = _start(source, filters)
    density = surface.values.ravel()  # noqa: PD011 - the surface's own array, no frame
    classes = classify(density[density > 0], scheme="natural", palette=CRIME)
    add_boundaries(map_, areas, style=AreaStyle(chosen=filters.area, figures=figures))
    add_surface(map_, surface, classes)
    if len(_queries.areas_of(source, filters.area)) == 1:
        _add_crimes(map_, source, filters)
    heading = Heading(_("Crime density"), _("crimes per km² in the period"), period(filters.window))
    return add_legend(map_, heading, classes.colours, classes.labels(short_number))


def _add_crimes(map_: OfflineMap, source: Source, filters: Filters) -> None:
    points = _queries.list_crimes(source, filters)
    labels = [
        f"{_words.category(name)}, {day(at)}"
        for name, at in zip(points["category"], points["occurred_at"], strict=True)
    ]
    symbols = {"crime": Symbol(_CRIME_COLOUR, "diamond")}
    add_points(map_, points[["lon", "lat"]].assign(kind="crime", label=labels), symbols)
    add_symbol_legend(map_, Heading(_("One crime")), symbols, {"crime": _("where it is recorded")})


def show_area_map(map_: OfflineMap, filters: Filters, *, key: str) -> None:
    """Show a map on which a click on a village chooses it."""
    clicked = show_map(map_, key=f"{key}_{filters.area}").area_code
    if clicked and clicked != filters.area:
        _filters.set_area(clicked)
        st.rerun()


def _start(source: Source, filters: Filters) -> OfflineMap:
    texts = MapTexts(zoom_in=_("Zoom in"), zoom_out=_("Zoom out"))
    return start_map(_queries.areas_of(source, filters.area), texts=texts)
