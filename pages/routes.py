"""The app's own routes and middleware around Streamlit, composed by dashboard.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.middleware import Middleware

from data.settings import get_settings
from pages.my_area.field_routes import make_field_routes
from pages.plan.routes import make_plan_routes
from pages.unvisited.routes import make_export_routes
from pages.unvisited.tiles import make_tile_routes
from pages.web.addresses import read_base_path
from pages.web.assets import make_asset_routes
from pages.web.headers import SecurityHeaders

if TYPE_CHECKING:
    from starlette.routing import BaseRoute


def make_routes() -> list[BaseRoute]:
    """List the routes served beside Streamlit's own.

    Returns
    -------
    list of starlette.routing.BaseRoute
        Under ``server.baseUrlPath``.
    """
    base = read_base_path()
    lists = [*make_export_routes(base), *make_plan_routes(base)]
    return [*make_asset_routes(base), *make_tile_routes(base), *lists, *make_field_routes(base)]


def make_middleware() -> list[Middleware]:
    """List the middleware of every request, outermost first.

    Returns
    -------
    list of starlette.middleware.Middleware
        Security headers.

    Raises
    ------
    DataError
        If a setting is invalid.
    """
    return [Middleware(SecurityHeaders, tiles_url=get_settings().tiles_url, base_path=read_base_path())]
