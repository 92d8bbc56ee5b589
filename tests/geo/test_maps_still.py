"""Still maps for paper: everything in view, labels apart, a scale that is true."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import geopandas as gpd
import numpy as np
import pytest

from geo.crs import WGS84
from geo.maps import Marker, PlaceMap, draw_places
from tests.geo.builders import make_square

SIZE = (363.0, 187.0)
RADIUS = 8.0
MARKERS = {"stop": Marker("disc", radius=RADIUS, label_size=9.0), "post": Marker("square", fill="#000000")}


def draw(lon: list[float], lat: list[float], kinds: list[str], **more: object) -> ET.Element:
    labels = [str(number) for number in range(1, len(lon) + 1)]
    points = gpd.GeoDataFrame(
        {"kind": kinds, "label": labels}, geometry=gpd.points_from_xy(lon, lat), crs=WGS84
    )
    return ET.fromstring(draw_places(PlaceMap(points, MARKERS, size=SIZE, **more)))  # noqa: S314 - our own


def list_circles(picture: ET.Element, *, places: bool) -> np.ndarray:
    circles = [disc for disc in picture.findall(".//{*}circle") if (disc.get("class") == "place") == places]
    return np.array([(float(disc.get("cx")), float(disc.get("cy"))) for disc in circles])


def test_everything_is_on_the_map_and_labels_are_apart() -> None:
    lon, lat = [111.45] * 8 + [111.47, 111.46], [-7.4] * 8 + [-7.41, -7.4]
    areas = make_square(50_000, west=530_000, south=9_160_000)
    picture = draw(lon, lat, ["stop"] * 9 + ["post"], areas=areas, route=[9, *range(9), 9])
    discs, places = list_circles(picture, places=False), list_circles(picture, places=True)
    assert (len(discs), len(places)) == (9, 9)
    assert (discs >= RADIUS - 0.01).all()
    assert (discs <= np.array(SIZE) - RADIUS + 0.01).all()
    apart = np.hypot(*(discs[:, None] - discs[None, :]).transpose(2, 0, 1))
    assert apart[np.triu_indices(9, 1)].min() > 1.5 * RADIUS
    bar = next(rect for rect in picture.findall(".//{*}rect") if rect.get("class") == "scale")
    assert "500 m" in [text.text for text in picture.findall(".//{*}text")]
    ground = (111.47 - 111.45) * 110_396
    across = places[8, 0] - places[0, 0]
    assert across / float(bar.get("width")) * 500 == pytest.approx(ground, rel=1e-2)


def test_label_at_the_edge_is_written_towards_the_middle() -> None:
    picture = draw([111.45, 111.47], [-7.4, -7.4], ["post", "post"])
    anchors = {text.text: text.get("text-anchor") for text in picture.findall(".//{*}text")}
    assert (anchors["1"], anchors["2"]) == ("start", "start")  # one letter fits
    wide = Marker("square", radius=6, label_size=8)
    points = gpd.GeoDataFrame(
        {"kind": "post", "label": ["", "post of the unit"]},
        geometry=gpd.points_from_xy([111.45, 111.47], [-7.4, -7.4]),
        crs=WGS84,
    )
    drawn = ET.fromstring(draw_places(PlaceMap(points, {"post": wide}, size=SIZE)))  # noqa: S314 - our own
    assert {
        text.get("text-anchor") for text in drawn.findall(".//{*}text") if text.text.startswith("post")
    } == {"end"}


def test_legend_names_the_kinds_in_order_and_texts_are_only_text() -> None:
    picture = draw([111.45, 111.46], [-7.4, -7.4], ["stop", "post"], legend={"post": "<b>", "stop": "a & b"})
    said = [text.text for text in picture.findall(".//{*}text")]
    assert said[-2:] == ["a & b", "<b>"]
