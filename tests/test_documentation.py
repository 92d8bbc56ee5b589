"""What the documents say is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from data.readers.detect import FILE_KINDS
from data.schema import DATASETS
from data.settings import Settings
from tests.docs import DOCS, GENERATED, PROGRAM, list_commands

ROOT = Path(__file__).resolve().parent.parent
BY_HAND = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md")
DOCUMENTS = sorted({*(ROOT / name for name in BY_HAND), *DOCS.glob("*.md")})
MOST_WORDS_OF_README, MOST_LINES_OF_ARCHITECTURE = 700, 150

_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"(?m)^#+ (.+)$")
_CODE = re.compile(r"`([^`\n]+)`")
_PLACE = re.compile(r"(?:geo|data|pages|tests)(?:[./]\w+)+(?:\.\w+)?/?")
_NOT_MADE_YET = re.compile(r"\b(?:local|output)\b|NAME|LANGUAGE")
"""Files that are made by running the program, and words that stand for any name."""


def name_document(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def read_document(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


@pytest.mark.parametrize("name", GENERATED)
def test_generated_pages_equal_the_code(name: str) -> None:
    assert (DOCS / name).read_text("utf-8") == GENERATED[name](), "run `make docs`"


def test_every_setting_is_described() -> None:
    text = read_document("docs/settings.md")
    assert [name for name in Settings.model_fields if f"`SAMBANG_{name.upper()}`" not in text] == []
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_every_command_and_option_is_described() -> None:
    text = read_document("docs/commands.md")
    commands = dict(list_commands())
    assert [path for path in commands if f"\n## {path.removeprefix(PROGRAM).strip()}\n" not in text] == []
    assert [path for path, command in commands.items() if not command.help] == []
    silent = [
        (path, one.name) for path, command in commands.items() for one in command.params if not one.help
    ]
    assert silent == []


@pytest.mark.parametrize("name", DATASETS)
def test_every_dataset_is_described(name: str) -> None:
    assert f"\n| {name} |" in read_document("README.md")
    assert f"\n## {name}\n" in read_document("docs/datasets.md")


def test_every_file_type_is_described() -> None:
    text = read_document("docs/formats.md").lower()
    assert [kind for kind in FILE_KINDS if kind not in text] == []


def test_readme_fits_a_screen_or_two() -> None:
    assert len(read_document("README.md").split()) <= MOST_WORDS_OF_README


def test_architecture_fits_a_page() -> None:
    assert len(read_document("ARCHITECTURE.md").splitlines()) <= MOST_LINES_OF_ARCHITECTURE


@pytest.mark.parametrize("contents", ["README.md", "docs/README.md"])
def test_every_page_of_docs_is_linked(contents: str) -> None:
    text = read_document(contents)
    pages = [path.name for path in DOCS.glob("*.md") if path.name != "README.md"]
    assert [page for page in pages if not re.search(rf"\]\((docs/)?{re.escape(page)}\)", text)] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_document)
def test_links_and_pictures_exist(document: Path) -> None:
    targets = [target for target in _LINK.findall(document.read_text("utf-8")) if "://" not in target]
    assert [target for target in targets if not leads_somewhere(document, target)] == []


def leads_somewhere(document: Path, target: str) -> bool:
    name, _, heading = target.partition("#")
    path = document.parent / name if name else document
    if not path.exists():
        return False
    return not heading or heading in list_anchors(path.read_text("utf-8"))


def list_anchors(text: str) -> set[str]:
    """List the anchors that a repository page gives to headings."""
    return {re.sub(r"[^\w\- ]", "", heading).lower().replace(" ", "-") for heading in _HEADING.findall(text)}


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_document)
def test_modules_and_files_that_are_named_exist(document: Path) -> None:
    names = {name for code in _CODE.findall(document.read_text("utf-8")) for name in _PLACE.findall(code)}
    assert sorted(name for name in names if not _NOT_MADE_YET.search(name) and not stands(name)) == []


def stands(name: str) -> bool:
    """Whether there is such a file, folder or module, or something of this name in such a module."""
    if "/" in name:
        return (ROOT / name).exists()
    module = ROOT / name.replace(".", "/")
    if module.is_dir() or module.with_suffix(".py").exists():
        return True
    home = module.parent / "__init__.py" if module.parent.is_dir() else module.parent.with_suffix(".py")
    return home.exists() and module.name in home.read_text("utf-8")


@pytest.mark.parametrize("layer", ["geo", "data", "pages"])
def test_architecture_names_every_room(layer: str) -> None:
    text = read_document("ARCHITECTURE.md")
    rooms = [
        f"{path.name}/" if path.is_dir() else path.name
        for path in sorted((ROOT / layer).iterdir())
        if not path.name.startswith("_") and (path.suffix == ".py" or (path / "__init__.py").exists())
    ]
    assert [room for room in rooms if not re.search(rf"(?<![\w/]){re.escape(room)}", text)] == []


@pytest.mark.parametrize("target", ["run", "check", "test", "trials", "bench", "docs", "texts"])
def test_contributing_names_what_make_does(target: str) -> None:
    assert f"\n{target}:" in read_document("Makefile")
    assert f"make {target}" in read_document("CONTRIBUTING.md")
