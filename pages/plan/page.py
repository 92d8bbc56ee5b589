"""Weekly plan page: build, adjust, publish, print and follow whom each officer visits next week and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.plan.draft_view import offer_build, offer_draft_actions, show_officer_weeks, show_plan_verdict
from pages.plan.drafts import find_draft
from pages.plan.jobs import show_job, take_draft
from pages.plan.progress_view import show_published
from pages.plan.request import choose_request, choose_view
from pages.plan.stops_view import show_stops
from pages.queries.areas import name_heading
from pages.queries.records import open_connection, require_supervisor
from pages.text.language import N_, _, escape_markdown
from pages.widgets.sidebar import choose_filters

if TYPE_CHECKING:
    from pages.queries.filters import Filters
    from pages.queries.records import Connection


_REFUSAL = N_("Only a supervisor can plan the week: your own stops are in My area.")


def main() -> None:
    """Show the page."""
    connection = open_connection()
    require_supervisor(connection, _REFUSAL)
    filters = choose_filters(connection, with_period=False)
    st.title(_("Weekly plan"), anchor=False)
    st.caption(escape_markdown(name_heading(connection, filters.area)))
    if choose_view() == "plan":
        show_plan(connection, filters)
    else:
        show_published(connection, filters.area)


def show_plan(connection: Connection, filters: Filters) -> None:
    """Show the choices for a plan, build it, and work on the draft until it is published."""
    take_draft(connection)
    draft = find_draft(connection)
    wanted = choose_request(connection, filters.area, draft.request if draft else None)
    if wanted is None:
        return
    offer_build(connection, wanted, draft)
    is_busy = show_job(connection)
    if draft is None:
        if not is_busy:
            st.info(_("There is no draft yet: choose a week and build its plan."))
        return
    show_plan_verdict(connection, draft)
    offer_draft_actions(connection, draft)
    show_stops(connection, draft)
    show_officer_weeks(connection, draft)


main()
