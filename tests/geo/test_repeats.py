from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import geo.repeats.knox
from geo.errors import ColumnError, CRSError, GeoError, PeriodError, TooFewError
from geo.repeats import KnoxReading, find_raised_risk_areas, measure_near_repeats
from tests.geo.builders import make_cloud, make_points

if TYPE_CHECKING:
    import geopandas as gpd

START = pd.Timestamp("2026-01-01", tz="UTC")
NOW = pd.Timestamp("2026-03-01", tz="UTC")
READING = KnoxReading(distance_m=100, days=7, n_observed=40, n_expected=20.0, ratio=2.0, p=0.001)


def make_crimes(xy: np.ndarray, days: np.ndarray) -> gpd.GeoDataFrame:
    times = START + pd.to_timedelta(np.round(np.asarray(days) * 86_400), unit="s")
    return make_cloud(np.asarray(xy, dtype=float)).assign(occurred_at=pd.DatetimeIndex(times).as_unit("us"))


def make_random(seed: int, n: int = 80, *, side: float = 1500.0) -> gpd.GeoDataFrame:
    rng = np.random.default_rng(seed)
    return make_crimes(rng.uniform(0, side, (n, 2)), rng.uniform(0, 60, n))


def make_repeating(seed: int = 0) -> gpd.GeoDataFrame:
    """200 crimes at random, 60 of them followed by another 30 m and three days on."""
    rng = np.random.default_rng(seed)
    xy, days = rng.uniform(0, 8000, (200, 2)), rng.uniform(0, 300, 200)
    return make_crimes(np.concatenate([xy, xy[:60] + 15]), np.concatenate([days, days[:60] + 3]))


def count_exactly(crimes: gpd.GeoDataFrame, metres: list[float], days: list[float], metric: str) -> list[int]:
    """Count all pairs one by one."""
    xy = crimes.get_coordinates().to_numpy()
    seconds = pd.DatetimeIndex(crimes["occurred_at"]).as_unit("s").asi8
    one, other = np.triu_indices(len(xy), 1)
    apart = np.abs(xy[one] - xy[other])
    far = apart.sum(axis=1) if metric == "manhattan" else np.hypot(*apart.T)
    later = np.abs(seconds[one] - seconds[other]) / 86_400
    return [
        int(((far >= a) & (far < b) & (later >= c) & (later < d)).sum())
        for a, b in pairwise(metres)
        for c, d in pairwise(days)
    ]


# ---- the table


def test_bands_are_half_open_in_space_and_time() -> None:
    # A grid of 40 places 10 km apart; three pairs of the first one: 0 m, 100 m, 99.9 m; 0, 7, 6.9 days.
    far = np.column_stack([np.arange(1, 41) * 10_000.0, np.zeros(40)])
    xy = np.concatenate([far, [[0, 0], [0, 0], [100, 0], [-99.9, 0]]])
    crimes = make_crimes(xy, np.concatenate([np.arange(40) * 1.5, [20, 20, 27, 13.1]]))
    table = measure_near_repeats(
        crimes, distance_bands_m=[0, 100, 250], time_bands_days=[0, 7, 14], n_permutations=9
    ).table
    # The two at the origin with each other (0 m, 0 days) and each with -99.9 (6.9 days): 3 pairs.
    # Each of the two with 100 (100 m, 7 days), and -99.9 with 100 (199.9 m, 13.9 days): 3 in the last.
    assert table["n_observed"].tolist() == [3, 0, 0, 3]
    assert table[["distance_from_m", "distance_to_m", "days_from", "days_to"]].iloc[1].tolist() == [
        0,
        100,
        7,
        14,
    ]


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), metric=st.sampled_from(["manhattan", "euclidean"]))
def test_every_pair_is_counted_once_in_its_band(seed: int, metric: str) -> None:
    crimes = make_random(seed, 40)
    metres, days = [0.0, 150.0, 400.0, 900.0], [0.0, 3.0, 10.0, 70.0]
    found = measure_near_repeats(
        crimes, distance_bands_m=metres, time_bands_days=days, metric=metric, n_permutations=19
    )
    assert found.table["n_observed"].tolist() == count_exactly(crimes, metres, days, metric)
    by_distance = found.table.groupby("distance_to_m")[
        ["n_observed", "n_expected", "n_expected_by_margins"]
    ].sum()
    # All pairs are less than 70 days apart: changing times about moves pairs between bands of time only.
    np.testing.assert_allclose(by_distance["n_expected"], by_distance["n_observed"])
    np.testing.assert_allclose(by_distance["n_expected_by_margins"], by_distance["n_observed"])


def test_permutations_agree_with_the_margins() -> None:
    table = measure_near_repeats(make_random(3, 300)).table
    np.testing.assert_allclose(table["n_expected"], table["n_expected_by_margins"], rtol=0.03)


def test_p_counts_permutations_with_at_least_as_many_pairs() -> None:
    found = measure_near_repeats(make_repeating(), n_permutations=99)
    first = found.table.iloc[0]
    assert first["p"] == 0.01  # none of 99 had as many
    assert first["n_observed"] >= 60
    assert first["ratio"] == pytest.approx(first["n_observed"] / first["n_expected"])
    assert found.n_crimes == 260


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_order_and_shift_do_not_matter_and_the_input_stays(seed: int) -> None:
    crimes = make_random(seed)
    copy, found = crimes.copy(), measure_near_repeats(crimes, n_permutations=19)
    shuffled = measure_near_repeats(crimes.sample(frac=1, random_state=1), n_permutations=19)
    pd.testing.assert_frame_equal(shuffled.table, found.table)
    later = crimes.assign(occurred_at=crimes["occurred_at"] + pd.Timedelta(days=500))
    pd.testing.assert_frame_equal(measure_near_repeats(later, n_permutations=19).table, found.table)
    assert crimes.equals(copy)


def test_crimes_without_time_or_place_are_passed_over() -> None:
    crimes = make_random(5)
    more = pd.concat([crimes, make_points(None, (5, 5)).assign(occurred_at=[START, pd.NaT])])
    more["occurred_at"] = more["occurred_at"].dt.as_unit("us")
    found = measure_near_repeats(more, n_permutations=9)
    assert found.n_crimes == 80
    pd.testing.assert_frame_equal(found.table, measure_near_repeats(crimes, n_permutations=9).table)


# ---- the reading


def test_the_reading_reaches_as_far_as_the_risk_is_raised() -> None:
    reading = measure_near_repeats(make_repeating()).reading
    assert reading is not None
    assert (reading.distance_m, reading.days) == (100, 7)
    assert reading.ratio == pytest.approx(reading.n_observed / reading.n_expected)
    assert reading.p <= 0.05


def test_random_crimes_are_read_as_nothing() -> None:
    readings = [measure_near_repeats(make_random(seed, 200), n_permutations=99).reading for seed in range(20)]
    assert sum(reading is not None for reading in readings) <= 4


def test_fewer_than_five_pairs_are_no_reading() -> None:
    crimes = make_repeating().iloc[[*range(200), 200, 201]]
    assert measure_near_repeats(crimes, distance_bands_m=[0, 40], time_bands_days=[0, 7]).reading is None


# ---- too little, too much


@pytest.mark.parametrize("n", [0, 1, 2, 29])
def test_too_few_crimes_are_refused(n: int) -> None:
    with pytest.raises(TooFewError, match=rf"a time and a location for a result \({n}\)"):
        measure_near_repeats(make_random(0, n))


def test_one_day_and_one_place_are_refused() -> None:
    with pytest.raises(TooFewError, match="one day"):
        measure_near_repeats(make_crimes(np.random.default_rng(0).uniform(0, 99, (40, 2)), np.full(40, 3.5)))
    with pytest.raises(TooFewError, match="one place"):
        measure_near_repeats(make_crimes(np.full((40, 2), 7.0), np.arange(40)))


def test_too_many_pairs_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(geo.repeats.knox, "MAX_PAIRS", 50)
    with pytest.raises(GeoError, match="more than 50"):
        measure_near_repeats(make_random(0))


def test_bad_bands_metrics_and_layers_are_refused() -> None:
    crimes = make_random(0)
    for bands in ([0], [0, 5, 5], [-1, 5], [0, np.inf]):
        with pytest.raises(GeoError, match="edges"):
            measure_near_repeats(crimes, distance_bands_m=bands)
    with pytest.raises(GeoError, match="metric"):
        measure_near_repeats(crimes, metric="geodesic")
    with pytest.raises(GeoError, match="permutation"):
        measure_near_repeats(crimes, n_permutations=0)
    with pytest.raises(CRSError):
        measure_near_repeats(crimes.to_crs("EPSG:4326"))
    with pytest.raises(ColumnError, match="occurred_at"):
        measure_near_repeats(crimes.drop(columns="occurred_at"))


# ---- windows open now


def at_days_ago(places: list[tuple[float, float] | None], days: list[float]) -> gpd.GeoDataFrame:
    times = pd.DatetimeIndex([NOW - pd.Timedelta(days=day) for day in days], tz="UTC").as_unit("us")
    return make_points(*places).assign(occurred_at=times)


def test_a_raised_risk_area_lasts_from_the_crime_until_the_very_end_of_the_days() -> None:
    crimes = at_days_ago([(0, 0), (5000, 0), (9000, 0), (12_000, 0)], [6.99, 7, 0, -1])
    found = find_raised_risk_areas(crimes, READING, now=NOW)
    assert found.geometry.centroid.x.round().tolist() == [9000, 0]
    assert found["until_at"].tolist() == [NOW + pd.Timedelta(days=7), NOW + pd.Timedelta(days=0.01)]


def test_raised_risk_areas_that_overlap_are_one_and_last_as_long_as_the_latest() -> None:
    crimes = at_days_ago([(0, 0), (150, 0), (150, 0), (5000, 0)], [1, 3, 2, 0.5])
    found = find_raised_risk_areas(crimes, READING, now=NOW)
    assert found["n_crimes"].tolist() == [3, 1]
    assert found["last_at"].iloc[0] == NOW - pd.Timedelta(days=1)
    assert found.index.tolist() == [1, 2]


def test_a_raised_risk_area_is_a_diamond_or_a_circle() -> None:
    crimes = at_days_ago([(0, 0)], [1])
    diamond = find_raised_risk_areas(crimes, READING, now=NOW).geometry.item()
    circle = find_raised_risk_areas(crimes, READING, now=NOW, metric="euclidean").geometry.item()
    assert diamond.area == pytest.approx(2 * 100**2)
    assert circle.area == pytest.approx(np.pi * 100**2, rel=0.01)
    assert circle.covers(diamond) or shapely.hausdorff_distance(circle, diamond) < 35


def test_a_raised_risk_area_of_a_later_band_begins_when_the_band_does_and_has_a_hole() -> None:
    later = READING._replace(days_from=14, days=21, distance_from_m=100, distance_m=200)
    crimes = at_days_ago([(0, 0), (5000, 0), (9000, 0), (12_000, 0)], [1, 13.9, 14, 21])
    found = find_raised_risk_areas(crimes, later, now=NOW)
    assert found.geometry.centroid.x.round().tolist() == [9000]  # not 1, 13.9 or 21 days ago
    assert found["until_at"].tolist() == [NOW + pd.Timedelta(days=7)]
    assert found["n_crimes"].tolist() == [1]
    assert found.geometry.item().area == pytest.approx(2 * 200**2 - 2 * 100**2)  # of two diamonds


@pytest.mark.parametrize(
    "crimes", [at_days_ago([], []), at_days_ago([(0, 0)], [99]), at_days_ago([None], [1])]
)
def test_nothing_raised_is_no_row(crimes: gpd.GeoDataFrame) -> None:
    found = find_raised_risk_areas(crimes, READING, now=NOW)
    assert len(found) == 0
    assert list(found.columns) == ["n_crimes", "last_at", "until_at", "geometry"]
    assert str(found["until_at"].dt.tz) == "UTC"


def test_crimes_without_a_day_raise_no_risk() -> None:
    crimes = at_days_ago([(0, 0), (5000, 0)], [1, 1]).assign(time_precision=["month", "day"])
    assert find_raised_risk_areas(crimes, READING, now=NOW).geometry.centroid.x.round().tolist() == [5000]


def test_crimes_without_a_day_are_left_out_of_the_table_and_counted() -> None:
    dated = make_repeating().assign(time_precision="day")
    months = make_crimes(np.zeros((50, 2)), np.zeros(50)).assign(time_precision="month")
    found = measure_near_repeats(pd.concat([dated, months], ignore_index=True))
    assert (found.n_crimes, found.n_without_day) == (260, 50)
    pd.testing.assert_frame_equal(found.table, measure_near_repeats(dated).table)
    with pytest.raises(TooFewError, match=r"with a location whose day is known for a result \(0\)"):
        measure_near_repeats(months)


def test_now_needs_a_zone() -> None:
    with pytest.raises(PeriodError, match="time zone"):
        find_raised_risk_areas(at_days_ago([(0, 0)], [1]), READING, now=pd.Timestamp("2026-03-01"))


def test_each_active_crime_is_in_one_raised_risk_area() -> None:
    rng = np.random.default_rng(2)
    crimes = at_days_ago(
        [tuple(place) for place in rng.uniform(0, 3000, (60, 2))], rng.uniform(0, 14, 60).tolist()
    )
    found = find_raised_risk_areas(crimes, READING, now=NOW)
    assert found["n_crimes"].sum() == (crimes["occurred_at"] > NOW - pd.Timedelta(days=7)).sum()
    assert found["n_crimes"].is_monotonic_decreasing
