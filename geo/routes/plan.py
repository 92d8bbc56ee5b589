"""The plan of a week: its stops, its routes, and what did not fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import pandas as pd

from geo.errors import Phrase, count_phrase

UnmetReason = Literal[
    "no_working_days",
    "no_households",
    "no_villages",
    "post_unknown",
    "must_no_point",
    "must_no_officer",
    "must_resting",
    "must_not_open",
    "must_too_far",
    "must_not_working",
    "must_no_time",
    "village_too_far",
    "floor_short",
    "floor_few",
]

UNMET_REASONS: Final[dict[UnmetReason, Phrase]] = {
    "no_working_days": Phrase("{officer:and} has no working day this week."),
    "no_households": Phrase("{officer:and} has no household that can be visited this week."),
    "no_villages": Phrase("{officer:and} is not assigned to any village: add one in the list of officers."),
    "post_unknown": Phrase(
        "The location of {officer:and}'s post is not known: the centre of the households is used instead."
    ),
    "must_no_point": Phrase("{household} must be visited but has no point on the map: add its location."),
    "must_no_officer": Phrase("{household} must be visited but no officer is assigned to its village."),
    "must_resting": Phrase(
        "{household} must be visited but somebody was met there recently: choose a day to visit anyway."
    ),
    "must_not_open": Phrase("{household} must be visited but is at home only outside all shifts."),
    "must_too_far": Phrase("{household} must be visited but is too far from the post for any shift."),
    "must_not_working": Phrase(
        "{household} was assigned to a day when {officer:and} does not work: choose another."
    ),
    "must_no_time": Phrase("{household} must be visited but {officer:and} has no time left this week."),
    "village_too_far": Phrase(
        "{village} gets no visit: it lies {km:,.0f} km from the post of {officers:and}, too far for any "
        "shift."
    ),
    "floor_short": count_phrase(
        "{village} gets {n:,} visit fewer than its minimum: {officers:and} had no time for more.",
        "{village} gets {n:,} visits fewer than its minimum: {officers:and} had no time for more.",
    ),
    "floor_few": count_phrase(
        "{village} gets {n:,} visit fewer than its minimum: no more of its households can be visited this "
        "week.",
        "{village} gets {n:,} visits fewer than its minimum: no more of its households can be visited this "
        "week.",
    ),
}
"""A sentence for each reason, with ``household``, ``officer`` or ``village``, ``officers``, ``n``, ``km``.

``village_too_far`` is said only where no household of the village that may be visited this week could be
reached in a shift, ``floor_few`` only where all that can be visited are."""

NOBODY_WORKS: Final = Phrase("There are no working days in this week, so nobody is scheduled.")
"""The sentence for ``no_working_days`` where it concerns everybody."""

STOP_COLUMNS: Final = (
    "officer_id",
    "day",
    "shift",
    "order",
    "household_id",
    "village_code",
    "start_s",
    "end_s",
    "travel_s",
    "travel_m",
    "prize",
)
ROUTE_COLUMNS: Final = ("officer_id", "day", "shift", "leave_s", "back_s", "travel_s", "travel_m", "n_visits")
POST_COLUMNS: Final = ("post_lon", "post_lat")


@dataclass(frozen=True)
class Unmet:
    """A demand that a plan does not meet, and why.

    Attributes
    ----------
    reason
        A key of ``UNMET_REASONS``.
    subject
        Household, officer or village concerned; ``"all"`` if it concerns everybody.
    officer_id
        Officer whose week it is (several, joined by a space, where they share a village); empty if none.
    missing
        Number of visits missing.
    km
        Kilometres in a straight line from the post to the nearest household, where that is the reason.
    """

    reason: UnmetReason
    subject: str
    officer_id: str = ""
    missing: int = 1
    km: float | None = None


@dataclass(frozen=True)
class Plan:
    """A week of visits.

    Attributes
    ----------
    stops
        One row per visit, ordered by officer, day and time: ``officer_id``, ``day`` (midnight, no time
        zone), ``shift``, ``order`` (from 1 in a day), ``household_id``, ``village_code``, ``start_s`` and
        ``end_s`` of the visit (seconds after midnight), ``travel_s`` and ``travel_m`` to get there, and
        ``prize``.
    routes
        One row per route from the post and back: ``officer_id``, ``day``, ``shift``, ``leave_s``, ``back_s``,
        ``travel_s``, ``travel_m`` (both including the way back), ``n_visits``, and ``post_lon`` and
        ``post_lat`` of the post (WGS84; NaN in plans published before it was kept).
    unmet
        Demands that are not met.
    seed
        Random seed of the search.
    cut_short
        Officers whose search ran out of time before its number of steps: only then may the same seed give a
        different plan.
    """

    stops: pd.DataFrame
    routes: pd.DataFrame
    unmet: tuple[Unmet, ...]
    seed: int
    cut_short: tuple[str, ...] = ()

    @property
    def prize(self) -> float:
        """Total prize of the stops, in points."""
        return float(self.stops["prize"].sum())


def make_stops(columns: dict[str, list[object]]) -> pd.DataFrame:
    """Make a table of stops, ordered by officer, day and time."""
    frame = pd.DataFrame(columns, columns=list(STOP_COLUMNS))
    return _typed(frame.sort_values(["officer_id", "day", "order"], ignore_index=True))


def make_routes(columns: dict[str, list[object]]) -> pd.DataFrame:
    """Make a table of routes, ordered by officer, day and time."""
    frame = pd.DataFrame(columns, columns=[*ROUTE_COLUMNS, *POST_COLUMNS])
    return _typed(frame.sort_values(["officer_id", "day", "leave_s"], ignore_index=True))


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    kinds = {
        "officer_id": "str",
        "household_id": "str",
        "village_code": "str",
        "shift": "str",
        "day": "datetime64[us]",
        "prize": "float64",
        "travel_m": "float64",
        "post_lon": "float64",
        "post_lat": "float64",
    }
    return frame.astype({name: kinds.get(name, "int64") for name in frame.columns})
