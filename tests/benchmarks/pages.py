"""What a page costs: bytes of its map, the server's time after a filter change, seconds to a drawn map."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from tests.benchmarks.rows import Benchmark, Row, Sizes
from tests.browser.conftest import FLAGS
from tests.browser.server import ROOT, clean_environment, serve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page, Response

FEW_VISITS, MANY_VISITS = 10_000, 1_000_000
MAX_MAP_BYTES, MAX_SERVER_S, MAX_SERVER_GB, MAX_BROWSER_S = 1_000_000, 1.0, 1.5, 3.0
ROUNDS = 3
TILES = "/tiles/households/"

_LOAD = """
import sys
from dataclasses import replace
from datetime import date
from data.database import Database
from data.principal import Principal
from data.sample import SCALES, load_sample
from data.settings import get_settings
database = Database(get_settings().database_url)
database.migrate()
scale = replace(SCALES["regency"], n_visits=int(sys.argv[1]))
load_sample(database, Principal.demo(), scale=scale, until=date(2026, 11, 24))
"""

_TIME_PAGE = """
import json, sys
from time import perf_counter
from streamlit.testing.v1 import AppTest
from tests.benchmarks.memory import peak_bytes
app = AppTest.from_file(sys.argv[1], default_timeout=300).run()
app.switch_page("coverage.py").run()
seconds = []
for days in ("30", "180", "90", "365"):
    period = next(box for box in app.selectbox if any("180" in option for option in box.options))
    period.select(next(option for option in period.options if days in option))
    start = perf_counter()
    app.run()
    seconds.append(perf_counter() - start)
assert not app.exception
print(json.dumps([max(seconds), peak_bytes() / 1e9]))
"""


@cache
def _folder(n_visits: int) -> tempfile.TemporaryDirectory[str]:
    """A folder with a database of that many visits; gone when the process ends."""
    folder = tempfile.TemporaryDirectory()
    _run(Path(folder.name), "-c", _LOAD, str(n_visits))
    return folder


def _run(folder: Path, *arguments: str) -> str:
    command = [sys.executable, *arguments]
    environment = clean_environment(folder)
    return subprocess.run(
        command, check=True, cwd=ROOT, env=environment, capture_output=True, text=True
    ).stdout


def time_filter_change(sizes: Sizes) -> Row:
    """Change the period of the Coverage page, and look at the slowest answer and the process's memory."""
    n_visits = MANY_VISITS if sizes.rated else FEW_VISITS
    printed = _run(Path(_folder(n_visits).name), "-c", _TIME_PAGE, str(ROOT / "pages" / "app.py"))
    seconds, gigabytes = map(float, printed.strip().splitlines()[-1].strip("[]").split(","))
    return Row(
        name=f"coverage page, {n_visits:,} visits: slowest answer to another period",
        measured=f"{seconds:.2f} s",
        wanted=f"<= {MAX_SERVER_S:g} s",
        passed=seconds <= MAX_SERVER_S and gigabytes <= MAX_SERVER_GB,
        note=f"process at most {gigabytes:.2f} GB of {MAX_SERVER_GB:g}",
    )


def draw_few_visits(sizes: Sizes) -> Row:
    """Draw the Coverage page with 10,000 visits."""
    return _draw(FEW_VISITS, sizes)


def draw_many_visits(sizes: Sizes) -> Row:
    """Draw the Coverage page with 1,000,000 visits."""
    return _draw(MANY_VISITS if sizes.rated else FEW_VISITS, sizes)


def _draw(n_visits: int, _sizes: Sizes) -> Row:
    with serve("dashboard.py", Path(_folder(n_visits).name)) as url, _open_page() as page:
        sent: list[int] = []
        page.on("websocket", lambda socket: socket.on("framereceived", lambda data: sent.append(len(data))))
        seconds = []
        for _ in range(ROUNDS + 1):
            sent.clear()
            start = perf_counter()
            page.goto(f"{url}/coverage")
            frame = page.frame_locator('iframe[title*="folium"]').first
            frame.locator(".leaflet-pane path, .leaflet-pane canvas").first.wait_for(
                state="attached", timeout=120_000
            )
            seconds.append(perf_counter() - start)
        page.wait_for_timeout(1_000)
    first, *warm = seconds
    return Row(
        name=f"coverage page, {n_visits:,} visits: bytes of the whole answer, map and all",
        measured=f"{sum(sent) / 1000:.0f} kB",
        wanted=f"<= {MAX_MAP_BYTES / 1000:.0f} kB",
        passed=sum(sent) <= MAX_MAP_BYTES and median(warm) <= MAX_BROWSER_S,
        note=f"first map after {median(warm):.1f} s (<= {MAX_BROWSER_S:g}), {first:.1f} s on a cold server",
    )


def draw_unvisited(sizes: Sizes) -> Row:
    """Draw the Unvisited page of a regency of 280,000 households; its tiles count as payload."""
    n_visits = MANY_VISITS if sizes.rated else FEW_VISITS
    with serve("dashboard.py", Path(_folder(n_visits).name)) as url, _open_page() as page:
        sent: list[int] = []
        tiles: dict[str, int] = {}
        page.on("websocket", lambda socket: socket.on("framereceived", lambda data: sent.append(len(data))))
        page.on("response", lambda answer: _note_tile(tiles, answer))
        seconds = []
        for _ in range(ROUNDS + 1):
            sent.clear()
            start = perf_counter()
            page.goto(f"{url}/unvisited")
            frame = page.frame_locator('iframe[title*="folium"]').first
            frame.locator("img.leaflet-tile-loaded").first.wait_for(state="attached", timeout=120_000)
            seconds.append(perf_counter() - start)
        page.wait_for_timeout(1_000)
    first, *warm = seconds
    payload = sum(sent) + sum(tiles.values())
    return Row(
        name="unvisited page, 280,000 households: bytes of the whole answer, map, lists and tiles",
        measured=f"{payload / 1000:.0f} kB",
        wanted=f"<= {MAX_MAP_BYTES / 1000:.0f} kB",
        passed=payload <= MAX_MAP_BYTES and median(warm) <= MAX_BROWSER_S,
        note=f"{len(tiles)} tiles of {sum(tiles.values()) / 1000:.0f} kB; first after {median(warm):.1f} s "
        f"(<= {MAX_BROWSER_S:g}), {first:.1f} s on a cold server",
    )


def _note_tile(tiles: dict[str, int], answer: Response) -> None:
    if TILES in answer.url:
        tiles[answer.url] = int(answer.headers["content-length"])


@contextmanager
def _open_page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=list(FLAGS))
        yield browser.new_page(viewport={"width": 1366, "height": 900})
        browser.close()


BENCHMARKS: list[Benchmark] = [draw_few_visits, draw_many_visits, draw_unvisited, time_filter_change]
