"""The figures of the Coverage page, each with its change, and a sentence on what they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.queries.evidence import count_reviews
from pages.queries.spans import find_period_before
from pages.queries.visits import read_coverage
from pages.widgets.captions import describe_attempts, describe_both_coverages, describe_shares
from pages.widgets.cards import (
    make_coverage_card,
    make_evidence_card,
    make_never_card,
    make_review_card,
    show_cards,
)

if TYPE_CHECKING:
    import pandas as pd

    from pages.queries.filters import Filters
    from pages.queries.records import Connection
    from pages.queries.visits import Coverage


def show_coverage_figures(
    connection: Connection, filters: Filters, areas: pd.DataFrame, now: Coverage, n_visits: int
) -> None:
    """Show the figures of the period, compared with the period before.

    Parameters
    ----------
    connection, filters
        What the page shows.
    areas
        The villages of the filters' area.
    now
        Coverage of these villages in the filters' period.
    n_visits
        Visits of the area in that period.
    """
    before = find_period_before(connection, filters, "visits")
    earlier = read_coverage(connection, areas, before) if before else None
    reviews = count_reviews(connection, filters.period, filters.area)
    reviews_before = count_reviews(connection, before, filters.area) if before else None
    cards = [
        make_coverage_card(now, earlier),
        make_evidence_card(now, earlier),
        make_never_card(now, earlier),
        make_review_card(reviews, reviews_before),
    ]
    show_cards(cards, filters, describe_shares(now.n_households, n_visits))
    said = [describe_both_coverages(now), describe_attempts(now.n_attempts)]
    st.markdown(" ".join(filter(None, said)))
