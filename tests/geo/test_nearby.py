"""The nearest households, in the order of a walk; along the equator 0.001° is 111 m."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import ColumnError, GeoError
from geo.nearby import choose_nearest


def make_homes(*lons: float | None) -> pd.DataFrame:
    index = [f"h{number}" for number in range(len(lons))]
    return pd.DataFrame({"lon": lons, "lat": 0.0}, index=index, dtype="float64")


def test_walk_goes_to_the_nearest_next_one_not_back_and_forth() -> None:
    homes = make_homes(0.001, -0.0015, 0.002, 0.003)
    assert choose_nearest(homes, lon=0, lat=0, limit=4).index.tolist() == ["h0", "h2", "h3", "h1"]


def test_farther_ones_are_left_out() -> None:
    chosen = choose_nearest(make_homes(0.003, 0.001, -0.002), lon=0, lat=0, limit=2)
    assert chosen.index.tolist() == ["h1", "h2"]
    assert chosen["distance_m"].to_numpy() == pytest.approx([111.3, 222.6], abs=0.8)


def test_household_without_point_comes_last_and_only_where_there_is_room() -> None:
    homes = make_homes(None, 0.002, 0.001)
    assert choose_nearest(homes, lon=0, lat=0, limit=2).index.tolist() == ["h2", "h1"]
    assert choose_nearest(homes, lon=0, lat=0, limit=5).index.tolist() == ["h2", "h1", "h0"]


def test_lower_id_comes_first_of_equals() -> None:
    homes = make_homes(0.001, 0.001, 0.001).iloc[::-1]
    assert choose_nearest(homes, lon=0, lat=0, limit=2).index.tolist() == ["h0", "h1"]


def test_nothing_to_choose_is_no_error() -> None:
    assert choose_nearest(make_homes(), lon=0, lat=0, limit=8).empty
    assert choose_nearest(make_homes(0.001), lon=0, lat=0, limit=0).empty


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ColumnError, match="lat"):
        choose_nearest(make_homes(0.001).drop(columns="lat"), lon=0, lat=0, limit=1)
    with pytest.raises(GeoError, match="-1"):
        choose_nearest(make_homes(0.001), lon=0, lat=0, limit=-1)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(-0.05, 0.05) | st.none(), max_size=20), st.integers(0, 12))
def test_no_household_left_out_is_nearer_than_one_chosen(lons: list[float | None], most: int) -> None:
    homes = make_homes(*lons)
    before = homes.copy()
    chosen = choose_nearest(homes, lon=0, lat=0, limit=most)
    left = choose_nearest(homes.drop(chosen.index), lon=0, lat=0, limit=len(homes))
    assert len(chosen) == min(most, len(homes))
    assert chosen.index.is_unique
    pd.testing.assert_frame_equal(homes, before)
    if chosen["distance_m"].notna().any() and left["distance_m"].notna().any():
        assert np.nanmax(chosen["distance_m"]) <= np.nanmin(left["distance_m"])
