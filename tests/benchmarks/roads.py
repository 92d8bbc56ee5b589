"""The weekly plan on roads: a regency's network, its ways, and the plan within the same minute."""

from __future__ import annotations

from time import perf_counter

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import WGS84, move_coordinates
from geo.roads import RoadNetwork, RoadTravel, build_network
from geo.routes import Problem, SearchEffort, check_plan, list_working_days, plan_week
from tests.benchmarks.rows import Benchmark, Row, Sizes
from tests.geo.builders import UTM

MOST_SECONDS = 60.0
SEARCH_SECONDS = 40.0
_SIDE_M, _BLOCK_M, _CORNER_M = 36_000, 400, 40  # a regency, its roads, and the bends that maps have
_CORNER = np.array([550_000.0, 9_180_000.0])
_VILLAGE_M = 7_000.0


def plan_on_roads(sizes: Sizes) -> Row:
    """4,000 households of 20 officers on 6,500 km of roads in 164,000 pieces, from lines to a plan."""
    n_officers, n_homes = (20, 200) if sizes.rated else (2, 40)
    start = perf_counter()
    network = make_grid(_SIDE_M if sizes.rated else _SIDE_M // 4)
    built = perf_counter() - start
    week = make_week(network, n_officers, n_homes)
    seconds = SEARCH_SECONDS if sizes.rated else 2
    plan = plan_week(week, effort=SearchEffort(seconds=seconds, workers=2))
    found = len(check_plan(week, plan))
    took = perf_counter() - start
    passed = found == 0 and (took <= MOST_SECONDS or not sizes.rated)
    note = f"graph {built:.1f} s; {len(plan.stops):,} visits, {found} broken rules"
    name = f"Weekly plan on roads, {n_officers * n_homes:,} households, {n_officers} officers"
    return Row(name, f"{took:.1f} s", f"{MOST_SECONDS:.0f} s", passed, note)


def make_grid(side_m: int) -> RoadNetwork:
    """Make roads each way at every block, a tenth of them faster ones, with corners between junctions."""
    along = np.arange(0, side_m + 1, _CORNER_M, dtype=float)
    lines, classes = [], []
    for number, across in enumerate(np.arange(0, side_m + 1, _BLOCK_M, dtype=float)):
        level = np.full(len(along), across)
        for corners in (np.column_stack([along, level]), np.column_stack([level, along])):
            lines.append(shapely.LineString(corners + _CORNER))
            classes.append("residential" if number % 10 else "secondary")
    return build_network(gpd.GeoDataFrame({"highway": classes}, geometry=lines, crs=UTM))


def make_week(network: RoadNetwork, n_officers: int, n_homes: int) -> Problem:
    """Give each officer a village of 3 km with households at random places."""
    rng = np.random.default_rng(0)
    officer = np.repeat(np.arange(n_officers), n_homes)
    middle = _CORNER + 3_000 + _VILLAGE_M * np.column_stack([officer % 5, officer // 5])
    x, y = (middle + rng.uniform(-1_500, 1_500, (len(officer), 2))).T
    lon, lat = move_coordinates(x, y, source=UTM, target=WGS84)
    codes, prizes = [f"v{i}" for i in officer], rng.uniform(1, 10, len(x))
    homes = pd.DataFrame(
        {"lon": lon, "lat": lat, "village_code": codes, "prize": prizes},
        index=[f"h{i}" for i in range(len(x))],
    )
    posts = homes.groupby("village_code", sort=False)[["lon", "lat"]].median()
    officers = posts.assign(villages=posts.index).set_axis([f"o{i}" for i in range(n_officers)])
    return Problem(homes, officers, list_working_days("2026-W48"), travel=RoadTravel(network))


BENCHMARKS: list[Benchmark] = [plan_on_roads]
