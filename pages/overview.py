"""Overview: the four questions in figures, and the villages where little coverage meets many crimes."""

from __future__ import annotations

import streamlit as st

from pages import (
    _cards,
    _figures,
    _filters,
    _neighbourhoods,
    _priorities,
    _priority_rts,
    _queries,
    _records,
    _sentences,
)
from pages._texts import _


def main() -> None:
    """Show the page."""
    source = _records.open_source()
    filters = _filters.choose(source, with_categories=True)
    before = _queries.window_before(source, filters, "visits")
    crimes_before = _queries.window_before(source, filters, "crimes")
    coverage = _queries.measure(source, filters)
    places = _queries.place_visits(source, filters.window, filters.area)
    crimes = _queries.count_crimes(source, filters)

    _figures.show_head(source, filters, _("Overview"), "visits", "crimes")
    cards = [
        _cards.coverage_card(coverage, _queries.measure(source, filters, before) if before else None),
        _cards.missed_card(coverage, _queries.measure(source, filters, before) if before else None),
        _cards.crimes_card(
            crimes, _queries.count_crimes(source, filters, crimes_before) if crimes_before else None
        ),
        _cards.located_card(places, _queries.place_visits(source, before, filters.area) if before else None),
    ]
    _figures.show_cards(cards, filters, _sentences.say_denominators(coverage, places))
    st.markdown(f"{_sentences.say_coverage(coverage)} {_sentences.say_crimes(crimes)}")
    if _neighbourhoods.is_village(source, filters.area):
        _priority_rts.show(source, filters)
    else:
        _priorities.show_priorities(source, filters)
    st.caption(f"{_sentences.caption_visits(places)} {_sentences.caption_crimes(crimes)}")


main()
