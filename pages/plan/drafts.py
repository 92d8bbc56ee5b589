"""Drafts of weekly plans: what a supervisor works on before it is published, kept for this user alone.

A draft lives in the memory of the server, never in the database: it outlasts a page that is loaded anew, but
not the server.
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
"""Drafts that are kept at once, the last used; a regency's takes some 100 MB."""
MOST_STEPS_BACK = 20
_TOKEN = "plan.token"  # noqa: S105 - a key of the session


class Step(NamedTuple):
    """A former state of a draft."""

    request: WeekRequest
    plan: Plan
    violations: tuple[Violation, ...]


@dataclass(frozen=True)
class Draft:
    """A plan that is being worked on.

    Attributes
    ----------
    token, owner
        Which it is, and whose.
    base
        The week without what a person changed household by household.
    built
        The plan.
    facts, officers, villages
        What it comes to, as ``geo.routes.summarise_plan``, ``…_officers`` and ``…_villages`` tell.
    before
        Former states, the newest last.
    plan_id
        The version that it was published as, unless it has changed since.
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
        """What is asked for."""
        return self.built.week.request


class Shelf:
    """Drafts by token, those used last."""

    def __init__(self) -> None:
        self._drafts: OrderedDict[str, Draft] = OrderedDict()
        self._lock = Lock()

    def put(self, draft: Draft) -> Draft:
        """Keep a draft, in the place of what had its token."""
        with self._lock:
            self._drafts[draft.token] = draft
            self._drafts.move_to_end(draft.token)
            while len(self._drafts) > MOST_DRAFTS:
                self._drafts.popitem(last=False)
        return draft

    def drop(self, token: str) -> None:
        """Let go of a draft."""
        with self._lock:
            self._drafts.pop(token, None)

    def find(self, token: str, owner: Principal) -> Draft | None:
        """Find a draft of a user."""
        with self._lock:
            draft = self._drafts.get(token)
        return draft if draft is not None and draft.owner == owner else None

    def last(self, owner: Principal) -> Draft | None:
        """Find the draft that a user worked on last."""
        with self._lock:
            mine = [draft for draft in self._drafts.values() if draft.owner == owner]
        return mine[-1] if mine else None


def find_shelf(connection: Connection) -> Shelf:
    """Give the drafts that were made from a database."""
    return _shelf(connection.database.url.render_as_string())


@st.cache_resource(show_spinner=False)
def _shelf(_url: str) -> Shelf:
    return Shelf()


def make_draft(owner: Principal, base: PlanWeek, built: BuiltPlan) -> Draft:
    """Make a draft of a built plan, with what it comes to."""
    return Draft(secrets.token_urlsafe(18), owner, base, built, *_sum_up(base, built))


def change_draft(draft: Draft, built: BuiltPlan) -> Draft:
    """Put a changed plan into a draft, which remembers the one before."""
    last = Step(draft.request, draft.built.plan, draft.built.violations)
    before = (*draft.before, last)[-MOST_STEPS_BACK:]
    return _put(replace(draft, before=before), built)


def step_back(draft: Draft) -> Draft:
    """Give a draft as it was before its last change."""
    *before, last = draft.before
    week = apply_request_changes(draft.base, last.request)
    built = BuiltPlan(week, last.plan, last.violations, describe_stops(week, last.plan))
    return _put(replace(draft, before=tuple(before)), built)


def _put(draft: Draft, built: BuiltPlan) -> Draft:
    facts, officers, villages = _sum_up(draft.base, built)
    return replace(draft, built=built, facts=facts, officers=officers, villages=villages, plan_id=None)


def _sum_up(base: PlanWeek, built: BuiltPlan) -> tuple[PlanFacts, pd.DataFrame, pd.DataFrame]:
    """Sum up a plan; who was taken out of it still counts as a household."""
    problem, plan = built.week.problem, built.plan
    facts = summarise_plan(base.problem, plan, base.prizes)
    return facts, summarise_officers(problem, plan), summarise_villages(problem, plan)


def find_draft(connection: Connection) -> Draft | None:
    """Give the draft that the session works on; a new session goes on where the user was."""
    shelf = find_shelf(connection)
    token = st.session_state.get(_TOKEN)
    draft = shelf.last(connection.principal) if token is None else shelf.find(token, connection.principal)
    st.session_state[_TOKEN] = draft.token if draft else ""
    return draft


def open_draft(connection: Connection, draft: Draft) -> None:
    """Keep a draft and work on it from now on."""
    find_shelf(connection).put(draft)
    st.session_state[_TOKEN] = draft.token


def discard_draft(connection: Connection) -> None:
    """Let go of the draft that the session works on."""
    find_shelf(connection).drop(st.session_state.get(_TOKEN, ""))
    st.session_state[_TOKEN] = ""


def mark_published(connection: Connection, draft: Draft, plan_id: int) -> None:
    """Note that a draft is published as it stands."""
    open_draft(connection, replace(draft, plan_id=plan_id))
