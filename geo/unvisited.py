"""Clusters of neighbouring households that were never visited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import Delaunay, QhullError

from geo.checks import require_columns
from geo.errors import GeoError, Phrase
from geo.ground import project_locally

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

DEFAULT_DISTANCE_M = 50.0
"""Metres between neighbours: a short walk, about twice the distance between houses in a Javanese hamlet."""
NEIGHBOURHOOD_COLUMNS: Final = ("village_code", "rw", "rt")
"""Columns that the households of a cluster share: an officer visits an RT in a day or two, and its head knows
it. By distance alone a cluster would fill a built-up village."""

_DIRECTIONS = 32  # in which the extent is measured: the widest is within 0.2 % of the greatest distance
_FEWEST_FOR_TRIANGLES = 3


def cluster_unvisited(
    households: pd.DataFrame,
    status: pd.Series,
    *,
    distance_m: float = DEFAULT_DISTANCE_M,
    within: Sequence[str] = NEIGHBOURHOOD_COLUMNS,
    at_least: int = 2,
) -> pd.DataFrame:
    """List clusters of neighbouring never-visited households, largest first.

    Parameters
    ----------
    households
        Indexed by household id, with ``lon``, ``lat`` (WGS84), ``village_code``, ``rw`` and ``rt``, which
        may be missing in part.
    status
        Status of each household by its id, as `geo.status.find_household_status` returns it.
    distance_m
        Metres up to which (≤) two households are neighbours.
    within
        Columns of ``households`` that neighbours must share; ``("village_code",)`` for clusters across RTs.
    at_least
        Households from which (≥) a cluster is listed.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``cluster``, numbered by :func:`label_household_clusters` for the never-visited households:
        ``n_households``, ``village_code``, ``rt`` and ``rw`` (the most common pair of its households, the
        lower of ties; missing if unknown), ``extent_m`` (the greatest distance between two of them, to
        0.2 %), and the ``lon``, ``lat`` of its centre.

    Raises
    ------
    ColumnError
        If a column is missing.
    GeoError
        If ``distance_m`` is negative.

    Examples
    --------
    >>> households = pd.DataFrame(
    ...     {"lon": [111.0, 111.0003, 111.01], "lat": -7.4, "village_code": "v1", "rt": "03", "rw": "02"},
    ...     index=["h1", "h2", "h3"],
    ... )
    >>> status = pd.Series("never", index=households.index)
    >>> clusters = cluster_unvisited(households, status)
    >>> clusters[["n_households", "rt", "rw", "extent_m"]].round()
             n_households  rt  rw  extent_m
    cluster
    0                   2  03  02      33.0
    """
    never = households[(status.reindex(households.index) == "never").to_numpy(dtype=bool)]
    label = label_household_clusters(never, distance_m=distance_m, within=within)
    members, cluster = never[(label >= 0).to_numpy()], label[label >= 0].to_numpy()
    sizes = np.bincount(cluster)
    first = np.unique(cluster, return_index=True)[1]
    lon, lat = (members[name].to_numpy(dtype=np.float64) for name in ("lon", "lat"))
    rt_rw = _most_common(members, cluster)
    middle = [np.bincount(cluster, part) / sizes for part in (lon, lat)]
    listed = pd.DataFrame(
        {
            "n_households": sizes,
            "village_code": members["village_code"].array.take(first),
            "rt": rt_rw["rt"].array,
            "rw": rt_rw["rw"].array,
            "extent_m": _extents(lon, lat, cluster, middle),
            "lon": middle[0],
            "lat": middle[1],
        },
        index=pd.RangeIndex(len(sizes), name="cluster"),
    )
    return listed[listed["n_households"] >= at_least]


def label_household_clusters(
    households: pd.DataFrame,
    *,
    distance_m: float = DEFAULT_DISTANCE_M,
    within: Sequence[str] = NEIGHBOURHOOD_COLUMNS,
) -> pd.Series:
    """Label the cluster of neighbours that each household belongs to.

    Clusters are the connected components of the graph of all pairs (that share ``within``) at most
    ``distance_m`` apart. The Delaunay triangulation contains the minimum spanning tree of its points, so that
    its edges suffice to find them: memory grows with the number of households, however dense they are.

    Parameters
    ----------
    households
        Indexed by household id, with ``lon``, ``lat`` (WGS84) and the columns ``within``.
    distance_m
        Metres up to which (≤) two households are neighbours.
    within
        Columns that neighbours must share; missing values count as equal.

    Returns
    -------
    pandas.Series
        ``cluster`` on the index of ``households``: numbers from 0, the largest cluster first (of equal ones
        that with the lowest household id), or -1 without a point.

    Raises
    ------
    ColumnError
        If a column is missing.
    GeoError
        If ``distance_m`` is negative.

    Examples
    --------
    >>> households = pd.DataFrame(
    ...     {"lon": [111.01, 111.0, 111.0003, None], "lat": -7.4, "village_code": "v1"}, index=list("abcd")
    ... )
    >>> label_household_clusters(households, within=["village_code"]).tolist()
    [1, 0, 0, -1]
    """
    require_columns(households, ("lon", "lat", *within), Phrase("households"))
    if not distance_m >= 0:
        raise GeoError("Neighbours cannot be {distance_m} m apart: give 0 or more.", distance_m=distance_m)
    lon, lat = (households[name].to_numpy(dtype=np.float64, na_value=np.nan) for name in ("lon", "lat"))
    located = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
    # Lower ids first, so that the order of rows does not matter.
    located = located[households.index.take(located).argsort()]
    shared = [pd.factorize(households[name].take(located), use_na_sentinel=False)[0] for name in within]
    place = np.zeros(len(located), dtype=np.intp)
    for part in shared:
        place = np.unique(place * (part.max(initial=0) + 1) + part, return_inverse=True)[1]
    edges = _short_edges(lon[located], lat[located], place, distance_m)
    label = np.full(len(households), -1, dtype=np.int64)
    label[located] = _number_by_size(edges, len(located))
    return pd.Series(label, index=households.index, name="cluster")


def _short_edges(
    lon: NDArray[np.float64], lat: NDArray[np.float64], place: NDArray[np.intp], distance_m: float
) -> NDArray[np.intp]:
    """List pairs of households within the distance that connect the clusters of each place."""
    order = np.lexsort((lat, lon, place))
    starts = np.flatnonzero(np.diff(place[order], prepend=-1))
    edges = [np.empty((0, 2), dtype=np.intp)]
    for rows in np.split(order, starts[1:]) if len(order) else ():  # by place, not by household
        x, y = project_locally(lon[rows], lat[rows], west=lon[rows].min(), south=lat[rows].min())
        places = np.column_stack([x, y])
        edge = _tree_edges(places)
        apart = np.hypot(*(places[edge[:, 0]] - places[edge[:, 1]]).T)
        edges.append(rows[edge[apart <= distance_m]])
    return np.concatenate(edges)


def _tree_edges(places: NDArray[np.float64]) -> NDArray[np.intp]:
    """List edges that contain a minimum spanning tree of places, which are sorted by x and y."""
    chain = np.column_stack([np.arange(len(places) - 1), np.arange(1, len(places))])
    new = np.ones(len(places), dtype=bool)
    new[1:] = (places[1:] != places[:-1]).any(axis=1)
    sites = np.flatnonzero(new)
    if len(sites) < _FEWEST_FOR_TRIANGLES:
        return chain
    try:
        triangles = Delaunay(places[sites])
    except QhullError:  # all on one line, where consecutive places are neighbours
        return chain
    corners = triangles.simplices
    edges = sites[np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [2, 0]]])]
    left_out = sites[triangles.coplanar[:, [0, 2]]]  # too near another to be a corner: joined to it
    return np.concatenate([edges, left_out, chain[~new[1:]]])


def _number_by_size(edges: NDArray[np.intp], n: int) -> NDArray[np.int64]:
    links = coo_array((np.ones(len(edges), dtype=np.int8), edges.T), shape=(n, n))
    part = connected_components(links, directed=False)[1] if n else np.empty(0, dtype=np.intp)
    first, of_node, size = np.unique(part, return_index=True, return_inverse=True, return_counts=True)[1:]
    number = np.empty(len(size), dtype=np.int64)
    number[np.lexsort((first, -size))] = np.arange(len(size))
    return number[of_node]


def _most_common(members: pd.DataFrame, cluster: NDArray[np.int64]) -> pd.DataFrame:
    """Return the most common pair of RT and RW in each cluster."""
    pairs = pd.DataFrame({"cluster": cluster})
    for name in ("rt", "rw"):
        pairs[name] = members[name].array if name in members.columns else None
    counted = pairs.groupby(["cluster", "rt", "rw"], dropna=False).size().rename("n").reset_index()
    best = counted.sort_values(["cluster", "n", "rt", "rw"], ascending=[True, False, True, True])
    return best.drop_duplicates("cluster")


def _extents(
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    cluster: NDArray[np.int64],
    middle: list[NDArray[np.float64]],
) -> NDArray[np.float64]:
    """Measure the greatest width of each cluster over all directions."""
    x, y = project_locally(lon, lat, west=middle[0][cluster], south=middle[1][cluster])
    order = np.argsort(cluster, kind="stable")
    start = np.flatnonzero(np.diff(cluster[order], prepend=-1))
    extent = np.zeros(len(start))
    for angle in np.arange(_DIRECTIONS) * (np.pi / _DIRECTIONS) if len(start) else ():
        along = (x * np.cos(angle) + y * np.sin(angle))[order]
        width = np.maximum.reduceat(along, start) - np.minimum.reduceat(along, start)
        extent = np.maximum(extent, width)
    return extent
