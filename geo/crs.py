"""Conversions between coordinate reference systems; no other module makes any."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj

from geo.errors import CRSError

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

WGS84 = "EPSG:4326"
_WORLD = (-180.0, -90.0, 180.0, 90.0)  # (west, south, east, north), degrees
_UTM_ZONES, _ZONE_WIDTH = 60, 6.0
_UTM_NORTH, _UTM_SOUTH = 32600, 32700  # EPSG code of WGS 84 / UTM zone 0, by hemisphere
_UTM_REACH = 3.5  # degrees from a zone's meridian, within which lengths are off by 0.15 % at most
_SAMPLES = 9  # places along each side of the bounds, at which projections are compared


def require_metric(layer: gpd.GeoDataFrame, *, like: gpd.GeoDataFrame | None = None) -> None:
    """Check that the coordinates of a layer are in metres.

    Parameters
    ----------
    layer
        The layer to check.
    like
        A second layer that must have the same CRS.

    Raises
    ------
    CRSError
        If the layer has no CRS, is not in metres, or differs from ``like``.

    Examples
    --------
    >>> import geopandas as gpd
    >>> require_metric(gpd.GeoDataFrame(geometry=[], crs="EPSG:32749"))
    >>> require_metric(gpd.GeoDataFrame(geometry=[], crs="EPSG:4326"))
    Traceback (most recent call last):
    geo.errors.CRSError: The layer is in EPSG:4326, which is not in metres: project it with geo.crs.to_metric.
    """
    if layer.crs is None:
        raise CRSError("The layer has no CRS: set the CRS of its coordinates.")
    units = {axis.unit_name for axis in layer.crs.axis_info}
    if units != {"metre"}:
        raise CRSError(
            "The layer is in {crs}, which is not in metres: project it with geo.crs.to_metric.",
            crs=layer.crs.to_string(),
        )
    if like is not None and layer.crs != like.crs:
        other = "no CRS" if like.crs is None else like.crs.to_string()
        raise CRSError(
            "The two layers have different CRSs, {crs} and {other}: project one to the other.",
            crs=layer.crs.to_string(),
            other=other,
        )


def to_metric(layer: gpd.GeoDataFrame, *, like: gpd.GeoDataFrame | None = None) -> gpd.GeoDataFrame:
    """Project a layer to metres.

    Parameters
    ----------
    layer
        A layer with any CRS.
    like
        A metric layer whose CRS to use; without it, that of :func:`choose_metric_crs`.

    Returns
    -------
    geopandas.GeoDataFrame
        Copy of ``layer`` in metres; coordinates are unchanged if it is metric already and ``like`` agrees.

    Raises
    ------
    CRSError
        If the layer has no CRS, or no coordinates to choose a zone from.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import Point
    >>> to_metric(gpd.GeoDataFrame(geometry=[Point(111.45, -7.4)], crs="EPSG:4326")).crs.to_string()
    'EPSG:32749'
    """
    if layer.crs is None:
        raise CRSError("The layer has no CRS: set the CRS of its coordinates.")
    if like is not None:
        require_metric(like)
        return layer.to_crs(like.crs)
    if {axis.unit_name for axis in layer.crs.axis_info} == {"metre"}:
        return layer.copy()
    return layer.to_crs(choose_metric_crs(tuple(to_wgs84(layer).total_bounds)))


def choose_metric_crs(bounds: tuple[float, float, float, float]) -> pyproj.CRS:
    """Choose the UTM zone at the centre of WGS84 bounds, or a projection of their own where they are wider.

    Within 3.5° of its meridian a UTM zone gives lengths to 0.15 %. Wider bounds get the one of three
    projections centred on them that is most true to length (by its scale factors, Snyder 1987): transverse
    Mercator, Mercator or Lambert azimuthal equal-area. All of Indonesia, 46° wide, is then measured to 1 %,
    where its middle UTM zone is off by 8 % at the western end.

    Parameters
    ----------
    bounds
        Order is (west, south, east, north), degrees.

    Returns
    -------
    pyproj.CRS
        A CRS in metres.

    Raises
    ------
    CRSError
        If the bounds are not finite, as those of an empty layer are.

    Examples
    --------
    >>> choose_metric_crs((111.2, -7.6, 111.7, -7.2)).to_string()
    'EPSG:32749'
    >>> choose_metric_crs((95, -11, 141, 6)).to_string().split()[0]
    '+proj=merc'
    """
    west, south, east, north = bounds
    longitude, latitude = (west + east) / 2, (south + north) / 2
    world_west, world_south, world_east, world_north = _WORLD
    if not (world_west <= longitude <= world_east and world_south <= latitude <= world_north):  # also NaN
        raise CRSError("The layer has no coordinates from which to choose a metric CRS: specify one.")
    zone = min(int((longitude - world_west) // _ZONE_WIDTH) + 1, _UTM_ZONES)
    meridian = world_west + (zone - 0.5) * _ZONE_WIDTH
    if max(meridian - west, east - meridian) <= _UTM_REACH:
        return pyproj.CRS.from_epsg((_UTM_NORTH if latitude >= 0 else _UTM_SOUTH) + zone)
    return min(_centre_projections(bounds), key=lambda crs: measure_distortion(crs, bounds))


def measure_distortion(crs: pyproj.CRS, bounds: tuple[float, float, float, float]) -> float:
    """Measure how far lengths are off in a projection, at worst, within WGS84 bounds.

    Parameters
    ----------
    crs
        A projected CRS.
    bounds
        Order is (west, south, east, north), degrees.

    Returns
    -------
    float
        Largest difference of a length's scale from 1, in any direction, at places throughout the bounds.

    Examples
    --------
    >>> round(measure_distortion(pyproj.CRS.from_epsg(32750), (95, -11, 141, 6)), 3)  # of all Indonesia
    0.095
    """
    west, south, east, north = bounds
    longitude, latitude = np.meshgrid(np.linspace(west, east, _SAMPLES), np.linspace(south, north, _SAMPLES))
    factors = pyproj.Proj(crs).get_factors(longitude.ravel(), latitude.ravel())
    return float(max(np.abs(axis - 1).max() for axis in (factors.tissot_semimajor, factors.tissot_semiminor)))


def _centre_projections(bounds: tuple[float, float, float, float]) -> list[pyproj.CRS]:
    """Return three projections whose centre is that of the bounds, to a whole degree."""
    west, south, east, north = bounds
    longitude, latitude = round((west + east) / 2), round((south + north) / 2)
    # A Mercator grows as the secant of the angle from its line; k_0 puts the error on both sides of 0.
    aside = 1 / np.cos(np.radians((east - west) / 2))
    apart = [1 / np.cos(np.radians(side)) for side in (south, north, 0 if south < 0 < north else south)]
    texts = (
        f"+proj=tmerc +lat_0=0 +lon_0={longitude} +k_0={2 / (1 + aside):.6f}",
        f"+proj=merc +lon_0={longitude} +k_0={2 / (max(apart) + min(apart)):.6f}",
        f"+proj=laea +lat_0={latitude} +lon_0={longitude}",
    )
    return [pyproj.CRS.from_user_input(f"{text} +datum=WGS84 +units=m +no_defs +type=crs") for text in texts]


def to_wgs84(layer: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Project a layer to WGS84 longitude and latitude.

    Parameters
    ----------
    layer
        A layer with any CRS.

    Returns
    -------
    geopandas.GeoDataFrame
        Copy of ``layer`` in EPSG:4326; x is longitude, y is latitude.

    Raises
    ------
    CRSError
        If the layer has no CRS.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import Point
    >>> there = gpd.GeoDataFrame(geometry=[Point(500000, 0)], crs="EPSG:32649")
    >>> to_wgs84(there).geometry.x.round(6).item()
    111.0
    """
    if layer.crs is None:
        raise CRSError("The layer has no CRS: set the CRS of its coordinates.")
    return layer.to_crs(WGS84)


def move_coordinates(
    x: NDArray[np.float64], y: NDArray[np.float64], *, source: Any, target: Any
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Change the CRS of coordinate arrays, without making point objects.

    Parameters
    ----------
    x, y
        Coordinates in ``source``, of the same shape; x is easting or longitude.
    source, target
        Anything that pyproj accepts as a CRS.

    Returns
    -------
    tuple of numpy.ndarray
        x and y in ``target``, of the same shape.

    Raises
    ------
    CRSError
        If one of the two is missing.

    Examples
    --------
    >>> import numpy as np
    >>> x, y = move_coordinates(np.array([111.0]), np.array([0.0]), source=WGS84, target="EPSG:32649")
    >>> x.round().item(), y.round().item()
    (500000.0, 0.0)
    """
    if source is None or target is None:
        raise CRSError("The coordinates have no CRS: set the one they use.")
    return pyproj.Transformer.from_crs(source, target, always_xy=True).transform(x, y)
