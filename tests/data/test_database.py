"""The database opens, migrates, and survives what it is given."""

from __future__ import annotations

import sys
from pathlib import Path

import pyarrow as pa
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from data import tables
from data.database import Database
from data.errors import DatabaseError


def test_migrations_make_exactly_the_tables(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'new.sqlite'}")
    database.migrate()
    engine = sa.create_engine(database.url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), tables.metadata) == []
    engine.dispose()


def test_migrations_follow_each_other_by_number() -> None:
    folder = Path(tables.__file__).parent / "migrations" / "versions"
    numbers = sorted(path.name[:4] for path in folder.glob("0*.py"))
    assert numbers == [f"{number:04d}" for number in range(1, len(numbers) + 1)]


def test_migrating_twice_changes_nothing(any_database: Database) -> None:
    version = any_database.schema_version()
    any_database.migrate()
    assert any_database.schema_version() == version == "0013"


def test_database_of_a_newer_program_is_refused(any_database: Database) -> None:
    table = sa.table("alembic_version", sa.column("version_num"))
    with any_database.write({}) as connection:
        connection.execute(sa.update(table).values(version_num="9999"))
    with pytest.raises(DatabaseError, match="version 9999, which this version of Sambang does not know"):
        any_database.migrate()


@pytest.mark.parametrize("url", ["nonsense", "mysql://somewhere/x", "sqlite://"])
def test_what_is_no_database_is_refused_in_one_sentence(url: str) -> None:
    with pytest.raises(DatabaseError, match="database"):
        Database(url)


def test_password_is_not_in_the_error() -> None:
    with pytest.raises(DatabaseError) as caught:
        Database("mysql://me:secret@somewhere/x")
    assert "secret" not in str(caught.value)


def test_column_without_values_keeps_its_type(any_database: Database) -> None:
    rows = any_database.read(sa.select(tables.villages.c.geometry, tables.villages.c.village))
    assert rows.schema.types == [pa.binary(), pa.string()]


def test_sqlite_forces_every_commit_to_the_disk(database: Database) -> None:
    with database.write({}) as connection:
        settings = {
            name: connection.scalar(sa.text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_reader_sees_nothing_of_an_open_transaction(any_database: Database) -> None:
    count = sa.select(sa.func.count()).select_from(tables.versions)
    with any_database.write({}) as connection:
        connection.execute(sa.insert(tables.versions).values(dataset="visits", version=1))
        assert any_database.read(count).column(0).to_pylist() == [0]
    assert any_database.read(count).column(0).to_pylist() == [1]


@pytest.mark.skipif(sys.platform != "linux", reason="the system tells a process's memory otherwise")
def test_reading_sets_no_more_memory_aside_than_its_rows_need(database: Database) -> None:
    def reserved() -> int:
        return int(Path("/proc/self/statm").read_text().split()[0]) * 4096

    query = sa.select(tables.villages)
    kept = [database.read(query)]
    before = reserved()
    kept += [database.read(query) for _ in range(20)]
    assert reserved() - before < 2e9  # one arena of Arrow's allocator may come on top
