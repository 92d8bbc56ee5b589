"""Decisions about visits: who, when and why are kept, nothing is erased, nobody decides beyond reach."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from data.decisions import MAX_NOTE_CHARACTERS, MAX_VISITS, read_decisions, record_decision, undo_decision
from data.errors import DecisionError, ScopeError
from data.importing import undo_import
from data.principal import Principal
from data.repository import read_batches, read_versions
from tests.data.builders import EAST, WEST, make_households, make_villages, make_visits, store

if TYPE_CHECKING:
    from data.database import Database

ALL = Principal.demo()
EASTERN = Principal("ani", "supervisor", (EAST,))
WESTERN = Principal("joko", "supervisor", (WEST,))


@pytest.fixture
def filled(any_database: Database) -> Database:
    store(any_database, "boundaries", make_villages())
    store(any_database, "households", make_households())
    store(any_database, "visits", make_visits())
    return any_database


def test_decision_is_kept_with_who_when_and_why(filled: Database) -> None:
    started = int(time.time())
    assert record_decision(filled, EASTERN, ["V3"], "accepted", "  They met\nat the mosque. ") == 1
    row = read_decisions(filled, ALL).loc["V3"]
    assert (row["decision"], row["note"], row["decided_by"]) == ("accepted", "They met at the mosque.", "ani")
    assert started <= row["decided_at"].timestamp() <= time.time()


def test_last_decision_is_in_force_and_all_stay_in_the_history(filled: Database) -> None:
    record_decision(filled, ALL, ["V1", "V2"], "set_aside", "Asked: was in the office.")
    record_decision(filled, ALL, ["V2"], "accepted", "Shown a photograph.")
    assert read_decisions(filled, ALL)["decision"].to_dict() == {"V1": "set_aside", "V2": "accepted"}
    history = read_decisions(filled, ALL, history=True)
    assert history["decision"].tolist() == ["accepted", "set_aside", "set_aside"]
    assert history["decision_id"].is_monotonic_decreasing


def test_undone_decision_is_out_of_force_but_not_erased(filled: Database) -> None:
    record_decision(filled, ALL, ["V1"], "accepted", "Seen.")
    assert undo_decision(filled, ALL, ["V1"]) == 1
    assert read_decisions(filled, ALL).empty
    assert read_decisions(filled, ALL, history=True)["decision"].tolist() == ["undone", "accepted"]
    with pytest.raises(DecisionError, match="There is no decision on 1"):
        undo_decision(filled, ALL, ["V1"])
    record_decision(filled, ALL, ["V1"], "set_aside", "Seen again.")
    assert read_decisions(filled, ALL)["decision"].tolist() == ["set_aside"]


def test_caches_learn_of_every_decision(filled: Database) -> None:
    visits = read_versions(filled)["visits"]
    record_decision(filled, ALL, ["V1"], "accepted", "Seen.")
    undo_decision(filled, ALL, ["V1"])
    assert read_versions(filled)["decisions"] == 2
    assert read_versions(filled)["visits"] == visits


def test_nobody_decides_or_reads_beyond_reach(filled: Database) -> None:
    # V1 lies in the west with a household there, V3 has a household in the east, V2 lies in both
    with pytest.raises(ScopeError, match="1 of the visits"):
        record_decision(filled, EASTERN, ["V1", "V3"], "accepted", "All of them.")
    assert read_decisions(filled, ALL, history=True).empty  # all or none
    record_decision(filled, ALL, ["V1", "V2", "V3"], "accepted", "All of them.")
    assert set(read_decisions(filled, EASTERN).index) == {"V2", "V3"}
    assert set(read_decisions(filled, WESTERN).index) == {"V1", "V2"}
    assert set(read_decisions(filled, ALL, area=WEST).index) == {"V1", "V2"}
    with pytest.raises(ScopeError):
        undo_decision(filled, EASTERN, ["V1"])
    with pytest.raises(ScopeError):
        read_decisions(filled, EASTERN, area=WEST)
    assert read_decisions(filled, Principal("x", "supervisor", ())).empty


@pytest.mark.parametrize("role", ["officer", "command", "clerk"])
def test_only_supervisors_decide(filled: Database, role: str) -> None:
    with pytest.raises(ScopeError, match="Only a supervisor"):
        record_decision(filled, Principal("x", role, ("",)), ["V1"], "accepted", "Mine.")


@pytest.mark.parametrize(
    ("visits", "decision", "note", "sentence"),
    [
        (["V1"], "rejected", "No.", "Unknown decision 'rejected'"),
        (["V1"], "accepted", " \n\t", "The note is missing"),
        (["V1"], "accepted", "x" * (MAX_NOTE_CHARACTERS + 1), "shorten it"),
        ([], "accepted", "None.", "0 visits were chosen"),
        ([str(i) for i in range(MAX_VISITS + 1)], "accepted", "All.", "visits were chosen"),
    ],
)
def test_what_cannot_be_recorded_is_told(
    filled: Database, visits: list[str], decision: str, note: str, sentence: str
) -> None:
    with pytest.raises(DecisionError, match=sentence):
        record_decision(filled, ALL, visits, decision, note)
    assert "decisions" not in read_versions(filled)


def test_hostile_texts_are_only_text(filled: Database) -> None:
    note = "'); DROP TABLE visits; -- \" <script>alert(1)</script> \N{SNOWMAN}"
    record_decision(filled, ALL, ["V1"], "accepted", note)
    assert read_decisions(filled, ALL)["note"].tolist() == [note]
    with pytest.raises(ScopeError):
        record_decision(filled, ALL, ["' OR 1=1 --"], "accepted", "All.")


def test_decision_is_out_of_force_while_the_visit_says_something_else(filled: Database) -> None:
    record_decision(filled, ALL, ["V1", "V3"], "accepted", "Seen.")
    moved = make_visits().loc[["V1"]].assign(lon=111.403)
    receipt = store(filled, "visits", moved, fingerprint="moved")
    assert read_decisions(filled, ALL).index.tolist() == ["V3"]
    history = read_decisions(filled, ALL, history=True)
    assert history["holds"].to_dict() == {"V1": False, "V3": True}
    undo_import(filled, ALL, receipt.batch_id)
    assert set(read_decisions(filled, ALL).index) == {"V1", "V3"}


def test_decision_survives_that_its_visit_is_taken_back_and_brought_again(filled: Database) -> None:
    record_decision(filled, ALL, ["V1"], "accepted", "Seen.")
    batches = read_batches(filled, ALL)
    undo_import(filled, ALL, int(batches.index[batches["dataset"] == "visits"][0]))
    assert read_decisions(filled, ALL, history=True).empty
    store(filled, "visits", make_visits(), fingerprint="again")
    assert read_decisions(filled, ALL).index.tolist() == ["V1"]


def test_times_come_back_in_utc(filled: Database) -> None:
    assert isinstance(read_decisions(filled, ALL)["decided_at"].dtype, pd.DatetimeTZDtype)
