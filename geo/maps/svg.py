"""Static maps as SVG, without scripts."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from geo.crs import WGS84, to_metric
from geo.maps.geometry import draw_district_borders

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    Place = Callable[[NDArray[np.float64]], NDArray[np.float64]]

WIDTH = 1000
_MARGIN, _MARK = 12, 22
_CLEAR, _MOST_PUSHES = 2 * _MARK + 4, 50
_HATCH = (
    '<defs><pattern id="sambang-svg-hatch" width="9" height="9" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect width="9" height="9" fill="#f1f3f5"/>'
    '<line x1="0" y1="0" x2="0" y2="9" stroke="#8a939e" stroke-width="2.5"/></pattern></defs>'
)


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
    points = _push_apart(place(shapely.get_coordinates(spots))).round(1).tolist()
    return [
        f'<circle cx="{x:g}" cy="{y:g}" r="{_MARK}" fill="#ffffff" stroke="#1b1f24" stroke-width="3"/>'
        f'<text x="{x:g}" y="{y + 10:g}" text-anchor="middle" font-size="28" font-weight="700" '
        f'font-family="system-ui, sans-serif" fill="#1b1f24">{html.escape(marks[code])}</text>'
        for code, (x, y) in zip(chosen, points, strict=True)
    ]


def _push_apart(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Move overlapping discs apart by equal amounts until none overlap, or for a limited number of steps."""
    moved = points + np.outer(np.arange(len(points)), [0.0, 1e-3])  # one spot: part vertically
    for _ in range(_MOST_PUSHES):
        between = moved[:, np.newaxis] - moved
        apart = np.hypot(*np.moveaxis(between, -1, 0))
        np.fill_diagonal(apart, np.inf)
        if apart.min(initial=np.inf) >= _CLEAR:
            break
        lack = np.clip(_CLEAR + 0.5 - apart, 0, None) / 2
        moved += (between * (lack / apart)[..., np.newaxis]).sum(axis=1)
    return moved
