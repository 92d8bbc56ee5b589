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
from geo.ground import measure_ground_distance, project_locally

if TYPE_CHECKING:
    from numpy.typing import NDArray

DEFAULT_DISTANCE_M = 50.0
"""Metres between neighbours: a short walk, about twice the distance between houses in a Javanese hamlet."""
RT_COLUMNS: Final = ("village_code", "rw", "rt")
"""Columns that name the RT of a household: its number is known only with its RW and village."""

_DIRECTIONS = 32  # in which the extent is measured: the widest is within 0.2 % of the greatest distance
_FEWEST_FOR_TRIANGLES = 3


def cluster_unvisited(
    households: pd.DataFrame,
    status: pd.Series,
    *,
    distance_m: float = DEFAULT_DISTANCE_M,
    at_least: int = 2,
) -> pd.DataFrame:
    """List clusters of neighbouring never-visited households, largest first, across RT and village borders.

    Parameters
    ----------
    households
        Indexed by household id, with ``lon``, ``lat`` (WGS84), ``village_code``, ``rw`` and ``rt``, which
        may be missing in part.
    status
        Status of each household by its id, as `geo.status.find_household_status` returns it.
    distance_m
        Metres up to which (≤) two households are neighbours.
    at_least
        Households from which (≥) a cluster is listed.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``cluster``, the number by :func:`label_never_visited`, as :func:`describe_clusters`.

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
    >>> clusters[["n_households", "rt", "rw", "n_rts", "extent_m"]].round()
             n_households  rt  rw  n_rts  extent_m
    cluster
    0                   2  03  02      1      33.0
    """
    cluster = label_never_visited(households, status, distance_m=distance_m, at_least=at_least)
    return describe_clusters(households, cluster)


def label_never_visited(
    households: pd.DataFrame,
    status: pd.Series,
    *,
    distance_m: float = DEFAULT_DISTANCE_M,
    at_least: int = 2,
) -> pd.Series:
    """Label the cluster of never-visited neighbours that each household belongs to.

    Parameters
    ----------
    households, status, distance_m, at_least
        As for :func:`cluster_unvisited`.

    Returns
    -------
    pandas.Series
        ``cluster`` on the index of ``households``: numbers from 0, the largest cluster first, as
        :func:`label_household_clusters` for the never-visited ones; -1 for all others, and where fewer than
        ``at_least`` lie together.

    Examples
    --------
    >>> households = pd.DataFrame({"lon": [111.0, 111.0003, 111.01], "lat": -7.4}, index=["h1", "h2", "h3"])
    >>> label_never_visited(households, pd.Series("never", index=households.index)).tolist()
    [0, 0, -1]
    """
    never = (status.reindex(households.index) == "never").to_numpy(dtype=bool)
    found = label_household_clusters(households[never], distance_m=distance_m).to_numpy()
    sizes = np.bincount(found[found >= 0])
    label = np.full(len(households), -1, dtype=np.int64)
    label[never] = np.where(np.append(sizes, 0)[found] >= at_least, found, -1)
    return pd.Series(label, index=households.index, name="cluster")


def describe_clusters(households: pd.DataFrame, cluster: pd.Series) -> pd.DataFrame:
    """Describe clusters of households: how many, where, and how wide.

    Parameters
    ----------
    households
        Indexed by household id, with ``lon``, ``lat`` (WGS84), ``village_code``, ``rw`` and ``rt``.
    cluster
        Cluster of each household, on the same index: numbers from 0, -1 for none.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``cluster``, in its order: ``n_households``; ``village_code``, ``rt`` and ``rw`` (the RT
        with most of its households, the lower of ties; missing if unknown); ``n_rts``, in how many RTs they
        are, those of unknown RT as one for each village; ``extent_m`` (the greatest distance between two of
        them, to 0.2 %); and the ``lon``, ``lat`` of its centre.

    Raises
    ------
    ColumnError
        If a column is missing.
    """
    require_columns(households, ("lon", "lat", *RT_COLUMNS), Phrase("households"))
    members = households[(cluster >= 0).to_numpy()]
    number, block = np.unique(cluster[cluster >= 0].to_numpy(), return_inverse=True)
    sizes = np.bincount(block)
    lon, lat = (members[name].to_numpy(dtype=np.float64) for name in ("lon", "lat"))
    middle = [np.bincount(block, part) / sizes for part in (lon, lat)]
    rts = list_cluster_rts(households, cluster)
    first = rts.drop_duplicates("cluster")
    return pd.DataFrame(
        {
            "n_households": sizes,
            **{name: first[name].array for name in ("village_code", "rt", "rw")},
            "n_rts": np.bincount(np.searchsorted(number, rts["cluster"]), minlength=len(number)),
            "extent_m": _extents(lon, lat, block, middle),
            "lon": middle[0],
            "lat": middle[1],
        },
        index=pd.Index(number, name="cluster"),
    )


def list_cluster_rts(households: pd.DataFrame, cluster: pd.Series) -> pd.DataFrame:
    """List the RTs that the households of each cluster belong to.

    Parameters
    ----------
    households, cluster
        As for :func:`describe_clusters`.

    Returns
    -------
    pandas.DataFrame
        A row for each RT of each cluster: ``cluster``, ``village_code``, ``rw``, ``rt`` (missing if unknown)
        and ``n_households``, by cluster and then the most households first, the lower RT of ties.

    Examples
    --------
    >>> households = pd.DataFrame({"village_code": "v1", "rw": "02", "rt": ["01", "03", "03"]})
    >>> list_cluster_rts(households, pd.Series([0, 0, 0]))[["cluster", "rt", "n_households"]]
       cluster  rt  n_households
    0        0  03             2
    1        0  01             1
    """
    require_columns(households, RT_COLUMNS, Phrase("households"))
    inside = (cluster >= 0).to_numpy()
    rts = households.loc[inside, list(RT_COLUMNS)].astype("str")
    rts = rts.assign(cluster=cluster[inside].to_numpy())
    counted = rts.groupby(["cluster", *RT_COLUMNS], dropna=False, observed=True).size()
    listed = counted.rename("n_households").reset_index()
    order = ["cluster", "n_households", *RT_COLUMNS]
    return listed.sort_values(order, ascending=[True, False, True, True, True], ignore_index=True)


def label_household_clusters(
    households: pd.DataFrame, *, distance_m: float = DEFAULT_DISTANCE_M
) -> pd.Series:
    """Label the cluster of neighbours that each household belongs to.

    Clusters are the connected components of the graph of all pairs at most ``distance_m`` apart, whatever RT
    or village they are in. The Delaunay triangulation contains the minimum spanning tree of its points, so
    that its edges suffice to find them: memory grows with the number of households, however dense they are.

    Parameters
    ----------
    households
        Indexed by household id, with ``lon``, ``lat`` (WGS84).
    distance_m
        Metres up to which (≤) two households are neighbours.

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
    ...     {"lon": [111.01, 111.0, 111.0003, None], "lat": -7.4}, index=list("abcd")
    ... )
    >>> label_household_clusters(households).tolist()
    [1, 0, 0, -1]
    """
    require_columns(households, ("lon", "lat"), Phrase("households"))
    if not distance_m >= 0:
        raise GeoError(
            "Distance between neighbours must be 0 m or more, not {distance_m} m.", distance_m=distance_m
        )
    lon, lat = (households[name].to_numpy(dtype=np.float64, na_value=np.nan) for name in ("lon", "lat"))
    located = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
    # Lower ids first, so that the order of rows does not matter.
    located = located[households.index.take(located).argsort()]
    edges = _short_edges(lon[located], lat[located], distance_m)
    label = np.full(len(households), -1, dtype=np.int64)
    label[located] = _number_by_size(edges, len(located))
    return pd.Series(label, index=households.index, name="cluster")


def _short_edges(lon: NDArray[np.float64], lat: NDArray[np.float64], distance_m: float) -> NDArray[np.intp]:
    """List pairs of households within the distance that connect the clusters."""
    order = np.lexsort((lat, lon))
    edge = order[_tree_edges(_project_conformally(lon[order], lat[order]))]
    one, other = edge.T
    return edge[measure_ground_distance(lon[one], lat[one], lon[other], lat[other]) <= distance_m]


def _project_conformally(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Project to Mercator's plane, on which near places keep their proportions, however wide the area."""
    places = np.column_stack([np.radians(lon), np.arcsinh(np.tan(np.radians(lat)))])
    return places - (places.min(axis=0) if len(places) else 0)


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
