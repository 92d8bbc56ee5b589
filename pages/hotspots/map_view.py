"""The map of the Hotspots page: one method at a time, overlaid with clusters or raised-risk areas."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import streamlit as st

from geo.errors import TooFewError
from geo.maps import Heading
from pages.hotspots.layers import (
    add_clusters,
    add_crimes,
    add_raised_risk,
    draw_outlines,
    draw_significant_cells,
    draw_similar_villages,
    draw_surface,
    start_crime_map,
)
from pages.hotspots.repeats import summarise_repeats
from pages.hotspots.sentences import (
    caption_density,
    caption_risk,
    describe_bandwidth,
    describe_cells,
    describe_similar_villages,
    describe_too_few,
    explain_chance,
    explain_too_few,
)
from pages.queries.areas import select_villages
from pages.queries.crime_methods import (
    CrimeSelection,
    find_significant_cells,
    find_similar_villages,
    learn_area_bandwidth,
    list_clusters,
    measure_density,
    measure_risk,
    select_crime_records,
)
from pages.queries.crime_times import find_raised_risk
from pages.queries.crimes import list_categories, list_crimes
from pages.text.language import N_, _, escape_markdown, format_day, format_number, format_period, ngettext
from pages.text.vocabulary import name_category
from pages.widgets.maps import show_area_map

if TYPE_CHECKING:
    import geopandas as gpd

    from geo.hotspots.risk import RiskKind
    from geo.maps import OfflineMap
    from pages.queries.filters import Filters
    from pages.queries.records import Connection

AUTOMATIC = 0
BANDWIDTHS_M = (AUTOMATIC, 200, 300, 400, 500, 650, 800, 1000, 1200, 1500)
METHODS = {
    "density": N_("Density"),
    "cells": N_("Significant cells"),
    "alike": N_("Village and neighbours"),
    "risk": N_("Risk per household"),
}
RISKS: dict[RiskKind, tuple[str, str]] = {  # name and unit
    "ratio": (N_("Per 1,000 households"), N_("crimes per 1,000 households")),
    "log": (N_("Ratio to average"), N_("ratio to the rate of the whole area, where above 1")),
    "difference": (
        N_("More than expected"),
        N_("crimes per km² above what the number of homes would predict"),
    ),
}
EXTRAS = {"clusters": N_("Clusters"), "windows": N_("Raised risk now")}
WITH_BANDWIDTH = ("density", "risk")
N_LISTED = 8

_SPOT = "hotspots.spot"


class HotspotChoice(NamedTuple):
    """The method of the map and its options."""

    method: str
    bandwidth_m: float | None
    """Bandwidth in metres, for methods that have one."""
    risk: RiskKind


@st.fragment
def show_hotspot_map(connection: Connection, filters: Filters) -> None:
    """Draw the crimes by the chosen method, and list the clusters or raised-risk areas on the map."""
    method, extra = _choose_layers()
    bandwidth_m = _choose_bandwidth(connection, filters) if method in WITH_BANDWIDTH else None
    risk = _choose_risk() if method == "risk" else "ratio"
    kind = choose_category(connection, filters, "hotspots_map_kind") if extra == "windows" else None
    spots = _find_spots(connection, filters, extra, kind)
    spot = _focus(spots, (method, extra, kind, filters))
    map_ = start_crime_map(connection, filters.area, focus=spot)
    said = _draw(map_, connection, filters, HotspotChoice(method, bandwidth_m, risk))
    if spots is not None and not spots.empty:
        _add_spots(map_, spots, extra)
        left, right = st.columns([3, 1], gap="medium")
        with right, st.container(gap="xsmall", key="spots"):
            _list_spots(spots, extra)
    else:
        left = st.container()
    with left:
        key = f"hotspots_{method}_{bandwidth_m}_{risk}_{extra}_{kind}"
        show_area_map(map_, filters, key=key)
    if said:
        st.caption(said)


def choose_category(connection: Connection, filters: Filters, key: str) -> str | None:
    """Ask for the category whose near repeats are shown, if the filters leave several."""
    kinds = list(filters.categories or list_categories(connection))
    counts = select_crime_records(connection, CrimeSelection.of(filters))["category"].value_counts()
    kinds.sort(key=lambda name: (-int(counts.get(name, 0)), name))
    if len(kinds) <= 1:
        return kinds[0] if kinds else None
    names = {kind: name_category(kind) for kind in kinds}
    return st.segmented_control(
        _("Near repeats of"), kinds, default=kinds[0], required=True, key=key, format_func=names.__getitem__
    )


def select_category(filters: Filters, kind: str | None) -> CrimeSelection:
    """Narrow the filters' crimes to one category."""
    return CrimeSelection(filters.period, filters.area, (kind,) if kind else ())


def _choose_layers() -> tuple[str, str | None]:
    methods, extras = ({name: _(text) for name, text in names.items()} for names in (METHODS, EXTRAS))
    with st.container(horizontal=True, gap="medium"):
        method = st.segmented_control(
            _("Map shows"),
            list(methods),
            default="density",
            required=True,
            key="hotspots_method",
            format_func=methods.__getitem__,
        )
        extra = st.pills(_("Overlay"), list(extras), key="hotspots_extra", format_func=extras.__getitem__)
    return method, extra


def _choose_bandwidth(connection: Connection, filters: Filters) -> float:
    learned = learn_area_bandwidth(connection, filters.area)
    labels = {metres: _("{n} m").format(n=format_number(metres)) for metres in BANDWIDTHS_M}
    labels[AUTOMATIC] = _("automatic, {n} m").format(n=format_number(learned.bandwidth_m))
    chosen = st.select_slider(
        _("Bandwidth: how far one crime spreads on the map"),
        list(labels),
        key="hotspots_bandwidth",
        format_func=labels.__getitem__,
        width=420,
    )
    return float(chosen or learned.bandwidth_m)


def _choose_risk() -> RiskKind:
    kinds = {kind: _(name) for kind, (name, _unit) in RISKS.items()}
    return st.segmented_control(
        _("Risk measure"),
        list(kinds),
        default="ratio",
        required=True,
        key="hotspots_risk",
        format_func=kinds.__getitem__,
    )


def _draw(map_: OfflineMap, connection: Connection, filters: Filters, look: HotspotChoice) -> str:
    """Draw one method's map and return its caption; if crimes are too few, draw the crimes themselves."""
    try:
        return _draw_method(map_, connection, filters, look)
    except TooFewError as error:
        draw_outlines(map_, connection, filters)
        said = describe_too_few(error)
        if len(list_crimes(connection, filters)):
            add_crimes(map_, connection, filters)
            said += " " + _("Individual crimes are shown instead.")
        st.info(said, icon=":material/info:")
        return ""


def _draw_method(map_: OfflineMap, connection: Connection, filters: Filters, look: HotspotChoice) -> str:
    subject = CrimeSelection.of(filters)
    method, bandwidth_m, kind = look
    if method == "cells":
        found = find_significant_cells(connection, subject)
        draw_significant_cells(map_, connection, filters, found)
        return f"{describe_cells(found)} {explain_chance(found)}".strip()
    if method == "alike":
        found = find_similar_villages(connection, subject)
        draw_similar_villages(map_, connection, filters, found)
        said = describe_similar_villages(found, select_villages(connection, filters.area)["village"])
        return f"{said} {explain_chance(found)}".strip()
    choice = learn_area_bandwidth(connection, filters.area)
    if method == "risk":
        risk = measure_risk(connection, subject, bandwidth_m or choice.bandwidth_m, kind)
        heading = Heading(_("Crime relative to households"), _(RISKS[kind][1]), format_period(filters.period))
        draw_surface(map_, connection, filters, risk, heading)
        return f"{caption_risk(risk)} {describe_bandwidth(choice, risk.bandwidth_m)}"
    surface = measure_density(connection, subject, bandwidth_m or choice.bandwidth_m)
    heading = Heading(_("Crime density"), _("crimes per km² in the period"), format_period(filters.period))
    draw_surface(map_, connection, filters, surface, heading)
    said = caption_density(surface)
    return f"{said} {describe_bandwidth(choice, surface.bandwidth_m)}"


def _find_spots(
    connection: Connection, filters: Filters, extra: str | None, kind: str | None
) -> gpd.GeoDataFrame | None:
    if extra is None:
        return None
    with explain_too_few():
        if extra == "clusters":
            spots = list_clusters(connection, CrimeSelection.of(filters))
            if spots.empty:
                st.caption(_("No group of crimes is dense enough to form a cluster."))
            return spots
        subject = select_category(filters, kind)
        spots = find_raised_risk(connection, subject)
        st.markdown(summarise_repeats(connection, subject))
        return spots
    return None


def _focus(spots: gpd.GeoDataFrame | None, shown: object) -> gpd.GeoDataFrame | None:
    """Return the spot that the user selected in the list, as long as the same list is shown."""
    rank, of_what = st.session_state.get(_SPOT, (None, None))
    if spots is None or of_what != shown or rank not in spots.index:
        st.session_state[_SPOT] = (None, shown)
        return None
    return spots.loc[[rank]]


def _point_at(rank: int) -> None:
    held, shown = st.session_state.get(_SPOT, (None, None))
    st.session_state[_SPOT] = (None if held == rank else rank, shown)


def _add_spots(map_: OfflineMap, spots: gpd.GeoDataFrame, extra: str | None) -> None:
    add = add_clusters if extra == "clusters" else add_raised_risk
    add(map_, spots)


def _list_spots(spots: gpd.GeoDataFrame, extra: str | None) -> None:
    """List the top spots; a click on one zooms to it, a second click zooms back."""
    heading = _("Clusters, most crimes first") if extra == "clusters" else _("Raised risk now")
    st.markdown(f"**{heading}**")
    chosen = st.session_state[_SPOT][0]
    for rank, row in zip(spots.index[:N_LISTED], spots.head(N_LISTED).to_dict("records"), strict=True):
        crimes = ngettext("{n} crime", "{n} crimes", row["n_crimes"]).format(n=format_number(row["n_crimes"]))
        where = (
            escape_markdown(row["village"]) if isinstance(row["village"], str) else _("outside every village")
        )
        more = _("until {moment}").format(moment=format_day(row["until_at"])) if "until_at" in row else ""
        st.button(
            f"{rank} · **{where}** · {', '.join(filter(None, [crimes, more]))}",
            key=f"spot_{rank}",
            type="primary" if rank == chosen else "tertiary",
            on_click=_point_at,
            args=(rank,),
            wrap=True,
        )
    rest = len(spots) - N_LISTED
    if rest > 0:
        st.caption(
            ngettext("{n} more on the map.", "{n} more on the map.", rest).format(n=format_number(rest))
        )
