"""Reader of GeoJSON, parsed without GDAL: properties become text columns, geometries WKB."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from data.errors import FileRefusedError
from data.readers.dialect import decode_text
from data.readers.table import GEOMETRY, RawTable, make_text_frame, name_columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from data.readers.table import InputFile

_WGS84 = "EPSG:4326"
_EPSG = re.compile(r"EPSG:(?:[\d.]*:)?(\d{4,6})$")
_GEOMETRIES = {
    "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection",
}  # fmt: skip


def read_file(source: InputFile) -> RawTable:
    """Read GeoJSON.

    Parameters
    ----------
    source
        A feature collection, a feature or a bare geometry.

    Returns
    -------
    RawTable
        A column for each property; rows whose geometry cannot be read have the fault ``bad_geometry``. The
        CRS is WGS84 unless the file's ``crs`` member names another.

    Raises
    ------
    FileRefusedError
        If it is not JSON, not GeoJSON, or has no features.

    Examples
    --------
    >>> from data.readers.table import InputFile
    >>> feature = b'{"type": "Feature", "properties": {"id": 7}, "geometry": null}'
    >>> read_file(InputFile("homes.geojson", feature)).frame
      id
    0  7
    """
    document = _parse(source)
    features = [feature if isinstance(feature, dict) else {} for feature in _features_of(source, document)]
    if not features:
        raise FileRefusedError("{name} has no features: check the export.", name=source.name)
    properties = [
        found if isinstance(found := feature.get("properties"), dict) else {} for feature in features
    ]
    names = list(dict.fromkeys(name for row in properties for name in row))
    header = name_columns(list(map(_to_text, names)))
    columns = [[_to_text(row.get(name)) for row in properties] for name in names]
    texts = _geometry_texts(features)
    shapes = shapely.from_geojson(texts, on_invalid="ignore")
    wanted = np.array([text is not None for text in texts])
    broken = np.flatnonzero(wanted & shapely.is_missing(shapes))
    return RawTable(
        name=source.name,
        kind="geojson",
        frame=make_text_frame(dict(zip(header, columns, strict=True)), len(features)),
        row_numbers=np.arange(1, len(features) + 1),
        geometry=shapely.to_wkb(shapely.force_2d(shapes)),
        crs=_crs_of(source, document),
        faults={"bad_geometry": broken} if len(broken) else {},
        leftovers={int(at): {GEOMETRY: texts[at]} for at in broken},
    )


def _parse(source: InputFile) -> dict[str, Any]:
    try:
        return json.loads(decode_text(source))
    except RecursionError:
        raise FileRefusedError(
            "{name} is nested too deeply to be GeoJSON: export it again.", name=source.name
        ) from None
    except json.JSONDecodeError as error:
        raise FileRefusedError(
            "{name} is not valid GeoJSON (line {line}): export it again.",
            name=source.name,
            line=error.lineno,
        ) from error
    except ValueError as error:  # a number with thousands of digits
        raise FileRefusedError("{name} is not valid GeoJSON: export it again.", name=source.name) from error


def _features_of(source: InputFile, document: dict[str, Any]) -> list[Any]:
    kind = document.get("type")
    if kind == "FeatureCollection" and isinstance(document.get("features"), list):
        return document["features"]
    if kind == "Feature":
        return [document]
    if isinstance(kind, str) and kind in _GEOMETRIES:
        return [{"geometry": document}]
    raise FileRefusedError(
        "{name} is JSON but not GeoJSON: export it as a feature collection.", name=source.name
    )


def _geometry_texts(features: list[dict[str, Any]]) -> NDArray[np.object_]:
    """Write each feature's geometry as JSON; None where there is none."""
    texts = np.full(len(features), None, dtype=object)
    for position, feature in enumerate(features):
        if feature.get("geometry") is not None:
            texts[position] = json.dumps(feature["geometry"])
    return texts


def _to_text(value: Any) -> str:
    """Write a property as text; "" for null."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.encode("utf-8", errors="replace").decode().replace("\x00", "")  # lone surrogates
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return _to_text(json.dumps(value, ensure_ascii=False))


def _crs_of(source: InputFile, document: dict[str, Any]) -> str:
    member = document.get("crs")
    if not isinstance(member, dict):
        return _WGS84
    properties = member.get("properties")
    name = _to_text(properties.get("name")) if isinstance(properties, dict) else ""
    if not name or name.endswith("CRS84"):
        return _WGS84
    found = _EPSG.search(name)
    if found is None:
        raise FileRefusedError(
            "{name} names the coordinate reference system '{crs}', which is not known: export it in "
            "EPSG:4326.",
            name=source.name,
            crs=" ".join(name.split())[:80],
        )
    return f"EPSG:{found[1]}"
