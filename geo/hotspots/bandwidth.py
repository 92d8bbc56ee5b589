"""Kernel bandwidth from the spread of the points."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo.crs import require_metric
from geo.join import take_coordinates

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

MAX_BANDWIDTH_M = 1000.0  # upper limit of a chosen bandwidth
FALLBACK_BANDWIDTH_M = 500.0  # used where the points have no spread
QUARTIC_FACTOR = 2.78  # from the normal to the quartic kernel (canonical bandwidths: Marron & Nolan 1988)
IQR_PER_SD = 1.34  # for a normal distribution (Silverman 1986, p. 47)


def choose_bandwidth(points: gpd.GeoDataFrame) -> float:
    """Choose the bandwidth of a quartic kernel by the two-dimensional normal reference rule.

    Computes min(sd, IQR/1.34)·n^(-1/6) on each axis (Silverman 1986, §§3.4.1 and 4.3.2), takes the geometric
    mean of both axes and multiplies it by 2.78 for the quartic kernel (Marron & Nolan 1988), up to
    ``MAX_BANDWIDTH_M``. Where the IQR is 0, because half of the points or more share a coordinate, the
    standard deviation is used alone. An axis without any spread is ignored.

    Parameters
    ----------
    points
        Points in a metric CRS; those without coordinates are ignored.

    Returns
    -------
    float
        Bandwidth in metres; ``FALLBACK_BANDWIDTH_M`` for fewer than two points, or if all are in one place.

    Raises
    ------
    CRSError
        If the points have no CRS or their CRS is not in metres.
    GeometryError
        If the layer holds anything but points.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import Point
    >>> corners = [Point(0, 0), Point(0, 200), Point(200, 0), Point(200, 200)]
    >>> points = gpd.GeoDataFrame(geometry=corners, crs="EPSG:32749")  # sd 115.5 m on both axes
    >>> round(choose_bandwidth(points), 1)  # 115.5·4^(-1/6)·2.78
    254.8
    """
    require_metric(points)
    return compute_normal_reference(np.stack(take_coordinates(points)))


def compute_normal_reference(xy: NDArray[np.float64]) -> float:
    """Choose a bandwidth by the rule of :func:`choose_bandwidth` from an array of coordinates.

    Parameters
    ----------
    xy
        2 by n coordinates in metres; NaN is ignored.

    Returns
    -------
    float
        Bandwidth in metres.

    Examples
    --------
    >>> round(compute_normal_reference(np.array([[0.0, 0, 200, 200], [0, 200, 0, 200]])), 1)
    254.8
    """
    xy = xy[:, np.isfinite(xy).all(axis=0)]
    n = xy.shape[1]
    if n <= 1:
        return FALLBACK_BANDWIDTH_M
    deviation = xy.std(axis=1, ddof=1)
    upper, lower = np.percentile(xy, [75, 25], axis=1)
    robust = (upper - lower) / IQR_PER_SD
    spread = np.where(robust > 0, np.minimum(deviation, robust), deviation)
    spread = spread[(xy != xy[:, :1]).any(axis=1)]
    if not spread.size:
        return FALLBACK_BANDWIDTH_M
    mean = float(np.exp(np.log(spread).mean()))
    return min(QUARTIC_FACTOR * mean * n ** (-1 / 6), MAX_BANDWIDTH_M)
