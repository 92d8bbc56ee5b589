"""Visit evidence: visits with a flag, for a supervisor to review and decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.evidence.review_list import (
    choose_review_list,
    choose_visit,
    describe_reviews,
    list_review_cards,
    show_flags,
    show_review_list,
)
from pages.evidence.view import (
    show_decision,
    show_last_decision,
    show_officer_day,
    show_visit_facts,
    show_visit_map,
)
from pages.queries.evidence import count_reviews
from pages.queries.records import open_connection, require_supervisor
from pages.queries.reviews import list_officer_day, list_visits
from pages.text.language import N_, _, escape_markdown
from pages.widgets.cards import show_plain_cards
from pages.widgets.head import show_head
from pages.widgets.sidebar import choose_filters

if TYPE_CHECKING:
    from pages.queries.records import Connection
    from pages.queries.reviews import VisitList

_REFUSAL = N_("Only a supervisor can view the evidence for visits.")


def main() -> None:
    """Show the page."""
    connection = open_connection()
    require_supervisor(connection, _REFUSAL)
    filters = choose_filters(connection, "visits")
    show_head(connection, filters, _("Visit evidence"), "visits")
    reviews = count_reviews(connection, filters.period, filters.area)
    show_plain_cards(list_review_cards(reviews))
    st.markdown(describe_reviews(reviews))
    show_last_decision(connection)
    show_flags(reviews)
    state, flag = choose_review_list()
    listed = list_visits(connection, filters, state, flag)
    show_review_list(listed, filters)
    visit_id = choose_visit(listed)
    if visit_id is not None:
        show_visit(connection, listed, visit_id)


def show_visit(connection: Connection, listed: VisitList, visit_id: str) -> None:
    """Show a visit with its map, its officer's day and the decision form."""
    visit = listed.visits.loc[[visit_id]].iloc[0]
    its_day = list_officer_day(connection, visit)
    others = listed.visits.index[listed.visits["state"] == "open"].tolist()
    place = others.index(visit_id) + 1 if visit_id in others else len(others)
    following = others[place] if place < len(others) else None
    said, drawn = st.columns([2, 3], gap="medium")
    with said:
        show_visit_facts(connection, visit)
        show_decision(connection, visit, its_day, following)
    with drawn:
        show_visit_map(connection, visit, its_day)
    heading = escape_markdown(_("The officer's day"))
    st.markdown(f"**{heading}**")
    show_officer_day(its_day)


main()
