"""Boundaries are looked at as a whole; areas by hand."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import ColumnError, CRSError
from geo.health import (
    find_gaps,
    find_missing_numbers,
    find_overlaps,
    find_repeated_names,
    repair_areas,
)

UTM = "EPSG:32749"


def areas(**shapes: shapely.Geometry) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=list(shapes.values()), index=list(shapes), crs=UTM)


def test_crossing_ring_becomes_the_areas_that_it_encloses() -> None:
    bowtie = shapely.from_wkt("POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))")
    spike = shapely.from_wkt("POLYGON ((0 0, 2 2, 0 0, 0 0))")
    shapes = np.array([bowtie, shapely.box(0, 0, 1, 1), spike, None], dtype=object)
    mended, invalid = repair_areas(shapes)
    assert invalid.tolist() == [True, False, True, False]
    assert shapely.area(mended[:2]).tolist() == [2, 1]
    assert mended[2] is None
    assert mended[3] is None
    assert shapes[0] is bowtie


def test_overlaps_are_measured_pair_by_pair() -> None:
    layer = areas(
        b=shapely.box(0, 0, 100, 100), a=shapely.box(90, 0, 200, 100), c=shapely.box(0, 60, 100, 160),
        d=shapely.box(200, 0, 300, 100),
    )  # fmt: skip
    found = find_overlaps(layer)
    # b and c share 100 m by 40 m, a and b 10 by 100, a and c 10 by 40; a and d only touch
    assert found[["left", "right"]].to_numpy().tolist() == [["b", "c"], ["a", "b"], ["a", "c"]]
    assert found["area_m2"].tolist() == [4000, 1000, 400]
    assert found["width_m"].round(3).tolist() == [28.571, 9.091, 8]  # 2 A / P
    assert found["is_sliver"].tolist() == [False, True, True]


def test_areas_that_touch_have_no_overlap_and_no_gap() -> None:
    layer = areas(a=shapely.box(0, 0, 10, 10), b=shapely.box(10, 0, 20, 10))
    assert find_overlaps(layer).empty
    assert find_gaps(layer).empty
    nothing = layer.iloc[:0]
    assert find_overlaps(nothing).empty
    assert find_gaps(nothing).empty


def test_enclosed_ground_is_a_gap_and_open_ground_is_not() -> None:
    ring = shapely.box(0, 0, 300, 300).difference(shapely.box(100, 100, 150, 200))
    crack = shapely.box(400, 0, 500, 100).difference(shapely.box(450, 10, 450.5, 90))
    bay = shapely.box(600, 0, 700, 100).difference(shapely.box(640, 50, 660, 100))
    found = find_gaps(areas(a=ring, b=crack, c=bay))
    assert found["area_m2"].tolist() == [5000, 40]
    assert found["is_sliver"].tolist() == [False, True]


@settings(max_examples=30, deadline=None)
@given(
    boxes=st.lists(
        st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(2, 20), st.integers(2, 20)),
        min_size=1, max_size=6,
    )
)  # fmt: skip
def test_overlaps_of_pairs_are_what_any_two_share(boxes: list[tuple[int, int, int, int]]) -> None:
    shapes = [shapely.box(x, y, x + w, y + h) for x, y, w, h in boxes]
    layer = gpd.GeoDataFrame(geometry=shapes, index=[f"{n:02d}" for n in range(len(shapes))], crs=UTM)
    shared = sum(one.intersection(other).area for at, one in enumerate(shapes) for other in shapes[at + 1 :])
    assert find_overlaps(layer)["area_m2"].sum() == pytest.approx(shared)


def test_degrees_are_refused() -> None:
    layer = areas(a=shapely.box(0, 0, 1, 1)).set_crs("EPSG:4326", allow_override=True)
    for measure in (find_overlaps, find_gaps):
        with pytest.raises(CRSError):
            measure(layer)


def test_same_name_counts_within_one_district() -> None:
    layer = pd.DataFrame({"district_code": ["1", "2", "1", "1"]}, index=list("abcd"))
    names = pd.Series(["sawo", "sawo", "sawo", None], index=layer.index)
    assert find_repeated_names(layer, names).index.tolist() == ["a", "c"]
    with pytest.raises(ColumnError, match="district_code"):
        find_repeated_names(layer.drop(columns="district_code"), names)


def test_numbering_tells_which_villages_lack() -> None:
    codes = pd.Index(["3521072001", "3521072004", "3521071002", "3521082001", "X12", "3521082888"])
    found = find_missing_numbers(codes)
    assert found["n_areas"].to_dict() == {"352107": 3, "352108": 1}
    assert found["n_expected"].to_dict() == {"352107": 6, "352108": 1}
    assert found["missing"].to_dict() == {"352107": "3521071001 3521072002 3521072003", "352108": ""}
    bps = find_missing_numbers(pd.Index(["3521080001", "3521080003", "3521081001"]), district_digits=7)
    assert bps["missing"].to_dict() == {"3521080": "3521080002", "3521081": ""}
    assert find_missing_numbers(pd.Index([], dtype="str")).empty
