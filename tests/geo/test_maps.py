from __future__ import annotations

import base64
import io
import json
import re
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest
from PIL import Image
from streamlit_folium import generate_leaflet_string

from geo.classify import CRIME_COLOURS, STATUS_COLOURS, Classes, classify_values
from geo.errors import ColumnError, GeoError
from geo.heat import MAX_HEAT_CELLS
from geo.hotspots import DensitySurface
from geo.maps import (
    MAX_POINTS,
    AreaStyle,
    Basemap,
    Heading,
    MapTexts,
    OfflineMap,
    Symbol,
    add_boundaries,
    add_choropleth,
    add_heat,
    add_legend,
    add_points,
    add_ramp_legend,
    add_surface,
    add_symbol_legend,
    add_track,
    make_map,
)
from geo.maps.raster import paint_values, warp_surface
from tests.browser.apps.place import HOSTILE, make_areas
from tests.geo.builders import SHARED, UTM, needs_villages, reference

if TYPE_CHECKING:
    from typing import Any

SHARES = Classes((0.0, 0.25, 0.5, 1.0), ("#edf8fb", "#66c2a4", "#006d2c"))
OUTSIDE = re.compile(r"(?:https?:)?//[a-z0-9]", re.IGNORECASE)


def html_of(map_: OfflineMap) -> str:
    return map_.get_root().render()


def call_of(map_: OfflineMap, name: str) -> list[Any]:
    """Read back the JSON that map.js is called with."""
    found = re.search(rf"Sambang\.{name}\((?:map_\w+, )?(.*?)\);", html_of(map_))
    assert found, f"the map has no {name}"
    return json.loads(f"[{found.group(1)}]")


def full_map(names: tuple[str, ...] | None = None) -> OfflineMap:
    areas = make_areas(names)
    words = list(names or ("a", "b"))
    map_ = make_map(areas, texts=MapTexts(words[0], words[1]))
    figures = pd.DataFrame({words[0]: words[1]}, index=areas.index)
    style = AreaStyle(figures=figures)
    add_choropleth(map_, areas, pd.Series(0.3, index=areas.index), SHARES, style=style)
    add_boundaries(map_, areas, outlines=False)
    add_heat(map_, pd.DataFrame({"lon": [111.41], "lat": [-7.41], "weight": [2.0]}), CRIME_COLOURS)
    points = pd.DataFrame({"lon": 111.41, "lat": -7.41, "label": words, "id": words, "kind": words[0]})
    add_points(map_, points, {words[0]: Symbol("#7b3294")}, cluster=True)
    heading = Heading(words[0], words[1], words[-1])
    add_legend(map_, heading, SHARES.colours, words[:3] if names else ["a", "b", "c"], no_data=words[0])
    add_ramp_legend(map_, heading, CRIME_COLOURS, (words[0], words[1]))
    add_symbol_legend(map_, heading, {words[0]: Symbol("#7b3294")}, {words[0]: words[1]})
    return map_


# ---- nothing from outside


def test_map_asks_nothing_outside() -> None:
    page = html_of(full_map())
    links = re.findall(r'(?:src|href)="([^"]*)"', page)
    assert {link.split("/")[1] for link in links} == {"assets"}
    assert not OUTSIDE.search(page.replace("http://www.w3.org/2000/svg", ""))


def test_assets_come_from_the_given_place() -> None:
    page = html_of(make_map(make_areas(), assets_url="/sambang/assets/"))
    assert 'src="/sambang/assets/leaflet/leaflet.js"' in page
    assert '"/assets' not in page


def test_only_what_a_map_needs_is_loaded() -> None:
    page = html_of(add_boundaries(make_map(make_areas()), make_areas()))
    assert not re.search("bootstrap|awesome|jquery|heat|markercluster", page, re.IGNORECASE)


def test_basemap_brings_its_tiles_and_credit_only() -> None:
    page = html_of(
        make_map(make_areas(), basemap=Basemap("https://tiles.example/{z}/{x}/{y}.png", "(c) <b>us"))
    )
    assert OUTSIDE.findall(page) == ["https://t"]
    assert "<b>us" not in page


# ---- hostile text


@pytest.mark.parametrize("bad", HOSTILE)
def test_hostile_text_stays_out_of_the_script(bad: str) -> None:
    names = (bad, bad + "2", bad + "3")
    map_ = full_map(names)
    page = html_of(map_)
    assert bad not in page
    assert bad not in generate_leaflet_string(map_)


def test_each_map_of_the_test_says_its_words_somewhere() -> None:
    """Without this, a map that drops its texts would pass as safe."""
    page = html_of(full_map(("Karang", "Jati", "Sawo")))
    assert page.count("Karang") > 10
    assert page.count("Jati") > 5


# ---- areas


def test_map_is_fitted_to_its_areas() -> None:
    bounds = call_of(make_map(make_areas().to_crs(UTM)), "view")[0]["bounds"]
    assert np.allclose(bounds, [[-7.45, 111.40], [-7.37, 111.50]], atol=1e-3)


def test_map_without_tiles_has_a_deepest_zoom() -> None:
    assert '"maxZoom": 19' in html_of(make_map(make_areas()))


def test_area_without_value_is_hatched_and_others_get_their_class() -> None:
    areas = make_areas(names=None).iloc[:4]
    values = pd.Series([0.1, np.nan, 0.9], index=areas.index[:3])
    data, options = call_of(add_choropleth(make_map(areas), areas, values, SHARES), "areas")
    assert data["fills"] == [0, -1, 2, -1]
    assert data["codes"] == areas.index.tolist()
    assert options["colours"] == list(SHARES.colours)


def test_figures_follow_their_area_and_missing_ones_are_empty() -> None:
    areas = make_areas(names=None).iloc[:2]
    figures = pd.DataFrame({"Registered": ["120"], "Visited": ["80"]}, index=[areas.index[1]])
    map_ = add_boundaries(make_map(areas), areas, style=AreaStyle(figures=figures, chosen=areas.index[0]))
    data, options = call_of(map_, "areas")
    assert options == {"chosen": areas.index[0], "headings": ["Registered", "Visited"], "colours": []}
    assert data["figures"] == [["", ""], ["120", "80"]]


def test_areas_without_districts_have_no_district_borders() -> None:
    areas = make_areas(names=None)[["village", "geometry"]]
    page = html_of(add_boundaries(make_map(areas), areas))
    assert "Sambang.borders(" not in page
    assert "Sambang.names(" in page


def test_areas_without_names_are_refused() -> None:
    areas = make_areas().drop(columns="village")
    with pytest.raises(ColumnError, match="village"):
        add_boundaries(make_map(areas), areas)


def test_no_areas_make_an_empty_map() -> None:
    nothing = make_areas(names=None).iloc[:0]
    assert "Sambang.view(" in html_of(add_boundaries(make_map(nothing), nothing))


def test_input_is_not_changed() -> None:
    areas = make_areas(names=None)
    before = areas.copy()
    add_boundaries(make_map(areas), areas)
    pd.testing.assert_frame_equal(pd.DataFrame(areas), pd.DataFrame(before))


# ---- heat and points


def unpack(map_: OfflineMap) -> tuple[np.ndarray, dict[str, Any]]:
    """Read back lon, lat and weight as map.js does."""
    data, options = call_of(map_, "heat")
    west, south, east, north = options["bounds"]
    whole = np.frombuffer(base64.b64decode(data), dtype="<u2").reshape(-1, 3) / 65535
    return whole * [east - west, north - south, options["heaviest"]] + [west, south, 0], options


def test_heat_arrives_to_a_metre_and_a_thousandth() -> None:
    rng = np.random.default_rng(1)
    bins = pd.DataFrame({"lon": 111 + rng.random(500) * 0.5, "lat": -7 - rng.random(500) * 0.4})
    bins["weight"] = rng.integers(1, 60, 500).astype(float)
    there, options = unpack(add_heat(make_map(make_areas()), bins, CRIME_COLOURS, full=30))
    assert np.allclose(there[:, :2], bins[["lon", "lat"]], atol=1e-5)
    assert np.allclose(there[:, 2], bins["weight"], atol=0.001)
    assert options["full"] == 30


def test_same_full_weight_means_the_same_for_coarser_bins() -> None:
    bins = pd.DataFrame({"lon": [111.4], "lat": [-7.4], "weight": [5.0]})
    bins.attrs["cell_m"] = 400.0
    _, options = unpack(add_heat(make_map(make_areas()), bins, CRIME_COLOURS, full=10))
    assert (options["cell"], options["full"]) == (400.0, 40.0)


def test_too_many_bins_are_merged_without_losing_weight() -> None:
    side = 120
    lon, lat = np.meshgrid(111 + np.arange(side) * 0.001, -7 - np.arange(side) * 0.001)
    bins = pd.DataFrame({"lon": lon.ravel(), "lat": lat.ravel(), "weight": 1.0})
    there, options = unpack(add_heat(make_map(make_areas()), bins, CRIME_COLOURS))
    assert len(there) <= MAX_HEAT_CELLS < len(bins)
    assert there[:, 2].sum() == pytest.approx(len(bins), rel=1e-3)
    assert options["cell"] >= 200


def test_no_bins_add_no_layer() -> None:
    empty = pd.DataFrame({"lon": [], "lat": [], "weight": []})
    assert "Sambang.heat(" not in html_of(add_heat(make_map(make_areas()), empty, CRIME_COLOURS))


@pytest.mark.parametrize("full", [0, -1, float("nan")])
def test_full_weight_must_be_above_nothing(full: float) -> None:
    with pytest.raises(GeoError, match="above 0"):
        add_heat(
            make_map(make_areas()),
            pd.DataFrame({"lon": [1.0], "lat": [1.0], "weight": [1.0]}),
            CRIME_COLOURS,
            full=full,
        )


def test_points_keep_kind_label_and_id_and_leave_out_those_without_place() -> None:
    symbols = {kind: Symbol(colour) for kind, colour in STATUS_COLOURS.items()}
    kinds = list(STATUS_COLOURS)
    points = pd.DataFrame(
        {
            "lon": [111.4, np.nan, 111.5],
            "lat": -7.4,
            "kind": [kinds[1], kinds[0], kinds[3]],
            "label": ["x", "y", "z"],
        }
    )
    data, options = call_of(add_points(make_map(make_areas()), points, symbols), "points")
    assert data == {"at": [[111.4, -7.4], [111.5, -7.4]], "kinds": [1, 3], "labels": ["x", "z"]}
    assert [symbol["colour"] for symbol in options["symbols"]] == list(STATUS_COLOURS.values())


def test_more_points_than_a_phone_draws_are_refused() -> None:
    points = pd.DataFrame({"lon": np.full(MAX_POINTS + 1, 111.4), "lat": -7.4})
    with pytest.raises(GeoError, match="choose a smaller area"):
        add_points(make_map(make_areas()), points, {"": Symbol("#000000")})


def test_point_of_an_unknown_kind_is_refused() -> None:
    points = pd.DataFrame({"lon": [111.4], "lat": [-7.4], "kind": ["lost"]})
    with pytest.raises(GeoError, match="'lost'"):
        add_points(make_map(make_areas()), points, {"due": Symbol("#000000")})


# ---- surface


def surface(values: np.ndarray, *, cell_m: float = 100.0) -> DensitySurface:
    return DensitySurface(values, 545_000.0, 9_180_000.0, cell_m, 300.0, 5, pyproj.CRS(UTM))


def picture_of(url: str) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))).convert("RGBA"))


def test_surface_lies_where_its_cells_are_and_north_is_up() -> None:
    values = np.zeros((40, 40))
    values[30:, :10] = 5.0  # the north-west corner
    shown, ((south, west), (north, east)) = warp_surface(surface(values))
    corner = gpd.GeoSeries.from_xy([545_000, 549_000], [9_180_000, 9_184_000], crs=UTM).to_crs(4326)
    assert np.allclose([south, north], [corner.y[0], corner.y[1]], atol=2e-4)
    assert np.allclose([west, east], [corner.x[0], corner.x[1]], atol=2e-4)
    rows, columns = shown.shape
    assert np.nanmin(shown[3 : rows // 5, 3 : columns // 5]) == pytest.approx(5.0)
    assert np.nanmax(shown[rows // 2 :, :]) == 0


def test_surface_is_clear_outside_and_where_there_is_nothing() -> None:
    values = np.full((20, 20), 3.0)
    values[:10] = np.nan
    values[10:, :10] = 0.0
    shown, _ = warp_surface(surface(values))
    pixels = picture_of(paint_values(shown, Classes((1.0, 2.0, 4.0), ("#fef0d9", "#b30000"))))
    rows, columns = pixels.shape[:2]
    assert (pixels[rows * 6 // 10 :, :, 3] == 0).all()
    assert (pixels[: rows * 4 // 10, : columns * 4 // 10, 3] == 0).all()
    assert pixels[rows // 5, columns * 3 // 4].tolist() == [0xB3, 0, 0, 255]


def test_surface_below_the_first_break_is_clear() -> None:
    pixels = picture_of(paint_values(np.array([[0.5, 1.5]]), Classes((1.0, 2.0), ("#b30000",))))
    assert pixels[0, :, 3].tolist() == [0, 255]


def test_large_surface_stays_a_small_picture() -> None:
    y, x = np.mgrid[0:300, 0:330]
    values = np.exp(-((x - 100) ** 2 + (y - 150) ** 2) / 4000) * 40
    map_ = add_surface(
        make_map(make_areas()), surface(values), classify_values(values.ravel(), palette=CRIME_COLOURS)
    )
    assert len(html_of(map_)) < 60_000


def test_single_cell_is_drawn() -> None:
    shown, _ = warp_surface(surface(np.array([[2.0]])))
    assert np.nanmax(shown) == pytest.approx(2.0)


# ---- legend and layers


def test_legend_shows_ranges_and_no_data() -> None:
    map_ = add_legend(
        make_map(make_areas()), Heading("Coverage", "%"), ["#111111"], ["0 to 10"], no_data="none"
    )
    assert call_of(map_, "legend") == [
        {
            "title": "Coverage",
            "notes": ["%"],
            "entries": [["#111111", "0 to 10", "area"], ["", "none", "area"]],
        }
    ]


def test_legend_needs_a_label_for_each_colour() -> None:
    with pytest.raises(GeoError, match="2 colours and 1 labels"):
        add_legend(make_map(make_areas()), Heading("x"), ["#111111", "#222222"], ["a"])


@reference
@needs_villages
def test_217_real_villages_stay_under_300_kb() -> None:
    layer = gpd.read_file(SHARED / "ngawi_villages.geojson")
    codes = layer["kode"].str.replace(".", "")
    areas = layer[["geometry"]].assign(
        village=layer["nama"], district_code=codes.str[:6], district=codes.str[4:6]
    )
    areas = areas.set_index(codes.rename("village_code"))
    values = pd.Series(np.linspace(0, 1, 217), index=areas.index)
    figures = pd.DataFrame({"Registered": values.round(3), "Visited": values.round(3)})
    map_ = add_choropleth(make_map(areas), areas, values, SHARES, style=AreaStyle(figures=figures))
    assert len(html_of(add_boundaries(map_, areas, outlines=False))) <= 300_000


def test_track_joins_places_in_their_order_and_skips_those_without() -> None:
    stops = pd.DataFrame({"lon": [111.1, None, 111.3], "lat": [-7.1, -7.2, -7.3]})
    html = add_track(make_map(make_areas()), stops, dashed=True).get_root().render()
    assert "[[[[111.1,-7.1],[111.3,-7.3]],true]]" in html
    assert "sambang/tracks.js" in html


def test_track_of_one_place_draws_nothing() -> None:
    stops = pd.DataFrame({"lon": [111.1], "lat": [-7.1]})
    assert "Sambang.tracks" not in add_track(make_map(make_areas()), stops).get_root().render()
    with pytest.raises(ColumnError, match="lack lat"):
        add_track(make_map(make_areas()), stops[["lon"]])
