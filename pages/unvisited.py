"""Unvisited: which households were never visited or are overdue, at any zoom, and where to begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from geo.status import STATUSES
from pages import _figures, _filters, _households, _records, _tables, _unvisited, _words
from pages._map import show_map
from pages._tables import Column
from pages._texts import _, number, plain

if TYPE_CHECKING:
    import pandas as pd

    from pages._filters import Filters
    from pages._households import Asked, Chosen
    from pages._records import Source


def main() -> None:
    """Show the page."""
    source = _records.open_source()
    filters = _filters.choose(source)
    _figures.show_head(source, filters, _("Unvisited households"), "visits")
    in_village = filters.area in _records.villages(source).index
    statuses = _unvisited.choose_statuses()
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        asked = _unvisited.choose_asked(filters)
        rt, rw = _unvisited.choose_neighbourhood(source, filters.area) if in_village else ("", "")
    chosen = _households.Chosen(filters.area, statuses, rt, rw)
    counts = _households.count_statuses(source, asked, filters.area)
    groups = _households.list_groups(source, asked, filters.area)
    homes = _households.list_households(source, asked, chosen) if in_village else None

    _figures.show_plain_cards(_unvisited.list_cards(counts))
    st.markdown(plain(_unvisited.say_largest(groups)))
    show_places(source, filters, asked, chosen, homes)
    st.subheader(_("Export the list"), anchor=False)
    _unvisited.offer_exports(asked, chosen)
    show_list(counts, homes)


@st.fragment
def show_places(
    source: Source, filters: Filters, asked: Asked, chosen: Chosen, homes: pd.DataFrame | None
) -> None:
    """Draw the map beside the groups: a picked group is zoomed to, a clicked village chosen."""
    groups = _households.list_groups(source, asked, filters.area)
    beside, main_part = st.columns([9, 11], gap="medium")
    with beside:
        heading = _("Never visited, next to each other")
        st.markdown(f"**{heading}**")
        event = st.dataframe(
            _unvisited.describe_groups(groups, with_village=homes is None),
            hide_index=True,
            column_config=_unvisited.configure_groups(),
            selection_mode="single-row",
            on_select="rerun",
            height=480,
            key=f"unvisited_groups_{filters.area}",
        )
        st.caption(_("Pick a row to see the group on the map."))
    picked = event.selection.rows[0] if event.selection.rows else None
    group = groups.iloc[picked] if picked is not None and picked < len(groups) else None
    with main_part:
        map_ = _unvisited.draw_map(source, asked, chosen, homes, group)
        clicked = show_map(map_, key=f"unvisited_{filters.area}_{picked}").area_code
        n = _unvisited.count_unplaced(source, homes)
        st.caption(_("Households without a point, which no map shows: {n}.").format(n=number(n)))
    if clicked and clicked != filters.area:
        _filters.set_area(clicked)
        st.rerun()


def show_list(counts: pd.DataFrame, homes: pd.DataFrame | None) -> None:
    """Show the households of a village, or of each village or district how many are of each status."""
    if homes is None:
        rows, by_district = _unvisited.list_places(counts)
        st.subheader(_("Districts") if by_district else _("Villages"), anchor=False)
        columns = [] if by_district else [Column("village", _("Village"))]
        columns.append(Column("district", _("District")))
        columns += [Column(name, _words.status(name), "count") for name in STATUSES]
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
        rows = homes.assign(said=homes["status"].astype("str").map(_words.status))
    _tables.show_table(rows, columns, key="unvisited_table")


main()
