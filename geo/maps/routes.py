"""Layer of a week's routes: numbered stops by day colour, lines between them, and officers' posts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pandas as pd

from geo.checks import require_columns
from geo.errors import GeoError, Phrase
from geo.maps.base import Library, OfflineMap, ScriptLayer
from geo.maps.text import escape_text, escape_texts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

MAX_STOPS = 10_000
"""Stops that a phone still draws smoothly: a week of about 250 officers."""
DAY_COLOURS: Final = ("#0072b2", "#c85000", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7c3aed")
"""Monday to Sunday; after Okabe and Ito (2008), distinct under all forms of colour blindness."""

_LIBRARY = Library(("sambang/routes.js",), ("sambang/routes.css",))
_LIGHT, _DARK = "#ffffff", "#1b1f24"
_PER_DEGREE = 100_000  # 5 decimals of a degree: about a metre
_STOP_COLUMNS = ("officer_id", "day", "shift", "order", "lon", "lat")
_KNEE, _SLOPE, _POWER = 0.04045, 12.92, 2.4  # of the sRGB transfer curve, IEC 61966-2-1


class DayStyle(NamedTuple):
    """Colour and name of one day."""

    colour: str
    name: str


def add_routes(
    map_: OfflineMap, stops: pd.DataFrame, posts: pd.DataFrame, days: Mapping[pd.Timestamp, DayStyle]
) -> OfflineMap:
    """Draw the routes of a week.

    On click, st_folium returns the id of the stop in the properties of ``last_active_drawing``. Numbers are
    shown once the map is zoomed in far enough.

    Parameters
    ----------
    map_
        The map to draw on.
    stops
        At most 10,000 with ``officer_id``, ``day``, ``shift``, ``order`` (from 1 in a day) and ``lon``,
        ``lat`` (WGS84). Optional: ``label`` (text of the tooltip) and ``id``.
    posts
        Indexed by officer id: ``lon``, ``lat`` of the post, where routes start and end; optional ``label``
        (the officer). Without coordinates, routes are drawn from the first stop to the last.
    days
        Colour and name of each day of the stops.

    Returns
    -------
    OfflineMap
        The same map.

    Raises
    ------
    ColumnError
        If a column is missing.
    GeoError
        If there are too many stops, or a stop has no coordinates or is on a day without a style.

    Examples
    --------
    >>> import geopandas as gpd
    >>> import pandas as pd
    >>> from geo.maps import make_map
    >>> nowhere, monday = gpd.GeoDataFrame(geometry=[], crs="EPSG:4326"), pd.Timestamp("2026-11-23")
    >>> stops = pd.DataFrame({"officer_id": ["o"], "day": [monday], "shift": ["morning"], "order": [1]})
    >>> stops = stops.assign(lon=111.4, lat=-7.4)
    >>> posts = pd.DataFrame({"lon": [111.41], "lat": [-7.41]}, index=["o"])
    >>> map_ = add_routes(make_map(nowhere), stops, posts, {monday: DayStyle("#0072b2", "Monday")})
    >>> "Sambang.routes(" in map_.get_root().render()
    True
    """
    _check(stops, posts, days)
    if stops.empty:
        return map_
    ordered = stops.sort_values(["officer_id", "day", "order"], kind="stable")
    officers = ordered["officer_id"].unique()
    posts = posts.reindex(officers)
    data: dict[str, Any] = {"routes": _write_routes(ordered, posts, list(days))}
    for column, name in (("label", "labels"), ("id", "ids")):
        if column in ordered.columns:
            data[name] = escape_texts(ordered[column])
    data["posts"] = [
        [] if np.isnan(lon) else [round(lon, 5), round(lat, 5)]
        for lon, lat in posts[["lon", "lat"]].to_numpy(dtype=np.float64).tolist()
    ]
    data["officers"] = escape_texts(posts["label"]) if "label" in posts.columns else []
    styles = [[style.colour, choose_ink(style.colour), escape_text(style.name)] for style in days.values()]
    ScriptLayer("routes", data, {"days": styles}).place_on(map_, _LIBRARY)
    return map_


def choose_ink(colour: str) -> str:
    """Choose white or near-black for text on a colour, whichever has more contrast (WCAG 2.2).

    Examples
    --------
    >>> choose_ink("#0072b2"), choose_ink("#e69f00")
    ('#ffffff', '#1b1f24')
    """
    return max((_LIGHT, _DARK), key=lambda ink: measure_contrast(ink, colour))


def measure_contrast(one: str, other: str) -> float:
    """Compute the contrast ratio of two colours, 1 to 21 (WCAG 2.2).

    Examples
    --------
    >>> round(measure_contrast("#ffffff", "#000000"), 2)
    21.0
    """
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    shares = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(shares <= _KNEE, shares / _SLOPE, ((shares + 0.055) / 1.055) ** _POWER)
    return float(np.array([0.2126, 0.7152, 0.0722]) @ linear)


def _write_routes(stops: pd.DataFrame, posts: pd.DataFrame, days: list[pd.Timestamp]) -> list[list[Any]]:
    """Encode each route as officer, day, first stop number and steps between stops, in 1/100,000 degree."""
    officer = posts.index.get_indexer(pd.Index(stops["officer_id"]))
    day = stops["day"].map({moment: i for i, moment in enumerate(days)}).to_numpy(dtype=np.int64)
    shift = stops["shift"].factorize()[0]
    keys = np.column_stack([officer, day, shift])
    first = np.flatnonzero(np.r_[True, (keys[1:] != keys[:-1]).any(axis=1)])
    places = np.rint(stops[["lon", "lat"]].to_numpy(dtype=np.float64) * _PER_DEGREE).astype(np.int64)
    order = stops["order"].to_numpy()
    return [
        [int(officer[i]), int(day[i]), int(order[i]), _steps(part)]
        for i, part in zip(first.tolist(), np.split(places, first[1:]), strict=True)
    ]


def _steps(places: NDArray[np.int64]) -> list[int]:
    return np.diff(places, axis=0, prepend=0).ravel().tolist()


def _check(stops: pd.DataFrame, posts: pd.DataFrame, days: Mapping[pd.Timestamp, DayStyle]) -> None:
    require_columns(stops, _STOP_COLUMNS, Phrase("stops"))
    require_columns(posts, ("lon", "lat"), Phrase("posts"))
    if len(stops) > MAX_STOPS:
        raise GeoError(
            "A map draws at most {most:,} stops, not {n:,}: choose fewer officers or one day.",
            most=MAX_STOPS,
            n=len(stops),
        )
    if not np.isfinite(stops[["lon", "lat"]].to_numpy(dtype=np.float64)).all():
        raise GeoError("A stop has no coordinates: a round leads from place to place.")
    if not stops["day"].isin(list(days)).all():
        raise GeoError("A stop is on a day without a style: give a colour and a name for each day.")
