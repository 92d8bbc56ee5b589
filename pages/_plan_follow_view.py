"""Published plans on the page: how far a week has come, its versions, what each changed, and its files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from data.plans import read_plan
from geo.routes import working_days
from pages import (
    _figures,
    _plan_choices,
    _plan_files_view,
    _plan_follow,
    _plan_jobs,
    _plan_queries,
    _rounds,
    _tables,
)
from pages._plan_files import Wanted
from pages._tables import Column
from pages._texts import _, day_and_time, ngettext, number, plain, weekday

if TYPE_CHECKING:
    from pages._records import Source

_MOST_CHANGES = 500


def show_published(source: Source, area: str) -> None:
    """Choose a week that has a plan, and show what became of it in an area."""
    versions = _plan_queries.list_versions(source, None)
    weeks = sorted(versions["week"].unique(), reverse=True)
    if not weeks:
        st.info(_("No plan is published yet: build one, look it over, and publish it."))
        return
    now = _plan_queries.list_weeks(_plan_queries.today())[0]
    if st.session_state.get("plan_followed") not in weeks:
        st.session_state["plan_followed"] = now if now in weeks else weeks[0]
    week = st.selectbox(
        _("Week"), weeks, format_func=_plan_queries.say_week, key="plan_followed", width=400
    )  # fmt: skip
    show_progress(source, week, area)
    show_versions(source, week, versions[versions["week"] == week])


def show_progress(source: Source, week: str, area: str) -> None:
    """Show what was planned and done, by officer and, for one who is picked, by household."""
    followed, elsewhere = _follow(source, week, area)
    progress = _plan_follow.measure(followed, elsewhere)
    _figures.show_plain_cards(_plan_follow.list_cards(progress), name="_followed")
    last = _plan_follow.measure(*_follow(source, _plan_queries.week_before(week), area))
    said = _plan_follow.say_week_before(last.counts["done"], last.n_planned)
    if said:
        st.markdown(plain(said))
    names = {officer.officer_id: officer.name for officer in _rounds.list_officers(source)}
    here = {*_plan_queries.name_officers(source, area), *followed["officer_id"]}
    planned = [key for key in _plan_queries.list_planned(source, week) if not area or key in here]
    rows = _plan_follow.tabulate_officers(followed, elsewhere, planned, names)
    named = _plan_queries.list_titles(source, planned)
    _plan_files_view.offer_files(named, working_days(week), Wanted(week=week, area=area), key="week")
    picked = _show_officers(rows)
    if picked is None:
        st.caption(_("Pick an officer to see the visits one by one."))
    else:
        _show_stops(source, followed[followed["officer_id"] == picked], str(rows.loc[picked, "name"]))


def _follow(source: Source, week: str, area: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read what became of a week's stops in an area, and the visits there besides."""
    followed = _plan_queries.follow(source, week, _plan_queries.today())
    elsewhere = _plan_queries.list_elsewhere(source, week)
    return _plan_follow.cut_area(followed, area), _plan_follow.cut_area(elsewhere, area)


def _show_officers(rows: pd.DataFrame) -> str | None:
    columns = [Column("name", _("Officer")), Column("planned", _("Planned"), "count")]
    columns += [
        Column(name, _(text), "count")  # the texts are marked where they stand
        for name, text in _plan_follow.STATE_NAMES.items()
    ]
    columns += [
        Column("elsewhere", _("Done elsewhere"), "count"),
        Column("share", _("Share done"), "percent"),
    ]
    place = _tables.show_table(rows, columns, key="plan_followed_table", picks=True)
    return None if place is None else str(rows.index[place])


def _show_stops(source: Source, followed: pd.DataFrame, name: str) -> None:
    st.markdown(f"**{plain(name)}**")
    told = _plan_follow.describe_stops(
        followed, _plan_queries.read_heads(source, pd.Index(followed["household_id"]))
    )
    told = told.assign(on=[weekday(day) for day in told["day"]])
    columns = [
        Column("on", _("Day")),
        Column("order", _("No."), "count"),
        Column("head", _("Head of household")),
        Column("said", _("State")),
        Column("when", _("Visited")),
        Column("note", _("Remark")),
    ]
    _tables.show_table(told, columns, key="plan_followed_stops")


def show_versions(source: Source, week: str, versions: pd.DataFrame) -> None:
    """List a week's versions; one that is picked shows its changes, its files, and can be worked on again."""
    st.subheader(_("Versions"), anchor=False)
    rows = versions.assign(
        when=[day_and_time(at) for at in versions["published_at"]],
        purpose=[_plan_choices.name_preset(preset) for preset in versions["preset"]],
    )
    columns = [
        Column("version", _("Version"), "count"),
        Column("when", _("Published")),
        Column("published_by", _("By")),
        Column("purpose", _("What visits are for")),
        Column("n_officers", _("Officers"), "count"),
        Column("n_stops", _("Visits"), "count"),
        Column("n_added", _("Added"), "count"),
        Column("n_dropped", _("Taken out"), "count"),
        Column("n_moved", _("Moved"), "count"),
        Column("note", _("Note")),
    ]
    place = _tables.show_table(rows, columns, key=f"plan_versions_{week}", picks=True)
    st.caption(_("Of each officer the last version is in force. Pick one to see what it changed."))
    if place is not None:
        _show_version(source, int(rows.index[place]), rows.iloc[place])


def _show_version(source: Source, plan_id: int, row: pd.Series) -> None:
    plan = read_plan(source.database, source.principal, plan_id)
    said = _("Version {n}").format(n=number(row["version"]))
    st.markdown(f"**{plain(said)}**")
    days = [day.date() for day in sorted(plan.stops["day"].unique())]
    _plan_files_view.offer_files(plan.officers, days, Wanted(plan_id=plan_id), key=f"version_{plan_id}")
    if st.button(
        _("Work on it again"),
        icon=":material/edit:",
        key=f"plan_again_{plan_id}",
        disabled=_plan_jobs.is_busy(source),
        help=_("Builds the week anew from today's records; households stay on their days where they can."),
    ):
        _plan_jobs.start_build(source, plan.request, plan.plan)
        st.session_state["plan.view"] = "plan"
        st.rerun()
    changes = _plan_queries.list_changes(source, plan_id)
    names = {officer.officer_id: officer.name for officer in _rounds.list_officers(source)}
    shown = changes.head(_MOST_CHANGES)
    told = _plan_follow.describe_changes(shown, _plan_queries.read_heads(source, shown.index), names)
    columns = [
        Column("head", _("Head of household")),
        Column("said", _("Change")),
        Column("before", _("Before")),
        Column("after", _("After")),
    ]
    _tables.show_table(told, columns, key=f"plan_changes_{plan_id}")
    if len(changes) > _MOST_CHANGES:
        said = ngettext("The first {n} of {all} change.", "The first {n} of {all} changes.", len(changes))
        st.caption(said.format(n=number(_MOST_CHANGES), all=number(len(changes))))
