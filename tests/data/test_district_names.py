"""Boundaries without district names take them from a small table, pasted lines or a second file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from data import repository
from data.errors import DataError, MappingError
from data.importing import parse_district_lines, read_district_names
from data.readers import InputFile, read_table
from tests.data.imports import DEMO, boundary_file, load, prepare, square
from tests.data.test_cli import run  # noqa: F401 - a fixture

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from data.database import Database

PLACES = (
    ("99.01.01.2001", "Kulon", 111.40),
    ("99.01.01.2002", "Wetan", 111.41),
    ("99.01.02.2001", "Kidul", 111.42),
)
NAMELESS = boundary_file(
    *(({"kode": code, "desa": name}, square(west, west + 0.01)) for code, name, west in PLACES)
)


def read(text: str, name: str = "districts.csv") -> dict[str, str]:
    return read_district_names(read_table(InputFile(name, text.encode())))


def name_districts(
    database: Database, boundaries: str, names: dict[str, str], **options: object
) -> list[str]:
    prepared = prepare(database, "boundaries", boundaries, districts=names, **options)
    return prepared.records["district"].fillna("").tolist()


@pytest.mark.parametrize(
    "text",
    [
        "kode,kecamatan\n99.01.01,Tengah\n99.01.02,Selatan\n",
        "Nama;Kode Kecamatan\nTengah;990101\nSelatan;990102\n",
        "kode_desa,kecamatan\n9901012001,Tengah\n9901012002,Tengah\n99.01.02.2001,Selatan\n",
        "desa,kecamatan\nKulon,Tengah\nWETAN,Tengah\nKidul,Selatan\n",
    ],
)
def test_table_names_the_districts_by_code_or_by_village(database: Database, text: str) -> None:
    assert name_districts(database, NAMELESS, read(text)) == ["Tengah", "Tengah", "Selatan"]


def test_second_map_file_names_the_districts(database: Database) -> None:
    districts = boundary_file(
        ({"KDKEC": "990101", "NMKEC": "Tengah"}, square(111.40, 111.42)),
        ({"KDKEC": "990102", "NMKEC": "Selatan"}, square(111.42, 111.43)),
    )
    names = read(districts, "kecamatan.geojson")
    assert name_districts(database, NAMELESS, names) == ["Tengah", "Tengah", "Selatan"]


def test_p_codes_of_districts_name_boundaries_of_bps(database: Database) -> None:
    villages = boundary_file(({"ADM4_PCODE": "ID9901010001", "ADM4_EN": "Kulon"}, square(111.40, 111.41)))
    names = read("ADM3_PCODE,ADM3_EN\nID9901010,Tengah\n")
    assert name_districts(database, villages, names) == ["Tengah"]


def test_names_of_the_other_scheme_come_through_the_crosswalk(database: Database) -> None:
    load(database, "crosswalk", "kode_bps,kode_kemendagri\n9901070001,99.01.01.2001\n")
    names = read("kode,kecamatan\n9901070,Tengah\n")
    assert name_districts(database, NAMELESS, names) == ["Tengah", "", ""]
    # 9901012, the first seven digits of a code of Kemendagri, is no district of BPS
    assert name_districts(database, NAMELESS, {"9901012": "Salah"}) == ["", "", ""]


def test_file_keeps_its_own_names_and_what_stays_nameless_is_told(database: Database) -> None:
    named = NAMELESS.replace('"desa": "Kulon"', '"desa": "Kulon", "kecamatan": "Asli"')
    prepared = prepare(database, "boundaries", named, districts={"990101": "Tengah"})
    assert prepared.records["district"].fillna("").tolist() == ["Asli", "Tengah", ""]
    assert prepared.notices["no_district_name"].tolist() == [3]
    assert prepared.n_without_district == 1
    assert "no_district_name" not in prepare(database, "boundaries", named).notices


def test_village_name_that_occurs_twice_leads_to_no_district(database: Database) -> None:
    twice = NAMELESS.replace("Wetan", "Kulon")
    names = read("desa,kecamatan\nKulon,Tengah\nKidul,Selatan\n")
    assert name_districts(database, twice, names) == ["", "", "Selatan"]


def test_code_with_two_names_has_none() -> None:
    assert read("kode,kecamatan\n990101,Tengah\n990101,Utara\n990102,Selatan\n") == {"990102": "Selatan"}


@pytest.mark.parametrize(
    "text",
    [
        "99.01.01 Tengah\n99.01.02 Selatan Raya\n",
        "kode;kecamatan\n990101;Tengah\n990102;Selatan Raya\n",
        "1\t990101\n990101\tTengah\n\nID990102, Selatan Raya",
        '"990101","Tengah"\n"990102","Selatan Raya"\n',
    ],
)
def test_pasted_lines_are_read_with_or_without_a_header(text: str) -> None:
    assert parse_district_lines(text) == {"990101": "Tengah", "990102": "Selatan Raya"}


@pytest.mark.parametrize("text", ["nama,luas\nTengah,3\n", "kode,luas\n990101,3\n", "kode,kecamatan\n1,A\n"])
def test_table_without_codes_or_names_is_refused(text: str) -> None:
    with pytest.raises(MappingError, match="no columns of codes and names of districts"):
        read(text)


@pytest.mark.parametrize("text", ["", "halo", "Tengah\nSelatan\n"])
def test_pasted_text_that_is_neither_is_refused(text: str) -> None:
    with pytest.raises(DataError):
        parse_district_lines(text)


def test_names_change_the_file_that_was_imported_without_them(database: Database) -> None:
    first = load(database, "boundaries", NAMELESS)
    again = load(database, "boundaries", NAMELESS, districts={"990101": "Tengah", "990102": "Selatan"})
    assert (first.rows_new, again.unchanged, again.rows_changed) == (3, False, 3)
    assert repository.read_villages(database, DEMO)["district"].tolist() == ["Tengah", "Tengah", "Selatan"]


def test_command_takes_the_names_from_a_file_and_offers_it_where_they_lack(
    run: Callable[..., tuple[int, str, str]],  # noqa: F811
    tmp_path: Path,
) -> None:
    shapes, names = tmp_path / "desa.geojson", tmp_path / "kecamatan.csv"
    shapes.write_text(NAMELESS)
    names.write_text("kode,kecamatan\n990101,Tengah\n990102,Selatan\n")
    offer = "3 villages without the name of a district: use --district-names FILE"
    assert offer in run("import", "boundaries", str(shapes), "--dry-run")[1]
    given = ("import", "boundaries", str(shapes), "--district-names", str(names))
    assert "without the name of a district" not in run(*given, "--dry-run")[1]
    assert json.loads(run(*given, "--json")[1])["rows_accepted"] == 3
