"""Unvisited: households never visited or overdue, at any zoom, and where to begin."""

from __future__ import annotations

import streamlit as st

from pages.queries.areas import select_map_areas
from pages.queries.households import HouseholdFilter, count_statuses, list_groups, list_households
from pages.queries.neighbourhoods import is_village
from pages.queries.records import open_connection
from pages.text.language import _, escape_markdown
from pages.unvisited.maps import show_household_map
from pages.unvisited.tables import show_household_table
from pages.unvisited.view import (
    choose_part_size,
    choose_rw_rt,
    choose_status_request,
    choose_statuses,
    describe_largest_group,
    describe_tried,
    list_status_cards,
    offer_exports,
)
from pages.widgets.cards import show_plain_cards
from pages.widgets.head import show_head
from pages.widgets.sidebar import choose_filters


def main() -> None:
    """Show the page."""
    connection = open_connection()
    filters = choose_filters(connection, "visits")
    show_head(connection, filters, _("Unvisited households"), "visits")
    in_village = is_village(connection, filters.area)
    statuses = choose_statuses()
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        asked = choose_status_request(filters)
        rt, rw = choose_rw_rt(connection, filters.area) if in_village else ("", "")
        part_size = choose_part_size()
    chosen = HouseholdFilter(filters.area, statuses, rt, rw, part_size)
    counts = count_statuses(connection, asked, filters.area)
    groups = list_groups(connection, asked, filters.area)
    parts = list_groups(connection, asked, filters.area, part_size)
    homes = list_households(connection, asked, chosen) if in_village else None

    show_plain_cards(list_status_cards(counts))
    said = [describe_largest_group(groups), describe_tried(counts)]
    st.markdown(escape_markdown(" ".join(filter(None, said))))
    areas = select_map_areas(connection, filters.area)
    show_household_map(connection, areas, asked, chosen, parts, homes)
    st.subheader(_("Export the list"), anchor=False)
    offer_exports(asked, chosen)
    show_household_table(counts, homes)


main()
