"""Routes of the field sheet: an officer's day list as one light page that works offline."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from data.field.marks import record_marks
from pages.my_area.day import read_day_list
from pages.my_area.field_sheet import FIELD_URL, answer_page, write_sheet, write_start
from pages.queries.officers import find_officer, list_officers
from pages.queries.records import open_connection
from pages.text.language import get_language
from pages.text.vocabulary import describe_reason
from pages.web.addresses import normalise_base_path
from pages.web.answers import RefusedError, answer_plainly, answer_plainly_async
from pages.web.bodies import is_json, read_body, read_form, read_json, require_own_page
from pages.web.principal import find_principal

if TYPE_CHECKING:
    from starlette.requests import Request

    from pages.queries.records import Connection

_STATIC = Path(__file__).with_name("static")


def make_field_routes(base_path: str = "") -> list[Route]:
    """List the routes of the field sheet.

    Parameters
    ----------
    base_path
        Streamlit's ``server.baseUrlPath``, with or without slashes.

    Returns
    -------
    list of starlette.routing.Route
        The sheet, its marks, its script and its service worker.

    Examples
    --------
    >>> [route.path for route in make_field_routes("map")][0]
    '/map/field'
    """
    prefix = normalise_base_path(base_path) + FIELD_URL
    return [
        Route(prefix, answer_plainly(serve_field_sheet), name="field"),
        Route(f"{prefix}/marks", answer_plainly_async(take_marks), methods=["POST"], name="field_marks"),
        Route(f"{prefix}/field.js", answer_plainly(serve_script), name="field_script"),
        Route(f"{prefix}/sw.js", answer_plainly(serve_worker), name="field_worker"),
    ]


def serve_field_sheet(request: Request) -> Response:
    """Serve an officer's day list, or the lists to choose from.

    Parameters
    ----------
    request
        In its query ``officer`` (number) and ``village`` (code); the first village if it is left out.

    Returns
    -------
    starlette.responses.Response
        HTML, or 304 Not Modified if the browser has it already.

    Raises
    ------
    ScopeError
        If the officer or the village is out of scope.
    """
    connection = open_connection(find_principal(request))
    officer_id = request.query_params.get("officer")
    base = _base_of(request)
    if not officer_id:
        return answer_page(request, write_start(list_officers(connection), base))
    officer = find_officer(connection, officer_id)
    village = request.query_params.get("village") or next(iter(officer.villages))
    return answer_page(request, write_sheet(read_day_list(connection, officer, village), base))


def serve_script(_request: Request) -> Response:
    """Serve the script of the field sheet."""
    return _static("field.js")


def serve_worker(request: Request) -> Response:
    """Serve the service worker, which also controls the field sheet's own address."""
    response = _static("sw.js")
    response.headers["Service-Worker-Allowed"] = _base_of(request) + FIELD_URL
    return response


async def take_marks(request: Request) -> Response:
    """Accept marks: JSON from the script, or one form from a page without it.

    Parameters
    ----------
    request
        JSON: ``officer`` and ``marks``, a list as for ``data.field.marks.record_marks``. A form: ``officer``,
        ``village``, ``household_id``, ``visit_id`` and ``outcome``; its time is now.

    Returns
    -------
    starlette.responses.Response
        For JSON: ``accepted``, ids, and ``refused``, ids with reasons. For a form: a redirect to the sheet.

    Raises
    ------
    RefusedError
        If it was not sent by a page of this app, or cannot be read.
    ScopeError
        If the officer is out of scope.
    """
    require_own_page(request)
    body = await read_body(request)
    if is_json(request):
        return await run_in_threadpool(_take_json, request, read_json(body))
    return await run_in_threadpool(_take_form, request, read_form(body, request))


def _take_json(request: Request, sent: dict[str, Any]) -> Response:
    officer_id, marks = sent.get("officer"), sent.get("marks")
    if not isinstance(officer_id, str) or not isinstance(marks, list):
        raise RefusedError("Send the officer's number and a list of marks.")
    connection = open_connection(find_principal(request))
    receipt = record_marks(connection.database, connection.principal, officer_id, marks)
    told = {mark: describe_reason(code) for mark, code in receipt.refused.items()}
    return JSONResponse(
        {"accepted": receipt.accepted, "refused": told}, headers={"Cache-Control": "no-store"}
    )


def _take_form(request: Request, sent: dict[str, str]) -> Response:
    connection: Connection = open_connection(find_principal(request))
    mark = {name: sent.get(name) for name in ("visit_id", "household_id", "outcome")}
    mark["marked_at"] = connection.clock.now().isoformat()
    receipt = record_marks(connection.database, connection.principal, sent.get("officer", ""), [mark])
    if receipt.refused:
        raise RefusedError(describe_reason(next(iter(receipt.refused.values()))))
    back: dict[str, str] = {name: sent[name] for name in ("officer", "village") if name in sent}
    back["lang"] = get_language()
    return RedirectResponse(f"{_base_of(request)}{FIELD_URL}?{urlencode(back)}", status_code=303)


def _static(name: str) -> Response:
    return FileResponse(_STATIC / name, media_type="text/javascript", headers={"Cache-Control": "no-cache"})


def _base_of(request: Request) -> str:
    """Return the part of the address before /field."""
    return request.url.path.partition(FIELD_URL)[0]
