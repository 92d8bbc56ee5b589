"""Security headers of every response."""

from __future__ import annotations

import base64
import hashlib
import re
from importlib.resources import files
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders

from data.errors import DataError
from pages.web.addresses import normalise_base_path

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_HOST = re.compile(r"(\*\.)?[A-Za-z0-9.-]+(:[0-9]+)?|\[[0-9A-Fa-f:]+\](:[0-9]+)?")
_FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class SecurityHeaders:
    """ASGI middleware that adds the headers to every HTTP response; websockets pass through untouched.

    Parameters
    ----------
    app
        The application to wrap.
    tiles_url
        XYZ template of the basemap: the only external host that pages may load, and images only.
    base_path
        Streamlit's ``server.baseUrlPath``.
    """

    def __init__(self, app: ASGIApp, *, tiles_url: str | None = None, base_path: str = "") -> None:
        self.app = app
        self._components = normalise_base_path(base_path) + "/component/"
        self._page = write_page_policy()
        self._component = write_component_policy(tiles_url)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and add the headers to the response."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        is_component = scope["path"].startswith(self._components)
        policy = self._component if is_component else self._page

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _FIXED.items():
                    headers.setdefault(name, value)
                headers.setdefault("Content-Security-Policy", policy)
            await send(message)

        await self.app(scope, receive, send_with_headers)


def write_page_policy() -> str:
    """Write the content security policy of pages.

    Returns
    -------
    str
        Everything from this server; a comment explains each exception.

    Examples
    --------
    >>> "frame-ancestors 'self'" in write_page_policy()
    True
    """
    return _join(
        {
            **_strictest(),
            # The one script inside Streamlit's index.html, by its hash; no other inline script, no eval:
            # Streamlit reads Vega's expressions with an interpreter.
            "script-src": ["'self'", *_hashes_of_index()],
            # Streamlit's components add style elements and style attributes.
            "style-src": ["'self'", "'unsafe-inline'"],
            # Icons in style sheets, and charts or tables saved as images.
            "img-src": ["'self'", "data:", "blob:"],
            # The smallest math fonts are embedded in Streamlit's style sheet.
            "font-src": ["'self'", "data:"],
        }
    )


def write_component_policy(tiles_url: str | None = None) -> str:
    """Write the content security policy of the frame that holds a map.

    Parameters
    ----------
    tiles_url
        XYZ template of the basemap, if there is one.

    Returns
    -------
    str
        Looser than a page's, as streamlit-folium needs; ``geo.maps`` escapes all text written into a map.

    Examples
    --------
    >>> "img-src 'self' data: https://tiles.example" in write_component_policy("https://tiles.example/{z}/{x}/{y}.png")
    True
    """
    return _join(
        {
            **_strictest(),
            # streamlit-folium inserts the map as a script element and uses eval.
            "script-src": ["'self'", "'unsafe-inline'", "'unsafe-eval'"],
            # The component's theme, and folium's size of the map, are style elements.
            "style-src": ["'self'", "'unsafe-inline'"],
            # A density surface is a data: image; the tile server is the only external host.
            "img-src": ["'self'", "data:", *([read_tile_origin(tiles_url)] if tiles_url else [])],
        }
    )


def read_tile_origin(tiles_url: str) -> str:
    """Return the origin of a tile server, as written in a policy.

    Parameters
    ----------
    tiles_url
        XYZ template; ``{s}`` in the host stands for any subdomain.

    Returns
    -------
    str
        Scheme, host and port.

    Raises
    ------
    DataError
        If a policy cannot name the host.

    Examples
    --------
    >>> read_tile_origin("https://{s}.tiles.example:8443/{z}/{x}/{y}.png?key=1")
    'https://*.tiles.example:8443'
    """
    parts = urlsplit(tiles_url)
    host = re.sub(r"^[^.]*\{s\}[^.]*(?=\.)", "*", parts.netloc.rpartition("@")[2])
    if not _HOST.fullmatch(host):
        raise DataError(
            "Invalid setting SAMBANG_TILES_URL: '{host}' is not a host name. Use one such as "
            "tiles.example, with {{s}} only as its first part.",
            host=parts.netloc,
        )
    return f"{parts.scheme}://{host}"


def _strictest() -> dict[str, list[str]]:
    return {
        "default-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'self'"],
    }


def _hashes_of_index() -> list[str]:
    index = (files("streamlit") / "static" / "index.html").read_text(encoding="utf-8")
    digests = (hashlib.sha256(script.encode()).digest() for script in _INLINE_SCRIPT.findall(index))
    return [f"'sha256-{base64.b64encode(digest).decode('ascii')}'" for digest in digests]


def _join(directives: dict[str, list[str]]) -> str:
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in directives.items())
