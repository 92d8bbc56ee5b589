"""The shared screen turns its slides by itself, by key and by button, and fills a projector."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Watch
from tests.browser.waiting import wait_until_still

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from tests.browser.conftest import OpenPage

pytestmark = pytest.mark.browser

TITLES = (
    "How does this period compare?",
    "Where is crime high but coverage low?",
    "Where has crime changed?",
    "Where is the risk raised now?",
)
NOTE_TURNS = """
    window.turns = [];
    new MutationObserver(() => {
        const title = document.querySelector(".slide h1")?.innerText;
        if (title && title !== turns.at(-1)?.title) turns.push({title, at: performance.now() / 1000});
    }).observe(document, {subtree: true, childList: true, characterData: true});
"""


@pytest.fixture(scope="module", autouse=True)
def unattended(dashboard_url: str, chromium: Browser) -> Iterator[Page]:
    """A shared screen that nobody touches: it is open, and notes its turns, while the other tests run."""
    context, watch = chromium.new_context(viewport={"width": 1920, "height": 1080}), Watch()
    context.add_init_script(NOTE_TURNS)
    page = context.new_page()
    watch.attach(page)
    page.goto(f"{dashboard_url}/briefing?lang=en")
    page.locator(".slide h1").wait_for(timeout=60_000)
    yield page
    context.close()
    watch.check()


def test_keys_turn_the_slides_and_each_fits_the_screen(
    dashboard_url: str, open_page: OpenPage, output: Path
) -> None:
    page = open_page(f"{dashboard_url}/briefing?lang=en", width=1920, height=1080)
    expect(page.get_by_text(TITLES[0])).to_be_visible(timeout=60_000)
    expect(page.locator("[data-testid=stSidebar]")).to_be_hidden()
    expect(page.get_by_text("Exit")).to_be_visible()
    wait_until_still(page)  # until the keys are listened to
    page.keyboard.press("Space")
    expect(page.get_by_text("Resume")).to_be_visible()
    for title in (*TITLES[1:], TITLES[0]):
        page.keyboard.press("ArrowRight")
        expect(page.get_by_text(title)).to_be_visible(timeout=30_000)
        slide = page.locator(".slide")
        sizes = slide.evaluate(
            """slide => [...slide.querySelectorAll("*")]
                .filter(part => part.children.length === 0 && part.innerText)
                .map(part => parseFloat(getComputedStyle(part).fontSize))"""
        )
        assert min(sizes) >= 24
        assert max(sizes) >= 48
        assert slide.evaluate("slide => slide.scrollHeight <= slide.clientHeight + 1")
        assert page.evaluate("document.documentElement.scrollHeight <= innerHeight + 1")
        for picture in page.locator(".slide img").all():
            assert picture.evaluate("image => image.complete && image.naturalWidth > 100")
        page.screenshot(path=output / f"briefing-{TITLES.index(title)}.png")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_text(TITLES[3])).to_be_visible(timeout=30_000)


LONGEST = {1: 5, 3: 4}  # rows on the slides that list villages
ROW = {
    1: "117 kejahatan dilaporkan, 34% dari 2.285 KK tercakup",
    3: "Pencurian dengan pemberatan (curat)",
}


def test_the_longest_lists_fit_beside_the_map(dashboard_url: str, open_page: OpenPage) -> None:
    page = open_page(f"{dashboard_url}/briefing?lang=id", width=1920, height=1080)
    page.locator(".slide").wait_for(timeout=60_000)
    page.get_by_role("button", name="Jeda").click()
    expect(page.get_by_text("Lanjutkan")).to_be_visible(timeout=30_000)
    for place in range(len(TITLES)):
        if place in LONGEST:
            row = (
                f"<li><span class='mark'>1</span><span><strong>Sumbercempaka</strong>{ROW[place]}</span></li>"
            )
            said = (
                ""
                if place == 1
                else "<p class='said'>Di 40 desa kejahatan lagi kini lebih mungkin dari biasanya.</p>"
            )
            note = page.locator(".slide .side .note")
            expect(note).to_be_visible(timeout=30_000)
            over = page.locator(".slide .side").evaluate(
                """(side, rows) => {
                    const note = side.querySelector(".note");
                    side.innerHTML = rows;
                    side.append(note);
                    return side.scrollHeight - side.clientHeight;
                }""",
                f"{said}<ol>{row * LONGEST[place]}</ol>",
            )
            assert over <= 1
        title = page.locator(".slide h1").inner_text()
        page.get_by_role("button", name="Berikutnya").click()
        expect(page.locator(".slide h1")).not_to_have_text(title, timeout=30_000)


def test_on_a_phone_a_slide_is_one_column_that_can_be_read(dashboard_url: str, open_page: OpenPage) -> None:
    page = open_page(f"{dashboard_url}/briefing?lang=id", width=360, height=800)
    page.locator(".slide").wait_for(timeout=60_000)
    sizes = page.locator(".slide").evaluate(
        """slide => [...slide.querySelectorAll("*")]
            .filter(part => part.children.length === 0 && part.innerText)
            .map(part => parseFloat(getComputedStyle(part).fontSize))"""
    )
    assert min(sizes) >= 14
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    cards = [card.bounding_box() for card in page.locator(".slide .figure").all()]
    assert len({card["x"] for card in cards if card}) == 1


def test_slides_turn_by_themselves_after_twenty_seconds(unattended: Page) -> None:
    unattended.wait_for_function("() => turns.length > 1", timeout=30_000)
    first, second = unattended.evaluate("turns")[:2]
    assert (first["title"], second["title"]) == TITLES[:2]
    assert 12 <= second["at"] - first["at"] <= 28
