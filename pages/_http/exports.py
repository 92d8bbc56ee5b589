"""Lists to take away, for who is signed in: /exports/unvisited.{csv,xlsx,geojson,gpx,pdf}."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from pages import _households, _records
from pages._http.addresses import prefix_of
from pages._http.answers import RefusedError, attach, plainly
from pages._http.principal import principal_of
from pages._http.questions import read_asked, read_chosen, with_language, write_query
from pages._lists import KINDS, write_list

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from pages._households import Asked, Chosen


def export_routes(base_path: str = "") -> list[Route]:
    """List the routes of exports.

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
    >>> export_routes()[0].path
    '/exports/unvisited.{kind}'
    """
    prefix = prefix_of(base_path)
    return [Route(f"{prefix}/exports/unvisited.{{kind}}", plainly(export_unvisited), name="export_unvisited")]


def export_url(kind: str, asked: Asked, chosen: Chosen, *, base_path: str = "") -> str:
    """Write the address of an export; it holds codes and dates only.

    Parameters
    ----------
    kind
        Ending of the file.
    asked, chosen
        Which status, and which households.
    base_path
        As for ``export_routes``.
    """
    prefix = prefix_of(base_path)
    return f"{prefix}/exports/unvisited.{kind}?{with_language(write_query(asked, chosen))}"


def export_unvisited(request: Request) -> Response:
    """Write the list of households by status.

    Parameters
    ----------
    request
        ``kind`` in its path; in its query what ``read_asked`` and ``read_chosen`` read.

    Returns
    -------
    starlette.responses.Response
        A file to save, kept by no cache.

    Raises
    ------
    RefusedError
        If there is no such kind, or the query is not understood.
    ScopeError
        If the area is out of reach.
    """
    kind = request.path_params["kind"]
    if kind not in KINDS:
        raise RefusedError("There is no such file: give one of {kinds}.", status=404, kinds=KINDS)
    asked, chosen = read_asked(request.query_params), read_chosen(request.query_params)
    source = _records.open_source(principal_of(request))
    rows = _households.list_households(source, asked, chosen)
    name = "_".join(filter(None, ["sambang", "unvisited", chosen.area, asked.until.isoformat()]))
    return attach(write_list(kind, source, asked, chosen, rows), KINDS[kind], f"{name}.{kind}")
