from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import join, lattice
from geo.errors import CRSError, GeoError, GeometryError
from geo.join import assign_areas, locate_points, match_households, take_coordinates
from tests.geo.builders import (
    UTM,
    make_areas,
    make_cloud,
    make_points,
    needs_villages,
    polygons,
    read_villages,
    reference,
)

LEFT, RIGHT = shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10)


def find_by_brute_force(x: np.ndarray, y: np.ndarray, areas: gpd.GeoDataFrame) -> list[str | None]:
    """Ask shapely of each pair of area and point; the lower code wins."""
    ordered = areas.sort_index()
    held = shapely.intersects_xy(ordered.geometry.to_numpy()[:, np.newaxis], x, y)
    return [ordered.index[column.argmax()] if column.any() else None for column in held.T]


# ---- points to areas


def test_point_gets_the_area_that_holds_it() -> None:
    found = assign_areas(make_points((3, 3), (15, 3), ids=["p", "q"]), make_areas(v1=LEFT, v2=RIGHT))
    assert found.to_dict() == {"p": "v1", "q": "v2"}
    assert found.name == "village_code"


@pytest.mark.parametrize("order", [["v1", "v2"], ["v2", "v1"]])
def test_point_on_a_shared_border_counts_once_for_the_lower_code(order: list[str]) -> None:
    areas = make_areas(v1=LEFT, v2=RIGHT).loc[order]
    assert assign_areas(make_points((10, 5), (10, 0), (10, 10)), areas).tolist() == ["v1"] * 3


def test_point_on_the_outer_border_is_inside() -> None:
    found = assign_areas(make_points((0, 0), (20, 4), (15, 10)), make_areas(v1=LEFT, v2=RIGHT))
    assert found.tolist() == ["v1", "v2", "v2"]


def test_point_in_overlapping_areas_gets_the_lower_code() -> None:
    areas = make_areas(v2=shapely.box(0, 0, 10, 10), v1=shapely.box(5, 0, 15, 10))
    assert assign_areas(make_points((2, 5), (7, 5), (12, 5)), areas).tolist() == ["v2", "v1", "v1"]


def test_point_in_a_hole_or_outside_is_in_no_area() -> None:
    ring = LEFT.difference(shapely.box(4, 4, 6, 6))
    found = assign_areas(make_points((5, 5), (25, 5), (4, 5)), make_areas(v1=ring))
    assert found.isna().tolist() == [True, True, False]


def test_enclave_goes_to_its_own_area() -> None:
    hole = shapely.box(4, 4, 6, 6)
    areas = make_areas(v1=LEFT.difference(hole), v2=hole)
    assert assign_areas(make_points((5, 5), (1, 1)), areas).tolist() == ["v2", "v1"]


def test_both_parts_of_an_area_count() -> None:
    areas = make_areas(v1=shapely.MultiPolygon([LEFT, shapely.box(30, 0, 40, 10)]))
    assert assign_areas(make_points((5, 5), (35, 5), (25, 5)), areas).notna().tolist() == [True, True, False]


def test_missing_and_empty_points_are_in_no_area() -> None:
    points = gpd.GeoDataFrame(geometry=[None, shapely.Point(), shapely.Point(1, 1)], crs=UTM)
    assert assign_areas(points, make_areas(v1=LEFT)).isna().tolist() == [True, True, False]


def test_missing_and_empty_areas_hold_nothing() -> None:
    areas = make_areas(v0=None, v1=shapely.Polygon(), v2=LEFT)
    assert assign_areas(make_points((1, 1)), areas).tolist() == ["v2"]


def test_no_points_and_no_areas_give_empty_answers() -> None:
    areas = make_areas(v1=LEFT)
    assert assign_areas(make_points(), areas).empty
    assert assign_areas(make_points((1, 1)), areas.iloc[:0]).isna().all()
    assert locate_points([], [], areas).tolist() == []
    assert locate_points([1.0], [1.0], areas.iloc[:0]).tolist() == [None]


def test_coordinates_that_are_no_place_are_in_no_area() -> None:
    lon, lat = [1.0, np.nan, 1.0, np.inf, -np.inf], [1.0, 1.0, np.nan, 1.0, 1.0]
    assert locate_points(lon, lat, make_areas(v1=LEFT)).tolist() == ["v1", None, None, None, None]


def test_heights_of_points_and_areas_do_not_matter() -> None:
    points = gpd.GeoDataFrame(geometry=[shapely.Point(1, 1, 99)], crs=UTM)
    assert assign_areas(points, make_areas(v1=shapely.force_3d(LEFT, 7.0))).tolist() == ["v1"]


def test_layers_without_metres_or_of_two_kinds_are_refused() -> None:
    points, areas = make_points((1, 1)), make_areas(v1=LEFT)
    with pytest.raises(CRSError, match="not in metres"):
        assign_areas(points.to_crs("EPSG:4326"), areas)
    with pytest.raises(CRSError, match="differ"):
        assign_areas(points, areas.to_crs("EPSG:32748"))
    with pytest.raises(CRSError, match="no CRS"):
        assign_areas(points.set_crs(None, allow_override=True), areas)


def test_geometries_of_the_wrong_kind_are_refused() -> None:
    points, areas = make_points((1, 1)), make_areas(v1=LEFT)
    with pytest.raises(GeometryError, match="not points"):
        assign_areas(areas, areas)
    with pytest.raises(GeometryError, match="not polygons"):
        assign_areas(points, points)
    with pytest.raises(GeometryError, match="same length"):
        locate_points([1.0], [1.0, 2.0], areas)


def test_the_layers_stay_as_they_are() -> None:
    points, areas = make_points((1, 1), None), make_areas(v2=RIGHT, v1=LEFT)
    before = points.copy(), areas.copy()
    assign_areas(points, areas)
    assert points.equals(before[0])
    assert areas.equals(before[1])
    assert not shapely.is_prepared(areas.geometry.to_numpy()).any()


@settings(max_examples=120, deadline=None)
@given(
    shapes=st.lists(polygons(), min_size=1, max_size=6), seed=st.integers(0, 2**32 - 1), many=st.booleans()
)
def test_answers_equal_those_of_brute_force(shapes: list[shapely.Geometry], seed: int, *, many: bool) -> None:
    areas = make_areas(**{f"v{number}": shape for number, shape in enumerate(shapes)})
    rng = np.random.default_rng(seed)
    corners = shapely.get_coordinates(areas.geometry.to_numpy())
    border = shapely.get_coordinates(
        shapely.line_interpolate_point(areas.boundary.to_numpy(), rng.random(), normalized=True)
    )
    whole = np.stack(np.meshgrid(np.arange(-2.0, 72), np.arange(-2.0, 62)), axis=-1).reshape(-1, 2)
    hair = corners + rng.choice([-1, 1], corners.shape) * np.spacing(corners)
    anywhere = rng.uniform(-5, 75, (500, 2))
    x, y = np.concatenate([corners, border, hair, anywhere, *([whole] if many else [])]).T
    assert locate_points(x, y, areas).tolist() == find_by_brute_force(x, y, areas)


@settings(max_examples=40, deadline=None)
@given(
    shapes=st.lists(polygons(), min_size=1, max_size=5),
    far=st.sampled_from([0.0, 9.1e6]),
    small=st.sampled_from([1.0, 1e-4]),
)
def test_the_grid_agrees_with_exact_tests_far_from_the_origin(
    shapes: list[shapely.Geometry], far: float, small: float
) -> None:
    moved = [shapely.transform(shape, lambda xy: xy * small + far) for shape in shapes]
    areas = make_areas(**{f"v{number}": shape for number, shape in enumerate(moved)})
    corners = shapely.get_coordinates(areas.geometry.to_numpy())
    grid = np.stack(np.meshgrid(np.arange(0, 60.0), np.arange(0, 60.0)), axis=-1).reshape(-1, 2) * small + far
    x, y = np.concatenate([corners, corners + small / 3, grid]).T
    _, polygon_array = join._by_code(areas)
    assert (
        join._find(x, y, polygon_array).tolist() == lattice.find_holding_polygon(x, y, polygon_array).tolist()
    )


def test_many_points_take_the_grid_and_few_the_exact_test(monkeypatch: pytest.MonkeyPatch) -> None:
    tested: list[int] = []
    exact = lattice.find_holding_polygon

    def count(x: np.ndarray, y: np.ndarray, shapes: np.ndarray) -> np.ndarray:
        tested.append(len(x))
        return exact(x, y, shapes)

    monkeypatch.setattr(join, "find_holding_polygon", count)
    monkeypatch.setattr(lattice, "find_holding_polygon", count)
    x, y = np.random.default_rng(1).uniform(0, 10, (2, 50_000))
    assert set(locate_points(x, y, make_areas(v1=LEFT))) == {"v1"}
    assert sum(tested) < 5_000


def test_cells_on_both_sides_of_a_border_are_undecided() -> None:
    polygons_of_one = lattice.prepare_polygons(np.array([shapely.box(2, 2, 4, 4)]))
    cells = lattice.Lattice(west=0, south=0, cell=1, n_cols=6, n_rows=6)
    labels = lattice.label_cells(polygons_of_one, cells).reshape(6, 6)
    assert (labels[1:5, 1:5] == lattice.UNDECIDED).all()
    assert (labels[[0, 5]] == lattice.OUTSIDE).all()


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=20, deadline=None)
def test_order_of_points_and_areas_does_not_matter(seed: int) -> None:
    rng = np.random.default_rng(seed)
    points = make_cloud(rng.integers(0, 30, (1_500, 2)).astype(float))
    areas = make_areas(v1=LEFT, v2=RIGHT, v3=shapely.box(5, 5, 25, 25))
    found = assign_areas(points, areas)
    shuffled = assign_areas(
        points.sample(frac=1, random_state=seed % 1000), areas.sample(frac=1, random_state=7)
    )
    pd.testing.assert_series_equal(shuffled.sort_index(), found)


@reference
@needs_villages
def test_real_villages_give_the_answers_of_sjoin() -> None:
    villages = read_villages()
    west, south, east, north = villages.total_bounds
    rng = np.random.default_rng(5)
    points = make_cloud(np.column_stack([rng.uniform(west, east, 30_000), rng.uniform(south, north, 30_000)]))
    joined = gpd.sjoin(points, villages, predicate="within")["village_code"]
    expected = joined.groupby(level=0).min().reindex(points.index)
    assert assign_areas(points, villages).fillna("").tolist() == expected.fillna("").tolist()


@reference
@needs_villages
def test_corners_of_real_villages_are_in_the_lowest_village_that_touches_them() -> None:
    villages = read_villages()
    corners = shapely.get_coordinates(villages.geometry.to_numpy())[::7]
    assert locate_points(*corners.T, villages).tolist() == find_by_brute_force(*corners.T, villages)


# ---- visits to households


def test_visit_is_matched_to_the_nearest_household() -> None:
    households = make_points((0, 0), (100, 0), ids=["h1", "h2"])
    matched = match_households(make_points((3, 4), (90, 0), ids=["a", "b"]), households)
    assert matched["household_id"].to_dict() == {"a": "h1", "b": "h2"}
    assert matched["distance_m"].to_dict() == {"a": 5.0, "b": 10.0}


def test_household_at_the_limit_is_matched_and_one_beyond_is_not() -> None:
    households = make_points((0, 0), ids=["h1"])
    matched = match_households(make_points((30, 0), (30.01, 0)), households, max_distance_m=30)
    assert matched["household_id"].isna().tolist() == [False, True]
    assert matched["distance_m"].round(2).tolist() == [30.0, 30.01]


def test_visit_without_a_point_matches_nothing() -> None:
    matched = match_households(make_points(None, (0, 0)), make_points((0, 0), None, ids=["h2", "h1"]))
    assert matched["household_id"].isna().tolist() == [True, False]
    assert matched["distance_m"].isna().tolist() == [True, False]


@pytest.mark.parametrize("order", [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]])
def test_of_equally_near_households_the_lower_id_is_taken(order: list[int]) -> None:
    households = make_points((10, 0), (-10, 0), (0, 10), (-10, 0), ids=["h4", "h3", "h2", "h1"]).iloc[order]
    matched = match_households(make_points((0, 0), (-9, 0), (4, 4)), households)
    assert matched["household_id"].tolist() == ["h1", "h1", "h2"]


def test_without_households_there_is_no_distance() -> None:
    matched = match_households(make_points((0, 0)), make_points(ids=[]))
    assert matched.isna().all(axis=None)
    assert match_households(make_points(), make_points((0, 0), ids=["h1"])).empty


def test_bad_layers_and_distances_are_refused() -> None:
    points = make_points((0, 0), ids=["h1"])
    with pytest.raises(CRSError):
        match_households(points, points.to_crs("EPSG:4326"))
    with pytest.raises(GeoError, match="0 m or more"):
        match_households(points, points, max_distance_m=-1)
    with pytest.raises(GeometryError):
        match_households(points, make_areas(v1=LEFT))


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), n_households=st.integers(1, 40))
def test_matches_equal_those_of_brute_force_with_the_lower_id_first(seed: int, n_households: int) -> None:
    rng = np.random.default_rng(seed)
    ids = rng.permutation([f"h{number:02d}" for number in range(n_households)])
    at = rng.integers(0, 12, (n_households, 2)).astype(float)  # whole metres: many ties
    places = rng.integers(0, 12, (60, 2)).astype(float)
    matched = match_households(make_cloud(places), make_cloud(at).set_index(pd.Index(ids)), max_distance_m=3)
    squared = ((places[:, np.newaxis] - at) ** 2).sum(axis=2)
    expected = [min(ids[row == row.min()]) if row.min() <= 9 else None for row in squared]
    assert (
        matched["household_id"].astype(object).where(matched["household_id"].notna(), None).tolist()
        == expected
    )
    np.testing.assert_allclose(matched["distance_m"], np.sqrt(squared.min(axis=1)))


def test_coordinates_of_a_point_keep_their_row() -> None:
    x, y = take_coordinates(make_points((1, 2), None))
    np.testing.assert_array_equal(x, [1, np.nan])
    np.testing.assert_array_equal(y, [2, np.nan])
