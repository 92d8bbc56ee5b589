"""The Unvisited page in a browser: tiles of our own server, a group zoomed to; My area at every width."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.waiting import wait_for_map, wait_until_still

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import FrameLocator, Page, Response

    from tests.browser.conftest import OpenPage

pytestmark = pytest.mark.browser

MAX_BYTES = 1_000_000
WIDTHS = [(360, False), (1366, False), (1366, True), (1920, False)]


def map_of(page: Page) -> FrameLocator:
    return page.frame_locator('iframe[title*="folium"]').first


def wait_for_tiles(page: Page) -> None:
    map_of(page).locator("img.leaflet-tile-loaded").first.wait_for(state="attached", timeout=30_000)
    wait_until_still(page)
    wait_for_map(page, map_of(page))


def test_map_is_drawn_from_tiles_of_our_own(dashboard_url: str, open_page: OpenPage) -> None:
    page = open_page("about:blank")
    tiles: list[Response] = []
    sent: list[int] = []
    page.on("response", lambda answer: tiles.append(answer) if "/tiles/" in answer.url else None)
    page.on("websocket", lambda socket: socket.on("framereceived", lambda data: sent.append(len(data))))
    page.goto(f"{dashboard_url}/unvisited")
    wait_for_tiles(page)
    assert tiles
    assert {answer.status for answer in tiles} == {200}
    assert all(answer.url.startswith(dashboard_url) for answer in tiles)
    assert sum(sent) + sum(len(answer.body()) for answer in tiles) <= MAX_BYTES
    with page.expect_response(lambda answer: "/tiles/" in answer.url):
        map_of(page).locator(".leaflet-control-zoom-in").click()
    wait_for_map(page, map_of(page))
    assert {answer.status for answer in tiles} == {200}


def test_picked_group_is_zoomed_to(dashboard_url: str, open_page: OpenPage) -> None:
    page = open_page(f"{dashboard_url}/unvisited?lang=en")
    wait_for_tiles(page)
    wide = map_of(page).locator(".leaflet-control-scale-line").inner_text()
    grid = page.locator('[data-testid="stDataFrame"] .dvn-scroller').first
    grid.click(position={"x": 16, "y": 52})  # the box before the first row
    expect(map_of(page).locator(".leaflet-control-scale-line")).not_to_have_text(wide, timeout=20_000)
    # The largest group of the sample is about 1.5 km wide, the map 500 to 700 px: 200 to 300 m for 100 px.
    assert map_of(page).locator(".leaflet-control-scale-line").inner_text() in {"200 m", "300 m"}


@pytest.mark.parametrize(("width", "dark"), WIDTHS)
def test_page_fits_the_screen(
    dashboard_url: str, open_page: OpenPage, output: Path, width: int, *, dark: bool
) -> None:
    page = open_page(f"{dashboard_url}/unvisited", width=width, dark=dark)
    wait_for_tiles(page)
    page.screenshot(path=output / f"unvisited_{width}{'_dark' if dark else ''}.png")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(("width", "dark"), WIDTHS)
def test_my_area_fits_the_screen(
    dashboard_url: str, open_page: OpenPage, output: Path, width: int, *, dark: bool
) -> None:
    page = open_page(f"{dashboard_url}/my_area", width=width, dark=dark)
    page.locator('[class*="st-key-my_home_8"] button').first.wait_for(timeout=30_000)
    page.screenshot(path=output / f"my_area_{width}{'_dark' if dark else ''}.png")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    heights = [
        button.bounding_box() for button in page.locator('[class*="st-key-my_home_"] button').all()[:4]
    ]
    assert all(box and box["height"] >= 48 for box in heights)
    link = page.locator('a[href^="geo:"]').first
    expect(link).to_be_attached()
    assert page.locator(".ring").count() == 1
