"""The routes of one officer's week during the search, and their timing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geo.routes.tasks import OfficerTask

Slot = tuple[int, int]  # index of a day and of a shift


@dataclass
class Schedule:
    """Feasible routes of households by day and shift."""

    task: OfficerTask
    routes: dict[Slot, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Add an empty route for each missing day and shift."""
        n_days, n_shifts = len(self.task.days), len(self.task.rules.shifts)
        for slot in [(day, shift) for day in range(n_days) for shift in range(n_shifts)]:
            self.routes.setdefault(slot, [])

    def list_households(self) -> list[int]:
        """List the households of the week."""
        return [household for visits in self.routes.values() for household in visits]

    def count_on_day(self, day: int) -> int:
        """Count the visits of a day."""
        return sum(len(self.routes[day, shift]) for shift in range(len(self.task.rules.shifts)))

    def count_by_village(self) -> list[int]:
        """Count the visits to each village."""
        planned = self.task.village[self.list_households()]
        return np.bincount(planned[planned >= 0], minlength=len(self.task.floor)).tolist()

    def measure_gain(self) -> tuple[int, float]:
        """Return the number of must-visits and the points of the week."""
        planned = self.list_households()
        return int(self.task.must[planned].sum()), float(self.task.prize[planned].sum())

    def copy(self) -> Schedule:
        """Return an independent copy of the week."""
        return Schedule(self.task, {slot: list(visits) for slot, visits in self.routes.items()})


def time_route(task: OfficerTask, visits: Iterable[int], shift: int) -> list[int] | None:
    """Compute the earliest start of each visit of a route; None if the route does not fit."""
    rules, seconds = task.rules, task.seconds
    now, place = rules.shifts[shift].start_s, 0
    starts = []
    for household in visits:
        now = max(now + int(seconds[place, household + 1]), int(task.open_from[household]))
        starts.append(now)
        now += rules.service_s
        if now > task.open_until[household]:
            return None
        place = household + 1
    return starts if now + seconds[place, 0] <= rules.shifts[shift].end_s else None


def close_gaps(task: OfficerTask, visits: list[int], starts: list[int]) -> list[int]:
    """Delay visits to remove waiting times: the route starts later and ends at the same time."""
    later = list(starts)
    for i in range(len(visits) - 2, -1, -1):
        way = int(task.seconds[visits[i] + 1, visits[i + 1] + 1])
        service = task.rules.service_s
        later[i] = min(int(task.open_until[visits[i]]) - service, later[i + 1] - way - service)
    return later


def list_missing_musts(week: Schedule) -> list[str]:
    """List the must-visits that the week leaves out."""
    planned = set(week.list_households())
    return [week.task.household_ids[i] for i in np.flatnonzero(week.task.must).tolist() if i not in planned]


def count_missing_floor(week: Schedule) -> int:
    """Count the visits missing to the floors of the officer's villages, as far as households allow."""
    task = week.task
    available = np.bincount(task.village[task.village >= 0], minlength=len(task.floor))
    return int(np.clip(np.minimum(task.floor, available) - week.count_by_village(), 0, None).sum())
