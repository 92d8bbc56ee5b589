"""Zones over a map, maps that move together, the key of two measures, and pictures without a script."""

from __future__ import annotations

import re
from itertools import combinations
from xml.etree import ElementTree as ET

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.classify import BIVARIATE_COLOURS
from geo.errors import GeoError
from geo.maps import (
    Heading,
    Matrix,
    add_matrix_legend,
    add_zones,
    draw_svg,
    make_map,
    merge_cells,
    synchronise_maps,
)

NASTY = "</script><img src=x onerror=alert(1)>`${alert(2)}`"


def squares(n: int = 3) -> gpd.GeoDataFrame:
    shapes = [shapely.box(500_000 + 1000 * i, 9_180_000, 501_000 + 1000 * i, 9_181_000) for i in range(n)]
    return gpd.GeoDataFrame(
        {"district_code": ["350101"] * n}, geometry=shapes, crs="EPSG:32749", index=list("abc")[:n]
    )


def test_zones_write_what_they_are_as_text_only() -> None:
    zones = squares()
    figures = pd.DataFrame({NASTY: [NASTY] * 3}, index=zones.index)
    map_ = add_zones(make_map(zones), zones, ["#b30000"] * 3, titles=[NASTY] * 3, figures=figures)
    written = map_.get_root().render()
    assert "onerror=alert(1)>" not in written
    assert "${alert" not in written


def test_no_zones_draw_nothing_and_each_needs_its_colour() -> None:
    zones = squares()
    assert (
        "Sambang.zones(" not in add_zones(make_map(zones), zones.iloc[:0], [], titles=[]).get_root().render()
    )
    with pytest.raises(GeoError, match="one colour and one title"):
        add_zones(make_map(zones), zones, ["#b30000"], titles=["1"])


def test_cells_of_one_class_become_one_zone_of_the_same_ground() -> None:
    cells = squares()
    merged = merge_cells(cells, [2, 0, 2])
    assert merged["n_cells"].to_dict() == {2: 2}
    assert merged.area.tolist() == [2e6]
    assert merge_cells(cells, [0, 0, 0]).empty


def test_group_and_key_reach_the_script() -> None:
    map_ = synchronise_maps(make_map(squares()), "g1")
    matrix = Matrix(BIVARIATE_COLOURS, "more crime", "less coverage")
    written = add_matrix_legend(map_, Heading("Both"), matrix, no_data="none").get_root().render()
    assert 'Sambang.follow("g1")' in written
    # the row of least coverage stands on top
    assert re.search(r'"matrix":\[\["#be64ac","#8c62aa","#3b4994"\]', written)


def test_marks_of_neighbours_do_not_cover_each_other() -> None:
    shapes = [shapely.box(10 * i, 0, 10 * i + 10, 10) for i in range(4)] + [shapely.box(0, 0, 9000, 9000)]
    areas = gpd.GeoDataFrame(geometry=shapes, crs="EPSG:32749", index=list("abcde"))
    picture = draw_svg(areas, pd.Series(dtype="object"), marks={code: code for code in "abcde"})
    discs = [
        (float(disc.get("cx")), float(disc.get("cy")))
        for disc in ET.fromstring(picture).iter("{http://www.w3.org/2000/svg}circle")  # noqa: S314 - our own
    ]
    apart = [np.hypot(x - u, y - v) for (x, y), (u, v) in combinations(discs, 2)]
    assert len(discs) == 5
    assert min(apart) >= 44  # each is 22 wide from its middle


def test_picture_is_well_formed_and_holds_names_as_text() -> None:
    areas = squares()
    picture = draw_svg(
        areas, pd.Series({"a": "#b30000", "b": None}), marks={"a": NASTY, "z": "9"}, title=NASTY
    )
    root = ET.fromstring(picture)  # noqa: S314 - our own picture
    assert root.get("viewBox") == "0 0 1000 349"  # 3 km by 1 km on 976 units, and a margin of 12
    fills = [path.get("fill") for path in root.iter("{http://www.w3.org/2000/svg}path")]
    assert fills == ["#b30000", "url(#sambang-svg-hatch)", "url(#sambang-svg-hatch)", "none"]
    texts = [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert texts == [NASTY]
    assert not list(root.iter("{http://www.w3.org/2000/svg}script"))
