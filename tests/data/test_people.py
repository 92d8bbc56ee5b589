"""Officers who are in no register, and empty heads of household: accepted, warned of by name, and listed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from data.cli.import_lines import describe_result
from data.importing import commit_import, describe_import
from tests.data.builders import make_households, make_villages, store
from tests.data.imports import load, prepare
from tests.data.test_cli import run  # noqa: F401 - a fixture

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from data.database import Database

OFFICERS = "nrp,nama,kode_desa\n86010123,Sri,9901012001\n86010124,Budi,9901012002\n"
FILE = "tanggal,nrp,nama_kk,rt,desa,kecamatan\n" + "".join(
    f"2026-10-{1 + at % 28:02d},{officer},{head},01,Kulon,Tengah\n"
    for at, (officer, head) in enumerate(
        [("86010123", "Sri")] * 30
        + [("8601012", "Sri")] * 2
        + [("86010999", "Sri")] * 5
        + [("86010124", "")] * 3
    )
)
"""40 rows: rows 32 to 38 of the file are of two officers in no register, rows 39 to 41 have no head."""


@pytest.fixture
def village(database: Database) -> Database:
    """Return two villages with four households and two officers."""
    store(database, "boundaries", make_villages())
    store(database, "households", make_households())
    load(database, "officers", OFFICERS)
    return database


def test_rows_are_accepted_and_listed_by_officer(village: Database) -> None:
    prepared = prepare(village, "visits", FILE)
    assert (prepared.rows_accepted, prepared.rows_quarantined) == (40, 0)
    assert prepared.notices["unknown_officer"].tolist() == [32, 33, 34, 35, 36, 37, 38]
    assert prepared.notices["missing_head"].tolist() == [39, 40, 41]
    assert prepared.unknown_officers == {"86010999": 5, "8601012": 2}
    result = commit_import(village, prepared)
    assert result.notices == {"unknown_officer": 7, "missing_head": 3}
    assert result.notice_rows["missing_head"] == [39, 40, 41]
    assert list(result.unknown_officers) == ["86010999", "8601012"]


def test_nothing_is_said_of_registered_officers_and_stated_heads(village: Database) -> None:
    text = "tanggal,nrp,nama_kk,rt,desa,kecamatan\n2026-10-01,86010123,Sri,01,Kulon,Tengah\n"
    result = describe_import(prepare(village, "visits", text))
    assert (result.notices, result.unknown_officers) == ({}, {})
    without = "tanggal,nrp,no_kk\n2026-10-01,86010123,K1\n"  # a file that leaves no head out: it has none
    assert describe_import(prepare(village, "visits", without)).notices == {}


def test_every_officer_is_in_no_register_where_there_is_none(database: Database) -> None:
    store(database, "boundaries", make_villages())
    prepared = prepare(database, "visits", "tanggal,nrp\n2026-10-01,B1\n2026-10-01,B1\n")
    assert prepared.unknown_officers == {"B1": 2}


def test_source_that_names_no_officers_is_not_blamed_for_them(village: Database) -> None:
    text = "tanggal_kunjungan,nama_kepala_keluarga,desa_kepala_keluarga\n2026-10-01,Sri,Kulon\n"
    assert "unknown_officer" not in prepare(village, "visits", text).notices


def test_empty_heads_of_registered_households_are_told(village: Database) -> None:
    homes = prepare(
        village, "households", "id,nama_kk,lon,lat\n1,Sri,111.4,-7.4\n2,,111.4,-7.4\n3,-,111.4,-7.4\n"
    )
    assert homes.notices["missing_head"].tolist() == [3, 4]


def test_command_names_officers_and_rows(
    run: Callable[..., tuple[int, str, str]],  # noqa: F811
    tmp_path: Path,
) -> None:
    officers, visits = tmp_path / "officers.csv", tmp_path / "visits.csv"
    officers.write_text(OFFICERS)
    visits.write_text(FILE)
    run("import", "officers", str(officers))
    text = run("import", "visits", str(visits), "--dry-run")[1]
    assert (
        "  7 rows accepted with a warning: The officer is in no register of officers. "
        "(rows 32, 33, 34, 35, 36, 37, 38)\n    officer 86010999: 5 rows\n    officer 8601012: 2 rows\n"
    ) in text
    assert (
        "  3 rows accepted with a warning: The name of the head of the household is missing. "
        "(rows 39, 40, 41)\n"
    ) in text
    answer: dict[str, Any] = json.loads(run("import", "visits", str(visits), "--json")[1])
    assert answer["unknown_officers"] == {"86010999": 5, "8601012": 2}
    assert answer["notice_rows"]["missing_head"] == [39, 40, 41]


def test_many_officers_are_counted_after_the_first_ten(village: Database) -> None:
    text = "tanggal,nrp\n" + "".join(f"2026-10-01,X{n:02d}\n" for n in range(12))
    lines = describe_result(describe_import(prepare(village, "visits", text)), dry_run=True)
    assert "    officer X09: 1 row" in lines
    assert "    and 2 more officers" in lines
    assert any(line.endswith("(rows 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, …)") for line in lines)
