"""Coverage: which households were reported visited, for which the GPS record supports it, and the gap."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import streamlit as st

from pages.coverage.figures import describe_both_coverages, draw_weekly_coverage, list_coverage_cards
from pages.coverage.maps import draw_coverage, draw_homes, draw_visit_heat
from pages.coverage.tables import follow_click, show_area_table, show_way_back
from pages.queries.evidence import count_reviews, read_coverage, read_coverage_around, read_weekly_coverage
from pages.queries.neighbourhoods import find_neighbourhood, is_village, list_homes, select_homes
from pages.queries.records import count_unplaced_households, open_connection
from pages.queries.spans import find_period_before, read_spans
from pages.queries.visits import count_visit_places
from pages.text.language import _
from pages.widgets.captions import caption_nowhere, caption_visits, describe_shares
from pages.widgets.cards import show_cards
from pages.widgets.head import offer_period_with_data, show_head
from pages.widgets.maps import show_map
from pages.widgets.sidebar import choose_filters

if TYPE_CHECKING:
    from pages.coverage.figures import CoverageMeasure
    from pages.queries.filters import Filters
    from pages.queries.records import Connection


def main() -> None:
    """Show the page."""
    connection = open_connection()
    filters = choose_filters(connection)
    before = find_period_before(connection, filters, "visits")
    now = read_coverage(connection, filters)
    places = count_visit_places(connection, filters.period, filters.area)
    reviews = count_reviews(connection, filters.period, filters.area)

    show_head(connection, filters, _("Visit coverage"), "visits")
    earlier = read_coverage(connection, filters, before) if before else None
    looks = count_reviews(connection, before, filters.area).n_open if before else None
    cards = list_coverage_cards(now, earlier, reviews, looks)
    show_cards(cards, filters, describe_shares(now.n_households, places.n_visits))
    st.markdown(describe_both_coverages(now))
    offer_period_with_data(filters, read_spans(connection)["visits"].last, places.n_visits)
    show_way_back(connection, filters)
    show_coverage_map(connection, filters)
    nowhere = 0 if filters.area else count_unplaced_households(connection)
    st.caption(f"{caption_visits(places)} {caption_nowhere(nowhere)}")
    show_area_table(connection, filters, now)
    show_weekly_coverage(connection, filters)


@st.fragment
def show_coverage_map(connection: Connection, filters: Filters) -> None:
    """Draw the map that is chosen; a click leads from district to village to RT."""
    layers = {
        "reported_coverage": _("Reported"),
        "evidenced_coverage": _("Supported by GPS"),
        "gap": _("Gap"),
        "heat": _("Visits as heat"),
    }
    in_village = is_village(connection, filters.area)
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
    chosen = find_neighbourhood(filters.area)
    if shown == "homes":
        homes = select_homes(list_homes(connection, filters), chosen)
        map_ = draw_homes(connection, filters, homes, is_part=chosen is not None)
    elif shown == "heat":
        map_ = draw_visit_heat(connection, filters)
    else:
        around = read_coverage_around(connection, filters)
        map_ = draw_coverage(connection, filters, around, cast("CoverageMeasure", shown))
    key = f"coverage_{shown}_{filters.area}_{chosen}"
    follow_click(connection, filters, show_map(map_, key=key), key=key)


@st.fragment
def show_weekly_coverage(connection: Connection, filters: Filters) -> None:
    """Draw both coverages over the period."""
    st.subheader(_("Coverage over the period"), anchor=False)
    ways = {True: _("Since the period began"), False: _("Each week")}
    cumulative = st.segmented_control(
        _("Count"), list(ways), default=True, required=True, key="coverage_weeks",
        format_func=ways.__getitem__, label_visibility="collapsed",
    )  # fmt: skip
    weeks = read_weekly_coverage(connection, filters.period, filters.area)
    st.altair_chart(draw_weekly_coverage(weeks, cumulative=bool(cumulative)))
    said = {
        True: _(
            "Share of the registered households visited since the period began, by the end of each week."
        ),
        False: _("Households visited in each week; the first and the last week may be cut by the period."),
    }
    st.caption(said[bool(cumulative)])


main()
