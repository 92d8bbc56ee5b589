"""What a page costs: bytes of its map, the server's time after a filter change, seconds to a drawn map."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple

from playwright.sync_api import sync_playwright

from tests.benchmarks.rows import Benchmark, Row, Sizes
from tests.browser.conftest import FLAGS
from tests.browser.server import ROOT, clean_environment, serve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page, Response

FEW_VISITS, MANY_VISITS = 10_000, 1_000_000
MAX_MAP_BYTES, MAX_SERVER_S, MAX_SERVER_GB, MAX_BROWSER_S = 1_000_000, 1.0, 1.5, 3.0
REGENCIES, LARGER = 11, 1.5  # three million households, and by how much they may take longer
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

_LOAD_PROVINCE = """
import sys
from data.database import Database
from data.settings import get_settings
from tests.benchmarks.province import load_province
load_province(Database(get_settings().database_url), int(sys.argv[1]))
"""

_TIME_PAGE = """
import json, sys
from time import perf_counter
from streamlit.testing.v1 import AppTest
from tests.benchmarks.memory import peak_bytes
app = AppTest.from_file(sys.argv[1], default_timeout=300).run()
app.switch_page("coverage/page.py").run()
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
def _folder(n: int, load: str = _LOAD) -> tempfile.TemporaryDirectory[str]:
    """A folder with a database that a script loads with so many visits or regencies; gone at the end."""
    folder = tempfile.TemporaryDirectory()
    _run(Path(folder.name), "-c", load, str(n))
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


class Drawn(NamedTuple):
    """What it cost to draw the Unvisited page."""

    cold_s: float
    """Seconds to the first map on a server that has read nothing yet."""
    warm_s: float
    """Median seconds to the first map after that."""
    sent_bytes: int
    tiles: dict[str, int]
    """Bytes of each tile, by address."""


def draw_unvisited(sizes: Sizes) -> Row:
    """Draw the Unvisited page of a regency of 280,000 households; its tiles count as payload."""
    return _say_drawn("280,000", _draw_unvisited(*_regency(sizes)), MAX_BROWSER_S)


def draw_unvisited_of_province(sizes: Sizes) -> Row:
    """Draw it of 3,000,000 households, which may take half as long again as that of a regency."""
    if not sizes.rated:
        return Row("unvisited page, 3,000,000 households", "-", "-", passed=None, note="full sizes only")
    regency, province = _draw_unvisited(*_regency(sizes)), _draw_unvisited(_LOAD_PROVINCE, REGENCIES)
    times = province.warm_s / regency.warm_s
    row = _say_drawn("3,000,000", province, MAX_BROWSER_S * LARGER)
    passed = bool(row.passed) and times <= LARGER
    return replace(row, passed=passed, note=f"{row.note}; {times:.2f}x the regency's (of {LARGER:g}x)")


def _regency(sizes: Sizes) -> tuple[str, int]:
    return _LOAD, MANY_VISITS if sizes.rated else FEW_VISITS


@cache
def _draw_unvisited(load: str, n: int) -> Drawn:
    with serve("dashboard.py", Path(_folder(n, load).name)) as url, _open_page() as page:
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
            frame.locator("img.leaflet-tile-loaded").first.wait_for(state="attached", timeout=240_000)
            seconds.append(perf_counter() - start)
        page.wait_for_timeout(1_000)
    first, *warm = seconds
    return Drawn(first, median(warm), sum(sent), tiles)


def _say_drawn(households: str, drawn: Drawn, most_s: float) -> Row:
    of_tiles = sum(drawn.tiles.values())
    payload = drawn.sent_bytes + of_tiles
    return Row(
        name=f"unvisited page, {households} households: bytes of the whole answer, map, lists and tiles",
        measured=f"{payload / 1000:.0f} kB",
        wanted=f"<= {MAX_MAP_BYTES / 1000:.0f} kB",
        passed=payload <= MAX_MAP_BYTES and drawn.warm_s <= most_s,
        note=f"{len(drawn.tiles)} tiles of {of_tiles / 1000:.0f} kB; first after {drawn.warm_s:.1f} s "
        f"(<= {most_s:g}), {drawn.cold_s:.1f} s on a cold server",
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


BENCHMARKS: list[Benchmark] = [
    draw_few_visits,
    draw_many_visits,
    draw_unvisited,
    draw_unvisited_of_province,
    time_filter_change,
]
