"""Coverage: which share of the registered households was reported visited, village by village."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages import _cards, _figures, _filters, _layers, _queries, _records, _sentences, _tables
from pages._tables import Column
from pages._texts import _

if TYPE_CHECKING:
    from pages._filters import Filters
    from pages._records import Source


def main() -> None:
    """Show the page."""
    source = _records.open_source()
    filters = _filters.choose(source)
    before = _queries.window_before(source, filters, "visits")
    coverage = _queries.measure(source, filters)
    places = _queries.place_visits(source, filters.window, filters.area)

    _figures.show_head(source, filters, _("Visit coverage"), "visits")
    coverage_before = _queries.measure(source, filters, before) if before else None
    places_before = _queries.place_visits(source, before, filters.area) if before else None
    cards = [
        _cards.coverage_card(coverage, coverage_before),
        _cards.missed_card(coverage, coverage_before),
        _cards.visits_card(places, places_before),
        _cards.located_card(places, places_before),
    ]
    _figures.show_cards(cards, filters, _sentences.say_denominators(coverage, places))
    st.markdown(_sentences.say_coverage(coverage))
    _figures.offer_period_with_data(filters, _queries.read_spans(source)["visits"].last, places.n_visits)
    show_map(source, filters)
    st.caption(f"{_sentences.caption_visits(places)} {_sentences.caption_households(coverage)}")

    st.subheader(_("Villages"), anchor=False)
    columns = list_columns()
    rows = coverage.villages.sort_values("reported_coverage", na_position="last", kind="stable")
    _tables.show_table(rows, columns, key="coverage_table")
    _tables.offer_csv(rows, columns, name=_tables.file_name("coverage", filters))
    st.subheader(_("Coverage over the period"), anchor=False)
    weeks = _queries.measure_weeks(source, filters.window, filters.area)
    st.altair_chart(_layers.draw_weeks(weeks))
    st.caption(
        _("Share of the registered households visited since the period began, at the end of each week.")
    )


@st.fragment
def show_map(source: Source, filters: Filters) -> None:
    """Draw the villages by coverage, or the visits as heat; a click on a village chooses it."""
    layers = {"coverage": _("Coverage"), "visits": _("Visits as heat")}
    shown = st.segmented_control(
        _("Map shows"),
        list(layers),
        default="coverage",
        required=True,
        key="coverage_layer",
        format_func=layers.__getitem__,
        label_visibility="collapsed",
    )
    if shown == "visits":
        map_ = _layers.draw_visits(source, filters)
    else:
        map_ = _layers.draw_coverage(source, filters, _queries.measure_around(source, filters))
    _layers.show_area_map(map_, filters, key=f"coverage_{shown}")


def list_columns() -> list[Column]:
    """List the columns of the table."""
    return [
        Column("village", _("Village")),
        Column("district", _("District")),
        Column("reported_coverage", _("Reported coverage"), "percent"),
        Column("n_reported", _("Visited"), "count"),
        Column("n_households", _("Registered"), "count"),
        Column("n_visits", _("Visits"), "count", _("Reported visits to registered households.")),
        Column("last_visit_at", _("Last visit"), "day"),
    ]


main()
