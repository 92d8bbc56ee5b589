"""One batch is one transaction, and an undo gives back what was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest
import sqlalchemy as sa
from adbc_driver_manager import dbapi

from data import tables
from data.errors import BatchError
from data.principal import Principal
from data.repository import (
    count_records,
    read_batches,
    read_households,
    read_quarantine,
    read_versions,
    read_villages,
)
from data.store import Batch, Changes, Receipt, commit_batch, find_batch, read_records_after_undo, undo_batch
from tests.data.builders import EAST, WEST, make_households, make_villages, make_visits, store

if TYPE_CHECKING:
    from data.database import Database

ALL = Principal.demo()


def content(database: Database) -> dict[str, list]:
    """All rows of all tables but the counters that only tell caches that something changed."""
    return {
        table.name: sorted(map(repr, database.read(sa.select(table)).to_pylist()))
        for table in tables.metadata.sorted_tables
        if table is not tables.versions
    }


def test_records_come_back_as_they_went_in(any_database: Database) -> None:
    store(any_database, "boundaries", make_villages())
    store(any_database, "households", make_households())
    villages = read_villages(any_database, ALL)
    assert villages["village"].to_dict() == {WEST: "Kulon", EAST: "Wetan"}
    assert villages.geometry.geom_equals(make_villages().geometry).all()
    households = read_households(any_database, ALL, personal=True)
    expected = make_households()
    assert households["head_name"].to_dict() == expected["head_name"].to_dict()
    assert households["lon"].to_dict() == expected["lon"].to_dict()
    assert households["village_code"].astype("object").where(lambda code: code.notna(), None).tolist() == [
        WEST,
        WEST,
        EAST,
        None,
    ]


def test_second_import_tells_new_changed_and_same(any_database: Database) -> None:
    store(any_database, "households", make_households())
    corrected = make_households().assign(rt=["01", "05", "01", "09"])
    corrected.loc["K5"] = corrected.loc["K1"]
    assert store(any_database, "households", corrected, fingerprint="second") == Receipt(2, 1, 1, 3)
    assert read_households(any_database, ALL)["rt"].to_dict() == {
        "K1": "01",
        "K2": "05",
        "K3": "01",
        "K4": "09",
        "K5": "01",
    }


def test_undo_restores_the_content_exactly(any_database: Database) -> None:
    store(any_database, "boundaries", make_villages())
    store(any_database, "households", make_households())
    before = content(any_database)
    corrected = make_households().assign(rt="07").drop(index="K4")
    corrected.loc["K5"] = corrected.loc["K1"]
    refused = pd.DataFrame({"row_number": [7], "reasons": ["bad_date"], "raw": ['{"a": "1"}']})
    receipt = store(any_database, "households", corrected, fingerprint="second", quarantine=refused)
    assert content(any_database) != before
    undo_batch(any_database, receipt.batch_id)
    assert content(any_database) == before


def test_undo_refuses_when_a_later_import_replaced_rows(any_database: Database) -> None:
    store(any_database, "households", make_households())
    store(any_database, "households", make_households().assign(rt="07"), fingerprint="second")
    with pytest.raises(BatchError, match="undo import 2 first"):
        undo_batch(any_database, 1)
    undo_batch(any_database, 2)
    undo_batch(any_database, 1)
    assert count_records(any_database, ALL)["n_records"].sum() == 0


def test_undo_refuses_when_a_later_import_holds_the_same_rows(any_database: Database) -> None:
    """Both files have the row: it stays until both are taken back."""
    homes = make_households()
    first = store(any_database, "households", homes.head(2)).batch_id
    alone = content(any_database)
    second = store(any_database, "households", homes.iloc[1:3]).batch_id
    with pytest.raises(BatchError, match=f"Import {second} also holds rows of import {first}"):
        undo_batch(any_database, first)
    assert set(read_households(any_database, ALL).index) == set(homes.index[:3])
    undo_batch(any_database, second)
    assert content(any_database) == alone
    undo_batch(any_database, first)
    assert read_households(any_database, ALL).empty


def test_a_number_is_never_given_twice(any_database: Database) -> None:
    assert store(any_database, "households", make_households()).batch_id == 1
    undo_batch(any_database, 1)
    assert store(any_database, "households", make_households()).batch_id == 2


def test_unknown_batch_is_one_sentence(any_database: Database) -> None:
    with pytest.raises(BatchError, match="There is no import 9"):
        undo_batch(any_database, 9)


def test_failed_batch_leaves_nothing(any_database: Database) -> None:
    before = content(any_database)
    broken = make_households().drop(columns="placement")
    with pytest.raises(dbapi.IntegrityError):
        store(any_database, "households", broken)
    assert content(any_database) == before


def test_placements_change_with_the_batch(any_database: Database) -> None:
    store(any_database, "households", make_households())
    moved = pd.DataFrame(
        {"village_code": [EAST], "placement": ["inside"]}, index=pd.Index(["K4"], name="household_id")
    )
    store(any_database, "boundaries", make_villages(), changes=Changes({"households": moved}))
    assert read_households(any_database, ALL).loc["K4", "village_code"] == EAST
    assert read_versions(any_database) == {"boundaries": 1, "households": 2}


def test_villages_after_undo_are_what_an_undo_leaves(any_database: Database) -> None:
    store(any_database, "boundaries", make_villages())
    renamed = make_villages().assign(village=["Lor", "Kidul"]).loc[[WEST]]
    store(any_database, "boundaries", renamed, fingerprint="second")
    after = read_records_after_undo(any_database, 2)
    undo_batch(any_database, 2)
    pd.testing.assert_frame_equal(after, read_villages(any_database, ALL))


def test_quarantine_keeps_the_raw_row(any_database: Database) -> None:
    refused = pd.DataFrame(
        {
            "row_number": [12],
            "reasons": ["bad_date no_officer"],
            "raw": ['{"Tanggal": "31/31/2026", "Nama": "x"}'],
        }
    )
    batch = Batch("visits", "v.csv", "f", "demo", 4, 1, 0, {"bad_date": 1, "no_officer": 1})
    receipt = commit_batch(any_database, batch, make_visits(), refused)
    kept = read_quarantine(any_database, ALL, receipt.batch_id)
    assert kept.loc[12].to_dict() == {
        "reasons": "bad_date no_officer",
        "Tanggal": "31/31/2026",
        "Nama": "x",
    }
    listed = read_batches(any_database, ALL).loc[receipt.batch_id]
    assert (listed["rows_read"], listed["rows_accepted"], listed["rows_quarantined"]) == (4, 3, 1)
    assert listed["reasons"] == {"bad_date": 1, "no_officer": 1}


def test_find_batch_knows_a_file_by_its_fingerprint(any_database: Database) -> None:
    store(any_database, "households", make_households(), fingerprint="abc")
    assert find_batch(any_database, "households", "abc") == 1
    assert find_batch(any_database, "visits", "abc") is None
