"""Maps draw in a real browser that reaches nothing but this machine."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.server import serve
from tests.browser.waiting import wait_for_map, wait_until
from tests.geo.builders import needs_villages

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import FrameLocator, Page

    from tests.browser.conftest import OpenPage, Watch

pytestmark = pytest.mark.browser

SIZES = ((360, 740), (1366, 900), (1920, 1080))


def map_of(page: Page, number: int = 0) -> FrameLocator:
    """Wait for a map and give its frame."""
    expect(page.get_by_text("done drawing")).to_be_visible(timeout=30_000)
    frame = page.frame_locator("iframe").nth(number)
    expect(frame.locator(".leaflet-container .leaflet-control-scale-line")).to_be_visible(timeout=20_000)
    return frame


def painted_pixels(frame: FrameLocator, selector: str) -> int:
    """Count the pixels of a canvas that are not clear."""
    return frame.locator(selector).evaluate(
        """canvas => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data
            .filter((value, i) => i % 4 === 3 && value > 0).length"""
    )


def test_areas_with_hostile_names_draw_and_run_nothing(maps_url: str, open_page: OpenPage) -> None:
    page = open_page(f"{maps_url}/?map=areas")
    frame = map_of(page)
    expect(frame.locator("path.sambang-area")).to_have_count(20)
    expect(frame.locator("path.sambang-area.is-empty")).to_have_count(3)  # every ninth of 20 has no data
    expect(frame.locator("path.sambang-border")).to_have_count(1)
    expect(frame.get_by_text("<script>alert(1)</script>").first).to_be_visible()
    expect(frame.locator(".sambang-legend")).to_contain_text("`+alert(1)+`")
    assert frame.locator("img[src='x'], .sambang-name script").count() == 0


def test_pointing_at_a_village_shows_its_name_and_figures(maps_url: str, open_page: OpenPage) -> None:
    frame = map_of(open_page(f"{maps_url}/?map=areas"))
    frame.locator("path.sambang-area").first.hover()
    expect(frame.locator(".sambang-tip")).to_contain_text("Covered")
    expect(frame.locator(".sambang-tip")).to_contain_text("<b>Note")


def test_click_on_a_village_gives_its_code_to_the_page(maps_url: str, open_page: OpenPage) -> None:
    page = open_page(f"{maps_url}/?map=areas")
    map_of(page).locator("path.sambang-area").first.click()
    expect(page.get_by_text(re.compile(r"clicked: 99010\d{5}"))).to_be_visible(timeout=15_000)


def test_click_on_a_point_gives_its_id_to_the_page(maps_url: str, open_page: OpenPage) -> None:
    page = open_page(f"{maps_url}/?map=points")
    frame = map_of(page)
    assert painted_pixels(frame, ".leaflet-points-pane canvas") > 5_000
    spot = frame.locator("body").evaluate(
        """() => { let found; map_div.eachLayer(layer => {
            if (layer.feature && layer.feature.properties.id === "house&#95;3") found = layer; });
            const at = map_div.latLngToContainerPoint(found.getLatLng()); return [at.x, at.y]; }"""
    )
    frame.locator("#map_div").click(position={"x": spot[0], "y": spot[1]})
    expect(page.get_by_text(re.compile(r"clicked: house_\d+"))).to_be_visible(timeout=15_000)


def test_points_gather_into_numbers(maps_url: str, open_page: OpenPage) -> None:
    frame = map_of(open_page(f"{maps_url}/?map=points&cluster=1"))
    expect(frame.locator(".sambang-cluster").first).to_be_visible()
    numbers = [int(text) for text in frame.locator(".sambang-cluster").all_inner_texts()]
    assert 300 < sum(numbers) <= 600


def test_surface_and_heat_of_1000_points_draw(maps_url: str, open_page: OpenPage) -> None:
    page = open_page(f"{maps_url}/?map=density", height=1400)
    picture = map_of(page).locator("img.sambang-surface")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.complete && image.naturalWidth") > 100
    heat = map_of(page, 1)
    expect(heat.locator("canvas.leaflet-heatmap-layer")).to_be_visible()
    assert painted_pixels(heat, "canvas.leaflet-heatmap-layer") > 10_000
    expect(heat.locator(".sambang-legend .ramp")).to_be_visible()


def test_zooming_in_brings_more_names(maps_url: str, open_page: OpenPage) -> None:
    frame = map_of(open_page(f"{maps_url}/?map=density", width=360))
    few = frame.locator(".sambang-name.is-shown").count()
    frame.locator("body").evaluate("() => map_div.setView(map_div.getCenter(), map_div.getZoom() + 1)")
    expect(frame.locator(".leaflet-zoom-anim")).to_have_count(0)
    shown = frame.locator(".sambang-name:not(.is-district).is-shown")
    expect(shown.first).to_be_visible()
    assert few < 24
    boxes = shown.evaluate_all("names => names.map(name => name.getBoundingClientRect().toJSON())")
    for i, one in enumerate(boxes):
        assert not [
            other
            for other in boxes[i + 1 :]
            if one["left"] < other["right"]
            and other["left"] < one["right"]
            and one["top"] < other["bottom"]
            and other["top"] < one["bottom"]
        ]


def width_of(frame: FrameLocator) -> int:
    """The width of a map, in pixels."""
    return frame.locator("#map_div").evaluate("map => map.offsetWidth")


def is_inside(frame: FrameLocator) -> bool:
    """Whether a map shows all its areas."""
    return frame.locator("body").evaluate(
        """() => { let all = L.latLngBounds([]);
            map_div.eachLayer(one => { if (one.feature && one.getBounds) all.extend(one.getBounds()); });
            return map_div.getBounds().contains(all); }"""
    )


def test_map_fills_its_width_and_fits_again_when_that_changes(maps_url: str, open_page: OpenPage) -> None:
    page = open_page(f"{maps_url}/?map=areas")
    frame = map_of(page)
    page.set_viewport_size({"width": 700, "height": 900})
    wait_until(page, lambda: 500 < width_of(frame) <= 700 and is_inside(frame))
    wait_for_map(page, frame)
    assert is_inside(frame)
    assert 500 < width_of(frame) <= 700


def test_map_follows_the_theme(maps_url: str, open_page: OpenPage) -> None:
    page = open_page(f"{maps_url}/?map=areas")
    ground = map_of(page).locator(".leaflet-container")
    expect(ground).to_have_css("background-color", "rgb(244, 246, 248)")
    page.emulate_media(color_scheme="dark")
    expect(ground).to_have_css("background-color", "rgb(30, 35, 40)")
    expect(ground).to_have_class(re.compile("sambang-dark"))


def test_charts_tables_and_uploads_work_under_the_policy(maps_url: str, open_page: OpenPage) -> None:
    page = open_page(f"{maps_url}/?map=charts", height=1600)
    expect(page.get_by_text("done drawing")).to_be_visible(timeout=30_000)
    expect(page.locator("[data-testid=stVegaLiteChart] :is(canvas, svg)").nth(1)).to_be_visible(
        timeout=15_000
    )
    expect(page.locator("[data-testid=stDataFrame] canvas").first).to_be_visible(timeout=15_000)
    page.locator("input[type=file]").set_input_files(
        {"name": "a.csv", "mimeType": "text/csv", "buffer": b"a\n1\n"}
    )
    expect(page.get_by_text("a.csv")).to_be_visible(timeout=15_000)
    with page.expect_download() as download:
        page.get_by_role("button", name="Save").click()
    assert download.value.suggested_filename == "visits.csv"


def test_tiles_are_asked_of_the_set_host_and_no_other(
    chromium_page: tuple[Page, Watch], tmp_path: Path
) -> None:
    page, watch = chromium_page
    settings = {
        "SAMBANG_TILES_URL": "https://tiles.example/{z}/{x}/{y}.png",
        "SAMBANG_TILES_ATTRIBUTION": "(c) <b>us",
    }
    with serve("tests/browser/apps/server.py", tmp_path, settings=settings) as url:
        page.goto(f"{url}/?map=areas")
        frame = map_of(page)
        expect(frame.locator(".leaflet-control-attribution")).to_have_text("(c) <b>us")
        expect(frame.locator("path.sambang-area")).to_have_count(20)
    assert watch.outside
    assert all(asked.startswith("https://tiles.example/") for asked in watch.outside)
    assert not [error for error in watch.errors if "Content Security Policy" in error]


def test_page_under_a_base_path_draws_its_map(open_page: OpenPage, tmp_path: Path) -> None:
    with serve("tests/browser/apps/server.py", tmp_path, base_path="sambang") as url:
        expect(map_of(open_page(f"{url}/?map=areas")).locator("path.sambang-area")).to_have_count(20)


@pytest.mark.parametrize("name", ["coverage", "hotspots"])
def test_pages_draw_the_made_up_district(dashboard_url: str, open_page: OpenPage, name: str) -> None:
    frame = open_page(f"{dashboard_url}/{name}").frame_locator("iframe").first
    expect(frame.locator("path.sambang-area")).to_have_count(17, timeout=40_000)
    expect(frame.locator(".sambang-legend")).to_be_visible()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", SIZES, ids=[str(width) for width, _ in SIZES])
def test_maps_look_right(
    maps_url: str, open_page: OpenPage, output: Path, size: tuple[int, int], *, dark: bool
) -> None:
    """Kept for a person to look at; tested: the page is no wider than the screen, the legend folds."""
    width, height = size
    for which in ("areas", "density", "points"):
        page = open_page(f"{maps_url}/?map={which}", width=width, height=height, dark=dark)
        frame = map_of(page)
        wait_for_map(page, frame)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert frame.locator("details.sambang-legend").evaluate("card => card.open") == (width > 480)
        page.screenshot(path=output / f"map-{which}-{width}-{'dark' if dark else 'light'}.png")
        page.close()


@pytest.mark.reference
@needs_villages
def test_217_real_villages_draw_with_district_names_first(
    maps_url: str, open_page: OpenPage, output: Path
) -> None:
    page = open_page(f"{maps_url}/?map=real")
    frame = map_of(page)
    expect(frame.locator("path.sambang-area")).to_have_count(217)
    expect(frame.locator(".sambang-name.is-district.is-shown").first).to_be_visible()
    expect(frame.locator(".sambang-name:not(.is-district).is-shown")).to_have_count(0)
    page.screenshot(path=output / "map-real-1366-light.png")
