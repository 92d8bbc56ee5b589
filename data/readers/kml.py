"""Reader of KML and KMZ, parsed without GDAL so that no link is followed: each placemark is a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from data.errors import FileRefusedError
from data.readers.archives import ZIP, Archive
from data.readers.markup import gather_elements
from data.readers.shapes import WGS84, normalise_shapes
from data.readers.table import GEOMETRY, RawTable, make_text_frame, name_columns

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from data.readers.markup import Element
    from data.readers.table import InputFile

_LINKS = ("NetworkLink", "NetworkLinkControl")
_SIMPLE = ("Point", "LineString", "LinearRing", "Polygon", "Track")
_TEXTS = ("name", "description", "address", "phoneNumber")
_MAIN = "doc.kml"


def read_file(source: InputFile) -> RawTable:
    """Read the placemarks of a KML or KMZ file.

    Parameters
    ----------
    source
        KML, or a zip archive that holds ``doc.kml`` or a single KML file.

    Returns
    -------
    RawTable
        ``name``, ``description``, ``address``, ``phoneNumber``, ``datetime`` (the moment or the start of the
        time span) and ``until``, if any placemark has them, and a column for each name in ExtendedData;
        geometry in WGS84. Rows whose coordinates cannot be read have the fault ``bad_geometry``.

    Raises
    ------
    FileRefusedError
        If it is not KML, has no placemarks, or links to other files.
    """
    placemarks = gather_elements(source, _content(source), {"Placemark"}, refused=_LINKS)
    if not placemarks:
        raise FileRefusedError("{name} has no placemarks: check the export.", name=source.name)
    rows = [_properties(placemark) for placemark in placemarks]
    names = list(dict.fromkeys(name for row in rows for name in row))
    drawn = list(map(_drawn, placemarks))
    shapes = np.full(len(rows), None, dtype=object)
    shapes[:] = [_combine(parts) for parts in drawn]
    wanted = np.array([bool(parts) for parts in drawn], dtype=bool)
    settled = normalise_shapes(shapes, wanted)
    header = name_columns(names)
    return RawTable(
        name=source.name,
        kind="kml",
        frame=make_text_frame(
            {column: [row.get(name, "") for row in rows] for column, name in zip(header, names, strict=True)},
            len(rows),
        ),
        row_numbers=np.arange(1, len(rows) + 1),
        geometry=settled.wkb,
        crs=WGS84,
        faults=settled.faults,
        leftovers={
            int(at): {GEOMETRY: " ".join(" ".join(_coordinates(part)) for part in drawn[at])}
            for at in settled.faults.get("bad_geometry", ())
        },
    )


def _content(source: InputFile) -> bytes:
    if not source.content.startswith(ZIP):
        return source.content
    archive = Archive(source)
    names = [name for name in archive.names if name.lower().endswith(".kml")]
    main = [name for name in names if name.lower().rpartition("/")[2] == _MAIN] or names
    if len(main) != 1:
        raise FileRefusedError(
            "{name} contains {n} KML files: unpack it and import one of them.", name=source.name, n=len(names)
        )
    return archive.read(main[0])


def _properties(placemark: Element) -> dict[str, str]:
    row = {name: placemark.find_text(name) for name in _TEXTS}
    moment, span = placemark.find_child("TimeStamp"), placemark.find_child("TimeSpan")
    if moment is not None:
        row["datetime"] = moment.find_text("when")
    elif span is not None:
        row |= {"datetime": span.find_text("begin"), "until": span.find_text("end")}
    extended = placemark.find_child("ExtendedData")
    if extended is not None:
        row |= {
            item.attributes.get("name", ""): item.find_text("value") for item in extended.find_all("Data")
        }
        row |= {
            item.attributes.get("name", ""): item.text.strip() for item in extended.find_all("SimpleData")
        }
    return {name: text for name, text in row.items() if text}


def _drawn(element: Element) -> list[Element]:
    """Return the simple geometries of a placemark, including those in collections."""
    found = []
    for child in element.children:
        if child.name in _SIMPLE:
            found.append(child)
        elif child.name in {"MultiGeometry", "MultiTrack"}:
            found += _drawn(child)
    return found


def _combine(parts: list[Element]) -> BaseGeometry | None:
    """Combine a placemark's geometries; None if there are none, or one of them is invalid."""
    try:
        shapes = [_draw(part) for part in parts]
    except (ValueError, shapely.errors.ShapelyError):
        return None
    if len(shapes) <= 1:
        return shapes[0] if shapes else None
    kinds = {shape.geom_type for shape in shapes}
    if kinds == {"Point"}:
        return shapely.MultiPoint(shapes)
    if kinds == {"Polygon"}:
        return shapely.MultiPolygon(shapes)
    return shapely.MultiLineString(shapes) if kinds == {"LineString"} else shapely.GeometryCollection(shapes)


def _draw(part: Element) -> BaseGeometry:
    if part.name == "Polygon":
        outer, inner = (
            [_corners(ring) for edge in part.find_all(name) for ring in edge.find_all("LinearRing")]
            for name in ("outerBoundaryIs", "innerBoundaryIs")
        )
        if len(outer) != 1:
            raise ValueError("a polygon has one outer boundary")
        return shapely.Polygon(outer[0], inner)
    corners = _corners(part)
    return (
        shapely.Point(corners[0])
        if part.name == "Point" and len(corners) == 1
        else shapely.LineString(corners)
    )


def _corners(part: Element) -> list[tuple[float, float]]:
    """Read longitude and latitude, in degrees."""
    texts = [text.split(",") for text in _coordinates(part)]
    corners = [(float(lon), float(lat)) for lon, lat, *_height in texts]
    if not corners or not np.isfinite(corners).all():
        raise ValueError("there are no coordinates, or some are no numbers")
    return corners


def _coordinates(part: Element) -> list[str]:
    """Return the texts "longitude,latitude,height" of a geometry."""
    listed = [text for item in part.find_all("coordinates") for text in item.text.split()]
    return listed + [",".join(item.text.split()) for item in part.find_all("coord")]
