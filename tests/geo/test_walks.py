"""Clusters cut into parts: never too large, compact, and the same in any order."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import pdist

from geo.errors import ColumnError, GeoError
from geo.walks import cut_clusters, list_parts, name_parts
from tests.geo.logs import make_households


def place(*places: tuple[float, float]) -> pd.DataFrame:
    return make_households(**{f"h{number:04d}": spot for number, spot in enumerate(places)})


def whole(households: pd.DataFrame) -> pd.Series:
    """All households in one cluster."""
    return pd.Series(0, index=households.index)


def test_a_street_is_cut_into_stretches_from_the_west() -> None:
    street = place(*((30 * n, 0) for n in range(12)))
    assert cut_clusters(street, whole(street), most=4).tolist() == [0] * 4 + [1] * 4 + [2] * 4
    assert cut_clusters(street, whole(street), most=12).tolist() == [0] * 12
    assert cut_clusters(street, whole(street), most=1).tolist() == list(range(12))


def test_a_block_is_cut_across_its_longer_side() -> None:
    # 8 by 3 houses: two parts of 4 by 3 each; cut along the street they would be 8 wide.
    block = place(*((30 * (n % 8), 30 * (n // 8)) for n in range(24)))
    parts = cut_clusters(block, whole(block), most=12)
    assert parts.tolist() == ([0] * 4 + [1] * 4) * 3


def test_110_households_are_cut_into_14_parts_of_at_most_8_that_lie_close() -> None:
    # 110 / 8 = 13.75. Of a grid 30 m apart, 8 households in a compact part are at most 4 by 2 or 3 by 3 wide:
    # within 4 steps by 1 of each other, and none is wider than 5 steps by 2 (162 m).
    grid = place(*((30 * (n % 11), 30 * (n // 11)) for n in range(110)))
    parts = cut_clusters(grid, whole(grid), most=8)
    sizes = parts.value_counts()
    assert len(sizes) == 14
    assert sizes.max() <= 8
    assert sizes.min() >= 7
    xy = pd.DataFrame([(30 * (n % 11), 30 * (n // 11)) for n in range(110)], index=grid.index)
    assert max(pdist(xy[parts == part]).max() for part in range(14)) <= 30 * np.hypot(5, 2)


def test_each_cluster_has_parts_of_its_own() -> None:
    households = place(*((30 * n, 0) for n in range(6)), (900, 0), (930, 0), (5000, 0))
    cluster = pd.Series([0] * 6 + [1, 1, -1], index=households.index)
    parts = cut_clusters(households, cluster, most=3)
    assert parts.tolist() == [0, 0, 0, 1, 1, 1, 0, 0, -1]
    named = name_parts(households, cluster, most=3).fillna("")
    assert named.tolist() == ["1a"] * 3 + ["1b"] * 3 + ["2", "2", ""]
    assert name_parts(households, cluster).fillna("").tolist() == ["1"] * 6 + ["2", "2", ""]


def test_groups_are_listed_with_their_rts_whole_and_in_parts() -> None:
    households = place(*((30 * n, 0) for n in range(6)), (900, 0), (930, 0), (5000, 0))
    households = households.assign(rw="01", rt=["01"] * 2 + ["02"] * 4 + ["05", None, "09"])
    cluster = pd.Series([0] * 6 + [1, 1, -1], index=households.index)
    listed = list_parts(households, cluster, limit=5)
    assert listed["n_households"].to_dict() == {"1": 6, "2": 2}
    assert [(rt["rt"], rt["n_households"]) for rt in listed["rts"]["1"]] == [("02", 4), ("01", 2)]
    assert [rt["rt"] for rt in listed["rts"]["2"]] == ["05", None]
    parts = list_parts(households, cluster, most=3, limit=5)
    assert parts["n_households"].to_dict() == {"1a": 3, "1b": 3, "2": 2}
    assert parts["extent_m"].round().tolist() == [60, 60, 30]
    assert [(rt["rt"], rt["n_households"]) for rt in parts["rts"]["1a"]] == [("01", 2), ("02", 1)]
    assert list_parts(households, cluster, most=3, limit=1).index.tolist() == ["1a"]
    assert list_parts(households, cluster - 9, limit=5).empty


def test_parts_after_z_have_two_letters() -> None:
    street = place(*((30 * n, 0) for n in range(28)))
    named = name_parts(street, whole(street), most=1)
    assert named.iloc[[0, 25, 26, 27]].tolist() == ["1a", "1z", "1aa", "1ab"]


def test_flats_at_one_point_and_no_cluster_at_all_are_cut_too() -> None:
    flats = place(*[(0, 0)] * 5)
    assert cut_clusters(flats, whole(flats), most=2).value_counts().sort_index().tolist() == [2, 2, 1]
    assert cut_clusters(flats, whole(flats) - 1, most=2).tolist() == [-1] * 5
    empty = flats.iloc[:0]
    assert cut_clusters(empty, whole(empty), most=2).empty
    assert name_parts(empty, whole(empty), most=2).empty


def test_bad_input_is_refused() -> None:
    with pytest.raises(GeoError, match="1 household or more, not 0"):
        cut_clusters(place((0, 0)), whole(place((0, 0))), most=0)
    with pytest.raises(ColumnError, match="lat"):
        cut_clusters(place((0, 0)).drop(columns="lat"), whole(place((0, 0))), most=1)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 999), n=st.integers(1, 90), clusters=st.integers(1, 4), most=st.integers(1, 12))
def test_parts_are_the_fewest_that_hold_so_many_in_any_order(
    seed: int, n: int, clusters: int, most: int
) -> None:
    random = np.random.default_rng(seed)
    households = place(*map(tuple, random.integers(0, 20, (n, 2)) * 15.0))
    cluster = pd.Series(random.integers(-1, clusters, n), index=households.index)
    parts = cut_clusters(households, cluster, most=most)
    assert ((parts == -1) == (cluster == -1)).all()
    for number in range(clusters):
        sizes = parts[cluster == number].value_counts().sort_index()
        assert sizes.index.tolist() == list(range(-(-(cluster == number).sum() // most)))
        assert (sizes <= most).all()
    order = random.permutation(n)
    again = cut_clusters(households.iloc[order], cluster.iloc[order], most=most)
    pd.testing.assert_series_equal(again[parts.index], parts)
