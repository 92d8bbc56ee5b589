from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import CRSError, GeoError, TooFewError
from geo.hotspots.clusters import NOISE, find_clusters, label_crime_clusters
from tests.geo.builders import make_cloud, make_points

ALGORITHMS = ["dbscan", "hdbscan"]


def make_town(seed: int = 0) -> np.ndarray:
    """Two dense quarters, of 60 and 30 crimes, among 20 scattered far away."""
    rng = np.random.default_rng(seed)
    large, small = rng.normal([5000, 5000], 60, (60, 2)), rng.normal([1000, 9000], 40, (30, 2))
    return np.concatenate([large, small, rng.uniform(20_000, 90_000, (20, 2))])


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_two_quarters_are_found_the_larger_first(algorithm: str) -> None:
    found = find_clusters(make_cloud(make_town()), algorithm=algorithm)
    assert found["n_crimes"].iloc[:2].tolist() == pytest.approx([60, 30], abs=3)
    assert found.loc[1, "geometry"].contains(shapely.Point(5000, 5000))
    assert found.loc[2, "geometry"].contains(shapely.Point(1000, 9000))
    assert found["n_crimes"].sum() + found.attrs["n_outside"] == 110


def test_density_is_that_of_the_clusters_own_crimes() -> None:
    found = find_clusters(make_cloud(make_town()))
    np.testing.assert_allclose(found["crimes_per_km2"], found["n_crimes"] / found["area_km2"])
    np.testing.assert_allclose(found["area_km2"], found.geometry.area / 1e6)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_crimes_in_one_place_are_a_cluster_with_ground(algorithm: str) -> None:
    found = find_clusters(make_points(*[(7, 7)] * 12), algorithm=algorithm, radius_m=100)
    assert found["n_crimes"].tolist() == [12]
    radius = 50 if algorithm == "dbscan" else 25
    assert found["area_km2"].item() == pytest.approx(np.pi * radius**2 / 1e6, rel=0.01)


def test_a_core_has_the_least_number_within_the_very_radius() -> None:
    row = make_points((0, 0), (100, 0), (200, 0))
    assert label_crime_clusters(row, radius_m=100, min_crimes=3).tolist() == [1, 1, 1]
    assert label_crime_clusters(row, radius_m=99, min_crimes=3).tolist() == [NOISE] * 3


def test_scattered_crimes_have_no_cluster() -> None:
    found = find_clusters(make_points(*[(1000 * step, 0) for step in range(20)]))
    assert len(found) == 0
    assert found.attrs["n_outside"] == 20
    assert list(found.columns) == ["n_crimes", "area_km2", "crimes_per_km2", "geometry"]
    assert found.crs is not None


def test_crimes_without_a_place_are_outside() -> None:
    crimes = make_points(*[(5, 5)] * 10, None, None)
    assert label_crime_clusters(crimes).tolist() == [1] * 10 + [NOISE] * 2
    assert find_clusters(crimes).attrs["n_outside"] == 2


@pytest.mark.parametrize("n", [0, 1, 2, 9])
def test_too_few_crimes_are_refused(n: int) -> None:
    with pytest.raises(TooFewError, match=rf"crimes with a place to tell \({n}\)"):
        find_clusters(make_points(*[(5, 5)] * n, None))


def test_bad_settings_are_refused() -> None:
    crimes = make_points(*[(5, 5)] * 12)
    with pytest.raises(GeoError, match="kmeans"):
        find_clusters(crimes, algorithm="kmeans")
    for wrong in ({"radius_m": 0}, {"min_crimes": 1}, {"radius_m": float("nan")}):
        with pytest.raises(GeoError, match="use larger values"):
            find_clusters(crimes, **wrong)
    with pytest.raises(CRSError):
        find_clusters(crimes.to_crs("EPSG:4326"))


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_order_does_not_matter_totals_hold_and_the_input_stays(algorithm: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    xy = np.concatenate([rng.normal(0, 300, (60, 2)), rng.uniform(-4000, 4000, (40, 2))]).round(1)
    crimes, order = make_cloud(xy), rng.permutation(100)
    copy = crimes.copy()
    labels = label_crime_clusters(crimes, algorithm=algorithm, min_crimes=5)
    again = label_crime_clusters(crimes.iloc[order], algorithm=algorithm, min_crimes=5)
    pd.testing.assert_series_equal(again.loc[labels.index], labels)
    found = find_clusters(crimes, algorithm=algorithm, min_crimes=5)
    assert found["n_crimes"].is_monotonic_decreasing
    assert found["n_crimes"].to_dict() == labels[labels != NOISE].value_counts().to_dict()
    assert found["n_crimes"].sum() + found.attrs["n_outside"] == 100
    for rank, outline in found.geometry.items():
        assert shapely.covers(outline, crimes.geometry[labels == rank].to_numpy()).all()
    assert crimes.equals(copy)
