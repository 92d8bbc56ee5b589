from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import GeoError, TooFewError
from geo.hotspots import estimate_density
from geo.hotspots.risk import MIN_HOUSEHOLDS, estimate_risk
from tests.geo.builders import make_cloud, make_points, make_square

AREA = make_square(3000)


def spread(n: int, seed: int, *, side: float = 3000.0) -> np.ndarray:
    return np.random.default_rng(seed).uniform(0, side, (n, 2))


def test_risk_by_hand() -> None:
    homes, crimes = make_points(*[(1550, 1550)] * 40), make_points(*[(1550, 1550)] * 6)
    risk = estimate_risk(crimes, homes, AREA, bandwidth_m=500)
    assert np.nanmin(risk.values) == pytest.approx(150)  # 6 of 40, wherever the two kernels reach
    assert risk.peak == pytest.approx(150)
    logarithm = estimate_risk(crimes, homes, AREA, bandwidth_m=500, kind="log")
    assert logarithm.peak == pytest.approx(0, abs=1e-9)
    difference = estimate_risk(crimes, homes, AREA, bandwidth_m=500, kind="difference")
    assert difference.peak == pytest.approx(0, abs=1e-9)


def test_where_few_live_there_is_no_ratio() -> None:
    alone, crowd = [(2550, 2550)], [(550, 550)] * 50
    risk = estimate_risk(
        make_points((2550, 2550), (550, 550)), make_points(*alone, *crowd), AREA, bandwidth_m=300
    )
    assert np.isnan(risk.values[25, 25])
    assert risk.values[5, 5] == pytest.approx(20)
    difference = estimate_risk(
        make_points((2550, 2550), (550, 550)),
        make_points(*alone, *crowd),
        AREA,
        bandwidth_m=300,
        kind="difference",
    )
    assert np.isfinite(difference.values).all()


def test_the_mask_is_of_the_households_in_the_kernel() -> None:
    homes = make_cloud(spread(300, 1))
    risk = estimate_risk(make_cloud(spread(50, 2)), homes, AREA, bandwidth_m=400)
    held = estimate_density(homes, AREA, bandwidth_m=400).values * np.pi * 0.4**2 / 3
    np.testing.assert_array_equal(np.isnan(risk.values), held < MIN_HOUSEHOLDS * (1 - 1e-9))


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), times=st.integers(2, 5))
def test_risk_scales_with_crimes_and_log_risk_does_not(seed: int, times: int) -> None:
    homes, xy = make_cloud(spread(200, seed)), spread(30, seed + 1)
    once, often = make_cloud(xy), make_cloud(np.repeat(xy, times, axis=0))
    for kind, factor in (("ratio", times), ("difference", times), ("log", 1)):
        few, many = (
            estimate_risk(part, homes, AREA, kind=kind, bandwidth_m=500).values for part in (once, often)
        )
        both = np.isfinite(few) & np.isfinite(many)
        np.testing.assert_allclose(many[both], factor * few[both], rtol=1e-6, atol=1e-6)


def test_the_difference_sums_to_nothing_where_all_is_inside() -> None:
    inner = make_cloud(spread(60, 1, side=1000) + 1000)
    homes = make_cloud(spread(400, 2, side=1000) + 1000)
    surface = estimate_risk(inner, homes, AREA, kind="difference", bandwidth_m=500)
    assert surface.values.sum() * 0.01 == pytest.approx(0, abs=0.5)
    assert (surface.n_points, surface.n_households) == (60, 400)


@pytest.mark.parametrize(
    ("kind", "column"),
    [
        ("ratio", "crimes_per_1000_households"),
        ("log", "log_relative_risk"),
        ("difference", "excess_crimes_per_km2"),
    ],
)
def test_cells_bear_the_name_of_their_unit(kind: str, column: str) -> None:
    surface = estimate_risk(make_cloud(spread(30, 1)), make_cloud(spread(300, 2)), AREA, kind=kind)
    assert list(surface.to_frame().columns) == [column, "geometry"]


def test_households_each_alone_give_no_rate_but_a_difference() -> None:
    homes = make_points(*[(500 * i + 250, 500 * j + 250) for i in range(6) for j in range(6)])
    crimes = make_points(*[(1550, 1550)] * 40)
    for kind in ("ratio", "log"):
        with pytest.raises(TooFewError, match="No place has enough households within 200 m"):
            estimate_risk(crimes, homes, AREA, bandwidth_m=200, kind=kind)
    assert estimate_risk(crimes, homes, AREA, bandwidth_m=200, kind="difference").peak > 0


def test_too_little_and_unknown_kinds_are_refused_and_one_place_is_not() -> None:
    homes, crimes = make_points(*[(1500, 1500)] * 50), make_points((1500, 1500))
    with pytest.raises(TooFewError, match="crimes in the area"):
        estimate_risk(make_points(), homes, AREA)
    with pytest.raises(TooFewError, match="households in the area"):
        estimate_risk(crimes, make_points((1500, 1500), (1500, 1500)), AREA)
    with pytest.raises(GeoError, match="'odds'"):
        estimate_risk(crimes, homes, AREA, kind="odds")
    assert "no spread" in estimate_risk(crimes, homes, AREA).note
