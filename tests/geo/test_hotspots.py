from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import ColumnError, CRSError, GeometryError, GridError
from geo.grid import MAX_CELLS, make_grid
from geo.hotspots import (
    FALLBACK_BANDWIDTH_M,
    MAX_BANDWIDTH_M,
    DensitySurface,
    choose_bandwidth,
    estimate_density,
)
from geo.hotspots.kernel import MAX_PAIRS
from tests.geo.builders import make_areas, make_cloud, make_points, make_square
from tests.volume import volume

seeds = st.integers(0, 2**32 - 1)


def sum_exactly(xy: np.ndarray, surface: DensitySurface) -> np.ndarray:
    """Add up 3/(πh²)·(1 - d²/h²)² over all points at the middle of each cell, per km²."""
    n_rows, n_cols = surface.shape
    x = surface.west_m + (np.arange(n_cols) + 0.5) * surface.cell_m
    y = surface.south_m + (np.arange(n_rows) + 0.5) * surface.cell_m
    squared = (x[:, np.newaxis] - xy[:, 0]) ** 2 + (y[:, np.newaxis, np.newaxis] - xy[:, 1]) ** 2
    ratio = squared / surface.bandwidth_m**2
    kernel = np.where(ratio < 1, 3 / (np.pi * surface.bandwidth_m**2) * (1 - ratio) ** 2, 0)
    return kernel.sum(axis=-1) * 1e6


# ---- the surface


def test_one_point_peaks_at_three_over_pi_h_squared() -> None:
    surface = estimate_density(make_points((1050, 1050)), make_square(2100), bandwidth_m=500)
    assert surface.peak == pytest.approx(3 / (np.pi * 0.5**2))  # 3.8197 per km²
    assert np.unravel_index(surface.values.argmax(), surface.shape) == (10, 10)


def test_the_kernel_falls_by_hand_values_and_ends_at_the_bandwidth() -> None:
    surface = estimate_density(make_points((1050, 1050)), make_square(2100), bandwidth_m=400)
    row = surface.values[10] / surface.peak
    # (1 - (100/400)²)² = 0.8789, (1 - ¼)² = 0.5625, (1 - 9/16)² = 0.1914, 0.
    assert row[10:16] == pytest.approx([1, 0.87890625, 0.5625, 0.19140625, 0, 0], abs=1e-9)
    assert (surface.values >= 0).all()


def test_row_zero_is_south_and_column_zero_west() -> None:
    surface = estimate_density(
        make_points((350, 150)), make_areas(a=shapely.box(0, 0, 500, 300)), bandwidth_m=100
    )
    assert surface.shape == (3, 5)
    assert np.unravel_index(surface.values.argmax(), surface.shape) == (1, 3)


@pytest.mark.trial
def test_the_surface_is_within_one_percent_of_the_exact_sum() -> None:
    # Of the surface's own peak, however little of the kernels of points outside reaches into the area.
    worst = [find_error(seed) for seed in range(volume(100, 10_000))]
    print(f"largest error of {len(worst):,} surfaces: {max(worst):.2e} of the peak")
    assert max(worst) < 0.01


def find_error(seed: int) -> float:
    """Return the largest error of a random surface as a share of its peak; half have points outside."""
    rng = np.random.default_rng(seed)
    h = float(rng.choice([100, 130, 250, 300, 500, 800, 1500]))
    reach = h if seed % 2 else 0.0
    xy = rng.uniform(-reach, 3000 + reach, (rng.integers(1, 61), 2))
    if seed % 4 == 3:  # all outside
        xy[:, 0] = 3000 + rng.uniform(0, h, len(xy))
    surface = estimate_density(make_cloud(xy), make_square(3000), bandwidth_m=h)
    exact = sum_exactly(xy, surface)
    return float(np.abs(surface.values - exact).max() / max(exact.max(), 1e-12))


@pytest.mark.trial
@pytest.mark.parametrize("seed", range(volume(2, 50)))
def test_the_surface_of_many_points_is_within_one_percent_of_the_exact_sum(seed: int) -> None:
    rng = np.random.default_rng(seed)
    h = float(rng.choice([250, 500, 1000]))
    spread = float(rng.uniform(50, 2000))
    xy = rng.choice(rng.uniform(0, 3000, (20, 2)), 40_000) + rng.normal(0, spread, (40_000, 2))
    assert len(xy) * (2 * h / 100 + 1) ** 2 > MAX_PAIRS  # these are binned
    surface = estimate_density(make_cloud(xy), make_square(3000), bandwidth_m=h)
    exact = sum(sum_exactly(part, surface) for part in np.array_split(xy, 20))
    assert np.abs(surface.values - exact).max() < 0.01 * exact.max()


@settings(max_examples=30, deadline=None)
@given(seed=seeds, n=st.integers(1, 50), h=st.sampled_from([300.0, 500.0, 900.0]))
def test_the_integral_over_the_whole_plane_is_the_number_of_points(seed: int, n: int, h: float) -> None:
    xy = np.random.default_rng(seed).uniform(1000, 3000, (n, 2))
    surface = estimate_density(make_cloud(xy), make_square(4000), bandwidth_m=h)
    assert surface.values.sum() * 0.01 == pytest.approx(n, rel=0.01)
    assert (surface.values >= 0).all()
    assert surface.n_points == n


@settings(max_examples=25, deadline=None)
@given(seed=seeds, right=st.integers(-90_000, 90_000), up=st.integers(-90_000, 90_000))
def test_a_shift_by_whole_cells_shifts_the_surface(seed: int, right: int, up: int) -> None:
    xy = np.random.default_rng(seed).uniform(0, 2000, (20, 2))
    shift = np.array([right, up]) * 100.0
    here = estimate_density(make_cloud(xy), make_square(2000), bandwidth_m=300)
    there = estimate_density(
        make_cloud(xy + shift), make_square(2000, west=shift[0], south=shift[1]), bandwidth_m=300
    )
    np.testing.assert_allclose(there.values, here.values, atol=1e-6 * here.peak)
    assert (there.west_m, there.south_m) == (here.west_m + shift[0], here.south_m + shift[1])


@settings(max_examples=15, deadline=None)
@given(seed=seeds)
def test_order_of_points_does_not_matter(seed: int) -> None:
    rng = np.random.default_rng(seed)
    xy = rng.uniform(0, 2000, (40, 2))
    first = estimate_density(make_cloud(xy), make_square(2000))
    second = estimate_density(make_cloud(rng.permutation(xy)), make_square(2000))
    np.testing.assert_allclose(second.values, first.values, atol=1e-9 * first.peak)
    assert second.bandwidth_m == pytest.approx(first.bandwidth_m)


@settings(max_examples=15, deadline=None)
@given(seed=seeds)
def test_a_weight_counts_like_so_many_points(seed: int) -> None:
    rng = np.random.default_rng(seed)
    xy, times = rng.uniform(0, 2000, (15, 2)), rng.integers(0, 4, 15)
    weighted = make_cloud(xy).assign(times=times)
    once = estimate_density(weighted, make_square(2000), bandwidth_m=400, weight="times")
    repeated = estimate_density(make_cloud(np.repeat(xy, times, axis=0)), make_square(2000), bandwidth_m=400)
    np.testing.assert_allclose(once.values, repeated.values, atol=1e-9 * max(once.peak, 1))


def test_cells_that_do_not_touch_the_area_have_no_value() -> None:
    triangle = make_areas(a=shapely.Polygon([(10, 10), (990, 10), (10, 990)]))
    surface = estimate_density(make_points((200, 200)), triangle, bandwidth_m=300)
    touched = shapely.intersects(
        triangle.geometry.item(),
        [[shapely.box(c, r, c + 100, r + 100) for c in range(0, 1000, 100)] for r in range(0, 1000, 100)],
    )
    np.testing.assert_array_equal(~np.isnan(surface.values), touched)


def test_points_outside_count_where_the_kernel_reaches_in() -> None:
    surface = estimate_density(make_points((-50, 550)), make_square(1000), bandwidth_m=300)
    assert surface.values[5, 0] == pytest.approx(
        sum_exactly(np.array([[-50.0, 550.0]]), surface)[5, 0], rel=0.01
    )
    assert surface.n_points == 1


def test_points_far_outside_change_nothing() -> None:
    near = make_points((500, 500), (300, 700))
    far = make_points((500, 500), (300, 700), (9e6, 9e6), (500, -4e5))
    expected, found = (estimate_density(points, make_square(1000)) for points in (near, far))
    np.testing.assert_array_equal(found.values, expected.values)
    assert (found.n_points, found.bandwidth_m) == (2, expected.bandwidth_m)


def test_points_without_coordinates_are_passed_over() -> None:
    surface = estimate_density(make_points((500, 500), None), make_square(1000), bandwidth_m=300)
    assert surface.n_points == 1


def test_no_points_give_zeros_and_a_note() -> None:
    surface = estimate_density(make_points(), make_square(1000))
    assert (surface.values == 0).all()
    assert surface.peak == 0
    assert "No points" in surface.note
    assert surface.bandwidth_m == FALLBACK_BANDWIDTH_M


@pytest.mark.parametrize("n", [1, 7])
def test_points_without_spread_take_the_documented_bandwidth_with_a_note(n: int) -> None:
    surface = estimate_density(make_points(*[(500, 500)] * n), make_square(1000))
    assert surface.bandwidth_m == FALLBACK_BANDWIDTH_M
    assert "no spread" in surface.note


def test_a_bandwidth_below_one_cell_becomes_one_cell_with_a_note() -> None:
    surface = estimate_density(make_points((500, 500)), make_square(1000), cell_m=200, bandwidth_m=50)
    assert surface.bandwidth_m == 200
    assert "never below one cell" in surface.note


def test_too_many_cells_make_coarser_ones_with_a_note() -> None:
    surface = estimate_density(make_points((500, 500)), make_square(60_000), bandwidth_m=300)
    assert surface.cell_m == 200  # 606² cells of 100 m with the margin
    assert surface.values.size <= MAX_CELLS
    assert surface.note.startswith("Cells of 200 m instead of 100 m")


def test_a_giant_bandwidth_stays_within_the_guard() -> None:
    surface = estimate_density(make_points((500, 500)), make_square(1000), bandwidth_m=1e6)
    assert surface.values.size <= MAX_CELLS
    assert surface.n_points == 1


def test_cells_are_drawn_as_those_of_the_square_grid() -> None:
    area = make_square(950, west=20, south=130)
    surface = estimate_density(make_points((500, 500)), area, bandwidth_m=300)
    frame, grid = surface.to_frame(), make_grid(area, cell_m=100)
    assert set(grid.index) <= set(frame.index)
    assert frame.crs == area.crs
    assert frame["crimes_per_km2"].max() == surface.peak
    assert frame.loc["square_100_4_4"].geometry.equals(shapely.box(400, 400, 500, 500))


def test_the_layers_stay_as_they_are() -> None:
    points, area = make_points((500, 500), None).assign(n=[1, 2]), make_square(1000)
    before = points.copy(), area.copy()
    estimate_density(points, area, weight="n")
    assert points.equals(before[0])
    assert area.equals(before[1])


def test_bad_layers_columns_and_sizes_are_refused() -> None:
    points, area = make_points((500, 500)).assign(bad=[np.nan], minus=[-1.0]), make_square(1000)
    with pytest.raises(CRSError):
        estimate_density(points.to_crs("EPSG:4326"), area)
    with pytest.raises(GeometryError, match="not points"):
        estimate_density(area, area)
    with pytest.raises(GridError, match="empty"):
        estimate_density(points, area.iloc[:0])
    for size in (0, -1, np.nan):
        with pytest.raises(GridError, match="above 0"):
            estimate_density(points, area, cell_m=size)
        with pytest.raises(GridError, match="Bandwidth"):
            estimate_density(points, area, bandwidth_m=size)
    with pytest.raises(ColumnError, match="no weight column 'none'"):
        estimate_density(points, area, weight="none")
    for column in ("bad", "minus"):
        with pytest.raises(ColumnError, match="0 or more"):
            estimate_density(points, area, weight=column)


def test_places_take_the_value_of_the_cell_that_holds_them() -> None:
    surface = estimate_density(
        make_points((250, 250)), make_areas(a=shapely.box(0, 0, 500, 300)), bandwidth_m=300
    )
    x, y = np.array([0.0, 99.9, 100.0, 499.0, 500.0, -0.1, np.nan]), np.array([299.0, 0, 0, 0, 0, 0, 0])
    found = surface.sample_at(x, y)
    assert found[:4].tolist() == surface.values[[2, 0, 0, 0], [0, 0, 1, 4]].tolist()
    assert np.isnan(found[4:]).all()


# ---- the bandwidth


def test_the_bandwidth_is_the_two_dimensional_normal_reference() -> None:
    # x: 0 … 400 in steps of 100 and y = 2x: sd 158.11 and 316.23, IQR/1.34 149.25 and 298.51, which are
    # smaller. √(149.25·298.51)·5^(-1/6)·2.78 = 211.08·0.76472·2.78 = 448.7.
    points = make_points((0, 0), (100, 200), (200, 400), (300, 600), (400, 800))
    assert choose_bandwidth(points) == pytest.approx(448.7, abs=0.1)


def test_the_bandwidth_is_at_most_a_kilometre() -> None:
    assert choose_bandwidth(make_points((0, 0), (90_000, 0), (0, 90_000))) == MAX_BANDWIDTH_M


def test_an_axis_without_spread_is_left_out() -> None:
    # sd 158.11, IQR 200/1.34 = 149.25; 149.25·5^(-1/6)·2.78 = 317.3
    points = make_points(*[(100 * step, 70) for step in range(5)])
    assert choose_bandwidth(points) == pytest.approx(317.3, abs=0.1)


def test_where_most_points_share_a_place_the_standard_deviation_counts() -> None:
    points = make_points(*[(0, 0)] * 9, (100, 100))  # sd 31.62, IQR 0; 31.62·10^(-1/6)·2.78 = 59.9
    assert choose_bandwidth(points) == pytest.approx(59.9, abs=0.1)


@settings(max_examples=25, deadline=None)
@given(seed=seeds, scale=st.floats(0.1, 1.0))
def test_the_bandwidth_scales_with_the_points_and_ignores_where_they_are(seed: int, scale: float) -> None:
    xy = np.random.default_rng(seed).normal(0, 100, (50, 2))
    here = choose_bandwidth(make_cloud(xy))
    assert choose_bandwidth(make_cloud(xy * scale + 9e6)) == pytest.approx(here * scale, rel=1e-6)


def test_the_transform_leaves_no_noise_where_nothing_is() -> None:
    surface = estimate_density(make_points((250, 250)), make_square(5000), bandwidth_m=200)
    assert (surface.values > 0).sum() < 25
