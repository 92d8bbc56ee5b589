"""The Hotspots page: where and when crime concentrates, where it may repeat, and which map to trust."""

from __future__ import annotations

import streamlit as st

from pages.hotspots.map_view import show_hotspot_map
from pages.hotspots.sections import (
    show_crime_times,
    show_crime_villages,
    show_method_scores,
    show_near_repeats,
    summarise_concentration,
)
from pages.hotspots.sentences import show_cautions
from pages.queries.crimes import count_crimes
from pages.queries.records import open_connection
from pages.queries.spans import find_period_before, read_spans
from pages.text.language import _
from pages.widgets.captions import caption_crimes, describe_crimes
from pages.widgets.cards import list_crime_cards, show_cards
from pages.widgets.head import offer_period_with_data, show_head
from pages.widgets.sidebar import choose_filters


def main() -> None:
    """Show the page."""
    connection = open_connection()
    filters = choose_filters(connection, "crimes", with_categories=True)
    before = find_period_before(connection, filters, "crimes")
    crimes = count_crimes(connection, filters)

    show_head(connection, filters, _("Crime hotspots"), "crimes")
    crimes_before = count_crimes(connection, filters, before) if before else None
    show_cards(list_crime_cards(crimes, crimes_before), filters)
    st.markdown(f"{describe_crimes(crimes)} {summarise_concentration(connection, filters)}")
    show_cautions(connection, filters)
    offer_period_with_data(filters, read_spans(connection)["crimes"].last, crimes.n_crimes)
    show_hotspot_map(connection, filters)
    st.caption(caption_crimes(crimes))
    sections = {
        "villages": (_("Villages"), show_crime_villages),
        "when": (_("When"), show_crime_times),
        "repeats": (_("Near repeats"), show_near_repeats),
        "trust": (_("Which map to trust"), show_method_scores),
    }
    chosen = st.segmented_control(
        _("Details"),
        list(sections),
        default="villages",
        required=True,
        key="hotspots_section",
        format_func=lambda name: sections[name][0],
    )
    sections[chosen][1](connection, filters)


main()
