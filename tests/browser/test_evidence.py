"""Coverage and Visit evidence as a supervisor uses them, on records whose texts try to do harm."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError
from playwright.sync_api import expect

from tests.browser.server import serve
from tests.browser.test_pages import PAYLOADS, SQUARES, await_map, run
from tests.browser.waiting import wait_until_still

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.conftest import OpenPage

pytestmark = pytest.mark.browser

TRIES = 10
WIDTHS = [(360, False), (1366, False), (1366, True), (1920, True)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of five villages with hostile names; each has a household, visited at night from afar."""
    folder = tmp_path_factory.mktemp("evidence")
    features = [
        {
            "type": "Feature",
            "properties": {"kode": f"35.99.01.200{i}", "desa": name, "kecamatan": "Tengah"},
            "geometry": {"type": "Polygon", "coordinates": [[[w, s], [e, s], [e, n], [w, n], [w, s]]]},
        }
        for i, (name, (w, s, e, n)) in enumerate(zip(PAYLOADS, SQUARES, strict=True))
    ]
    (folder / "villages.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    ids = [f"K{i}" for i in range(len(PAYLOADS))]
    homes = pd.DataFrame({"household_id": ids, "head_name": PAYLOADS, "rt": PAYLOADS, "rw": "01"})
    west = pd.Series([square[0] for square in SQUARES])
    homes.assign(lon=west + 0.01, lat=-7.41).to_csv(folder / "homes.csv", index=False)
    nights = [f"2026-10-0{i + 1} 23:30" for i in range(len(PAYLOADS))]
    visits = pd.DataFrame({"visited_at": nights, "household_id": ids, "remarks": PAYLOADS})
    visits = visits.assign(officer_id=PAYLOADS[0], lon=west + 0.012, lat=-7.41)
    visits.to_csv(folder / "visits.csv", index=False)
    officers = pd.DataFrame({"officer_id": [PAYLOADS[0]], "name": [PAYLOADS[2]], "villages": ["3599012000"]})
    officers.to_csv(folder / "officers.csv", index=False)
    files = {"boundaries": "villages.geojson", "households": "homes.csv", "officers": "officers.csv"}
    for dataset, name in files.items():
        assert run(folder, "import", dataset, str(folder / name))["rows_quarantined"] == 0
    last = ("--complete-to", "2026-10-05")
    assert run(folder, "import", "visits", str(folder / "visits.csv"), *last)["rows_quarantined"] == 0
    return folder


@pytest.fixture(scope="module")
def url(folder: Path) -> Iterator[str]:
    """The dashboard on that database."""
    with serve("dashboard.py", folder) as address:
        yield address


def n_open(folder: Path) -> int:
    return int(run(folder, "report", "evidence")["n_open"])


def look_at_first(page: Page) -> None:
    """Choose the first visit of the list."""
    box = page.locator(".st-key-evidence_visit").get_by_role("combobox")
    expect(box).to_be_visible(timeout=30_000)
    option = page.get_by_role("option").first
    for _ in range(TRIES):
        wait_until_still(page)  # a list that opens while the page still runs is closed again
        box.click()
        with suppress(PlaywrightTimeoutError):
            option.click(timeout=3_000)
            return
        page.keyboard.press("Escape")
    option.click()
    await_map(page)


def test_coverage_toggles_between_reported_evidenced_gap_and_heat(url: str, open_page: OpenPage) -> None:
    page = open_page(f"{url}/coverage?lang=en", height=1400)
    for name, title in (
        ("Supported by GPS", "Coverage supported by GPS"),
        ("Gap", "Gap: reported minus supported by GPS"),
        ("Visit heatmap", "Visits with a location"),
        ("Reported", "Reported coverage"),
    ):
        page.get_by_role("radio", name=name, exact=True).or_(
            page.get_by_role("button", name=name, exact=True)
        ).first.click()
        frame = page.frame_locator('iframe[title*="folium"]').first
        expect(frame.locator(".sambang-legend summary")).to_have_text(title, timeout=30_000)
        await_map(page)


def test_coverage_leads_into_a_village_to_an_rt_and_back(url: str, open_page: OpenPage) -> None:
    page = open_page(f"{url}/coverage?lang=en&area=3599012001", height=1400)
    await_map(page)
    frame = page.frame_locator('iframe[title*="folium"]').first
    canvas = frame.locator(".leaflet-container").bounding_box()
    assert canvas is not None
    page.mouse.click(canvas["x"] + canvas["width"] / 2, canvas["y"] + canvas["height"] / 2)  # the household
    expect(page.get_by_role("heading", name="Households")).to_be_visible(timeout=30_000)
    page.locator(".st-key-back_village button").click()
    expect(page.get_by_role("heading", name="Neighbourhoods (RT)")).to_be_visible(timeout=30_000)


@pytest.mark.parametrize(("width", "dark"), WIDTHS)
def test_pages_fit_every_screen(
    url: str, open_page: OpenPage, output: Path, width: int, *, dark: bool
) -> None:
    for name in ("coverage", "evidence"):
        page = open_page(f"{url}/{name}?lang=id", width=width, height=1200, dark=dark)
        expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=30_000)
        if name == "evidence":
            look_at_first(page)
        else:
            await_map(page)
        wait_until_still(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert page.locator("img[src='x']").count() == 0
        page.screenshot(path=output / f"{name}_{width}_{'dark' if dark else 'light'}.png", full_page=True)


def test_visit_is_decided_with_a_note_and_taken_back(url: str, folder: Path, open_page: OpenPage) -> None:
    assert n_open(folder) == len(PAYLOADS)
    page = open_page(f"{url}/evidence?lang=en", height=1800)
    look_at_first(page)
    expect(page.locator("body")).to_contain_text(PAYLOADS[-1])  # the remark, as it is
    set_aside = page.get_by_role("button", name="Set aside: counts as reported only")
    expect(set_aside).to_have_count(1)  # what the last run showed is gone
    set_aside.click()
    expect(page.get_by_test_id("stAlert")).to_contain_text("The note is missing", timeout=30_000)
    page.get_by_role("textbox", name="Note (reason)").fill(PAYLOADS[1])
    page.get_by_role("textbox", name="Note (reason)").press("Control+Enter")
    wait_until_still(page)
    expect(set_aside).to_have_count(1)
    set_aside.click()
    expect(page.get_by_test_id("stAlert")).to_contain_text("1 visit: Set aside.", timeout=30_000)
    assert n_open(folder) == len(PAYLOADS) - 1
    page.get_by_role("button", name="Withdraw", exact=True).click()
    expect(page.get_by_test_id("stAlert")).to_contain_text("1 visit: Withdrawn.", timeout=30_000)
    assert n_open(folder) == len(PAYLOADS)
    look_at_first(page)
    expect(page.locator("body")).to_contain_text(PAYLOADS[1])  # the note, in the history
    assert page.locator("img[src='x']").count() == 0
