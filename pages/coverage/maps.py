"""The maps of the Coverage page: villages by coverage, visits as heat, the households of a village."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import geopandas as gpd
import pandas as pd
import streamlit as st
from shapely import box

from geo.classify import COVERAGE_COLOURS, GAP_COLOURS, STATUS_COLOURS, classify_values
from geo.crs import WGS84
from geo.maps import (
    MAX_POINTS,
    AreaStyle,
    Heading,
    MapTexts,
    OfflineMap,
    Symbol,
    add_boundaries,
    add_choropleth,
    add_heat,
    add_legend,
    add_points,
    add_ramp_legend,
    add_symbol_legend,
)
from pages.queries.neighbourhoods import MISSED, REPORTED, SUPPORTED
from pages.text.language import (
    _,
    format_day,
    format_number,
    format_percent,
    format_period,
    format_short_number,
)
from pages.widgets.maps import start_map

if TYPE_CHECKING:
    from pages.queries.areas import MapAreas
    from pages.queries.filters import Filters
    from pages.queries.neighbourhoods import VillageHomes
    from pages.queries.visits import Coverage

CoverageMeasure = Literal["reported_coverage", "evidenced_coverage", "gap"]

BREAKS: dict[CoverageMeasure, tuple[float, ...]] = {
    "reported_coverage": (0, 10, 25, 50, 75, 100),
    "evidenced_coverage": (0, 10, 25, 50, 75, 100),
    "gap": (0, 5, 10, 20, 40, 100),
}
"""Class breaks in percent, the same for all areas and periods, so that maps are comparable."""
PALETTES: dict[CoverageMeasure, tuple[str, ...]] = {
    "reported_coverage": COVERAGE_COLOURS,
    "evidenced_coverage": COVERAGE_COLOURS,
    "gap": GAP_COLOURS,
}

FULL_VISITS = 5.0
"""Visits per 100 m cell and 30 days drawn in full colour: every second house visited each month
in a dense hamlet. It is independent of the data, so that periods and areas are comparable."""
_MONTH_DAYS = 30

SYMBOLS = {
    SUPPORTED: Symbol(STATUS_COLOURS["visited"], "circle"),
    REPORTED: Symbol(STATUS_COLOURS["due"], "triangle"),
    MISSED: Symbol(STATUS_COLOURS["never"], "diamond"),
}
_LEAST_VIEW_DEG = 0.001  # margin around the households of an RT, about 110 m


def choose_layer(*, in_village: bool) -> str:
    """Draw the choice of layer: a measure of coverage, visits as heat, or the households of a village."""
    layers = {
        "reported_coverage": _("Reported"),
        "evidenced_coverage": _("Supported by GPS"),
        "gap": _("Gap"),
        "heat": _("Visit heatmap"),
    }
    layers = ({"homes": _("Households")} | layers) if in_village else layers
    return str(
        st.segmented_control(
            _("Map shows"), list(layers), default=next(iter(layers)), required=True,
            key=f"coverage_layer_{in_village}", format_func=layers.__getitem__,
            label_visibility="collapsed",
        )
    )  # fmt: skip


def draw_coverage(
    areas: MapAreas, around: Coverage, filters: Filters, measure: CoverageMeasure
) -> OfflineMap:
    """Draw villages by a measure of coverage; ``around`` are all the villages to draw."""
    titles = {
        "reported_coverage": _("Reported coverage"),
        "evidenced_coverage": _("Coverage supported by GPS"),
        "gap": _("Gap: reported minus supported by GPS"),
    }
    units = {"gap": _("percentage points")}
    rows = around.rows
    figures = pd.DataFrame(
        {
            _("Registered households"): rows["n_households"].map(format_number),
            _("Reported"): rows["reported_coverage"].map(format_percent),
            _("Supported by GPS"): rows["evidenced_coverage"].map(format_percent),
            _("Gap"): rows["gap"].map(format_percent),
            _("Attempts"): rows["n_attempts"].map(format_number),
            _("Last visit"): rows["last_visit_at"].map(format_day),
        }
    )
    shares = 100 * rows[measure]
    palette, breaks = PALETTES[measure], BREAKS[measure]
    classes = classify_values(shares, scheme="fixed", palette=palette, breaks=breaks)
    map_ = _start(areas)
    add_choropleth(map_, areas.drawn, shares, classes, style=AreaStyle(chosen=filters.area, figures=figures))
    add_boundaries(map_, areas.drawn, outlines=False)
    unit = units.get(measure, _("% of registered households"))
    heading = Heading(titles[measure], unit, format_period(filters.period))
    no_data = _("no registered households") if shares.isna().any() else None
    return add_legend(map_, heading, classes.colours, classes.labels(format_short_number), no_data=no_data)


def draw_visit_heat(areas: MapAreas, binned: pd.DataFrame, filters: Filters) -> OfflineMap:
    """Draw where visits were recorded, as counted by ``bin_visits``, on a fixed scale."""
    map_ = _start(areas)
    add_boundaries(map_, areas.drawn, style=AreaStyle(chosen=filters.area))
    add_heat(map_, binned, COVERAGE_COLOURS[1:], full=FULL_VISITS * filters.period.days / _MONTH_DAYS)
    heading = Heading(
        _("Visits with a location"), _("visits per 100 m cell and 30 days"), format_period(filters.period)
    )
    ends = (_("few"), _("{n} or more").format(n=format_number(FULL_VISITS)))
    return add_ramp_legend(map_, heading, COVERAGE_COLOURS[1:], ends)


def draw_homes(areas: MapAreas, homes: VillageHomes, filters: Filters) -> OfflineMap:
    """Draw the households of a village, or of a part of it, by what is recorded about each."""
    located = homes.shown[homes.shown["lon"].notna()].head(MAX_POINTS)
    focus = _surroundings(located) if homes.chosen is not None and len(located) else None
    map_ = _start(areas, focus)
    add_boundaries(map_, areas.drawn, style=AreaStyle(chosen=filters.area))
    names = {
        SUPPORTED: _("visit supported by GPS"),
        REPORTED: _("visit only reported"),
        MISSED: _("no visit in the period"),
    }
    label = "RT " + located["rt"] + " / RW " + located["rw"] + " · " + located["kind"].map(names)
    tried = _("Attempts") + ": " + located["n_attempts"].map(format_number).astype("str")
    label = label.where(located["n_attempts"] == 0, label + " · " + tried)
    add_points(
        map_, located[["lon", "lat", "kind"]].assign(label=label.to_numpy(), id=located.index), SYMBOLS
    )
    return add_symbol_legend(
        map_, Heading(_("Households"), period=format_period(filters.period)), SYMBOLS, names
    )


def _surroundings(homes: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return the rectangle around households."""
    west, south = homes["lon"].min() - _LEAST_VIEW_DEG, homes["lat"].min() - _LEAST_VIEW_DEG
    east, north = homes["lon"].max() + _LEAST_VIEW_DEG, homes["lat"].max() + _LEAST_VIEW_DEG
    return gpd.GeoDataFrame(geometry=[box(west, south, east, north)], crs=WGS84)


def _start(areas: MapAreas, focus: gpd.GeoDataFrame | None = None) -> OfflineMap:
    return start_map(areas.chosen, texts=MapTexts(zoom_in=_("Zoom in"), zoom_out=_("Zoom out")), focus=focus)
