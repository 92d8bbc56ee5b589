"""The sample places that figures are collected of, and the areas in them that are looked at."""

from __future__ import annotations

from typing import NamedTuple


class Place(NamedTuple):
    """A place of one scale; the same seed always gives the same codes."""

    scale: str
    district: str
    village: str
    narrowed: tuple[tuple[str, ...], ...]
    """Options of the reports, beside those that all of them take."""
    areas: tuple[str, ...]
    """What pages are opened with: all, a district, a village."""
    walked: tuple[str, ...]
    """Those of them in which every option of every control is tried."""


_DISTRICT, _VILLAGE = "359901", "3599012007"
_IN_DISTRICT, _IN_VILLAGE = ("--area", _DISTRICT), ("--area", _VILLAGE)
_EARLIER = ("--since", "2026-06-01", "--until", "2026-08-01")

PLACES = {
    "district": Place(
        "district", _DISTRICT, _VILLAGE, ((), _IN_VILLAGE, _EARLIER), ("", _VILLAGE), ("", _VILLAGE)
    ),
    # A report of a regency takes several seconds, each time.
    "regency": Place(
        "regency", _DISTRICT, _VILLAGE, ((), _IN_DISTRICT), ("", _DISTRICT, _VILLAGE), ("", _VILLAGE)
    ),
}
