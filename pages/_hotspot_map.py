"""The map of the Hotspots page: one method at a time, clusters and raised risk laid over it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import streamlit as st

from geo.errors import TooFewError
from geo.maps import Heading
from pages import _crime_layers, _crime_queries, _crime_sentences, _layers, _queries, _sentences, _words
from pages._crime_queries import Subject
from pages._texts import N_, _, day_and_time, ngettext, number, period, plain

if TYPE_CHECKING:
    import geopandas as gpd

    from geo.hotspots.risk import Kind
    from geo.maps import OfflineMap
    from pages._filters import Filters
    from pages._records import Source

AUTOMATIC = 0
BANDWIDTHS_M = (AUTOMATIC, 200, 300, 400, 500, 650, 800, 1000, 1200, 1500)
METHODS = {
    "density": N_("Density"),
    "cells": N_("Significant cells"),
    "alike": N_("Villages and neighbours"),
    "risk": N_("Risk per household"),
}
RISKS: dict[Kind, tuple[str, str]] = {  # what to call it, and the unit
    "ratio": (N_("Per 1,000 households"), N_("crimes per 1,000 households")),
    "log": (N_("Times the average"), N_("times the rate of the whole area, where above it")),
    "difference": (N_("More than homes explain"), N_("crimes per km² more than the homes lead to expect")),
}
EXTRAS = {"clusters": N_("Clusters"), "windows": N_("Raised risk now")}
WITH_BANDWIDTH = ("density", "risk")
N_LISTED = 8

_SPOT = "hotspots.spot"


class Look(NamedTuple):
    """How the map looks at crime."""

    method: str
    bandwidth_m: float | None
    """Of the methods that have one."""
    risk: Kind


@st.fragment
def show(source: Source, filters: Filters) -> None:
    """Draw the crimes by the method chosen, with the list of what is laid over the map."""
    method, extra = _choose_layers()
    bandwidth_m = _choose_bandwidth(source, filters) if method in WITH_BANDWIDTH else None
    risk = _choose_risk() if method == "risk" else "ratio"
    kind = choose_kind(source, filters, "hotspots_map_kind") if extra == "windows" else None
    spots = _find_spots(source, filters, extra, kind)
    spot = _focus(spots, (method, extra, kind, filters))
    map_ = _crime_layers.start(source, filters.area, focus=spot)
    said = _draw(map_, source, filters, Look(method, bandwidth_m, risk))
    if spots is not None and not spots.empty:
        _add_spots(map_, spots, extra)
        left, right = st.columns([3, 1], gap="medium")
        with right, st.container(gap="xsmall", key="spots"):
            _list_spots(spots, extra)
    else:
        left = st.container()
    with left:
        key = f"hotspots_{method}_{bandwidth_m}_{risk}_{extra}_{kind}"
        _layers.show_area_map(map_, filters, key=key)
    if said:
        st.caption(said)


def choose_kind(source: Source, filters: Filters, key: str) -> str | None:
    """Ask for the one kind of crime that near repeats are of, where the filters leave several."""
    kinds = list(filters.categories or _queries.list_categories(source))
    counts = _crime_queries.records_of(source, Subject.of(filters))["category"].value_counts()
    kinds.sort(key=lambda name: (-int(counts.get(name, 0)), name))
    if len(kinds) <= 1:
        return kinds[0] if kinds else None
    names = {kind: _words.category(kind) for kind in kinds}
    return st.segmented_control(
        _("Near repeats of"), kinds, default=kinds[0], required=True, key=key, format_func=names.__getitem__
    )


def of_kind(filters: Filters, kind: str | None) -> Subject:
    """Narrow the filters' crimes to one kind."""
    return Subject(filters.window, filters.area, (kind,) if kind else ())


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
        extra = st.pills(_("Over it"), list(extras), key="hotspots_extra", format_func=extras.__getitem__)
    return method, extra


def _choose_bandwidth(source: Source, filters: Filters) -> float:
    learned = _crime_queries.learn(source, filters.area)
    labels = {metres: _("{n} m").format(n=number(metres)) for metres in BANDWIDTHS_M}
    labels[AUTOMATIC] = _("automatic, {n} m").format(n=number(learned.bandwidth_m))
    chosen = st.select_slider(
        _("Bandwidth: how far one crime spreads on the map"),
        list(labels),
        key="hotspots_bandwidth",
        format_func=labels.__getitem__,
        width=420,
    )
    return float(chosen or learned.bandwidth_m)


def _choose_risk() -> Kind:
    kinds = {kind: _(name) for kind, (name, _unit) in RISKS.items()}
    return st.segmented_control(
        _("Risk as"),
        list(kinds),
        default="ratio",
        required=True,
        key="hotspots_risk",
        format_func=kinds.__getitem__,
    )


def _draw(map_: OfflineMap, source: Source, filters: Filters, look: Look) -> str:
    """Draw one method's map and say what it means; the crimes themselves where they are too few."""
    try:
        return _draw_method(map_, source, filters, look)
    except TooFewError as error:
        _crime_layers.outline(map_, source, filters)
        said = _crime_sentences.say_too_few(error)
        if len(_queries.list_crimes(source, filters)):
            _crime_layers.add_crimes(map_, source, filters)
            said += " " + _("Until then each crime is shown by itself.")
        st.info(said, icon=":material/info:")
        return ""


def _draw_method(map_: OfflineMap, source: Source, filters: Filters, look: Look) -> str:
    subject = Subject.of(filters)
    method, bandwidth_m, kind = look
    if method == "cells":
        found = _crime_queries.find_cells(source, subject)
        _crime_layers.draw_cells(map_, source, filters, found)
        return _crime_sentences.say_cells(found)
    if method == "alike":
        found = _crime_queries.find_alike(source, subject)
        _crime_layers.draw_alike(map_, source, filters, found)
        return _crime_sentences.say_alike(found, _queries.areas_of(source, filters.area)["village"])
    choice = _crime_queries.learn(source, filters.area)
    if method == "risk":
        risk = _crime_queries.measure_risk(source, subject, bandwidth_m or choice.bandwidth_m, kind)
        heading = Heading(_("Crime for the homes there"), _(RISKS[kind][1]), period(filters.window))
        _crime_layers.draw_surface(map_, source, filters, risk, heading)
        return f"{_sentences.caption_risk(risk)} {_crime_sentences.say_bandwidth(choice, risk.bandwidth_m)}"
    surface = _crime_queries.measure_density(source, subject, bandwidth_m or choice.bandwidth_m)
    heading = Heading(_("Crime density"), _("crimes per km² in the period"), period(filters.window))
    _crime_layers.draw_surface(map_, source, filters, surface, heading)
    said = _sentences.caption_density(surface)
    return f"{said} {_crime_sentences.say_bandwidth(choice, surface.bandwidth_m)}"


def _find_spots(
    source: Source, filters: Filters, extra: str | None, kind: str | None
) -> gpd.GeoDataFrame | None:
    if extra is None:
        return None
    with _crime_sentences.sentence_for_too_few():
        if extra == "clusters":
            spots = _crime_queries.list_clusters(source, Subject.of(filters))
            if spots.empty:
                st.caption(_("No group of crimes is dense enough to be called a cluster."))
            return spots
        spots = _crime_queries.open_windows(source, of_kind(filters, kind))
        repeats = _crime_queries.measure_repeats(source, of_kind(filters, kind))
        said = _crime_sentences.say_repeats(repeats, filters.window.last_day)
        st.markdown(f"{said} {_crime_sentences.say_windows(spots, repeats)}")
        return spots
    return None


def _focus(spots: gpd.GeoDataFrame | None, shown: object) -> gpd.GeoDataFrame | None:
    """Give the spot that the user pointed at in the list, as long as the same is shown."""
    rank, of_what = st.session_state.get(_SPOT, (None, None))
    if spots is None or of_what != shown or rank not in spots.index:
        st.session_state[_SPOT] = (None, shown)
        return None
    return spots.loc[[rank]]


def _point_at(rank: int) -> None:
    held, shown = st.session_state.get(_SPOT, (None, None))
    st.session_state[_SPOT] = (None if held == rank else rank, shown)


def _add_spots(map_: OfflineMap, spots: gpd.GeoDataFrame, extra: str | None) -> None:
    add = _crime_layers.add_clusters if extra == "clusters" else _crime_layers.add_windows
    add(map_, spots)


def _list_spots(spots: gpd.GeoDataFrame, extra: str | None) -> None:
    """List the first spots; a click on one goes there, a second click back."""
    heading = _("Clusters, most crimes first") if extra == "clusters" else _("Raised risk now")
    st.markdown(f"**{heading}**")
    chosen = st.session_state[_SPOT][0]
    for rank, row in zip(spots.index[:N_LISTED], spots.head(N_LISTED).to_dict("records"), strict=True):
        crimes = ngettext("{n} crime", "{n} crimes", row["n_crimes"]).format(n=number(row["n_crimes"]))
        where = plain(row["village"]) if isinstance(row["village"], str) else _("outside every village")
        more = _("until {moment}").format(moment=day_and_time(row["until_at"])) if "until_at" in row else ""
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
        st.caption(ngettext("{n} more on the map.", "{n} more on the map.", rest).format(n=number(rest)))
