"""Display of a drafted plan: its expected effects, publishing, undoing changes, and its officers' weeks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from data.errors import DataError
from data.plans import publish_plan
from data.plans.publish import MAX_NOTE_CHARACTERS
from pages.plan.drafts import discard_draft, mark_published, open_draft, step_back
from pages.plan.edits import carry_over_changes, count_changes, is_other_request, restore_households
from pages.plan.files import PlanPart
from pages.plan.files_view import offer_plan_files
from pages.plan.jobs import is_busy, start_build, start_change
from pages.plan.verdict import (
    compare_weeks,
    describe_cut_short,
    describe_last_week,
    describe_left_out,
    describe_plan,
    describe_violations,
    list_plan_cards,
    name_plan_subjects,
    tabulate_officer_weeks,
)
from pages.queries.plans import describe_week, find_week_before, follow_week, list_versions
from pages.queries.records import open_connection
from pages.text.language import _, escape_markdown, format_number, ngettext, translate
from pages.widgets.cards import show_plain_cards
from pages.widgets.tables import Column, show_table

if TYPE_CHECKING:
    import pandas as pd

    from data.plans import WeekRequest
    from pages.plan.drafts import Draft
    from pages.queries.records import Connection

_PUBLISHED, _REFUSED = "plan.published", "plan.refused"


def offer_build(connection: Connection, wanted: WeekRequest, draft: Draft | None) -> None:
    """Show the build button, and a note if the draft no longer matches the choices."""
    busy = is_busy(connection)
    clicked = st.button(
        _("Build again") if draft else _("Build the plan"),
        type="secondary" if draft and not is_other_request(draft.request, wanted) else "primary",
        icon=":material/route:",
        key="plan_build",
        disabled=busy,
    )
    if clicked:
        request, previous = wanted, None
        if draft:
            request = carry_over_changes(draft.request, wanted)
            same = ("week", "preset", "counting")
            if all(getattr(draft.request, name) == getattr(wanted, name) for name in same):
                previous = draft.built.plan
        start_build(connection, request, previous)
        st.rerun()
    if draft and not busy and is_other_request(draft.request, wanted):
        st.caption(_("The choices differ from those of the plan below: build again to see what changes."))


def show_plan_verdict(connection: Connection, draft: Draft) -> None:
    """Show what the plan will do, what did not fit and why, and whether it meets all rules."""
    st.subheader(describe_week(draft.request.week, connection.clock.today()), anchor=False)
    show_plain_cards(list_plan_cards(draft.facts), name="_plan")
    st.markdown(escape_markdown(describe_plan(draft)))
    before = _before(connection, draft)
    last = describe_last_week(compare_weeks(draft.built.plan.stops, before))
    if last:
        st.markdown(escape_markdown(last))
    _show_shortfalls(draft)


def _show_shortfalls(draft: Draft) -> None:
    named = name_plan_subjects(draft)
    broken = describe_violations(draft.built.violations, named)
    if broken:
        st.error(escape_markdown(_("The plan breaks rules. Build it again:")), icon=":material/error:")
        _list_sentences(broken)
    else:
        st.caption(_("Checked by a second program: the plan meets every rule."))
    cut = describe_cut_short(draft.built.plan)
    if cut:
        st.caption(escape_markdown(cut))
    missing = describe_left_out(draft.built.plan, named)
    if missing:
        st.warning(escape_markdown(missing[0]), icon=":material/rule:")
    if len(missing) > 1:
        said = ngettext("{n} more that did not fit", "{n} more that did not fit", len(missing) - 1)
        with st.expander(said.format(n=format_number(len(missing) - 1))):
            _list_sentences(missing[1:])


def _list_sentences(sentences: list[str]) -> None:
    st.markdown("\n".join(f"- {escape_markdown(sentence)}" for sentence in sentences))


def offer_draft_actions(connection: Connection, draft: Draft) -> None:
    """Show the actions on a draft as a whole: publish, undo the last change, discard."""
    _describe_of_publishing()
    busy = is_busy(connection)
    with st.container(horizontal=True, key="plan_actions", vertical_alignment="center"):
        if draft.plan_id is None:
            with st.popover(_("Publish"), icon=":material/publish:", type="primary", disabled=busy):
                _offer_publishing(connection, draft)
        st.button(
            _("Undo the last change"),
            icon=":material/undo:",
            key="plan_undo",
            disabled=busy or not draft.before,
            on_click=_step_back,
            args=(connection, draft),
        )
        st.button(
            _("Discard"), icon=":material/delete:", key="plan_discard", disabled=busy,
            on_click=discard_draft, args=(connection,),
        )  # fmt: skip
    if draft.plan_id is not None:
        offer_plan_files(draft.built.week.officers, draft.built.week.problem.days,
                                     PlanPart(plan_id=draft.plan_id), key="draft")  # fmt: skip
    else:
        st.caption(
            _("Only you can see a draft. Once it is published, officers see it and sheets can be printed.")
        )
    _show_changes(connection, draft, busy=busy)


def _offer_publishing(connection: Connection, draft: Draft) -> None:
    st.markdown(
        escape_markdown(
            _(
                "From then on, the plan is in force for its officers, and My area and the field "
                "sheet show it. Earlier versions stay on record."
            )
        )
    )
    st.text_input(
        _("Note (optional)"),
        key="plan_note",
        max_chars=MAX_NOTE_CHARACTERS,
        placeholder=_("What changed and why"),
    )
    st.button(
        _("Publish now"), type="primary", key="plan_publish", on_click=_publish, args=(connection, draft)
    )  # fmt: skip


def _publish(connection: Connection, draft: Draft) -> None:
    note = st.session_state.get("plan_note", "")
    try:
        plan_id = publish_plan(connection.database, connection.principal, draft.built, note=note)
    except DataError as error:
        st.session_state[_REFUSED] = translate(error)
        return
    mark_published(connection, draft, plan_id)
    fresh = open_connection(connection.principal)
    versions = list_versions(fresh, draft.request.week)["version"]
    st.session_state[_PUBLISHED] = format_number(int(versions[plan_id]))


def _describe_of_publishing() -> None:
    refused, version = (st.session_state.pop(key, None) for key in (_REFUSED, _PUBLISHED))
    if refused:
        st.error(escape_markdown(refused), icon=":material/error:")
    if version:
        said = _("Published as version {n}: officers can see it from now on.").format(n=version)
        st.success(escape_markdown(said), icon=":material/check_circle:")


def _step_back(connection: Connection, draft: Draft) -> None:
    open_draft(connection, step_back(draft))


def _show_changes(connection: Connection, draft: Draft, *, busy: bool) -> None:
    """List the manual changes, and offer to put back removed households."""
    request, homes = draft.request, draft.base.homes
    n = count_changes(request)
    if not n:
        return
    said = ngettext("{n} household changed manually", "{n} households changed manually", n)
    with st.expander(said.format(n=format_number(n)), icon=":material/edit:"):
        counts = _("Locked to a day: {locks}. Requested: {must}. Removed: {dropped}.").format(
            locks=format_number(len(request.locks)),
            must=format_number(len(request.must)),
            dropped=format_number(len(request.dropped)),
        )
        st.markdown(escape_markdown(counts))
        if request.dropped:
            heads = homes["head_name"].reindex(sorted(request.dropped)).fillna("")
            names = {str(key): str(head) for key, head in heads.items()}
            back = st.multiselect(
                _("Removed"),
                list(names),
                format_func=lambda key: f"{names[key]} · {key}",
                placeholder=_("Choose households to put back"),
                key=f"plan_back_{draft.token}_{len(draft.before)}",
            )
            if st.button(_("Put back"), disabled=busy or not back, key="plan_put_back"):
                start_change(connection, draft, restore_households(request, back))
                st.rerun()


def show_officer_weeks(connection: Connection, draft: Draft) -> None:
    """Show each officer's week next to the outcome of the previous one."""
    st.subheader(_("Officers"), anchor=False)
    columns = [
        Column("name", _("Officer")),
        Column("n_visits", _("Visits"), "count"),
        Column("n_days", _("Days"), "count"),
        Column("distance_km", _("Travel, km"), "decimal"),
        Column("hours", _("Hours"), "decimal", _("Time away from the post, including visits.")),
    ]
    before = _before(connection, draft)
    if len(before):
        said = _("In the plan in force in the previous week.")
        columns.append(Column("planned", _("Planned the previous week"), "count", said))
        columns.append(Column("done", _("Of which done"), "count"))
    rows = tabulate_officer_weeks(draft, before)
    show_table(rows, columns, key="plan_officers_table")


def _before(connection: Connection, draft: Draft) -> pd.DataFrame:
    week = find_week_before(draft.request.week)
    return follow_week(connection, week, connection.clock.today())
