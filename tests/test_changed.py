"""``make check`` finds the tests of what was changed."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.changed import find_tests, list_changed

if TYPE_CHECKING:
    from pathlib import Path

TESTS = {
    "tests/geo/test_heat.py": "from geo.heat import bin_points\n",
    "tests/geo/test_heat_maps.py": "from geo.heat import bin_points\n",
    "tests/geo/test_heath.py": "",
    "tests/geo/test_roads.py": "from geo.roads.network import RoadNetwork\n",
    "tests/geo/test_travel.py": "from geo.roads import chains\n",
    "tests/pages/test_plan.py": "",
    "tests/pages/test_heat.py": "",
    "tests/browser/test_plan.py": "",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A checkout that has only tests."""
    for name, text in TESTS.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ("geo/heat.py", {"geo/heat.py", "tests/geo/test_heat.py", "tests/geo/test_heat_maps.py"}),
        ("geo/roads/chains.py", {"geo/roads/chains.py", "tests/geo/test_travel.py"}),
        ("geo/roads/ways.py", {"geo/roads/ways.py", "tests/geo/test_roads.py"}),
        ("geo/roads/__init__.py", {"geo/roads/__init__.py", "tests/geo/test_roads.py"}),
        ("pages/plan/page.py", {"tests/pages/test_plan.py"}),
        ("data/migrations/versions/0001.py", set()),
        ("tests/geo/test_heath.py", {"tests/geo/test_heath.py"}),
        ("tests/browser/test_plan.py", set()),
        ("README.md", set()),
    ],
)
def test_changed_module_finds_its_tests(root: Path, changed: str, expected: set[str]) -> None:
    assert set(find_tests([changed], root)) == expected


def test_changed_is_what_differs_from_where_the_branch_left_main(root: Path) -> None:
    def git(*arguments: str) -> None:
        who = ("-c", "user.name=A", "-c", "user.email=a@example.org")
        subprocess.run(["git", *who, *arguments], cwd=root, check=True, capture_output=True)

    git("init", "--initial-branch=main")
    git("add", ".")
    git("commit", "--message", "First")
    assert list_changed(root) == []
    git("switch", "--create", "branch")
    (root / "committed.py").write_text("")
    git("add", ".")
    git("commit", "--message", "Second")
    (root / "tests/geo/test_heat.py").write_text("changed")
    (root / "tests/geo/test_heath.py").unlink()
    (root / "new.py").write_text("")
    assert list_changed(root) == ["committed.py", "new.py", "tests/geo/test_heat.py"]
