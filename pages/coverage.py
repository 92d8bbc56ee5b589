"""Coverage: which households were reported visited, for which the GPS record supports it, and the gap."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import streamlit as st

from pages import _coverage, _evidence, _figures, _filters, _neighbourhoods, _queries, _records, _sentences
from pages import _coverage_tables as _lists
from pages._coverage_maps import draw_heat, draw_homes, draw_measure
from pages._map import show_map
from pages._texts import _

if TYPE_CHECKING:
    from pages._filters import Filters
    from pages._records import Source


def main() -> None:
    """Show the page."""
    source = _records.open_source()
    filters = _filters.choose(source)
    before = _queries.window_before(source, filters, "visits")
    now = _evidence.measure(source, filters)
    places = _queries.place_visits(source, filters.window, filters.area)
    reviews = _evidence.count_reviews(source, filters.window, filters.area)

    _figures.show_head(source, filters, _("Visit coverage"), "visits")
    earlier = _evidence.measure(source, filters, before) if before else None
    looks = _evidence.count_reviews(source, before, filters.area).n_open if before else None
    cards = _coverage.list_cards(now, earlier, reviews, looks)
    _figures.show_cards(cards, filters, _sentences.say_shares(now.n_households, places.n_visits))
    st.markdown(_coverage.say(now))
    _figures.offer_period_with_data(filters, _queries.read_spans(source)["visits"].last, places.n_visits)
    _lists.show_way_back(source, filters)
    show_places(source, filters)
    nowhere = 0 if filters.area else _records.count_nowhere(source)
    st.caption(f"{_sentences.caption_visits(places)} {_sentences.caption_nowhere(nowhere)}")
    _lists.show_rows(source, filters, now)
    show_weeks(source, filters)


@st.fragment
def show_places(source: Source, filters: Filters) -> None:
    """Draw the map that is chosen; a click leads from district to village to RT."""
    layers = {
        "reported_coverage": _("Reported"),
        "evidenced_coverage": _("Supported by GPS"),
        "gap": _("Gap"),
        "heat": _("Visits as heat"),
    }
    in_village = _neighbourhoods.is_village(source, filters.area)
    layers = ({"homes": _("Households")} | layers) if in_village else layers
    shown = st.segmented_control(
        _("Map shows"),
        list(layers),
        default=next(iter(layers)),
        required=True,
        key=f"coverage_layer_{in_village}",
        format_func=layers.__getitem__,
        label_visibility="collapsed",
    )
    chosen = _neighbourhoods.chosen(filters.area)
    if shown == "homes":
        homes = _neighbourhoods.of(_neighbourhoods.list_homes(source, filters), chosen)
        map_ = draw_homes(source, filters, homes, is_part=chosen is not None)
    elif shown == "heat":
        map_ = draw_heat(source, filters)
    else:
        around = _evidence.measure_around(source, filters)
        map_ = draw_measure(source, filters, around, cast("_coverage.Measure", shown))
    key = f"coverage_{shown}_{filters.area}_{chosen}"
    _lists.follow(source, filters, show_map(map_, key=key), key=key)


@st.fragment
def show_weeks(source: Source, filters: Filters) -> None:
    """Draw both coverages over the period."""
    st.subheader(_("Coverage over the period"), anchor=False)
    ways = {True: _("Since the period began"), False: _("Each week")}
    cumulative = st.segmented_control(
        _("Count"), list(ways), default=True, required=True, key="coverage_weeks",
        format_func=ways.__getitem__, label_visibility="collapsed",
    )  # fmt: skip
    weeks = _evidence.measure_weeks(source, filters.window, filters.area)
    st.altair_chart(_coverage.draw_weeks(weeks, cumulative=bool(cumulative)))
    said = {
        True: _(
            "Share of the registered households visited since the period began, by the end of each week."
        ),
        False: _("Households visited in each week; the first and the last week may be cut by the period."),
    }
    st.caption(said[bool(cumulative)])


main()
