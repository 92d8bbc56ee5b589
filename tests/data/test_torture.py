"""Imports that are killed, disks that are full, databases that are busy or broken: nothing is lost."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from alembic import command

from data.database import Database
from data.errors import DatabaseError
from tests.data.builders import make_households, store
from tests.torture.kills import fill_disk, kill_first_starts, kill_imports

if TYPE_CHECKING:
    from pathlib import Path

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither kill -9 nor such limits")


@posix
def test_killed_imports_are_there_whole_or_not_at_all(tmp_path: Path) -> None:
    outcome = kill_imports(tmp_path, n_runs=5, n_rows=5_000)
    assert outcome.killed >= 1
    assert (outcome.lost, outcome.partial, outcome.damaged) == (0, 0, 0)


@posix
def test_start_after_a_killed_first_start_makes_the_tables(tmp_path: Path) -> None:
    assert kill_first_starts(tmp_path, n_runs=2) == []


def test_tables_are_made_all_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database, upgrade = Database(f"sqlite:///{tmp_path / 'a.sqlite'}"), command.upgrade

    def fail_late(*arguments: object) -> None:
        upgrade(*arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "upgrade", fail_late)
    with pytest.raises(KeyboardInterrupt):
        database.migrate()
    assert database.schema_version() is None
    monkeypatch.undo()
    database.migrate()
    assert database.schema_version() is not None


@posix
@pytest.mark.parametrize("limit_bytes", [1_000_000, 3_000_000])
def test_full_disk_is_one_sentence_and_loses_nothing(tmp_path: Path, limit_bytes: int) -> None:
    refusal = fill_disk(tmp_path, limit_bytes=limit_bytes, n_rows=25_000)
    assert refusal.is_clean, refusal.said
    assert "nothing was changed" in refusal.said
    assert refusal.after["integrity"] == "ok"


HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""


def test_busy_database_is_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data.database._SQLITE_SETTINGS", ("busy_timeout=200", "journal_mode=WAL"))
    path = tmp_path / "a.sqlite"
    database = Database(f"sqlite:///{path}")
    database.migrate()
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout.readline().strip() == b"held"
        with pytest.raises(DatabaseError, match="busy with another import"):
            store(database, "households", make_households().assign(village_code=None))
        holder.stdin.close()
    assert store(database, "households", make_households().assign(village_code=None)).rows_new == 4


@pytest.mark.parametrize("content", [b"id;nama\n1;Sri\n" * 1000, b"SQLite format 3\x00" + b"\xff" * 5000])
def test_file_that_is_no_database_is_said_so(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.sqlite"
    path.write_bytes(content)
    with pytest.raises(DatabaseError, match="damaged or not"):
        Database(f"sqlite:///{path}").migrate()
    assert path.read_bytes() == content


def test_place_where_no_database_can_be_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DatabaseError, match="cannot be created"):
        Database(f"sqlite:///{tmp_path / 'file' / 'a.sqlite'}").migrate()
    with pytest.raises(DatabaseError, match="cannot be opened"):
        Database(f"sqlite:///{tmp_path}").migrate()


def test_server_that_is_not_there_is_said_so_without_the_password() -> None:
    with pytest.raises(DatabaseError, match="cannot be reached") as caught:
        Database("postgresql://me:secret@127.0.0.1:1/x").migrate()
    assert "secret" not in str(caught.value)
