"""Quality checks of a layer of areas: invalid polygons, overlaps, gaps, repeated names, missing codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import require_metric
from geo.errors import ColumnError

if TYPE_CHECKING:
    from numpy.typing import NDArray

SLIVER_WIDTH_M = 20.0
"""Mean width below which a piece is a sliver: one border drawn twice."""
MIN_PIECE_M2 = 1.0
"""Smaller pieces come from rounded coordinates."""

_POLYGONS = (3, 6)  # shapely's type numbers: polygon, multipolygon
_NUMBER_DIGITS = 3  # last digits of a code, which number the villages of a district
_NO_VILLAGE = ("888", "999")  # forest and water in BPS's scheme


def repair_areas(shapes: NDArray[np.object_]) -> tuple[NDArray[np.object_], NDArray[np.bool_]]:
    """Make polygons valid: self-crossing rings become the areas that they enclose.

    Parameters
    ----------
    shapes
        n polygons or multipolygons; None stays None.

    Returns
    -------
    tuple
        n shapes (None for what encloses no area), and n booleans: which were invalid.

    Examples
    --------
    >>> bowtie = shapely.from_wkt("POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))")
    >>> mended, invalid = repair_areas(np.array([bowtie], dtype=object))
    >>> float(mended[0].area), invalid.tolist()
    (2.0, [True])
    """
    mended = shapes.copy()
    invalid = ~shapely.is_valid(mended) & ~shapely.is_missing(mended)
    mended[invalid] = shapely.make_valid(mended[invalid], method="structure", keep_collapsed=False)
    flat = ~np.isin(shapely.get_type_id(mended), _POLYGONS) | shapely.is_empty(mended)
    mended[invalid & flat] = None
    return mended, invalid


def find_overlaps(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Find the pairs of areas that share ground.

    Parameters
    ----------
    areas
        Valid polygons in a metric CRS, indexed by area code.

    Returns
    -------
    geopandas.GeoDataFrame
        One row per pair, largest first: ``left`` and ``right`` (codes, the lower one left), ``area_m2``,
        ``width_m`` (mean width: twice the area over the perimeter), ``is_sliver`` and the shared ground, in
        the CRS of ``areas``. Pieces below ``MIN_PIECE_M2`` are left out.

    Raises
    ------
    CRSError
        If the areas are not in metres.

    Examples
    --------
    >>> areas = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 60, 100), shapely.box(50, 0, 90, 100)],
    ...                          index=["a", "b"], crs="EPSG:32749")
    >>> find_overlaps(areas)[["left", "right", "area_m2"]].to_numpy().tolist()
    [['a', 'b', 1000.0]]
    """
    require_metric(areas)
    ordered = areas.sort_index()
    shapes = ordered.geometry.to_numpy()
    tree = shapely.STRtree(shapes)
    one, other = tree.query(shapes, predicate="intersects")
    one, other = one[one < other], other[one < other]
    touching = shapely.touches(shapes[one], shapes[other])
    one, other = one[~touching], other[~touching]
    shared = _polygons_only(shapely.intersection(shapes[one], shapes[other]))
    pairs = {"left": ordered.index[one], "right": ordered.index[other]}
    return _measure(gpd.GeoDataFrame(pairs, geometry=shared, crs=areas.crs))


def find_gaps(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Find gaps: ground that areas enclose and that belongs to none of them.

    Parameters
    ----------
    areas
        Valid polygons in a metric CRS.

    Returns
    -------
    geopandas.GeoDataFrame
        One row per gap, largest first: ``area_m2``, ``width_m``, ``is_sliver`` and its shape, in the CRS of
        ``areas``. Ground that an opening connects to the outside is not a gap.

    Raises
    ------
    CRSError
        If the areas are not in metres.

    Examples
    --------
    >>> ring = shapely.box(0, 0, 300, 300).difference(shapely.box(100, 100, 200, 200))
    >>> find_gaps(gpd.GeoDataFrame(geometry=[ring], crs="EPSG:32749"))["area_m2"].tolist()
    [10000.0]
    """
    require_metric(areas)
    whole = shapely.get_parts(shapely.union_all(areas.geometry.to_numpy()))
    rings = shapely.get_rings(whole)
    outer = shapely.get_exterior_ring(whole)
    inner = (
        [ring for ring in rings if not shapely.equals(ring, outer).any()] if len(rings) > len(outer) else []
    )
    holes = shapely.polygons(inner) if inner else np.array([], dtype=object)
    return _measure(gpd.GeoDataFrame(geometry=holes, crs=areas.crs))


def _polygons_only(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Drop lines and points, where areas only touch."""
    mixed = ~np.isin(shapely.get_type_id(shapes), _POLYGONS)
    shapes = shapes.copy()
    shapes[mixed] = shapely.buffer(shapes[mixed], 0)
    return shapes


def _measure(pieces: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    area = pieces.area.to_numpy()
    width = 2 * area / np.maximum(pieces.length.to_numpy(), np.finfo(float).tiny)
    measured = pieces.assign(area_m2=area, width_m=width, is_sliver=width < SLIVER_WIDTH_M)
    kept = measured[measured["area_m2"] >= MIN_PIECE_M2]
    return kept.sort_values("area_m2", ascending=False, kind="stable", ignore_index=True)


def find_repeated_names(areas: pd.DataFrame, names: pd.Series) -> pd.DataFrame:
    """Find names shared by several areas of one district.

    Parameters
    ----------
    areas
        Indexed by area code, with ``district_code``.
    names
        Their names, normalised for comparison, on the same index.

    Returns
    -------
    pandas.DataFrame
        The areas concerned: ``district_code`` and ``name``, sorted by both; empty if there are none.

    Raises
    ------
    ColumnError
        If ``district_code`` is missing.

    Examples
    --------
    >>> areas = pd.DataFrame({"district_code": ["1", "1", "2"]}, index=["a", "b", "c"])
    >>> find_repeated_names(areas, pd.Series(["sawo", "sawo", "sawo"], index=areas.index)).index.tolist()
    ['a', 'b']
    """
    if "district_code" not in areas.columns:
        raise ColumnError("The areas have no column district_code: names are compared within a district.")
    named = pd.DataFrame({"district_code": areas["district_code"], "name": names}).dropna(subset=["name"])
    return named[named.duplicated(keep=False)].sort_values(["district_code", "name"], kind="stable")


def find_missing_numbers(codes: pd.Index, *, district_digits: int = 6) -> pd.DataFrame:
    """Find codes missing from the numbering of each district.

    The codes of a district are first assigned without gaps: kelurahan (1001 …) and desa (2001 …) separately
    in Kemendagri's scheme, all together (001 …) in that of BPS. A missing number is a village that the layer
    lacks, or one that was merged or moved away later: a question, not an error.

    Parameters
    ----------
    codes
        Codes of 10 digits; others are ignored, as are those that end in 888 or 999, which BPS uses for ground
        that is no village.
    district_digits
        Number of digits of the district code: 6 in Kemendagri's scheme, 7 in that of BPS.

    Returns
    -------
    pandas.DataFrame
        Indexed by district code: ``n_areas``, ``n_expected`` and ``missing`` (the missing codes, separated by
        spaces; "" if none).

    Examples
    --------
    >>> counted = find_missing_numbers(pd.Index(["3521072001", "3521072003", "3521071001"]))
    >>> counted["n_expected"].tolist(), counted["missing"].tolist()
    ([4], ['3521072002'])
    """
    known = pd.Series(codes[codes.str.fullmatch(r"\d{10}")].astype("str"), dtype="str")
    known = known[~known.str.endswith(_NO_VILLAGE)]
    heads = known.str.slice(0, -_NUMBER_DIGITS)
    last = known.str.slice(-_NUMBER_DIGITS).astype("int64").groupby(heads).max()
    wanted = pd.Series(
        [f"{head}{n:0{_NUMBER_DIGITS}d}" for head, end in last.items() for n in range(1, int(end) + 1)],
        dtype="str",
    )
    districts = wanted.str.slice(0, district_digits)
    absent = ~wanted.isin(known)
    n_areas = known.str.slice(0, district_digits).value_counts().sort_index()
    counted = pd.DataFrame({"n_areas": n_areas, "n_expected": districts.value_counts()}).fillna(0)
    missing = wanted[absent].groupby(districts[absent]).agg(" ".join).reindex(counted.index).fillna("")
    return counted.astype("int64").assign(missing=missing).rename_axis("district_code")
