"""Unvisited: which households were never visited or are overdue, at any zoom, and where to begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from geo.status import STATUSES
from pages.queries.households import HouseholdFilter, count_statuses, list_groups, list_households
from pages.queries.records import load_villages, open_connection
from pages.text.language import _, escape_markdown, format_number
from pages.text.vocabulary import name_status
from pages.unvisited.view import (
    choose_rw_rt,
    choose_status_request,
    choose_statuses,
    configure_group_columns,
    count_unplaced,
    describe_groups,
    describe_largest_group,
    draw_households,
    list_status_cards,
    list_status_places,
    offer_exports,
)
from pages.widgets.cards import show_plain_cards
from pages.widgets.head import show_head
from pages.widgets.maps import show_map
from pages.widgets.sidebar import choose_filters, set_area
from pages.widgets.tables import Column, show_table

if TYPE_CHECKING:
    import pandas as pd

    from pages.queries.filters import Filters
    from pages.queries.households import StatusRequest
    from pages.queries.records import Connection


def main() -> None:
    """Show the page."""
    connection = open_connection()
    filters = choose_filters(connection)
    show_head(connection, filters, _("Unvisited households"), "visits")
    in_village = filters.area in load_villages(connection).index
    statuses = choose_statuses()
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        asked = choose_status_request(filters)
        rt, rw = choose_rw_rt(connection, filters.area) if in_village else ("", "")
    chosen = HouseholdFilter(filters.area, statuses, rt, rw)
    counts = count_statuses(connection, asked, filters.area)
    groups = list_groups(connection, asked, filters.area)
    homes = list_households(connection, asked, chosen) if in_village else None

    show_plain_cards(list_status_cards(counts))
    st.markdown(escape_markdown(describe_largest_group(groups)))
    show_household_map(connection, filters, asked, chosen, homes)
    st.subheader(_("Export the list"), anchor=False)
    offer_exports(asked, chosen)
    show_household_table(counts, homes)


@st.fragment
def show_household_map(
    connection: Connection,
    filters: Filters,
    asked: StatusRequest,
    chosen: HouseholdFilter,
    homes: pd.DataFrame | None,
) -> None:
    """Draw the map beside the groups: a picked group is zoomed to, a clicked village chosen."""
    groups = list_groups(connection, asked, filters.area)
    beside, main_part = st.columns([9, 11], gap="medium")
    with beside:
        heading = _("Never visited, next to each other")
        st.markdown(f"**{heading}**")
        event = st.dataframe(
            describe_groups(groups, with_village=homes is None),
            hide_index=True,
            column_config=configure_group_columns(),
            selection_mode="single-row",
            on_select="rerun",
            height=480,
            key=f"unvisited_groups_{filters.area}",
        )
        st.caption(_("Pick a row to see the group on the map."))
    picked = event.selection.rows[0] if event.selection.rows else None
    group = groups.iloc[picked] if picked is not None and picked < len(groups) else None
    with main_part:
        map_ = draw_households(connection, asked, chosen, homes, group)
        clicked = show_map(map_, key=f"unvisited_{filters.area}_{picked}").area_code
        n = count_unplaced(connection, homes)
        st.caption(_("Households without a point, which no map shows: {n}.").format(n=format_number(n)))
    if clicked and clicked != filters.area:
        set_area(clicked)
        st.rerun()


def show_household_table(counts: pd.DataFrame, homes: pd.DataFrame | None) -> None:
    """Show the households of a village, or of each village or district how many are of each status."""
    if homes is None:
        rows, by_district = list_status_places(counts)
        st.subheader(_("Districts") if by_district else _("Villages"), anchor=False)
        columns = [] if by_district else [Column("village", _("Village"))]
        columns.append(Column("district", _("District")))
        columns += [Column(name, name_status(name), "count") for name in STATUSES]
        columns.append(Column("n_households", _("Registered"), "count"))
    else:
        st.subheader(_("Households"), anchor=False)
        columns = [
            Column("head_name", _("Head of household")),
            Column("rt", _("RT")),
            Column("rw", _("RW")),
            Column("said", _("Status")),
            Column("last_visit_at", _("Last visit"), "day"),
            Column("days_since", _("Days since"), "count"),
        ]
        rows = homes.assign(said=homes["status"].astype("str").map(name_status))
    show_table(rows, columns, key="unvisited_table")


main()
