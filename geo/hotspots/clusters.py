"""Clusters of crimes as ranked polygons, by DBSCAN or HDBSCAN."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree
from sklearn.cluster import DBSCAN, HDBSCAN

from geo.crs import require_metric
from geo.errors import GeoError, Phrase
from geo.grid import M2_PER_KM2
from geo.join import take_coordinates
from geo.significance import require_enough

if TYPE_CHECKING:
    from numpy.typing import NDArray

Algorithm = Literal["dbscan", "hdbscan"]

DEFAULT_RADIUS_M = 200.0  # a walk of two or three minutes
DEFAULT_MIN_CRIMES = 10  # crimes
NOISE = -1  # label of a crime outside all clusters

_HULL_RATIO = 0.3  # of shapely's concave hull: 0 hugs the points, 1 is convex
_LEAST_MARGIN_M = 25.0  # around a cluster's points, so that a cluster at one place has an area


def label_crime_clusters(
    crimes: gpd.GeoDataFrame,
    *,
    algorithm: Algorithm = "dbscan",
    radius_m: float = DEFAULT_RADIUS_M,
    min_crimes: int = DEFAULT_MIN_CRIMES,
) -> pd.Series:
    """Label each crime with the rank of its cluster.

    DBSCAN (Ester et al. 1996): a crime with at least ``min_crimes`` crimes within ``radius_m``, itself
    included, is a core point; core points within ``radius_m`` of each other form a cluster with all crimes
    within that distance. HDBSCAN (Campello et al. 2013) needs no radius, as it allows for clusters of varying
    density.

    Parameters
    ----------
    crimes
        Points in a metric CRS; those without coordinates belong to no cluster.
    algorithm
        ``"dbscan"`` or ``"hdbscan"``.
    radius_m
        Neighbourhood radius in metres; not used by HDBSCAN.
    min_crimes
        Minimum number of crimes for a core point (DBSCAN) or a cluster (HDBSCAN).

    Returns
    -------
    pandas.Series
        ``rank`` on the index of ``crimes``: 1 for the cluster with the most crimes (the westernmost if
        tied), -1 for crimes outside all clusters.

    Raises
    ------
    CRSError
        If the crimes have no CRS or their CRS is not in metres.
    GeometryError
        If the layer holds anything but points.
    GeoError
        If the algorithm is unknown, the radius is not above 0, or ``min_crimes`` is below 2.
    TooFewError
        If fewer than ``min_crimes`` crimes have coordinates.

    Examples
    --------
    >>> from shapely import Point
    >>> places = [Point(x, 0) for x in (0, 50, 100, 150, 5000)]
    >>> crimes = gpd.GeoDataFrame(geometry=places, crs="EPSG:32749")
    >>> label_crime_clusters(crimes, radius_m=100, min_crimes=3).tolist()
    [1, 1, 1, 1, -1]
    """
    require_metric(crimes)
    if algorithm not in get_args(Algorithm):
        raise GeoError(
            "Cluster algorithm must be 'dbscan' or 'hdbscan', not {algorithm!r}.", algorithm=algorithm
        )
    if not radius_m > 0 or min_crimes <= 1:
        raise GeoError(
            "A radius of {radius_m} m and {least} crimes cannot form a cluster: use larger values.",
            radius_m=radius_m,
            least=min_crimes,
        )
    xy = np.column_stack(take_coordinates(crimes))
    placed = np.flatnonzero(np.isfinite(xy).all(axis=1))
    require_enough(len(placed), min_crimes, Phrase("crimes with a location"))
    by_place = placed[np.lexsort(xy[placed].T)]  # so that the result does not depend on the order of rows
    here = xy[by_place]
    labels = np.full(len(xy), NOISE, dtype=np.intp)
    labels[by_place] = (
        _dbscan(here, radius_m, min_crimes) if algorithm == "dbscan" else _hdbscan(here, min_crimes)
    )
    return pd.Series(_rank(xy, labels), index=crimes.index, name="rank")


def find_clusters(
    crimes: gpd.GeoDataFrame,
    *,
    algorithm: Algorithm = "dbscan",
    radius_m: float = DEFAULT_RADIUS_M,
    min_crimes: int = DEFAULT_MIN_CRIMES,
) -> gpd.GeoDataFrame:
    """Find clusters of crimes and outline them, the largest first.

    The outline is the concave hull of a cluster's crimes (:func:`label_crime_clusters`), buffered by half the
    radius (HDBSCAN: by the median distance between nearest neighbours, at least 25 m).

    Parameters
    ----------
    crimes, algorithm, radius_m, min_crimes
        As for :func:`label_crime_clusters`.

    Returns
    -------
    geopandas.GeoDataFrame
        Clusters in the CRS of ``crimes``, indexed by ``rank`` from 1: ``n_crimes``, ``area_km2`` of the
        outline, ``crimes_per_km2`` (of the cluster's own crimes) and ``geometry``. Empty if there are no
        clusters. ``.attrs["n_outside"]`` is the number of crimes outside all clusters, including those
        without coordinates.

    Raises
    ------
    GeoError
        As for :func:`label_crime_clusters`.

    Examples
    --------
    >>> from shapely import Point
    >>> places = [Point(x, 0) for x in (0, 50, 100, 150, 5000)]
    >>> crimes = gpd.GeoDataFrame(geometry=places, crs="EPSG:32749")
    >>> found = find_clusters(crimes, radius_m=100, min_crimes=3)
    >>> found["n_crimes"].to_dict(), found.attrs["n_outside"]
    ({1: 4}, 1)
    """
    labels = label_crime_clusters(
        crimes, algorithm=algorithm, radius_m=radius_m, min_crimes=min_crimes
    ).to_numpy()
    xy = np.column_stack(take_coordinates(crimes))
    ranks, n_crimes = np.unique(labels[labels != NOISE], return_counts=True)
    margin_m = radius_m / 2 if algorithm == "dbscan" else None
    outlines = np.array([_outline(xy[labels == rank], margin_m) for rank in ranks], dtype=object)
    area_km2 = shapely.area(outlines) / M2_PER_KM2
    clusters = gpd.GeoDataFrame(
        {"n_crimes": n_crimes, "area_km2": area_km2, "crimes_per_km2": n_crimes / area_km2},
        geometry=gpd.GeoSeries(outlines, crs=crimes.crs),
        crs=crimes.crs,
    ).set_index(pd.Index(ranks, name="rank"))
    clusters.attrs["n_outside"] = int((labels == NOISE).sum())
    return clusters


def _dbscan(xy: NDArray[np.float64], radius_m: float, min_crimes: int) -> NDArray[np.intp]:
    """Label crimes with DBSCAN; crimes at the same place are one weighted point."""
    places, place, n_there = np.unique(xy, axis=0, return_inverse=True, return_counts=True)
    found = DBSCAN(eps=radius_m, min_samples=min_crimes).fit(places, sample_weight=n_there)
    return np.asarray(found.labels_[place.ravel()], dtype=np.intp)


def _hdbscan(xy: NDArray[np.float64], min_crimes: int) -> NDArray[np.intp]:
    """Label crimes with HDBSCAN; a single cluster may hold them all."""
    model = HDBSCAN(min_cluster_size=min_crimes, allow_single_cluster=True, copy=True)
    return np.asarray(model.fit(xy).labels_, dtype=np.intp)


def _rank(xy: NDArray[np.float64], labels: NDArray[np.intp]) -> NDArray[np.intp]:
    """Rank clusters from 1 by number of crimes, most first, then from west to east."""
    found, n_crimes = np.unique(labels[labels >= 0], return_counts=True)
    west = np.array([xy[labels == label, 0].min() for label in found])
    rank_of = np.full(len(found) + 1, NOISE, dtype=np.intp)  # the last element stands for NOISE
    rank_of[found[np.lexsort([west, -n_crimes])]] = np.arange(1, len(found) + 1)
    return rank_of[np.maximum(labels, NOISE)]


def _outline(places: NDArray[np.float64], margin_m: float | None) -> shapely.Geometry:
    places = np.unique(places, axis=0)
    if margin_m is None:
        margin_m = _LEAST_MARGIN_M
        if len(places) > 1:
            nearest = cKDTree(places).query(places, k=2)[0][:, 1]
            margin_m = max(float(np.median(nearest)), _LEAST_MARGIN_M)
    return shapely.buffer(shapely.concave_hull(shapely.multipoints(places), ratio=_HULL_RATIO), margin_m)
