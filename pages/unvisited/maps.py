"""The map of the Unvisited page: households by status, beside the groups to begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import streamlit as st
from shapely import box

from geo.classify import STATUS_COLOURS
from geo.crs import WGS84
from geo.maps import (
    MAX_POINTS,
    AreaStyle,
    Heading,
    MapTexts,
    OfflineMap,
    Symbol,
    add_boundaries,
    add_points,
    add_symbol_legend,
    add_tiles,
)
from geo.status import STATUSES
from geo.unvisited import DEFAULT_DISTANCE_M
from pages.queries.records import load_households
from pages.text.language import MISSING, _, format_day, format_number
from pages.text.tries import describe_tries_of_each
from pages.text.vocabulary import name_status
from pages.unvisited.tiles import write_tile_template
from pages.unvisited.view import round_width
from pages.web.addresses import read_base_path
from pages.widgets.maps import show_map, start_map
from pages.widgets.sidebar import set_area

if TYPE_CHECKING:
    from pages.queries.areas import MapAreas
    from pages.queries.households import (
        HouseholdFilter,
        StatusRequest,
    )
    from pages.queries.records import Connection

SYMBOLS = {
    name: Symbol(STATUS_COLOURS[name], shape)
    for name, shape in zip(STATUSES, ("diamond", "triangle", "circle", "ring"), strict=True)
}
_LEAST_VIEW_DEG = 0.0015  # minimum half-width of the view of a group, about 170 m
_DEGREE_M = 111_000.0
_NARROW_PX = 76


@st.fragment
def show_household_map(
    connection: Connection,
    areas: MapAreas,
    asked: StatusRequest,
    chosen: HouseholdFilter,
    groups: pd.DataFrame,
    homes: pd.DataFrame | None,
) -> None:
    """Draw the map beside the groups: a picked group is zoomed to, a clicked village chosen."""
    beside, main_part = st.columns([9, 11], gap="medium")
    with beside:
        heading = _("Neighbouring households never visited")
        st.markdown(f"**{heading}**")
        event = st.dataframe(
            describe_groups(groups, with_village=homes is None),
            hide_index=True,
            column_config=configure_group_columns(),
            selection_mode="single-row",
            on_select="rerun",
            height=480,
            key=f"unvisited_groups_{chosen.area}_{chosen.part_size}",
        )
        st.caption(
            _(
                "Select a row to see the group on the map. In a group each household is at most {m} m from "
                "the next, whatever their RT or village. Groups end at the border of the chosen area."
            ).format(m=format_number(DEFAULT_DISTANCE_M))
        )
    picked = event.selection.rows[0] if event.selection.rows else None
    group = groups.iloc[picked] if picked is not None and picked < len(groups) else None
    with main_part:
        map_ = draw_households(connection, areas, asked, chosen, homes, group)
        clicked = show_map(map_, key=f"unvisited_{chosen.area}_{chosen.part_size}_{picked}").area_code
        n = count_unplaced(connection, homes)
        st.caption(_("Households without a point, not shown on any map: {n}.").format(n=format_number(n)))
    if clicked and clicked != chosen.area:
        set_area(clicked)
        st.rerun()


def draw_households(
    connection: Connection,
    areas: MapAreas,
    asked: StatusRequest,
    chosen: HouseholdFilter,
    homes: pd.DataFrame | None,
    group: pd.Series | None,
) -> OfflineMap:
    """Draw households by status: one by one if given and few enough, else as tiles."""
    texts = MapTexts(zoom_in=_("Zoom in"), zoom_out=_("Zoom out"))
    map_ = start_map(areas.chosen, texts=texts, focus=_surroundings(group))
    add_boundaries(map_, areas.drawn, style=AreaStyle(chosen=chosen.area))
    if homes is None or homes["lon"].notna().sum() > MAX_POINTS:
        add_tiles(map_, write_tile_template(connection, asked, chosen, base_path=read_base_path()))
    else:
        add_points(map_, _label(homes), SYMBOLS)
    shown = {name: SYMBOLS[name] for name in chosen.statuses}
    unit = _("target: {n} days").format(n=format_number(asked.target_days))
    heading = Heading(_("Households"), unit, _("as of {day}").format(day=format_day(_last_day(asked))))
    labels = {name: name_status(name) for name in shown}
    return add_symbol_legend(map_, heading, shown, labels)


def _last_day(asked: StatusRequest) -> pd.Timestamp:
    return asked.as_of - pd.Timedelta(days=1)


def _surroundings(group: pd.Series | None) -> gpd.GeoDataFrame | None:
    """Return the square around a group."""
    if group is None:
        return None
    reach = max(group["extent_m"] / _DEGREE_M / 2, _LEAST_VIEW_DEG)
    lon, lat = group["lon"], group["lat"]
    return gpd.GeoDataFrame(geometry=[box(lon - reach, lat - reach, lon + reach, lat + reach)], crs=WGS84)


def _label(homes: pd.DataFrame) -> pd.DataFrame:
    """Add the symbol and the tooltip of each household."""
    parts = {
        "name": homes["head_name"].fillna(_("no name")),
        "place": "RT " + homes["rt"].fillna(MISSING) + " / RW " + homes["rw"].fillna(MISSING),
        "status": homes["status"].map({name: name_status(name) for name in STATUSES}).astype("str"),
        "visit": homes["last_visit_at"]
        .map(
            lambda moment: (
                MISSING if pd.isna(moment) else _("last visit {day}").format(day=format_day(moment))
            )
        )
        .astype("str"),  # also if there are no households
    }
    label = parts["name"] + " · " + parts["place"] + " · " + parts["status"] + " · " + parts["visit"]
    tried = describe_tries_of_each(homes)
    label += tried.where(tried == "", " · " + tried)
    return homes[["lon", "lat"]].assign(kind=homes["status"].astype("str"), label=label, id=homes.index)


def describe_groups(groups: pd.DataFrame, *, with_village: bool) -> pd.DataFrame:
    """Describe groups as a table: how many households, where, and how wide."""
    place = [_name_rts(rts, with_village=with_village) for rts in groups["rts"]]
    return pd.DataFrame(
        {
            _("Group"): groups.index,
            _("Number"): groups["n_households"],
            _("Place (RT/RW)"): place,
            _("Width"): [f"{format_number(round_width(width))} m" for width in groups["extent_m"]],
        }
    )


def _name_rts(rts: list[dict[str, Any]], *, with_village: bool) -> str:
    """Name the RTs of a group, each with its number of households."""
    said = [
        f"{(rt['village'] or MISSING) + ', ' if with_village else ''}RT {rt['rt'] or MISSING}/"
        f"{rt['rw'] or MISSING}" + (f" ({format_number(rt['n_households'])})" if len(rts) > 1 else "")
        for rt in rts
    ]
    return "; ".join(said) if with_village else ", ".join(said)


def configure_group_columns() -> dict[str, Any]:
    """Set the widths of the groups' columns, so that none is cut off beside the map."""
    return {
        _("Group"): st.column_config.TextColumn(width=_NARROW_PX),
        _("Number"): st.column_config.NumberColumn(width=_NARROW_PX),
        _("Width"): st.column_config.TextColumn(width=_NARROW_PX),
    }


def count_unplaced(connection: Connection, homes: pd.DataFrame | None) -> int:
    """Count the households without a point, which are on no map."""
    frame = load_households(connection) if homes is None else homes
    return int(frame["lon"].isna().sum())
