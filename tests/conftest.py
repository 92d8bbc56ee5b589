"""What all tests share: an empty database, and small frames made by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from data.database import Database

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def database(tmp_path: Path) -> Database:
    """An empty SQLite database with its tables."""
    made = Database(f"sqlite:///{tmp_path / 'sambang.sqlite'}")
    made.migrate()
    return made
