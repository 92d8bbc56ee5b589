"""Still maps as SVG, without scripts: villages by colour for a screen, and places for paper."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from geo.crs import WGS84, to_metric
from geo.maps.geometry import draw_district_borders
from geo.maps.labels import push_apart
from geo.maps.symbols import (
    Marker,
    draw_disc,
    draw_label_beside,
    draw_legend,
    draw_marker,
    draw_scale_bar,
    list_legend,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    Place = Callable[[NDArray[np.float64]], NDArray[np.float64]]

WIDTH = 1000
_MARGIN, _MARK = 12, 22
_CLEAR = 2 * _MARK + 4
_PAPER_MARGIN = 20.0
_LEAST_SPAN_M = 150.0  # so that one place is not drawn at the scale of a doormat
_SIMPLIFY = 0.5
_DOT = 1.7
_HATCH = (
    '<defs><pattern id="sambang-svg-hatch" width="9" height="9" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect width="9" height="9" fill="#f1f3f5"/>'
    '<line x1="0" y1="0" x2="0" y2="9" stroke="#8a939e" stroke-width="2.5"/></pattern></defs>'
)


@dataclass(frozen=True)
class PlaceMap:
    """What a map of places shows.

    Attributes
    ----------
    points
        Places in any CRS, one at least: ``kind`` (key of ``markers``) and ``label`` ("" for none).
    markers
        How each kind is drawn, the one on top first.
    areas
        Polygons of any CRS to outline.
    route
        Positions in ``points`` that a dashed line joins, in order.
    legend
        What kinds are called; those not named are left out of the legend.
    size
        Width and height in points of 1/72 inch.
    units
        What a metre and a kilometre are called.
    title
        Text alternative of the image.
    """

    points: gpd.GeoDataFrame
    markers: Mapping[str, Marker]
    areas: gpd.GeoDataFrame | None = None
    route: Sequence[int] = ()
    legend: Mapping[str, str] = field(default_factory=dict)
    size: tuple[float, float] = (504.0, 295.0)
    units: tuple[str, str] = ("m", "km")
    title: str = ""


def draw_svg(
    areas: gpd.GeoDataFrame, colours: pd.Series, *, marks: Mapping[str, str] | None = None, title: str = ""
) -> str:
    """Draw villages, filled by colour, as an SVG image.

    Parameters
    ----------
    areas
        Villages in any CRS, indexed by village_code; with ``district_code``, borders between districts are
        drawn in bold.
    colours
        ``#rrggbb`` by village_code; villages without a colour are hatched.
    marks
        Short texts, such as "1", by village_code, each drawn in a disc on its village.
    title
        Text alternative of the image, for screen readers.

    Returns
    -------
    str
        An ``svg`` element, 1,000 units wide.

    Examples
    --------
    >>> from shapely import box
    >>> import geopandas as gpd
    >>> import pandas as pd
    >>> one = gpd.GeoDataFrame(geometry=[box(0, 0, 1000, 500)], index=["a"], crs="EPSG:32749")
    >>> picture = draw_svg(one, pd.Series({"a": "#b30000"}), title="a < b")
    >>> 'viewBox="0 0 1000 512"' in picture, "a &lt; b" in picture, 'fill="#b30000"' in picture
    (True, True, True)
    """
    metric = to_metric(areas)
    west, south, east, north = metric.total_bounds if len(metric) else (0.0, 0.0, 1.0, 1.0)
    scale = (WIDTH - 2 * _MARGIN) / max(east - west, 1.0)
    height = round((north - south) * scale) + 2 * _MARGIN

    def place(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(
            [(points[:, 0] - west) * scale + _MARGIN, (north - points[:, 1]) * scale + _MARGIN]
        )

    known = colours.reindex(areas.index)
    fills = ["url(#sambang-svg-hatch)" if colour is None or colour != colour else colour for colour in known]  # noqa: PLR0124 - NaN
    parts = [f'<svg viewBox="0 0 {WIDTH} {height}" role="img" xmlns="http://www.w3.org/2000/svg">']
    parts += [f"<title>{html.escape(title)}</title>", _HATCH]
    parts += [
        f'<path d="{_path(shapely.get_rings(shape), place)}" fill="{html.escape(fill)}" stroke="#ffffff" '
        'stroke-width="1.2" stroke-linejoin="round" fill-rule="evenodd"/>'
        for shape, fill in zip(metric.geometry, fills, strict=True)
    ]
    if "district_code" in areas.columns and len(areas):
        borders = gpd.GeoDataFrame(geometry=draw_district_borders(areas), crs=WGS84)
        lines = to_metric(borders, like=metric).geometry.to_numpy()
        parts.append(
            f'<path d="{_path(lines, place)}" fill="none" stroke="#1b1f24" stroke-width="2.2" '
            'stroke-opacity="0.7" stroke-linejoin="round"/>'
        )
    parts += _marks(metric, marks or {}, place)
    return "".join([*parts, "</svg>"])


def _path(lines: Sequence[shapely.Geometry], place: Place) -> str:
    """Return the path data of lines, rounded to a tenth of a unit."""
    steps = []
    for line in lines:
        points = place(shapely.get_coordinates(line)).round(1)
        written = " ".join(f"{x:g},{y:g}" for x, y in points.tolist())
        steps.append(f"M{written}")
    return "".join(steps)


def _marks(metric: gpd.GeoDataFrame, marks: Mapping[str, str], place: Place) -> list[str]:
    chosen = [code for code in marks if code in metric.index]
    if not chosen:
        return []
    spots = shapely.point_on_surface(metric.loc[chosen].geometry.to_numpy())
    points = push_apart(place(shapely.get_coordinates(spots)), _CLEAR).round(1).tolist()
    return [
        f'<circle cx="{x:g}" cy="{y:g}" r="{_MARK}" fill="#ffffff" stroke="#1b1f24" stroke-width="3"/>'
        f'<text x="{x:g}" y="{y + 10:g}" text-anchor="middle" font-size="28" font-weight="700" '
        f'font-family="system-ui, sans-serif" fill="#1b1f24">{html.escape(marks[code])}</text>'
        for code, (x, y) in zip(chosen, points, strict=True)
    ]


def draw_places(map_: PlaceMap) -> str:
    """Draw places with a legend and a scale bar as an SVG image that needs no colour.

    Parameters
    ----------
    map_
        What it shows.

    Returns
    -------
    str
        An ``svg`` element; its text is text. All places are in view, areas only as far as they are.

    Examples
    --------
    >>> from shapely import Point
    >>> import geopandas as gpd
    >>> points = gpd.GeoDataFrame(
    ...     {"kind": ["post"], "label": ["A & B"]}, geometry=[Point(111.4, -7.4)], crs="EPSG:4326"
    ... )
    >>> picture = draw_places(PlaceMap(points, {"post": Marker("square")}, size=(300, 200)))
    >>> 'viewBox="0 0 300 200"' in picture, "A &amp; B" in picture, "50 m" in picture
    (True, True, True)
    """
    metric = to_metric(map_.points)
    width, height = map_.size
    ground = shapely.get_coordinates(metric.geometry.to_numpy())
    across, up = np.maximum(np.ptp(ground, axis=0), _LEAST_SPAN_M)
    per_m = min((width - 2 * _PAPER_MARGIN) / across, (height - 2 * _PAPER_MARGIN) / up)
    middle = (ground.min(axis=0) + ground.max(axis=0)) / 2

    def place(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return (points - middle) * (per_m, -per_m) + (width / 2, height / 2)

    places = place(ground)
    frame = f'width="{width:g}" height="{height:g}"'
    parts = [
        f'<svg viewBox="0 0 {width:g} {height:g}" {frame} role="img" xmlns="http://www.w3.org/2000/svg">',
        f'<title>{html.escape(map_.title)}</title><rect {frame} fill="#ffffff"/>',
    ]
    if map_.areas is not None and len(map_.areas):
        half = np.array(map_.size) / per_m / 2
        lines = _cut(to_metric(map_.areas, like=metric), (*(middle - half), *(middle + half)), per_m)
        parts.append(f'<path d="{_path(lines, place)}" fill="none" stroke="#8a939e" stroke-width="0.7"/>')
    if len(map_.route):
        joined = shapely.linestrings(ground[list(map_.route)])
        dashes = 'stroke="#3c3c3c" stroke-width="1" stroke-dasharray="3 3"'
        parts.append(f'<path d="{_path([joined], place)}" fill="none" {dashes}/>')
    for kind in reversed(list(map_.markers)):
        is_kind = (metric["kind"] == kind).to_numpy()
        parts += _draw_kind(map_.markers[kind], places[is_kind], metric["label"][is_kind], map_.size)
    parts.append(draw_scale_bar(per_m, map_.size, map_.units))
    parts.append(draw_legend(list_legend(map_.markers, map_.legend), width))
    border = 'fill="none" stroke="#777777" stroke-width="0.8"'
    parts.append(f'<rect x="0.4" y="0.4" width="{width - 0.8:g}" height="{height - 0.8:g}" {border}/>')
    return "".join([*parts, "</svg>"])


def _cut(
    areas: gpd.GeoDataFrame, bounds: tuple[float, float, float, float], per_m: float
) -> list[shapely.Geometry]:
    """Return the outlines of areas inside the frame, as fine as paper shows them."""
    shapes = areas.geometry.to_numpy()
    near = shapes[shapely.intersects(shapely.box(*shapely.bounds(shapes).T), shapely.box(*bounds))]
    drawn = shapely.clip_by_rect(shapely.simplify(shapely.boundary(near), _SIMPLIFY / per_m), *bounds)
    lines = shapely.get_parts(drawn)
    return list(lines[shapely.length(lines) > 0])


def _draw_kind(
    marker: Marker, places: NDArray[np.float64], labels: pd.Series, size: tuple[float, float]
) -> list[str]:
    if marker.shape == "disc":
        moved = push_apart(places, 2 * marker.radius + 1, within=size)
        ends = zip(places.tolist(), moved.tolist(), strict=True)
        leaders = [
            f'<path d="M{x:.2f},{y:.2f} {u:.2f},{v:.2f}" stroke="#000000" stroke-width="0.8"/>'
            f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{_DOT}" fill="#000000" class="place"/>'
            for (x, y), (u, v) in ends
        ]
        return leaders + [
            draw_disc(marker, x, y, label) for (x, y), label in zip(moved.tolist(), labels, strict=True)
        ]
    drawn = [draw_marker(marker, x, y) for x, y in places.tolist()]
    return drawn + [
        draw_label_beside(marker, x, y, label, size[0])
        for (x, y), label in zip(places.tolist(), labels, strict=True)
        if label
    ]
