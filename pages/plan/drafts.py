"""Drafts of weekly plans: unpublished plans that a supervisor works on, visible only to that user.

A draft is kept in the server's memory, never in the database: it survives a reload of the page, but not a
restart of the server.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

import streamlit as st

from data.plans.build import BuiltPlan, describe_stops
from data.plans.revise import apply_request_changes
from geo.routes import summarise_officers, summarise_plan, summarise_villages

if TYPE_CHECKING:
    import pandas as pd

    from data.plans import PlanWeek, WeekRequest
    from data.principal import Principal
    from geo.routes import Plan, Violation
    from geo.routes.summary import PlanFacts
    from pages.queries.records import Connection

MOST_DRAFTS = 8
"""Maximum number of drafts kept, the most recently used; one of a regency takes about 100 MB."""
MOST_STEPS_BACK = 20
_TOKEN = "plan.token"  # noqa: S105 - a key of the session


class Step(NamedTuple):
    """An earlier state of a draft."""

    request: WeekRequest
    plan: Plan
    violations: tuple[Violation, ...]


@dataclass(frozen=True)
class Draft:
    """A plan in progress.

    Attributes
    ----------
    token, owner
        Identifier of the draft, and its user.
    base
        The week without manual changes to single households.
    built
        The plan.
    facts, officers, villages
        Summaries of the plan from ``geo.routes.summarise_plan``, ``…_officers`` and ``…_villages``.
    before
        Earlier states, the newest last.
    plan_id
        The version as which it was published, unless it has changed since.
    """

    token: str
    owner: Principal
    base: PlanWeek
    built: BuiltPlan
    facts: PlanFacts
    officers: pd.DataFrame
    villages: pd.DataFrame
    before: tuple[Step, ...] = ()
    plan_id: int | None = None

    @property
    def request(self) -> WeekRequest:
        """Request for which the plan was built."""
        return self.built.week.request


class Shelf:
    """Recently used drafts by token."""

    def __init__(self) -> None:
        self._drafts: OrderedDict[str, Draft] = OrderedDict()
        self._lock = Lock()

    def put(self, draft: Draft) -> Draft:
        """Keep a draft, replacing any with the same token."""
        with self._lock:
            self._drafts[draft.token] = draft
            self._drafts.move_to_end(draft.token)
            while len(self._drafts) > MOST_DRAFTS:
                self._drafts.popitem(last=False)
        return draft

    def drop(self, token: str) -> None:
        """Discard a draft."""
        with self._lock:
            self._drafts.pop(token, None)

    def find(self, token: str, owner: Principal) -> Draft | None:
        """Find a draft of a user."""
        with self._lock:
            draft = self._drafts.get(token)
        return draft if draft is not None and draft.owner == owner else None

    def last(self, owner: Principal) -> Draft | None:
        """Find the most recently used draft of a user."""
        with self._lock:
            mine = [draft for draft in self._drafts.values() if draft.owner == owner]
        return mine[-1] if mine else None


def find_shelf(connection: Connection) -> Shelf:
    """Return the drafts made from a database."""
    return _shelf(connection.database.url.render_as_string())


@st.cache_resource(show_spinner=False)
def _shelf(_url: str) -> Shelf:
    return Shelf()


def make_draft(owner: Principal, base: PlanWeek, built: BuiltPlan) -> Draft:
    """Make a draft of a built plan, with its summaries."""
    return Draft(secrets.token_urlsafe(18), owner, base, built, *_sum_up(base, built))


def change_draft(draft: Draft, built: BuiltPlan) -> Draft:
    """Replace the plan of a draft, keeping the previous one as a step."""
    last = Step(draft.request, draft.built.plan, draft.built.violations)
    before = (*draft.before, last)[-MOST_STEPS_BACK:]
    return _put(replace(draft, before=before), built)


def step_back(draft: Draft) -> Draft:
    """Return a draft as it was before its last change."""
    *before, last = draft.before
    week = apply_request_changes(draft.base, last.request)
    built = BuiltPlan(week, last.plan, last.violations, describe_stops(week, last.plan))
    return _put(replace(draft, before=tuple(before)), built)


def _put(draft: Draft, built: BuiltPlan) -> Draft:
    facts, officers, villages = _sum_up(draft.base, built)
    return replace(draft, built=built, facts=facts, officers=officers, villages=villages, plan_id=None)


def _sum_up(base: PlanWeek, built: BuiltPlan) -> tuple[PlanFacts, pd.DataFrame, pd.DataFrame]:
    """Summarise a plan; removed households still count as households."""
    problem, plan = built.week.problem, built.plan
    facts = summarise_plan(base.problem, plan, base.prizes)
    return facts, summarise_officers(problem, plan), summarise_villages(problem, plan)


def find_draft(connection: Connection) -> Draft | None:
    """Return the session's draft; a new session continues with the user's last one."""
    shelf = find_shelf(connection)
    token = st.session_state.get(_TOKEN)
    draft = shelf.last(connection.principal) if token is None else shelf.find(token, connection.principal)
    st.session_state[_TOKEN] = draft.token if draft else ""
    return draft


def open_draft(connection: Connection, draft: Draft) -> None:
    """Keep a draft and make it the session's draft."""
    find_shelf(connection).put(draft)
    st.session_state[_TOKEN] = draft.token


def discard_draft(connection: Connection) -> None:
    """Discard the session's draft."""
    find_shelf(connection).drop(st.session_state.get(_TOKEN, ""))
    st.session_state[_TOKEN] = ""


def mark_published(connection: Connection, draft: Draft, plan_id: int) -> None:
    """Record that a draft is published in its present state."""
    open_draft(connection, replace(draft, plan_id=plan_id))
