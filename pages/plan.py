"""Weekly plan: whom each officer visits next week and why; built, adjusted, published, printed, followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages import (
    _filters,
    _places,
    _plan_choices,
    _plan_draft_view,
    _plan_drafts,
    _plan_follow_view,
    _plan_jobs,
    _plan_queries,
    _plan_rounds_view,
    _records,
)
from pages._texts import _, plain

if TYPE_CHECKING:
    from pages._filters import Filters
    from pages._records import Source


def main() -> None:
    """Show the page."""
    source = _records.open_source()
    _plan_queries.require_supervisor(source)
    filters = _filters.choose(source, with_period=False)
    st.title(_("Weekly plan"), anchor=False)
    st.caption(plain(_places.headline(source, filters.area)))
    if _plan_choices.choose_view() == "plan":
        show_plan(source, filters)
    else:
        _plan_follow_view.show_published(source, filters.area)


def show_plan(source: Source, filters: Filters) -> None:
    """Choose what is planned, build it, and work on the draft until it is published."""
    _plan_jobs.take_draft(source)
    draft = _plan_drafts.current(source)
    wanted = _plan_choices.choose(source, filters.area, draft.request if draft else None)
    if wanted is None:
        return
    _plan_draft_view.offer_build(source, wanted, draft)
    is_busy = _plan_jobs.show_job(source)
    if draft is None:
        if not is_busy:
            st.info(_("There is no draft yet: choose the week and build its plan."))
        return
    _plan_draft_view.show_verdict(source, draft)
    _plan_draft_view.offer_actions(source, draft)
    _plan_rounds_view.show_rounds(source, draft)
    _plan_draft_view.show_officers(source, draft)


main()
