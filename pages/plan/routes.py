"""Export of a published plan to signed-in users: /exports/plan.{pdf,xlsx,csv,gpx,ics}."""

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
    """Return the HTTP routes of plan exports.

    Parameters
    ----------
    base_path
        Streamlit's ``server.baseUrlPath``, with or without slashes.

    Returns
    -------
    list of starlette.routing.Route
        A single route.

    Examples
    --------
    >>> make_plan_routes("map")[0].path
    '/map/exports/plan.{kind}'
    """
    prefix = normalise_base_path(base_path)
    return [Route(f"{prefix}/exports/plan.{{kind}}", answer_plainly(export_plan), name="export_plan")]


def write_plan_url(kind: str, wanted: PlanPart, *, base_path: str = "") -> str:
    """Return the URL of a file; it contains only codes, numbers and days.

    Parameters
    ----------
    kind
        Extension of the file.
    wanted
        Part of a plan.
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
        Has ``kind`` in its path, and the parameters of ``read_plan_part`` in its query.

    Returns
    -------
    starlette.responses.Response
        A file to download, not cached.

    Raises
    ------
    RefusedError
        If the kind is unknown or the query is invalid.
    DataError
        If no such plan is published in scope.
    """
    kind = request.path_params["kind"]
    if kind not in KINDS:
        raise RefusedError("There is no such file: choose one of {kinds}.", status=404, kinds=KINDS)
    wanted = read_plan_part(request.query_params)
    connection = open_connection(find_principal(request))
    ending, content = write_plan_file(kind, connection, gather_extract(connection, wanted))
    what = wanted.week or f"plan{wanted.plan_id}"
    name = "_".join(
        filter(None, ["sambang", what, wanted.area, wanted.day.isoformat() if wanted.day else ""])
    )
    return attach_file(content, MEDIA_TYPES[ending], f"{name}.{ending}")


def read_plan_part(query: Mapping[str, str]) -> PlanPart:
    """Read from a query which part of which plan is wanted.

    Parameters
    ----------
    query
        ``week`` or ``plan`` (a version's number); ``officer``, ``day`` and ``area`` are
        optional.

    Returns
    -------
    PlanPart
        The part of the plan.

    Raises
    ------
    RefusedError
        If a value is invalid.

    Examples
    --------
    >>> read_plan_part({"plan": "3", "day": "2026-11-30"})
    PlanPart(week='', plan_id=3, officer_id='', day=datetime.date(2026, 11, 30), area='')
    """
    week, plan = query.get("week", ""), query.get("plan", "")
    if bool(week) == bool(plan):
        raise RefusedError("Set the week as week=2026-W48, or the plan number as plan=1.")
    if plan and not _NUMBER.fullmatch(plan):
        raise RefusedError("Set the plan number as plan=1.")
    if week:
        if not _WEEK.fullmatch(week):
            raise RefusedError("Set the week as week=2026-W48.")
        list_week_days(week)
    day = _read_day(query.get("day", ""))
    return PlanPart(week, int(plan) if plan else None, query.get("officer", ""), day, read_area(query))


def _read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise RefusedError("Set the day as day=2026-11-30.") from None
