"""Files of every dialect become the same table of text, and no row vanishes."""

from __future__ import annotations

import gzip
import io
import json
import os
import time
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest
import shapely

from data.errors import FileRefusedError, LayerError
from data.readers import InputFile, read_table
from data.readers.parse import parse_table
from data.readers.table import find_header, name_columns
from data.settings import get_settings

if TYPE_CHECKING:
    from data.readers import RawTable


def read(content: str | bytes, name: str = "file.csv", **options: str) -> RawTable:
    return parse_table(InputFile(name, content.encode() if isinstance(content, str) else content), **options)


def workbook(*rows: list[object], title: str = "Data") -> bytes:
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def collection(*features: dict[str, object], **members: object) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features, **members})


def test_delimiter_is_told_by_the_header_when_rows_mislead() -> None:
    assert read('id,nama,rt,desa\n1,"a;b"\n2,"c;d"\n').columns == ["id", "nama", "rt", "desa"]
    assert read("id;nama;lat\n1;Siti, S.Pd.;-7,4\n2;Budi, S.H.;-7,5\n").columns == ["id", "nama", "lat"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encodings_and_delimiters_give_the_same_table(encoding: str, delimiter: str) -> None:
    text = "id,nama,lat\r\n1,Café,-7.4\r\n2,Désa,-7.5\r\n".replace(",", delimiter)
    raw = read(text.encode(encoding))
    assert raw.frame.to_dict("list") == {"id": ["1", "2"], "nama": ["Café", "Désa"], "lat": ["-7.4", "-7.5"]}
    assert raw.row_numbers.tolist() == [2, 3]


def test_utf16_without_mark_and_old_mac_line_ends_are_read() -> None:
    assert read("id,nama\r1,a\r".encode("utf-16-le")).frame["nama"].tolist() == ["a"]


def test_stated_separator_and_title_lines_are_passed_over() -> None:
    raw = read("sep=;\nLaporan kunjungan, Januari\n\nid;lon\n1;111,4\n")
    assert raw.columns == ["id", "lon"]
    assert raw.row_numbers.tolist() == [5]


def test_everything_is_text_and_only_nothing_is_missing() -> None:
    raw = read('id,rt,x\n007,NA,\n1e5,"",-\n')
    assert raw.frame["id"].tolist() == ["007", "1e5"]
    assert raw.frame["rt"].isna().tolist() == [False, True]
    assert raw.frame["x"].isna().tolist() == [True, False]


def test_ragged_rows_stay_in_their_places_with_their_text() -> None:
    raw = read("a,b,c\n1,2,3\n4,5\n6,7,8,9\n10,11,12\n")
    assert raw.row_numbers.tolist() == [2, 3, 4, 5]
    assert raw.faults["ragged_row"].tolist() == [1, 2]
    assert raw.frame.loc[1].fillna("").tolist() == ["4", "5", ""]
    assert raw.leftovers == {2: {"(more)": "9"}}


def test_cell_beyond_the_header_makes_a_row_too() -> None:
    raw = read("a,b\n,,x\n,,\n1,2\n")
    assert raw.row_numbers.tolist() == [2, 4]
    assert raw.leftovers == {0: {"(more)": "x"}}


def test_lines_are_counted_through_quoted_line_ends_and_blank_lines() -> None:
    raw = read('a,b\n1,"two\nlines"\n\n,\n2,x\n3\n4,"y\n\nz"\n5,end\n')
    assert raw.frame["a"].tolist() == ["1", "2", "3", "4", "5"]
    assert raw.row_numbers.tolist() == [2, 6, 7, 8, 11]


@pytest.mark.parametrize(
    "text",
    ['a,b,c\n1,"x\n2,d,e\n3,1,2\n', 'a,b\n1,"x\n2,y\n', 'a,b\n1,ok\n2,"""x\n3,y\n'],
)
def test_quotation_mark_never_closed_is_refused(text: str) -> None:
    with pytest.raises(FileRefusedError, match="never closed"):
        read(text)


def test_quotation_marks_inside_cells_are_kept() -> None:
    raw = read('a,b\n1,pipa 5" baru\n2,"kata ""baik"""\n3,"baris\nakhir"')
    assert raw.frame["b"].tolist() == ['pipa 5" baru', 'kata "baik"', "baris\nakhir"]


def test_gzip_is_unpacked_whatever_the_name() -> None:
    assert read(gzip.compress(b"id\n1\n"), name="x.csv").frame["id"].tolist() == ["1"]


def test_gzip_bomb_and_torn_gzip_are_refused() -> None:
    with pytest.raises(FileRefusedError, match="unpacks to more than"):
        read(gzip.compress(b"0" * 50_000_000))
    with pytest.raises(FileRefusedError, match="damaged"):
        read(gzip.compress(b"id\n" + bytes(range(48, 58)) * 50)[:-12])


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"<OGRVRTDataSource/>", r"an unsupported kind of XML \(OGRVRTDataSource\)"),
        (b"<!DOCTYPE html><html><table><tr><td>id", "a web page"),
        (b"PAR1abc", "damaged Parquet"),
        (b"\xd0\xcf\x11\xe0", "damaged Office"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "damaged workbook"),
        (b"\x00\x00\x27\x0a", "only one part of a shapefile"),
        (b"%PDF-1.7", "PDF"),
        (b"PK\x03\x04broken", "damaged"),
        (b"a,b\n1,\x00\n" * 300, "not a text table"),
        (b"{", "not valid GeoJSON"),
        (b'{"type": "Topology"}', "not GeoJSON"),
        (b'{"type": "FeatureCollection", "features": []}', "no features"),
        (b'{"a":' * 200_000, "nested"),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(content: bytes, what: str) -> None:
    with pytest.raises(FileRefusedError, match=what) as caught:
        read(content, name="clerk.csv")
    assert "clerk.csv" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_absent_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefusedError, match="is unreadable"):
        read_table(tmp_path / "absent.csv")


def test_folder_and_device_are_no_files(tmp_path: Path) -> None:
    with pytest.raises(FileRefusedError, match="is a folder or a device"):
        read_table(tmp_path)
    with pytest.raises(FileRefusedError):
        read_table(Path(os.devnull))


def test_archive_without_a_workbook_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("evil.vrt", "<OGRVRTDataSource/>")
    with pytest.raises(FileRefusedError, match="an unsupported kind of XML"):
        read(buffer.getvalue())


def test_workbook_values_become_text_and_keep_their_row_numbers() -> None:
    raw = read(
        workbook(
            ["Rekap kunjungan"],
            [],
            ["id", "waktu", "kode", "ok", "desimal"],
            [1, datetime(2026, 1, 2, 9, 30), 3521072013, True, 111.25],  # noqa: DTZ001 - sheets know no zone
            [],
            ["x", date(2026, 1, 3), None, False, -7.5],
        )
    )
    assert raw.kind == "xlsx"
    assert raw.layers == ("Data",)
    assert raw.row_numbers.tolist() == [4, 6]
    assert raw.frame.fillna("").to_numpy().tolist() == [
        ["1", "2026-01-02T09:30:00", "3521072013", "true", "111.25"],
        ["x", "2026-01-03", "", "false", "-7.5"],
    ]


def test_points_without_properties_are_rows() -> None:
    raw = read(collection(*[{"properties": None, "geometry": {"type": "Point", "coordinates": [1, 2]}}] * 3))
    assert (len(raw), raw.columns) == (3, [])


def test_sheet_is_chosen_by_name() -> None:
    book = openpyxl.Workbook()
    book.create_sheet("Kedua").append(["id"])
    book["Kedua"].append([2])
    buffer = io.BytesIO()
    book.save(buffer)
    assert read(buffer.getvalue()).frame["id"].tolist() == ["2"]  # the first sheet is empty
    with pytest.raises(LayerError, match="no layer 'Ketiga': its layers are Sheet, Kedua"):
        read(buffer.getvalue(), layer="Ketiga")


def test_workbook_with_a_far_cell_is_refused_before_it_is_parsed() -> None:
    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = "id", 1
    buffer = io.BytesIO()
    book.save(buffer)
    started = time.perf_counter()
    with pytest.raises(FileRefusedError, match="far away from its table"):
        read(buffer.getvalue())
    assert time.perf_counter() - started < 5


def test_geojson_properties_become_text_and_geometry_wkb() -> None:
    point = {"type": "Point", "coordinates": [111.4, -7.4, 9.0]}
    raw = read(
        collection(
            {"properties": {"id": 1, "nama": "A", "x": None}, "geometry": point},
            {"properties": {"id": 2.5, "tags": ["a", "b"], "ya": True}, "geometry": None},
            {"properties": None, "geometry": {"type": "Polygon", "coordinates": [[[0, 0]]]}},
            "not a feature",
        )
    )
    assert raw.frame.fillna("").to_numpy().tolist() == [
        ["1", "A", "", "", ""], ["2.5", "", "", '["a", "b"]', "true"], [""] * 5, [""] * 5,
    ]  # fmt: skip
    assert shapely.from_wkb(raw.geometry[0]).equals(shapely.Point(111.4, -7.4))
    assert [shape is None for shape in raw.geometry] == [False, True, True, True]
    assert raw.faults["bad_geometry"].tolist() == [2]
    assert raw.leftovers[2]["geometry"] == '{"type": "Polygon", "coordinates": [[[0, 0]]]}'


@pytest.mark.parametrize(
    ("name", "crs"),
    [
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326"),
        ("urn:ogc:def:crs:EPSG::32749", "EPSG:32749"),
        ("EPSG:23830", "EPSG:23830"),
    ],
)
def test_crs_member_is_honoured(name: str, crs: str) -> None:
    feature = {"properties": {}, "geometry": {"type": "Point", "coordinates": [1, 2]}}
    assert read(collection(feature, crs={"type": "name", "properties": {"name": name}})).crs == crs


def test_unknown_crs_is_refused() -> None:
    with pytest.raises(FileRefusedError, match="coordinate reference system"):
        read(collection({}, crs={"properties": {"name": "/etc/passwd"}}))


def test_header_names_are_made_unique() -> None:
    assert name_columns(["a", "a", "", "a_2"]) == ["a", "a_2", "column_3", "a_2_2"]


def test_header_is_found_below_titles() -> None:
    assert find_header([["t", "", ""], ["", "", ""], ["a", "b", ""], ["1", "2", "3"], ["1", "2", "3"]]) == 2


@pytest.mark.parametrize(
    "foot", ["Jumlah;3;", "TOTAL;;3", ";Total kunjungan: 3;", "Grand total;3", "Rata-rata;1,5;2"]
)
def test_total_below_a_table_is_told_from_records(foot: str) -> None:
    raw = read(f"id;nama;n\n1;Sri;2\n2;Budi;1\n{foot}\nNgawi, 31 Januari 2026;;\n")
    assert raw.row_numbers.tolist() == [2, 3, 4, 5]
    assert {reason: rows.tolist() for reason, rows in raw.faults.items()} == {"total_row": [2]}


def test_records_that_only_begin_like_a_total_are_records() -> None:
    raw = read("nama;rt;desa\nTotal Wijaya;01;Kulon\nJumlah;2;Wetan\nTotalindo;;\n")
    assert raw.faults == {}


def test_total_in_a_workbook_is_a_row_of_the_file() -> None:
    raw = read(workbook(["REKAP"], ["id", "nama", "n"], ["1", "Sri", 2], [], ["Jumlah", None, 2]))
    assert raw.row_numbers.tolist() == [3, 5]
    assert raw.faults["total_row"].tolist() == [1]


def test_merged_titles_above_a_workbook_s_table_are_passed_over() -> None:
    book = openpyxl.Workbook()
    for row in (["LAPORAN KUNJUNGAN"], ["Bulan Januari 2026"], [], ["No", "Nama KK", "RT", "Tanggal"]):
        book.active.append(row)
    for number in range(5):
        book.active.append([number, "Sri", "01", "01/01/2026"])
    book.active.merge_cells("A1:D1")
    book.active.merge_cells("A2:D2")
    buffer = io.BytesIO()
    book.save(buffer)
    raw = read(buffer.getvalue())
    assert raw.columns == ["No", "Nama KK", "RT", "Tanggal"]
    assert raw.row_numbers.tolist() == [5, 6, 7, 8, 9]


def test_zip_around_one_table_is_taken_off() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("export/visits.csv", "id;lon\n1;111,4\n")
        archive.writestr("__MACOSX/._visits.csv", "x")
    assert read(buffer.getvalue()).columns == ["id", "lon"]


def test_file_larger_than_the_settings_allow_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAMBANG_MAX_FILE_MB", "1")
    get_settings.cache_clear()
    path = tmp_path / "big.csv"
    path.write_bytes(b"id\n" + b"1\n" * 600_000)
    with pytest.raises(FileRefusedError, match="SAMBANG_MAX_FILE_MB"):
        read_table(path)
    get_settings.cache_clear()


def test_layout_tells_files_apart_by_their_columns() -> None:
    assert read("a,b\n1,2\n").layout == read("a,b\n3,4\n").layout != read("b,a\n1,2\n").layout


def test_hundreds_of_thousands_of_rows_are_read_in_seconds() -> None:
    row = b"%d,2026-01-02 08:00,B7,111.4,-7.4,met,some remark\n"
    content = b"a,b,c,d,e,f,g\n" + b"".join(row % number for number in range(300_000))
    started = time.perf_counter()
    assert len(read(content)) == 300_000
    assert time.perf_counter() - started < 5
