from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import ColumnError, CRSError, GeometryError
from geo.maps import MAX_VERTICES, draw_district_borders, simplify_areas
from geo.maps.geometry import encode_areas, encode_lines, find_label_points
from tests.browser.apps.place import make_areas
from tests.geo.builders import SHARED, UTM, needs_villages, polygons, reference

MIDDLE = np.array([500_000, 9_200_000])  # of a UTM zone, 7 degrees south


def rough(n: int = 200) -> gpd.GeoDataFrame:
    """Two villages whose shared border zigzags by 1 m in n steps of 20 m, around (500 km, 9,200 km)."""
    y = np.arange(n) * 20.0
    border = np.column_stack([np.where(np.arange(n) % 2, 1.0, 0.0), y])
    left = [(-1000, y[-1]), (-1000, 0), *border.tolist()]
    right = [(1000, 0), (1000, y[-1]), *border[::-1].tolist()]
    shapes = [shapely.Polygon(np.array(ring) + MIDDLE) for ring in (left, right)]
    codes = pd.Index(["3501012001", "3501022001"], name="village_code")
    frame = {"village": ["A", "B"], "district_code": ["350101", "350102"], "district": ["K", "L"]}
    return gpd.GeoDataFrame(frame, geometry=shapes, crs=UTM, index=codes)


def decode(rings: list[list[list[int]]]) -> shapely.MultiPolygon:
    """Add up the steps again, as map.js does."""
    parts = []
    for part in rings:
        loops = [np.cumsum(np.array(steps).reshape(-1, 2), axis=0) / 1e5 for steps in part]
        parts.append(shapely.Polygon(loops[0], loops[1:]))
    return shapely.MultiPolygon(parts)


def test_small_layer_keeps_every_corner() -> None:
    simple = simplify_areas(rough())
    assert simple.crs.to_string() == "EPSG:4326"
    assert shapely.get_num_coordinates(simple.geometry.values).sum() == 2 * (200 + 3)


def test_large_layer_keeps_shared_border_shared() -> None:
    areas = rough()
    before = areas.copy()
    simple = simplify_areas(areas, max_vertices=50)
    assert shapely.get_num_coordinates(simple.geometry.values).sum() <= 50
    assert shapely.coverage_is_valid(simple.geometry.values)
    pd.testing.assert_index_equal(simple.index, areas.index)
    assert areas.geom_equals(before).all()


def test_overlaps_and_bow_ties_are_simplified_all_the_same() -> None:
    areas = rough()
    bow_tie = shapely.Polygon(np.array([(0, 0), (900, 900), (900, 0), (0, 900)]) + MIDDLE)
    areas.geometry = [bow_tie, areas.geometry.iloc[1]]
    simple = simplify_areas(areas, max_vertices=50)
    assert simple.is_valid.all()
    assert set(simple.geom_type) <= {"Polygon", "MultiPolygon"}


def test_layer_with_a_point_is_refused() -> None:
    with pytest.raises(GeometryError, match="on a map must be polygons"):
        simplify_areas(gpd.GeoDataFrame(geometry=[shapely.Point(0, 0)], crs=UTM))


def test_layer_without_crs_is_refused() -> None:
    with pytest.raises(CRSError):
        simplify_areas(gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1, 1)]))


@given(st.lists(polygons(), max_size=4))
@settings(max_examples=50, deadline=None)
def test_steps_add_up_to_the_areas_again(shapes: list[shapely.Geometry]) -> None:
    areas = gpd.GeoDataFrame(geometry=gpd.GeoSeries(shapes, crs="EPSG:4326"), crs="EPSG:4326")
    again = [decode(rings) for rings in encode_areas(areas)]
    assert len(again) == len(shapes)
    for shape, other in zip(shapes, again, strict=True):
        assert other.equals_exact(
            shape if shape.geom_type == "MultiPolygon" else shapely.MultiPolygon([shape]), 1e-9
        )


def test_steps_are_rounded_from_absolute_places_so_errors_do_not_add_up() -> None:
    x = 111 + np.arange(1000) * 0.0000149
    steps = encode_lines(np.array([shapely.LineString(np.column_stack([x, np.full(1000, -7.0)]))]))[0]
    assert abs(sum(steps[0::2]) / 1e5 - x[-1]) <= 0.5e-5


def test_border_between_districts_is_drawn_once() -> None:
    two = gpd.GeoDataFrame(
        {"district_code": ["350101", "350102"]},
        geometry=[shapely.box(0, 0, 1000, 1000), shapely.box(1000, 0, 2000, 1000)],
        crs=UTM,
    )
    lines = gpd.GeoSeries(draw_district_borders(two), crs="EPSG:4326").to_crs(UTM)
    assert lines.length.sum() == pytest.approx(7000, rel=1e-6)  # 6 km around, 1 km between


def test_sliver_between_villages_of_a_district_is_no_border() -> None:
    two = gpd.GeoDataFrame(
        {"district_code": ["350101"] * 2},
        geometry=[
            shapely.Polygon(
                [(0, 0), (1000, 0), (1000, 250), (995, 500), (1000, 750), (1000, 1000), (0, 1000)]
            ),
            shapely.box(1000, 0, 2000, 1000),
        ],
        crs=UTM,
    )
    lines = gpd.GeoSeries(draw_district_borders(two), crs="EPSG:4326").to_crs(UTM)
    assert lines.length.sum() == pytest.approx(6000, rel=1e-6)


def test_borders_need_district_codes() -> None:
    with pytest.raises(ColumnError, match="district_code"):
        draw_district_borders(rough().drop(columns="district_code"))


def test_names_stand_inside_their_villages_and_districts_come_first() -> None:
    areas = make_areas(names=None)
    places = find_label_points(areas)
    assert places["is_district"].tolist() == [True] * 4 + [False] * 20
    villages = places[~places["is_district"]].set_index("name")
    points = gpd.GeoSeries.from_xy(villages["lon"], villages["lat"], crs="EPSG:4326", index=villages.index)
    assert points.within(
        gpd.GeoSeries(areas.geometry.values, areas["village"], crs="EPSG:4326"), align=True
    ).all()


def test_village_without_name_gets_no_label() -> None:
    areas = rough().assign(village=["A", None])
    assert find_label_points(areas).query("not is_district")["name"].tolist() == ["A"]


@reference
@needs_villages
def test_real_villages_shrink_and_stay_valid() -> None:
    layer = gpd.read_file(SHARED / "ngawi_villages.geojson")
    simple = simplify_areas(layer)
    assert len(simple) == 217
    assert simple.is_valid.all()
    assert shapely.get_num_coordinates(simple.geometry.values).sum() <= MAX_VERTICES
    moved = np.abs(simple.to_crs(UTM).area / layer.to_crs(UTM).area - 1)
    assert moved.max() < 0.05


def test_many_areas_keep_their_shape_and_are_simplified_once() -> None:
    # Squares of 1 km with a notch of 100 m: 9 corners each, more than were asked for and less than 12.
    notch = [
        (0, 0),
        (1_000, 0),
        (1_000, 450),
        (900, 450),
        (900, 550),
        (1_000, 550),
        (1_000, 1_000),
        (0, 1_000),
    ]
    squares = [shapely.Polygon([(x + 2_000 * place, y) for x, y in notch]) for place in range(60)]
    areas = gpd.GeoDataFrame(geometry=squares, crs="EPSG:32649")
    once = simplify_areas(areas, max_vertices=100)
    assert shapely.get_num_coordinates(once.geometry.values).tolist() == [9] * 60
    assert simplify_areas(once, max_vertices=100).geometry.geom_equals(once.geometry).all()
