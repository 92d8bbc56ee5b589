"""Districts are called by a name wherever something knows it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from data.cli import main
from data.ground import read_ground, read_named_villages
from data.principal import Principal
from data.settings import get_settings
from tests.data.builders import EAST, WEST, make_households, make_villages, store

if TYPE_CHECKING:
    from data.database import Database


def call_district(database: Database, *said: str | None) -> None:
    """Store the two villages of a district without a name, and households that say it."""
    store(database, "boundaries", make_villages().assign(district=None))
    store(database, "households", make_households().assign(district_given=said))


def read_names(database: Database) -> list[str | None]:
    return read_named_villages(database, Principal.demo())["district"].tolist()


def test_a_name_in_the_boundaries_is_kept_and_holds_for_the_whole_district(database: Database) -> None:
    store(database, "boundaries", make_villages().assign(district=["Tengah", None]))
    store(database, "households", make_households().assign(district_given="Lain"))
    assert read_names(database) == ["Tengah", "Tengah"]


def test_a_nameless_district_has_the_name_that_most_records_give_it(database: Database) -> None:
    call_district(database, "Paron", "Paron", "Ngawi", "Ngawi")  # the last lies outside
    assert read_names(database) == ["Paron", "Paron"]
    assert read_ground(database, Principal.demo(), EAST)["district"].tolist() == ["Paron"]


def test_records_that_disagree_or_name_nothing_name_no_district(database: Database) -> None:
    call_district(database, "Paron", "Ngawi", None, "Ngawi")
    assert read_named_villages(database, Principal.demo())["district"].isna().all()


def test_only_records_in_scope_name_a_district(database: Database) -> None:
    call_district(database, None, None, "Paron", None)  # in the eastern village only
    west = read_named_villages(database, replace(Principal.demo(), areas=(WEST,)))
    assert west["district"].isna().all()
    assert read_names(database) == ["Paron", "Paron"]


def test_reports_name_the_district(
    database: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    call_district(database, "Paron", "Paron", "Paron", None)
    monkeypatch.setenv("SAMBANG_DATABASE_URL", str(database.url))
    get_settings.cache_clear()
    with pytest.raises(SystemExit):
        main(["report", "coverage", "--json"])
    get_settings.cache_clear()
    villages = json.loads(capsys.readouterr().out)["villages"]
    assert [row["district"] for row in villages] == ["Paron", "Paron"]
