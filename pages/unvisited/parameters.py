"""Query parameters of tiles and exports, always validated."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from data.settings import get_settings
from geo.status import STATUSES
from pages.queries.households import BASES, HouseholdFilter, StatusRequest
from pages.web.answers import RefusedError
from pages.web.parameters import read_area
from pages.widgets.urls import parse_choice

if TYPE_CHECKING:
    from collections.abc import Mapping


_NEIGHBOURHOOD = re.compile(r"[0-9A-Za-z]{0,6}")
_PART_SIZE = re.compile(r"[0-9]{1,4}", re.ASCII)


def read_status_request(query: Mapping[str, str]) -> StatusRequest:
    """Read the requested status.

    Parameters
    ----------
    query
        ``until`` (the day before which visits count), ``target`` (days) and ``basis``.

    Returns
    -------
    StatusRequest
        ``target`` and ``basis`` may be left out.

    Raises
    ------
    RefusedError
        If a value is invalid.

    Examples
    --------
    >>> read_status_request({"until": "2026-11-01", "target": "60"})
    StatusRequest(until=datetime.date(2026, 11, 1), target_days=60, basis='reported')
    """
    choice, understood = parse_choice({"days": [query.get("target", str(get_settings().target_days))]})
    basis = query.get("basis", BASES[0])
    try:
        until = date.fromisoformat(query.get("until", ""))
    except ValueError:
        raise RefusedError("Set the day before which visits count, as until=2026-11-01.") from None
    if not understood or choice.days is None or basis not in BASES:
        raise RefusedError("Set target to a number of days, and basis to one of {bases}.", bases=BASES)
    return StatusRequest(until, choice.days, basis)


def read_household_filter(query: Mapping[str, str]) -> HouseholdFilter:
    """Read the requested households.

    Parameters
    ----------
    query
        ``area`` (a code), ``status`` (joined by commas), ``rt``, ``rw``, and ``part`` (households in each
        part of a group); all may be left out.

    Returns
    -------
    HouseholdFilter
        The filter.

    Raises
    ------
    RefusedError
        If a value is invalid.

    Examples
    --------
    >>> read_household_filter({"status": "never,overdue"}).statuses
    ('never', 'overdue')
    """
    area, rt, rw = read_area(query), query.get("rt", ""), query.get("rw", "")
    if not (_NEIGHBOURHOOD.fullmatch(rt) and _NEIGHBOURHOOD.fullmatch(rw)):
        raise RefusedError("Set rt and rw as they are in the data, such as 03.")
    part = query.get("part", "0")
    if not _PART_SIZE.fullmatch(part):
        raise RefusedError("Set part to the number of households in each part of a group, such as 8.")
    return HouseholdFilter(area, read_statuses(query), rt, rw, int(part))


def read_statuses(query: Mapping[str, str]) -> tuple[str, ...]:
    """Read the requested statuses: all if none is given.

    Raises
    ------
    RefusedError
        If a status does not exist.
    """
    wanted = query.get("status", ",".join(STATUSES)).split(",")
    if not set(wanted) <= set(STATUSES):
        raise RefusedError("Set status to one or more of {statuses}.", statuses=STATUSES)
    return tuple(status for status in STATUSES if status in wanted)


def write_household_query(asked: StatusRequest, chosen: HouseholdFilter, **more: str) -> str:
    """Write a query that ``read_status_request`` and ``read_household_filter`` read.

    Examples
    --------
    >>> asked = StatusRequest(date(2026, 11, 1), 90)
    >>> write_household_query(asked, HouseholdFilter(statuses=("never",)), v="1")
    'until=2026-11-01&target=90&basis=reported&status=never&v=1'
    """
    query = {"until": asked.until.isoformat(), "target": str(asked.target_days), "basis": asked.basis}
    query |= {"area": chosen.area, "rt": chosen.rt, "rw": chosen.rw}
    query |= {"part": str(chosen.part_size)} if chosen.part_size else {}
    if chosen.statuses != STATUSES:
        query["status"] = ",".join(chosen.statuses)
    return urlencode({name: value for name, value in (query | more).items() if value}, safe=",")
