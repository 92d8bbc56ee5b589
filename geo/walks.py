"""Groups of households for a day's work: clusters, cut into compact parts and named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geo.checks import require_columns
from geo.errors import GeoError, Phrase
from geo.ground import project_locally
from geo.unvisited import describe_clusters, list_cluster_rts

if TYPE_CHECKING:
    from numpy.typing import NDArray

NO_CLUSTER: Final = -1
"""Cluster and part of a household that is in none."""

_LETTERS = 26


def cut_clusters(households: pd.DataFrame, cluster: pd.Series, *, most: int) -> pd.Series:
    """Cut clusters of households into compact parts of about equal size.

    A cluster of n households is cut into the fewest parts that hold at most ``most``, by recursive inertial
    bisection (Simon 1991, *Computing Systems in Engineering* 2, 135-148): across the longest axis of its
    points, with as many households on either side as the parts there need.

    Parameters
    ----------
    households
        Indexed by household id, with ``lon`` and ``lat`` (WGS84).
    cluster
        Cluster of each household, by its id, as `geo.unvisited.label_household_clusters` returns it.
    most
        Households that a part holds at most, 1 or more.

    Returns
    -------
    pandas.Series
        ``part`` on the index of ``cluster``: numbers from 0 within each cluster, from the west; -1 where
        there is no cluster.

    Raises
    ------
    ColumnError
        If a column is missing.
    GeoError
        If ``most`` is below 1.

    Examples
    --------
    >>> households = pd.DataFrame({"lon": 111 + np.arange(5) * 3e-4, "lat": -7.4}, index=list("abcde"))
    >>> cut_clusters(households, pd.Series(0, index=households.index), most=2).tolist()
    [0, 0, 1, 1, 2]
    """
    require_columns(households, ("lon", "lat"), Phrase("households"))
    if most < 1:
        raise GeoError("A part must hold 1 household or more, not {most}.", most=most)
    labels = cluster.to_numpy()
    inside = np.flatnonzero(labels != NO_CLUSTER)
    inside = inside[cluster.index.take(inside).argsort()]  # lower ids first, so that order does not matter
    points = households.reindex(cluster.index[inside])
    lon, lat = (points[name].to_numpy(dtype=np.float64) for name in ("lon", "lat"))
    part = np.full(len(labels), NO_CLUSTER, dtype=np.int64)
    part[inside] = _bisect(lon, lat, labels[inside], most)
    return pd.Series(part, index=cluster.index, name="part")


def name_parts(households: pd.DataFrame, cluster: pd.Series, *, most: int | None = None) -> pd.Series:
    """Name the cluster of each household by its number from 1, and its part by letters after it.

    Parameters
    ----------
    households, cluster, most
        As for `cut_clusters`; without ``most`` clusters stay whole.

    Returns
    -------
    pandas.Series
        ``group`` on the index of ``cluster``: ``1a``, ``1b``, …, ``1z``, ``1aa``; ``1`` where a cluster has
        one part; missing without a cluster.

    Examples
    --------
    >>> households = pd.DataFrame({"lon": 111 + np.arange(4) * 3e-4, "lat": -7.4})
    >>> name_parts(households, pd.Series([0, 0, 1, -1]), most=1).tolist()
    ['1a', '1b', '2', nan]
    """
    named = pd.Series((cluster + 1).astype("str"), index=cluster.index, name="group")
    if most is not None and len(cluster):
        part = cut_clusters(households, cluster, most=most)
        is_cut = part.groupby(cluster).transform("max") > 0
        letters = {number: _write_letters(number) for number in range(int(part.max()) + 1)}
        named = named.where(~is_cut, named + part.map(letters).astype("str"))
    return named.where(cluster != NO_CLUSTER).astype("str")


def list_parts(
    households: pd.DataFrame, cluster: pd.Series, *, most: int | None = None, limit: int
) -> pd.DataFrame:
    """List clusters of households, or the parts they are cut into, with the RTs of each.

    Parameters
    ----------
    households
        Indexed by household id, with ``lon``, ``lat`` (WGS84), ``village_code``, ``rw`` and ``rt``.
    cluster, most
        As for `name_parts`.
    limit
        Groups to list at most, 0 or more: those of the first clusters.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``group``, the name by `name_parts`, by cluster and part: the columns of
        `geo.unvisited.describe_clusters`, and ``rts``, for each group a list of the RTs, villages and
        numbers of households as `geo.unvisited.list_cluster_rts` finds them.

    Examples
    --------
    >>> households = pd.DataFrame(
    ...     {"lon": [111.0, 111.0003], "lat": -7.4, "village_code": "v1", "rw": "02", "rt": ["01", "03"]}
    ... )
    >>> list_parts(households, pd.Series([0, 0]), limit=5)["rts"].item()[1]
    {'village_code': 'v1', 'rw': '02', 'rt': '03', 'n_households': 1}
    """
    inside = (cluster >= 0) & (cluster < limit)  # a cluster is a group or more
    members, cluster = households[inside.to_numpy()], cluster[inside]
    part = pd.Series(0, index=cluster.index) if most is None else cut_clusters(members, cluster, most=most)
    order = part + cluster * (int(part.max()) + 1 if len(part) else 1)
    number = pd.Series(np.unique(order, return_inverse=True)[1], index=order.index)
    names = name_parts(members, cluster, most=most).groupby(number).first()
    kept = (number < limit).to_numpy()
    listed = describe_clusters(members[kept], number[kept])
    rts = list_cluster_rts(members[kept], number[kept])
    facts = rts.drop(columns="cluster").astype("object").where(rts.drop(columns="cluster").notna(), None)
    records = pd.Series(facts.to_dict("records"), index=rts["cluster"], dtype="object")
    listed = listed.assign(rts=records.groupby(level=0).agg(list).reindex(listed.index))
    return listed.set_index(pd.Index(names.reindex(listed.index), name="group"))


def _write_letters(number: int) -> str:
    """Write a number as a spreadsheet names its columns: a, b, …, z, aa."""
    before, last = divmod(number, _LETTERS)
    return (_write_letters(before - 1) if before else "") + chr(ord("a") + last)


def _bisect(
    lon: NDArray[np.float64], lat: NDArray[np.float64], cluster: NDArray[np.int64], most: int
) -> NDArray[np.int64]:
    """Cut all clusters at once, level by level; parts are numbered from 0 in each cluster."""
    block = np.unique(cluster, return_inverse=True)[1] if len(cluster) else cluster
    n_parts = -(-np.bincount(block) // most)  # of each block, rounded up
    first = np.zeros(len(n_parts), dtype=np.int64)  # number of the first part of each block
    while (n_parts > 1).any():
        left = n_parts // 2
        n_left = -(-np.bincount(block) * left // n_parts)
        is_right = _rank_along_axis(lon, lat, block) >= n_left[block]
        pairs = np.column_stack([n_left > 0, n_parts > left])
        new = np.cumsum(pairs.ravel()).reshape(pairs.shape) - 1
        first = np.column_stack([first, first + left])[pairs]
        n_parts = np.column_stack([left, n_parts - left])[pairs]
        block = new[block, is_right.astype(np.intp)]
    return first[block]


def _rank_along_axis(
    lon: NDArray[np.float64], lat: NDArray[np.float64], block: NDArray[np.intp]
) -> NDArray[np.intp]:
    """Rank the points of each block along its longest axis, from the west; equal places keep their order."""
    size = np.bincount(block)
    middle = [np.bincount(block, values) / size for values in (lon, lat)]
    x, y = project_locally(lon, lat, west=middle[0][block], south=middle[1][block])
    spread = np.bincount(block, x * x) - np.bincount(block, y * y)
    angle = np.arctan2(2 * np.bincount(block, x * y), spread) / 2  # from -90° to 90°: eastward
    along = x * np.cos(angle[block]) + y * np.sin(angle[block])
    order = np.lexsort((along, block))
    rank = np.empty(len(block), dtype=np.intp)
    rank[order] = np.arange(len(block)) - np.repeat(np.cumsum(size) - size, size)
    return rank
