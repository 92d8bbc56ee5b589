"""Columns find their fields by name; what a person states wins; what lacks is asked for."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely

from data.errors import DataError, MappingError
from data.mapping import resolve_mapping, suggest_dataset, suggest_mapping
from data.readers import InputFile, RawTable, read_table
from data.schema import DATASETS
from tests.data.files import pack_shapefile

NATIONAL_APP = (
    "nama_kepala_keluarga,detail_alamat_kepala_keluarga,desa_kepala_keluarga,kecamatan_kepala_keluarga,"
    "rt_kepala_keluarga,rw_kepala_keluarga,tanggal_kunjungan,kunjungan_ke,nama_penerima_kunjungan,keterangan"
)


def table(header: str, row: str = "") -> RawTable:
    return read_table(
        InputFile("clerk.csv", f"{header}\n{row or ','.join('1' for _ in header.split(','))}\n".encode())
    )


@pytest.mark.parametrize(
    ("dataset", "header", "expected"),
    [
        ("boundaries", "kode,nama,lat,lng", {"village_code": "kode", "village": "nama"}),
        (
            "boundaries",
            "KODE_DESA,NAMOBJ,WADMKD,WADMKC,WADMKK",
            {"village_code": "KODE_DESA", "village": "WADMKD", "district": "WADMKC", "regency": "WADMKK"},
        ),
        ("households", "id,lon,lat", {"household_id": "id", "lon": "lon", "lat": "lat"}),
        ("officers", "NRP,Nama,Pangkat", {"officer_id": "NRP", "name": "Nama", "rank": "Pangkat"}),
        (
            "crimes",
            "RecordID,Offense,IncidentID,DateReported,HourReported,lat,lon,loc_type",
            {
                "crime_id": "IncidentID", "occurred_at": "DateReported", "time": "HourReported",
                "category": "Offense", "lon": "lon", "lat": "lat",
            },
        ),
        (
            "crimes",
            "Crime ID,Month,Reported by,Longitude,Latitude,Crime type,Last outcome category",
            {
                "crime_id": "Crime ID", "occurred_at": "Month", "category": "Crime type", "lon": "Longitude",
                "lat": "Latitude", "status": "Last outcome category",
            },
        ),
        (
            "crimes",
            "No. LP,Tgl Kejadian,Jam,Kategori,Desa/Kelurahan,Kecamatan,offence",
            {
                "crime_id": "No. LP", "occurred_at": "Tgl Kejadian", "time": "Jam", "category": "Kategori",
                "offence": "offence", "village": "Desa/Kelurahan", "district": "Kecamatan",
            },
        ),
    ],
)  # fmt: skip
def test_columns_of_known_systems_find_their_fields(
    dataset: str, header: str, expected: dict[str, str]
) -> None:
    assert suggest_mapping(table(header), DATASETS[dataset]).columns == expected


def test_export_of_the_national_app_is_mapped_and_its_officer_called_unknown() -> None:
    mapping = resolve_mapping(table(NATIONAL_APP), DATASETS["visits"], {})
    assert mapping.columns == {
        "visited_at": "tanggal_kunjungan",
        "head_name": "nama_kepala_keluarga",
        "rt": "rt_kepala_keluarga",
        "rw": "rw_kepala_keluarga",
        "village": "desa_kepala_keluarga",
        "district": "kecamatan_kepala_keluarga",
        "remarks": "keterangan",
    }
    assert mapping.constants == {"officer_id": "unknown"}
    assert "kunjungan_ke" in mapping.unused


def test_unit_behind_a_name_is_no_part_of_it() -> None:
    mapping = suggest_mapping(
        table("Tanggal (dd/mm/yyyy),Jam (WIB),Petugas,Akurasi [m]", "31/10/2026,09.30,B1,4.5"),
        DATASETS["visits"],
    )
    assert mapping.columns == {
        "visited_at": "Tanggal (dd/mm/yyyy)", "time": "Jam (WIB)", "officer_id": "Petugas",
        "accuracy_m": "Akurasi [m]",
    }  # fmt: skip


@pytest.mark.parametrize(
    "name",
    ["akurasi_m", "akurasi", "accuracy (m)", "Akurasi (meter)", "GPS Accuracy", "gps-Accuracy",
     "ketelitian_m", "_gps_precision", "accuracy_meters", "Akurasi GPS (m)"],
)  # fmt: skip
def test_accuracy_is_recognised_by_the_names_that_apps_give_it(name: str) -> None:
    mapping = suggest_mapping(table(f"tanggal,nrp,{name}", "31/10/2026,B1,4.5"), DATASETS["visits"])
    assert (mapping.columns.get("accuracy_m"), mapping.unused) == (name, ())


def test_dilution_of_precision_is_not_taken_for_metres() -> None:
    mapping = suggest_mapping(table("tanggal,nrp,HDOP,pdop", "31/10/2026,B1,1.2,2.0"), DATASETS["visits"])
    assert (mapping.columns["hdop"], mapping.unused) == ("HDOP", ("pdop",))
    assert "accuracy_m" not in mapping


def test_numbers_with_decimal_comma_are_no_points() -> None:
    raw = read_table(InputFile("a.csv", b"tgl;nrp;nilai\n31/10/2026;B1;4,5\n30/10/2026;B1;8,25\n"))
    assert "point" not in suggest_mapping(raw, DATASETS["visits"])


@pytest.mark.parametrize("text", ["-7,4051; 111,402", "-7.4051,111.402", "POINT (9.75 47.1)"])
def test_points_under_any_name_are_known_by_their_values(text: str) -> None:
    raw = table("tgl,nrp,titik_rumah", f'31/10/2026,B1,"{text}"')
    assert suggest_mapping(raw, DATASETS["visits"]).columns["point"] == "titik_rumah"


def test_location_in_words_is_no_point_but_broken_coordinates_are() -> None:
    words = suggest_mapping(table("tgl,nrp,lokasi", "31/10/2026,B1,Balai desa RT 3"), DATASETS["visits"])
    assert words.unused == ("lokasi",)
    for name, text in (("lokasi", '"-7.41, 111.4"'), ("koordinat", "-7.40.51")):
        broken = suggest_mapping(table(f"tgl,nrp,{name}", f"31/10/2026,B1,{text}"), DATASETS["visits"])
        assert broken.columns["point"] == name


def test_names_cut_by_a_shapefile_are_known() -> None:
    frame = gpd.GeoDataFrame(
        {"tanggal_kunjungan": ["31/10/2026"], "nrp": ["B1"], "nama_kepala_keluarga": ["Sri"], "id": ["7"]},
        geometry=[shapely.Point(111.4, -7.4)],
        crs="EPSG:4326",
    )
    raw = read_table(InputFile("a.zip", pack_shapefile(frame)))
    assert suggest_mapping(raw, DATASETS["visits"]).columns == {
        "visit_id": "id", "visited_at": "tanggal_ku", "officer_id": "nrp", "head_name": "nama_kepal",
    }  # fmt: skip


def test_stated_column_wins_and_leaves_its_field() -> None:
    raw = table("id,lon,lat,KK Nomor")
    mapping = resolve_mapping(raw, DATASETS["households"], {"household_id": "kk_nomor", "tags": "id"})
    assert mapping.columns == {"household_id": "KK Nomor", "lon": "lon", "lat": "lat", "tags": "id"}
    taken = resolve_mapping(raw, DATASETS["households"], {"tags": "lat", "lat": ""})
    assert taken.columns["tags"] == "lat"
    assert "lat" not in taken


def test_one_text_may_stand_for_a_column() -> None:
    mapping = resolve_mapping(table("tanggal,desa"), DATASETS["visits"], {"officer_id": "=B-12"})
    assert mapping.constants == {"officer_id": "B-12"}


def test_missing_required_column_is_asked_for_with_the_columns_there_are() -> None:
    with pytest.raises(MappingError) as caught:
        resolve_mapping(table("tanggal,desa"), DATASETS["visits"], {})
    assert str(caught.value) == (
        "clerk.csv has no column for officer_id: its columns are tanggal, desa. Choose a column "
        "for officer_id, or enter the same text for all rows."
    )


def test_households_need_something_to_be_told_apart_by() -> None:
    with pytest.raises(
        MappingError, match="household_id, or lon with lat, or point, or village with head_name"
    ):
        resolve_mapping(table("alamat,rt"), DATASETS["households"], {})
    assert resolve_mapping(table("desa,kk"), DATASETS["households"], {}).columns["head_name"] == "kk"


def test_points_of_the_file_itself_are_enough_for_households() -> None:
    point = b'{"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [111, -7]}}'
    raw = read_table(InputFile("a.geojson", point))
    assert resolve_mapping(raw, DATASETS["households"], {}).columns == {}
    with pytest.raises(MappingError, match="village_code, or village"):
        resolve_mapping(raw, DATASETS["boundaries"], {})


def test_unknown_column_or_field_is_refused() -> None:
    with pytest.raises(MappingError, match="no column 'warna' for tags"):
        resolve_mapping(table("id,lon"), DATASETS["households"], {"tags": "warna"})
    with pytest.raises(DataError, match="no field 'colour'"):
        resolve_mapping(table("id,lon"), DATASETS["households"], {"colour": "id"})


@pytest.mark.parametrize(
    ("header", "row", "dataset"),
    [
        ("id,nama,lon,lat", "1,Sri,111.4,-7.4", "households"),
        ("NRP,Nama,Pangkat", "1,Budi,Aiptu", "officers"),
        ("NRP,Tanggal,Desa,RT,RW,Kepala Keluarga", "1,31/10/2026,Sawo,1,2,Sri", "visits"),
        ("No LP,Tgl Kejadian,Jenis,Desa", "LP/B/1,31/10/2026,curat,Sawo", "crimes"),
        ("kode,nama,wkt", '35.21.07.2013,Sawo,"POLYGON ((0 0,1 0,1 1,0 0))"', "boundaries"),
        ("nama,alamat", "Sri,Jalan Raya", None),
    ],
)
def test_columns_tell_what_a_file_holds(header: str, row: str, dataset: str | None) -> None:
    assert suggest_dataset(table(header, row)) == dataset
