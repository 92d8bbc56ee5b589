"""Every format gives the same table, whatever the file is called."""

from __future__ import annotations

import gzip
import io
import json
import sqlite3
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pytest
import shapely
from pyarrow import parquet

from data.errors import FileRefusedError, LayerError
from data.readers import InputFile, RawTable, read_table
from data.readers.arrow_text import table_to_text
from data.readers.detect import FILE_KINDS
from data.readers.parse import READERS, parse_table
from tests.data.files import (
    FILES,
    HEADER,
    POINTS,
    ROWS,
    make_geopackage,
    make_gpx,
    make_kml,
    make_kmz,
    make_ods,
    make_parquet,
    make_shapefile,
    make_zip,
)

if TYPE_CHECKING:
    from pathlib import Path


def read(content: bytes, layer: str | None = None) -> RawTable:
    return read_table(InputFile("clerk.bin", content), layer=layer)


def lon_lat(raw: RawTable) -> np.ndarray:
    points = gpd.GeoSeries(shapely.from_wkb(raw.geometry), crs=raw.crs).to_crs("EPSG:4326")
    return np.column_stack([points.x, points.y])


def test_every_kind_has_a_reader_and_a_file() -> None:
    assert set(FILE_KINDS) == set(READERS) == set(FILES)


@pytest.mark.parametrize("kind", FILES)
def test_a_file_is_known_by_its_content(kind: str) -> None:
    raw = read(FILES[kind]())
    assert raw.kind == kind
    names = {"datetime": "waktu", "name": "nama"}
    frame = raw.frame.rename(columns=names)
    wanted = [name for name in HEADER if name in frame]
    assert "nama" in wanted
    said = frame[wanted].replace({r"(\d{2})T(\d{2}:\d{2}):00Z$": r"\1 \2"}, regex=True)
    assert said.to_numpy().tolist() == [[row[HEADER.index(name)] for name in wanted] for row in ROWS]
    assert raw.faults == {}
    assert raw.layers == (("Data",) if kind in {"xls", "ods"} else ("Sheet",) if kind == "xlsx" else ())
    if kind in {"csv", "xlsx", "xls", "ods"}:
        assert raw.geometry is None
        assert raw.row_numbers.tolist() == [2, 3]
    else:
        assert lon_lat(raw) == pytest.approx(np.array(POINTS), abs=1e-7)
        assert raw.row_numbers.tolist() == [1, 2]
    if kind in {"shapefile", "geopackage", "parquet"}:
        assert raw.crs == "EPSG:32749"


def test_kmz_and_gzip_are_unpacked() -> None:
    assert read(make_kmz()).frame.equals(read(make_kml()).frame)
    assert read(gzip.compress(make_gpx())).kind == "gpx"


def test_parquet_without_geometry_is_a_plain_table() -> None:
    raw = parse_table(InputFile("a", make_parquet(None)))
    assert (raw.geometry, raw.crs, raw.columns) == (None, None, HEADER)


def test_layers_of_a_geopackage_are_offered_and_chosen() -> None:
    content = make_geopackage("desa", "titik")
    with pytest.raises(LayerError, match=r"several layers \(desa, titik\): choose one") as caught:
        read(content)
    assert caught.value.layers == ("desa", "titik")
    raw = read(content, "titik")
    assert (raw.layers, raw.layer) == (("desa", "titik"), "titik")
    assert len(raw) == 2
    with pytest.raises(LayerError, match="no layer 'jalan'"):
        read(content, "jalan")


def test_view_in_a_geopackage_is_a_layer_too(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    path.write_bytes(make_geopackage())
    database = sqlite3.connect(path)
    database.execute("CREATE VIEW lihat AS SELECT fid, upper(nama) AS nama FROM titik")
    database.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES ('lihat', 'attributes', 'l')"
    )
    database.commit()
    database.close()
    content = path.read_bytes()
    assert read(content).layers == ("titik", "lihat")
    raw = read(content, "lihat")
    assert raw.frame["nama"].tolist() == ["CAFé DéSA", "SRI"]
    assert raw.geometry is None


def test_shapefiles_in_one_archive_are_layers() -> None:
    with zipfile.ZipFile(io.BytesIO(make_shapefile())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    twice = parts | {name.replace("titik", "RUMAH"): part for name, part in parts.items()}
    with pytest.raises(LayerError, match="RUMAH"):
        read(make_zip(twice))
    raw = read(make_zip(twice), "RUMAH")
    assert (raw.layers, raw.layer) == (("titik", "RUMAH"), "RUMAH")


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
@pytest.mark.parametrize("without", ["", ".cpg"])
def test_shapefile_text_is_right_with_and_without_encoding_file(encoding: str, without: str) -> None:
    raw = read(make_shapefile(encoding=encoding, without=without))
    assert raw.frame["nama"].tolist() == ["Café Désa", "Sri"]


def test_shapefile_whose_encoding_file_is_wrong_is_read_all_the_same() -> None:
    with zipfile.ZipFile(io.BytesIO(make_shapefile(encoding="cp1252"))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    raw = read(make_zip(parts | {"export/titik.cpg": b"UTF-8"}))
    assert raw.frame["nama"].tolist() == ["Café Désa", "Sri"]


def test_shapefile_without_crs_is_degrees_or_unknown() -> None:
    assert read(make_shapefile("EPSG:4326", without=".prj")).crs == "EPSG:4326"
    assert read(make_shapefile("EPSG:32749", without=".prj")).crs is None


def test_shapefile_that_lacks_a_part_is_refused() -> None:
    with pytest.raises(FileRefusedError, match="is missing the .shx"):
        read(make_shapefile(without=".shx"))


def test_archive_with_a_file_without_a_name_is_refused() -> None:
    content = make_zip({"a.csv": b"id\n1\n"}).replace(b"a.csv", b"\0.csv")  # a name ends at a zero
    with pytest.raises(FileRefusedError, match="damaged archive"):
        read_table(InputFile("a.zip", content))


def test_kml_shapes_are_drawn_and_broken_ones_kept_with_their_text() -> None:
    ring = "<LinearRing><coordinates>0,0 4,0 4,4 0,4 0,0</coordinates></LinearRing>"
    hole = "<LinearRing><coordinates>1,1 2,1 2,2 1,1</coordinates></LinearRing>"
    edges = f"<outerBoundaryIs>{ring}</outerBoundaryIs><innerBoundaryIs>{hole}</innerBoundaryIs>"
    polygon = f"<Polygon>{edges}</Polygon>"
    track = "<gx:Track><when>x</when><gx:coord>1 2 3</gx:coord><gx:coord>2 3 4</gx:coord></gx:Track>"
    marks = [
        polygon, f"<MultiGeometry>{polygon}{polygon}</MultiGeometry>", track,
        "<Point><coordinates>111.4;-7.4</coordinates></Point>", "<description>no place</description>",
    ]  # fmt: skip
    text = "<kml>" + "".join(f"<Placemark><name>P</name>{mark}</Placemark>" for mark in marks) + "</kml>"
    raw = parse_table(InputFile("a.kml", text.encode()))
    shapes = shapely.from_wkb(raw.geometry)
    assert [shape and shape.geom_type for shape in shapes] == [
        "Polygon", "MultiPolygon", "LineString", None, None,
    ]  # fmt: skip
    assert shapes[0].area == 15.5
    assert raw.faults["bad_geometry"].tolist() == [3]
    assert raw.leftovers == {3: {"geometry": "111.4;-7.4"}}
    assert raw.columns == ["name", "description"]


def test_gpx_points_of_tracks_carry_time_and_track() -> None:
    raw = parse_table(InputFile("a.gpx", make_gpx("trkpt")))
    assert raw.frame["datetime"].tolist() == ["2026-01-02T09:30:00Z", "2026-01-03T10:00:00Z"]
    assert raw.frame["track"].tolist() == ["Patroli", "Patroli"]
    both = make_gpx().replace(b"</gpx>", make_gpx("trkpt").partition(b">")[2])
    assert len(parse_table(InputFile("a.gpx", both))) == 2
    assert parse_table(InputFile("a.gpx", both)).layers == ("waypoints", "track_points")
    assert parse_table(InputFile("a.gpx", both), layer="track_points").columns[-1] == "track"


def test_gpx_point_without_a_place_is_a_faulty_row() -> None:
    raw = parse_table(InputFile("a.gpx", b'<gpx><wpt lat="x" lon="1"><name>P</name></wpt></gpx>'))
    assert raw.faults["bad_geometry"].tolist() == [0]


def test_ods_to_its_sheet_s_end_and_xls_dates_are_read() -> None:
    assert len(parse_table(InputFile("a.ods", make_ods()))) == 2


def test_typed_columns_become_what_a_person_would_type() -> None:
    table = pa.table(
        {
            "whole": pa.array([1.0, 1e20, float("nan")]),
            "decimal": pa.array([111.4, -7.123456789012345, None]),
            "day": pa.array([0, 20_000, None], pa.date32()),
            "moment": pa.array([0, 1_500, None], pa.timestamp("ms", "UTC")),
            "category": pa.array(["a", "b", "a"]).dictionary_encode(),
            "list": pa.array([[1, 2], [], None]),
            "blob": pa.array([b"x", b"y", None]),
            "yes": pa.array([True, False, None]),
            "text": pa.array(["", "a\x00b", " c"]),
        }
    )
    frame = table_to_text(table).fillna("?")
    assert frame.to_dict("list") == {
        "whole": ["1", "1e+20", "?"],
        "decimal": ["111.4", "-7.123456789012345", "?"],
        "day": ["1970-01-01", "2024-10-04", "?"],
        "moment": ["1970-01-01 00:00:00Z", "1970-01-01 00:00:01.500Z", "?"],
        "category": ["a", "b", "a"],
        "list": ["[1, 2]", "[]", "?"],
        "yes": ["true", "false", "?"],
        "text": ["?", "ab", " c"],
    }


def geo_parquet(geo: dict[str, object]) -> bytes:
    table = pa.table({"id": ["1"], "geometry": [shapely.to_wkb(shapely.Point(1, 2))]})
    buffer = io.BytesIO()
    parquet.write_table(table.replace_schema_metadata({b"geo": json.dumps(geo).encode()}), buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("facts", "what"),
    [
        ({"encoding": "WKB", "crs": None}, "EPSG:4326"),
        ({"encoding": "WKB"}, "EPSG:4326"),
        ({"encoding": "WKB", "crs": {"id": {"authority": "OGC", "code": "CRS84"}}}, "EPSG:4326"),
        ({"encoding": "WKB", "crs": {"id": {"authority": "EPSG", "code": 23830}}}, "EPSG:23830"),
        ({"encoding": "WKB", "crs": {"id": {"authority": "/etc", "code": "passwd"}}}, "without an EPSG code"),
        ({"encoding": "point"}, "WKB"),
    ],
)
def test_geoparquet_metadata_is_honoured(facts: dict[str, object], what: str) -> None:
    content = geo_parquet({"primary_column": "geometry", "columns": {"geometry": facts}})
    try:
        assert parse_table(InputFile("a.parquet", content)).crs == what
    except FileRefusedError as error:
        assert what in str(error)  # noqa: PT017 - each case is one or the other


def test_a_table_crosses_to_another_process_unchanged() -> None:
    text = b'a;b\n1;"x\ny"\n\n2\n3;4;5\n'
    near, far = parse_table(InputFile("a.csv", text)), read_table(InputFile("a.csv", text))
    assert near.frame.equals(far.frame)
    assert near.row_numbers.tolist() == far.row_numbers.tolist()
    assert near.leftovers == far.leftovers
    assert {key: value.tolist() for key, value in near.faults.items()} == {
        key: value.tolist() for key, value in far.faults.items()
    }
    assert replace(near, frame=far.frame).layout == far.layout
