"""How long a plan takes is estimated from what was measured on the machine: within a factor of two."""

from __future__ import annotations

from time import thread_time
from typing import TYPE_CHECKING

import pytest

from data.database import Database
from data.plans.build import MOST_STEPS, N_WORKERS
from data.plans.timing import (
    START_S,
    estimate_build_time,
    measure_officer_time,
    read_build_times,
    record_build_time,
)
from geo.routes import SearchEffort, plan_week
from tests.geo.weeks import make_week
from tests.volume import volume

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(f"sqlite:///{tmp_path / 'sambang.sqlite'}")


def test_estimate_is_what_builds_of_that_size_took(database: Database) -> None:
    for seconds in (23.0, 25.0, 300.0):  # once the machine was busy
        record_build_time(database, 217, seconds)
    assert estimate_build_time(database, 217) == 25


def test_estimate_is_scaled_beyond_the_start(database: Database) -> None:
    record_build_time(database, 100, 24.0)
    assert estimate_build_time(database, 200) == START_S + 40  # twice the twenty seconds after the start
    assert estimate_build_time(database, 50) == START_S + 10


def test_builds_of_another_size_are_not_compared(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data.plans.timing.measure_officer_time", lambda: 0.1)
    record_build_time(database, 7, 60.0)  # too small to tell anything
    assert read_build_times(database) == []
    record_build_time(database, 10, 60.0)
    assert estimate_build_time(database, 200) == START_S + 20
    assert estimate_build_time(database, 40) == START_S + 4 * 56


def test_file_that_cannot_be_read_or_written_is_no_error(database: Database, tmp_path: Path) -> None:
    (tmp_path / "sambang.sqlite.plan-times.json").write_text('{"no": "list"}')
    assert read_build_times(database) == []
    (tmp_path / "file").write_text("no folder")
    lost = Database(f"sqlite:///{tmp_path / 'file' / 'x.sqlite'}")
    record_build_time(lost, 20, 5.0)
    assert read_build_times(lost) == []


def test_first_estimate_is_within_a_factor_of_two_of_a_search() -> None:
    # The processor's time of real searches, in one process; a build shares them between its workers.
    n = volume(4, 40)
    week = make_week(11, n=300 * n, officers=n)
    start = thread_time()
    plan_week(week, effort=SearchEffort(MOST_STEPS, 600.0, workers=1))
    took = (thread_time() - start) / n
    assert took / 2 <= measure_officer_time() * N_WORKERS <= took * 2
