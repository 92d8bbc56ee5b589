"""The radius of the kernel, from how the points are spread."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo.crs import require_metric
from geo.join import point_coordinates

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

MAX_BANDWIDTH_M = 1000.0  # of a bandwidth chosen here
FALLBACK_BANDWIDTH_M = 500.0  # where the points have no spread to go by
QUARTIC_FACTOR = 2.78  # from the normal to the quartic kernel (canonical bandwidths: Marron & Nolan 1988)
IQR_PER_SD = 1.34  # of a normal distribution (Silverman 1986, p. 47)


def choose_bandwidth(points: gpd.GeoDataFrame) -> float:
    """Choose the radius of a quartic kernel by the two-dimensional normal reference.

    On each axis min(sd, IQR/1.34)·n^(-1/6) (Silverman 1986, §§3.4.1 and 4.3.2); the geometric mean of both
    axes, times 2.78 for the quartic kernel (Marron & Nolan 1988), at most ``MAX_BANDWIDTH_M``. Where half of
    the points or more share a coordinate, so that its IQR is 0, the standard deviation alone counts. An axis
    without any spread is left out.

    Parameters
    ----------
    points
        Points in a metric CRS; those without coordinates are passed over.

    Returns
    -------
    float
        Metres; ``FALLBACK_BANDWIDTH_M`` for fewer than two points or points all in one place.

    Raises
    ------
    CRSError
        If the points have no CRS or are not in metres.
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
    return normal_reference(np.stack(point_coordinates(points)))


def normal_reference(xy: NDArray[np.float64]) -> float:
    """Choose a bandwidth as :func:`choose_bandwidth` does, for bare coordinates.

    Parameters
    ----------
    xy
        2 by n coordinates in metres; NaN is passed over.

    Returns
    -------
    float
        Metres.

    Examples
    --------
    >>> round(normal_reference(np.array([[0.0, 0, 200, 200], [0, 200, 0, 200]])), 1)
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
