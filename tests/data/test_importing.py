"""The whole way of a file: what is stored, what is refused, what an undo leaves, on real files too."""

from __future__ import annotations

import csv
import io
import time
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data import repository
from data.database import Database
from data.errors import BatchError, DataError, FileRefusedError, ImportRefusedError, MappingError
from data.importing import commit_import, describe_import, undo_import
from data.importing.keys import make_village_codes
from data.importing.places import find_named_villages, place_records
from data.importing.register import Register
from data.schema import DATASETS
from tests.data.builders import EAST, WEST, make_households, make_villages, store
from tests.data.imports import DEMO, boundary_file, contents, load, prepare, square
from tests.volume import volume

SHARED = Path(__file__).parents[2].parent / "shared" / "data"
reference = [
    pytest.mark.reference,
    pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data is absent"),
]


@pytest.fixture
def village(database: Database) -> Database:
    """A database with two villages and four households."""
    store(database, "boundaries", make_villages())
    store(database, "households", make_households())
    return database


def test_points_are_placed_and_visits_matched(village: Database) -> None:
    result = load(
        village,
        "visits",
        "visit_id,tanggal,petugas,no_kk,lon,lat,kk,rt,rw,desa,kecamatan\n"
        "a,2026-10-01,P1,K3,111.402,-7.405,,,,,\n"
        "b,2026-10-01,P1,,,,SRI,1,,kulon,Kec. Tengah\n"
        "c,2026-10-01,P1,K99,111.41501,-7.405,,,,,\n"
        "d,2026-10-01,P1,,113.0,-7.405,,,,,\n"
        "e,2026-10-01,P1,,,,Sri,2,,Kulon,Tengah\n",
    )
    visits = repository.read_visits(
        village, DEMO, columns=("household_id", "household_match", "village_code", "placement")
    ).astype("str")
    assert visits.fillna("").to_numpy().tolist() == [
        ["K3", "id", WEST, "inside"],
        ["K1", "text", WEST, "unlocated"],
        ["K3", "distance", EAST, "inside"],  # 1.1 m away
        ["", "none", "", "outside"],
        ["", "none", WEST, "unlocated"],  # another RT: not the same Sri
    ]
    assert (result.outside, result.unlocated, result.rows_new) == (1, 2, 5)


def test_name_shared_by_two_households_matches_neither(village: Database) -> None:
    load(village, "households", "id,kk,rt,desa,kecamatan\nS1,Siti,3,Kulon,Tengah\nS2,siti,003,Kulon,Tengah\n")
    load(village, "visits", "tanggal,petugas,kk,rt,desa,kecamatan\n2026-10-01,P,Siti,3,Kulon,Tengah\n")
    visits = repository.read_visits(village, DEMO, columns=("household_match",))
    assert visits["household_match"].tolist() == ["none"]


def test_point_on_the_shared_border_is_of_the_lower_code(village: Database) -> None:
    placed = place_records(
        pd.DataFrame(
            {"lon": [111.41], "lat": [-7.405], "village_given": "Wetan", "district_given": "Tengah"}
        ).assign(village_code_given=None),
        Register(repository.read_villages(village, DEMO)),
    )
    assert placed.loc[0].tolist() == [WEST, "inside"]


def test_village_name_counts_only_with_its_district() -> None:
    villages = make_villages()
    rows = pd.DataFrame(
        {
            "village_given": ["Kulon", "Kulon", "Kulon", "Wetan", None],
            "district_given": ["tengah", None, "Lor", "Tengah", "Tengah"],
            "village_code_given": [None, None, None, WEST, "0000000000"],
        },
        dtype="str",
    )
    assert find_named_villages(rows, Register(villages)).codes.fillna("").tolist() == [WEST, "", "", WEST, ""]
    nameless = villages.assign(district=None)
    assert find_named_villages(rows, Register(nameless)).codes.fillna("").tolist() == [
        WEST,
        WEST,
        WEST,
        WEST,
        "",
    ]
    twice = nameless.assign(village="Kulon")
    assert find_named_villages(rows, Register(twice)).codes.fillna("").tolist() == ["", "", "", WEST, ""]


def test_refused_rows_keep_their_text_number_and_reasons(village: Database) -> None:
    result = load(village, "households", "id,lon,lat\n1,111.402,-7.405\n2,0,0\n3,111.4\n4,a,b,c\n")
    assert (result.rows_read, result.rows_accepted, result.rows_quarantined) == (4, 1, 3)
    assert result.reasons == {"ragged_row": 2, "zero_coordinates": 1}
    refused = repository.read_quarantine(village, DEMO, result.batch)
    assert refused.index.tolist() == [3, 4, 5]
    assert refused.fillna("").to_numpy().tolist() == [
        ["zero_coordinates", "2", "0", "0", ""],
        ["ragged_row", "3", "111.4", "", ""],
        ["ragged_row", "4", "a", "b", "c"],
    ]


def test_same_file_twice_changes_nothing(village: Database) -> None:
    text = "id,lon,lat\nK9,111.402,-7.405\n"
    first = load(village, "households", text)
    before = contents(village)
    second = load(village, "households", text, name="renamed.csv")
    assert second.unchanged
    assert second.batch == first.batch
    assert contents(village) == before
    assert not load(village, "households", text, columns={"tags": "id"}).unchanged


def test_corrected_file_replaces_by_key_and_undo_restores(village: Database) -> None:
    load(village, "households", "id,lon,lat\nK8,111.402,-7.405\nK9,111.402,-7.405\n")
    before = contents(village)
    result = load(village, "households", "id,lon,lat\nK8,111.402,-7.405\nK9,111.415,-7.405\nK10,,\n")
    assert (result.rows_same, result.rows_changed, result.rows_new) == (1, 1, 1)
    undo_import(village, DEMO, result.batch)
    assert contents(village) == before


def test_undo_of_an_unknown_import_is_refused(village: Database) -> None:
    with pytest.raises(BatchError, match="no import 99"):
        undo_import(village, DEMO, 99)


def test_rows_without_number_get_the_same_made_one_again(village: Database) -> None:
    text = "tanggal,kategori\n2026-10-01,curat\n2026-10-01,curat\n2026-10-02,curat\n"
    keys = prepare(village, "crimes", text).records.index.tolist()
    assert prepare(village, "crimes", text + "2026-10-03,curas\n").records.index.tolist()[:3] == keys
    assert keys[1] == f"{keys[0]}-2"
    assert len(set(keys)) == 3
    spreadsheet = text.replace(",", ";").replace("2026-10-02", "2/10/2026")
    assert prepare(village, "crimes", spreadsheet, dates="dayfirst").records.index.tolist() == keys


def test_key_twice_in_a_file_is_kept_once(village: Database) -> None:
    result = load(village, "officers", "nrp,nama\nB1,Budi\nB1,Budi\nB1,Boedi\nB2,Ani\n")
    assert result.reasons == {"duplicate_key": 1, "duplicate_row": 1}
    assert repository.read_officers(village, DEMO)["name"].tolist() == ["Budi", "Ani"]


def test_preview_shows_records_and_stores_nothing(village: Database) -> None:
    before = contents(village)
    prepared = prepare(village, "households", "id,lon,lat\nK9,111.402,-7.405\nx,,\n" + "y,0,0\n")
    assert prepared.preview(1)[["row_number", "village_code"]].to_numpy().tolist() == [[2, WEST]]
    assert prepared.points["placement"].tolist() == ["inside"]
    assert prepared.rows_unlocated == 1
    assert describe_import(prepared).batch is None
    assert contents(village) == before


def test_boundaries_are_mended_and_what_is_no_village_is_refused(database: Database) -> None:
    bowtie = {"type": "Polygon", "coordinates": [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]}
    flat = {"type": "Polygon", "coordinates": [[[0, 0], [2, 2], [0, 0], [0, 0]]]}
    far = {"type": "Polygon", "coordinates": [[[0, 0], [999, 2], [2, 0], [0, 0]]]}
    result = load(
        database,
        "boundaries",
        boundary_file(
            ({"kode": "99.01.01.2001", "nama": "Kulon"}, bowtie),
            ({"kode": "99.01.01.2001", "nama": "Kulon"}, bowtie),
            ({"kode": "99.01.01.2001", "nama": "Lain"}, square(1, 2)),
            ({"kode": "99.01.01.2002", "nama": None}, square(1, 2)),
            ({"kode": "99.01.01.2003", "nama": "Garis"}, flat),
            ({"kode": "99.01.01.2004", "nama": "Titik"}, {"type": "Point", "coordinates": [1, 2]}),
            ({"kode": "99.01.01.2005", "nama": "Kosong"}, None),
            ({"kode": "99.01.01.2006", "nama": "Jauh"}, far),
            ({"kode": "9901012007x", "nama": "Salah"}, square(1, 2)),
            ({"kode": None, "nama": "Tanpa"}, square(1, 2)),
            ({"kode": "3.52107E+09", "nama": "Rusak"}, square(1, 2)),
        ),
    )
    assert (result.rows_read, result.rows_accepted, result.repaired) == (11, 2, 1)
    assert result.reasons == {
        "bad_code": 1, "bad_coordinates": 1, "damaged_code": 1, "duplicate_key": 1, "duplicate_row": 1,
        "missing_code": 1, "no_geometry": 1, "not_a_polygon": 2,
    }  # fmt: skip
    villages = repository.read_villages(database, DEMO)
    assert villages["village"].tolist() == ["Kulon", "9901012002"]
    assert villages["district_code"].tolist() == ["990101", "990101"]
    assert villages.geometry.is_valid.all()
    assert shapely.area(villages.geometry.iloc[0]) == pytest.approx(2)  # two triangles of 1


def test_codes_without_dots_are_asked_about(database: Database) -> None:
    plain = boundary_file(({"kode": "3521080001", "nama": "Kulon"}, square(1, 2)))
    with pytest.raises(MappingError, match="codes look the same without them: choose which they are"):
        load(database, "boundaries", plain)
    for scheme, district in (("bps", "3521080"), ("kemendagri", "352108")):
        records = prepare(database, "boundaries", plain, code_scheme=scheme).records
        assert records["district_code"].tolist() == [district]
    with pytest.raises(MappingError, match="no village codes of 10 digits"):
        load(database, "boundaries", boundary_file(({"kode": "A1", "nama": "Kulon"}, square(1, 2))))


def test_villages_without_codes_get_made_ones(database: Database) -> None:
    text = boundary_file(
        ({"name": "Kulon", "district": "A"}, square(1, 2)),
        ({"name": "KULON", "district": "B"}, square(2, 3)),
        ({"name": "Ku lon", "district": "a"}, square(3, 4)),
    )
    prepared = prepare(database, "boundaries", text)
    assert prepared.code_scheme == "none"
    assert prepared.reasons == {"duplicate_key": 1}
    frame = prepared.records
    assert all(code.startswith(parent) for code, parent in frame["district_code"].items())
    assert frame.index.str.fullmatch(r"X[0-9a-f]{13}").all()
    assert set(frame["regency_code"]) == {"X000"}
    again = make_village_codes(pd.Series(["kulon"]), pd.Series(["A"]))
    assert again["village_code"][0] == frame.index[0]


def test_boundaries_in_metres_are_moved_to_degrees(database: Database) -> None:
    metric = shapely.geometry.mapping(shapely.box(500_000, 9_180_000, 501_000, 9_181_000))
    text = boundary_file(({"name": "Kulon"}, metric))
    records = prepare(database, "boundaries", text, crs="EPSG:32749").records
    assert records.geometry.iloc[0].bounds[0] == pytest.approx(111.0)


def test_table_without_polygons_is_no_boundary_file(database: Database) -> None:
    with pytest.raises(FileRefusedError, match="no polygons"):
        load(database, "boundaries", "kode,nama\n35.21.07.2013,Kulon\n")


def test_new_boundaries_move_points_and_their_undo_moves_them_back(village: Database) -> None:
    load(
        village,
        "visits",
        "tanggal,petugas,lon,lat,kode_desa\n2026-10-01,P,111.415,-7.405,\n2026-10-01,P,,,9901012003\n",
    )
    before = contents(village)
    text = boundary_file(
        ({"kode": "99.01.01.2002", "nama": "Wetan"}, square(111.42, 111.43)),
        ({"kode": "99.01.01.2003", "nama": "Anyar"}, square(111.41, 111.42)),
    )
    prepared = prepare(village, "boundaries", text)
    assert {name: len(frame) for name, frame in prepared.effects.placements.items()} == {
        "households": 1,
        "visits": 2,
    }
    result = commit_import(village, prepared)
    visits = repository.read_visits(village, DEMO).astype("str")
    assert visits["village_code"].tolist() == ["9901012003", "9901012003"]
    assert sorted(visits["placement"]) == ["inside", "unlocated"]
    assert undo_import(village, DEMO, result.batch) == {"households": 1, "visits": 2}
    assert contents(village) == before


def test_first_boundaries_place_what_was_outside(database: Database) -> None:
    load(database, "households", "id,lon,lat\n1,111.402,-7.405\n")
    assert repository.count_records(database, DEMO).loc["households", "n_outside"] == 1
    load(database, "boundaries", boundary_file(({"kode": "99.01.01.2001"}, square(111.4, 111.41))))
    assert repository.count_records(database, DEMO).loc["households", "n_outside"] == 0


def test_order_of_imports_of_different_keys_does_not_matter(tmp_path: Path) -> None:
    files = ["id,lon,lat\n1,111.402,-7.405\n", "id,lon,lat\n2,111.415,-7.405\n3,0,0\n"]
    found = []
    for number, order in enumerate((files, files[::-1])):
        made = Database(f"sqlite:///{tmp_path / str(number)}.sqlite")
        made.migrate()
        for text in order:
            load(made, "households", text)
        found.append(contents(made))
    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"timezone": "Mars"}, "'Mars' is not a time zone"),
        ({"crs": "/etc/passwd"}, "not a known coordinate reference system"),
        ({"crs": "EPSG:999999"}, "not a known coordinate reference system"),
        ({"columns": {"colour": "id"}}, "no field 'colour'"),
    ],
)
def test_wrong_choices_are_told_in_a_sentence(
    database: Database, options: dict[str, object], sentence: str
) -> None:
    with pytest.raises(DataError, match=sentence):
        load(database, "households", "id,lon,lat\n1,2,3\n", **options)


def test_table_without_rows_and_unknown_dataset_are_refused(database: Database) -> None:
    with pytest.raises(ImportRefusedError, match="no rows below its header"):
        load(database, "households", "id,lon,lat\n")
    with pytest.raises(DataError, match="no dataset 'cars'"):
        load(database, "cars", "id\n1\n")


def test_database_of_any_kind_takes_an_import(any_database: Database) -> None:
    load(any_database, "boundaries", boundary_file(({"kode": "99.01.01.2001"}, square(111.4, 111.41))))
    result = load(any_database, "households", "id,lon,lat\n1,111.402,-7.405\n2,0,0\n")
    assert (result.rows_accepted, result.rows_quarantined, result.outside) == (1, 1, 0)
    undo_import(any_database, DEMO, result.batch)
    assert repository.read_households(any_database, DEMO).empty


CELL = st.sampled_from(
    ["", "-", "A", "B7", "111.402", "-7,405", "0", "2026-01-02", "13/02/2026", "31/31/2026", "é\n;"]
)


@settings(
    max_examples=volume(8, 20), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    dataset=st.sampled_from(["households", "officers", "visits", "crimes"]),
    rows=st.lists(st.lists(CELL, min_size=1, max_size=12), min_size=1, max_size=15),
)
def test_accepted_and_quarantined_are_all_rows_and_undo_leaves_no_trace(
    village: Database, dataset: str, rows: list[list[str]]
) -> None:
    header = [item.name for item in DATASETS[dataset].fields][:10]
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerows([header, *rows])
    filled = sum(any(cell.strip() for cell in row) for row in rows)
    before = contents(village)
    try:
        result = load(village, dataset, buffer.getvalue(), dates="dayfirst")
    except ImportRefusedError:
        assert filled == 0
        return
    assert result.rows_read == filled == result.rows_accepted + result.rows_quarantined
    assert result.rows_new + result.rows_changed + result.rows_same == result.rows_accepted
    assert len(repository.read_quarantine(village, DEMO, result.batch)) == result.rows_quarantined
    undo_import(village, DEMO, result.batch)
    assert contents(village) == before


def test_hundred_thousand_visits_are_imported_within_15_seconds(village: Database, tmp_path: Path) -> None:
    rows = "".join(
        f"{1 + n % 28:02d}/10/2026 {8 + n % 9:02d}:{n % 60:02d},P{n % 17},"
        f"{111.4 + n % 2000 / 1e5:.5f},-7.40{n % 9},Catatan {n}\n"
        for n in range(100_000)
    )
    path = tmp_path / "visits.csv"
    path.write_text(f"tanggal,petugas,lon,lat,keterangan\n{rows}")
    started = time.perf_counter()
    result = load(village, "visits", path)
    assert time.perf_counter() - started < 15
    assert result.rows_new == 100_000


class TestReferenceData:
    """Real files: nothing is lost, and what is known of them is found."""

    pytestmark = reference

    def test_villages_of_ngawi_and_buildings_of_lembang(self, database: Database) -> None:
        assert load(database, "boundaries", SHARED / "ngawi_villages.geojson").rows_new == 217
        villages = repository.read_villages(database, DEMO)
        assert villages.loc["3521012001", "village"] == "Wonosari"
        assert villages["district_code"].nunique() == 19
        result = load(database, "households", SHARED / "lembang_buildings.csv")
        assert (result.rows_read, result.rows_accepted, result.outside) == (2517, 2517, 2517)

    def test_crimes_and_neighbourhoods_of_charlottesville(self, database: Database) -> None:
        assert load(database, "boundaries", SHARED / "charlottesville_neighbourhoods.geojson").rows_new == 19
        path = SHARED / "charlottesville_crimes.csv.gz"
        result = load(database, "crimes", path, timezone="America/New_York")
        assert result.rows_read == 29_475 == result.rows_accepted + result.rows_quarantined
        assert result.unlocated == 53
        crimes = repository.read_crimes(database, DEMO)
        # 27 September 2019, 21:14 in New York; the date column is that day's midnight, written in UTC
        assert crimes.loc["201900027888", "occurred_at"] == pd.Timestamp("2019-09-28T01:14Z")
        points = gpd.GeoSeries(gpd.points_from_xy(crimes["lon"], crimes["lat"], crs="EPSG:4326"))
        villages = repository.read_villages(database, DEMO)
        inside = points[~points.is_empty].within(villages.union_all()).sum()
        assert (crimes["placement"] == "inside").sum() == inside

    def test_robberies_of_memphis(self, database: Database) -> None:
        result = load(database, "crimes", SHARED / "memphis_robberies.csv", timezone="UTC")
        assert (result.rows_read, result.rows_accepted, result.unlocated) == (2245, 2245, 0)
