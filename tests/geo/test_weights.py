from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import CRSError, GeometryError, GridError
from geo.grid import make_grid
from geo.weights import find_area_neighbours, find_cell_neighbours, find_place_neighbours, include_self
from tests.geo.builders import (
    make_areas,
    make_cloud,
    make_points,
    make_square,
    needs_villages,
    read_villages,
    reference,
)

if TYPE_CHECKING:
    from scipy import sparse


def names(matrix: sparse.csr_array, index: pd.Index) -> dict[str, set[str]]:
    dense = matrix.toarray()
    return {name: set(index[dense[row] > 0]) for row, name in enumerate(index)}


def test_a_square_cell_has_eight_neighbours_and_a_corner_three() -> None:
    grid = make_grid(make_square(500), cell_m=100)
    k = np.diff(find_cell_neighbours(grid.index).indptr)
    assert sorted(k.tolist()) == [3] * 4 + [5] * 12 + [8] * 9


def test_a_hexagon_has_six_neighbours() -> None:
    grid = make_grid(make_square(1500), cell_m=100, shape="hexagon")
    k = pd.Series(np.diff(find_cell_neighbours(grid.index).indptr), index=grid.index)
    assert k["hexagon_100_7_8"] == 6
    assert k.max() == 6


def test_cells_cut_at_the_edge_keep_their_neighbours() -> None:
    strip = make_areas(a=shapely.box(0, 0, 300, 5))
    assert np.diff(find_cell_neighbours(make_grid(strip, cell_m=100).index).indptr).tolist() == [1, 2, 1]


def test_cells_west_and_south_of_the_origin_are_cells_too() -> None:
    ids = pd.Index(["square_100_-1_-1", "square_100_0_0", "square_100_5_5"])
    assert names(find_cell_neighbours(ids), ids)["square_100_-1_-1"] == {"square_100_0_0"}


def test_only_cells_of_one_grid_are_neighbours() -> None:
    with pytest.raises(GridError, match="found from cell ids"):
        find_cell_neighbours(pd.Index(["3521072001"]))
    with pytest.raises(GridError, match="differ"):
        find_cell_neighbours(pd.Index(["square_100_0_0", "square_200_0_0"]))
    with pytest.raises(GridError, match="above 0"):
        find_cell_neighbours(pd.Index(["square_100_0_0"]), cells=0)


def test_a_place_just_as_far_away_is_a_neighbour_and_a_missing_one_is_alone() -> None:
    places = make_points((0, 0), (30, 40), None, (30.1, 40))
    assert find_place_neighbours(places, distance_m=50).toarray().sum(axis=1).tolist() == [1, 2, 0, 1]


def test_areas_touch_in_a_point_across_a_sliver_or_where_they_overlap() -> None:
    areas = make_areas(
        a=shapely.box(0, 0, 10, 10),
        corner=shapely.box(10, 10, 20, 20),
        sliver=shapely.box(-10.5, 0, -0.5, 10),
        overlap=shapely.box(3, -10, 9, 1),
        far=shapely.box(90, 90, 99, 99),
    )
    assert names(find_area_neighbours(areas), areas.index)["a"] == {"corner", "sliver", "overlap"}
    assert names(find_area_neighbours(areas, gap_m=0), areas.index)["a"] == {"corner", "overlap"}
    assert names(find_area_neighbours(areas), areas.index)["far"] == set()


def test_layers_in_degrees_and_bad_distances_are_refused() -> None:
    places = make_points((0, 0))
    with pytest.raises(CRSError):
        find_place_neighbours(places.to_crs("EPSG:4326"), distance_m=5)
    with pytest.raises(CRSError):
        find_area_neighbours(make_square(5).to_crs("EPSG:4326"))
    with pytest.raises(GeometryError, match="above 0"):
        find_place_neighbours(places, distance_m=0)
    with pytest.raises(GeometryError, match="0 m or more"):
        find_area_neighbours(make_square(5), gap_m=-1)


def test_nothing_and_one_have_no_neighbours() -> None:
    assert find_place_neighbours(make_points(), distance_m=5).shape == (0, 0)
    assert find_area_neighbours(make_square(5)).nnz == 0
    assert find_cell_neighbours(pd.Index([], dtype="str")).shape == (0, 0)


def test_self_is_added_once() -> None:
    once = include_self(find_place_neighbours(make_points((0, 0), (1, 0)), distance_m=5))
    assert include_self(once).toarray().tolist() == once.toarray().tolist() == [[1, 1], [1, 1]]


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), n=st.integers(1, 40))
def test_neighbours_are_mutual_never_oneself_and_follow_the_order(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    xy, order = rng.integers(0, 12, (n, 2)).astype(float), rng.permutation(n)
    dense = find_place_neighbours(make_cloud(xy), distance_m=3).toarray()
    exact = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1)) <= 3
    np.testing.assert_array_equal(dense, exact & ~np.eye(n, dtype=bool))
    shuffled = find_place_neighbours(make_cloud(xy[order]), distance_m=3).toarray()
    np.testing.assert_array_equal(shuffled, dense[np.ix_(order, order)])


@reference
@needs_villages
def test_every_village_has_neighbours() -> None:
    villages = read_villages()
    k = np.diff(find_area_neighbours(villages).indptr)
    assert k.min() >= 1
    assert 4 < k.mean() < 8
