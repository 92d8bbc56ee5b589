"""A drafted plan on the page: what it will do, publishing it, taking it back, and its officers' weeks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from data.errors import DataError
from data.plans import publish_plan
from data.plans.publishing import LONGEST_NOTE
from pages import (
    _figures,
    _plan_drafts,
    _plan_files_view,
    _plan_jobs,
    _plan_queries,
    _plan_verdict,
    _records,
    _tables,
)
from pages._plan_edits import carry_over, count_changes, differs, put_back
from pages._plan_files import Wanted
from pages._tables import Column
from pages._texts import _, ngettext, number, plain, say

if TYPE_CHECKING:
    import pandas as pd

    from data.plans import WeekRequest
    from pages._plan_drafts import Draft
    from pages._records import Source

_PUBLISHED, _REFUSED = "plan.published", "plan.refused"


def offer_build(source: Source, wanted: WeekRequest, draft: Draft | None) -> None:
    """Draw the button that builds, and say where a draft is not of these choices any more."""
    busy = _plan_jobs.is_busy(source)
    clicked = st.button(
        _("Build again") if draft else _("Build the plan"),
        type="secondary" if draft and not differs(draft.request, wanted) else "primary",
        icon=":material/route:",
        key="plan_build",
        disabled=busy,
    )
    if clicked:
        request, previous = wanted, None
        if draft:
            request = carry_over(draft.request, wanted)
            same = ("week", "preset", "counting")
            if all(getattr(draft.request, name) == getattr(wanted, name) for name in same):
                previous = draft.built.plan
        _plan_jobs.start_build(source, request, previous)
        st.rerun()
    if draft and not busy and differs(draft.request, wanted):
        st.caption(_("The choices are others than those of the plan below: build again to see what changes."))


def show_verdict(source: Source, draft: Draft) -> None:
    """Say what the plan will do, what not and why, and whether it keeps its rules."""
    st.subheader(_plan_queries.say_week(draft.request.week), anchor=False)
    _figures.show_plain_cards(_plan_verdict.list_cards(draft.facts), name="_plan")
    st.markdown(plain(_plan_verdict.say_verdict(draft)))
    before = _before(source, draft)
    last = _plan_verdict.say_last_week(_plan_verdict.compare_weeks(draft.built.plan.stops, before))
    if last:
        st.markdown(plain(last))
    _show_shortfalls(draft)


def _show_shortfalls(draft: Draft) -> None:
    named = _plan_verdict.name_all(draft)
    broken = _plan_verdict.say_check(draft.built.violations, named)
    if broken:
        st.error(plain(_("The plan breaks rules, build it again:")), icon=":material/error:")
        _list_sentences(broken)
    else:
        st.caption(_("Checked by a second program: the plan keeps every rule."))
    cut = _plan_verdict.say_cut_short(draft.built.plan)
    if cut:
        st.caption(plain(cut))
    missing = _plan_verdict.say_left_out(draft.built.plan, named)
    if missing:
        st.warning(plain(missing[0]), icon=":material/rule:")
    if len(missing) > 1:
        said = ngettext("{n} more that did not fit", "{n} more that did not fit", len(missing) - 1)
        with st.expander(said.format(n=number(len(missing) - 1))):
            _list_sentences(missing[1:])


def _list_sentences(sentences: list[str]) -> None:
    st.markdown("\n".join(f"- {plain(sentence)}" for sentence in sentences))


def offer_actions(source: Source, draft: Draft) -> None:
    """Draw what can be done with a draft as a whole: publish it, take a step back, let it go."""
    _tell_of_publishing()
    busy = _plan_jobs.is_busy(source)
    with st.container(horizontal=True, key="plan_actions", vertical_alignment="center"):
        if draft.plan_id is None:
            with st.popover(_("Publish"), icon=":material/publish:", type="primary", disabled=busy):
                _offer_publishing(source, draft)
        st.button(
            _("Undo the last change"),
            icon=":material/undo:",
            key="plan_undo",
            disabled=busy or not draft.before,
            on_click=_step_back,
            args=(source, draft),
        )
        st.button(
            _("Discard"), icon=":material/delete:", key="plan_discard", disabled=busy,
            on_click=_plan_drafts.discard, args=(source,),
        )  # fmt: skip
    if draft.plan_id is not None:
        _plan_files_view.offer_files(draft.built.week.officers, draft.built.week.problem.days,
                                     Wanted(plan_id=draft.plan_id), key="draft")  # fmt: skip
    else:
        st.caption(
            _("A draft is yours alone: officers see it, and sheets are printed, once it is published.")
        )
    _show_changes(source, draft, busy=busy)


def _offer_publishing(source: Source, draft: Draft) -> None:
    st.markdown(
        plain(
            _(
                "From then on the plan is in force for its officers: My area and the field sheet show it. "
                "Earlier versions stay on record."
            )
        )
    )
    st.text_input(
        _("Note (may stay empty)"),
        key="plan_note",
        max_chars=LONGEST_NOTE,
        placeholder=_("What changed, and why"),
    )
    st.button(
        _("Publish now"), type="primary", key="plan_publish", on_click=_publish, args=(source, draft)
    )  # fmt: skip


def _publish(source: Source, draft: Draft) -> None:
    note = st.session_state.get("plan_note", "")
    try:
        plan_id = publish_plan(source.database, source.principal, draft.built, note=note)
    except DataError as error:
        st.session_state[_REFUSED] = say(error)
        return
    _plan_drafts.mark_published(source, draft, plan_id)
    fresh = _records.open_source(source.principal)
    versions = _plan_queries.list_versions(fresh, draft.request.week)["version"]
    st.session_state[_PUBLISHED] = number(int(versions[plan_id]))


def _tell_of_publishing() -> None:
    refused, version = (st.session_state.pop(key, None) for key in (_REFUSED, _PUBLISHED))
    if refused:
        st.error(plain(refused), icon=":material/error:")
    if version:
        said = _("Published as version {n}: officers see it from now on.").format(n=version)
        st.success(plain(said), icon=":material/check_circle:")


def _step_back(source: Source, draft: Draft) -> None:
    _plan_drafts.open_draft(source, _plan_drafts.step_back(draft))


def _show_changes(source: Source, draft: Draft, *, busy: bool) -> None:
    """List what a person changed, and offer to put back what was taken out."""
    request, homes = draft.request, draft.base.homes
    n = count_changes(request)
    if not n:
        return
    said = ngettext("{n} household changed by hand", "{n} households changed by hand", n)
    with st.expander(said.format(n=number(n)), icon=":material/edit:"):
        counts = _("Held on a day: {locks}. Asked for: {must}. Taken out: {dropped}.").format(
            locks=number(len(request.locks)),
            must=number(len(request.must)),
            dropped=number(len(request.dropped)),
        )
        st.markdown(plain(counts))
        if request.dropped:
            heads = homes["head_name"].reindex(sorted(request.dropped)).fillna("")
            names = {str(key): str(head) for key, head in heads.items()}
            back = st.multiselect(
                _("Taken out"),
                list(names),
                format_func=lambda key: f"{names[key]} · {key}",
                placeholder=_("Choose whom to put back"),
                key=f"plan_back_{draft.token}_{len(draft.before)}",
            )
            if st.button(_("Put back"), disabled=busy or not back, key="plan_put_back"):
                _plan_jobs.start_change(source, draft, put_back(request, back))
                st.rerun()


def show_officers(source: Source, draft: Draft) -> None:
    """Show each officer's week beside what became of the one before."""
    st.subheader(_("Officers"), anchor=False)
    columns = [
        Column("name", _("Officer")),
        Column("n_visits", _("Visits"), "count"),
        Column("n_days", _("Days"), "count"),
        Column("distance_km", _("Way, km"), "decimal"),
        Column("hours", _("Hours"), "decimal", _("Away from the post, visits included.")),
    ]
    before = _before(source, draft)
    if len(before):
        said = _("In the plan in force of the week before.")
        columns.append(Column("planned", _("Planned the week before"), "count", said))
        columns.append(Column("done", _("Done of it"), "count"))
    rows = _plan_verdict.tabulate_officers(draft, before)
    _tables.show_table(rows, columns, key="plan_officers_table")


def _before(source: Source, draft: Draft) -> pd.DataFrame:
    week = _plan_queries.week_before(draft.request.week)
    return _plan_queries.follow(source, week, _plan_queries.today())
