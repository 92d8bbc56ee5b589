"""Without coordinates: villages by code, crosswalk and name; households by number and by their names."""

from __future__ import annotations

import pytest

from data import repository
from data.database import Database
from data.errors import BatchError, DataError, ImportRefusedError
from data.importing import commit_import, make_spelling_key, undo_import
from tests.data.builders import EAST, WEST, make_households, make_villages, store
from tests.data.imports import DEMO, boundary_file, contents, load, prepare, square

DDS = (
    "nama_kepala_keluarga;detail_alamat_kepala_keluarga;desa_kepala_keluarga;kecamatan_kepala_keluarga;"
    "rt_kepala_keluarga;rw_kepala_keluarga;tanggal_kunjungan;kunjungan_ke;nama_penerima_kunjungan;keterangan\n"
    "SRI;Jl. Mawar 3;Kulon;Tengah;001;;12 Januari 2026;1;Sri;aman\n"
    "Budi;;Ku-lon;Kec. Tengah;02;;13 Januari 2026;1;Ani;\n"
    "Tono;;Wetan;TENGAH;1;;14 Januari 2026;2;-;aman\n"
    "Siapa;;Kidul;Tengah;1;;14 Januari 2026;1;-;-\n"
)


@pytest.fixture
def village(database: Database) -> Database:
    """Two villages with four households."""
    store(database, "boundaries", make_villages())
    store(database, "households", make_households())
    return database


def visits_of(database: Database) -> list[list[str]]:
    columns = ("household_id", "household_match", "village_code", "placement")
    return (
        repository.read_visits(database, DEMO, columns=columns).astype("str").fillna("").to_numpy().tolist()
    )


def test_export_of_the_national_app_comes_in_without_coordinates(village: Database) -> None:
    result = load(village, "visits", DDS, "dds.csv")
    assert (result.rows_read, result.rows_accepted, result.unlocated, result.outside) == (4, 4, 4, 0)
    assert sorted(visits_of(village)) == [
        ["", "none", "", "unlocated"],
        ["K1", "text", WEST, "unlocated"],
        ["K2", "text", WEST, "unlocated"],
        ["K3", "text", EAST, "unlocated"],
    ]
    assert result.notices == {"unknown_household": 1, "unknown_village": 1}


@pytest.mark.parametrize(
    ("households", "visit", "expected"),
    [
        ("A,Siti,1,2\n", "Siti,1,2", "A"),
        ("A,Siti,1,2\n", "siti,01,", "A"),
        ("A,Siti,,\n", "Siti,1,2", "A"),
        ("A,Siti,1,2\n", "Siti,2,2", ""),
        ("A,Siti,1,2\nB,Siti,2,2\n", "Siti,2,", "B"),
        ("A,Siti,1,2\nB,Siti,2,2\n", "Siti,,2", "several"),
        ("A,Siti,1,2\nB,Siti,,2\n", "Siti,1,2", "A"),
        ("A,Siti,1,2\nB,Siti,1,2\n", "Siti,1,2", "several"),
    ],
)
def test_household_is_the_one_that_nothing_speaks_against(
    village: Database, households: str, visit: str, expected: str
) -> None:
    rows = "".join(f"{row},Kulon,Tengah\n" for row in households.split())
    load(village, "households", f"id,kk,rt,rw,desa,kecamatan\n{rows}")
    result = load(
        village, "visits", f"tanggal,petugas,kk,rt,rw,desa,kecamatan\n2026-10-01,P,{visit},Kulon,Tengah\n"
    )
    assert result.notices.get("ambiguous_household", 0) == (expected == "several")
    assert visits_of(village)[0][0] == ("" if expected == "several" else expected)


def test_visits_find_households_that_come_later_and_lose_them_again(database: Database) -> None:
    store(database, "boundaries", make_villages())
    load(
        database,
        "visits",
        "visit_id,tanggal,petugas,no_kk,kk,desa,kecamatan,lon,lat\n"
        "a,2026-10-01,P,N1,,,,,\n"
        "b,2026-10-01,P,,Siti,Kulon,Tengah,,\n"
        "c,2026-10-01,P,,,,,111.402,-7.405\n",
    )
    before = contents(database)
    assert [row[1] for row in visits_of(database)] == ["none"] * 3
    result = load(
        database,
        "households",
        "id,kk,desa,kecamatan,lon,lat\nN1,Budi,,,,\nN2,Siti,Kulon,Tengah,,\nN3,Ani,,,111.402,-7.405\n",
    )
    assert result.rematched == 3
    assert [row[:2] for row in visits_of(database)] == [["N1", "id"], ["N2", "text"], ["N3", "distance"]]
    undo_import(database, DEMO, result.batch)
    assert contents(database) == before


def test_order_of_visits_and_households_does_not_matter(
    village: Database, tmp_path_factory: pytest.TempPathFactory
) -> None:
    files = {
        "households": "id,kk,rt,desa,kecamatan,lon,lat\nH1,Joko,1,Kulon,Tengah,,\n"
        "H2,Joko,2,Kulon,Tengah,111.405,-7.405\n",
        "visits": "tanggal,petugas,kk,rt,desa,kecamatan,lon,lat\n2026-10-01,P,Joko,2,Kulon,Tengah,,\n"
        "2026-10-02,P,Joko,,Kulon,Tengah,111.405,-7.405\n",
    }
    other = Database(f"sqlite:///{tmp_path_factory.mktemp('other') / 'a.sqlite'}")
    other.migrate()
    store(other, "boundaries", make_villages())
    store(other, "households", make_households())
    for database, order in ((village, ("households", "visits")), (other, ("visits", "households"))):
        for dataset in order:
            load(database, dataset, files[dataset])
    assert contents(village) == contents(other)


def test_a_second_household_of_the_same_name_takes_the_match_away(village: Database) -> None:
    load(village, "visits", DDS)
    result = load(village, "households", "id,kk,rt,desa,kecamatan\nK9,Sri,1,Kulon,Tengah\n")
    assert result.rematched == 1
    assert ["", "none", WEST, "unlocated"] in visits_of(village)


def test_undo_of_a_correction_matches_what_comes_back(village: Database) -> None:
    load(village, "visits", "visit_id,tanggal,petugas,no_kk\nv,2026-10-01,P,N1\n")
    corrected = load(village, "visits", "visit_id,tanggal,petugas,no_kk\nv,2026-10-01,P,N2\n")
    load(village, "households", "id,lon,lat\nN1,,\n")
    assert visits_of(village)[0][:2] == ["", "none"]
    undo_import(village, DEMO, corrected.batch)
    assert visits_of(village)[0][:2] == ["N1", "id"]


def test_import_is_refused_where_another_one_came_in_between(village: Database) -> None:
    prepared = prepare(village, "visits", DDS)
    load(village, "households", "id,kk,rt,desa,kecamatan\nK9,Sri,1,Kulon,Tengah\n")
    before = contents(village)
    with pytest.raises(BatchError, match="households"):
        commit_import(village, prepared)
    assert contents(village) == before


def test_unknown_spelling_is_asked_once_and_remembered(village: Database) -> None:
    text = "id,kk,desa,kecamatan\n1,A,Kullon,Tengah\n2,B,KULLON,tengah\n3,C,Wettan,\n4,D,Xyz,Tengah\n"
    prepared = prepare(village, "households", text)
    assert prepared.spellings.index.tolist() == ["tengah|kullon", "|wettan", "tengah|xyz"]
    assert prepared.spellings["n_rows"].tolist() == [2, 1, 1]
    assert [row[0][0] if row else None for row in prepared.spellings["candidates"]] == [WEST, EAST, None]
    assert prepared.notices["unknown_village"].tolist() == [2, 3, 4, 5]
    commit_import(village, prepared)
    before = contents(village)
    told = load(
        village, "households", text, villages={make_spelling_key("Kullon", "Tengah"): WEST, "Wettan": EAST}
    )
    assert told.notices == {"unknown_village": 1}
    later = load(village, "households", "id,kk,desa,kecamatan\n9,Z,kul lon,Kec. Tengah\n")
    homes = repository.read_households(village, DEMO)["village_code"].astype("str")
    assert homes.loc[["1", "2", "3", "9"]].tolist() == [WEST, WEST, EAST, WEST]
    undo_import(village, DEMO, later.batch)
    undo_import(village, DEMO, told.batch)
    assert contents(village) == before


def test_spelling_explained_with_one_file_places_what_came_before(village: Database) -> None:
    load(village, "visits", "tanggal,petugas,kk,rt,desa,kecamatan\n2026-10-01,P,Sri,1,Kullon,Tengah\n")
    assert visits_of(village) == [["", "none", "", "unlocated"]]
    before = contents(village)
    result = load(
        village,
        "crimes",
        "tanggal,kategori,desa,kecamatan\n2026-10-01,curat,Kullon,Tengah\n",
        villages={"Tengah|Kullon": WEST},
    )
    assert (result.moved, result.rematched) == ({"visits": 1}, 1)
    assert visits_of(village) == [["K1", "text", WEST, "unlocated"]]
    undo_import(village, DEMO, result.batch)
    assert contents(village) == before


def test_spelling_of_a_village_that_is_not_there_is_refused(village: Database) -> None:
    with pytest.raises(DataError, match="no village 9901012099"):
        prepare(village, "households", "id\n1\n", villages={"Tengah|Kullon": "9901012099"})


def test_name_in_two_districts_is_told_and_not_guessed(database: Database) -> None:
    villages = make_villages().assign(village="Sidorejo", district=["Lor", "Kidul"])
    store(database, "boundaries", villages)
    text = "id,kk,desa,kecamatan\n1,A,Sidorejo,Kidul\n2,B,Sidorejo,\n"
    prepared = prepare(database, "households", text)
    assert prepared.records["village_code"].fillna("").tolist() == [EAST, ""]
    assert prepared.notices["ambiguous_village"].tolist() == [3]
    assert {code for code, _ in prepared.spellings.loc["|sidorejo", "candidates"]} == {WEST, EAST}
    assert prepared.spellings["likely"].isna().all()


def test_name_in_two_districts_is_hinted_by_what_the_rows_know(database: Database) -> None:
    villages = make_villages().assign(village="Sidorejo", district=["Lor", "Kidul"])
    store(database, "boundaries", villages)
    store(database, "households", make_households())
    load(database, "officers", f"nrp,nama,kode_desa\nP1,A,{EAST}\nP2,B,{EAST} {WEST}\n")
    header = "tanggal,nrp,nama_kk,rt,no_kk,desa\n"
    for row, wanted in (
        ("P1,,,,Sidorejo", EAST),  # the officer has this one
        ("P2,,,,Sidorejo", None),  # the officer has both
        ("P9,,,K2,Sidorejo", WEST),  # the household is registered there
        ("P9,Tono,1,,Sidorejo", EAST),  # so is the head
        ("P2,,09,,Sidorejo", None),  # that RT is in neither
        ("P1,Sri,01,,Sidorejo", None),  # head and officer differ
        ("P1,,,K1,Sidorejo", WEST),  # the household's number decides
    ):
        (likely,) = prepare(database, "visits", f"{header}2026-10-01,{row}\n").spellings["likely"]
        assert (likely if isinstance(likely, str) else None) == wanted, row


def test_names_are_compared_alone_where_boundaries_name_no_districts(database: Database) -> None:
    store(database, "boundaries", make_villages().assign(district=None))
    prepared = prepare(database, "households", "id,kk,desa,kecamatan\n1,A,Kullon,Tengah\n")
    ((code, likeness),) = prepared.spellings.loc["tengah|kullon", "candidates"]
    # 5 of kullon's 6 letters are kulon: 2 x 5 / (6 + 5)
    assert (code, likeness) == (WEST, 90.9)
    store(database, "boundaries", make_villages().assign(village="Sidorejo", district=None))
    prepared = prepare(database, "households", "id,kk,desa,kecamatan\n2,A,Sidorejo,Kidul\n")
    assert prepared.notices["ambiguous_village"].tolist() == [2]


CROSSWALK = "kode_bps,kode_kemendagri\n9901010001,99.01.01.2001\n9901010002,9901012002\n"


def test_crosswalk_leads_from_codes_of_bps_to_villages_and_can_be_taken_back(village: Database) -> None:
    homes = "id,kk,kode_desa\n1,A,9901010001\n2,B,9901010003\n"
    load(village, "households", homes, code_scheme="bps")
    before = contents(village)
    placed = repository.read_households(village, DEMO)["village_code"].astype("str")
    assert placed.loc[["1", "2"]].isna().all()
    result = load(village, "crosswalk", CROSSWALK)
    assert (result.rows_accepted, result.moved) == (2, {"households": 1})
    placed = repository.read_households(village, DEMO)["village_code"].astype("str")
    assert placed["1"] == WEST
    undo_import(village, DEMO, result.batch)
    assert contents(village) == before


def test_codes_without_a_scheme_are_the_registers_own(village: Database) -> None:
    load(village, "crosswalk", "kode_bps,kode_kemendagri\n9901012002,99.01.01.2001\n")
    same = prepare(village, "households", "id,kk,kode_desa\n1,A,9901012002\n")
    assert same.records["village_code"].tolist() == [EAST]
    bps = prepare(village, "households", "id,kk,kode_desa\n1,A,9901012002\n", code_scheme="bps")
    assert bps.records["village_code"].tolist() == [WEST]


def test_boundaries_of_bps_get_codes_of_kemendagri_through_the_crosswalk(database: Database) -> None:
    load(database, "crosswalk", CROSSWALK)
    text = boundary_file(
        ({"kode": "9901010001", "nama": "Kulon"}, square(111.40, 111.41)),
        ({"kode": "9901010009", "nama": "Lain"}, square(111.42, 111.43)),
    )
    result = load(database, "boundaries", text, code_scheme="bps")
    assert result.reasons == {"no_crosswalk": 1}
    assert repository.read_villages(database, DEMO).index.tolist() == [WEST]
    assert repository.read_code_scheme(database) == "kemendagri"


def test_boundaries_of_another_scheme_are_refused(database: Database) -> None:
    text = boundary_file(({"kode": "9901010001", "nama": "Kulon"}, square(111.40, 111.41)))
    load(database, "boundaries", text, code_scheme="bps")
    load(database, "households", "id,kode_desa\n1,9901010001\n2,99.01.01.0001\n")
    codes = repository.read_households(database, DEMO)["village_code"].astype("str")
    assert codes.fillna("").tolist() == ["9901010001", ""]  # dots are of Kemendagri
    other = boundary_file(({"kode": "99.01.01.2001", "nama": "Kulon"}, square(111.40, 111.41)))
    with pytest.raises(ImportRefusedError, match="use BPS codes, and these use Kemendagri codes"):
        load(database, "boundaries", other)
