"""Coverage: households reported visited, households with a GPS-supported visit, and the gap."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import streamlit as st

from pages.coverage.figures import show_coverage_figures
from pages.coverage.maps import choose_layer, draw_coverage, draw_homes, draw_visit_heat
from pages.coverage.steps import follow_click, show_way_back
from pages.coverage.tables import show_coverage_table
from pages.coverage.weeks import show_weekly_coverage
from pages.queries.areas import select_map_areas
from pages.queries.neighbourhoods import read_village_homes
from pages.queries.records import count_unplaced_households, open_connection
from pages.queries.spans import read_spans
from pages.queries.visits import bin_visits, count_visit_places, read_coverage
from pages.text.language import _
from pages.widgets.captions import caption_nowhere, caption_visits
from pages.widgets.head import offer_period_with_data, show_head
from pages.widgets.maps import show_map
from pages.widgets.sidebar import choose_filters

if TYPE_CHECKING:
    from pages.coverage.maps import CoverageMeasure
    from pages.queries.areas import MapAreas
    from pages.queries.filters import Filters
    from pages.queries.neighbourhoods import VillageHomes
    from pages.queries.records import Connection
    from pages.queries.visits import Coverage


def main() -> None:
    """Show the page; areas, coverage and households are read once and passed to each part."""
    connection = open_connection()
    filters = choose_filters(connection, "visits")
    areas = select_map_areas(connection, filters.area)
    around = read_coverage(connection, areas.drawn, filters.period)
    now = around.select(filters.area)
    homes = read_village_homes(connection, filters)
    places = count_visit_places(connection, filters.period, filters.area)

    show_head(connection, filters, _("Visit coverage"), "visits")
    show_coverage_figures(connection, filters, areas.chosen, now, places.n_visits)
    offer_period_with_data(filters, read_spans(connection)["visits"].last, places.n_visits)
    show_way_back(connection, homes)
    show_coverage_map(connection, filters, areas, around, homes)
    nowhere = 0 if filters.area else count_unplaced_households(connection)
    st.caption(f"{caption_visits(places)} {caption_nowhere(nowhere)}")
    show_coverage_table(connection, filters, now, homes)
    show_weekly_coverage(connection, filters)


@st.fragment
def show_coverage_map(
    connection: Connection,
    filters: Filters,
    areas: MapAreas,
    around: Coverage,
    homes: VillageHomes | None,
) -> None:
    """Draw the chosen map; a click opens a district, then a village, then an RT."""
    shown = choose_layer(in_village=homes is not None)
    if homes is not None and shown == "homes":
        map_ = draw_homes(areas, homes, filters)
    elif shown == "heat":
        map_ = draw_visit_heat(areas, bin_visits(connection, filters.period, filters.area), filters)
    else:
        map_ = draw_coverage(areas, around, filters, cast("CoverageMeasure", shown))
    key = f"coverage_{shown}_{filters.area}_{homes and homes.chosen}"
    follow_click(connection, filters.area, homes, show_map(map_, key=key), key=key)


main()
