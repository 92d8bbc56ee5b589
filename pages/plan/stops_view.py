"""Display of a draft's routes: the map, the list, and the changes that can be made to them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from pages.plan.edits import (
    add_household,
    list_candidates,
    lock_households,
    move_households,
    remove_households,
    unlock_households,
)
from pages.plan.jobs import is_busy, start_change
from pages.plan.maps import describe_stops, draw_plan_map, list_stop_choices, select_stops
from pages.queries.officers import title_officers
from pages.text.language import MISSING, _, escape_markdown, format_number, format_weekday, ngettext
from pages.widgets.maps import show_map

if TYPE_CHECKING:
    from collections.abc import Mapping

    from data.plans import WeekRequest
    from pages.plan.drafts import Draft
    from pages.queries.records import Connection

_LIST_PX, _MAP_PX = 400, 500
_HELD = "\N{CHECK MARK}"


@st.fragment
def show_stops(connection: Connection, draft: Draft) -> None:
    """Show the choice of day and officer, the map, the list, and the changes to selected stops."""
    officers = draft.built.week.officers
    names = dict(sorted(title_officers(officers).items(), key=lambda pair: pair[1]))
    day, officer_id = _choose_part(draft, names)
    cut = select_stops(draft.built.stops, day=day, officer_id=officer_id)
    said = describe_stops(cut, draft.request)
    key = f"{draft.token}_{len(draft.before)}_{officer_id}_{day}"
    shown = officers if not officer_id else officers.loc[[officer_id]]
    title = names[officer_id] if officer_id else _("All officers")
    map_ = draw_plan_map(connection, said, shown, names, title=title)
    clicked = show_map(map_, key=f"plan_map_{key}", height=_MAP_PX).point_id
    picked = _show_list(said, names, key=key, with_officer=not officer_id)
    if not picked and clicked in set(said["household_id"]):
        picked = [str(clicked)]
    offer_stop_changes(connection, draft, said[said["household_id"].isin(picked)], key=key)
    with st.expander(_("Add a household"), icon=":material/add_home:"):
        offer_adding_household(connection, draft, officer_id)


def _choose_part(draft: Draft, names: Mapping[str, str]) -> tuple[pd.Timestamp | None, str]:
    stops = draft.built.stops
    days = ["", *(pd.Timestamp(day) for day in draft.built.week.problem.days)]
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom", key="plan_part"):
        if st.session_state.get("plan_day") not in days:
            st.session_state["plan_day"] = ""
        chosen = st.selectbox(
            _("Day"),
            days,
            format_func=lambda one: format_weekday(one) if one else _("All days"),
            key="plan_day",
            width=180,
        )
        day = chosen if isinstance(chosen, pd.Timestamp) else None
        choices = list_stop_choices(stops, names, day)
        if st.session_state.get("plan_officer") not in choices:
            st.session_state["plan_officer"] = next(iter(choices), "")
        officer_id = st.selectbox(
            _("Officer"), list(choices), format_func=choices.__getitem__, key="plan_officer", width=300
        )
    if "" not in choices and len(names) > 1:
        st.caption(_("All officers at once are too many for one map: choose one officer or one day."))
    return day, officer_id or ""


def _show_list(said: pd.DataFrame, names: Mapping[str, str], *, key: str, with_officer: bool) -> list[str]:
    """Show the stops in order and return the selected households."""
    if said.empty:
        st.info(_("No visits here."))
        return []
    columns = {
        _("No."): said["order"],
        _("Day"): [format_weekday(day) for day in said["day"]],
        _("From"): said["time"],
        _("Head of household"): said["home"],
        _("Locked"): said["is_locked"].map({True: _HELD, False: ""}),
        "RT/RW": said["place"],
        _("Village"): said["village"],
        _("Why"): said["why"],
    }
    if with_officer:
        columns = {_("Officer"): said["officer_id"].map(dict(names)), **columns}
    event = st.dataframe(
        pd.DataFrame(columns).set_axis(said["household_id"]),
        hide_index=True,
        height=_LIST_PX,
        selection_mode="multi-row",
        on_select="rerun",
        key=f"plan_list_{key}",
        column_config={_("No."): st.column_config.NumberColumn(width=40)},
    )
    rows = [row for row in event.selection.rows if row < len(said)]
    return said["household_id"].iloc[rows].tolist()


def offer_stop_changes(connection: Connection, draft: Draft, picked: pd.DataFrame, *, key: str) -> None:
    """Offer to lock, move or remove the selected stops."""
    if picked.empty:
        st.caption(_("Select visits in the list, or one on the map, to lock, move or remove them."))
        return
    request, homes = draft.request, picked["household_id"].tolist()
    st.markdown(f"**{escape_markdown(_describe_picked(picked))}**")
    days = dict(zip(homes, picked["day"].dt.date, strict=True))
    busy = is_busy(connection)
    with st.container(horizontal=True, vertical_alignment="bottom", key="plan_edit"):
        if not picked["is_locked"].all():
            if _button(_("Lock to this day"), "lock", busy=busy):
                _change(connection, draft, lock_households(request, days))
        elif _button(_("Unlock"), "lock_open", busy=busy):
            _change(connection, draft, unlock_households(request, homes))
        if _button(_("Remove"), "delete", busy=busy):
            _change(connection, draft, remove_households(request, homes))
    with st.container(horizontal=True, vertical_alignment="bottom", key="plan_move"):
        others = [day for day in draft.built.week.problem.days if set(days.values()) != {day}]
        target = st.selectbox(
            _("Move to"), others, format_func=format_weekday, key=f"plan_target_{key}", width=160
        )  # fmt: skip
        if _button(_("Move"), "event", busy=busy or target is None) and target is not None:
            _change(connection, draft, move_households(request, homes, target))


def offer_adding_household(connection: Connection, draft: Draft, officer_id: str) -> None:
    """Offer to add a household that is not in the plan, on a chosen day."""
    week = draft.built.week
    codes = str(week.officers.loc[officer_id, "villages"]).split() if officer_id else ()
    planned = draft.built.plan.stops["household_id"]
    with st.container(horizontal=True, vertical_alignment="bottom", key="plan_add"):
        search = st.text_input(
            _("Search by name, number or address"), key="plan_search", max_chars=60, width=260
        )
        homes = list_candidates(draft.base, planned, villages=codes, search=search)
        told = _describe_homes(homes)
        if st.session_state.get("plan_added") not in told:
            st.session_state["plan_added"] = next(iter(told), None)
        chosen = st.selectbox(
            _("Household"),
            list(told),
            format_func=told.__getitem__,
            key="plan_added",
            width=420,
            placeholder=_("None found"),
        )
        day = st.selectbox(
            _("Day"),
            ["", *week.problem.days],
            format_func=lambda one: format_weekday(one) if one else _("any day"),
            key="plan_added_day",
            width=150,
        )
        if _button(_("Add"), "add", busy=is_busy(connection) or chosen is None) and chosen:
            _change(
                connection,
                draft,
                add_household(draft.request, chosen, day if isinstance(day, date) else None),
            )
    said = ngettext("The top {n} household not in the plan, most points first.",
                    "The top {n} households not in the plan, most points first.", len(told))  # fmt: skip
    st.caption(said.format(n=format_number(len(told))))


def _describe_homes(homes: pd.DataFrame) -> dict[str, str]:
    shown = homes[["head_name", "rt", "rw", "village"]].astype("str").fillna(MISSING)
    return {
        str(key): f"{row['head_name']} · RT {row['rt']}/RW {row['rw']} · {row['village']} · {key}"
        for key, row in shown.to_dict("index").items()
    }


def _describe_picked(picked: pd.DataFrame) -> str:
    if len(picked) == 1:
        row = picked.iloc[0]
        return f"{row['order']}. {row['home']} · {format_weekday(row['day'])} {row['time']} · {row['why']}"
    return ngettext("{n} visit selected", "{n} visits selected", len(picked)).format(
        n=format_number(len(picked))
    )


def _button(label: str, icon: str, *, busy: bool) -> bool:
    return st.button(label, icon=f":material/{icon}:", key=f"plan_do_{icon}", disabled=busy)


def _change(connection: Connection, draft: Draft, request: WeekRequest) -> None:
    """Replan what a change affects, and rerun the page."""
    start_change(connection, draft, request)
    st.rerun()
