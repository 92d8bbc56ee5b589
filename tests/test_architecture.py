"""The rules of the house that import-linter can't see."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = [path for room in ("geo", "data", "pages") for path in sorted((ROOT / room).rglob("*.py"))]


def _calls(path: Path, name: str) -> list[int]:
    return [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) == name
    ]


def _users_of(name: str) -> set[str]:
    return {str(path.relative_to(ROOT)) for path in SOURCES if _calls(path, name)}


def test_only_one_module_changes_a_crs() -> None:
    assert _users_of("to_crs") <= {"geo/crs.py"}


def test_only_one_module_writes_csv() -> None:
    """Text that a spreadsheet would run is guarded there."""
    assert _users_of("to_csv") <= {"data/exports/tables.py"}


def test_nothing_loops_over_rows() -> None:
    assert _users_of("iterrows") == set()
    assert _users_of("itertuples") == set()


def test_nobody_imports_the_way_in() -> None:
    importers = [
        path.name
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if (isinstance(node, ast.ImportFrom) and node.module == "dashboard")
        or (isinstance(node, ast.Import) and any(alias.name == "dashboard" for alias in node.names))
    ]
    assert importers == []


def test_nothing_catches_everything() -> None:
    catchers = [
        f"{path.name}:{node.lineno}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or getattr(node.type, "id", "") == "Exception")
    ]
    assert catchers == []
