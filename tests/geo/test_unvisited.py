from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import connected_components
from scipy.spatial.distance import cdist

from geo.errors import ColumnError, GeoError
from geo.unvisited import (
    cluster_unvisited,
    label_household_clusters,
    label_never_visited,
    list_cluster_rts,
)
from tests.geo.logs import make_households


def place(*places: tuple[float, float] | None) -> pd.DataFrame:
    """Households h0, h1, … in RT 01 / RW 01 of village v1."""
    named = {f"h{number}": spot for number, spot in enumerate(places)}
    return make_households(**named).assign(rt="01", rw="01")


def label(*places: tuple[float, float] | None, **options: object) -> list[int]:
    return label_household_clusters(place(*places), **options).tolist()


def test_neighbours_are_at_most_so_many_metres_apart() -> None:
    assert label((0, 0), (49.9, 0)) == [0, 0]
    assert label((0, 0), (50.1, 0)) == [0, 1]
    assert label((0, 0), (50.1, 0), distance_m=60) == [0, 0]
    assert label((0, 0), (0, 0), distance_m=0) == [0, 0]


def test_neighbours_of_neighbours_belong_together() -> None:
    assert label((0, 0), (40, 0), (80, 10), (200, 0)) == [0, 0, 0, 1]
    assert label((0, 0), (40, 0), (80, 0), (120, 0)) == [0] * 4  # in one line, where there are no triangles


def test_the_largest_comes_first_and_of_equals_that_with_the_lowest_id() -> None:
    assert label((0, 0), (500, 0), (510, 0), (900, 0), (510, 10)) == [1, 0, 0, 2, 0]


def test_without_a_point_there_is_no_cluster() -> None:
    assert label((0, 0), None) == [0, -1]
    assert label(None) == [-1]
    assert label() == []


def test_flats_with_the_same_point_are_neighbours() -> None:
    assert label((0, 0), (0, 0), (0, 0), (40, 0), (40, 0), (400, 0)) == [0, 0, 0, 0, 0, 1]


def test_groups_lie_together_whatever_rt_or_village_they_are_in() -> None:
    households = place((0, 0), (10, 0), (20, 0), (30, 0))
    households["rt"] = ["01", "01", "02", None]
    households.loc["h0", "village_code"] = "v2"
    assert label_household_clusters(households).tolist() == [0, 0, 0, 0]
    never = pd.Series("never", index=households.index)
    found = cluster_unvisited(households, never)
    assert found[["n_households", "n_rts", "village_code", "rt"]].to_numpy().tolist() == [[4, 4, "v1", "01"]]


def test_a_cluster_of_110_in_five_rts_is_one_group_with_its_rts_named() -> None:
    # Eleven houses a row, 30 m apart, two rows in each of five RTs: 110 in one group, no piece above 22.
    households = place(*((30 * (n % 11), 30 * (n // 11)) for n in range(110)))
    households["rt"] = [f"{n // 22 + 1:02d}" for n in range(110)]
    far = place((9000, 0), (9030, 0)).set_axis(["i0", "i1"])
    everyone = pd.concat([far, households])
    never = pd.Series("never", index=everyone.index)
    label = label_never_visited(everyone, never)
    rts = list_cluster_rts(everyone, label)
    found = cluster_unvisited(everyone, never)
    assert found["n_households"].tolist() == [110, 2]
    assert found["n_rts"].tolist() == [5, 1]
    assert found["rt"].tolist() == ["01", "01"]  # five tie: the lowest
    first = rts[rts["cluster"] == 0]
    assert first["rt"].tolist() == ["01", "02", "03", "04", "05"]
    assert first["n_households"].tolist() == [22] * 5


def test_rts_are_listed_the_most_households_first_and_unknown_ones_too() -> None:
    households = place((0, 0), (10, 0), (20, 0), (30, 0), (900, 0))
    households["rt"] = ["02", "02", None, "01", "07"]
    rts = list_cluster_rts(households, pd.Series([0, 0, 0, 0, -1], index=households.index))
    assert rts["n_households"].tolist() == [2, 1, 1]
    assert rts["rt"].fillna("?").tolist() == ["02", "01", "?"]


def test_neighbours_are_measured_alike_at_both_ends_of_a_wide_area() -> None:
    # A degree of longitude is 2 % shorter at 11° S than at the equator (cos 11° = 0.9816).
    south = make_households(h0=(0, 0), h1=(49.5, 0), h2=(0, 600), h3=(50.5, 600))
    north = south.set_axis(["i0", "i1", "i2", "i3"])
    east = np.array([0, 49.5, 0, 50.5]) / 111_319.5  # metres per degree on the equator (WGS84)
    north = north.assign(lon=111.4 + east, lat=[0.0, 0.0, 0.01, 0.01])
    label = label_household_clusters(pd.concat([south, north]))
    assert [label["h0"] == label["h1"], label["i0"] == label["i1"]] == [True, True]
    assert [label["h2"] == label["h3"], label["i2"] == label["i3"]] == [False, False]


def test_only_never_visited_households_are_listed_with_size_extent_and_middle() -> None:
    households = place((0, 0), (30, 0), (30, 40), (60, 40), (900, 900), (930, 900), (500, 500))
    households["rt"] = ["01", "02", "02", "02", "05", "05", "09"]
    status = pd.Series(
        ["never", "never", "never", "visited", "never", "never", "never"], index=households.index
    )
    clusters = cluster_unvisited(households, status[::-1])
    assert clusters["n_households"].tolist() == [3, 2]
    assert clusters["rt"].tolist() == ["02", "05"]
    assert clusters["rw"].tolist() == ["01", "01"]
    assert clusters["village_code"].tolist() == ["v1", "v1"]
    assert clusters["extent_m"].tolist() == pytest.approx([50, 30], rel=0.002)
    assert clusters["lon"].iloc[0] == pytest.approx(households["lon"].head(3).mean())
    assert clusters["lat"].iloc[0] == pytest.approx(households["lat"].head(3).mean())
    alone = cluster_unvisited(households, status, at_least=1)
    assert alone["n_households"].tolist() == [3, 2, 1]
    assert alone["extent_m"].iloc[2] == 0


def test_no_household_no_cluster() -> None:
    households = place((0, 0), (30, 0))
    visited = pd.Series("visited", index=households.index)
    empty = cluster_unvisited(households, visited)
    assert empty.empty
    columns = ["n_households", "village_code", "rt", "rw", "n_rts", "extent_m", "lon", "lat"]
    assert empty.columns.tolist() == columns
    assert cluster_unvisited(households, visited.iloc[:0]).empty


def test_an_unknown_rt_is_missing_and_the_lower_of_equals_is_taken() -> None:
    households = place((0, 0), (10, 0))
    never = pd.Series("never", index=households.index)
    households["rt"] = ["02", "01"]
    assert cluster_unvisited(households, never)["rt"].tolist() == ["01"]
    households["rt"] = pd.array([None, None], dtype="str")
    assert cluster_unvisited(households, never)["rt"].isna().tolist() == [True]


def test_bad_input_is_refused() -> None:
    with pytest.raises(ColumnError, match="rt"):
        cluster_unvisited(place((0, 0)).drop(columns="rt"), pd.Series("never", index=["h0"]))
    with pytest.raises(GeoError, match="0 m or more, not -1 m"):
        label((0, 0), distance_m=-1)


@settings(max_examples=60, deadline=None)
@given(
    drawn=st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=1, max_size=40),
    seed=st.integers(0, 99),
)
def test_clusters_are_those_of_all_pairs_in_any_order(drawn: list[tuple[int, int]], seed: int) -> None:
    # Steps of 20 m: neighbours are 20, 28.3 or 40 m apart, and the next are 44.7 m.
    households = place(*((20 * x, 20 * y) for x, y in drawn))
    before = households.copy()
    labels = label_household_clusters(households, distance_m=42)
    pd.testing.assert_frame_equal(households, before)
    xy = np.array([(20.0 * x, 20.0 * y) for x, y in drawn])
    part = connected_components(cdist(xy, xy) <= 42, directed=False)[1]
    assert np.array_equal(np.equal.outer(*[labels.to_numpy()] * 2), np.equal.outer(part, part))
    sizes = labels.value_counts().sort_index()
    assert sizes.is_monotonic_decreasing
    shuffled = households.sample(frac=1, random_state=seed)
    pd.testing.assert_series_equal(
        label_household_clusters(shuffled, distance_m=42)[households.index], labels
    )


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 999), n=st.integers(2, 60))
def test_the_extent_is_the_greatest_distance(seed: int, n: int) -> None:
    xy = np.random.default_rng(seed).normal(0, 30, (n, 2))
    households = place(*map(tuple, xy))
    never = pd.Series("never", index=households.index)
    extent = cluster_unvisited(households, never, distance_m=1e4)["extent_m"].item()
    assert extent == pytest.approx(cdist(xy, xy).max(), rel=0.003)
