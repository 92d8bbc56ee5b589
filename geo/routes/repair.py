"""Repair of a week after the search: must-visits, floors and spare time, by insertion and exchange."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geo.routes.schedule import Schedule, Slot, time_route

if TYPE_CHECKING:
    from collections.abc import Iterator

_TRIES = 3  # cheapest positions in a route to try
_EXCHANGES = 2  # lowest-prize visits of a day that may be replaced
_LARGEST_PASS = 60  # households to try in the last pass


class _Place(NamedTuple):
    """Where a household can go: the slot, its route with the household, and the visit replaced."""

    slot: Slot
    visits: list[int]
    gives_way: int | None


def repair_schedule(week: Schedule) -> Schedule:
    """Add what still fits to a week: first must-visits, then floors, then the best of the rest.

    A visit may be replaced by a must-visit, by one that a floor needs, or by one with more points.
    Must-visits are never replaced, and only a must-visit may take another village below its floor.

    Parameters
    ----------
    week
        Week with feasible routes.

    Returns
    -------
    Week
        Feasible routes, no worse in must-visits, floors and points.
    """
    week = week.copy()
    for household in _unplanned(week, week.task.must):
        _put(week, household, worth=np.inf)
    for village, floor in enumerate(week.task.floor.tolist()):
        for household in _unplanned(week, week.task.village == village):
            if week.count_by_village()[village] >= floor:
                break
            _put(week, household, worth=np.inf)
    least = min((float(week.task.prize[i]) for i in week.list_households()), default=0.0)
    has_room = len(week.list_households()) < len(week.task.days) * week.task.rules.max_visits
    better = week.task.prize > (0.0 if has_room else least)
    for household in _unplanned(week, better)[:_LARGEST_PASS]:
        _put(week, household, worth=float(week.task.prize[household]))
    return week


def _unplanned(week: Schedule, wanted: np.ndarray) -> list[int]:
    """List the wanted households that are not planned, the highest prize first."""
    planned = set(week.list_households())
    rows = [i for i in np.flatnonzero(wanted).tolist() if i not in planned]
    return sorted(rows, key=lambda i: (-week.task.prize[i], i))


def _put(week: Schedule, household: int, *, worth: float) -> None:
    """Add a household where it replaces no visit, otherwise where it replaces the lowest prize."""
    places = list(_places(week, household, worth))
    if not places:
        return
    prize = week.task.prize
    best = min(places, key=lambda place: -1.0 if place.gives_way is None else prize[place.gives_way])
    if best.gives_way is not None:
        for visits in week.routes.values():
            if best.gives_way in visits:
                visits.remove(best.gives_way)
    week.routes[best.slot] = best.visits


def _places(week: Schedule, household: int, worth: float) -> Iterator[_Place]:
    task = week.task
    for day in np.flatnonzero(task.allowed[household]).tolist():
        full = week.count_on_day(day) >= task.rules.max_visits
        slots = [(day, shift) for shift in range(len(task.rules.shifts))]
        if not full:
            free = [
                _Place(slot, fit, None) for slot in slots if (fit := _insert(week, slot, household, None))
            ]
            if free:
                yield free[0]
                return
        for weakest in _may_give_way(week, household, day, worth):
            for slot in slots:
                if not full and weakest not in week.routes[slot]:
                    continue
                if fit := _insert(week, slot, household, weakest):
                    yield _Place(slot, fit, weakest)


def _may_give_way(week: Schedule, household: int, day: int, worth: float) -> list[int]:
    """List the lowest-prize visits of a day that the household may replace."""
    task, counts = week.task, week.count_by_village()
    visits = [i for shift in range(len(task.rules.shifts)) for i in week.routes[day, shift]]

    def may(i: int) -> bool:
        village = int(task.village[i])
        same = village == task.village[household] and np.isfinite(worth)
        keeps_floor = village < 0 or counts[village] > task.floor[village] or same
        return bool(not task.must[i] and task.prize[i] < worth and (keeps_floor or task.must[household]))

    return sorted((i for i in visits if may(i)), key=lambda i: (task.prize[i], i))[:_EXCHANGES]


def _insert(week: Schedule, slot: Slot, household: int, without: int | None) -> list[int] | None:
    """Insert the household at one of the cheapest positions of a route; None if it does not fit in time."""
    seconds = week.task.seconds
    visits = [i for i in week.routes[slot] if i != without]
    stops = np.array([0, *(i + 1 for i in visits), 0])
    at = household + 1
    longer = seconds[stops[:-1], at] + seconds[at, stops[1:]] - seconds[stops[:-1], stops[1:]]
    for position in np.argsort(longer, kind="stable")[:_TRIES].tolist():
        tried = [*visits[:position], household, *visits[position:]]
        if time_route(week.task, tried, slot[1]) is not None:
            return tried
    return None
