"""Overview: the four questions in figures, and the villages with low coverage and high crime."""

from __future__ import annotations

import streamlit as st

from pages.overview.neighbourhoods import show_neighbourhood_priorities
from pages.overview.priorities import show_priorities
from pages.queries.areas import select_villages
from pages.queries.crimes import count_crimes
from pages.queries.neighbourhoods import is_village
from pages.queries.records import open_connection
from pages.queries.spans import find_period_before
from pages.queries.visits import count_visit_places, read_coverage
from pages.text.language import _
from pages.widgets.captions import (
    caption_crimes,
    caption_visits,
    describe_attempts,
    describe_coverage,
    describe_crimes,
    describe_shares,
)
from pages.widgets.cards import (
    make_coverage_card,
    make_crimes_card,
    make_located_card,
    make_missed_card,
    show_cards,
)
from pages.widgets.head import show_head
from pages.widgets.sidebar import choose_filters


def main() -> None:
    """Show the page."""
    connection = open_connection()
    filters = choose_filters(connection, "visits", "crimes", with_categories=True)
    before = find_period_before(connection, filters, "visits")
    crimes_before = find_period_before(connection, filters, "crimes")
    areas = select_villages(connection, filters.area)
    coverage = read_coverage(connection, areas, filters.period)
    earlier = read_coverage(connection, areas, before) if before else None
    places = count_visit_places(connection, filters.period, filters.area)
    crimes = count_crimes(connection, filters)

    show_head(connection, filters, _("Overview"), "visits", "crimes")
    cards = [
        make_coverage_card(coverage, earlier),
        make_missed_card(coverage, earlier),
        make_crimes_card(crimes, count_crimes(connection, filters, crimes_before) if crimes_before else None),
        make_located_card(places, count_visit_places(connection, before, filters.area) if before else None),
    ]
    show_cards(cards, filters, describe_shares(coverage.n_households, places.n_visits))
    said = [describe_coverage(coverage), describe_attempts(coverage.n_attempts), describe_crimes(crimes)]
    st.markdown(" ".join(filter(None, said)))
    if is_village(connection, filters.area):
        show_neighbourhood_priorities(connection, filters)
    else:
        show_priorities(connection, filters, coverage)
    st.caption(f"{caption_visits(places)} {caption_crimes(crimes)}")


main()
