"""Build a week's plan: search for it, check it against every rule and explain each stop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from data.exports.plan_rows import gather_stops
from geo.routes import SearchEffort, Violation, check_plan, explain_stops, plan_week
from geo.routes.plan import POST_COLUMNS

if TYPE_CHECKING:
    from data.plans.gather import PlanWeek
    from geo.routes import Plan
    from geo.routes.solve import Progress

N_WORKERS: Final = 2
STEPS_A_SECOND: Final = 400
"""Search steps per second for one officer on an old office PC, a third of those on a new one."""
FEWEST_STEPS, MOST_STEPS = 60, SearchEffort().steps
_LEAST_SECONDS, _MOST_SECONDS = 10.0, 540.0


@dataclass(frozen=True)
class BuiltPlan:
    """A plan with the week it was built for.

    Attributes
    ----------
    week, plan
        The problem and its solution.
    violations
        Rules that the plan breaks; empty unless something is wrong.
    stops
        One row per stop: all of ``data.exports.plan_rows.STOP_FIELDS`` with empty reasons, and the facts
        that a page needs to explain the stop: ``village_code``, ``prize`` and its parts, ``status``,
        ``n_crimes_near``, ``top_category``, ``n_top_category``, ``days_since``, ``tags``, ``n_attempts``,
        ``attempt``, ``post_lon`` and ``post_lat``. It names people.
    """

    week: PlanWeek
    plan: Plan
    violations: tuple[Violation, ...]
    stops: pd.DataFrame


def build_plan(
    week: PlanWeek,
    *,
    previous: Plan | None = None,
    progress: Progress | None = None,
    workers: int = N_WORKERS,
) -> BuiltPlan:
    """Search for the best plan of a week and check it.

    Parameters
    ----------
    week
        As returned by ``gather_week``.
    previous
        A plan of the same week whose households should stay on their days.
    progress
        Called after each officer with the numbers done and in total; the search ends if it returns False.
    workers
        Number of processes to search in.

    Returns
    -------
    BuiltPlan
        The same for the same week and seed, unless a search ran out of time: see ``plan.cut_short``.
    """
    effort = choose_search_effort(week.request.seconds, len(week.officers), workers=workers)
    plan = plan_week(
        week.problem, seed=week.request.seed, effort=effort, previous=previous, progress=progress
    )
    violations = tuple(check_plan(week.problem, plan))
    return BuiltPlan(week, plan, violations, describe_stops(week, plan))


def choose_search_effort(seconds: float, n_officers: int, *, workers: int = N_WORKERS) -> SearchEffort:
    """Convert seconds into search steps, so that the plan does not depend on the clock.

    Examples
    --------
    >>> choose_search_effort(10.0, 17).steps, choose_search_effort(10.0, 2).steps
    (471, 1500)
    """
    steps = round(STEPS_A_SECOND * seconds * workers / max(1, n_officers))
    return SearchEffort(min(max(steps, FEWEST_STEPS), MOST_STEPS), seconds, workers)


def suggest_seconds(n_officers: int) -> float:
    """Return the time limit of a thorough search on an old PC: whole seconds, below ten minutes.

    How long it takes on this machine tells ``data.plans.timing.estimate_build_time``.

    Examples
    --------
    >>> suggest_seconds(5), suggest_seconds(217)
    (10.0, 407.0)
    """
    needed = MOST_STEPS * n_officers / (STEPS_A_SECOND * N_WORKERS)
    return float(round(min(max(needed, _LEAST_SECONDS), _MOST_SECONDS)))


def describe_stops(week: PlanWeek, plan: Plan) -> pd.DataFrame:
    """Join each stop of a plan with its household and the facts that explain it; see ``BuiltPlan.stops``."""
    names = week.homes.drop_duplicates("village_code").set_index("village_code")["village"]
    told = gather_stops(plan, week.homes, villages=names)
    facts = explain_stops(plan, week.prizes, days_since=week.homes["days_since"], tags=week.homes["tags"])
    more = [name for name in facts.columns if name not in told.columns]
    tried = week.homes.loc[told["household_id"], ["n_attempts", "attempt"]].set_axis(told.index)
    return join_posts(told.join(facts[more]).join(tried), plan)


def join_posts(stops: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """Join each stop with ``post_lon`` and ``post_lat``, where its day starts (WGS84; NaN if not kept)."""
    keys = ["officer_id", "day", "shift"]
    posts = plan.routes.set_index(keys)[list(POST_COLUMNS)]
    return stops.assign(**posts.reindex(pd.MultiIndex.from_frame(stops[keys])).set_axis(stops.index))
