"""Databases with empty tables: the tables are made once, and each test gets a copy of the file."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from data.database import Database


def make_database(path: Path) -> Database:
    """Return an SQLite database of its own, with its tables, at ``path``."""
    path.write_bytes(_read_empty())
    return Database(f"sqlite:///{path}")


@cache
def _read_empty() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.sqlite"
        Database(f"sqlite:///{path}").migrate()
        assert list(path.parent.iterdir()) == [path]  # nothing is left in a log beside it
        return path.read_bytes()
