"""The lists of the Visit evidence page: its figures, the flags raised, the visits to choose from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from geo.evidence import FLAGS
from pages.evidence.view import CHOSEN
from pages.queries.reviews import STATES
from pages.text.flags import describe_flag, name_decision, name_flag
from pages.text.language import MISSING, _, escape_markdown, format_number, format_time, ngettext
from pages.widgets.cards import Card, make_attempts_card
from pages.widgets.tables import Column, show_table

if TYPE_CHECKING:
    from pages.queries.evidence import ReviewCounts
    from pages.queries.filters import Filters
    from pages.queries.reviews import VisitList


def list_review_cards(reviews: ReviewCounts) -> list[Card]:
    """List the cards with the page's figures."""
    return [
        Card(_("Reported visits"), format_number(reviews.n_visits)),
        make_attempts_card(reviews.n_attempts),
        Card(_("Visits to review"), format_number(reviews.n_open)),
        Card(_("Accepted"), format_number(reviews.n_accepted)),
        Card(_("Set aside"), format_number(reviews.n_set_aside)),
    ]


def describe_reviews(reviews: ReviewCounts) -> str:
    """Describe what is to be decided, and what accepting a visit does.

    Only a visit with a known distance to its household counts as evidence once it is accepted.
    """
    if not reviews.n_open:
        return _("No visit of this area and period waits for a decision.")
    said = _(
        "These visits raise a question that the GPS record cannot answer. A question is not a verdict: the "
        "visit stays reported."
    )
    n_known = reviews.n_open - reviews.n_without_distance
    if n_known == reviews.n_open:
        said += " " + _("It counts as evidence once a supervisor accepts it.")
    elif n_known:
        said += " " + _("A visit with a known distance counts as evidence once a supervisor accepts it.")
    if reviews.n_without_distance:
        said += " " + ngettext(
            "For {n} visit the distance to the household is unknown: accepting it settles the question, but "
            "it does not count as evidence.",
            "For {n} visits the distance to the household is unknown: accepting them settles the question, "
            "but they do not count as evidence.",
            reviews.n_without_distance,
        ).format(n=format_number(reviews.n_without_distance))
    return said


def show_flags(reviews: ReviewCounts) -> None:
    """List the flags with the number of visits that raise each; a visit may raise several."""
    st.table(
        pd.DataFrame(
            {
                _("Reason"): [escape_markdown(name_flag(flag)) for flag in reviews.reasons.index],
                _("To review"): reviews.reasons["n_open"].map(format_number),
                _("All"): reviews.reasons["n_records"].map(format_number),
                _("Question"): [escape_markdown(describe_flag(flag)) for flag in reviews.reasons.index],
            }
        ).set_index(_("Reason")),
        border="horizontal",
    )
    st.caption(
        _("One visit can raise several questions, so the counts add up to more than the number of visits.")
    )


def choose_review_list() -> tuple[str, str | None]:
    """Draw the choice of what to list: open or decided visits, with one flag or any."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        state = st.segmented_control(
            _("List"), STATES, default="open", required=True, key="evidence_state",
            format_func=name_decision,
        )  # fmt: skip
        flag = st.selectbox(
            _("Reason"), [None, *FLAGS], key="evidence_flag", width=360,
            format_func=lambda name: name_flag(name) if name else _("All reasons"),
        )  # fmt: skip
    return str(state), flag


def show_review_list(listed: VisitList, filters: Filters) -> None:
    """List visits, the latest first; the picked row is the visit under review."""
    columns = [
        Column("visited_at", _("Recorded"), "moment"),
        Column("village", _("Village")),
        Column("household_id", _("Household number")),
        Column("distance_m", _("Distance, m"), "count", _("From the GPS position to the household.")),
        Column("reasons", _("Reasons for review")),
        Column("officer", _("Officer")),
    ]
    key = f"evidence_list_{filters.area}_{listed.n_all}"
    picked = show_table(listed.visits, columns, key=key, picks=True)
    if len(listed.visits) < listed.n_all:
        st.caption(
            _(
                "The latest {n} of {all} visits are listed. Choose a shorter period or a smaller "
                "area to see others."
            ).format(n=format_number(len(listed.visits)), all=format_number(listed.n_all))
        )
    if picked is not None and st.session_state.get("evidence.picked") != (key, picked):
        st.session_state[CHOSEN] = str(listed.visits.index[picked])
    st.session_state["evidence.picked"] = None if picked is None else (key, picked)


def choose_visit(listed: VisitList) -> str | None:
    """Draw the choice of the visit to review."""
    labels = {
        str(label): f"{format_time(at)} · {village} · {label}"
        for label, at, village in zip(
            listed.visits.index,
            listed.visits["visited_at"],
            listed.visits["village"].fillna(MISSING),
            strict=True,
        )
    }
    if st.session_state.get(CHOSEN) not in labels:
        st.session_state[CHOSEN] = None
    st.subheader(_("Visit details"), anchor=False)
    chosen = st.selectbox(
        _("Visit"), list(labels), index=None, key=CHOSEN, format_func=labels.__getitem__,
        placeholder=_("Select a row above, or choose here"), label_visibility="collapsed",
    )  # fmt: skip
    return None if chosen is None else str(chosen)
