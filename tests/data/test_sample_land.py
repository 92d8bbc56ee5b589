"""The sample villages: they tile, they are of a believable size, nobody's real village is among them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from data.sample import SCALES, make_sample
from data.sample.cells import join_fragments, scatter_cells
from data.sample.land import Land, make_land
from data.sample.places import name_places
from data.sample.plane import to_degrees, to_metres
from data.sample.roads import RoadKind, lay_roads
from data.sample.settlements import apportion_counts, plan_hamlets, settle_households, share_households
from geo.crs import to_metric
from tests.geo.builders import SHARED, needs_villages, reference

UTM = "EPSG:32749"


def _land(seed: int, scale: str = "district") -> Land:
    return make_land(SCALES[scale], np.random.default_rng(seed))


@given(seed=st.integers(0, 2**32))
@settings(max_examples=15, deadline=None)
def test_villages_tile_without_gap_or_overlap(seed: int) -> None:
    villages = _land(seed).frame.to_crs(UTM)
    assert len(villages) == 17
    assert villages.geometry.is_valid.all()
    assert (villages.geom_type == "Polygon").all()
    assert shapely.coverage_is_valid(villages.geometry.to_numpy())
    together = villages.union_all()
    assert together.geom_type == "Polygon"
    assert len(together.interiors) == 0
    assert together.area == pytest.approx(villages.area.sum(), rel=1e-9)


def test_a_regency_tiles_too_and_each_district_hangs_together() -> None:
    villages = _land(1, "regency").frame.to_crs(UTM)
    assert len(villages) == 217
    assert shapely.coverage_is_valid(villages.geometry.to_numpy())
    districts = villages.dissolve("district_code")
    assert len(districts) == 19
    assert (districts.geom_type == "Polygon").all()


def test_neighbours_share_their_vertices() -> None:
    villages = _land(1).frame
    points = shapely.get_coordinates(villages.geometry.to_numpy())
    _, times = np.unique(points, axis=0, return_counts=True)
    assert (times > 1).mean() > 0.5  # the rest is the outline


@pytest.mark.parametrize(
    ("scale", "area_km2", "largest_km2"), [("district", (55, 65), 12), ("regency", (1_200, 1_400), 20)]
)
def test_areas_are_those_of_east_java(scale: str, area_km2: tuple[int, int], largest_km2: int) -> None:
    areas = _land(1, scale).frame.to_crs(UTM).area / 1e6
    assert area_km2[0] < areas.sum() < area_km2[1]
    assert areas.min() > 0.5
    assert areas.max() < largest_km2


def test_villages_are_not_round() -> None:
    villages = _land(1).frame.to_crs(UTM)
    roundness = (
        4 * np.pi * villages.area / villages.length**2
    )  # 1 is a circle, 0.785 a square (Polsby and Popper)
    assert roundness.median() < 0.6


def test_codes_say_their_district_and_regency_and_are_no_real_ones() -> None:
    villages = _land(1, "regency").frame
    assert villages.index.is_monotonic_increasing
    assert villages.index.str.fullmatch(r"3599(0[1-9]|1[0-9])20\d\d").all()
    assert (villages["district_code"] == villages.index.str[:6]).all()
    assert set(villages["regency_code"]) == {"3599"}


def test_names_of_villages_are_different() -> None:
    villages = _land(1, "regency").frame
    assert villages["village"].is_unique
    assert villages.groupby("district_code")["district"].nunique().eq(1).all()
    assert villages["district"].nunique() == 19


@reference
@needs_villages
def test_no_village_is_called_as_one_of_ngawi() -> None:
    real = {
        name.replace(" ", "").casefold() for name in gpd.read_file(SHARED / "ngawi_villages.geojson")["nama"]
    }
    every = {name.casefold() for name in name_places(576, np.random.default_rng(1))}
    assert len(every) == 576
    assert not real & every


def test_the_sheet_is_true_to_a_thousandth() -> None:
    corners = np.array([[-20_000.0, -20_000.0], [20_000.0, 20_000.0], [20_000.0, -20_000.0]])
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(*to_degrees(corners).T), crs="EPSG:4326")
    metric = shapely.get_coordinates(to_metric(points).geometry.to_numpy())
    for a, b in ((0, 1), (1, 2), (0, 2)):
        assert np.hypot(*(metric[a] - metric[b])) == pytest.approx(
            np.hypot(*(corners[a] - corners[b])), rel=1.5e-3
        )
    assert to_metres(to_degrees(corners)) == pytest.approx(corners, abs=0.12)


@given(labels=st.lists(st.integers(-1, 3), min_size=2, max_size=30))
def test_made_whole_each_label_is_one_body(labels: list[int]) -> None:
    chain = np.column_stack([np.arange(len(labels) - 1), np.arange(1, len(labels))])
    whole = join_fragments(np.array(labels), chain)
    runs = 1 + (np.diff(whole) != 0).sum()
    assert runs == len(np.unique(whole))
    assert set(np.unique(whole)) == set(labels)


def test_cells_of_the_place_hang_together() -> None:
    cells = scatter_cells(200, 0.2, np.random.default_rng(1))
    labels = join_fragments(cells.inside.astype(int), cells.pairs)
    assert (labels == cells.inside).all()


@given(n=st.integers(0, 10_000), weights=st.lists(st.floats(0.01, 100.0), min_size=1, max_size=20))
def test_shares_add_up(n: int, weights: list[float]) -> None:
    shares = apportion_counts(n, np.array(weights))
    assert shares.sum() == n
    exact = n * np.array(weights) / sum(weights)
    assert (np.abs(shares - exact) < 1 + 1e-6).all()


def test_houses_stand_along_roads_in_their_village() -> None:
    land, rng = _land(1), np.random.default_rng(2)
    hamlets = plan_hamlets(land, share_households(land, 5_000, rng), rng)
    roads = lay_roads(land, hamlets.cell, rng)
    homes = settle_households(land, hamlets, roads, rng)
    assert len(homes.xy) == 5_000
    lines = shapely.STRtree(shapely.linestrings(roads.curves))
    _, distance = lines.query_nearest(shapely.points(homes.xy), return_distance=True, all_matches=False)
    assert np.median(distance) < 40
    assert np.quantile(distance, 0.99) < 200


def test_the_main_road_runs_from_one_side_to_the_other() -> None:
    land = _land(1)
    roads = lay_roads(land, land.office_cell, np.random.default_rng(1))
    main = roads.curves[roads.kind == RoadKind.MAIN].reshape(-1, 2)
    width = np.ptp(land.cells.sites[land.cells.inside, 0])
    assert np.ptp(main[:, 0]) == pytest.approx(width, rel=0.05)
    assert set(land.office_cell) <= set(roads.ends.ravel())


def test_a_regency_of_fewer_households_is_made_too() -> None:
    small = replace(SCALES["regency"], n_households=20_000, n_visits=30_000, n_crimes=2_000)
    sample = make_sample(small, until=date(2026, 11, 1))
    counts = [len(sample.villages), len(sample.officers), len(sample.households), len(sample.visits)]
    assert counts == [217, 217, 20_000, 30_000]
    assert sample.households.index.is_unique
    assert sample.crimes.index.is_unique
    assert (sample.households.groupby("village_code").size() > 0).all()
    assert sample.crimes["village_code"].str[:6].nunique() == 19
