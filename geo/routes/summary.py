"""Summaries of a plan: coverage, risk reached, distance, hours, fairness, and why each stop is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from geo.errors import ColumnError
from geo.routes.problem import compute_village_floors

if TYPE_CHECKING:
    from geo.routes.plan import Plan
    from geo.routes.problem import Problem

HIGH_RISK_CRIMES = 3
"""Number of crimes near a household at which its risk is high."""
_COVERED = ("visited", "due")
_SECONDS_PER_HOUR, _METRES_PER_KM = 3_600, 1_000


class PlanFacts(NamedTuple):
    """Figures that describe a plan.

    Attributes
    ----------
    n_visits, n_officers, n_days
        Visits, officers with visits, and days with visits.
    n_households
        Registered households of the officers' villages.
    coverage_now, coverage_after
        Share of households visited within the target, 0 to 1, today and after the plan (NaN without any).
    n_high_risk, n_high_risk_reached
        Households with at least ``HIGH_RISK_CRIMES`` crimes nearby, and how many of them are in the plan.
    prize, prize_share
        Points collected, and their share of all available points (NaN if none).
    distance_km, hours
        Total of all routes; hours include the visits.
    """

    n_visits: int
    n_officers: int
    n_days: int
    n_households: int
    coverage_now: float
    coverage_after: float
    n_high_risk: int
    n_high_risk_reached: int
    prize: float
    prize_share: float
    distance_km: float
    hours: float


def summarise_plan(problem: Problem, plan: Plan, prizes: pd.DataFrame) -> PlanFacts:
    """Summarise what a plan will achieve.

    Parameters
    ----------
    problem, plan
        The week's problem and its plan.
    prizes
        Result of `geo.routes.household_prizes` for the problem's households.

    Returns
    -------
    PlanFacts
        Figures of the whole plan.

    Raises
    ------
    ColumnError
        If ``prizes`` lacks a column or a household.
    """
    facts = _facts_of(prizes, problem.households.index)
    planned = problem.households.index.isin(plan.stops["household_id"])
    covered = facts["status"].isin(_COVERED).to_numpy()
    risky = (facts["n_crimes_near"] >= HIGH_RISK_CRIMES).to_numpy()
    n = len(covered)
    total = float(problem.households["prize"].sum())
    hours = (plan.routes["back_s"] - plan.routes["leave_s"]).sum() / _SECONDS_PER_HOUR
    return PlanFacts(
        n_visits=len(plan.stops),
        n_officers=plan.stops["officer_id"].nunique(),
        n_days=plan.stops["day"].nunique(),
        n_households=n,
        coverage_now=float(covered.mean()) if n else np.nan,
        coverage_after=float((covered | planned).mean()) if n else np.nan,
        n_high_risk=int(risky.sum()),
        n_high_risk_reached=int((risky & planned).sum()),
        prize=plan.prize,
        prize_share=plan.prize / total if total > 0 else np.nan,
        distance_km=float(plan.routes["travel_m"].sum()) / _METRES_PER_KM,
        hours=float(hours),
    )


def summarise_officers(problem: Problem, plan: Plan) -> pd.DataFrame:
    """Summarise the week of each officer.

    Parameters
    ----------
    problem, plan
        The week's problem and its plan.

    Returns
    -------
    pandas.DataFrame
        On the index of the problem's officers: ``n_visits``, ``n_days`` with visits, ``n_working_days``,
        ``distance_km``, ``hours`` away from the post, ``travel_hours`` and ``prize``.
    """
    routes = plan.routes.assign(hours=(plan.routes["back_s"] - plan.routes["leave_s"]) / _SECONDS_PER_HOUR)
    by_officer = routes.groupby("officer_id")
    table = pd.DataFrame(index=problem.officers.index)
    table["n_visits"] = by_officer["n_visits"].sum().reindex(table.index, fill_value=0)
    table["n_days"] = by_officer["day"].nunique().reindex(table.index, fill_value=0)
    table["n_working_days"] = [len(problem.list_days(name)) for name in table.index]
    table["distance_km"] = by_officer["travel_m"].sum().reindex(table.index, fill_value=0.0) / _METRES_PER_KM
    table["hours"] = by_officer["hours"].sum().reindex(table.index, fill_value=0.0)
    table["travel_hours"] = (
        by_officer["travel_s"].sum().reindex(table.index, fill_value=0) / _SECONDS_PER_HOUR
    )
    prize = plan.stops.groupby("officer_id")["prize"].sum()
    table["prize"] = prize.reindex(table.index, fill_value=0.0)
    return table


def summarise_villages(problem: Problem, plan: Plan) -> pd.DataFrame:
    """Compare the visits of each village with its households and its floor.

    Parameters
    ----------
    problem, plan
        The week's problem and its plan.

    Returns
    -------
    pandas.DataFrame
        By village code: ``n_households`` registered, ``n_visits``, ``household_share`` and ``visit_share``
        (of the total, 0 to 1; NaN if it is 0), ``floor``, and ``floor_kept``.
    """
    floors = compute_village_floors(problem).groupby("village_code").sum()
    registered = problem.registered
    if registered is None:
        registered = problem.households["village_code"].value_counts()
    visits = plan.stops["village_code"].value_counts()
    table = pd.DataFrame(index=floors.index)
    table["n_households"] = registered.reindex(table.index, fill_value=0).astype(np.int64)
    table["n_visits"] = visits.reindex(table.index, fill_value=0).astype(np.int64)
    for share, count in (("household_share", "n_households"), ("visit_share", "n_visits")):
        total = table[count].sum()
        table[share] = table[count] / total if total else np.nan
    table["floor"] = floors
    table["floor_kept"] = table["n_visits"] >= table["floor"]
    return table


def explain_stops(
    plan: Plan, prizes: pd.DataFrame, *, days_since: pd.Series | None = None, tags: pd.Series | None = None
) -> pd.DataFrame:
    """Collect the facts behind each stop: why it is in the plan.

    Parameters
    ----------
    plan
        The plan.
    prizes
        Result of `geo.routes.household_prizes`.
    days_since
        Days since the last visit by household id, as returned by `geo.status.find_household_status`.
    tags
        Tags by household id.

    Returns
    -------
    pandas.DataFrame
        The plan's stops with ``status``, ``n_crimes_near``, ``top_category``, ``n_top_category``, the parts
        of the prize, and ``days_since`` and ``tags`` (missing where they are not given).

    Raises
    ------
    ColumnError
        If ``prizes`` lacks a column or a household.
    """
    stops = plan.stops.copy()
    ids = stops["household_id"]
    facts = _facts_of(prizes, pd.Index(ids))
    for column in facts.columns:
        stops[column] = facts[column].array
    stops["days_since"] = pd.array([pd.NA] * len(ids), "Int64")
    stops["tags"] = pd.Series(np.nan, index=stops.index, dtype="str")
    for name, given in (("days_since", days_since), ("tags", tags)):
        if given is not None:
            stops[name] = given.reindex(ids).array
    return stops


def _facts_of(prizes: pd.DataFrame, households: pd.Index) -> pd.DataFrame:
    columns = ["status", "n_crimes_near", "top_category", "n_top_category"]
    columns += ["status_points", "risk_points", "tag_points"]
    missing = [name for name in columns if name not in prizes.columns]
    if missing or (prizes.index.get_indexer(households) < 0).any():  # faster than isin on many strings
        raise ColumnError("The prizes must cover all households: use those of household_prizes.")
    return prizes.loc[households, columns]
