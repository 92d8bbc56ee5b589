"""Parts of the Unvisited page: households by status, as tiles or one by one, and groups to begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import streamlit as st
from shapely import box

from geo.classify import STATUS_COLOURS
from geo.crs import WGS84
from geo.districts import sum_by_district
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
from pages.queries.areas import select_surroundings, select_villages
from pages.queries.households import (
    TARGETS,
    StatusRequest,
    keep_known_statuses,
    list_neighbourhoods,
    read_target_days,
)
from pages.queries.records import load_households
from pages.text.language import MISSING, _, format_day, format_number, ngettext
from pages.text.vocabulary import name_status
from pages.unvisited.routes import write_export_url
from pages.unvisited.tiles import write_tile_template
from pages.web.addresses import read_base_path
from pages.widgets.cards import Card
from pages.widgets.maps import start_map

if TYPE_CHECKING:
    from pages.queries.filters import Filters
    from pages.queries.households import HouseholdFilter
    from pages.queries.records import Connection

SYMBOLS = {
    name: Symbol(STATUS_COLOURS[name], shape)
    for name, shape in zip(STATUSES, ("diamond", "triangle", "circle", "ring"), strict=True)
}
_LEAST_VIEW_DEG = 0.0015  # a group's surroundings that stay in view, about 170 m
_DEGREE_M = 111_000.0
_ROUND_M = 10
_NARROW_PX = 76
MOST_VILLAGES = 500
"""Maximum number of villages in a table, more than any regency has; wider areas list districts."""


def choose_status_request(filters: Filters) -> StatusRequest:
    """Draw the choice of target and of visits that count, and return the request."""
    targets = sorted({*TARGETS, read_target_days()})
    target = st.selectbox(
        _("To be visited again within"),
        targets,
        index=targets.index(read_target_days()),
        format_func=lambda days: ngettext("{n} day", "{n} days", days).format(n=format_number(days)),
        key="unvisited_target",
    )
    bases = {"reported": _("all reported"), "evidenced": _("supported by GPS")}
    basis = st.segmented_control(
        _("Visits that count"),
        list(bases),
        default="reported",
        required=True,
        format_func=bases.__getitem__,
        key="unvisited_basis",
    )
    return StatusRequest(filters.period.until, target, basis)


def choose_statuses() -> tuple[str, ...]:
    """Draw the choice of statuses."""
    picked = st.pills(
        _("Status"),
        STATUSES,
        selection_mode="multi",
        default=["never", "overdue"],
        format_func=name_status,
        key="unvisited_status",
    )
    return keep_known_statuses(picked or ())


def choose_rw_rt(connection: Connection, area: str) -> tuple[str, str]:
    """Draw the choice of RW and RT within a village; both are empty for all."""
    pairs = list_neighbourhoods(connection, area)
    rw = st.selectbox(
        _("RW"),
        ["", *filter(None, pairs["rw"].unique())],
        format_func=lambda name: name or _("All"),
        key="unvisited_rw",
    )
    inside = pairs[pairs["rw"] == rw] if rw else pairs
    rt = st.selectbox(
        _("RT"),
        ["", *sorted(filter(None, inside["rt"].unique()))],
        format_func=lambda name: name or _("All"),
        key="unvisited_rt",
    )
    return rt, rw


def list_status_cards(counts: pd.DataFrame) -> list[Card]:
    """List the cards of households by status."""
    helps = {
        "never": _("No visit was reported before the end of the period."),
        "overdue": _("The last visit is longer ago than the target."),
        "due": _("More than three quarters of the target have passed since the last visit."),
        "visited": _("Visited within the first three quarters of the target."),
    }
    return [Card(name_status(name), format_number(counts[name].sum()), help=helps[name]) for name in STATUSES]


def draw_households(
    connection: Connection,
    asked: StatusRequest,
    chosen: HouseholdFilter,
    homes: pd.DataFrame | None,
    group: pd.Series | None,
) -> OfflineMap:
    """Draw households by status: one by one if given and few enough, else as tiles."""
    areas = select_surroundings(connection, chosen.area)
    texts = MapTexts(zoom_in=_("Zoom in"), zoom_out=_("Zoom out"))
    map_ = start_map(select_villages(connection, chosen.area), texts=texts, focus=_surroundings(group))
    add_boundaries(map_, areas, style=AreaStyle(chosen=chosen.area))
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
        .astype("str"),  # of no household, too
    }
    label = parts["name"] + " · " + parts["place"] + " · " + parts["status"] + " · " + parts["visit"]
    return homes[["lon", "lat"]].assign(kind=homes["status"].astype("str"), label=label, id=homes.index)


def describe_groups(groups: pd.DataFrame, *, with_village: bool) -> pd.DataFrame:
    """Describe groups as a table: how many households, where, and how wide."""
    place = "RT " + groups["rt"].fillna(MISSING) + "/" + groups["rw"].fillna(MISSING)
    if with_village:
        place = groups["village"].fillna(MISSING) + ", " + place
    return pd.DataFrame(
        {
            _("Number"): groups["n_households"],
            _("Where (RT/RW)"): place,
            _("Across"): [f"{format_number(_round(width))} m" for width in groups["extent_m"]],
        }
    )


def configure_group_columns() -> dict[str, Any]:
    """Set the widths of the groups' columns, so that none is cut off beside the map."""
    return {
        _("Number"): st.column_config.NumberColumn(width=_NARROW_PX),
        _("Across"): st.column_config.TextColumn(width=_NARROW_PX),
    }


def list_status_places(counts: pd.DataFrame) -> tuple[pd.DataFrame, bool]:
    """List villages by never-visited households; their districts if there are too many.

    Returns
    -------
    tuple of pandas.DataFrame and bool
        The rows of ``counts``, added up to districts where the second is true.
    """
    by_district = len(counts) > MOST_VILLAGES
    if by_district:
        counts = sum_by_district(counts, counts=[*STATUSES, "n_households"])
    return counts.sort_values("never", ascending=False, kind="stable"), by_district


def describe_largest_group(groups: pd.DataFrame) -> str:
    """Describe where the largest group is."""
    if groups.empty:
        return _("There are no neighbouring households that were never visited.")
    largest = groups.iloc[0]
    said = _("Begin here: {n} neighbouring households, RT {rt}/RW {rw} in {village}, {m} m across.")
    return said.format(
        n=format_number(largest["n_households"]),
        rt=_or_dash(largest["rt"]),
        rw=_or_dash(largest["rw"]),
        village=_or_dash(largest["village"]),
        m=format_number(_round(largest["extent_m"])),
    )


def offer_exports(asked: StatusRequest, chosen: HouseholdFilter) -> None:
    """Offer the list as files, served by a route with the same scope as the page."""
    kinds = {
        "pdf": (_("Print (PDF)"), ":material/print:"),
        "xlsx": ("Excel (XLSX)", ":material/table_view:"),
        "csv": ("CSV", ":material/csv:"),
        "gpx": ("GPX", ":material/location_on:"),
        "geojson": ("GeoJSON", ":material/data_object:"),
    }
    with st.container(horizontal=True, gap="small"):
        for kind, (label, icon) in kinds.items():
            st.link_button(
                label, write_export_url(kind, asked, chosen, base_path=read_base_path()), icon=icon
            )


def count_unplaced(connection: Connection, homes: pd.DataFrame | None) -> int:
    """Count the households without a point, which are on no map."""
    frame = load_households(connection) if homes is None else homes
    return int(frame["lon"].isna().sum())


def _round(metres: float) -> int:
    return max(round(metres / _ROUND_M), 1) * _ROUND_M


def _or_dash(value: object) -> str:
    return MISSING if value is None or value != value else str(value)  # noqa: PLR0124 - NaN
