"""The maps and charts of pages, from the frames that queries answer with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import pandas as pd
import streamlit as st

from geo.classify import COVERAGE, CRIME, classify
from geo.maps import (
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
    add_surface,
    add_symbol_legend,
)
from pages import _filters, _queries, _words
from pages._map import show_map, start_map
from pages._texts import _, day, number, percent, period, short_number

if TYPE_CHECKING:
    from geo.hotspots import DensitySurface
    from pages._filters import Filters
    from pages._queries import Coverage, Crimes
    from pages._records import Source

_CHART_HEIGHT = 220
_CRIME_COLOUR = "#b30000"


def draw_coverage(source: Source, filters: Filters, around: Coverage) -> OfflineMap:
    """Draw villages by their reported coverage; ``around`` measures all that are drawn."""
    areas = _queries.areas_around(source, filters.area)
    rows = around.villages
    figures = pd.DataFrame(
        {
            _("Registered households"): rows["n_households"].map(number),
            _("Visited"): rows["n_reported"].map(number),
            _("Reported coverage"): rows["reported_coverage"].map(percent),
            _("Last visit"): rows["last_visit_at"].map(day),
        }
    )
    shares = 100 * rows["reported_coverage"]
    classes = classify(shares, scheme="natural", palette=COVERAGE)
    map_ = _start(source, filters)
    add_choropleth(map_, areas, shares, classes, style=AreaStyle(chosen=filters.area, figures=figures))
    add_boundaries(map_, areas, outlines=False)
    heading = Heading(_("Reported coverage"), _("% of registered households"), period(filters.window))
    no_data = _("no registered households") if shares.isna().any() else None
    return add_legend(map_, heading, classes.colours, classes.labels(short_number), no_data=no_data)


def draw_visits(source: Source, filters: Filters) -> OfflineMap:
    """Draw where visits were recorded, as heat."""
    binned = _queries.bin_visits(source, filters.window, filters.area)
    areas = _queries.areas_around(source, filters.area)
    map_ = _start(source, filters)
    add_boundaries(map_, areas, style=AreaStyle(chosen=filters.area))
    add_heat(map_, binned, COVERAGE[1:])
    unit = _("visits per {n} m cell").format(n=number(binned.attrs["cell_m"]))
    heading = Heading(_("Visits with a location"), unit, period(filters.window))
    return add_ramp_legend(map_, heading, COVERAGE[1:], (_("few"), _("many")))


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


def draw_weeks(weeks: pd.DataFrame) -> alt.LayerChart:
    """Draw how coverage has grown over the period, week by week."""
    rows = pd.DataFrame(
        {
            "week": [day(start, short=True) for start in weeks.index],
            "order": range(len(weeks)),
            "share": weeks["reported_coverage"].to_numpy(),
            "said": weeks["reported_coverage"].map(percent).to_numpy(),
            "n_reported": weeks["n_reported"].map(number).to_numpy(),
        }
    )
    x = alt.X(
        "week:N", sort=alt.SortField("order"), title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True)
    )
    y = alt.Y("share:Q", title=None, axis=alt.Axis(format="%", tickCount=4), scale=alt.Scale(domainMin=0))
    tooltip = [
        alt.Tooltip("week:N", title=_("Week of")),
        alt.Tooltip("said:N", title=_("Reported coverage so far")),
        alt.Tooltip("n_reported:N", title=_("Households visited that week")),
    ]
    base = alt.Chart(rows, height=_CHART_HEIGHT).encode(x=x, y=y, tooltip=tooltip)
    return base.mark_area(color=COVERAGE[2], opacity=0.25) + base.mark_line(
        color=COVERAGE[3], point={"color": COVERAGE[3]}
    )


def _start(source: Source, filters: Filters) -> OfflineMap:
    texts = MapTexts(zoom_in=_("Zoom in"), zoom_out=_("Zoom out"))
    return start_map(_queries.areas_of(source, filters.area), texts=texts)
