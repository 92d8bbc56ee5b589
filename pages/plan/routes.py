"""A published plan to take away: /exports/plan.{pdf,xlsx,csv,gpx,ics}, for who is signed in."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.routing import Route

from data.exports.file_types import MEDIA_TYPES
from geo.routes import list_week_days
from pages.plan.files import KINDS, PlanPart, gather_extract, write_plan_file
from pages.queries.records import open_connection
from pages.web.addresses import normalise_base_path
from pages.web.answers import RefusedError, answer_plainly, attach_file
from pages.web.parameters import add_language, read_area
from pages.web.principal import find_principal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response

_WEEK = re.compile(r"[0-9]{4}-W[0-9]{2}", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)


def make_plan_routes(base_path: str = "") -> list[Route]:
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
    >>> make_plan_routes("map")[0].path
    '/map/exports/plan.{kind}'
    """
    prefix = normalise_base_path(base_path)
    return [Route(f"{prefix}/exports/plan.{{kind}}", answer_plainly(export_plan), name="export_plan")]


def write_plan_url(kind: str, wanted: PlanPart, *, base_path: str = "") -> str:
    """Write the address of a file; it holds codes, numbers and days only.

    Parameters
    ----------
    kind
        Ending of the file.
    wanted
        Which part of which plan.
    base_path
        As for ``make_plan_routes``.
    """
    prefix = normalise_base_path(base_path)
    query = {
        "week": wanted.week,
        "plan": wanted.plan_id,
        "officer": wanted.officer_id,
        "day": wanted.day,
        "area": wanted.area,
    }
    written = urlencode({name: str(value) for name, value in query.items() if value})
    return f"{prefix}/exports/plan.{kind}?{add_language(written)}"


def export_plan(request: Request) -> Response:
    """Write a published plan, or a part of it.

    Parameters
    ----------
    request
        ``kind`` in its path; in its query what ``read_plan_part`` reads.

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
    wanted = read_plan_part(request.query_params)
    connection = open_connection(find_principal(request))
    ending, content = write_plan_file(kind, connection, gather_extract(connection, wanted))
    what = wanted.week or f"plan{wanted.plan_id}"
    name = "_".join(
        filter(None, ["sambang", what, wanted.area, wanted.day.isoformat() if wanted.day else ""])
    )
    return attach_file(content, MEDIA_TYPES[ending], f"{name}.{ending}")


def read_plan_part(query: Mapping[str, str]) -> PlanPart:
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
    >>> read_plan_part({"plan": "3", "day": "2026-11-30"})
    PlanPart(week='', plan_id=3, officer_id='', day=datetime.date(2026, 11, 30), area='')
    """
    week, plan = query.get("week", ""), query.get("plan", "")
    if bool(week) == bool(plan):
        raise RefusedError("Give the week as week=2026-W48, or the number of a plan as plan=1.")
    if plan and not _NUMBER.fullmatch(plan):
        raise RefusedError("Give the number of a plan as plan=1.")
    if week:
        if not _WEEK.fullmatch(week):
            raise RefusedError("Give the week as week=2026-W48.")
        list_week_days(week)
    day = _read_day(query.get("day", ""))
    return PlanPart(week, int(plan) if plan else None, query.get("officer", ""), day, read_area(query))


def _read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise RefusedError("Give the day as day=2026-11-30.") from None
