"""The controls below the slides: slide, pause and period."""

from __future__ import annotations

import time

import streamlit as st

from pages.briefing.slides import TITLES
from pages.queries.rounded import LENGTHS
from pages.text.language import _, format_number, ngettext

SECONDS = 20
"""How long a slide is shown."""

_PLACE, _SHOWN, _PAUSED, _DAYS = "briefing.place", "briefing.shown", "briefing.paused", "briefing_days"


def start_show() -> None:
    """Start timing the first slide, once in a session."""
    st.session_state.setdefault(_SHOWN, time.monotonic())


def find_slide() -> int:
    """Return the position of the slide to show, after turning to the next one if it is due."""
    waited = time.monotonic() - st.session_state[_SHOWN]
    if not st.session_state.get(_PAUSED) and waited >= SECONDS - 1:
        _turn(1)
    return st.session_state.get(_PLACE, 0) % len(TITLES)


def get_length() -> int:
    """Return the length of the chosen period in days."""
    return st.session_state.get(_DAYS) or LENGTHS[0]


def show_controls(place: int) -> None:
    """Show the controls: back, pause, forward, position, period, and exit."""
    with st.container(horizontal=True, vertical_alignment="center", key="briefing_bar"):
        _show_buttons()
        dots = " ".join("\N{BLACK CIRCLE}" if i == place else "\N{WHITE CIRCLE}" for i in range(len(TITLES)))
        st.html(f"<span class='dots'>{dots}</span>", width="content")
        st.space("stretch")
        _choose_length()
        st.page_link("overview/page.py", label=_("Exit"), icon=":material/close:", width="content")


def _show_buttons() -> None:
    paused = bool(st.session_state.get(_PAUSED))
    st.button(
        _("Previous"),
        icon=":material/arrow_back:",
        shortcut="left",
        on_click=_turn,
        args=(-1,),
        type="tertiary",
    )
    st.button(
        _("Resume") if paused else _("Pause"),
        key="briefing_pause",
        icon=":material/play_arrow:" if paused else ":material/pause:",
        shortcut="space",
        on_click=_pause,
        type="tertiary",
    )
    st.button(
        _("Next"),
        icon=":material/arrow_forward:",
        shortcut="right",
        on_click=_turn,
        args=(1,),
        type="tertiary",
    )


def _choose_length() -> None:
    lengths = {days: ngettext("{n} day", "{n} days", days).format(n=format_number(days)) for days in LENGTHS}
    st.segmented_control(
        _("Period"),
        list(lengths),
        default=LENGTHS[0],
        required=True,
        key=_DAYS,
        format_func=lengths.__getitem__,
        label_visibility="collapsed",
        width="content",
    )


def _turn(steps: int) -> None:
    place = st.session_state.get(_PLACE, 0) + steps
    st.session_state.update({_PLACE: place % len(TITLES), _SHOWN: time.monotonic()})


def _pause() -> None:
    st.session_state.update({_PAUSED: not st.session_state.get(_PAUSED), _SHOWN: time.monotonic()})
