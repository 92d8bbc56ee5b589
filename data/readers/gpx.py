"""Reader of GPX: waypoints, or the points of tracks or routes, each with its time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from data.errors import FileRefusedError
from data.readers.layers import choose_layer, offer_layers
from data.readers.markup import gather_elements
from data.readers.shapes import WGS84, normalise_shapes
from data.readers.table import GEOMETRY, RawTable, make_text_frame

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from data.readers.markup import Element
    from data.readers.table import InputFile

_LAYERS = {"waypoints": "wpt", "track_points": "trkpt", "route_points": "rtept"}
_TRACKS = ("trk", "rte")
_TEXTS = {
    "name": "name", "datetime": "time", "desc": "desc", "cmt": "cmt", "type": "type", "sym": "sym",
    "ele": "ele", "hdop": "hdop",
}  # fmt: skip


def read_file(source: InputFile, *, layer: str | None = None) -> RawTable:
    """Read the points of a GPX file.

    Parameters
    ----------
    source
        GPX of any version.
    layer
        ``waypoints``, ``track_points`` or ``route_points``; by default the first of these that the file has.

    Returns
    -------
    RawTable
        ``name``, ``datetime`` (ISO, as the device wrote it), ``desc``, ``cmt``, ``type``, ``sym``, ``ele``,
        ``hdop`` and ``track`` (the track's name), if any point has them; geometry in WGS84.

    Raises
    ------
    FileRefusedError
        If it is not GPX, or has no points.
    LayerError
        If it has no points of that kind.
    """
    rows: dict[str, list[tuple[Element, str]]] = {name: [] for name in _LAYERS}
    for element in gather_elements(source, source.content, {"wpt", *_TRACKS}):
        for name, tag in _LAYERS.items():
            points = [element] if element.name == tag else element.find_all(tag)
            track = element.find_text("name") if element.name in _TRACKS else ""
            rows[name] += [(point, track) for point in points]
    names = tuple(name for name, found in rows.items() if found)
    if not names:
        raise FileRefusedError("{name} has no points: check the export.", name=source.name)
    chosen = choose_layer(source, names, layer if layer is not None else names[0])
    points = [point for point, _ in rows[chosen]]
    columns = {column: [point.find_text(tag) for point in points] for column, tag in _TEXTS.items()}
    columns["track"] = [track for _, track in rows[chosen]]
    settled = normalise_shapes(_draw(points), np.ones(len(points), dtype=bool))
    raw = RawTable(
        name=source.name,
        kind="gpx",
        frame=make_text_frame({name: texts for name, texts in columns.items() if any(texts)}, len(points)),
        row_numbers=np.arange(1, len(points) + 1),
        geometry=settled.wkb,
        crs=WGS84,
        faults=settled.faults,
        leftovers={
            int(at): {GEOMETRY: " ".join(points[at].attributes.values())}
            for at in settled.faults.get("bad_geometry", ())
        },
    )
    return offer_layers(raw, names, chosen)


def _draw(points: list[Element]) -> NDArray[np.object_]:
    """Make the points; None where latitude or longitude is not a number."""
    lon, lat = (np.array([_number(point, name) for point in points]) for name in ("lon", "lat"))
    drawn = np.asarray(shapely.points(lon, lat), dtype=object)
    drawn[~(np.isfinite(lon) & np.isfinite(lat))] = None
    return drawn


def _number(point: Element, name: str) -> float:
    try:
        return float(point.attributes.get(name, ""))
    except ValueError:
        return float("nan")
