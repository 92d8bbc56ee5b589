"""Files as they come: columns known by content and by memory, exchanged coordinates, corrected refusals."""

from __future__ import annotations

import io
import shutil
import uuid
from typing import TYPE_CHECKING

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data import repository
from data.database import Database
from data.errors import DataError, UndecidedError
from data.exports.quarantine import choose_quarantine_kind, write_quarantine
from data.exports.tables import MAX_CELL_CHARACTERS
from data.importing import check_boundaries, commit_import, undo_import
from data.mapping import REASONS_COLUMN, ROW_COLUMN, KnownNames, hash_layout, resolve_mapping, suggest_mapping
from data.readers import InputFile, read_table
from data.schema import DATASETS, REASONS
from tests.data.builders import WEST, make_households, make_villages, store
from tests.data.imports import DEMO, boundary_file, contents, load, prepare, square

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def village(database: Database) -> Database:
    """Two villages with four households."""
    store(database, "boundaries", make_villages())
    store(database, "households", make_households())
    return database


class TestColumns:
    """Which column is which field."""

    def test_values_tell_columns_whose_names_do_not(self) -> None:
        rows = "".join(
            f"x{n};{n + 1:02d}/03/2026;0{n}.15;111,40{n};-7,40{n};99.01.01.200{n};Kulon;Tengah;B{n}\n"
            for n in range(9)
        )
        raw = read_table(InputFile("a.csv", f"a;b;c;d;e;f;g;h;petugas\n{rows}".encode()))
        known = KnownNames(frozenset({"kulon"}), frozenset({"tengah"}))
        mapping = suggest_mapping(raw, DATASETS["visits"], known=known)
        assert mapping.columns == {
            "visited_at": "b", "time": "c", "officer_id": "petugas", "lon": "d", "lat": "e",
            "village_code": "f", "village": "g", "district": "h",
        }  # fmt: skip
        assert mapping.origins["lon"] == "content"
        assert mapping.origins["officer_id"] == "name"
        assert mapping.unused == ("a",)

    def test_a_name_whose_values_are_of_another_kind_gives_way(self) -> None:
        raw = read_table(
            InputFile("a.csv", b"tanggal,waktu,petugas\nSenin,2026-01-12,B\nSelasa,2026-01-13,B\n")
        )
        assert suggest_mapping(raw, DATASETS["visits"]).columns["visited_at"] == "waktu"

    def test_half_a_point_is_not_taken(self) -> None:
        raw = read_table(InputFile("a.csv", b"id,a\n1,111.402\n2,111.403\n"))
        assert suggest_mapping(raw, DATASETS["households"]).columns == {"household_id": "id"}

    def test_points_in_one_column_are_found_by_name_and_by_content(self, village: Database) -> None:
        for heading in ("Koordinat", "tempat"):
            prepared = prepare(village, "households", f'id;{heading}\nK9;"-7.405, 111.402"\n')
            assert prepared.records[["lon", "lat", "village_code"]].to_numpy().tolist() == [
                [111.402, -7.405, WEST]
            ]

    def test_mapping_of_a_source_is_remembered_once_it_was_imported(self, village: Database) -> None:
        first, later = "p,q\nK8,111\nK9,112\n", "p,q\nK7,113\n"
        with pytest.raises(DataError, match="no columns that identify households"):
            prepare(village, "households", later)
        before = contents(village)
        result = load(village, "households", first, columns={"household_id": "p", "tags": "q", "rw": "=7"})
        prepared = prepare(village, "households", later)
        assert prepared.mapping.stated == {"household_id": "p", "tags": "q", "rw": "=7"}
        assert set(prepared.mapping.origins.values()) == {"remembered"}
        assert load(village, "households", first).unchanged
        undo_import(village, DEMO, result.batch)
        assert contents(village) == before

    def test_stated_column_goes_before_a_remembered_one(self) -> None:
        raw = read_table(InputFile("a.csv", b"p,q\nK8,111\n"))
        mapping = resolve_mapping(
            raw, DATASETS["households"], {"household_id": "q"}, remembered={"household_id": "p"}
        )
        assert mapping.columns == {"household_id": "q"}
        gone = resolve_mapping(raw, DATASETS["households"], {"household_id": "q"}, remembered={"rt": "z"})
        assert gone.columns == {"household_id": "q"}

    def test_layout_is_that_of_the_sources_own_columns(self) -> None:
        plain = read_table(InputFile("a.csv", b"p,q\n1,2\n"))
        ours = read_table(InputFile("a.csv", f"{REASONS_COLUMN},{ROW_COLUMN},p,q\nx,1,1,2\n".encode()))
        other = read_table(InputFile("a.csv", b"q,p\n1,2\n"))
        assert hash_layout(plain) == hash_layout(ours) != hash_layout(other)


class TestCoordinates:
    """Where points lie, and where they seem to."""

    def test_exchanged_coordinates_are_offered_a_fix_and_not_given_one(self, village: Database) -> None:
        text = "id,lon,lat\n7,-7.405,111.402\n8,-7.404,111.403\n9,,\n"
        prepared = prepare(village, "households", text)
        assert prepared.reasons == {"bad_coordinates": 2}
        assert (prepared.hint.kind, prepared.hint.n_points) == ("swap", 2)
        fixed = prepare(village, "households", text, swap=True)
        assert fixed.hint is None
        assert fixed.records["village_code"].fillna("").tolist() == [WEST, WEST, ""]
        assert fixed.fingerprint != prepared.fingerprint

    def test_coordinates_in_metres_are_offered_the_zone_that_brings_them_home(
        self, village: Database
    ) -> None:
        text = "id,x,y\n7,544370.9,9181425\n8,544481.3,9181425\n"
        prepared = prepare(village, "households", text)
        assert prepared.reasons == {"bad_coordinates": 2}
        assert (prepared.hint.kind, prepared.hint.value) == ("crs", "EPSG:32749")
        fixed = prepare(village, "households", text, crs="EPSG:32749")
        assert fixed.records["village_code"].tolist() == [WEST, WEST]

    def test_points_that_lie_well_get_no_advice(self, village: Database, database: Database) -> None:
        assert prepare(village, "households", "id,lon,lat\n7,111.402,-7.405\n8,0,0\n").hint is None
        assert prepare(database, "households", "id,lon,lat\n7,-122.4,37.8\n").hint is None

    def test_far_points_are_taken_counted_and_told(self, village: Database) -> None:
        # the villages' east edge is at 111.42: 0.44 degrees east of it are 48.6 km, 0.47 are 51.9 km
        text = "id,lon,lat\n7,111.86,-7.405\n8,111.89,-7.405\n9,-100,60\n"
        result = load(village, "households", text)
        assert (result.rows_accepted, result.outside, result.notices) == (3, 3, {"far_away": 2})
        assert repository.read_batches(village, DEMO)["notices"].iloc[0] == {"far_away": 2}


class TestQuestions:
    """What only a person can say is asked with its choice's name."""

    @pytest.mark.parametrize(
        ("dataset", "text", "choice"),
        [
            ("visits", "tanggal,petugas\n01/02/2026,B\n", "dates"),
            ("boundaries", boundary_file(({"kode": "9901012001"}, square(111.4, 111.41))), "code_scheme"),
        ],
    )
    def test_question_names_its_choice(
        self, database: Database, dataset: str, text: str, choice: str
    ) -> None:
        with pytest.raises(UndecidedError) as caught:
            prepare(database, dataset, text)
        assert caught.value.choice == choice

    def test_crime_after_the_year_of_its_report_is_told(self, database: Database) -> None:
        text = "no lp,tanggal,kategori\nLP/B/1/I/2025,2026-01-02,curat\nLP/B/2/I/2026,2025-12-31,curat\n"
        prepared = prepare(database, "crimes", text)
        assert prepared.notices["after_report"].tolist() == [2]
        assert prepared.records["source"].tolist() == ["reported", "reported"]

    def test_numbers_that_a_spreadsheet_rounded_are_refused(self, database: Database) -> None:
        result = load(
            database, "households", "no_kk,kode desa\n3.52107E+15,\n7,3.52107E+09\n8,35.21.7.2013\n"
        )
        assert result.reasons == {"damaged_code": 2, "damaged_id": 1}


class TestQuarantine:
    """Refused rows go out as a workbook and come back corrected."""

    def workbook(self, database: Database, batch: int) -> openpyxl.Workbook:
        content = write_quarantine(repository.read_quarantine(database, DEMO, batch), kind="xlsx")
        return openpyxl.load_workbook(io.BytesIO(content))

    def test_corrected_workbook_brings_the_rows_in(self, village: Database) -> None:
        first = load(
            village,
            "households",
            "nomor;nama kk;bt;ls;kode desa\n"
            "0071;Sri;111,402;-7,405;35.21.07.2013\n"
            "0072;=Budi;utara;-7,405;3.52107E+09\n"
            "0073;Ani;0;0;\n",
            columns={"household_id": "nomor", "lon": "bt", "lat": "ls"},
        )
        book = self.workbook(village, first.batch)
        sheet = book.active
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        assert rows[0] == [REASONS_COLUMN, ROW_COLUMN, "nomor", "nama kk", "bt", "ls", "kode desa"]
        assert rows[1][:4] == [
            f"{REASONS['bad_coordinates']} · {REASONS['damaged_code']}",
            "3",
            "0072",
            "=Budi",
        ]
        assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}
        sheet["E2"], sheet["G2"] = "111.403", "35.21.07.2014"
        sheet["E3"], sheet["F3"] = 111.404, -7.404
        saved = io.BytesIO()
        book.save(saved)
        second = load(village, "households", saved.getvalue(), "quarantine.xlsx")
        assert (second.rows_read, second.rows_accepted, second.rows_new) == (2, 2, 2)
        homes = repository.read_households(village, DEMO, personal=True)
        assert homes.loc["0072", ["head_name", "village_code", "lon"]].tolist() == ["=Budi", WEST, 111.403]
        assert homes.loc["0073", "placement"] == "inside"

    def test_uncorrected_workbook_is_refused_again_with_the_same_reasons(self, village: Database) -> None:
        first = load(village, "visits", "tanggal,petugas,lon,lat\nbesok,B,1,2\n2026-10-01,,0,0\n")
        content = write_quarantine(repository.read_quarantine(village, DEMO, first.batch), kind="xlsx")
        second = load(village, "visits", content, "q.xlsx")
        assert second.reasons == first.reasons
        again = repository.read_quarantine(village, DEMO, second.batch)
        assert list(again.columns) == ["reasons", "tanggal", "petugas", "lon", "lat"]

    def test_what_no_workbook_holds_is_refused_in_a_sentence(self) -> None:
        refused = pd.DataFrame(
            {"reasons": ["bad_code"], "geometry": ["x" * (MAX_CELL_CHARACTERS + 1)]}, index=[2]
        )
        with pytest.raises(DataError, match=r"\.csv file"):
            write_quarantine(refused, kind="xlsx")
        assert choose_quarantine_kind(refused) == "csv"
        assert "x" * 100 in write_quarantine(refused, kind="csv").decode("utf-8-sig")

    def test_control_characters_do_not_break_the_workbook(self) -> None:
        refused = pd.DataFrame({"reasons": ["bad_code"], "a": ["x\x01y"]}, index=pd.Index([2]))
        book = openpyxl.load_workbook(io.BytesIO(write_quarantine(refused, kind="xlsx")))
        assert book.active["C2"].value == "x y"


class TestBoundaries:
    """How sound boundaries are, before they are stored."""

    def test_forest_and_water_are_set_apart_only_when_a_person_says_so(self, database: Database) -> None:
        text = boundary_file(
            ({"kode": "99.01.01.2001", "nama": "Kulon"}, square(111.40, 111.41)),
            ({"kode": "99.01.01.2888", "nama": "Hutan Lindung"}, square(111.41, 111.42)),
        )
        asked = prepare(database, "boundaries", text)
        assert asked.health.non_villages["village"].tolist() == ["Hutan Lindung"]
        assert asked.rows_accepted == 2
        apart = load(database, "boundaries", text, set_apart=True)
        assert (apart.rows_accepted, apart.reasons) == (1, {"set_apart": 1})
        kept = repository.read_quarantine(database, DEMO, apart.batch)
        assert kept["nama"].tolist() == ["Hutan Lindung"]
        assert '"Polygon"' in kept["geometry"].iloc[0]

    def test_health_tells_overlaps_gaps_names_and_numbers(self, database: Database) -> None:
        text = boundary_file(
            ({"kode": "99.01.01.2001", "nama": "Kulon", "kecamatan": "A"}, square(111.40, 111.41)),
            ({"kode": "99.01.01.2004", "nama": "KULON", "kecamatan": "A"}, square(111.405, 111.42)),
        )
        health = prepare(database, "boundaries", text).health.summarise()
        assert (health["overlapping_pairs"], health["repeated_names"], health["missing_numbers"]) == (1, 2, 2)
        # 0.005 by 0.01 degrees at 7.4 south: 551.9 m by 1,105.8 m
        assert health["overlaps_ha"] == pytest.approx(61.03, rel=0.005)
        load(database, "boundaries", text)
        stored = check_boundaries(repository.read_villages(database, DEMO)).summarise()
        assert stored == health

    def test_mending_tells_how_the_area_changes(self, database: Database) -> None:
        corners = [[0, 0], [0.02, 0.02], [0.02, 0], [0, 0.02], [0, 0]]
        crossing = {"type": "Polygon", "coordinates": [corners]}
        prepared = prepare(database, "boundaries", boundary_file(({"kode": "99.01.01.2001"}, crossing)))
        # the two halves of a crossed ring cancel out: 0 km² before, two triangles of 1.23 km² after
        assert prepared.repairs["change_km2"].tolist() == [pytest.approx(2.46, rel=0.01)]
        assert prepared.repaired == 1

    def test_effect_on_stored_points_is_known_before(self, village: Database) -> None:
        text = boundary_file(({"kode": "99.01.01.2003", "nama": "Anyar"}, square(111.99, 112.01)))
        before = contents(village)
        prepared = prepare(village, "boundaries", text.replace("-7.41", "-7.01").replace("-7.4]", "-6.9]"))
        moves = prepared.effects.count_moves()
        assert moves.fillna("").to_numpy().tolist() == [["households", "", "9901012003", 1]]
        assert contents(village) == before
        commit_import(village, prepared)
        assert repository.count_records(village, DEMO).loc["households", "n_outside"] == 0

    def test_polygons_may_stand_in_a_table(self, database: Database) -> None:
        text = (
            'kode;nama;wkt\n99.01.01.2001;Kulon;"POLYGON ((111 -8, 112 -8, 112 -7, 111 -7, 111 -8))"\n'
            "99.01.01.2002;Rusak;POLYGON ((1\n"
        )
        result = load(database, "boundaries", text)
        assert (result.rows_accepted, result.reasons) == (1, {"bad_geometry": 1})


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database's file: two villages, two households, and a visit that fits one of them."""
    path = tmp_path_factory.mktemp("base") / "base.sqlite"
    made = Database(f"sqlite:///{path}")
    made.migrate()
    store(made, "boundaries", make_villages())
    load(
        made,
        "households",
        "id,kk,rt,desa,kecamatan\nH1,Nama 1,1,Kulon,Tengah\nH2,Nama 2,,Kulon,Tengah\n",
    )
    load(made, "visits", "tanggal,petugas,kk,rt,desa,kecamatan\n2026-10-02,P,Nama 1,1,Kulon,Tengah\n")
    return path


KEYS = st.lists(st.integers(1, 30), min_size=1, max_size=12, unique=True)


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(keys=KEYS, cut=st.integers(0, 12), dataset=st.sampled_from(["households", "visits", "crimes"]))
def test_order_of_disjoint_imports_does_not_matter(
    base: Path, tmp_path: Path, keys: list[int], cut: int, dataset: str
) -> None:
    header = {
        "households": "id,kk,rt,desa,kecamatan",
        "visits": "visit_id,kk,rt,desa,kecamatan,tanggal,petugas",
        "crimes": "crime_id,kategori,rt,desa,kecamatan,tanggal",
    }[dataset]
    tail = {"households": "", "visits": ",2026-10-01,P", "crimes": ",2026-10-01"}[dataset]
    parts = [keys[:cut], keys[cut:]]
    files = [
        header + "\n" + "".join(f"N{k},Nama {k % 3},{k % 2},Kulon,Tengah{tail}\n" for k in part)
        for part in parts
        if part
    ]
    found = []
    for order in (files, files[::-1]):
        copy = tmp_path / f"{uuid.uuid4().hex}.sqlite"
        shutil.copy(base, copy)
        made = Database(f"sqlite:///{copy}")
        for text in order:
            load(made, dataset, text)
        found.append(contents(made))
    assert found[0] == found[1]
