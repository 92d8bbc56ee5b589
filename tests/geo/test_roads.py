"""Ways on roads, on grids whose times are known by hand."""

from __future__ import annotations

import geopandas as gpd
import libpysal
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import dijkstra

from geo.crs import WGS84, move_coordinates, to_metric, to_wgs84
from geo.errors import CRSError, GeoError, GeometryError
from geo.roads import (
    NO_ROADS,
    OFF_ROAD_DETOUR,
    OFF_ROAD_KMH,
    SPEEDS_KMH,
    RoadTravel,
    build_network,
    find_class_column,
    name_classes,
)
from geo.routes import Problem, check_plan, plan_week
from geo.routes.travel import UNREACHABLE_S, StraightLine
from tests.geo.builders import UTM
from tests.geo.weeks import DAYS, QUICK, make_homes, make_officers

CORNER = np.array([550_000.0, 9_180_000.0])
KMH = 3.6


def make_roads(*lines: list[tuple[float, float]], classes: list[str] | None = None) -> gpd.GeoDataFrame:
    """Make roads through (metres east, metres north) of a corner."""
    shapes = [shapely.LineString(np.array(line) + CORNER) for line in lines]
    return gpd.GeoDataFrame({"highway": classes or ["unclassified"] * len(lines)}, geometry=shapes, crs=UTM)


def degrees(*places: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
    east, north = (np.array(places, dtype=float) + CORNER).T
    return move_coordinates(east, north, source=UTM, target=WGS84)


def test_faster_way_round_beats_the_shorter_one() -> None:
    slow = [(0, 0), (1_000, 0)]
    fast = [(0, 0), (0, 500), (1_000, 500), (1_000, 0)]
    roads = make_roads(slow, fast, classes=["footway", "primary"])  # 5 and 40 km/h
    ways = RoadTravel(build_network(roads)).between(*degrees((0, 0), (1_000, 0)))
    assert ways.seconds[0, 1] == pytest.approx(2_000 / (40 / KMH), abs=1)  # 180 s; the footway takes 720 s
    assert ways.metres[0, 1] == pytest.approx(2_000, abs=0.5)


def test_place_beside_the_road_walks_to_it() -> None:
    network = build_network(make_roads([(0, 0), (1_000, 0)]))  # 25 km/h
    ways = RoadTravel(network).between(*degrees((200, 50), (700, 0)))
    walk = OFF_ROAD_DETOUR * 50
    assert ways.metres[0, 1] == pytest.approx(walk + 500, abs=0.5)
    assert ways.seconds[0, 1] == pytest.approx(walk / (OFF_ROAD_KMH / KMH) + 500 / (25 / KMH), abs=1.1)
    assert network.snap(*degrees((200, 50))).distance_m == pytest.approx(50, abs=0.01)


def test_roads_meet_at_corners_and_not_where_they_only_cross() -> None:
    bridge = build_network(make_roads([(0, 0), (200, 0)], [(100, -100), (100, 100)]))
    assert bridge.measure_islands().tolist() == pytest.approx([200, 200])
    crossing = build_network(make_roads([(0, 0), (100, 0), (200, 0)], [(100, -100), (100, 0.04), (100, 100)]))
    assert len(crossing.measure_islands()) == 1
    ways = RoadTravel(crossing).between(*degrees((0, 0), (100, 100)))
    assert ways.metres[0, 1] == pytest.approx(200, abs=0.5)


def test_island_is_reported_and_out_of_reach() -> None:
    network = build_network(make_roads([(0, 0), (500, 0), (900, 0)], [(0, 5_000), (300, 5_000)]))
    assert network.measure_islands().tolist() == pytest.approx([900, 300])
    places = degrees((0, 0), (0, 5_000))
    assert network.snap(*places).part.tolist() == [0, 1]
    ways = RoadTravel(network).between(*places)
    assert ways.seconds[0, 1] == UNREACHABLE_S
    assert np.isnan(ways.metres[0, 1])


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_ways_on_a_grid_are_those_of_all_pairs_relaxed(seed: int) -> None:
    rng = np.random.default_rng(seed)
    nodes = [(100.0 * i, 100.0 * j) for i in range(5) for j in range(5)]
    lines = [
        [a, b]
        for a in nodes
        for b in nodes
        if a < b and abs(a[0] - b[0]) + abs(a[1] - b[1]) == 100 and rng.random() < 0.7
    ]
    classes = rng.choice(["primary", "residential", "track"], len(lines)).tolist()
    speed = {"primary": 40, "residential": 20, "track": 12}
    network = build_network(make_roads(*lines, classes=classes), stray_m=0)
    expected = np.where(np.eye(len(nodes), dtype=bool), 0, np.inf)
    for (a, b), name in zip(lines, classes, strict=True):
        i, j = nodes.index(a), nodes.index(b)
        expected[i, j] = expected[j, i] = 100 / (speed[name] / KMH)
    for middle in range(len(nodes)):  # Floyd and Warshall
        expected = np.minimum(expected, expected[:, [middle]] + expected[[middle], :])
    used = [i for i, node in enumerate(nodes) if any(node in line for line in lines)]
    seconds = RoadTravel(network).between(*degrees(*(nodes[i] for i in used))).seconds
    wanted = np.minimum(expected[np.ix_(used, used)], UNREACHABLE_S)
    assert np.abs(seconds - wanted).max() <= 1.1


def test_real_streets_hang_together_and_no_way_is_shorter_than_a_straight_line() -> None:
    feet = gpd.read_file(libpysal.examples.get_path("streets.shp"))  # 293 streets of a town in Arizona
    streets = to_metric(to_wgs84(feet))
    network = build_network(streets, class_column=None)
    total = feet.length.sum() * 0.3048006096
    islands = network.measure_islands()
    assert islands.sum() == pytest.approx(total, rel=2e-3)  # UTM is a thousandth off the ground
    assert islands[0] > 0.95 * total
    corners = network.places[network.part == 0]
    chosen = corners[np.random.default_rng(0).choice(len(corners), 40, replace=False)]
    ways = RoadTravel(network).between(*move_coordinates(*chosen.T, source=network.crs, target=WGS84))
    straight = np.hypot(*(chosen[:, None] - chosen[None, :]).transpose(2, 0, 1))
    assert (ways.seconds == ways.seconds.T).all()
    assert (ways.metres >= straight - 0.5).all()
    assert np.abs(ways.seconds - ways.metres / (20 / KMH)).max() < 2  # all streets have one speed
    through = (ways.seconds[:, :, None] + ways.seconds[None, :, :]).min(axis=1)
    assert (ways.seconds <= through).all()


def test_plan_follows_the_roads() -> None:
    homes = make_homes((100, 0), (900, 0), (0, 3_000))
    lon, lat = 111.45, -7.4
    x, y = move_coordinates(np.array([lon]), np.array([lat]), source=WGS84, target=UTM)
    road = shapely.LineString([(x[0], y[0]), (x[0] + 1_000, y[0])])
    island = shapely.LineString([(x[0], y[0] + 3_000), (x[0] + 100, y[0] + 3_000)])
    roads = gpd.GeoDataFrame({"highway": ["residential"] * 2}, geometry=[road, island], crs=UTM)
    week = Problem(
        homes.assign(must=True), make_officers(o="v"), DAYS[:1], travel=RoadTravel(build_network(roads))
    )
    plan = plan_week(week, effort=QUICK)
    assert set(plan.stops["household_id"]) == {"h1", "h2"}
    assert [(one.reason, one.subject) for one in plan.unmet] == [("must_too_far", "h3")]
    assert check_plan(week, plan) == []


def test_layers_that_are_no_roads_are_refused() -> None:
    with pytest.raises(CRSError):
        build_network(make_roads([(0, 0), (1, 0)]).to_crs(WGS84))
    with pytest.raises(GeometryError, match="lines"):
        build_network(gpd.GeoDataFrame(geometry=[shapely.Point(0, 0)], crs=UTM))
    with pytest.raises(GeometryError, match="at least one"):
        build_network(gpd.GeoDataFrame(geometry=[], crs=UTM))
    with pytest.raises(GeoError, match="above 0"):
        build_network(make_roads([(0, 0), (1, 0)]), other_kmh=0)


def test_place_far_from_all_roads_goes_by_straight_lines() -> None:
    network = build_network(make_roads([(0, 0), (1_000, 0)]), snap_m=300)
    places = degrees((200, 0), (700, 299.9), (700, 300.1))
    ways, straight = RoadTravel(network).between(*places), StraightLine().between(*places)
    assert ways.metres[0, 1] == pytest.approx(500 + OFF_ROAD_DETOUR * 299.9, abs=0.5)
    assert ways.metres[0, 2] == straight.metres[0, 2]
    assert ways.seconds[2].tolist() == straight.seconds[2].tolist()


def test_stray_bit_of_road_cuts_nobody_off() -> None:
    network = build_network(make_roads([(0, 0), (1_000, 0)], [(200, 60), (210, 60)], [(0, 260), (90, 260)]))
    snapped = network.snap(*degrees((205, 70), (0, 250.1), (0, 249.9), (500, 20)))
    assert snapped.part.tolist() == [0, 1, 0, 0]
    assert snapped.distance_m == pytest.approx([70, 9.9, 249.9, 20], abs=0.05)
    ways = RoadTravel(network).between(*degrees((205, 70), (500, 20)))
    assert ways.metres[0, 1] == pytest.approx(OFF_ROAD_DETOUR * 90 + 295, abs=0.5)


def test_ring_and_loop_are_ridden_the_shorter_way_round() -> None:
    ring = [(0, 0), (100, 0), (100, 100), (0, 100), (0, 0)]
    alone = build_network(make_roads(ring))
    assert RoadTravel(alone).between(*degrees((100, 50), (50, 100))).metres[0, 1] == pytest.approx(
        100, abs=0.2
    )
    assert RoadTravel(alone).between(*degrees((10, 0), (0, 20))).metres[0, 1] == pytest.approx(30, abs=0.2)
    tied = build_network(make_roads(ring, [(100, 100), (300, 100)]))
    assert tied.measure_islands().tolist() == pytest.approx([600])
    ways = RoadTravel(tied).between(*degrees((10, 0), (0, 20), (300, 100))).metres
    assert ways[0, 1] == pytest.approx(30, abs=0.2)
    assert ways[0, 2] == pytest.approx(90 + 100 + 200, abs=0.2)


def test_corners_on_the_way_change_nothing() -> None:
    straight = [[(0, 0), (400, 0)], [(400, 0), (400, 300)], [(0, 0), (0, 300)], [(0, 300), (400, 300)]]
    bent = [[a, ((a[0] * 3 + b[0]) / 4, (a[1] * 3 + b[1]) / 4), b] for a, b in straight]
    places = degrees((50, 20), (380, -10), (410, 200), (10, 310), (200, 295))
    classes = ["primary", "residential", "track", "path"]
    plain, cut = (
        RoadTravel(build_network(make_roads(*lines, classes=classes))).between(*places)
        for lines in (straight, bent)
    )
    assert np.abs(plain.seconds - cut.seconds).max() <= 1
    assert np.abs(plain.metres - cut.metres).max() < 0.01


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_search_that_is_held_to_its_ground_finds_what_a_search_of_all_finds(seed: int) -> None:
    rng = np.random.default_rng(seed)
    nodes = [(200.0 * i, 200.0 * j) for i in range(12) for j in range(12)]
    lines = [
        [a, ((a[0] + b[0]) / 2 + rng.uniform(-50, 50), (a[1] + b[1]) / 2 + rng.uniform(-50, 50)), b]
        for a in nodes
        for b in nodes
        if a < b and abs(a[0] - b[0]) + abs(a[1] - b[1]) == 200 and rng.random() < 0.75
    ]
    classes = rng.choice(["primary", "residential", "footway"], len(lines)).tolist()
    network = build_network(make_roads(*lines, classes=classes), stray_m=0)
    some = rng.choice(len(network.places), 4, replace=False)
    lon, lat = move_coordinates(*network.places[some].T, source=network.crs, target=WGS84)
    expected = np.minimum(dijkstra(network.seconds, indices=some)[:, some], UNREACHABLE_S)
    assert np.abs(RoadTravel(network).between(lon, lat).seconds - expected).max() <= 1.1


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("residential", "residential"),
        ("Primary_Link", "primary"),
        ("track_grade4", "track"),
        ("JALAN  ARTERI", "trunk"),
        ("Jalan Kolektor Primer", "secondary"),
        ("Jl. Desa", "residential"),
        ("jalan setapak", "path"),
        ("Local Road", "tertiary"),
        ("construction", "construction"),
        ("waterway", ""),
        ("12", ""),
        ("", ""),
    ],
)
def test_road_classes_are_known_in_two_languages(text: str, name: str) -> None:
    assert name_classes(pd.Series([text], dtype="str")).tolist() == [name]
    assert name == "" or name in SPEEDS_KMH or name in NO_ROADS


def test_class_column_is_found_by_what_it_says() -> None:
    roads = pd.DataFrame(
        {"nama": ["Desa", "Mawar"], "fungsi": ["Jalan Lokal", "Jalan Lain"], "lebar": ["3", "4"]}, dtype="str"
    )
    assert find_class_column(roads) == "fungsi"
    assert find_class_column(roads[["lebar"]]) is None
