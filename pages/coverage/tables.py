"""The tables of the Coverage page, and the way from district to village to RT and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.coverage.figures import list_area_columns, make_trend_column
from pages.queries.areas import is_area, name_area, step_into
from pages.queries.evidence import read_coverage_trend, sum_coverage_by_district
from pages.queries.neighbourhoods import (
    MISSED,
    REPORTED,
    SUPPORTED,
    Neighbourhood,
    find_neighbourhood,
    is_village,
    list_homes,
    measure_neighbourhoods,
    name_homes,
    select_homes,
    set_neighbourhood,
)
from pages.text.language import _, escape_markdown
from pages.widgets.sidebar import set_area
from pages.widgets.tables import Column, name_download, offer_csv, show_table

if TYPE_CHECKING:
    import pandas as pd

    from pages.queries.evidence import Coverage
    from pages.queries.filters import Filters
    from pages.queries.records import Connection
    from pages.widgets.maps import MapClick

_FOLLOWED = "coverage.followed"


def show_way_back(connection: Connection, filters: Filters) -> None:
    """Where an RT is chosen, say which, and lead back to its village."""
    chosen = find_neighbourhood(filters.area)
    if chosen is None:
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.button(
            escape_markdown(name_area(connection, filters.area)),
            key="back_village",
            type="tertiary",
            icon=":material/chevron_left:",
            on_click=set_neighbourhood,
            args=(None,),
        )
        st.markdown(f"**RT {escape_markdown(chosen.rt)} / RW {escape_markdown(chosen.rw)}**")


def follow_click(connection: Connection, filters: Filters, click: MapClick, *, key: str) -> None:
    """Go where a click on the map leads, from district to village to RT.

    Who leads back before a page is done finds the map's old click again: each is followed once.

    Parameters
    ----------
    connection, filters
        What the map shows.
    click
        What was clicked on it last.
    key
        The map's.
    """
    followed = st.session_state.setdefault(_FOLLOWED, {})
    if followed.get(key) == click:
        return
    followed[key] = click
    if click.point_id is not None:
        homes = list_homes(connection, filters)
        if click.point_id in homes.index and find_neighbourhood(filters.area) is None:
            home = homes.loc[click.point_id]
            set_neighbourhood(Neighbourhood(filters.area, str(home["rw"]), str(home["rt"])))
            st.rerun()
    elif click.area_code and click.area_code != filters.area and is_area(connection, click.area_code):
        set_area(step_into(connection, filters.area, click.area_code))
        st.rerun()


def show_area_table(connection: Connection, filters: Filters, now: Coverage) -> None:
    """Show the table that belongs to the area: districts or villages, the RTs of a village, or households."""
    if is_village(connection, filters.area):
        _show_village(connection, filters)
        return
    several = len(now.rows["district_code"].unique()) > 1
    level = _choose_table_level() if several else "village"
    rows = (sum_coverage_by_district(now) if level == "district" else now).rows
    rows = rows.assign(trend=read_coverage_trend(connection, filters.period, level).reindex(rows.index))
    rows = rows.sort_values("evidenced_coverage", na_position="last", kind="stable")
    places = [Column("village", _("Village")), Column("district", _("District"))]
    columns = list_area_columns(*(places[1:] if level == "district" else places))
    key = f"coverage_table_{level}_{filters.area}"
    picked = show_table(rows, [*columns, make_trend_column()], key=key, picks=True)
    st.caption(_("Pick a row to go there."))
    offer_csv(rows, [*columns, *_COUNTS], name=name_download("coverage", filters))
    if picked is not None:
        set_area(str(rows.index[picked]))
        st.rerun()


_COUNTS = [Column(name, name, "count") for name in ("n_visits", "n_reported", "n_evidenced", "n_never")]


def _choose_table_level() -> str:
    levels = {"village": _("Villages"), "district": _("Districts")}
    return str(
        st.segmented_control(
            _("Rows"), list(levels), default="village", required=True, key="coverage_level",
            format_func=levels.__getitem__, label_visibility="collapsed",
        )
    )  # fmt: skip


def _show_village(connection: Connection, filters: Filters) -> None:
    homes, chosen = list_homes(connection, filters), find_neighbourhood(filters.area)
    if chosen is not None:
        _show_homes(connection, filters, select_homes(homes, chosen))
        return
    st.subheader(_("Neighbourhoods (RT)"), anchor=False)
    rows = measure_neighbourhoods(connection, filters, homes)
    columns = list_area_columns(Column("rw", "RW"), Column("rt", "RT"))
    picked = show_table(rows, columns, key=f"coverage_rt_{filters.area}", picks=True)
    st.caption(_("Pick a row, or a household on the map, to see the households of an RT."))
    offer_csv(rows, columns, name=name_download("coverage_rt", filters))
    if picked is not None:
        set_neighbourhood(Neighbourhood(filters.area, *rows.iloc[picked][["rw", "rt"]]))
        st.rerun()


def _show_homes(connection: Connection, filters: Filters, homes: pd.DataFrame) -> None:
    st.subheader(_("Households"), anchor=False)
    names = {
        SUPPORTED: _("visit supported by GPS"),
        REPORTED: _("visit reported only"),
        MISSED: _("no visit in the period"),
    }
    rows = name_homes(connection, homes, filters.area)
    rows = rows.assign(said=rows["kind"].map(names)).reset_index()
    columns = [
        Column("head_name", _("Head of household")),
        Column("address", _("Address")),
        Column("household_id", _("Household number")),
        Column("said", _("On record")),
        Column("n_visits", _("Visits"), "count"),
        Column("last_visit_at", _("Last visit"), "day", _("The last one reported in the period.")),
    ]
    show_table(rows, columns, key="coverage_homes")
