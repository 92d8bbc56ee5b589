"""Hotspots: where and when recorded crimes concentrate, where more is to be expected, which map to trust."""

from __future__ import annotations

import streamlit as st

from pages import (
    _cards,
    _crime_sections,
    _crime_sentences,
    _figures,
    _filters,
    _hotspot_map,
    _queries,
    _records,
    _sentences,
)
from pages._texts import _


def main() -> None:
    """Show the page."""
    source = _records.open_source()
    filters = _filters.choose(source, with_categories=True)
    before = _queries.window_before(source, filters, "crimes")
    crimes = _queries.count_crimes(source, filters)

    _figures.show_head(source, filters, _("Crime hotspots"), "crimes")
    crimes_before = _queries.count_crimes(source, filters, before) if before else None
    _figures.show_cards(_cards.crime_cards(crimes, crimes_before), filters)
    st.markdown(f"{_sentences.say_crimes(crimes)} {_crime_sections.say_concentrated(source, filters)}")
    _crime_sentences.show_doubts(source, filters)
    _figures.offer_period_with_data(filters, _queries.read_spans(source)["crimes"].last, crimes.n_crimes)
    _hotspot_map.show(source, filters)
    st.caption(_sentences.caption_crimes(crimes))
    sections = {
        "villages": (_("Villages"), _crime_sections.show_villages),
        "when": (_("When"), _crime_sections.show_when),
        "repeats": (_("Near repeats"), _crime_sections.show_repeats),
        "trust": (_("Which map to trust"), _crime_sections.show_trust),
    }
    chosen = st.segmented_control(
        _("Look closer"),
        list(sections),
        default="villages",
        required=True,
        key="hotspots_section",
        format_func=lambda name: sections[name][0],
    )
    sections[chosen][1](source, filters)


main()
