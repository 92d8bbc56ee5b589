"""What the search leaves undone: must-visits, floors, and days with room, by insertion and exchange."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geo.routes.week import Slot, Week, time_round

if TYPE_CHECKING:
    from collections.abc import Iterator

_TRIES = 3  # cheapest places of a round that are tried
_EXCHANGES = 2  # least visits of a day that may give way
_LARGEST_PASS = 60  # households that a pass tries


class _Place(NamedTuple):
    """Where a household can go: the slot's round with it, and who gives way."""

    slot: Slot
    visits: list[int]
    gives_way: int | None


def mend(week: Week) -> Week:
    """Plan what still fits: first must-visits, then floors, then the best of the rest.

    A household gives way only to one of more points, never a must-visit, and never below its village's floor,
    but to a must-visit.

    Parameters
    ----------
    week
        Feasible rounds.

    Returns
    -------
    Week
        Feasible rounds, no worse in must-visits, floors and points.
    """
    week = week.copy()
    for household in _unplanned(week, week.task.must):
        _put(week, household, worth=np.inf)
    for village, floor in enumerate(week.task.floor.tolist()):
        for household in _unplanned(week, week.task.village == village):
            if week.by_village()[village] >= floor:
                break
            _put(week, household, worth=np.inf)
    least = min((float(week.task.prize[i]) for i in week.planned()), default=0.0)
    has_room = len(week.planned()) < len(week.task.days) * week.task.rules.max_visits
    better = week.task.prize > (0.0 if has_room else least)
    for household in _unplanned(week, better)[:_LARGEST_PASS]:
        _put(week, household, worth=float(week.task.prize[household]))
    return week


def _unplanned(week: Week, wanted: np.ndarray) -> list[int]:
    """List wanted households that are not planned, the most points first."""
    planned = set(week.planned())
    rows = [i for i in np.flatnonzero(wanted).tolist() if i not in planned]
    return sorted(rows, key=lambda i: (-week.task.prize[i], i))


def _put(week: Week, household: int, *, worth: float) -> None:
    """Plan a household where nobody has to give way, else where the least does."""
    places = list(_places(week, household, worth))
    if not places:
        return
    prize = week.task.prize
    best = min(places, key=lambda place: -1.0 if place.gives_way is None else prize[place.gives_way])
    if best.gives_way is not None:
        for visits in week.rounds.values():
            if best.gives_way in visits:
                visits.remove(best.gives_way)
    week.rounds[best.slot] = best.visits


def _places(week: Week, household: int, worth: float) -> Iterator[_Place]:
    task = week.task
    for day in np.flatnonzero(task.allowed[household]).tolist():
        full = week.on_day(day) >= task.rules.max_visits
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
                if not full and weakest not in week.rounds[slot]:
                    continue
                if fit := _insert(week, slot, household, weakest):
                    yield _Place(slot, fit, weakest)


def _may_give_way(week: Week, household: int, day: int, worth: float) -> list[int]:
    """List the least visits of a day that the household may replace."""
    task, counts = week.task, week.by_village()
    visits = [i for shift in range(len(task.rules.shifts)) for i in week.rounds[day, shift]]

    def may(i: int) -> bool:
        village = int(task.village[i])
        same = village == task.village[household] and np.isfinite(worth)
        keeps_floor = village < 0 or counts[village] > task.floor[village] or same
        return bool(not task.must[i] and task.prize[i] < worth and (keeps_floor or task.must[household]))

    return sorted((i for i in visits if may(i)), key=lambda i: (task.prize[i], i))[:_EXCHANGES]


def _insert(week: Week, slot: Slot, household: int, without: int | None) -> list[int] | None:
    """Find the round with the household at one of its cheapest places, if the clock allows it."""
    seconds = week.task.seconds
    visits = [i for i in week.rounds[slot] if i != without]
    stops = np.array([0, *(i + 1 for i in visits), 0])
    at = household + 1
    longer = seconds[stops[:-1], at] + seconds[at, stops[1:]] - seconds[stops[:-1], stops[1:]]
    for position in np.argsort(longer, kind="stable")[:_TRIES].tolist():
        tried = [*visits[:position], household, *visits[position:]]
        if time_round(week.task, tried, slot[1]) is not None:
            return tried
    return None
