"""What a supervisor asks of a week's plan: plain values that are kept with what is published."""

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
"""Which visits make a household visited: all that were reported, or those that the GPS record supports."""


@dataclass(frozen=True)
class WeekRequest:
    """One week's plan as it is asked for.

    Attributes
    ----------
    week
        ISO week, as in ``2026-W48``.
    officers
        Their ids; all in reach without any.
    area
        Code of a village, district or regency; all in reach without it.
    preset
        What visits are to be for: ``gap``, ``crime`` or ``balanced``.
    leave
        Days away, by officer id.
    must
        Households that a person added: they come before all others.
    dropped
        Households that a person took out.
    locks
        Households that a person put on a day.
    seed
        Start of the search's random numbers, 0 or more.
    seconds
        How long the search may take.
    counting
        Which visits make a household visited.
    """

    week: str
    officers: tuple[str, ...] = ()
    area: str | None = None
    preset: Preset = "balanced"
    leave: Mapping[str, frozenset[date]] = field(default_factory=dict)
    must: frozenset[str] = frozenset()
    dropped: frozenset[str] = frozenset()
    locks: Mapping[str, date] = field(default_factory=dict)
    seed: int = 0
    seconds: float = 10.0
    counting: Counting = "reported"

    def __post_init__(self) -> None:
        """Refuse what is no week, no preset, or no effort."""
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
        """Write it as JSON, the same for the same request.

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
            "seed": self.seed,
            "seconds": self.seconds,
            "counting": self.counting,
        }
        return json.dumps(plain, ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> WeekRequest:
        """Read what ``as_json`` wrote."""
        plain = json.loads(text)
        days = {
            name: frozenset(map(date.fromisoformat, listed)) for name, listed in plain.pop("leave").items()
        }
        locks = {name: date.fromisoformat(day) for name, day in plain.pop("locks").items()}
        sets = {name: frozenset(plain.pop(name)) for name in ("must", "dropped")}
        officers = tuple(plain.pop("officers"))
        return cls(**plain | sets, leave=days, locks=locks, officers=officers)
