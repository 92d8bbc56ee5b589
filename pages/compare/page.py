"""The Compare page: places, periods, crime and coverage compared."""

from __future__ import annotations

import streamlit as st

from pages.compare.change import show_change
from pages.compare.crime_and_coverage import show_crime_and_coverage
from pages.compare.emerging import show_emerging
from pages.compare.operation import show_operation
from pages.compare.ranking import show_ranking
from pages.compare.side_by_side import show_side_by_side
from pages.hotspots.sentences import show_cautions
from pages.queries.records import open_connection
from pages.text.language import _
from pages.widgets.head import show_head
from pages.widgets.sidebar import choose_filters


def main() -> None:
    """Show the page; only the chosen comparison is computed."""
    connection = open_connection()
    filters = choose_filters(connection, "visits", "crimes", with_categories=True)
    show_head(connection, filters, _("Compare"), "visits", "crimes")
    show_cautions(connection, filters)
    ways = {
        "pair": (_("Side by side"), show_side_by_side),
        "change": (_("Change"), show_change),
        "emerging": (_("Emerging hot spots"), show_emerging),
        "both": (_("Crime and coverage"), show_crime_and_coverage),
        "ranks": (_("Ranking"), show_ranking),
        "operation": (_("Before and after"), show_operation),
    }
    chosen = st.segmented_control(
        _("Comparison"),
        list(ways),
        default="pair",
        required=True,
        key="compare_way",
        format_func=lambda name: ways[name][0],
        label_visibility="collapsed",
    )
    ways[chosen][1](connection, filters)


main()
