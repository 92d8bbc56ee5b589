"""The Weekly plan page in a browser: built, changed, published, printed, at every width."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pypdf
import pytest
from playwright.sync_api import expect

from tests.browser.server import serve
from tests.browser.waiting import wait_until_still

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.conftest import OpenPage

pytestmark = pytest.mark.browser

MAX_BYTES = 1_000_000
BUILT_MS = 180_000


@pytest.fixture(scope="module")
def plan_url(own_district: Path) -> Iterator[str]:
    """A server of the sample district whose plans nobody else publishes."""
    with serve("dashboard.py", own_district) as url:
        yield f"{url}/plan"


def build(page: Page) -> None:
    """Have a draft, the user's own if there is one."""
    button = page.locator(".st-key-plan_build button")
    expect(button).to_be_enabled(timeout=60_000)
    wait_until_still(page)  # a draft of the user's own comes last
    if not page.locator(".st-key-plan_actions").count():
        button.click()
    page.locator(".st-key-plan_actions").wait_for(timeout=BUILT_MS)
    page.frame_locator('iframe[title*="folium"]').locator(".leaflet-control-zoom-in").wait_for(timeout=60_000)


def test_plan_is_built_changed_published_and_printed(
    plan_url: str, open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page("about:blank")
    sent: list[int] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda data: sent.append(len(data))))
    page.goto(f"{plan_url}?lang=en")
    build(page)
    assert sum(sent) <= MAX_BYTES
    grid = page.locator('[data-testid="stDataFrame"]').first
    grid.scroll_into_view_if_needed()
    grid.click(position={"x": 16, "y": 52})  # the box before the first row
    page.locator(".st-key-plan_do_lock button").click(timeout=30_000)
    expect(page.get_by_text("1 household changed manually")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Publish").click()
    page.locator(".st-key-plan_publish button").click()
    expect(page.get_by_text("Published as version 1: officers can see it from now on.")).to_be_visible(
        timeout=30_000
    )
    wait_until_still(page)  # what is still drawn would close the list
    page.locator(".st-key-plan_file_day_draft input").click()
    page.get_by_role("option").nth(1).click()  # Monday
    link = page.locator('.st-key-plan_files_draft a[href*="plan.pdf"][href*="day="]')
    with page.expect_download(timeout=120_000) as saved:
        link.click()
    saved.value.save_as(tmp_path / "plan.pdf")
    said = pypdf.PdfReader(tmp_path / "plan.pdf").pages[0].extract_text()
    assert "Visits of the day" in said or "visits" in said
    page.locator(".st-key-plan_view button").nth(1).click()
    expect(page.get_by_text("The latest version is in force for each officer.")).to_be_visible(timeout=30_000)


@pytest.mark.parametrize(("width", "dark"), [(360, False), (360, True), (1366, True), (1920, False)])
def test_plan_fits_the_screen(
    plan_url: str, open_page: OpenPage, output: Path, width: int, *, dark: bool
) -> None:
    page = open_page(f"{plan_url}?lang=id", width=width, dark=dark)
    build(page)
    wait_until_still(page)
    page.screenshot(path=output / f"plan_{width}{'_dark' if dark else ''}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    main = page.get_by_test_id("stMain")
    assert main.evaluate("part => part.scrollWidth <= part.clientWidth")
