"""Scripts and style sheets of maps, served from the installed packages, never from the internet."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from geo.maps import ASSETS_URL, STATIC
from pages.web.addresses import normalise_base_path

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import Scope

_A_DAY = "public, max-age=86400"
_ASK_EACH_TIME = "no-cache"  # cached by the browser, and revalidated at each use


class CachedFiles(StaticFiles):
    """Static files with a ``Cache-Control`` header."""

    def __init__(self, *, directory: str, cache_control: str) -> None:
        super().__init__(directory=directory)
        self.cache_control = cache_control

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return Starlette's response with the header added.

        Parameters
        ----------
        path
            Path inside the folder.
        scope
            The request.

        Returns
        -------
        starlette.responses.Response
            The file, or 304 Not Modified.
        """
        response = await super().get_response(path, scope)
        response.headers.setdefault("Cache-Control", self.cache_control)
        return response


def make_asset_routes(base_path: str = "") -> list[Mount]:
    """List the folders under ``/assets``.

    Parameters
    ----------
    base_path
        Streamlit's ``server.baseUrlPath``, with or without slashes.

    Returns
    -------
    list of starlette.routing.Mount
        leaflet, markercluster, jquery, folium (its heat script) and sambang.

    Examples
    --------
    >>> [mount.path for mount in make_asset_routes("map")][:2]
    ['/map/assets/sambang', '/map/assets/leaflet']
    """
    prefix = normalise_base_path(base_path) + ASSETS_URL
    folders = {
        "sambang": STATIC,
        "leaflet": files("xstatic.pkg.leaflet") / "data",
        "markercluster": files("xstatic.pkg.leaflet_markercluster") / "data",
        "jquery": files("xstatic.pkg.jquery") / "data",
        "folium": files("folium") / "templates",
    }
    return [
        Mount(
            f"{prefix}/{name}",
            CachedFiles(directory=str(folder), cache_control=_ASK_EACH_TIME if name == "sambang" else _A_DAY),
            name=f"assets_{name}",
        )
        for name, folder in folders.items()
    ]
