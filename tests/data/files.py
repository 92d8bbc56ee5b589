"""Files of every format with the same two records in them, made in memory or in a folder for a moment."""

from __future__ import annotations

import csv
import io
import tempfile
import warnings
import zipfile
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import shapely
import xlwt

HEADER = ["id", "nama", "waktu", "n"]
ROWS = [["7", "Café Désa", "2026-01-02 09:30", "1.5"], ["8", "Sri", "2026-01-03 10:00", "2"]]
POINTS = [(111.45, -7.41), (111.46, -7.42)]


def make_csv(*, delimiter: str = ",", encoding: str = "utf-8", rows: list[list[str]] = ROWS) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n")
    writer.writerows([HEADER, *rows])
    return buffer.getvalue().encode(encoding)


def make_xlsx() -> bytes:
    book = openpyxl.Workbook()
    for row in [HEADER, *ROWS]:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def make_xls() -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Data")
    for y, row in enumerate([HEADER, *ROWS]):
        for x, cell in enumerate(row):
            sheet.write(y, x, cell)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def make_zip(members: dict[str, bytes | str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def make_ods(cells: str | None = None) -> bytes:
    """Make an OpenDocument sheet; without ``cells`` (rows as XML), empty rows follow to the sheet's end."""
    filler = (
        '<table:table-row table:number-rows-repeated="1048570"><table:table-cell '
        'table:number-columns-repeated="1024"/></table:table-row>'
    )
    rows = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
            for cell in row
        )
        + '<table:table-cell table:number-columns-repeated="1020"/></table:table-row>'
        for row in [HEADER, *ROWS]
    )
    names = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<office:document-content xmlns:office="{names}:office:1.0" xmlns:table="{names}:table:1.0" '
        f'xmlns:text="{names}:text:1.0"><office:body><office:spreadsheet><table:table table:name="Data">'
        f"{cells or rows + filler}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    manifest = f'<m:manifest xmlns:m="{names}:manifest:1.0"/>'
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return make_zip({"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest})


def make_frame(crs: str = "EPSG:4326") -> gpd.GeoDataFrame:
    frame = pd.DataFrame(ROWS, columns=HEADER).astype({"id": "int64", "n": "float64"})
    points = [shapely.Point(point) for point in POINTS]
    return gpd.GeoDataFrame(frame, geometry=points, crs="EPSG:4326").to_crs(crs)


def make_shapefile(crs: str = "EPSG:32749", *, encoding: str = "utf-8", without: str = "") -> bytes:
    return pack_shapefile(make_frame(crs), encoding=encoding, without=without)


def pack_shapefile(frame: gpd.GeoDataFrame, *, encoding: str = "utf-8", without: str = "") -> bytes:
    """Write a frame as a zipped shapefile, whose names of columns are cut at 10 bytes."""
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that names are cut
        frame.to_file(Path(folder) / "titik.shp", encoding=encoding, engine="pyogrio")
        parts = {f"export/{path.name}": path.read_bytes() for path in sorted(Path(folder).iterdir())}
    return make_zip({name: part for name, part in parts.items() if not without or not name.endswith(without)})


def make_geopackage(*layers: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.gpkg"
        for layer in layers or ("titik",):
            make_frame("EPSG:32749").to_file(path, layer=layer, engine="pyogrio")
        return path.read_bytes()


def make_geojson() -> bytes:
    return make_frame().to_json(drop_id=True).encode()


def make_parquet(crs: str | None = "EPSG:32749") -> bytes:
    """Make GeoParquet; plain Parquet without ``crs``."""
    buffer = io.BytesIO()
    frame = make_frame(crs or "EPSG:4326")
    (frame if crs else pd.DataFrame(frame.drop(columns="geometry"))).to_parquet(buffer)
    return buffer.getvalue()


def make_kml() -> bytes:
    marks = "".join(
        f"<Placemark><name>{row[1]}</name><TimeStamp><when>{row[2]}</when></TimeStamp><ExtendedData>"
        f'<Data name="id"><value>{row[0]}</value></Data><SchemaData><SimpleData name="n">{row[3]}'
        f"</SimpleData></SchemaData></ExtendedData><Point><coordinates>{x},{y},0</coordinates></Point></Placemark>"
        for row, (x, y) in zip(ROWS, POINTS, strict=True)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
        "<Style><IconStyle><Icon><href>http://maps.example/icon.png</href></Icon></IconStyle></Style>"
        f"<Folder>{marks}</Folder></Document></kml>"
    ).encode()


def make_kmz() -> bytes:
    return make_zip({"doc.kml": make_kml(), "files/icon.png": b"\x89PNG"})


def make_gpx(kind: str = "wpt") -> bytes:
    points = "".join(
        f'<{kind} lat="{y}" lon="{x}"><ele>90.5</ele><time>{row[2].replace(" ", "T")}:00Z</time>'
        f"<name>{row[1]}</name></{kind}>"
        for row, (x, y) in zip(ROWS, POINTS, strict=True)
    )
    body = {"wpt": points, "rtept": f"<rte>{points}</rte>"}.get(
        kind, f"<trk><name>Patroli</name><trkseg>{points}</trkseg></trk>"
    )
    return f'<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">{body}</gpx>'.encode()


FILES = {
    "csv": make_csv,
    "xlsx": make_xlsx,
    "xls": make_xls,
    "ods": make_ods,
    "geojson": make_geojson,
    "shapefile": make_shapefile,
    "geopackage": make_geopackage,
    "kml": make_kml,
    "gpx": make_gpx,
    "parquet": make_parquet,
}
"""One file of each kind that is read."""
