"""All methods on the robberies of Memphis, 2019: what they count must agree with the rows."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.accuracy import measure_rolling_accuracy, score_methods
from geo.aoristic import tabulate_hours, tabulate_months
from geo.counting import count_by_area, count_by_period, make_local_periods
from geo.crs import WGS84, to_metric
from geo.emerging import find_emerging_hotspots
from geo.grid import make_grid
from geo.hotspots import estimate_density
from geo.hotspots.clusters import find_clusters
from geo.hotspots.concentration import measure_concentration
from geo.hotspots.getis import find_hotspots
from geo.hotspots.learning import CANDIDATES_M, learn_bandwidth
from geo.hotspots.methods import SCORING_METHODS
from geo.hotspots.moran import measure_local_moran
from geo.join import assign_areas
from geo.repeats import measure_near_repeats
from geo.weights import find_cell_neighbours
from tests.geo.builders import SHARED, reference

ROBBERIES = SHARED / "memphis_robberies.csv"
ZONE = "America/Chicago"
N_ROBBERIES = 2245

pytestmark = [
    reference,
    pytest.mark.skipif(not ROBBERIES.exists(), reason="needs ../shared/data/memphis_robberies.csv"),
]


@pytest.fixture(scope="module")
def robberies() -> gpd.GeoDataFrame:
    rows = pd.read_csv(ROBBERIES, dtype={"uid": "str"})
    at = pd.DatetimeIndex(pd.to_datetime(rows["date_utc"], utc=True)).as_unit("us")
    places = gpd.points_from_xy(rows["lon"], rows["lat"])
    return to_metric(gpd.GeoDataFrame({"occurred_at": at}, geometry=places, crs=WGS84))


@pytest.fixture(scope="module")
def city(robberies: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    outline = shapely.buffer(shapely.convex_hull(shapely.multipoints(robberies.get_coordinates())), 1500)
    return gpd.GeoDataFrame(geometry=[outline], crs=robberies.crs)


@pytest.fixture(scope="module")
def cells(city: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return make_grid(city)


@pytest.fixture(scope="module")
def cell_of(robberies: gpd.GeoDataFrame, cells: gpd.GeoDataFrame) -> pd.Series:
    return assign_areas(robberies, cells)


def test_every_robbery_is_in_a_cell(cell_of: pd.Series, cells: gpd.GeoDataFrame) -> None:
    assert count_by_area(cell_of, cells.index).sum() == len(cell_of) == N_ROBBERIES


def test_the_density_sums_to_the_robberies(robberies: gpd.GeoDataFrame, city: gpd.GeoDataFrame) -> None:
    choice = learn_bandwidth(robberies, city)
    surface = estimate_density(robberies, city, bandwidth_m=choice.bandwidth_m)
    assert choice.by == "accuracy"
    assert choice.bandwidth_m in CANDIDATES_M
    assert surface.n_points == N_ROBBERIES
    ground_km2 = (surface.cell_m / 1000) ** 2
    assert np.nansum(surface.values) * ground_km2 == pytest.approx(N_ROBBERIES, rel=0.01)


def test_hot_cells_hold_more_than_their_share(cell_of: pd.Series, cells: gpd.GeoDataFrame) -> None:
    counts, neighbours = count_by_area(cell_of, cells.index), find_cell_neighbours(cells.index)
    found = find_hotspots(counts, neighbours)
    hot = found["confidence"] >= 2
    assert 0 < hot.mean() < 0.2
    assert counts[hot].sum() / N_ROBBERIES > 3 * hot.mean()
    moran = measure_local_moran(counts, neighbours)
    core = moran["p_adjusted"].le(0.05) & moran["quadrant"].eq("HH")
    assert core.any()
    assert hot[core].mean() > 0.9
    concentration = measure_concentration(counts, cells["area_km2"])
    assert concentration.n_crimes == N_ROBBERIES
    assert concentration.crime_share > concentration.chance_share + 0.2


def test_clusters_and_what_is_outside_make_up_the_robberies(robberies: gpd.GeoDataFrame) -> None:
    for algorithm in ("dbscan", "hdbscan"):
        found = find_clusters(robberies, algorithm=algorithm)
        assert len(found) > 3
        assert found["n_crimes"].sum() + found.attrs["n_outside"] == N_ROBBERIES


def test_robberies_repeat_nearby_within_a_week(robberies: gpd.GeoDataFrame) -> None:
    found = measure_near_repeats(robberies)
    assert found.n_crimes == N_ROBBERIES
    assert found.reading is not None
    assert found.reading.days == 7
    assert 1.2 < found.reading.ratio < 2.5
    np.testing.assert_allclose(found.table["n_expected"], found.table["n_expected_by_margins"], rtol=0.05)


def test_periods_clocks_and_patterns_add_up(
    robberies: gpd.GeoDataFrame, cell_of: pd.Series, cells: gpd.GeoDataFrame
) -> None:
    until = pd.Timestamp("2020-01-01", tz=ZONE)
    edges = make_local_periods(until=until, n_periods=12, days=30, zone=ZONE)
    counts = count_by_period(cell_of, robberies["occurred_at"], areas=cells.index, edges=edges)
    assert counts.to_numpy().sum() == (robberies["occurred_at"] >= edges[0]).sum()
    found = find_emerging_hotspots(counts, find_cell_neighbours(cells.index))
    assert found["pattern"].value_counts().sum() == len(cells)
    assert found["pattern"].str.endswith("_hot").sum() > 20
    assert tabulate_hours(robberies, zone=ZONE).to_numpy().sum() == N_ROBBERIES
    assert tabulate_months(robberies, zone=ZONE)["n_crimes"].sum() == N_ROBBERIES
    rolled = measure_rolling_accuracy(robberies, cells, SCORING_METHODS, edges=edges[4:])
    scores = score_methods(rolled)
    assert scores["n_crimes"].iloc[0] == (robberies["occurred_at"] >= edges[4]).sum()
    assert (scores["pai"] > 2).all()
