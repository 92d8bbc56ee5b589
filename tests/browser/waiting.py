"""Wait for what a page does, never for a length of time."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import FrameLocator, Page

TIMEOUT_MS = 60_000
STILL_MS = 250
BETWEEN_MS = 50
RUN = '[data-testid="stApp"][data-test-script-state="notRunning"][data-test-connection-state="CONNECTED"]'
# A change anywhere on the page, or another run of the script, begins the count again.
IS_STILL = """([run, still]) => {
    if (!window.sambangWatch) {
        window.sambangWatch = {changed: performance.now()};
        new MutationObserver(() => { window.sambangWatch.changed = performance.now(); })
            .observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
    }
    if (!document.querySelector(run)) window.sambangWatch.changed = performance.now();
    return performance.now() - window.sambangWatch.changed >= still;
}"""


def wait_until_still(page: Page) -> None:
    """Wait until the script has run to its end and the page no longer changes.

    Parameters
    ----------
    page
        A page of Streamlit. The maps in it are frames of their own, see :func:`wait_for_map`.
    """
    page.locator(RUN).wait_for(state="attached", timeout=TIMEOUT_MS)
    page.wait_for_function(IS_STILL, arg=[RUN, STILL_MS], timeout=TIMEOUT_MS)


def wait_until(page: Page, holds: Callable[[], bool], *, seconds: float = 20.0) -> None:
    """Wait until a condition holds; the assertion that follows says what is wrong where it never does.

    Parameters
    ----------
    page
        The page that goes on meanwhile.
    holds
        Asked again and again.
    seconds
        How long at most.
    """
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        page.wait_for_timeout(BETWEEN_MS)


def wait_for_map(page: Page, frame: FrameLocator) -> None:
    """Wait until a Leaflet map neither zooms nor pans, and has loaded its tiles."""
    state = """() => [
        document.querySelectorAll(".leaflet-zoom-anim, .leaflet-pan-anim").length,
        document.querySelectorAll("img.leaflet-tile:not(.leaflet-tile-loaded)").length,
        map_div.getZoom(), map_div.getCenter().lat, map_div.getCenter().lng,
    ].join(" ")"""
    seen: list[str] = []

    def is_still() -> bool:
        seen.append(frame.locator("body").evaluate(state))
        return len(seen) > 1 and seen[-1] == seen[-2] and seen[-1].startswith("0 0 ")

    wait_until(page, is_still)
