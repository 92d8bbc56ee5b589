from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import heat
from geo.errors import ColumnError, GridError
from geo.heat import bin_points

seeds = st.integers(0, 2**32 - 1)
M_PER_DEGREE = 111_195.08  # 2π·6,371.0088 km ÷ 360


def make_places(seed: int, n: int, *, wide: float = 0.05) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {"lon": rng.uniform(111.4, 111.4 + wide, n), "lat": rng.uniform(-7.42, -7.42 + wide, n)}
    )


def test_points_in_one_cell_become_one_at_its_centre() -> None:
    binned = bin_points(pd.DataFrame({"lon": [0.0001, 0.0008, 0.0010], "lat": [0.0001, 0.0008, 0.0001]}))
    half = 50 / M_PER_DEGREE
    assert binned["weight"].tolist() == [2, 1]
    assert binned["lon"].tolist() == pytest.approx([half, 3 * half], rel=1e-6)
    assert binned["lat"].tolist() == pytest.approx([half, half], rel=1e-6)
    assert binned.attrs["cell_m"] == 100


def test_cells_are_as_wide_as_high_away_from_the_equator() -> None:
    rng = np.random.default_rng(1)
    lon, lat = rng.uniform(10, 10.02, 20_000), rng.uniform(60, 60.01, 20_000)
    binned = bin_points(pd.DataFrame({"lon": lon, "lat": lat}))
    across = np.diff(np.unique(binned["lon"].round(9))).min() * M_PER_DEGREE * 0.5  # cos 60°
    up = np.diff(np.unique(binned["lat"].round(9))).min() * M_PER_DEGREE
    assert across == pytest.approx(100, rel=0.001)
    assert up == pytest.approx(100, rel=0.001)


@settings(max_examples=40, deadline=None)
@given(seed=seeds, n=st.integers(0, 300), cell_m=st.sampled_from([50.0, 100.0, 1000.0]))
def test_no_point_is_lost_or_moves_beyond_half_a_diagonal(seed: int, n: int, cell_m: float) -> None:
    places = make_places(seed, n)
    binned = bin_points(places, cell_m=cell_m)
    assert binned["weight"].sum() == n
    assert (binned["weight"] > 0).all()
    if n:
        across = (places["lon"].to_numpy()[:, np.newaxis] - binned["lon"].to_numpy()) * np.cos(
            np.radians(7.4)
        )
        up = places["lat"].to_numpy()[:, np.newaxis] - binned["lat"].to_numpy()
        assert (np.hypot(across, up).min(axis=1) * M_PER_DEGREE).max() <= cell_m * np.sqrt(0.5) * 1.01


@settings(max_examples=30, deadline=None)
@given(seed=seeds, n=st.integers(1, 300))
def test_order_does_not_matter_and_input_stays(seed: int, n: int) -> None:
    places = make_places(seed, n).assign(count=1.0)
    before = places.copy()
    binned = bin_points(places, weight="count")
    pd.testing.assert_frame_equal(bin_points(places.sample(frac=1, random_state=3), weight="count"), binned)
    pd.testing.assert_frame_equal(places, before)


def test_a_filter_leaves_places_in_their_cells() -> None:
    places = make_places(4, 1000)
    centres = set(map(tuple, bin_points(places)[["lon", "lat"]].to_numpy().tolist()))
    some = set(map(tuple, bin_points(places.iloc[:100])[["lon", "lat"]].to_numpy().tolist()))
    assert some <= centres


def test_too_many_cells_double_in_size_until_they_are_few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heat, "MAX_HEAT_CELLS", 100)
    binned = bin_points(make_places(2, 5_000))
    assert len(binned) <= 100
    assert binned.attrs["cell_m"] == 800  # 55² cells of 100 m, 28² of 200 m, 14² of 400 m, 7² of 800 m
    assert binned["weight"].sum() == 5_000


def test_weights_add_up_and_rows_without_one_are_passed_over() -> None:
    points = pd.DataFrame(
        {"lon": [0.0001] * 3, "lat": [0.0001] * 3, "n": pd.array([2, None, 3], dtype="Int64")}
    )
    assert bin_points(points, weight="n")["weight"].tolist() == [5]


def test_points_without_coordinates_are_passed_over() -> None:
    points = pd.DataFrame({"lon": [0.0001, np.nan, 0.0001, np.inf], "lat": [0.0001, 1.0, np.nan, 0.0]})
    assert bin_points(points)["weight"].tolist() == [1]


def test_no_points_give_no_cells() -> None:
    binned = bin_points(pd.DataFrame({"lon": [], "lat": []}))
    assert binned.columns.tolist() == ["lon", "lat", "weight"]
    assert binned.empty


def test_bad_columns_and_cells_are_refused() -> None:
    with pytest.raises(ColumnError, match="no column 'lat'"):
        bin_points(pd.DataFrame({"lon": [1.0]}))
    with pytest.raises(ColumnError, match="no column 'n'"):
        bin_points(make_places(1, 2), weight="n")
    for size in (0, -1, float("nan")):
        with pytest.raises(GridError, match="above 0"):
            bin_points(make_places(1, 2), cell_m=size)
