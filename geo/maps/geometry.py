"""Compact geometries for maps: simplified areas, rounded steps between vertices, borders, label positions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import to_metric, to_wgs84
from geo.errors import ColumnError, GeometryError

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_VERTICES = 20_000  # about 150 kB in a map's payload
MIN_VERTICES = 12
"""Vertices that each area may keep, however many areas there are: with fewer, a village loses its shape."""
_FIRST_TOLERANCE_M = 5.0
_COARSEST_TOLERANCE_M = 1000.0
_PER_DEGREE = 100_000  # 5 decimals of a degree: about a metre
_SLIVER_M2 = 100_000.0  # rings under 10 ha between districts are mismatched borders of their villages
_POLYGON, _MULTIPOLYGON = 3, 6

Rings = list[list[list[int]]]
"""Parts of one area, each a list of rings, each a flat list of x and y steps in 1/100,000 degree."""


def simplify_areas(areas: gpd.GeoDataFrame, *, max_vertices: int = MAX_VERTICES) -> gpd.GeoDataFrame:
    """Simplify areas until few enough vertices are left, keeping shared borders shared.

    The areas are simplified as one coverage (Visvalingam-Whyatt on shared edges), with tolerances of 5 m,
    10 m, 20 m and so on until few enough are left. Cache the result, as a simplified layer is fast to draw.
    Where areas overlap, the overlap stays and each border is simplified separately.

    Parameters
    ----------
    areas
        Polygons in any CRS.
    max_vertices
        Number of vertices to stop at, or `LEAST_VERTICES` per area if that is more. A layer with no more is
        not simplified.

    Returns
    -------
    geopandas.GeoDataFrame
        Copy of ``areas`` in EPSG:4326; same index, order and columns.

    Raises
    ------
    CRSError
        If the layer has no CRS.
    GeometryError
        If a geometry is missing or not a polygon.

    Examples
    --------
    >>> from shapely import Point
    >>> round_area = gpd.GeoDataFrame(geometry=[Point(500000, 0).buffer(1000, 64)], crs="EPSG:32649")
    >>> int(shapely.get_num_coordinates(simplify_areas(round_area, max_vertices=50).geometry).sum()) <= 50
    True
    """
    kinds = shapely.get_type_id(areas.geometry.values)
    if not np.isin(kinds, (_POLYGON, _MULTIPOLYGON)).all():
        raise GeometryError("All areas on a map must be polygons: leave out rows without one.")
    max_vertices = max(max_vertices, MIN_VERTICES * len(areas))
    if len(areas) == 0 or shapely.get_num_coordinates(areas.geometry.values).sum() <= max_vertices:
        return to_wgs84(areas)
    metric = to_metric(areas)
    shapes = _only_polygons(shapely.make_valid(metric.geometry.values))
    tolerance, simple = _FIRST_TOLERANCE_M, shapes
    while tolerance <= _COARSEST_TOLERANCE_M and shapely.get_num_coordinates(simple).sum() > max_vertices:
        simple = shapely.coverage_simplify(shapes, tolerance)
        tolerance *= 2
    return to_wgs84(metric.set_geometry(gpd.GeoSeries(simple, index=metric.index, crs=metric.crs)))


def _only_polygons(shapes: np.ndarray) -> np.ndarray:
    """Remove stray lines and points that a repaired polygon may contain."""
    mixed = ~np.isin(shapely.get_type_id(shapes), (_POLYGON, _MULTIPOLYGON))
    if mixed.any():
        shapes = shapes.copy()
        shapes[mixed] = shapely.buffer(shapes[mixed], 0)
    return shapes


def encode_areas(areas: gpd.GeoDataFrame) -> list[Rings]:
    """Encode polygons as integer steps, a quarter of the size of GeoJSON.

    Parameters
    ----------
    areas
        Polygons in EPSG:4326.

    Returns
    -------
    list
        Parts, rings and steps of each area; the first step of a ring starts at longitude 0, latitude 0.

    Examples
    --------
    >>> from shapely import box
    >>> encode_areas(gpd.GeoDataFrame(geometry=[box(111, -7, 112, -6)], crs="EPSG:4326"))
    [[[[11200000, -700000, 0, 100000, -100000, 0, 0, -100000, 100000, 0]]]]
    """
    parts, owner = shapely.get_parts(areas.geometry.values, return_index=True)
    rings, part_of = shapely.get_rings(parts, return_index=True)
    steps = encode_lines(rings)
    by_part = _group(steps, part_of, len(parts))
    return _group(by_part, owner, len(areas))


def encode_lines(lines: np.ndarray) -> list[list[int]]:
    """Encode lines as integer steps.

    Parameters
    ----------
    lines
        LineStrings or LinearRings in EPSG:4326.

    Returns
    -------
    list of list of int
        For each line, x and y of its first point, then the step to each next point, in 1/100,000 degree.

    Examples
    --------
    >>> encode_lines(np.array([shapely.LineString([(111.0, -7.0), (111.00002, -7.00001)])]))
    [[11100000, -700000, 2, -1]]
    """
    coordinates, line_of = shapely.get_coordinates(lines, return_index=True)
    whole = np.rint(coordinates * _PER_DEGREE).astype(np.int64)
    steps = np.diff(whole, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    firsts = np.flatnonzero(np.diff(line_of, prepend=-1))
    steps[firsts] = whole[firsts]
    return [part.ravel().tolist() for part in np.split(steps, firsts[1:])] if len(firsts) else []


def _group(items: Sequence, owner: np.ndarray, n: int) -> list[list]:
    """Group items, sorted by owner, into one list for each of n owners."""
    starts = np.searchsorted(owner, np.arange(n), side="left")
    ends = np.searchsorted(owner, np.arange(n), side="right")
    return [list(items[start:end]) for start, end in zip(starts, ends, strict=True)]


def draw_district_borders(areas: gpd.GeoDataFrame) -> np.ndarray:
    """Return the borders between and around districts, each line once.

    Parameters
    ----------
    areas
        Polygons in any CRS with ``district_code``.

    Returns
    -------
    numpy.ndarray
        LineStrings in EPSG:4326; slivers under 10 ha, where villages don't quite meet, are left out.

    Raises
    ------
    ColumnError
        If ``district_code`` is missing.

    Examples
    --------
    >>> from shapely import box
    >>> two = gpd.GeoDataFrame({"district_code": ["350101", "350101"]},
    ...                        geometry=[box(0, 0, 1000, 1000), box(1000, 0, 2000, 1000)], crs="EPSG:32749")
    >>> len(draw_district_borders(two))
    1
    """
    if "district_code" not in areas.columns:
        raise ColumnError(
            "The areas have no column district_code: add it, or draw the map without districts."
        )
    metric = to_metric(areas)
    whole = metric[["district_code", "geometry"]].dissolve("district_code", method="unary")
    rings = shapely.get_rings(shapely.get_parts(whole.geometry.values))
    rings = rings[shapely.area(shapely.polygons(rings)) >= _SLIVER_M2]
    merged = shapely.line_merge(shapely.union_all(rings))
    return shapely.get_parts(to_wgs84(gpd.GeoDataFrame(geometry=[merged], crs=metric.crs)).geometry.values)


def find_label_points(areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """Find the position of the name of each area and each district.

    Parameters
    ----------
    areas
        Polygons in any CRS with ``village`` and, for districts, ``district_code`` and ``district``.

    Returns
    -------
    pandas.DataFrame
        name, lon, lat, is_district, across_m (side of a square of equal area); districts first, then by size.

    Examples
    --------
    >>> from shapely import box
    >>> one = gpd.GeoDataFrame({"village": ["Sawo"]}, geometry=[box(0, 0, 1000, 1000)], crs="EPSG:32749")
    >>> find_label_points(one)[["name", "is_district", "across_m"]].values.tolist()
    [['Sawo', False, 1000.0]]
    """
    metric = to_metric(areas)
    size = shapely.area(metric.geometry.values)
    spots = shapely.point_on_surface(metric.geometry.values)
    places = pd.DataFrame({"name": areas["village"].to_numpy(), "size": size, "is_district": False})
    places["x"], places["y"] = shapely.get_x(spots), shapely.get_y(spots)
    if {"district_code", "district"} <= set(areas.columns) and len(areas["district_code"].unique()) > 1:
        places = pd.concat([_district_places(areas, places), places], ignore_index=True)
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(places["x"], places["y"], crs=metric.crs))
    there = to_wgs84(points).geometry
    places = places.assign(
        lon=there.x.round(5), lat=there.y.round(5), across_m=np.sqrt(places["size"]).round()
    )
    places = places.sort_values(["is_district", "size"], ascending=False, kind="stable", ignore_index=True)
    return places.loc[places["name"].notna(), ["name", "lon", "lat", "is_district", "across_m"]]


def _district_places(areas: gpd.GeoDataFrame, villages: pd.DataFrame) -> pd.DataFrame:
    """Return the mean position of each district's villages, weighted by their size."""
    frame = villages.assign(
        code=areas["district_code"].to_numpy(),
        name=areas["district"].to_numpy(),
        x=villages["x"] * villages["size"],
        y=villages["y"] * villages["size"],
    )
    whole = frame.groupby("code").agg({"name": "first", "size": "sum", "x": "sum", "y": "sum"})
    return whole.assign(x=whole["x"] / whole["size"], y=whole["y"] / whole["size"], is_district=True)
