from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute

from data.errors import DataError
from pages.web.assets import make_asset_routes
from pages.web.headers import SecurityHeaders, read_tile_origin, write_component_policy, write_page_policy
from pages.widgets.maps import MapClick, read_click

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp
    from starlette.websockets import WebSocket

TILES = "https://{s}.tiles.example/{z}/{x}/{y}.png"


def get(app: ASGIApp, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Ask an ASGI application for a path."""
    sent: list[dict[str, Any]] = []
    asked = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> dict[str, Any]:
        if not asked:
            await asyncio.Event().wait()  # the browser stays
        return asked.pop()

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "server": ("127.0.0.1", 80),
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
    }
    asyncio.run(app(scope, receive, send))  # type: ignore[arg-type]  # dicts stand for ASGI's messages
    answered = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], answered, b"".join(part.get("body", b"") for part in sent[1:])


def make_app(**options: Any) -> Starlette:
    async def hello(_: Request) -> PlainTextResponse:
        return PlainTextResponse("hello")

    async def greet(socket: WebSocket) -> None:
        await socket.accept()
        await socket.close()

    base = options.get("base_path", "")
    return Starlette(
        routes=[
            *make_asset_routes(base),
            WebSocketRoute("/socket", greet),
            Route("/{path:path}", hello),
        ],
        middleware=[Middleware(SecurityHeaders, **options)],
    )


# ---- assets


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("leaflet/leaflet.js", "javascript"),
        ("leaflet/leaflet.css", "text/css"),
        ("leaflet/images/marker-icon.png", "image/png"),
        ("markercluster/leaflet.markercluster.js", "javascript"),
        ("markercluster/MarkerCluster.css", "text/css"),
        ("jquery/jquery.min.js", "javascript"),
        ("folium/leaflet_heat.min.js", "javascript"),
        ("sambang/map.js", "javascript"),
        ("sambang/points.js", "javascript"),
        ("sambang/map.css", "text/css"),
    ],
)
def test_asset_is_served(path: str, kind: str) -> None:
    status, headers, body = get(make_app(), f"/assets/{path}")
    assert status == 200
    assert kind in headers["content-type"]
    assert len(body) > 500


def test_own_files_are_asked_for_again_and_libraries_kept_a_day() -> None:
    assert get(make_app(), "/assets/sambang/map.js")[1]["cache-control"] == "no-cache"
    assert "max-age=86400" in get(make_app(), "/assets/leaflet/leaflet.js")[1]["cache-control"]


def test_unchanged_asset_is_not_sent_again() -> None:
    tag = get(make_app(), "/assets/sambang/map.js")[1]["etag"]
    status, _, body = get(make_app(), "/assets/sambang/map.js", if_none_match=tag)
    assert (status, body) == (304, b"")


@pytest.mark.parametrize(
    "path", ["leaflet/../../../../etc/passwd", "sambang/../base.py", "sambang/", "nothing.js"]
)
def test_nothing_else_is_served(path: str) -> None:
    status, _, body = get(Starlette(routes=make_asset_routes()), f"/assets/{path}")
    assert status == 404
    assert b"import" not in body


def test_assets_follow_the_base_path() -> None:
    assert get(make_app(base_path="/sambang/"), "/sambang/assets/leaflet/leaflet.js")[0] == 200


# ---- headers


def test_every_answer_carries_the_headers() -> None:
    for path in ("/", "/assets/sambang/map.js", "/component/streamlit_folium.st_folium/index.html"):
        headers = get(make_app(), path)[1]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert "geolocation=(self)" in headers["permissions-policy"]
        assert "frame-ancestors 'self'" in headers["content-security-policy"]


def test_route_may_be_stricter_by_its_own_policy() -> None:
    async def strict(_: Request) -> PlainTextResponse:
        return PlainTextResponse("x", headers={"Content-Security-Policy": "default-src 'none'"})

    app = Starlette(routes=[Route("/", strict)], middleware=[Middleware(SecurityHeaders)])
    assert get(app, "/")[1]["content-security-policy"] == "default-src 'none'"


def test_websocket_passes_untouched() -> None:
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {"type": "websocket", "path": "/socket", "headers": [], "query_string": b"", "root_path": ""}
    asyncio.run(make_app()(scope, receive, send))  # type: ignore[arg-type]  # dicts stand for ASGI's messages
    assert sent[0]["type"] == "websocket.accept"
    assert sent[0]["headers"] == []


def test_pages_run_no_inline_script_and_no_eval() -> None:
    scripts = write_page_policy().partition("script-src ")[2].partition(";")[0]
    assert "unsafe" not in scripts
    assert scripts.count("'sha256-") == 1


def test_only_the_map_frame_is_looser() -> None:
    app = make_app(tiles_url=TILES)
    assert "unsafe-eval" not in get(app, "/")[1]["content-security-policy"]
    assert "unsafe-eval" not in get(app, "/x/component/")[1]["content-security-policy"]
    assert "unsafe-eval" in get(app, "/component/x/index.html")[1]["content-security-policy"]


def test_tiles_open_the_map_frame_to_pictures_of_their_host_only() -> None:
    assert "example" not in write_component_policy() + write_page_policy()
    opened = [part for part in write_component_policy(TILES).split("; ") if "example" in part]
    assert opened == ["img-src 'self' data: https://*.tiles.example"]


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://tiles.example/{z}/{x}/{y}.png", "https://tiles.example"),
        ("http://10.0.0.5:8080/{z}/{x}/{y}.png", "http://10.0.0.5:8080"),
        ("https://a{s}.tiles.example/{z}/{x}/{y}.png", "https://*.tiles.example"),
        ("https://name:secret@tiles.example/{z}/{x}/{y}.png", "https://tiles.example"),
    ],
)
def test_origin_of_tiles(url: str, origin: str) -> None:
    assert read_tile_origin(url) == origin


@pytest.mark.parametrize("host", ["tiles.example; script-src *; x", "tiles.{s}.example", "", "a b", "*"])
def test_tile_host_cannot_add_directives(host: str) -> None:
    with pytest.raises(DataError, match="SAMBANG_TILES_URL"):
        write_component_policy(f"https://{host}/{{z}}/{{x}}/{{y}}.png")


# ---- what comes back from a map


@pytest.mark.parametrize(
    "state",
    [None, {}, {"last_active_drawing": None}, {"last_active_drawing": {"properties": None}}, [], "x",
     {"last_active_drawing": {"properties": {"code": 7, "id": ["x"]}}}],
)  # fmt: skip
def test_unusable_click_is_no_click(state: object) -> None:
    assert read_click(state) == MapClick()


def test_click_gives_back_codes_as_they_were() -> None:
    click = read_click({"last_active_drawing": {"properties": {"code": "X0001&#95;2", "id": "a&#38;b"}}})
    assert click == MapClick("X0001_2", "a&b")
