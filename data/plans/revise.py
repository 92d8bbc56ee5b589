"""Revise a plan after small changes: only the officers concerned are planned again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from data.errors import DataError
from data.plans.build import BuiltPlan, build_plan, describe_stops
from data.plans.gather import PlanWeek
from geo.routes import Plan
from geo.routes.problem import list_officer_villages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from data.plans.request import WeekRequest
    from geo.routes.solve import Progress


def clear_request_changes(request: WeekRequest) -> WeekRequest:
    """Remove from a request all changes to single households."""
    return replace(request, must=frozenset(), dropped=frozenset(), locks={})


def apply_request_changes(base: PlanWeek, request: WeekRequest) -> PlanWeek:
    """Derive the week of a changed request without reading the records again.

    Parameters
    ----------
    base
        The week of the same request without changes: see ``clear_request_changes``.
    request
        The request with its ``must``, ``dropped`` and ``locks``.

    Returns
    -------
    PlanWeek
        The same as ``gather_week`` would return.

    Raises
    ------
    DataError
        If a household to be visited is not among those of the week.
    """
    named = request.must | set(request.locks)
    if (base.homes.index.get_indexer(pd.Index(sorted(named))) < 0).any():  # faster than isin on many texts
        raise DataError("A household to be visited is not registered with these officers: remove it.")
    kept = ~base.homes.index.isin(request.dropped)
    households, homes, prizes = base.problem.households, base.homes, base.prizes
    if request.dropped:
        households, homes, prizes = households[kept], homes[kept], prizes[kept]
    households = households.assign(must=households["must"] | households.index.isin(request.must))
    problem = replace(base.problem, households=households, locks=request.locks)
    return PlanWeek(request, problem, prizes, homes, base.officers)


def revise_plan(
    base: PlanWeek,
    built: BuiltPlan,
    request: WeekRequest,
    *,
    build: Callable[..., BuiltPlan] = build_plan,
    progress: Progress | None = None,
) -> BuiltPlan:
    """Plan again the officers whom a change concerns, starting from the existing plan.

    Officers who share no village, directly or through other officers, with a changed household keep their
    plan unchanged. In the other officers' plans, households that stay in the plan stay on their days.

    Parameters
    ----------
    base
        The week without changes.
    built
        The existing plan, for the same week, officers and preset.
    request
        The new request, which differs in ``must``, ``dropped`` or ``locks``.
    build
        ``build_plan``, or a function that does the same in another process.
    progress
        Called after each officer with the numbers done and in total; the search ends if it returns False.

    Returns
    -------
    BuiltPlan
        The whole plan; the parts that were planned again are checked again.

    Raises
    ------
    DataError
        If a household to be visited is not among those of the week.
    """
    week = apply_request_changes(base, request)
    concerned = find_concerned_officers(base, _changed(built.week.request, request))
    if not concerned:
        return replace(built, week=week)
    again = build(narrow_week(week, concerned), previous=built.plan, progress=progress)
    plan = _merge(built.plan, again.plan, concerned, request)
    others = [broken for broken in built.violations if broken.officer_id not in concerned]
    return BuiltPlan(week, plan, (*others, *again.violations), describe_stops(week, plan))


def find_concerned_officers(week: PlanWeek, households: Iterable[str]) -> frozenset[str]:
    """Find the officers who share a village with households, directly or through other officers."""
    tied = list_officer_villages(week.officers)
    known = week.homes.index.intersection(pd.Index(list(households), dtype="str"))
    codes = set(week.homes.loc[known, "village_code"])
    officers: set[str] = set()
    while True:
        found = set(tied.loc[tied["village_code"].isin(codes), "officer_id"])
        if found == officers:
            return frozenset(officers)
        officers = found
        codes |= set(tied.loc[tied["officer_id"].isin(officers), "village_code"])


def narrow_week(week: PlanWeek, officers: frozenset[str]) -> PlanWeek:
    """Reduce a week to officers who share no village with the rest."""
    mine = week.officers[week.officers.index.isin(officers)]
    inside = week.homes["village_code"].isin(set(list_officer_villages(mine)["village_code"]))
    homes = week.homes[inside]
    problem = replace(
        week.problem,
        households=week.problem.households[inside],
        officers=week.problem.officers.loc[mine.index],
        locks={name: day for name, day in week.problem.locks.items() if name in homes.index},
    )
    return PlanWeek(week.request, problem, week.prizes[inside], homes, mine)


def _changed(before: WeekRequest, after: WeekRequest) -> set[str]:
    locked = {
        name for name in {*before.locks, *after.locks} if before.locks.get(name) != after.locks.get(name)
    }
    return set(before.must ^ after.must) | set(before.dropped ^ after.dropped) | locked


def _merge(before: Plan, again: Plan, concerned: frozenset[str], request: WeekRequest) -> Plan:
    """Replace the weeks of the officers concerned."""
    wanted = request.must | set(request.locks) | {"all"}
    kept = [
        one
        for one in before.unmet
        if concerned.isdisjoint(one.officer_id.split()) and (one.officer_id or one.subject in wanted)
    ]
    stops, routes = (
        pd.concat([old[~old["officer_id"].isin(concerned)], new]).sort_values(order, ignore_index=True)
        for old, new, order in (
            (before.stops, again.stops, ["officer_id", "day", "order"]),
            (before.routes, again.routes, ["officer_id", "day", "leave_s"]),
        )
    )
    unmet = dict.fromkeys([*kept, *again.unmet])
    cut = [name for name in before.cut_short if name not in concerned]
    return Plan(stops, routes, tuple(unmet), before.seed, (*cut, *again.cut_short))
