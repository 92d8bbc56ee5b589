"""Two maps that move together, in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.waiting import wait_for_map, wait_until, wait_until_still

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import FrameLocator

    from tests.browser.conftest import OpenPage

pytestmark = pytest.mark.browser

TOLERANCE = 5e-4  # degrees: Leaflet sets a map down on whole pixels


def view_of(frame: FrameLocator) -> list[float]:
    return frame.locator("body").evaluate(
        "() => { const at = map_div.getCenter(); return [at.lat, at.lng, map_div.getZoom()]; }"
    )


def test_what_is_done_on_one_map_the_other_does_too(dashboard_url: str, open_page: OpenPage) -> None:
    page = open_page(f"{dashboard_url}/compare?lang=en")
    left, right = (page.frame_locator("iframe").nth(number) for number in (0, 1))
    for frame in (left, right):
        expect(frame.locator("path.sambang-area")).to_have_count(17, timeout=40_000)
    before = view_of(right)
    left.locator(".leaflet-control-zoom-in").click()
    wait_for_map(page, left)
    wait_until(page, lambda: view_of(right) == pytest.approx(view_of(left), abs=TOLERANCE))
    assert view_of(right) == pytest.approx(view_of(left), abs=TOLERANCE)
    assert view_of(right)[2] > before[2]
    box = page.locator("iframe").nth(1).bounding_box()
    assert box
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] + 60, middle[1] + 40, steps=8)
    page.mouse.up()
    wait_for_map(page, right)
    wait_until(page, lambda: view_of(right) == pytest.approx(view_of(left), abs=TOLERANCE))
    moved = view_of(right)
    assert moved == pytest.approx(view_of(left), abs=TOLERANCE)
    assert abs(moved[1] - before[1]) > 10 * TOLERANCE


def test_maps_of_another_page_stay_where_they_are(dashboard_url: str, open_page: OpenPage) -> None:
    first, second = (open_page(f"{dashboard_url}/compare?lang=en") for _ in range(2))
    frames = [page.frame_locator("iframe").first for page in (first, second)]
    for frame in frames:
        expect(frame.locator("path.sambang-area")).to_have_count(17, timeout=40_000)
    before = view_of(frames[1])
    frames[0].locator(".leaflet-control-zoom-in").click()
    partner = first.frame_locator("iframe").nth(1)
    wait_until(first, lambda: view_of(partner)[2] > before[2])  # by now the message has been sent to all
    assert view_of(partner)[2] > before[2]
    wait_for_map(second, frames[1])
    assert view_of(frames[1]) == before


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_comparison_draws(dashboard_url: str, open_page: OpenPage, output: Path, *, dark: bool) -> None:
    page = open_page(f"{dashboard_url}/compare?lang=en", dark=dark)
    for way in ("Change", "Emerging hot spots", "Crime and coverage", "Ranking", "Before and after"):
        page.get_by_text(way, exact=True).first.click()
        wait_until_still(page)
        if way == "Crime and coverage":
            frame = page.frame_locator("iframe").first
            expect(frame.locator(".sambang-matrix .cells span")).to_have_count(9, timeout=40_000)
        assert page.locator("[data-testid=stException]").count() == 0
        page.screenshot(path=output / f"compare-{way.split()[0].lower()}-{'dark' if dark else 'light'}.png")
