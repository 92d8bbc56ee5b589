"""Small layers made by hand, and the strategies of property tests, for the tests of ``geo``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

UTM = "EPSG:32749"
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"

reference = pytest.mark.reference
needs_villages = pytest.mark.skipif(
    not (SHARED / "ngawi_villages.geojson").exists(), reason="needs ../shared/data/ngawi_villages.geojson"
)


def make_points(*places: tuple[float, float] | None, ids: Sequence[str] | None = None) -> gpd.GeoDataFrame:
    """Make points at (x, y) in metres; None is a row without a point."""
    points = [None if place is None else shapely.Point(place) for place in places]
    return gpd.GeoDataFrame(geometry=gpd.GeoSeries(points, crs=UTM, index=ids), crs=UTM)


def make_cloud(xy: NDArray[np.float64]) -> gpd.GeoDataFrame:
    """Make points of an n by 2 array of metres."""
    return gpd.GeoDataFrame(geometry=gpd.points_from_xy(xy[:, 0], xy[:, 1]), crs=UTM)


def make_areas(**polygons: shapely.Geometry | None) -> gpd.GeoDataFrame:
    """Make areas in metres, each named by its code."""
    index = pd.Index(list(polygons), name="village_code", dtype="str")
    return gpd.GeoDataFrame(geometry=gpd.GeoSeries(list(polygons.values()), crs=UTM, index=index), crs=UTM)


def make_square(side: float, *, west: float = 0.0, south: float = 0.0) -> gpd.GeoDataFrame:
    """Make one square area."""
    return make_areas(a=shapely.box(west, south, west + side, south + side))


def read_villages() -> gpd.GeoDataFrame:
    """Read the 217 real villages of the reference data, in metres."""
    villages = gpd.read_file(SHARED / "ngawi_villages.geojson")
    codes = villages["kode"].str.replace(".", "")
    return villages[["geometry"]].set_index(codes.rename("village_code")).to_crs(UTM)


@st.composite
def polygons(draw: st.DrawFn) -> shapely.Geometry:
    """Draw polygons on whole metres: triangles, boxes, rings with a hole, and two parts; they may overlap."""
    coordinate = st.integers(0, 40)
    kind = draw(st.sampled_from(["triangle", "box", "hole", "parts"]))
    if kind == "triangle":
        corners = draw(st.lists(st.tuples(coordinate, coordinate), min_size=3, max_size=3, unique=True))
        return shapely.Polygon(corners) if shapely.Polygon(corners).area > 0 else shapely.box(0, 0, 7, 7)
    west, south = draw(coordinate), draw(coordinate)
    wide, high = draw(st.integers(3, 20)), draw(st.integers(3, 20))
    box = shapely.box(west, south, west + wide, south + high)
    if kind == "hole":
        return box.difference(shapely.box(west + 1, south + 1, west + wide - 1, south + high - 1))
    if kind == "parts":
        return shapely.MultiPolygon([box, shapely.box(west + wide + 5, south, west + wide + 9, south + high)])
    return box
