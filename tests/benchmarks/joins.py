"""Points to villages and visits to households, against geopandas."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.join import assign_areas, match_households
from tests.benchmarks.rows import SHARED, Benchmark, Row, Sizes, compare

if TYPE_CHECKING:
    from numpy.typing import NDArray

UTM = "EPSG:32749"
VILLAGES = SHARED / "ngawi_villages.geojson"
BOUNDS = (513_000.0, 9_157_500.0, 574_500.0, 9_199_500.0)  # west, south, east, north of Ngawi, metres


def join_points(sizes: Sizes) -> Row:
    name = f"{sizes.points:,} points to 217 villages, against geopandas.sjoin(within)"
    if not VILLAGES.exists():
        return Row(name, "-", ">= 2x", None, "needs ../shared/data/ngawi_villages.geojson")
    villages = gpd.read_file(VILLAGES).set_index("kode")[["geometry"]].to_crs(UTM)
    points = _scatter(sizes.points, seed=1)
    compared = compare(
        lambda: assign_areas(points, villages),
        lambda: gpd.sjoin(points, villages, predicate="within"),
        sizes,
    )
    joined = compared.peer_answer["kode"]
    expected = joined.groupby(level=0).min().reindex(points.index)  # overlaps: the lower code
    differ = int((compared.own_answer.fillna("") != expected.fillna("")).sum())
    return compared.row(name, at_least=2, agrees=differ == 0, note=f"{differ} answers differ")


def match_visits(sizes: Sizes) -> Row:
    name = f"{sizes.points:,} visits to {sizes.households:,} households, against geopandas.sjoin_nearest"
    visits, households = _scatter(sizes.points, seed=2), _scatter(sizes.households, seed=3)
    households.index = pd.Index([f"h{number:06d}" for number in range(sizes.households)], name="household_id")
    compared = compare(
        lambda: match_households(visits, households, max_distance_m=np.inf),
        lambda: gpd.sjoin_nearest(visits, households, distance_col="distance_m"),
        sizes,
    )
    expected = compared.peer_answer["household_id"].groupby(level=0).min()
    differ = int((compared.own_answer["household_id"] != expected).sum())
    return compared.row(name, at_least=5, agrees=differ == 0, note=f"{differ} answers differ")


def _scatter(n: int, *, seed: int) -> gpd.GeoDataFrame:
    west, south, east, north = BOUNDS
    xy: NDArray[np.float64] = np.random.default_rng(seed).uniform((west, south), (east, north), (n, 2))
    return gpd.GeoDataFrame(geometry=gpd.points_from_xy(xy[:, 0], xy[:, 1]), crs=UTM)


BENCHMARKS: list[Benchmark] = [join_points, match_visits]
