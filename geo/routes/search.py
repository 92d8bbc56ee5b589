"""Route search for one officer's week with PyVRP.

PyVRP (Wouda, Lan & Kool 2024) solves prize-collecting problems with time windows by iterated local search.
It supports neither breaks nor a limit over several vehicles, so each shift of each day is a vehicle, and the
visits of a day are shared among its shifts beforehand; `geo.routes.repair` fills what a shift has left.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import monotonic
from typing import TYPE_CHECKING, Any

import numpy as np
import pyvrp
from pyvrp import IteratedLocalSearchParams
from pyvrp.search import NeighbourhoodParams

from geo.routes.repair import repair_schedule
from geo.routes.schedule import Schedule, Slot, count_missing_floor, list_missing_musts, time_route
from geo.routes.travel import UNREACHABLE_S

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from geo.routes.tasks import OfficerTask

MEAN_PRIZE_S = 18_000
"""Seconds of travel that the mean visit is worth: points come first, and travel breaks ties."""
_PATIENCE = 0.4  # a search stops after this share of its steps without a better plan
_HISTORY, _NEIGHBOURS = 50, 15  # tuned on weeks of 100 households: 0.6 % more points in the same time
_CHECKED_EVERY = 16  # steps between two checks of the time


@dataclass(frozen=True)
class SearchEffort:
    """How long to search.

    Attributes
    ----------
    steps
        Search steps for each officer: the same number and seed give the same plan.
    seconds
        Time limit for the whole problem, as a safeguard: officers whose search reaches it are named in
        ``Plan.cut_short``.
    workers
        Number of processes; 1 uses the current one.
    """

    steps: int = 1_500
    seconds: float = 60.0
    workers: int = 2


@dataclass(frozen=True)
class SearchResult:
    """Result of the search for one officer."""

    week: Schedule
    cut_short: bool


class _Limit:
    """Stops a search after its steps, after many without improvement, or at the time limit."""

    def __init__(self, steps: int, until: float) -> None:
        self.cut_short = False
        self._left, self._until = steps, until
        self._patience = max(1, round(_PATIENCE * steps))
        self._best: int | None = None
        self._idle = 0

    def __call__(self, best_cost: int) -> bool:
        self._idle = self._idle + 1 if best_cost == self._best else 0
        self._best = best_cost
        if self._left == 0 or self._idle >= self._patience:
            return True
        if self._left % _CHECKED_EVERY == 0 and monotonic() > self._until:
            self.cut_short = True
            return True
        self._left -= 1
        return False


def search_schedule(
    task: OfficerTask, *, seed: int, steps: int, seconds: float, start: Mapping[Slot, list[int]] | None = None
) -> SearchResult:
    """Search for the best week of one officer.

    Parameters
    ----------
    task
        The officer's week.
    seed
        Random seed, 0 or more.
    steps, seconds
        Limits of the search; the time is only a safeguard.
    start
        Routes to start from, such as those of the last plan.

    Returns
    -------
    Found
        A week of feasible routes; empty ones where nothing fits.
    """
    limit = _Limit(steps, monotonic() + seconds)
    begun = _feasible_part(task, start) if start else None
    week = repair_schedule(_solve(task, limit, seed, begun, wanted=np.zeros(len(task.prize), dtype=bool)))
    wanted = _lacking(week)
    if wanted.any():  # a floor is not met: households there get a bonus above all points
        more = _Limit(max(1, steps // 2), monotonic() + seconds / 2)
        again = repair_schedule(_solve(task, more, seed, week, wanted=wanted))
        limit.cut_short |= more.cut_short
        week = max(week, again, key=_rank)
    if list_missing_musts(week) and (wider := _widen_musts(task)) is not task:
        more = _Limit(steps, monotonic() + seconds)
        again = repair_schedule(_solve(wider, more, seed, None, wanted=wanted))
        limit.cut_short |= more.cut_short
        week = max(week, again, key=_rank)
    if begun is not None:
        week = max(repair_schedule(begun), week, key=_rank)
    return SearchResult(week, limit.cut_short)


def _widen_musts(task: OfficerTask) -> OfficerTask:
    """Let must-visits be made whenever they can, not only at another time than the last attempt."""
    opens, closes = (
        np.where(task.must, wide, narrow)
        for wide, narrow in ((task.at_home_from, task.open_from), (task.at_home_until, task.open_until))
    )
    same = (opens == task.open_from).all() and (closes == task.open_until).all()
    return task if same else replace(task, open_from=opens, open_until=closes)


def _rank(week: Schedule) -> tuple[int, int, float, int]:
    """Return the sort key of a week: must-visits, floors, points, short travel."""
    must, prize = week.measure_gain()
    return must, -count_missing_floor(week), round(prize, 9), -_travel(week)


def _travel(week: Schedule) -> int:
    routes = [np.array([0, *(i + 1 for i in visits), 0]) for visits in week.routes.values()]
    return int(sum(week.task.seconds[stops[:-1], stops[1:]].sum() for stops in routes))


def _lacking(week: Schedule) -> NDArray[np.bool_]:
    """Select the best households, as many as the floor, in each village below its floor."""
    task = week.task
    wanted = np.zeros(len(task.prize), dtype=bool)
    for village, (floor, count) in enumerate(zip(task.floor.tolist(), week.count_by_village(), strict=True)):
        mine = np.flatnonzero(task.village == village)
        if count < min(floor, len(mine)):
            wanted[mine[np.argsort(-task.prize[mine], kind="stable")[:floor]]] = True
    return wanted


def _solve(
    task: OfficerTask, limit: _Limit, seed: int, begun: Schedule | None, *, wanted: NDArray[np.bool_]
) -> Schedule:
    slots = list(Schedule(task).routes)
    data = _model(task, slots, _worth(task, wanted))
    first = None
    if begun is not None:
        routes = [
            pyvrp.Route(data, begun.routes[slot], i) for i, slot in enumerate(slots) if begun.routes[slot]
        ]
        first = pyvrp.Solution(data, routes)
    tuned = pyvrp.SolveParams(
        ils=IteratedLocalSearchParams(history_length=_HISTORY),
        neighbourhood=NeighbourhoodParams(num_neighbours=_NEIGHBOURS),
    )
    result = pyvrp.solve(data, limit, seed, False, False, tuned, first)
    week = Schedule(task)
    if result.is_feasible():
        for route in result.best.routes():
            week.routes[slots[route.vehicle_type()]] = [stop.idx for stop in route if stop.is_client()]
    return week


def _worth(task: OfficerTask, wanted: NDArray[np.bool_]) -> list[int]:
    """Convert points to seconds of travel; floors outweigh all points, must-visits outweigh floors."""
    n_slots = len(task.days) * task.rules.max_visits
    top = np.sort(task.prize)[::-1][:n_slots].sum()
    scale = MEAN_PRIZE_S * min(n_slots, len(task.prize)) / top if top > 0 else 0.0
    worth = np.rint(task.prize * scale).astype(np.int64)
    floor_worth = (min(n_slots, len(task.prize)) + 1) * MEAN_PRIZE_S
    worth = worth + np.where(wanted, floor_worth, 0)
    return (worth + np.where(task.must, floor_worth * (1 + int(wanted.sum())), 0)).tolist()


def _model(task: OfficerTask, slots: list[Slot], worth: list[int]) -> pyvrp.ProblemData:
    n, service = len(worth), task.rules.service_s
    clients = [
        pyvrp.Client(
            location=i + 1,
            delivery=[1],
            service_duration=service,
            tw_early=int(task.open_from[i]),
            tw_late=int(task.open_until[i]) - service,
            prize=worth[i],
            required=False,
        )
        for i in range(n)
    ]
    rooms = share_visits(task)
    days, profile_of_day = np.unique(task.allowed.T, axis=0, return_inverse=True)
    vehicles = [
        pyvrp.VehicleType(
            capacity=[int(rooms[day, shift])],
            tw_early=task.rules.shifts[shift].start_s,
            tw_late=task.rules.shifts[shift].end_s,
            profile=int(profile_of_day[day]),
        )
        for day, shift in slots
    ]
    ways: list[Any] = [_ways_of_day(task.seconds, allowed) for allowed in days]
    places = [pyvrp.Location(0.0, 0.0) for _ in range(n + 1)]
    return pyvrp.ProblemData(places, clients, [pyvrp.Depot(0)], vehicles, ways, ways)


def _ways_of_day(seconds: NDArray[np.int64], allowed: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return travel times with households that may not be visited on a day out of reach."""
    ways = seconds.copy()
    closed = np.flatnonzero(~allowed) + 1
    ways[closed, :] = ways[:, closed] = UNREACHABLE_S
    np.fill_diagonal(ways, 0)
    return ways


def share_visits(task: OfficerTask) -> NDArray[np.int64]:
    """Share the visits of each day among its shifts.

    The households with the highest prizes, as many as the week holds, are each spread over the shifts in
    which they are at home, in proportion to the time; rounding is by largest remainder.

    Parameters
    ----------
    task
        The officer's week.

    Returns
    -------
    numpy.ndarray
        Days by shifts, each row adding up to ``max_visits``.
    """
    rules = task.rules
    start, end = (np.array([getattr(shift, name) for shift in rules.shifts]) for name in ("start_s", "end_s"))
    top = np.lexsort((-task.prize, ~task.must))[: len(task.days) * rules.max_visits]
    overlap = np.minimum(task.open_until[top, None], end) - np.maximum(task.open_from[top, None], start)
    usable = np.where(overlap >= rules.service_s, overlap, 0)
    shares = (usable / usable.sum(axis=1, keepdims=True)).sum(axis=0)
    exact = rules.max_visits * shares / shares.sum()
    room = np.floor(exact).astype(np.int64)
    largest = np.argsort(room - exact, kind="stable")[: rules.max_visits - int(room.sum())]
    room[largest] += 1
    return np.tile(room, (len(task.days), 1))


def _feasible_part(task: OfficerTask, start: Mapping[Slot, list[int]]) -> Schedule:
    """Return the part of the given routes that keeps the rules."""
    week, rooms, taken = Schedule(task), share_visits(task), set()
    for (day, shift), visits in sorted(start.items()):
        for i in visits:
            tried = [*week.routes[day, shift], i]
            fits = len(tried) <= rooms[day, shift] and task.allowed[i, day] and i not in taken
            if fits and time_route(task, tried, shift) is not None:
                week.routes[day, shift] = tried
                taken.add(i)
    return week
