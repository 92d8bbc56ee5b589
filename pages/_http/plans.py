"""A published plan to take away: /exports/plan.{pdf,xlsx,csv,gpx,ics}, for who is signed in."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.routing import Route

from geo.routes import week_days
from pages import _plan_files, _records
from pages._http.addresses import prefix_of
from pages._http.answers import RefusedError, attach, plainly
from pages._http.principal import principal_of
from pages._http.questions import read_area, with_language
from pages._plan_files import KINDS, Wanted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response

_MEDIA = {**KINDS, "zip": "application/zip"}
_WEEK = re.compile(r"[0-9]{4}-W[0-9]{2}", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)


def plan_routes(base_path: str = "") -> list[Route]:
    """List the routes of plans.

    Parameters
    ----------
    base_path
        Streamlit's ``server.baseUrlPath``, with or without slashes.

    Returns
    -------
    list of starlette.routing.Route
        One.

    Examples
    --------
    >>> plan_routes("map")[0].path
    '/map/exports/plan.{kind}'
    """
    prefix = prefix_of(base_path)
    return [Route(f"{prefix}/exports/plan.{{kind}}", plainly(export_plan), name="export_plan")]


def plan_url(kind: str, wanted: Wanted, *, base_path: str = "") -> str:
    """Write the address of a file; it holds codes, numbers and days only.

    Parameters
    ----------
    kind
        Ending of the file.
    wanted
        Which part of which plan.
    base_path
        As for ``plan_routes``.
    """
    prefix = prefix_of(base_path)
    query = {
        "week": wanted.week,
        "plan": wanted.plan_id,
        "officer": wanted.officer_id,
        "day": wanted.day,
        "area": wanted.area,
    }
    written = urlencode({name: str(value) for name, value in query.items() if value})
    return f"{prefix}/exports/plan.{kind}?{with_language(written)}"


def export_plan(request: Request) -> Response:
    """Write a published plan, or a part of it.

    Parameters
    ----------
    request
        ``kind`` in its path; in its query what ``read_wanted`` reads.

    Returns
    -------
    starlette.responses.Response
        A file to save, kept by no cache.

    Raises
    ------
    RefusedError
        If there is no such kind, or the query is not understood.
    DataError
        If nothing of it is published in reach.
    """
    kind = request.path_params["kind"]
    if kind not in KINDS:
        raise RefusedError("There is no such file: give one of {kinds}.", status=404, kinds=KINDS)
    wanted = read_wanted(request.query_params)
    source = _records.open_source(principal_of(request))
    ending, content = _plan_files.write(kind, source, _plan_files.gather(source, wanted))
    what = wanted.week or f"plan{wanted.plan_id}"
    name = "_".join(
        filter(None, ["sambang", what, wanted.area, wanted.day.isoformat() if wanted.day else ""])
    )
    return attach(content, _MEDIA[ending], f"{name}.{ending}")


def read_wanted(query: Mapping[str, str]) -> Wanted:
    """Read which part of which plan is wanted.

    Parameters
    ----------
    query
        ``week`` or ``plan`` (a version's number); ``officer``, ``day`` and ``area`` may be left
        out.

    Returns
    -------
    Wanted
        What was read.

    Raises
    ------
    RefusedError
        If a value is not one that it can have.

    Examples
    --------
    >>> read_wanted({"plan": "3", "day": "2026-11-30"})
    Wanted(week='', plan_id=3, officer_id='', day=datetime.date(2026, 11, 30), area='')
    """
    week, plan = query.get("week", ""), query.get("plan", "")
    if bool(week) == bool(plan):
        raise RefusedError("Give the week as week=2026-W48, or the number of a plan as plan=1.")
    if plan and not _NUMBER.fullmatch(plan):
        raise RefusedError("Give the number of a plan as plan=1.")
    if week:
        if not _WEEK.fullmatch(week):
            raise RefusedError("Give the week as week=2026-W48.")
        week_days(week)
    day = _read_day(query.get("day", ""))
    return Wanted(week, int(plan) if plan else None, query.get("officer", ""), day, read_area(query))


def _read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise RefusedError("Give the day as day=2026-11-30.") from None
