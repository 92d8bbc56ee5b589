"""Briefing: slides for a shared screen, turned automatically."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from data.periods import Period
from pages.briefing.controls import find_slide, get_length, show_controls, start_show
from pages.briefing.slides import write_slide
from pages.queries.records import open_connection
from pages.widgets.sidebar import choose_filters, find_last_day

if TYPE_CHECKING:
    from pages.queries.filters import Filters
    from pages.queries.records import Connection

TICK_SECONDS = 4
STYLE = Path(__file__).with_name("briefing.css")


def main() -> None:
    """Show the slides, each for twenty seconds."""
    connection = open_connection()
    filters = choose_filters(connection, with_categories=True)
    st.html(STYLE)
    start_show()
    show_slide(connection, filters)


@st.fragment(run_every=TICK_SECONDS)
def show_slide(connection: Connection, filters: Filters) -> None:
    """Show the current slide."""
    place = find_slide()
    until = find_last_day(connection) + timedelta(days=1)
    period = Period.last(get_length(), until=until, zone=filters.period.zone)
    st.html(write_slide(connection, replace(filters, period=period), place))
    show_controls(place)


main()
