"""Route of map tiles of households for the signed-in user: /tiles/{layer}/{z}/{x}/{y}.png."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from starlette.responses import Response
from starlette.routing import Route

from geo.errors import GeoError
from geo.tiles import render_tile
from pages.queries.households import index_tiles, name_version
from pages.queries.records import open_connection
from pages.unvisited.parameters import read_status_request, read_statuses, write_household_query
from pages.web.addresses import normalise_base_path
from pages.web.answers import PRIVATE, RefusedError, answer_plainly
from pages.web.principal import find_principal

if TYPE_CHECKING:
    from starlette.requests import Request

    from pages.queries.households import HouseholdFilter, StatusRequest
    from pages.queries.records import Connection

LAYERS = ("households",)
_KEPT = "private, max-age=86400, immutable"
_NUMBER = re.compile(r"[0-9]{1,8}")
_ROW = re.compile(r"([0-9]{1,8})(@2x)?")


def make_tile_routes(base_path: str = "") -> list[Route]:
    """List the route of the tiles.

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
    >>> make_tile_routes("map")[0].path
    '/map/tiles/{layer}/{z}/{x}/{y}.png'
    """
    prefix = normalise_base_path(base_path)
    return [
        Route(f"{prefix}/tiles/{{layer}}/{{z}}/{{x}}/{{y}}.png", answer_plainly(serve_tile), name="tiles")
    ]


def write_tile_template(
    connection: Connection, asked: StatusRequest, chosen: HouseholdFilter, *, base_path: str = ""
) -> str:
    """Write the URL template of the tiles of households.

    Parameters
    ----------
    connection
        The database; the version of its data is in the URL, so that browsers can cache tiles.
    asked, chosen
        Requested status, and which statuses are drawn; tiles show all areas in scope.
    base_path
        As for ``make_tile_routes``.

    Returns
    -------
    str
        With ``{z}``, ``{x}``, ``{y}`` and ``{r}``.
    """
    prefix = normalise_base_path(base_path)
    query = write_household_query(
        asked, chosen._replace(area="", rt="", rw="", part_size=0), v=name_version(connection)
    )
    return f"{prefix}/tiles/{LAYERS[0]}/{{z}}/{{x}}/{{y}}{{r}}.png?{query}"


def serve_tile(request: Request) -> Response:
    """Draw one tile.

    Parameters
    ----------
    request
        ``layer``, ``z``, ``x`` and ``y`` (with ``@2x`` for screens of high density) in its path; in its
        query what ``read_status_request`` and ``read_statuses`` read, and the version ``v``.

    Returns
    -------
    starlette.responses.Response
        A PNG. It can be cached while the version is current.

    Raises
    ------
    RefusedError
        If there is no such layer or tile, or the query is invalid.
    """
    layer, z, x = (request.path_params[name] for name in ("layer", "z", "x"))
    row = _ROW.fullmatch(request.path_params["y"])
    if layer not in LAYERS or not row or not (_NUMBER.fullmatch(z) and _NUMBER.fullmatch(x)):
        raise RefusedError("There is no such tile: use /tiles/households/{z}/{x}/{y}.png.", status=404)
    asked, statuses = read_status_request(request.query_params), read_statuses(request.query_params)
    connection = open_connection(find_principal(request))
    index = index_tiles(connection, asked)
    scale = 2 if row[2] else 1
    try:
        picture = render_tile(index, int(z), int(x), int(row[1]), scale=scale, statuses=statuses)
    except GeoError as error:
        raise RefusedError(error.phrase.template, status=404, **error.phrase.values) from error
    is_present = request.query_params.get("v") == name_version(connection)
    return Response(
        picture, media_type="image/png", headers={"Cache-Control": _KEPT if is_present else PRIVATE}
    )
