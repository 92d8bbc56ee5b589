"""The content that all sheets share: the stops of a plan with only the details that an officer needs."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import pandas as pd

from data.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geo.routes import Plan

STOP_FIELDS: Final = (
    "officer_id",
    "day",
    "shift",
    "order",
    "household_id",
    "start_s",
    "end_s",
    "lon",
    "lat",
    "head_name",
    "address",
    "rt",
    "rw",
    "village",
    "reason",
)
"""Columns of the stops on which sheets are based."""

PLAN_TEXTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "title": "Visits of the day",
        "visits": "visits",
        "rt": "RT",
        "rw": "RW",
        "met": "met",
        "absent": "not at home",
        "refused": "refused",
        "note": "Note",
        "scan": "Route on the phone",
        "post": "post",
        "metres": "m",
        "map": "Map of the stops",
        "morning": "morning",
        "afternoon": "afternoon",
        "evening": "evening",
        "footer": "Only for the officer named above. Destroy after use.",
        "sheet": "Plan",
        "officer": "Officer",
        "day": "Day",
        "shift": "Shift",
        "order": "No.",
        "start": "From",
        "end": "Until",
        "head_name": "Head of household",
        "address": "Address",
        "village": "Village",
        "reason": "Why",
        "language": "en",
    }
)
"""All texts on a sheet in English; pages pass their translations."""

_MAPS = "https://www.google.com/maps/dir/?api=1&travelmode=driving"
_MOST_BETWEEN = 9  # the most stops between the first and the last in such a link
_FROM_HOUSEHOLD = ("head_name", "address", "rt", "rw", "lon", "lat")
_MINUTE_S, _HOUR_S = 60, 3_600


def gather_stops(
    plan: Plan,
    households: pd.DataFrame,
    *,
    villages: pd.Series | None = None,
    reasons: pd.Series | None = None,
) -> pd.DataFrame:
    """Collect the details of each stop for the sheets.

    Parameters
    ----------
    plan
        The plan.
    households
        Indexed by household id: ``lon``, ``lat``; ``head_name``, ``address``, ``rt``, ``rw`` where known.
    villages
        Name of each village by its code; the code itself by default.
    reasons
        One sentence by household id on why the household is in the plan.

    Returns
    -------
    pandas.DataFrame
        The plan's stops in order, with the columns ``STOP_FIELDS``; unknown values are empty text.

    Raises
    ------
    DataError
        If a household of the plan no longer exists.
    """
    stops = plan.stops
    places = households.index.get_indexer(pd.Index(stops["household_id"]))  # faster than isin on many texts
    if (places < 0).any():
        raise DataError("The plan includes households that no longer exist: build it again.")
    rows = stops[["officer_id", "day", "shift", "order", "household_id", "start_s", "end_s"]].copy()
    for name in _FROM_HOUSEHOLD:
        known = households[name] if name in households else pd.Series("", index=households.index)
        rows[name] = known.reindex(rows["household_id"]).array
    names = stops["village_code"] if villages is None else stops["village_code"].map(villages)
    rows["village"] = names.fillna(stops["village_code"]).array
    rows["reason"] = "" if reasons is None else reasons.reindex(rows["household_id"]).array
    text = ["head_name", "address", "rt", "rw", "village", "reason"]
    rows[text] = rows[text].astype("str").fillna("")
    return rows[list(STOP_FIELDS)]


def make_map_link(lon: Sequence[float], lat: Sequence[float]) -> str:
    """Make a link that opens a route in the phone's maps: coordinates only, no names.

    Parameters
    ----------
    lon, lat
        WGS84 degrees of the stops in order, at least one. Of the stops between the first and the last it
        includes nine, the most that such a link allows.

    Returns
    -------
    str
        A web address.

    Examples
    --------
    >>> make_map_link([111.45], [-7.4])
    'https://www.google.com/maps/dir/?api=1&travelmode=driving&destination=-7.40000,111.45000'
    """
    places = [f"{y:.5f},{x:.5f}" for x, y in zip(lon, lat, strict=True)]
    between = places[:-1][:_MOST_BETWEEN]
    waypoints = f"&waypoints={'%7C'.join(between)}" if between else ""
    return f"{_MAPS}&destination={places[-1]}{waypoints}"


def format_clock(seconds: int) -> str:
    """Format seconds after midnight as hours and minutes.

    Examples
    --------
    >>> format_clock(8 * 3600 + 300)
    '08:05'
    """
    return f"{seconds // _HOUR_S:02d}:{seconds % _HOUR_S // _MINUTE_S:02d}"


def require_stops(stops: pd.DataFrame) -> None:
    """Raise an error if a column is missing from a table."""
    missing = [name for name in STOP_FIELDS if name not in stops.columns]
    if missing:
        raise DataError("The stops have no column {column!r}: use those of gather_stops.", column=missing[0])
