"""GPX files for a GPS device: waypoints, or the routes of officers."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple
from xml.sax.saxutils import escape

from data.exports.tables import clean_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

_DECIMALS = 6  # of degrees: 0.1 m


class _Point(NamedTuple):
    route: int
    route_name: str
    lat: float
    lon: float
    name: str
    description: str


def write_gpx(points: pd.DataFrame) -> bytes:
    """Write points as GPX 1.1: as routes if they have a ``route`` column, otherwise as waypoints.

    Parameters
    ----------
    points
        ``lon`` and ``lat`` (WGS84; points without are omitted), ``name``, ``description``, and for routes
        ``route`` (its number) and ``route_name``. The points of a route must be consecutive.

    Returns
    -------
    bytes
        XML in UTF-8; control characters become spaces.

    Examples
    --------
    >>> import pandas as pd
    >>> points = pd.DataFrame(
    ...     {"lon": [111.4, None], "lat": [-7.4, None], "name": "A & B", "description": "due"}
    ... )
    >>> write_gpx(points).count(b"<wpt"), b"A &amp; B" in write_gpx(points)
    (1, True)
    >>> write_gpx(points.assign(route=1, route_name="Monday")).count(b"<rtept")
    1
    """
    listed = _list_points(points[points["lon"].notna() & points["lat"].notna()])
    if "route" in points:
        body = "\n".join(
            _write_route(list(stops)) for _, stops in groupby(listed, key=lambda point: point.route)
        )
    else:
        body = "\n".join(_write_point("wpt", point) for point in listed)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<gpx version="1.1" creator="Sambang" xmlns="http://www.topografix.com/GPX/1/1">\n{body}\n</gpx>\n'
    ).encode()


def _list_points(placed: pd.DataFrame) -> Iterator[_Point]:
    whole = placed if "route" in placed else placed.assign(route=0, route_name="")
    texts = (whole[column].astype("object").fillna("") for column in ("route_name", "name", "description"))
    places = (whole[column].round(_DECIMALS) for column in ("lat", "lon"))
    for route, lat, lon, *written in zip(whole["route"], *places, *texts, strict=True):
        route_name, name, description = (escape(clean_text(str(text))) for text in written)
        yield _Point(route, route_name, lat, lon, name, description)


def _write_route(stops: list[_Point]) -> str:
    points = "\n".join(_write_point("rtept", point) for point in stops)
    return f"<rte><name>{stops[0].route_name}</name>\n{points}\n</rte>"


def _write_point(tag: str, point: _Point) -> str:
    return (
        f'<{tag} lat="{point.lat}" lon="{point.lon}">'
        f"<name>{point.name}</name><desc>{point.description}</desc></{tag}>"
    )
