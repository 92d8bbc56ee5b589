"""Display of published plans: the progress of a week, its versions, their changes and their files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from data.plans import read_published_plan
from geo.routes import list_working_days
from pages.plan.files import PlanPart
from pages.plan.files_view import offer_plan_files
from pages.plan.jobs import is_busy, start_build
from pages.plan.progress import (
    STATE_NAMES,
    describe_changes,
    describe_progress,
    describe_week_before,
    list_progress_cards,
    measure_progress,
    select_area,
    tabulate_progress,
)
from pages.plan.request import name_preset
from pages.queries.officers import list_officers, name_area_officers, read_officer_titles
from pages.queries.plans import (
    describe_week,
    find_week_before,
    follow_week,
    list_changes,
    list_planned_officers,
    list_versions,
    list_weeks,
    read_head_names,
    read_unplanned_visits,
)
from pages.text.language import _, escape_markdown, format_number, format_time, format_weekday, ngettext
from pages.widgets.cards import show_plain_cards
from pages.widgets.tables import Column, show_table

if TYPE_CHECKING:
    from pages.queries.records import Connection

_MOST_CHANGES = 500


def show_published(connection: Connection, area: str) -> None:
    """Show the choice of a week with a plan, and the outcome of its plan in an area."""
    versions = list_versions(connection, None)
    weeks = sorted(versions["week"].unique(), reverse=True)
    if not weeks:
        st.info(_("No plan has been published yet: build one, review it and publish it."))
        return
    today = connection.clock.today()
    now = list_weeks(today)[0]
    if st.session_state.get("plan_followed") not in weeks:
        st.session_state["plan_followed"] = now if now in weeks else weeks[0]
    week = st.selectbox(
        _("Week"), weeks, format_func=lambda week: describe_week(week, today), key="plan_followed", width=400
    )  # fmt: skip
    show_progress(connection, week, area)
    show_versions(connection, week, versions[versions["week"] == week])


def show_progress(connection: Connection, week: str, area: str) -> None:
    """Show what was planned and done by officer and, for a selected officer, by household."""
    followed, elsewhere = _follow(connection, week, area)
    progress = measure_progress(followed, elsewhere)
    show_plain_cards(list_progress_cards(progress), name="_followed")
    last = measure_progress(*_follow(connection, find_week_before(week), area))
    said = describe_week_before(last.counts["done"], last.n_planned)
    if said:
        st.markdown(escape_markdown(said))
    names = {officer.officer_id: officer.name for officer in list_officers(connection)}
    here = {*name_area_officers(connection, area), *followed["officer_id"]}
    planned = [key for key in list_planned_officers(connection, week) if not area or key in here]
    rows = tabulate_progress(followed, elsewhere, planned, names)
    named = read_officer_titles(connection, planned)
    offer_plan_files(named, list_working_days(week), PlanPart(week=week, area=area), key="week")
    picked = _show_officers(rows)
    if picked is None:
        st.caption(_("Select an officer to see the visits one by one."))
    else:
        _show_stops(connection, followed[followed["officer_id"] == picked], str(rows.loc[picked, "name"]))


def _follow(connection: Connection, week: str, area: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read the outcomes of a week's stops in an area, and the unplanned visits there."""
    followed = follow_week(connection, week, connection.clock.today())
    elsewhere = read_unplanned_visits(connection, week)
    return select_area(followed, area), select_area(elsewhere, area)


def _show_officers(rows: pd.DataFrame) -> str | None:
    columns = [Column("name", _("Officer")), Column("planned", _("Planned"), "count")]
    columns += [
        Column(name, _(text), "count")  # the texts are marked where they are defined
        for name, text in STATE_NAMES.items()
    ]
    columns += [
        Column("elsewhere", _("Unplanned visits"), "count"),
        Column("share", _("Share done"), "percent"),
    ]
    place = show_table(rows, columns, key="plan_followed_table", picks=True)
    return None if place is None else str(rows.index[place])


def _show_stops(connection: Connection, followed: pd.DataFrame, name: str) -> None:
    st.markdown(f"**{escape_markdown(name)}**")
    told = describe_progress(followed, read_head_names(connection, pd.Index(followed["household_id"])))
    told = told.assign(on=[format_weekday(day) for day in told["day"]])
    columns = [
        Column("on", _("Day")),
        Column("order", _("No."), "count"),
        Column("head", _("Head of household")),
        Column("said", _("Status")),
        Column("when", _("Visit or attempt")),
        Column("note", _("Remark")),
    ]
    show_table(told, columns, key="plan_followed_stops")


def show_versions(connection: Connection, week: str, versions: pd.DataFrame) -> None:
    """Show a week's versions; a selected one shows its changes and files, and can be edited again."""
    st.subheader(_("Versions"), anchor=False)
    rows = versions.assign(
        when=[format_time(at) for at in versions["published_at"]],
        purpose=[name_preset(preset) for preset in versions["preset"]],
    )
    columns = [
        Column("version", _("Version"), "count"),
        Column("when", _("Published")),
        Column("published_by", _("By")),
        Column("purpose", _("Purpose of visits")),
        Column("n_officers", _("Officers"), "count"),
        Column("n_stops", _("Visits"), "count"),
        Column("n_added", _("Added"), "count"),
        Column("n_dropped", _("Removed"), "count"),
        Column("n_moved", _("Moved"), "count"),
        Column("note", _("Note")),
    ]
    place = show_table(rows, columns, key=f"plan_versions_{week}", picks=True)
    st.caption(_("The latest version is in force for each officer. Select one to see what it changed."))
    if place is not None:
        _show_version(connection, int(rows.index[place]), rows.iloc[place])


def _show_version(connection: Connection, plan_id: int, row: pd.Series) -> None:
    plan = read_published_plan(connection.database, connection.principal, plan_id)
    said = _("Version {n}").format(n=format_number(row["version"]))
    st.markdown(f"**{escape_markdown(said)}**")
    days = [day.date() for day in sorted(plan.stops["day"].unique())]
    offer_plan_files(plan.officers, days, PlanPart(plan_id=plan_id), key=f"version_{plan_id}")
    if st.button(
        _("Edit again"),
        icon=":material/edit:",
        key=f"plan_again_{plan_id}",
        disabled=is_busy(connection),
        help=_("Builds the week again from today's records; households keep their days where possible."),
    ):
        start_build(connection, plan.request, plan.plan)
        st.session_state["plan.view"] = "plan"
        st.rerun()
    changes = list_changes(connection, plan_id)
    names = {officer.officer_id: officer.name for officer in list_officers(connection)}
    shown = changes.head(_MOST_CHANGES)
    told = describe_changes(shown, read_head_names(connection, shown.index), names)
    columns = [
        Column("head", _("Head of household")),
        Column("said", _("Change")),
        Column("before", _("Before")),
        Column("after", _("After")),
    ]
    show_table(told, columns, key=f"plan_changes_{plan_id}")
    if len(changes) > _MOST_CHANGES:
        said = ngettext("The first {n} of {all} change.", "The first {n} of {all} changes.", len(changes))
        st.caption(said.format(n=format_number(_MOST_CHANGES), all=format_number(len(changes))))
