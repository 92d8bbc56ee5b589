"""A sketch of a day's stops for paper: places in centimetres, labels moved apart, a scale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geo.crs import to_wgs84
from geo.ground import project_locally

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

WIDTH_CM, HEIGHT_CM = 12.8, 6.6
_MARGIN_CM = 0.7
_LABEL_CM = 0.56  # across a number's disc
_LEAST_SPAN_M = 150.0  # so that one stop is not drawn at the scale of a doormat
_SCALES_M = (20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000)
_LONGEST_SCALE_CM = 3.5
_ROUNDS = 80
_SIMPLIFY_CM = 0.02


def sketch_day(
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    post: tuple[float, float] | None,
    areas: gpd.GeoDataFrame | None = None,
) -> dict[str, Any]:
    """Work out where everything on the map of one day goes.

    Parameters
    ----------
    lon, lat
        Stops in order, WGS84 degrees, at least one.
    post
        Longitude and latitude of the officer's post, if known.
    areas
        Village polygons of any CRS to outline.

    Returns
    -------
    dict
        For the template, in cm from the upper left: ``stops`` (x, y, label_x, label_y), ``post``, ``ways``
        (lines), ``outlines`` (lines) and ``scale`` (cm, m).
    """
    here_lon, here_lat = (
        np.append(values, [] if post is None else post[side]) for side, values in enumerate((lon, lat))
    )
    west, south = float(here_lon.min()), float(here_lat.mean())
    x, y = project_locally(here_lon, here_lat, west=west, south=south)
    per_m = _scale(x, y)
    middle = ((x.min() + x.max()) / 2, (y.min() + y.max()) / 2)
    places = _on_paper(x, y, per_m, middle)
    stops = places[: len(lon)]
    labels = _move_apart(stops)
    route = places if post is None else np.vstack([places[-1:], stops, places[-1:]])
    scale_m = max((m for m in _SCALES_M if m * per_m <= _LONGEST_SCALE_CM), default=_SCALES_M[0])
    outlines = []
    if areas is not None and len(areas):
        lines = shapely.get_parts(shapely.boundary(to_wgs84(areas).geometry.to_numpy()))
        frame = shapely.box(0, 0, WIDTH_CM, HEIGHT_CM)
        for line in lines:
            flat = project_locally(*shapely.get_coordinates(line).T, west=west, south=south)
            drawn = shapely.simplify(shapely.linestrings(_on_paper(*flat, per_m, middle)), _SIMPLIFY_CM)
            outlines += _lines(shapely.intersection(drawn, frame))
    return {
        "stops": np.column_stack([stops, labels]).round(3).tolist(),
        "post": [] if post is None else places[-1].round(3).tolist(),
        "ways": route.round(3).tolist(),
        "outlines": outlines,
        "scale": [round(scale_m * per_m, 3), scale_m],
    }


def _scale(x: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    """Centimetres of paper for a metre of ground."""
    across, up = max(np.ptp(x), _LEAST_SPAN_M), max(np.ptp(y), _LEAST_SPAN_M)
    return float(min((WIDTH_CM - 2 * _MARGIN_CM) / across, (HEIGHT_CM - 2 * _MARGIN_CM) / up))


def _on_paper(
    x: NDArray[np.float64], y: NDArray[np.float64], per_m: float, middle: tuple[float, float]
) -> NDArray[np.float64]:
    right = WIDTH_CM / 2 + (x - middle[0]) * per_m
    down = HEIGHT_CM / 2 - (y - middle[1]) * per_m
    return np.column_stack([right, down])


def _move_apart(places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Push discs that lie on each other apart, and keep them on the map."""
    labels = places.copy()
    turn = (
        np.arange(len(places)) * 2.4
    )  # radians: where two lie on one spot they leave in different directions
    labels += 1e-3 * np.column_stack([np.cos(turn), np.sin(turn)])
    for _ in range(_ROUNDS):
        apart = labels[:, None] - labels[None, :]
        distance = np.hypot(apart[..., 0], apart[..., 1])
        np.fill_diagonal(distance, np.inf)
        push = np.clip(_LABEL_CM - distance, 0, None) / 2
        labels += (apart / distance[..., None] * push[..., None]).sum(axis=1)
        edge = _LABEL_CM / 2
        labels = np.clip(labels, edge, [WIDTH_CM - edge, HEIGHT_CM - edge])
    return labels


def _lines(geometry: shapely.Geometry) -> list[list[list[float]]]:
    parts = shapely.get_parts(geometry)
    return [shapely.get_coordinates(part).round(3).tolist() for part in parts if part.length > 0]
