"""Briefing: slides for a shared screen, turned automatically."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from pages.briefing.controls import find_slide, get_length, show_controls, start_show
from pages.briefing.slides import write_slide
from pages.queries.records import open_connection
from pages.widgets.sidebar import choose_filters

if TYPE_CHECKING:
    from pages.queries.records import Connection

TICK_SECONDS = 4
STYLE = Path(__file__).with_name("briefing.css")


def main() -> None:
    """Show the slides, each for twenty seconds."""
    connection = open_connection()
    area = choose_filters(connection, with_period=False).area
    st.html(STYLE)
    start_show()
    show_slide(connection, area)


@st.fragment(run_every=TICK_SECONDS)
def show_slide(connection: Connection, area: str) -> None:
    """Show the current slide."""
    place = find_slide()
    st.html(write_slide(connection, area, get_length(), place))
    show_controls(place)


main()
