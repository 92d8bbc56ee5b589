"""Visit evidence: visits that raise a question, for a supervisor to look at and to decide about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from geo.evidence import FLAGS
from pages import _evidence, _figures, _filters, _reasons, _records, _review_views, _reviews, _tables
from pages._figures import Card
from pages._map import show_map
from pages._tables import Column
from pages._texts import MISSING, _, day_and_time, number, plain

if TYPE_CHECKING:
    from pages._evidence import Reviews
    from pages._filters import Filters
    from pages._records import Source
    from pages._reviews import Listed


_MAP_HEIGHT = 440


def main() -> None:
    """Show the page."""
    source = _records.open_source()
    _reviews.require_supervisor(source)
    filters = _filters.choose(source)
    _figures.show_head(source, filters, _("Visit evidence"), "visits")
    reviews = _evidence.count_reviews(source, filters.window, filters.area)
    _figures.show_plain_cards(list_cards(reviews))
    st.markdown(
        _(
            "These visits raise a question that the GPS record cannot answer. A question is no verdict: the "
            "visit stays reported, and counts as evidence once a supervisor accepts it."
        )
    )
    _review_views.say_done(source)
    show_reasons(reviews)
    state, flag = choose_list()
    listed = _reviews.list_visits(source, filters, state, flag)
    show_list(listed, filters)
    visit_id = choose_visit(listed)
    if visit_id is not None:
        show_visit(source, listed, visit_id)


def list_cards(reviews: Reviews) -> list[Card]:
    """Give the figures of the page."""
    return [
        Card(_("Reported visits"), number(reviews.n_visits)),
        Card(_("Visits that need a look"), number(reviews.n_open)),
        Card(_("Accepted"), number(reviews.n_accepted)),
        Card(_("Set aside"), number(reviews.n_set_aside)),
    ]


def show_reasons(reviews: Reviews) -> None:
    """List the questions with how many visits raise each; one visit may raise several."""
    st.table(
        pd.DataFrame(
            {
                _("Reason"): [plain(_reasons.name(flag)) for flag in reviews.reasons.index],
                _("Needs a look"): reviews.reasons["n_open"].map(number),
                _("All"): reviews.reasons["n_visits"].map(number),
                _("Question"): [plain(_reasons.question(flag)) for flag in reviews.reasons.index],
            }
        ).set_index(_("Reason")),
        border="horizontal",
    )
    st.caption(_("A visit can raise several questions, so the counts add up to more than the visits."))


def choose_list() -> tuple[str, str | None]:
    """Draw the choice of what to list: open or decided visits, of one reason or of any."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        state = st.segmented_control(
            _("List"), _reviews.STATES, default="open", required=True, key="evidence_state",
            format_func=_reasons.state,
        )  # fmt: skip
        flag = st.selectbox(
            _("Reason"), [None, *FLAGS], key="evidence_flag", width=360,
            format_func=lambda name: _reasons.name(name) if name else _("All reasons"),
        )  # fmt: skip
    return str(state), flag


def show_list(listed: Listed, filters: Filters) -> None:
    """List visits, the latest first; a row that is picked is the one looked at."""
    columns = [
        Column("visited_at", _("Recorded"), "moment"),
        Column("village", _("Village")),
        Column("household_id", _("Household number")),
        Column("distance_m", _("Distance, m"), "count", _("From the fix to the household.")),
        Column("reasons", _("Needs a look because")),
        Column("officer", _("Officer")),
    ]
    key = f"evidence_list_{filters.area}_{listed.n_all}"
    picked = _tables.show_table(listed.visits, columns, key=key, picks=True)
    if len(listed.visits) < listed.n_all:
        st.caption(
            _(
                "The latest {n} of {all} visits are listed; a shorter period or a smaller area shows others."
            ).format(n=number(len(listed.visits)), all=number(listed.n_all))
        )
    if picked is not None and st.session_state.get("evidence.picked") != (key, picked):
        st.session_state[_review_views.CHOSEN] = str(listed.visits.index[picked])
    st.session_state["evidence.picked"] = None if picked is None else (key, picked)


def choose_visit(listed: Listed) -> str | None:
    """Draw the choice of the visit to look at."""
    labels = {
        str(label): f"{day_and_time(at)} · {village} · {label}"
        for label, at, village in zip(
            listed.visits.index,
            listed.visits["visited_at"],
            listed.visits["village"].fillna(MISSING),
            strict=True,
        )
    }
    if st.session_state.get(_review_views.CHOSEN) not in labels:
        st.session_state[_review_views.CHOSEN] = None
    st.subheader(_("Look at a visit"), anchor=False)
    chosen = st.selectbox(
        _("Visit"), list(labels), index=None, key=_review_views.CHOSEN, format_func=labels.__getitem__,
        placeholder=_("Pick a row above, or choose here"), label_visibility="collapsed",
    )  # fmt: skip
    return None if chosen is None else str(chosen)


def show_visit(source: Source, listed: Listed, visit_id: str) -> None:
    """Show a visit with its map and its officer's day, and let it be decided."""
    visit = listed.visits.loc[[visit_id]].iloc[0]
    its_day = _reviews.list_day(source, visit)
    others = listed.visits.index[listed.visits["state"] == "open"].tolist()
    place = others.index(visit_id) + 1 if visit_id in others else len(others)
    following = others[place] if place < len(others) else None
    said, drawn = st.columns([2, 3], gap="medium")
    with said:
        _review_views.show_facts(source, visit)
        _review_views.show_decision(source, visit, its_day, following)
    with drawn:
        show_place(source, visit, its_day)
    heading = plain(_("The officer's day"))
    st.markdown(f"**{heading}**")
    _review_views.show_day(its_day)


@st.fragment
def show_place(source: Source, visit: pd.Series, its_day: pd.DataFrame) -> None:
    """Draw the visit; a click on the map runs no more than this."""
    show_map(
        _review_views.draw_visit(source, visit, its_day), key=f"evidence_{visit.name}", height=_MAP_HEIGHT
    )


main()
