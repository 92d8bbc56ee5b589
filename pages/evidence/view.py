"""Parts of the Visit evidence page: a visit's map, its facts, the officer's day, and the decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import streamlit as st
from shapely import box

from data.decisions import MAX_NOTE_CHARACTERS, Decision, record_decision, undo_decision
from data.errors import DataError
from geo.classify import STATUS_COLOURS
from geo.crs import WGS84
from geo.maps import (
    Heading,
    MapTexts,
    OfflineMap,
    Symbol,
    add_boundaries,
    add_points,
    add_symbol_legend,
    add_track,
)
from pages.queries.areas import select_surroundings
from pages.queries.records import load_villages
from pages.queries.reviews import read_decisions, read_personal_facts
from pages.text.flags import describe_flag, name_decision
from pages.text.language import (
    MISSING,
    _,
    escape_markdown,
    format_day,
    format_number,
    format_time,
    ngettext,
    translate,
)
from pages.widgets.maps import show_map, start_map
from pages.widgets.tables import Column, show_table

if TYPE_CHECKING:
    from pages.queries.records import Connection

SYMBOLS = {
    "visit": Symbol("#c2410c", "diamond"),
    "home": Symbol(STATUS_COLOURS["visited"], "square"),
    "day": Symbol("#5b6570", "circle"),
}
_LEAST_VIEW_DEG = 0.0012  # about 130 m around what is shown
_LEGEND_SHARE = 0.5  # of the height, added below, so that the legend there hides no household
CHOSEN = "evidence_visit"
_MAP_HEIGHT = 440
_DONE, _NOTE, _REACH = "evidence.done", "evidence_note", "evidence_reach"


@st.fragment
def show_visit_map(connection: Connection, visit: pd.Series, its_day: pd.DataFrame) -> None:
    """Draw the visit; a click on the map reruns only this fragment."""
    show_map(draw_visit(connection, visit, its_day), key=f"evidence_{visit.name}", height=_MAP_HEIGHT)


def draw_visit(connection: Connection, visit: pd.Series, its_day: pd.DataFrame) -> OfflineMap:
    """Draw a visit's fix and its household with a line between them, and the officer's day as a track."""
    ends = pd.DataFrame(
        {
            "lon": [visit["lon"], visit["home_lon"]],
            "lat": [visit["lat"], visit["home_lat"]],
            "kind": ["visit", "home"],
            "label": [
                format_time(visit["visited_at"]),
                _("Household {id}").format(id=_or_dash(visit["household_id"])),
            ],
        }
    )
    others = its_day[its_day.index != visit.name]
    shown = pd.concat([others[["lon", "lat"]].assign(kind="day", label=_label(others)), ends]).dropna(
        subset=["lon", "lat"]
    )
    areas = _areas(connection, visit)
    map_ = start_map(
        areas, texts=MapTexts(zoom_in=_("Zoom in"), zoom_out=_("Zoom out")), focus=_around(ends, shown)
    )
    add_boundaries(map_, areas)
    add_track(map_, its_day)
    add_track(map_, ends, dashed=True)
    add_points(map_, shown, SYMBOLS)
    names = {
        "visit": _("this visit"),
        "home": _("the household"),
        "day": _("the officer's other visits that day"),
    }
    kinds = {kind: symbol for kind, symbol in SYMBOLS.items() if (shown["kind"] == kind).any()}
    return add_symbol_legend(map_, Heading(_("Visit"), period=format_day(visit["visited_at"])), kinds, names)


def _label(visits: pd.DataFrame) -> pd.Series:
    return visits["visited_at"].map(format_time).astype("str") + " · " + visits["village"].fillna(MISSING)


def _areas(connection: Connection, visit: pd.Series) -> gpd.GeoDataFrame:
    """Return the villages to draw around a visit: those of its household's district, else all in scope."""
    code = visit["home_village"]
    return select_surroundings(connection, code) if isinstance(code, str) else load_villages(connection)


def _around(ends: pd.DataFrame, shown: pd.DataFrame) -> gpd.GeoDataFrame | None:
    """Return the rectangle around the visit and its household, or around the day if neither has a point.

    It leaves room for the legend at the bottom.
    """
    placed = ends.dropna(subset=["lon", "lat"])
    placed = shown if placed.empty else placed
    if placed.empty:
        return None
    west, south = placed["lon"].min() - _LEAST_VIEW_DEG, placed["lat"].min() - _LEAST_VIEW_DEG
    east, north = placed["lon"].max() + _LEAST_VIEW_DEG, placed["lat"].max() + _LEAST_VIEW_DEG
    south -= _LEGEND_SHARE * (north - south)
    return gpd.GeoDataFrame(geometry=[box(west, south, east, north)], crs=WGS84)


def show_visit_facts(connection: Connection, visit: pd.Series) -> None:
    """Show what is known about a visit, and the flags it raises."""
    facts = read_personal_facts(connection, visit)
    lines = {
        _("Recorded"): format_time(visit["visited_at"]),
        _("Officer"): visit["officer"],
        _("Household"): " · ".join(
            filter(None, [facts.get("head_name"), _or_none(visit["household_id"]), _neighbourhood(facts)])
        ),
        _("Village"): visit["village"],
        _("Distance from the household"): _metres(visit["distance_m"]),
        _("GPS accuracy"): _metres(visit["accuracy_m"]),
        _("Remarks"): facts.get("remarks"),
    }
    said = [
        f"**{escape_markdown(name)}**: {escape_markdown(_or_dash(value))}" for name, value in lines.items()
    ]
    st.markdown("  \n".join(said))
    for flag in visit["flags"]:
        st.markdown(f":material/help: {escape_markdown(describe_flag(flag))}")


def _neighbourhood(facts: dict[str, str | None]) -> str:
    return f"RT {_or_dash(facts.get('rt'))} / RW {_or_dash(facts.get('rw'))}"


def show_officer_day(its_day: pd.DataFrame) -> None:
    """List the officer's day."""
    rows = its_day.assign(time=its_day["visited_at"].map(format_time), state=its_day["state"].map(_state))
    columns = [
        Column("time", _("Recorded")),
        Column("household_id", _("Household number")),
        Column("village", _("Village")),
        Column("distance_m", _("Distance, m"), "count"),
        Column("reasons", _("Reasons for review")),
        Column("state", _("Decision")),
    ]
    show_table(rows, columns, key="evidence_day")


def show_decision(
    connection: Connection, visit: pd.Series, its_day: pd.DataFrame, following: str | None
) -> None:
    """Show the form by which a supervisor accepts a visit or sets it aside, or withdraws the decision."""
    visit_id = str(visit.name)
    _show_history(connection, visit_id)
    if visit["state"] in ("accepted", "set_aside"):
        st.button(_("Withdraw this decision"), icon=":material/undo:", key="evidence_undo",
                  on_click=_undo, args=(connection, [visit_id]))  # fmt: skip
        return
    still = [str(label) for label in its_day.index[its_day["state"] == "open"]]
    whole_day = False
    if len(still) > 1:
        reach = {
            False: _("This visit"),
            True: ngettext(
                "The {n} visit to review on this day",
                "All {n} visits to review on this day",
                len(still),
            ).format(n=format_number(len(still))),
        }
        whole_day = bool(
            st.radio(
                _("Apply decision to"),
                list(reach),
                format_func=reach.__getitem__,
                key=_REACH,
                horizontal=True,
            )
        )
    st.text_area(_("Note (reason)"), key=_NOTE, max_chars=MAX_NOTE_CHARACTERS, height=80)
    about = still if whole_day else [visit_id]
    with st.container(horizontal=True):
        for decision, label, icon in (
            ("accepted", _label_acceptance(visit), ":material/check:"),
            ("set_aside", _("Set aside: counts as reported only"), ":material/inventory_2:"),
        ):
            st.button(label, icon=icon, key=f"evidence_{decision}", on_click=_decide,
                      args=(connection, about, decision, following))  # fmt: skip
    st.caption(_("Each decision is recorded with who made it, when and why, and can be withdrawn."))


def _label_acceptance(visit: pd.Series) -> str:
    """Label the button: without a known distance to the household, a visit never counts as evidence."""
    if pd.isna(visit["distance_m"]):
        return _("Accept: settles the question")
    return _("Accept: counts as evidence")


def _show_history(connection: Connection, visit_id: str) -> None:
    history = read_decisions(connection, visit_id)
    for row in history.to_dict("records"):
        said = _("{decision} by {who}, {when}").format(
            decision=name_decision(row["decision"]),
            who=row["decided_by"],
            when=format_time(row["decided_at"]),
        )
        note = f": {row['note']}" if row["note"] else ""
        st.markdown(f":material/history: {escape_markdown(said + note)}")


def show_last_decision(connection: Connection) -> None:
    """Show the last decision once, and offer to withdraw it."""
    done = st.session_state.pop(_DONE, None)
    if isinstance(done, DataError):
        st.error(escape_markdown(translate(done)), icon=":material/error:")
    elif done is not None:
        visits, decision = done
        said = ngettext("{n} visit: {decision}.", "{n} visits: {decision}.", len(visits)).format(
            n=format_number(len(visits)), decision=name_decision(decision)
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            st.success(said, icon=":material/check_circle:")
            if decision != "undone":
                st.button(_("Withdraw"), icon=":material/undo:", key="evidence_undo_last",
                          on_click=_undo, args=(connection, visits))  # fmt: skip


def _decide(connection: Connection, visits: list[str], decision: Decision, following: str | None) -> None:
    try:
        record_decision(
            connection.database, connection.principal, visits, decision, st.session_state.get(_NOTE, "")
        )
    except DataError as error:
        st.session_state[_DONE] = error
        return
    st.session_state.update({_DONE: (visits, decision), _NOTE: "", CHOSEN: following})


def _undo(connection: Connection, visits: list[str]) -> None:
    try:
        undo_decision(connection.database, connection.principal, visits)
    except DataError as error:
        st.session_state[_DONE] = error
        return
    st.session_state[_DONE] = (visits, "undone")


def _state(state: str) -> str:
    return name_decision(state) if state else MISSING


def _metres(value: float) -> str:
    return MISSING if pd.isna(value) else f"{format_number(value)} m"


def _or_none(value: Any) -> str | None:
    return None if pd.isna(value) else str(value)


def _or_dash(value: Any) -> str:
    return MISSING if pd.isna(value) else str(value)
