"""The tables of the Coverage page: districts or villages, the RTs of a village, the households of an RT."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.queries.neighbourhoods import (
    MISSED,
    REPORTED,
    SUPPORTED,
    Neighbourhood,
    measure_neighbourhoods,
    name_homes,
    set_neighbourhood,
)
from pages.queries.spans import cut_to_record
from pages.queries.visits import read_coverage_trend, sum_coverage_by_district
from pages.text.language import _
from pages.widgets.sidebar import set_area
from pages.widgets.tables import Column, name_download, offer_csv, show_table

if TYPE_CHECKING:
    import pandas as pd

    from pages.queries.filters import Filters
    from pages.queries.neighbourhoods import VillageHomes
    from pages.queries.records import Connection
    from pages.queries.visits import Coverage

_COUNTS = [Column(name, name, "count") for name in ("n_visits", "n_reported", "n_evidenced", "n_never")]


def show_coverage_table(
    connection: Connection, filters: Filters, now: Coverage, homes: VillageHomes | None
) -> None:
    """Show the table for the area.

    Parameters
    ----------
    connection, filters
        What the page shows.
    now
        The coverage of the area's villages.
    homes
        The households of the area, if it is a village.
    """
    if homes is None:
        _show_areas(connection, filters, now)
    elif homes.chosen is None:
        _show_neighbourhoods(connection, filters, homes.everyone)
    else:
        _show_homes(connection, filters, homes.shown)


def _show_areas(connection: Connection, filters: Filters, now: Coverage) -> None:
    several = len(now.rows["district_code"].unique()) > 1
    level = _choose_table_level() if several else "village"
    rows = (sum_coverage_by_district(now) if level == "district" else now).rows
    period = cut_to_record(connection, filters, "visits")  # else late visits read as a fall
    rows = rows.assign(trend=read_coverage_trend(connection, period, level).reindex(rows.index))
    rows = rows.sort_values("evidenced_coverage", na_position="last", kind="stable")
    places = [Column("village", _("Village")), Column("district", _("District"))]
    columns = _list_area_columns(*(places[1:] if level == "district" else places))
    key = f"coverage_table_{level}_{filters.area}"
    picked = show_table(rows, [*columns, _make_trend_column()], key=key, picks=True)
    st.caption(_("Select a row to go there."))
    offer_csv(rows, [*columns, *_COUNTS], name=name_download("coverage", filters))
    if picked is not None:
        set_area(str(rows.index[picked]))
        st.rerun()


def _choose_table_level() -> str:
    levels = {"village": _("Villages"), "district": _("Districts")}
    return str(
        st.segmented_control(
            _("Rows"), list(levels), default="village", required=True, key="coverage_level",
            format_func=levels.__getitem__, label_visibility="collapsed",
        )
    )  # fmt: skip


def _show_neighbourhoods(connection: Connection, filters: Filters, homes: pd.DataFrame) -> None:
    st.subheader(_("Neighbourhoods (RT)"), anchor=False)
    rows = measure_neighbourhoods(connection, filters, homes)
    columns = _list_area_columns(Column("rw", "RW"), Column("rt", "RT"))
    picked = show_table(rows, columns, key=f"coverage_rt_{filters.area}", picks=True)
    st.caption(_("Select a row, or a household on the map, to see the households of an RT."))
    offer_csv(rows, columns, name=name_download("coverage_rt", filters))
    if picked is not None:
        set_neighbourhood(Neighbourhood(filters.area, *rows.iloc[picked][["rw", "rt"]]))
        st.rerun()


def _show_homes(connection: Connection, filters: Filters, homes: pd.DataFrame) -> None:
    st.subheader(_("Households"), anchor=False)
    names = {
        SUPPORTED: _("visit supported by GPS"),
        REPORTED: _("visit only reported"),
        MISSED: _("no visit in the period"),
    }
    rows = name_homes(connection, homes, filters.area)
    rows = rows.assign(said=rows["kind"].map(names)).reset_index()
    columns = [
        Column("head_name", _("Head of household")),
        Column("address", _("Address")),
        Column("household_id", _("Household number")),
        Column("said", _("Visit record")),
        Column("n_visits", _("Visits"), "count"),
        _make_attempts_column(),
        Column("last_visit_at", _("Last visit"), "day", _("The last visit reported in the period.")),
    ]
    show_table(rows, columns, key="coverage_homes")


def _list_area_columns(*places: Column) -> list[Column]:
    """List the columns of a table of areas."""
    return [
        *places,
        Column("n_households", _("Registered"), "count"),
        Column("reported_coverage", _("Reported"), "percent"),
        Column("evidenced_coverage", _("Supported by GPS"), "percent"),
        Column("gap", _("Gap"), "percent", _("Reported minus supported by GPS, in percentage points.")),
        _make_attempts_column(),
        Column("last_visit_at", _("Last visit"), "day", _("The last visit reported in the period.")),
    ]


def _make_attempts_column() -> Column:
    said = _("Nobody at home, refused or moved: not counted as visits.")
    return Column("n_attempts", _("Attempts"), "count", said)


def _make_trend_column() -> Column:
    """Return the column with the coverage trend line."""
    said = _(
        "Share of the registered households reached by a supported visit in each twelfth of the "
        "period, from first to last."
    )
    return Column("trend", _("Trend"), "trend", said)
