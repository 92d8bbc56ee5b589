"""Briefing: the shared screen, which turns its slides by itself."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from data.periods import Period
from pages.briefing.slides import TITLES, write_slide
from pages.queries.records import open_connection
from pages.text.language import _, format_number, ngettext
from pages.widgets.sidebar import choose_filters, find_last_day

if TYPE_CHECKING:
    from pages.queries.filters import Filters
    from pages.queries.records import Connection

SECONDS, TICK_SECONDS = 20, 4
LENGTHS = (7, 30, 90)
STYLE = Path(__file__).with_name("briefing.css")

_PLACE, _SHOWN, _PAUSED = "briefing.place", "briefing.shown", "briefing.paused"


def main() -> None:
    """Show the slides, each for twenty seconds."""
    connection = open_connection()
    filters = choose_filters(connection, with_categories=True)
    st.html(STYLE)
    st.session_state.setdefault(_SHOWN, time.monotonic())
    show_slide(connection, filters)


@st.fragment(run_every=TICK_SECONDS)
def show_slide(connection: Connection, filters: Filters) -> None:
    """Show the slide whose turn it is."""
    n = len(TITLES)
    waited = time.monotonic() - st.session_state[_SHOWN]
    if not st.session_state.get(_PAUSED) and waited >= SECONDS - 1:
        _turn(1)
    place = st.session_state.get(_PLACE, 0) % n
    days = st.session_state.get("briefing_days") or LENGTHS[0]
    until = find_last_day(connection) + timedelta(days=1)
    period = Period.last(days, until=until, zone=filters.period.zone)
    st.html(write_slide(connection, replace(filters, period=period), place))
    _show_bar(place, n)


def _show_bar(place: int, n: int) -> None:
    paused = bool(st.session_state.get(_PAUSED))
    with st.container(horizontal=True, vertical_alignment="center", key="briefing_bar"):
        st.button(
            _("Back"),
            icon=":material/arrow_back:",
            shortcut="left",
            on_click=_turn,
            args=(-1,),
            type="tertiary",
        )
        st.button(
            _("Go on") if paused else _("Pause"),
            key="briefing_pause",
            icon=":material/play_arrow:" if paused else ":material/pause:",
            shortcut="space",
            on_click=_pause,
            type="tertiary",
        )
        st.button(
            _("Forward"),
            icon=":material/arrow_forward:",
            shortcut="right",
            on_click=_turn,
            args=(1,),
            type="tertiary",
        )
        dots = " ".join("\N{BLACK CIRCLE}" if i == place else "\N{WHITE CIRCLE}" for i in range(n))
        st.html(f"<span class='dots'>{dots}</span>", width="content")
        st.space("stretch")
        lengths = {
            days: ngettext("{n} day", "{n} days", days).format(n=format_number(days)) for days in LENGTHS
        }
        st.segmented_control(
            _("Period"),
            list(lengths),
            default=LENGTHS[0],
            required=True,
            key="briefing_days",
            format_func=lengths.__getitem__,
            label_visibility="collapsed",
            width="content",
        )
        st.page_link("overview/page.py", label=_("Leave"), icon=":material/close:", width="content")


def _turn(steps: int) -> None:
    place = st.session_state.get(_PLACE, 0) + steps
    st.session_state.update({_PLACE: place % len(TITLES), _SHOWN: time.monotonic()})


def _pause() -> None:
    st.session_state.update({_PAUSED: not st.session_state.get(_PAUSED), _SHOWN: time.monotonic()})


main()
