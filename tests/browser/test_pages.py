"""The pages as people use them: choose, click, bring a file in, with names that try to do harm."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from playwright.sync_api import expect

from tests.browser.server import ROOT, clean_environment, serve
from tests.browser.waiting import wait_until_still

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.conftest import OpenPage

pytestmark = pytest.mark.browser

PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "${alert(1)}`${alert(2)}`",
    "</script><script>alert(1)</script>",
    "{{7*7}}\\'); alert(1); //",
]
SQUARES = [(111.40 + 0.02 * i, -7.42, 111.42 + 0.02 * i, -7.40) for i in range(len(PAYLOADS))]


def run(folder: Path, *arguments: str) -> dict:
    """Run a command on the database of ``folder``; give its JSON answer."""
    done = subprocess.run(
        [sys.executable, "-m", "data", *arguments, "--json"],
        check=True,
        cwd=ROOT,
        env=clean_environment(folder),
        capture_output=True,
        text=True,
    )
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def hostile_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A dashboard whose villages, heads, remarks and offences bear hostile names, imported from files."""
    folder = tmp_path_factory.mktemp("hostile")
    features = [
        {
            "type": "Feature",
            "properties": {"kode": f"35.99.01.200{i}", "desa": name, "kecamatan": PAYLOADS[0]},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[w, s], [e, s], [e, n], [w, n], [w, s]]],
            },
        }
        for i, (name, (w, s, e, n)) in enumerate(zip(PAYLOADS, SQUARES, strict=True))
    ]
    (folder / "villages.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    places = {"lon": [w + 0.01 for w, *_ in SQUARES], "lat": [-7.41] * len(SQUARES)}
    ids = [f"K{i}" for i in range(len(PAYLOADS))]
    pd.DataFrame({"household_id": ids, "head_name": PAYLOADS, "rt": PAYLOADS, **places}).to_csv(
        folder / "households.csv", index=False
    )
    times = [f"2026-10-0{i + 1} 09:00" for i in range(len(PAYLOADS))]
    pd.DataFrame(
        {"visited_at": times, "officer_id": PAYLOADS, "household_id": ids, "remarks": PAYLOADS, **places}
    ).to_csv(folder / "visits.csv", index=False)
    pd.DataFrame({"occurred_at": times, "category": PAYLOADS, **places}).to_csv(
        folder / "crimes.csv", index=False
    )
    for dataset, name in (
        ("boundaries", "villages.geojson"),
        ("households", "households.csv"),
        ("visits", "visits.csv"),
        ("crimes", "crimes.csv"),
    ):
        answer = run(folder, "import", dataset, str(folder / name))
        assert answer["rows_accepted"] == len(PAYLOADS), answer
    with serve("dashboard.py", folder) as url:
        yield url


def await_map(page: Page) -> None:
    """Wait until a map has drawn its areas or its canvas."""
    frame = page.frame_locator('iframe[title*="folium"]').first
    expect(frame.locator(".leaflet-container").first).to_be_visible(timeout=30_000)
    frame.locator(".leaflet-pane path, .leaflet-pane canvas").first.wait_for(state="attached", timeout=30_000)


@pytest.mark.parametrize("name", ["coverage", "hotspots"])
def test_hostile_names_raise_no_dialog_and_break_no_map(
    hostile_url: str, open_page: OpenPage, name: str
) -> None:
    page = open_page(f"{hostile_url}/{name}?area=3599012001")
    await_map(page)
    wait_until_still(page)
    assert page.locator("img[src='x']").count() == 0
    page = open_page(f"{hostile_url}/{name}")
    await_map(page)
    frame = page.frame_locator('iframe[title*="folium"]').first
    assert frame.locator("img[src='x']").count() == 0


def test_hostile_names_show_as_they_are(hostile_url: str, open_page: OpenPage) -> None:
    page = open_page(hostile_url)
    expect(page.locator("body")).to_contain_text(PAYLOADS[0], timeout=30_000)


def test_filter_changes_the_figures_and_the_address(dashboard_url: str, open_page: OpenPage) -> None:
    page = open_page(f"{dashboard_url}/coverage")
    await_map(page)
    first = page.get_by_test_id("stMetricValue").first
    before = first.inner_text()
    page.get_by_label("Periode").first.click()
    page.get_by_role("option", name="365").click()
    expect(first).not_to_have_text(before, timeout=30_000)
    expect(page).to_have_url(re.compile("365"))


def test_language_changes_every_text_of_the_page(dashboard_url: str, open_page: OpenPage) -> None:
    page = open_page(f"{dashboard_url}/coverage")
    expect(page.get_by_role("heading", level=1)).to_have_text("Cakupan kunjungan", timeout=30_000)
    page.get_by_text("English", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Visit coverage", timeout=30_000)


def test_click_on_a_village_goes_to_it(dashboard_url: str, open_page: OpenPage) -> None:
    page = open_page(f"{dashboard_url}/coverage", height=1400)
    await_map(page)
    frame = page.frame_locator('iframe[title*="folium"]').first
    frame.locator(".leaflet-pane path").nth(4).click(force=True)
    expect(page).to_have_url(re.compile(r"area=\d{10}"), timeout=30_000)


def test_uploaded_file_is_previewed_then_stored(open_page: OpenPage, tmp_path: Path) -> None:
    area = {"type": "Polygon", "coordinates": [[[111, -7], [111.1, -7], [111.1, -6.9], [111, -7]]]}
    feature = {"type": "Feature", "properties": {"kode": "35.99.01.2001", "desa": "Sumber"}, "geometry": area}
    file = tmp_path / "desa.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    with serve("dashboard.py", tmp_path) as url:
        page = open_page(f"{url}/data")
        page.locator("input[type=file]").first.set_input_files(file)
        store = page.get_by_role("button", name=re.compile("1 baris"))
        expect(store).to_be_visible(timeout=30_000)
        assert run(tmp_path, "status")["records"]["boundaries"]["n_records"] == 0
        store.click()
        expect(page.locator("body")).to_contain_text("desa.geojson", timeout=30_000)
        wait_until_still(page)
        assert run(tmp_path, "status")["records"]["boundaries"]["n_records"] == 1


def test_a_choice_for_one_file_is_not_made_for_the_next(open_page: OpenPage, tmp_path: Path) -> None:
    """The browser keeps its own state of a widget, and answers with it for a file that came later."""
    area = {"type": "Polygon", "coordinates": [[[111, -7], [111.1, -7], [111.1, -6.9], [111, -7]]]}
    feature = {"type": "Feature", "properties": {"kode": "35.99.01.2001", "desa": "Sumber"}, "geometry": area}
    shapes, turned, right = (tmp_path / name for name in ("desa.geojson", "tukar.csv", "benar.csv"))
    shapes.write_text(json.dumps(feature))
    turned.write_text("id,lon,lat\n1,-6.95,111.08\n2,-6.96,111.09\n")
    right.write_text("id,lon,lat\n3,111.08,-6.95\n")
    run(tmp_path, "import", "boundaries", str(shapes))
    with serve("dashboard.py", tmp_path) as url:
        page = open_page(f"{url}/data?lang=en")
        chooser = page.locator("input[type=file]").first
        chooser.set_input_files(turned)
        page.get_by_role("button", name="Read it as: Households").click()
        exchange = page.get_by_role("button", name="Swap them")
        expect(exchange).to_be_visible(timeout=30_000)
        expect(page.get_by_text("Dates, coordinates, codes")).to_be_visible(timeout=30_000)
        wait_until_still(page)  # what is drawn later moves the button
        exchange.click()
        expect(page.get_by_role("button", name="Import 2 rows")).to_be_enabled(timeout=30_000)
        chooser.set_input_files(right)
        store = page.get_by_role("button", name="Import 1 row")
        expect(store).to_be_enabled(timeout=30_000)
        store.click()
        expect(page.locator("body")).to_contain_text("1 rows read, 1 accepted", timeout=30_000)
        households = run(tmp_path, "status")["records"]["households"]
        assert households == {"n_records": 1, "n_outside": 0, "n_unlocated": 0}
