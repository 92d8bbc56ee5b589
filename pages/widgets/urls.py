"""Filters in the URL: codes and dates only, never the name of a person or place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from pages.queries.filters import AREA_CODE

if TYPE_CHECKING:
    from collections.abc import Mapping


LONGEST_DAYS = 3660


PARAMETERS = ("area", "days", "since", "until", "category")


@dataclass(frozen=True)
class FilterChoice:
    """The filters a user chose; None or empty where nothing was chosen."""

    area: str = ""
    """Code of a village, district or regency; empty for all in reach."""
    days: int | None = None
    """Length of the period that ends with the data."""
    since: date | None = None
    until: date | None = None
    """A period of one's own, half-open, instead of ``days``."""
    categories: tuple[str, ...] = ()
    """Categories of crime; empty for all."""


def parse_choice(query: Mapping[str, list[str]]) -> tuple[FilterChoice, bool]:
    """Read the filters in a URL.

    Parameters
    ----------
    query
        Values by parameter; unknown parameters are ignored.

    Returns
    -------
    choice
        The filters that could be read.
    understood
        False if something could not be read.

    Examples
    --------
    >>> parse_choice({"area": ["3521072013"], "days": ["30"]})[0].days
    30
    >>> parse_choice({"area": ["<script>"], "days": ["30"]})
    (FilterChoice(area='', days=30, since=None, until=None, categories=()), False)
    """
    choice, understood = FilterChoice(categories=tuple(filter(None, query.get("category", [])))), True
    first = {name: values[0] for name, values in query.items() if values}
    if "area" in first:
        understood = bool(AREA_CODE.fullmatch(first["area"]))
        choice = replace(choice, area=first["area"] if understood else "")
    if "since" in first or "until" in first:
        since, until = _date(first.get("since")), _date(first.get("until"))
        if since is None or until is None or not 1 <= (until - since).days <= LONGEST_DAYS:
            return choice, False
        return replace(choice, since=since, until=until), understood
    if "days" in first:
        days = _days(first["days"])
        return replace(choice, days=days), understood and days is not None
    return choice, understood


def write_choice(choice: FilterChoice) -> dict[str, list[str]]:
    """Write filters for a URL, without those that are not set.

    Examples
    --------
    >>> write_choice(FilterChoice(days=30, categories=("curas",)))
    {'days': ['30'], 'category': ['curas']}
    """
    query = {"area": [choice.area] if choice.area else []}
    if choice.since and choice.until:
        query |= {"since": [choice.since.isoformat()], "until": [choice.until.isoformat()]}
    elif choice.days:
        query |= {"days": [str(choice.days)]}
    query |= {"category": list(choice.categories)}
    return {name: values for name, values in query.items() if values}


def _date(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _days(text: str) -> int | None:
    # isdecimal alone lets other scripts' digits through, which int() reads too
    if not text.isdecimal() or not 1 <= len(text) <= len(str(LONGEST_DAYS)):
        return None
    return int(text) if 1 <= int(text) <= LONGEST_DAYS else None
