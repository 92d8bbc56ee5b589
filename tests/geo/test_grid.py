from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import CRSError, GeometryError, GridError
from geo.grid import MAX_CELLS, choose_cell_size, coarsen_cell, count_cells, make_grid
from tests.geo.builders import (
    make_areas,
    make_points,
    make_square,
    needs_villages,
    polygons,
    read_villages,
    reference,
)

SHAPES = ["square", "hexagon"]


def test_squares_lie_at_whole_multiples_of_their_size() -> None:
    grid = make_grid(make_square(200, west=150, south=-30), cell_m=100)
    assert grid.index.tolist()[:3] == ["square_100_1_-1", "square_100_2_-1", "square_100_3_-1"]
    assert grid.geometry.iloc[0].equals(shapely.box(150, -30, 200, 0))
    assert grid.loc["square_100_2_0"].geometry.equals(shapely.box(200, 0, 300, 100))
    assert grid.loc["square_100_2_0", "area_km2"] == pytest.approx(0.01)


def test_a_hexagon_within_the_area_is_regular() -> None:
    grid = make_grid(make_square(1000), cell_m=100, shape="hexagon")
    # Width 100 between opposite sides: area √3/2·100².
    assert grid["area_km2"].max() == pytest.approx(np.sqrt(3) / 2 * 0.01)
    whole = grid[grid["area_km2"] > 0.0086].geometry.iloc[0]
    corners = shapely.get_coordinates(whole)[:-1] - shapely.get_coordinates(whole.centroid)
    assert np.hypot(*corners.T) == pytest.approx(np.full(6, 100 / np.sqrt(3)))


@pytest.mark.parametrize("shape", SHAPES)
def test_a_place_is_in_the_same_cell_whatever_the_area(shape: str) -> None:
    small, large = make_square(500, west=1000, south=1000), make_square(3000)
    inner = make_grid(small, cell_m=100, shape=shape)
    outer = make_grid(large, cell_m=100, shape=shape)
    assert set(inner.index) <= set(outer.index)
    assert shapely.covers(
        outer.geometry.loc[inner.index].buffer(1e-6).to_numpy(), inner.geometry.to_numpy()
    ).all()


@pytest.mark.parametrize("shape", SHAPES)
def test_a_cell_that_only_meets_the_border_is_left_out(shape: str) -> None:
    grid = make_grid(make_square(100), cell_m=100, shape=shape)
    assert (grid["area_km2"] > 0).all()
    if shape == "square":
        assert grid.index.tolist() == ["square_100_0_0"]


@pytest.mark.parametrize("shape", SHAPES)
@settings(max_examples=60, deadline=None)
@given(pieces=st.lists(polygons(), min_size=1, max_size=4), cell_m=st.sampled_from([3.0, 7.5, 100.0]))
def test_cells_fill_the_area_once(shape: str, pieces: list[shapely.Geometry], cell_m: float) -> None:
    area = make_areas(**{f"v{number}": piece for number, piece in enumerate(pieces)})
    grid = make_grid(area, cell_m=cell_m, shape=shape)
    ground = shapely.union_all(area.geometry.to_numpy())
    assert grid["area_km2"].sum() * 1e6 == pytest.approx(ground.area)
    assert shapely.union_all(grid.geometry.to_numpy()).symmetric_difference(ground).area < 1e-6
    assert grid.index.is_unique
    assert len(grid) <= count_cells(area, cell_m=cell_m, shape=shape)
    assert grid.geom_type.isin(["Polygon", "MultiPolygon"]).all()


@pytest.mark.parametrize("shape", SHAPES)
def test_too_many_cells_make_coarser_ones_with_a_note(shape: str) -> None:
    area = make_square(50_000)
    grid = make_grid(area, cell_m=100, shape=shape)
    # 500² = 250,000 squares of 100 m; 250² = 62,500 of 200 m.
    assert grid.attrs["cell_m"] == 200
    assert grid.attrs["note"].startswith("Cells of 200 m instead of 100 m")
    assert len(grid) <= count_cells(area, cell_m=200, shape=shape) <= MAX_CELLS


def test_a_tiny_cell_over_a_large_area_is_coarsened_at_once() -> None:
    size, note = coarsen_cell(make_square(1e6), cell_m=1e-6)
    # 10⁶ m / √100,000 ≈ 3,162 m, up to whole hundreds.
    assert size == 3_200
    assert note


def test_a_margin_counts_as_area() -> None:
    assert coarsen_cell(make_square(31_000), cell_m=100)[0] == 100
    assert coarsen_cell(make_square(31_000), cell_m=100, margin_m=1_000)[0] == 200


@pytest.mark.parametrize(("side", "cell_m"), [(500, 100), (7_400, 100), (7_600, 200), (41_000, 800)])
def test_about_fifty_cells_fit_the_shorter_side(side: float, cell_m: float) -> None:
    area = make_areas(a=shapely.box(0, 0, side, 3 * side))
    assert choose_cell_size(area) == cell_m
    assert make_grid(make_square(side)).attrs["cell_m"] == cell_m


def test_missing_and_empty_polygons_do_not_matter() -> None:
    area = make_areas(a=shapely.box(0, 0, 100, 100), b=None, c=shapely.Polygon())
    assert len(make_grid(area, cell_m=50)) == 4


def test_a_polygon_that_crosses_itself_is_repaired() -> None:
    bow_tie = shapely.Polygon([(0, 0), (100, 100), (100, 0), (0, 100)])
    assert make_grid(make_areas(a=bow_tie), cell_m=25)["area_km2"].sum() * 1e6 == pytest.approx(5_000)


def test_the_area_stays_as_it_is() -> None:
    area = make_square(300)
    before = area.copy()
    make_grid(area, cell_m=100)
    assert area.equals(before)


def test_what_is_no_grid_is_refused() -> None:
    area = make_square(100)
    with pytest.raises(CRSError):
        make_grid(area.to_crs("EPSG:4326"), cell_m=100)
    with pytest.raises(GridError, match="empty"):
        make_grid(area.iloc[:0], cell_m=100)
    for size in (0, -5, float("nan"), float("inf")):
        with pytest.raises(GridError, match="above 0"):
            count_cells(area, cell_m=size)
    with pytest.raises(GridError, match="triangle"):
        make_grid(area, cell_m=100, shape="triangle")
    with pytest.raises(GeometryError, match="not polygons"):
        make_grid(make_points((0, 0), (500, 500)), cell_m=100)


@reference
@needs_villages
@pytest.mark.parametrize("shape", SHAPES)
def test_cells_of_real_villages_fill_them(shape: str) -> None:
    villages = read_villages()
    grid = make_grid(villages, shape=shape)
    assert grid.attrs["cell_m"] == 800  # 41.5 km from north to south
    assert grid["area_km2"].sum() == pytest.approx(shapely.union_all(villages.geometry.to_numpy()).area / 1e6)
