"""Make the README's pictures: python -m tests.browser.screenshots (make screenshots)."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import FLAGS
from tests.browser.server import ROOT, clean_environment, serve
from tests.browser.waiting import wait_for_map, wait_until_still

PICTURES = ROOT / "tests" / "browser" / "pictures"
SHOTS = [
    ("coverage-light", "coverage?lang=en", 1366, 900, "light"),
    ("hotspots-light", "hotspots?lang=en", 1366, 900, "light"),
    ("overview-phone-dark", "?lang=id", 360, 800, "dark"),
]


def main() -> None:
    """Load the sample regency, open each page, keep what it shows."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        folder = Path(temporary)
        command = [sys.executable, "-m", "data", "sample", "--scale", "regency"]
        subprocess.run(command, check=True, cwd=ROOT, env=clean_environment(folder))
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=list(FLAGS)
        )
        with serve("dashboard.py", folder) as url:
            for name, page, *size_and_theme in SHOTS:
                take(browser, f"{url}/{page}", PICTURES / f"{name}.png", *size_and_theme)
        browser.close()


def take(browser: Browser, url: str, file: Path, width: int, height: int, theme: str) -> None:
    """Keep one picture, once the page has drawn."""
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme)
    page = context.new_page()
    page.goto(url)
    page.get_by_test_id("stMetricValue").first.wait_for(timeout=60_000)
    wait_until_still(page)
    for number in range(page.locator('iframe[title*="folium"]').count()):
        wait_for_map(page, page.frame_locator('iframe[title*="folium"]').nth(number))
    page.screenshot(path=file)
    context.close()


if __name__ == "__main__":
    main()
