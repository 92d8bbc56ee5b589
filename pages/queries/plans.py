"""Queries of the Weekly plan page: officers, weeks, versions and progress."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import streamlit as st

from data import repository
from data.plans import (
    follow_plan,
    list_unplanned_visits,
    read_current_officers,
    read_plan_changes,
    read_plan_versions,
)
from data.plans.officer_week import name_week
from geo.routes import list_holidays, list_week_days
from pages.queries.records import CACHE_TTL, hash_by_version
from pages.text.language import _, format_day, format_number

if TYPE_CHECKING:
    import pandas as pd

    from pages.queries.records import Connection

WEEKS_AHEAD = 6
"""Number of weeks after the current one that can be planned."""
_PLANS = ("plans", "visits", "households", "boundaries")


def list_weeks(moment: date) -> list[str]:
    """List the weeks that can be planned, starting with the week of a day.

    Examples
    --------
    >>> list_weeks(date(2026, 12, 28))[:2]
    ['2026-W53', '2027-W01']
    """
    return [name_week(moment + timedelta(weeks=n)) for n in range(WEEKS_AHEAD + 1)]


def find_week_before(week: str) -> str:
    """Return the week before a week.

    Examples
    --------
    >>> find_week_before("2027-W01")
    '2026-W53'
    """
    return name_week(list_week_days(week)[0] - timedelta(weeks=1))


def describe_week(week: str, today: date) -> str:
    """Describe a week and its days: *Week 49 · 30 Nov to 6 Dec 2026 (next week)*."""
    days = list_week_days(week)
    said = _("Week {n} · {first} to {last}").format(
        n=format_number(int(week[-2:])), first=format_day(days[0], short=True), last=format_day(days[-1])
    )
    near = dict(zip(list_weeks(today), (_("this week"), _("next week")), strict=False))
    return f"{said} ({near[week]})" if week in near else said


def name_holidays(week: str) -> list[str]:
    """List the public holidays of a week, each with its day."""
    days = list_week_days(week)
    return [
        f"{name} ({format_day(off, short=True)})" for off, name in list_holidays(days[0], days[-1]).items()
    ]


@st.cache_data(max_entries=32, ttl=CACHE_TTL, show_spinner=False, hash_funcs=hash_by_version(*_PLANS))
def list_versions(connection: Connection, week: str | None) -> pd.DataFrame:
    """List the published plans of a week, or of all, the newest first."""
    return read_plan_versions(connection.database, connection.principal, week=week)


@st.cache_data(max_entries=16, ttl=CACHE_TTL, show_spinner=False, hash_funcs=hash_by_version(*_PLANS))
def list_changes(connection: Connection, plan_id: int) -> pd.DataFrame:
    """List the changes of a version."""
    return read_plan_changes(connection.database, connection.principal, plan_id)


@st.cache_data(max_entries=16, ttl=CACHE_TTL, show_spinner=False, hash_funcs=hash_by_version(*_PLANS))
def follow_week(connection: Connection, week: str, today: date) -> pd.DataFrame:
    """Read the outcome of each stop of a week, as of a day."""
    return follow_plan(connection.database, connection.principal, week=week, today=today)


@st.cache_data(max_entries=16, ttl=CACHE_TTL, show_spinner=False, hash_funcs=hash_by_version(*_PLANS))
def read_unplanned_visits(connection: Connection, week: str) -> pd.DataFrame:
    """List visits of a week's officers to unplanned households."""
    return list_unplanned_visits(connection.database, connection.principal, week=week)


@st.cache_data(max_entries=16, ttl=CACHE_TTL, show_spinner=False, hash_funcs=hash_by_version(*_PLANS))
def list_planned_officers(connection: Connection, week: str) -> list[str]:
    """List the officers who have a published plan in a week."""
    return sorted(read_current_officers(connection.database, connection.principal, week=week).index)


def read_head_names(connection: Connection, households: pd.Index) -> pd.Series:
    """Read the names of heads of households, by household number; personal, so never cached."""
    frame = repository.read_households(connection.database, connection.principal, personal=True)
    return frame["head_name"].reindex(households)
