"""Planning a week for all officers."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import replace
from functools import partial
from multiprocessing import current_process, get_context
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.errors import GeoError
from geo.routes.plan import Plan, Unmet, UnmetReason, make_routes, make_stops
from geo.routes.problem import compute_village_floors
from geo.routes.schedule import Schedule, Slot, close_gaps, list_missing_musts, time_route
from geo.routes.search import SearchEffort, SearchResult, search_schedule
from geo.routes.tasks import OfficerTask, split_into_tasks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from geo.routes.problem import Problem

    Progress = Callable[[int, int], bool | None]

_LEAST_SECONDS = 0.2  # minimum for each search, however many officers share the time


def plan_week(
    problem: Problem,
    *,
    seed: int = 0,
    effort: SearchEffort | None = None,
    previous: Plan | None = None,
    progress: Progress | None = None,
) -> Plan:
    """Plan which households each officer visits in a week, when, and in which order.

    Officers don't share households, so each officer's week is a separate prize-collecting vehicle routing
    problem (`geo.routes.search`), and so are the days that one of them starts from another village's post.
    Must-visits come first, then floors, then points, then short travel.

    Parameters
    ----------
    problem
        The week's problem.
    seed
        Random seed. The order of rows does not matter.
    effort
        How long to search; None for the default.
    previous
        Last plan of this week: its households keep their days as long as they stay in the plan, so that a
        small change does not reshuffle the week.
    progress
        Called after each officer with the number done and the total. If it returns False, the search stops;
        officers not yet done get no visits and are named in ``cut_short``.

    Returns
    -------
    Plan
        A plan that keeps all rules; what did not fit is in ``unmet``.

    Raises
    ------
    GeoError
        If the seed is negative, or a limit of the effort is not positive.

    Examples
    --------
    >>> from geo.routes import SearchEffort, Problem, list_working_days
    >>> households = pd.DataFrame(
    ...     {"lon": [111.001, 111.002], "lat": -7.4, "village_code": "v", "prize": [1.0, 2.0]},
    ...     index=["a", "b"],
    ... )
    >>> officers = pd.DataFrame({"villages": ["v"], "lon": [111.0], "lat": [-7.4]}, index=["o"])
    >>> week = Problem(households, officers, list_working_days("2026-W48"))
    >>> plan_week(week, effort=SearchEffort(steps=50, workers=1)).prize
    3.0
    """
    effort = effort or SearchEffort()
    if seed < 0 or effort.steps < 1 or effort.seconds <= 0 or effort.workers < 1:
        raise GeoError("The seed must be 0 or more; steps, seconds and workers must be above 0.")
    tasks, unmet = split_into_tasks(problem, previous)
    starts = [_begin(task, previous) for task in tasks]
    if previous is not None:
        tasks = [_hold(task, start) for task, start in zip(tasks, starts, strict=True)]
    found = dict(_search_all(tasks, starts, seed, effort, progress))
    weeks = [found[i].week if i in found else Schedule(task) for i, task in enumerate(tasks)]
    cut = [task.officer_id for i, task in enumerate(tasks) if i not in found or found[i].cut_short]
    cut = list(dict.fromkeys(cut))
    unmet += [
        Unmet("must_no_time", household, week.task.officer_id)
        for week in weeks
        for household in list_missing_musts(week)
    ]
    unmet = _name_villages(problem, weeks, unmet)
    return _write(weeks, unmet, seed, tuple(cut))


def _name_villages(problem: Problem, weeks: list[Schedule], unmet: list[Unmet]) -> list[Unmet]:
    """Name each village that gets no visit because it is too far, or fewer visits than its floor, and why."""
    planned: Counter[str] = Counter()
    available: Counter[str] = Counter()
    for week in weeks:
        codes = np.array(week.task.village_codes, dtype=object)[week.task.village]
        available.update(codes)
        planned.update(codes[week.list_households()])
    far: dict[str, list[Unmet]] = {}
    for one in unmet:
        if one.reason == "village_too_far":
            far.setdefault(one.subject, []).append(one)
    named = [one for one in unmet if one.reason != "village_too_far"]
    for village, floors in compute_village_floors(problem).groupby("village_code"):
        code, missing = str(village), int(floors.sum()) - planned[str(village)]
        if code in far and not available[code]:
            officers = " ".join(one.officer_id for one in far[code])
            km = min(one.km for one in far[code] if one.km is not None)
            named.append(Unmet("village_too_far", code, officers, max(missing, 0), km))
        elif missing > 0:
            officers = " ".join(str(officer) for officer, _ in floors.index)
            reason: UnmetReason = "floor_short" if available[code] > planned[code] else "floor_few"
            named.append(Unmet(reason, code, officers, missing))
    return named


def _search_all(
    tasks: list[OfficerTask],
    starts: list[dict[Slot, list[int]] | None],
    seed: int,
    effort: SearchEffort,
    progress: Progress | None,
) -> Iterator[tuple[int, SearchResult]]:
    """Search all tasks, in this process or in several, and yield each result when done."""
    alone = current_process().daemon  # a daemon process may not start others
    workers = 1 if alone else min(effort.workers, len(tasks))
    seconds = max(_LEAST_SECONDS, effort.seconds * workers / max(1, len(tasks)))
    run = partial(search_schedule, seed=seed, steps=effort.steps, seconds=seconds)
    if workers <= 1:
        for i, (task, start) in enumerate(zip(tasks, starts, strict=True)):
            yield i, run(task, start=start)
            if progress and progress(i + 1, len(tasks)) is False:
                return
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        pairs = enumerate(zip(tasks, starts, strict=True))
        waiting = {pool.submit(run, task, start=start): i for i, (task, start) in pairs}
        yield from _collect(waiting, progress)


def _collect(
    waiting: dict[Future[SearchResult], int], progress: Progress | None
) -> Iterator[tuple[int, SearchResult]]:
    total, stopped = len(waiting), False
    while waiting:
        for future in wait(waiting, return_when=FIRST_COMPLETED).done:
            yield waiting.pop(future), future.result()
            if progress and not stopped and progress(total - len(waiting), total) is False:
                stopped = True
                for later in [one for one in waiting if one.cancel()]:  # wait() would block on them forever
                    del waiting[later]


def _begin(task: OfficerTask, previous: Plan | None) -> dict[Slot, list[int]] | None:
    """Find the routes of the last plan that are still possible."""
    if previous is None:
        return None
    position = {name: i for i, name in enumerate(task.household_ids)}
    day_of = {pd.Timestamp(day): i for i, day in enumerate(task.days)}
    shift_of = {shift.name: i for i, shift in enumerate(task.rules.shifts)}
    mine = previous.stops[previous.stops["household_id"].isin(position)]
    routes: dict[Slot, list[int]] = {}
    for household, day, shift in zip(mine["household_id"], mine["day"], mine["shift"], strict=True):
        if day in day_of and shift in shift_of and task.allowed[position[household], day_of[day]]:
            routes.setdefault((day_of[day], shift_of[shift]), []).append(position[household])
    return routes


def _hold(task: OfficerTask, start: Mapping[Slot, list[int]] | None) -> OfficerTask:
    """Restrict households of the last plan to their day; must-visits may still move."""
    allowed = task.allowed.copy()
    for (day, _), visits in (start or {}).items():
        held = [i for i in visits if not task.must[i]]
        allowed[held] = np.arange(allowed.shape[1]) == day
    return replace(task, allowed=allowed)


def _write(weeks: list[Schedule], unmet: list[Unmet], seed: int, cut_short: tuple[str, ...]) -> Plan:
    stops: dict[str, list[object]] = {}
    routes: dict[str, list[object]] = {}
    for week in weeks:
        for (day, shift), visits in sorted(week.routes.items()):
            if visits:
                before = sum(len(week.routes[day, earlier]) for earlier in range(shift))
                _append_route(stops, routes, week, (day, shift), before)
    return Plan(make_stops(stops), make_routes(routes), tuple(unmet), seed, cut_short)


def _append_route(
    stops: dict[str, list[object]], routes: dict[str, list[object]], week: Schedule, slot: Slot, before: int
) -> None:
    task, (day, shift), visits = week.task, slot, week.routes[slot]
    starts = close_gaps(task, visits, time_route(task, visits, shift) or [])
    path = np.array([0, *(i + 1 for i in visits), 0])
    travel_s, travel_m = task.seconds[path[:-1], path[1:]], task.metres[path[:-1], path[1:]]
    n = len(visits)
    shared = {
        "officer_id": task.officer_id,
        "day": pd.Timestamp(task.days[day]),
        "shift": task.rules.shifts[shift].name,
    }
    columns: dict[str, Sequence[object]] = {
        **{name: [value] * n for name, value in shared.items()},
        "order": list(range(before + 1, before + n + 1)),
        "household_id": [task.household_ids[i] for i in visits],
        "village_code": [task.village_codes[task.village[i]] for i in visits],
        "start_s": [*starts],
        "end_s": [start + task.rules.service_s for start in starts],
        "travel_s": travel_s[:-1].tolist(),
        "travel_m": travel_m[:-1].tolist(),
        "prize": task.prize[visits].tolist(),
    }
    whole: dict[str, list[object]] = {
        **{name: [value] for name, value in shared.items()},
        "leave_s": [starts[0] - int(travel_s[0])],
        "back_s": [starts[-1] + task.rules.service_s + int(travel_s[-1])],
        "travel_s": [int(travel_s.sum())],
        "travel_m": [float(travel_m.sum())],
        "n_visits": [n],
        "post_lon": [task.post[0]],
        "post_lat": [task.post[1]],
    }
    for target, source in ((stops, columns), (routes, whole)):
        for name, values in source.items():
            target.setdefault(name, []).extend(values)
