"""Conversions between coordinate reference systems; no other module makes any."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyproj

from geo.errors import CRSError

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy as np
    from numpy.typing import NDArray

WGS84 = "EPSG:4326"
_WORLD = (-180.0, -90.0, 180.0, 90.0)  # (west, south, east, north), degrees
_UTM_ZONES, _ZONE_WIDTH = 60, 6.0
_UTM_NORTH, _UTM_SOUTH = 32600, 32700  # EPSG code of WGS 84 / UTM zone 0, by hemisphere


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
        A metric layer whose CRS to use; without it, the UTM zone at the layer's centre.

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
    """Choose the UTM zone at the centre of WGS84 bounds.

    Parameters
    ----------
    bounds
        Order is (west, south, east, north), degrees.

    Returns
    -------
    pyproj.CRS
        The WGS 84 / UTM zone, in metres.

    Raises
    ------
    CRSError
        If the bounds are not finite, as those of an empty layer are.

    Examples
    --------
    >>> choose_metric_crs((111.2, -7.6, 111.7, -7.2)).to_string()
    'EPSG:32749'
    """
    west, south, east, north = bounds
    longitude, latitude = (west + east) / 2, (south + north) / 2
    world_west, world_south, world_east, world_north = _WORLD
    if not (world_west <= longitude <= world_east and world_south <= latitude <= world_north):  # also NaN
        raise CRSError("The layer has no coordinates from which to choose a metric CRS: specify one.")
    zone = min(int((longitude - world_west) // _ZONE_WIDTH) + 1, _UTM_ZONES)
    return pyproj.CRS.from_epsg((_UTM_NORTH if latitude >= 0 else _UTM_SOUTH) + zone)


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
