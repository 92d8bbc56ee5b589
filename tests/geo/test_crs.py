from __future__ import annotations

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely

from geo.crs import WGS84, choose_metric_crs, move_coordinates, require_metric, to_metric, to_wgs84
from geo.errors import CRSError, GeoError
from tests.geo.builders import UTM, make_points

NGAWI = gpd.GeoDataFrame(geometry=[shapely.Point(111.45, -7.4)], crs=WGS84, index=["p"])


def test_a_layer_without_a_crs_is_refused_everywhere() -> None:
    bare = gpd.GeoDataFrame(geometry=[shapely.Point(1, 1)])
    for refuse in (require_metric, to_metric, to_wgs84):
        with pytest.raises(CRSError, match="no CRS"):
            refuse(bare)


def test_degrees_and_feet_are_not_metres() -> None:
    for code in (WGS84, "EPSG:2284"):  # Virginia South, US survey feet
        with pytest.raises(CRSError, match="not in metres"):
            require_metric(NGAWI.to_crs(code))


def test_layers_that_differ_are_refused_by_name() -> None:
    with pytest.raises(CRSError, match="EPSG:32749 and EPSG:32748"):
        require_metric(make_points((0, 0)), like=make_points((0, 0)).to_crs("EPSG:32748"))


def test_metres_of_the_zone_at_the_middle_are_chosen() -> None:
    projected = to_metric(NGAWI)
    assert projected.crs == UTM
    # The zone's meridian is 111° E: 0.45° of longitude at 7.4° S are 0.45·110,500 m ≈ 49.7 km east of 500 km.
    assert projected.geometry.x.item() == pytest.approx(549_700, abs=300)
    assert projected.index.tolist() == ["p"]


def test_a_metric_layer_keeps_its_coordinates() -> None:
    points = make_points((1, 2))
    assert to_metric(points).equals(points)
    assert to_metric(points) is not points


def test_the_crs_of_another_layer_is_taken() -> None:
    assert to_metric(NGAWI, like=make_points((0, 0)).to_crs("EPSG:32748")).crs == "EPSG:32748"
    with pytest.raises(CRSError, match="not in metres"):
        to_metric(make_points((0, 0)), like=NGAWI)


@pytest.mark.parametrize(
    ("bounds", "code"),
    [
        ((-78.6, 38.0, -78.4, 38.1), "EPSG:32617"),
        ((111.2, -7.6, 111.7, -7.2), "EPSG:32749"),
        ((180, 0, 180, 0), "EPSG:32660"),
        ((-180, 0, -180, 0), "EPSG:32601"),
    ],
)
def test_zone_and_hemisphere_follow_from_the_middle(
    bounds: tuple[float, float, float, float], code: str
) -> None:
    assert choose_metric_crs(bounds).to_string() == code


@pytest.mark.parametrize(
    ("bounds", "error"),
    [
        ((95, -11, 141, 6), 0.010),  # Indonesia; 0.078 in its middle UTM zone, 50
        ((130, -9, 141, 1), 0.003),  # Papua
        ((95, 2, 98.5, 6), 0.001),  # Aceh
        ((107.5, -7.5, 108.5, -7), 0.0016),  # on the border of two zones
        ((110.9, -7.7, 111.8, -7.2), 0.0005),  # a regency
    ],
)
def test_lengths_are_those_on_the_ellipsoid_however_wide_the_unit(
    bounds: tuple[float, float, float, float], error: float
) -> None:
    # Paths of 2 km in random directions, against pyproj's geodesics.
    rng, geod = np.random.default_rng(0), pyproj.Geod(ellps="WGS84")
    lon, lat = rng.uniform(bounds[0], bounds[2], 2000), rng.uniform(bounds[1], bounds[3], 2000)
    lon[:2], lat[:2] = bounds[0::2], bounds[1::2]
    far_lon, far_lat, _back = geod.fwd(lon, lat, rng.uniform(0, 360, 2000), np.full(2000, 2000.0))
    crs = choose_metric_crs(bounds)
    (x, y), (far_x, far_y) = (
        move_coordinates(*ends, source=WGS84, target=crs) for ends in ((lon, lat), (far_lon, far_lat))
    )
    assert np.abs(np.hypot(far_x - x, far_y - y) / 2000 - 1).max() <= error


def test_a_unit_of_one_zone_keeps_that_zone_and_a_wider_one_is_still_in_metres() -> None:
    assert choose_metric_crs((108, -7, 114, -6)).to_string() == "EPSG:32749"
    wide = gpd.GeoDataFrame(geometry=[shapely.Point(95, 5), shapely.Point(141, -9)], crs=WGS84)
    projected = to_metric(wide)
    require_metric(projected)
    assert to_wgs84(projected).geometry.geom_equals_exact(wide.geometry, 1e-9).all()


@pytest.mark.parametrize("west", [float("nan"), 400.0, float("inf")])
def test_bounds_that_are_no_place_are_refused(west: float) -> None:
    with pytest.raises(GeoError, match="no coordinates"):
        choose_metric_crs((west, 0, west, 0))


def test_a_way_there_and_back_ends_where_it_began() -> None:
    back = to_wgs84(to_metric(NGAWI))
    assert back.crs == WGS84
    assert back.geometry.x.item() == pytest.approx(111.45, abs=1e-9)
    assert back.geometry.y.item() == pytest.approx(-7.4, abs=1e-9)
