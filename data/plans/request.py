"""A supervisor's request for a week's plan: plain values, stored with the published plan."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Final, Literal

from data.errors import DataError
from geo.routes import PRESETS, list_week_days

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.routes.prizes import Preset

Counting = Literal["reported", "evidenced"]
COUNTINGS: Final = ("reported", "evidenced")
"""Which visits make a household visited: all reported ones, or only those supported by GPS."""


@dataclass(frozen=True)
class WeekRequest:
    """A request for one week's plan.

    Attributes
    ----------
    week
        ISO week, as in ``2026-W48``.
    officers
        Officer ids; all officers in scope if empty.
    area
        Code of a village, district or regency; everything in scope if omitted.
    preset
        Priority of the visits: ``gap``, ``crime`` or ``balanced``.
    leave
        Days of leave, by officer id.
    must
        Households that a person added; they come before all others.
    dropped
        Households that a person removed.
    locks
        Day by household, for households that a person fixed on a day.
    posts
        Villages in which an officer in charge of them may start a day, besides those of the settings.
    seed
        Seed of the search's random numbers, 0 or more.
    seconds
        Longest search time, in seconds.
    counting
        Which visits make a household visited: ``reported`` or ``evidenced``.
    """

    week: str
    officers: tuple[str, ...] = ()
    area: str | None = None
    preset: Preset = "balanced"
    leave: Mapping[str, frozenset[date]] = field(default_factory=dict)
    must: frozenset[str] = frozenset()
    dropped: frozenset[str] = frozenset()
    locks: Mapping[str, date] = field(default_factory=dict)
    posts: frozenset[str] = frozenset()
    seed: int = 0
    seconds: float = 10.0
    counting: Counting = "reported"

    def __post_init__(self) -> None:
        """Refuse an invalid week, preset, counting, seed, search time or combination of households."""
        list_week_days(self.week)
        if self.preset not in PRESETS:
            raise DataError(
                "Unknown preset '{preset}': use {presets:or}.",
                preset=self.preset,
                presets=tuple(PRESETS),
            )
        if self.counting not in COUNTINGS:
            raise DataError(
                "Visits are counted as {countings:or}, not '{counting}'.",
                countings=COUNTINGS,
                counting=self.counting,
            )
        if self.seed < 0 or not self.seconds > 0:
            raise DataError(
                "The seed must be a whole number, 0 or more, and the search time must be above 0 seconds."
            )
        if self.dropped & (self.must | set(self.locks)):
            raise DataError("A household cannot be both in the plan and removed from it: choose one.")

    def to_json(self) -> str:
        """Return the request as JSON; equal requests give equal text.

        Examples
        --------
        >>> request = WeekRequest("2026-W48", must=frozenset({"b", "a"}))
        >>> WeekRequest.from_json(request.to_json()) == request
        True
        """
        plain = {
            "week": self.week,
            "officers": list(self.officers),
            "area": self.area,
            "preset": self.preset,
            "leave": {name: sorted(map(str, days)) for name, days in sorted(self.leave.items())},
            "must": sorted(self.must),
            "dropped": sorted(self.dropped),
            "locks": {name: str(day) for name, day in sorted(self.locks.items())},
            "posts": sorted(self.posts),
            "seed": self.seed,
            "seconds": self.seconds,
            "counting": self.counting,
        }
        return json.dumps(plain, ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> WeekRequest:
        """Read a request written by ``to_json``."""
        plain = json.loads(text)
        days = {
            name: frozenset(map(date.fromisoformat, listed)) for name, listed in plain.pop("leave").items()
        }
        locks = {name: date.fromisoformat(day) for name, day in plain.pop("locks").items()}
        sets = {name: frozenset(plain.pop(name, ())) for name in ("must", "dropped", "posts")}
        officers = tuple(plain.pop("officers"))
        return cls(**plain | sets, leave=days, locks=locks, officers=officers)
