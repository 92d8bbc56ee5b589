"""Route of exports for the signed-in user: /exports/unvisited.{csv,xlsx,geojson,gpx,pdf}."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from data.exports.file_types import MEDIA_TYPES
from pages.queries.households import list_households
from pages.queries.records import open_connection
from pages.unvisited.export import KINDS, export_households
from pages.unvisited.parameters import read_household_filter, read_status_request, write_household_query
from pages.web.addresses import normalise_base_path
from pages.web.answers import RefusedError, answer_plainly, attach_file
from pages.web.parameters import add_language
from pages.web.principal import find_principal

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from pages.queries.households import HouseholdFilter, StatusRequest


def make_export_routes(base_path: str = "") -> list[Route]:
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
    >>> make_export_routes()[0].path
    '/exports/unvisited.{kind}'
    """
    prefix = normalise_base_path(base_path)
    return [
        Route(
            f"{prefix}/exports/unvisited.{{kind}}", answer_plainly(export_unvisited), name="export_unvisited"
        )
    ]


def write_export_url(kind: str, asked: StatusRequest, chosen: HouseholdFilter, *, base_path: str = "") -> str:
    """Write the URL of an export; it holds codes and dates only.

    Parameters
    ----------
    kind
        Ending of the file.
    asked, chosen
        Requested status, and requested households.
    base_path
        As for ``make_export_routes``.
    """
    prefix = normalise_base_path(base_path)
    return f"{prefix}/exports/unvisited.{kind}?{add_language(write_household_query(asked, chosen))}"


def export_unvisited(request: Request) -> Response:
    """Write the list of households by status.

    Parameters
    ----------
    request
        ``kind`` in its path; in its query what ``read_status_request`` and ``read_household_filter`` read.

    Returns
    -------
    starlette.responses.Response
        A file to save, never cached.

    Raises
    ------
    RefusedError
        If there is no such kind, or the query is invalid.
    ScopeError
        If the area is out of scope.
    """
    kind = request.path_params["kind"]
    if kind not in KINDS:
        raise RefusedError("There is no such file: give one of {kinds}.", status=404, kinds=KINDS)
    asked, chosen = read_status_request(request.query_params), read_household_filter(request.query_params)
    connection = open_connection(find_principal(request))
    rows = list_households(connection, asked, chosen)
    name = "_".join(filter(None, ["sambang", "unvisited", chosen.area, asked.until.isoformat()]))
    content = export_households(kind, connection, asked, chosen, rows)
    return attach_file(content, MEDIA_TYPES[kind], f"{name}.{kind}")
