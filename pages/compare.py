"""Compare: places, periods, crime and coverage, held against each other."""

from __future__ import annotations

import streamlit as st

from pages import (
    _compare_both,
    _compare_change,
    _compare_emerging,
    _compare_operation,
    _compare_pair,
    _compare_ranks,
    _crime_sentences,
    _figures,
    _filters,
    _records,
)
from pages._texts import _


def main() -> None:
    """Show the page: only the comparison chosen is computed."""
    source = _records.open_source()
    filters = _filters.choose(source, with_categories=True)
    _figures.show_head(source, filters, _("Compare"), "visits", "crimes")
    _crime_sentences.show_doubts(source, filters)
    ways = {
        "pair": (_("Side by side"), _compare_pair.show),
        "change": (_("Change"), _compare_change.show),
        "emerging": (_("Come and gone"), _compare_emerging.show),
        "both": (_("Crime and coverage"), _compare_both.show),
        "ranks": (_("Ranking"), _compare_ranks.show),
        "operation": (_("Before and after"), _compare_operation.show),
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
    ways[chosen][1](source, filters)


main()
