"""What the documents say is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from data.settings import LOCAL, Settings

ROOT = Path(__file__).resolve().parent.parent


def settings_table() -> list[str]:
    """The README's table of settings, made from the settings themselves."""
    return [
        f"| `SAMBANG_{name.upper()}` | {_shown(field.get_default())} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]


def _shown(default: object) -> str:
    if default in {None, ""}:
        return "none"
    return f"`{str(default).replace(str(LOCAL), 'data/local')}`"


def test_readme_lists_every_setting_with_its_default() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    between = text.split("<!-- settings -->")[1].split("<!-- /settings -->")[0]
    assert between.split("\n")[1:-1] == settings_table()


@pytest.mark.parametrize("name", ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_links_and_pictures_exist(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    targets = [target for target in re.findall(r"\]\(([^)]+)\)", text) if "://" not in target]
    assert [target for target in targets if not (ROOT / target).exists()] == []


def test_architecture_names_every_room() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    rooms = {
        path.name
        for room in ("geo", "data")
        for path in (ROOT / room).iterdir()
        if not path.name.startswith(("_", ".")) and (path.suffix == ".py" or (path / "__init__.py").exists())
    }
    assert sorted(room for room in rooms if room.removesuffix(".py") not in text) == []
