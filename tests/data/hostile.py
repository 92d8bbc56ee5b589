"""Files that mean harm: each would read the canary, ask the trap, or take all memory or time there is."""

from __future__ import annotations

import gzip
import io
import sqlite3
import stat
import struct
import tempfile
import zipfile
from pathlib import Path

import openpyxl
import pyarrow as pa
import xlwt
from pyarrow import parquet

from tests.data.files import make_geopackage, make_kml, make_ods, make_shapefile, make_xlsx, make_zip

_ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
BOMB = f'<!DOCTYPE x [<!ENTITY e0 "boom">{_ENTITIES}]>'


def make_hostile(canary: Path, trap: str) -> dict[str, bytes]:
    """Make the files.

    Parameters
    ----------
    canary
        A file that must not be read.
    trap
        Address of a server that must not be asked.
    """
    return {
        **_hostile_texts(canary, trap),
        **_hostile_archives(canary),
        **_hostile_books(canary),
        **_hostile_tables(canary, trap),
    }


def _vrt(target: str) -> str:
    return (
        f"<OGRVRTDataSource><OGRVRTLayer name='layer'><SrcDataSource>{target}</SrcDataSource>"
        "</OGRVRTLayer></OGRVRTDataSource>"
    )


def _hostile_texts(canary: Path, trap: str) -> dict[str, bytes]:
    link = f"<NetworkLink><Link><href>{trap}/a.kml</href></Link></NetworkLink>"
    entity = f'<!DOCTYPE kml [<!ENTITY c SYSTEM "file://{canary}">]>'
    remote = f'<!DOCTYPE gpx SYSTEM "{trap}/a.dtd">'
    texts = {
        "vrt.geojson": _vrt(str(canary)),
        "vrt-remote.geojson": _vrt(f"/vsicurl/{trap}/a.csv"),
        "raster.geojson": f"<VRTDataset><VRTRasterBand><SourceFilename>{canary}</SourceFilename>",
        "links.gml": (
            '<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml" '
            f'xsi:schemaLocation="x {trap}/a.xsd">'
            f'<gml:featureMember xlink:href="{trap}/b.gml"/></gml:FeatureCollection>'
        ),
        "links.kml": make_kml().decode().replace("<Folder>", f"<Folder>{link}"),
        "entity.kml": entity + "<kml><Placemark><name>&c;</name></Placemark></kml>",
        "bomb.kml": BOMB + "<kml><Placemark><name>&e9;</name></Placemark></kml>",
        "remote.gpx": remote + "<gpx><wpt lat='1' lon='2'/></gpx>",
        "deep.gpx": "<gpx>" + "<a>" * 200_000,
        "wms.geojson": f"<GDAL_WMS><Service name='TMS'><ServerUrl>{trap}/t</ServerUrl></Service></GDAL_WMS>",
        "deep.geojson": '{"type":"FeatureCollection","features":' + "[" * 500_000,
        "columns.csv": "a," * 3_000 + "\n" + "1," * 3_000,
        "service.geojson": '{"type": "FeatureServer", "url": "' + trap + '"}',
    }
    return {name: text.encode() for name, text in texts.items()}


def _hostile_archives(canary: Path) -> dict[str, bytes]:
    zeros = make_zip({"a.csv": b"id\n" + b"0" * 100_000_000})
    link = io.BytesIO()
    with zipfile.ZipFile(link, "w") as archive:
        member = zipfile.ZipInfo("a.csv")
        member.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(member, str(canary))
    locked = bytearray(make_zip({"a.csv": b"id\n1\n"}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(mark) + offset] |= 1
    return {
        "vrt.zip": make_zip({"layer.vrt": _vrt(str(canary))}),
        "vrts.zip": make_zip({"a.vrt": _vrt(str(canary)), "b.vrt": _vrt(str(canary))}),
        "bomb.zip": zeros,
        "nested.zip": make_zip({"a.zip": zeros}),
        "nested-deep.zip": make_zip({"a.zip": make_zip({"b.zip": make_zip({"c.csv": b"id\n1\n"})})}),
        "bomb.gz": gzip.compress(b"0" * 60_000_000),
        "twice.gz": gzip.compress(gzip.compress(b"id\n" + b"1\n" * 1000)),
        "many.zip": make_zip({f"{n}.csv": b"id\n" for n in range(51)}),
        "up.zip": make_zip({"../../a.csv": b"id\n1\n"}),
        "absolute.zip": make_zip({"/etc/a.csv": b"id\n1\n"}),
        "backslash.zip": make_zip({"..\\..\\a.csv": b"id\n1\n"}),
        "drive.zip": make_zip({"C:\\a.csv": b"id\n1\n"}),
        "link.zip": link.getvalue(),
        "locked.zip": bytes(locked),
        "grids.zip": _shapefile_with(prj=_prj(canary)),
        "vrt-as.zip": _shapefile_with(shp=_vrt(str(canary)).encode()),
    }


def _prj(canary: Path) -> bytes:
    return (
        'GEOGCS["a",DATUM["b",SPHEROID["c",6378137,298.25]],PRIMEM["d",0],UNIT["degree",0.0174532925199433],'
        f'EXTENSION["PROJ4","+proj=longlat +nadgrids={canary}"]]'
    ).encode()


def _shapefile_with(**parts: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(make_shapefile())) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    return make_zip({name: parts.get(name.rpartition(".")[2], part) for name, part in members.items()})


def _hostile_books(canary: Path) -> dict[str, bytes]:
    far = openpyxl.Workbook()
    far.active["A1"], far.active["XFD1048576"] = "id", 1
    buffer = io.BytesIO()
    far.save(buffer)
    old = xlwt.Workbook()
    sheet = old.add_sheet("a")
    for place in ((0, 0), (65_535, 255)):
        sheet.write(*place, "x")
    older = io.BytesIO()
    old.save(older)
    repeated = (
        '<table:table-row table:number-rows-repeated="1000000"><table:table-cell '
        'office:value-type="string" table:number-columns-repeated="16000"><text:p>boom</text:p>'
        "</table:table-cell></table:table-row>"
    )
    with zipfile.ZipFile(io.BytesIO(make_xlsx())) as archive:
        book = {name: archive.read(name) for name in archive.namelist()}
    sheet_name = "xl/worksheets/sheet1.xml"
    prefixed = book[sheet_name].replace(b"<c ", b"<x:c ").replace(b'r="A3"', b"r='XFD1048576'")
    return {
        "far.xlsx": buffer.getvalue(),
        "far.xls": older.getvalue(),
        "far.ods": make_ods(repeated),
        "far-prefixed.xlsx": make_zip(book | {sheet_name: prefixed}),
        "bomb.xlsx": make_zip(book | {"xl/sharedStrings.xml": BOMB + "<sst><si><t>&e9;</t></si></sst>"}),
        "canary.xlsx": make_zip(
            book | {"xl/sharedStrings.xml": f'<!DOCTYPE s [<!ENTITY c SYSTEM "{canary}">]><sst>&c;</sst>'}
        ),
        "blank.xlsx": make_zip(book | {sheet_name: b"<worksheet>" + b" " * 60_000_000}),
    }


def _hostile_tables(canary: Path, trap: str) -> dict[str, bytes]:
    runs = io.BytesIO()
    column = pa.chunked_array([pa.nulls(20_000_000, pa.int8())] * 4)
    parquet.write_table(pa.table({"a": column}), runs)
    small = io.BytesIO()
    parquet.write_table(pa.table({"id": ["1", "2"] * 1000}), small)
    sound = small.getvalue()
    footer = struct.unpack("<I", sound[-8:-4])[0]
    absurd = sound[:-8] + struct.pack("<I", 2**32 - 1) + b"PAR1"
    lists = sound[: -8 - footer] + b"\x15\x04\x19\xfc" + b"\xff" * 4 + b"\x07" + sound[-8:]
    rows = bytearray(sound)
    start = len(rows) - 8 - footer
    place = bytes(rows).index(b"\xa0\x1f", start)  # 2,000 rows, as a zigzag varint
    rows[place : place + 2] = b"\xfe\xff\xff\xff\xff\x0f"
    rows[-8:-4] = struct.pack("<I", footer + 4)
    return {
        "runs.parquet": runs.getvalue(),
        "absurd.parquet": absurd,
        "lists.parquet": lists,
        "rows.parquet": bytes(rows),
        "view.gpkg": _geopackage_with(
            f"CREATE VIEW evil AS SELECT 1 AS fid, load_extension('{canary}') AS nama", "evil"
        ),
        "virtual.gpkg": _geopackage_with(f"CREATE VIRTUAL TABLE evil USING VirtualOGR('{canary}')", "evil"),
        "remote.gpkg": _geopackage_with(
            f"CREATE VIRTUAL TABLE evil USING VirtualOGR('/vsicurl/{trap}/a.csv')", "evil"
        ),
    }


def _geopackage_with(definition: str, name: str) -> bytes:
    """Make a GeoPackage whose one table is defined by SQL that GDAL is to run."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.gpkg"
        path.write_bytes(make_geopackage())
        with sqlite3.connect(path) as database:  # another process's file: Sambang never opens it so
            database.execute("DELETE FROM gpkg_geometry_columns")
            database.execute("UPDATE gpkg_contents SET table_name = ?, data_type = 'attributes'", [name])
            database.execute("PRAGMA writable_schema = ON")
            kind = "view" if definition.startswith("CREATE VIEW") else "table"
            database.execute(
                "INSERT INTO sqlite_master VALUES (?, ?, ?, 0, ?)", [kind, name, name, definition]
            )
        database.close()
        return path.read_bytes()
