"""The tables of the Coverage page, and the way from district to village to RT and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages import _coverage, _evidence, _filters, _neighbourhoods, _places, _tables
from pages._neighbourhoods import MISSED, REPORTED, SUPPORTED, Neighbourhood
from pages._tables import Column
from pages._texts import _, plain

if TYPE_CHECKING:
    import pandas as pd

    from pages._evidence import Evidence
    from pages._filters import Filters
    from pages._map import MapClick
    from pages._records import Source

_FOLLOWED = "coverage.followed"


def show_way_back(source: Source, filters: Filters) -> None:
    """Where an RT is chosen, say which, and lead back to its village."""
    chosen = _neighbourhoods.chosen(filters.area)
    if chosen is None:
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.button(
            plain(_places.name_of(source, filters.area)),
            key="back_village",
            type="tertiary",
            icon=":material/chevron_left:",
            on_click=_neighbourhoods.choose,
            args=(None,),
        )
        st.markdown(f"**RT {plain(chosen.rt)} / RW {plain(chosen.rw)}**")


def follow(source: Source, filters: Filters, click: MapClick, *, key: str) -> None:
    """Go where a click on the map leads, from district to village to RT.

    Who leads back before a page is done finds the map's old click again: each is followed once.

    Parameters
    ----------
    source, filters
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
        homes = _neighbourhoods.list_homes(source, filters)
        if click.point_id in homes.index and _neighbourhoods.chosen(filters.area) is None:
            home = homes.loc[click.point_id]
            _neighbourhoods.choose(Neighbourhood(filters.area, str(home["rw"]), str(home["rt"])))
            st.rerun()
    elif click.area_code and click.area_code != filters.area and _places.exists(source, click.area_code):
        _filters.set_area(_places.step_into(source, filters.area, click.area_code))
        st.rerun()


def show_rows(source: Source, filters: Filters, now: Evidence) -> None:
    """Show the table that belongs to the area: districts or villages, the RTs of a village, or households."""
    if _neighbourhoods.is_village(source, filters.area):
        _show_village(source, filters)
        return
    several = len(now.rows["district_code"].unique()) > 1
    level = _choose_level() if several else "village"
    rows = (_evidence.by_district(now) if level == "district" else now).rows
    rows = rows.assign(trend=_evidence.measure_trend(source, filters.window, level).reindex(rows.index))
    rows = rows.sort_values("evidenced_coverage", na_position="last", kind="stable")
    places = [Column("village", _("Village")), Column("district", _("District"))]
    columns = _coverage.list_columns(*(places[1:] if level == "district" else places))
    key = f"coverage_table_{level}_{filters.area}"
    picked = _tables.show_table(rows, [*columns, _coverage.trend_column()], key=key, picks=True)
    st.caption(_("Pick a row to go there."))
    _tables.offer_csv(rows, [*columns, *_COUNTS], name=_tables.file_name("coverage", filters))
    if picked is not None:
        _filters.set_area(str(rows.index[picked]))
        st.rerun()


_COUNTS = [Column(name, name, "count") for name in ("n_visits", "n_reported", "n_evidenced", "n_never")]


def _choose_level() -> str:
    levels = {"village": _("Villages"), "district": _("Districts")}
    return str(
        st.segmented_control(
            _("Rows"), list(levels), default="village", required=True, key="coverage_level",
            format_func=levels.__getitem__, label_visibility="collapsed",
        )
    )  # fmt: skip


def _show_village(source: Source, filters: Filters) -> None:
    homes, chosen = _neighbourhoods.list_homes(source, filters), _neighbourhoods.chosen(filters.area)
    if chosen is not None:
        _show_homes(source, filters, _neighbourhoods.of(homes, chosen))
        return
    st.subheader(_("Neighbourhoods (RT)"), anchor=False)
    rows = _neighbourhoods.measure_neighbourhoods(source, filters, homes)
    columns = _coverage.list_columns(Column("rw", "RW"), Column("rt", "RT"))
    picked = _tables.show_table(rows, columns, key=f"coverage_rt_{filters.area}", picks=True)
    st.caption(_("Pick a row, or a household on the map, to see the households of an RT."))
    _tables.offer_csv(rows, columns, name=_tables.file_name("coverage_rt", filters))
    if picked is not None:
        _neighbourhoods.choose(Neighbourhood(filters.area, *rows.iloc[picked][["rw", "rt"]]))
        st.rerun()


def _show_homes(source: Source, filters: Filters, homes: pd.DataFrame) -> None:
    st.subheader(_("Households"), anchor=False)
    names = {
        SUPPORTED: _("visit supported by GPS"),
        REPORTED: _("visit reported only"),
        MISSED: _("no visit in the period"),
    }
    rows = _neighbourhoods.name_homes(source, homes, filters.area)
    rows = rows.assign(said=rows["kind"].map(names)).reset_index()
    columns = [
        Column("head_name", _("Head of household")),
        Column("address", _("Address")),
        Column("household_id", _("Household number")),
        Column("said", _("On record")),
        Column("n_visits", _("Visits"), "count"),
        Column("last_visit_at", _("Last visit"), "day", _("The last one reported in the period.")),
    ]
    _tables.show_table(rows, columns, key="coverage_homes")
