"""P-codes of OCHA are codes of Statistics Indonesia (BPS) after the letters ID, in files and as areas."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from data import repository
from data.cli.periods import read_area
from data.errors import DataError, MappingError
from tests.data.builders import EAST, WEST, make_villages, store
from tests.data.imports import DEMO, boundary_file, load, prepare, square

if TYPE_CHECKING:
    from data.database import Database

CROSSWALK = "kode_bps,kode_kemendagri\n9901020001,99.01.01.2001\n9901020002,9901012002\n"
OCHA = boundary_file(
    (
        {"ADM4_EN": "Kulon", "ADM4_PCODE": "ID9901020001", "ADM3_EN": "Tengah", "ADM3_PCODE": "ID9901020"},
        square(111.40, 111.41),
    ),
    (
        {"ADM4_EN": "Wetan", "ADM4_PCODE": "id9901020002", "ADM3_EN": "Tengah", "ADM3_PCODE": "ID9901020"},
        square(111.41, 111.42),
    ),
)


@pytest.fixture
def bps(database: Database) -> Database:
    """Return a database with the boundaries of OCHA."""
    load(database, "boundaries", OCHA)
    return database


@pytest.fixture
def kemendagri(database: Database) -> Database:
    """Return a database with the same villages under codes of Kemendagri, and the crosswalk."""
    store(database, "boundaries", make_villages())
    load(database, "crosswalk", CROSSWALK.replace("9901020001", "ID9901020001"))
    return database


def test_boundaries_with_p_codes_are_of_bps_and_nobody_is_asked(bps: Database) -> None:
    villages = repository.read_villages(bps, DEMO)
    assert villages.index.tolist() == ["9901020001", "9901020002"]
    assert villages["village"].tolist() == ["Kulon", "Wetan"]
    assert villages["district_code"].unique().tolist() == ["9901020"]
    assert villages["district"].unique().tolist() == ["Tengah"]
    assert repository.read_code_scheme(bps) == "bps"


@pytest.mark.parametrize("code", ["ID9901020002", "id9901020002", "Id 9901020002", "9901020002"])
def test_p_codes_find_their_villages(bps: Database, code: str) -> None:
    homes = prepare(bps, "households", f"id,kk,kode_desa\n1,A,{code}\n")
    assert homes.records["village_code"].tolist() == ["9901020002"]


@pytest.mark.parametrize("scheme", [None, "kemendagri", "bps"])
def test_p_codes_go_through_the_crosswalk_whatever_is_stated(
    kemendagri: Database, scheme: str | None
) -> None:
    text = "id,kk,kode_desa\n1,A,id9901020002\n2,B,ID9901020009\n"
    homes = prepare(kemendagri, "households", text, code_scheme=scheme)
    assert homes.records["village_code"].fillna("").tolist() == [EAST, ""]


def test_p_codes_of_an_officers_villages_are_translated(kemendagri: Database) -> None:
    text = "nrp,nama,kode_desa\n1,A,id9901020001; 9901012002\n2,B,ID9901020009\n3,C,\n4,D,ID9901020001\n"
    officers = prepare(kemendagri, "officers", text)
    assert officers.records["villages"].fillna("").tolist() == [f"{WEST} {EAST}", "", WEST]
    assert officers.reasons == {"no_crosswalk": 1}


def test_p_codes_of_an_officers_villages_are_codes_of_bps(bps: Database) -> None:
    officers = prepare(bps, "officers", "nrp,nama,kode_desa\n1,A,ID9901020001 9901020002\n")
    assert officers.records["villages"].tolist() == ["9901020001 9901020002"]


def test_p_codes_are_not_taken_for_codes_of_kemendagri(database: Database) -> None:
    with pytest.raises(MappingError, match="ID9901020001, which are BPS codes"):
        prepare(database, "boundaries", OCHA, code_scheme="kemendagri")
    mixed = OCHA.replace("id9901020002", "99.01.01.2002")
    with pytest.raises(MappingError, match="import each kind as a file of its own"):
        prepare(database, "boundaries", mixed)


def test_explained_spelling_may_name_a_p_code(kemendagri: Database) -> None:
    homes = prepare(kemendagri, "households", "id,kk,desa\n1,A,Kullon\n", villages={"Kullon": "ID9901020001"})
    assert homes.records["village_code"].tolist() == [WEST]
    with pytest.raises(DataError, match="no village ID9901020009"):
        prepare(kemendagri, "households", "id\n1\n", villages={"Kullon": "ID9901020009"})


@pytest.mark.parametrize(
    ("area", "n_villages"), [("ID99", 2), ("id9901", 2), ("ID9901020", 2), ("id9901020001", 1), ("99.01", 2)]
)
def test_areas_may_be_p_codes_at_every_level(database: Database, area: str, n_villages: int) -> None:
    load(database, "boundaries", OCHA)
    assert len(read_area(database, DEMO, area)) == n_villages


@pytest.mark.parametrize(
    ("area", "villages"),
    [("ID99", [WEST, EAST]), ("ID9901", [WEST, EAST]), ("id9901020", [WEST, EAST]), ("ID9901020002", [EAST])],
)
def test_areas_as_p_codes_go_through_the_crosswalk(
    kemendagri: Database, area: str, villages: list[str]
) -> None:
    assert read_area(kemendagri, DEMO, area).index.tolist() == villages


def test_area_that_the_crosswalk_does_not_know_is_told(kemendagri: Database) -> None:
    with pytest.raises(DataError, match="ID9902 is a BPS code, and the boundaries in force have other codes"):
        read_area(kemendagri, DEMO, "ID9902")


def test_key_of_a_village_without_official_code_stays_whole(database: Database) -> None:
    load(database, "boundaries", boundary_file(({"desa": "Kulon"}, square(111.40, 111.41))))
    (key,) = repository.read_villages(database, DEMO).index
    homes = prepare(database, "households", f"id,kk,kode_desa\n1,A,{key}\n")
    assert homes.records["village_code"].tolist() == pd.Index([key]).tolist()
