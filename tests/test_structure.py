"""The house keeps its measure: few rooms, no circle, short modules, and names that say what a thing does."""

from __future__ import annotations

import ast
from collections import Counter
from graphlib import TopologicalSorter
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).resolve().parent.parent
NOT_ROOMS = {"__init__.py", "__pycache__", "locale"}

MOST_ROOMS, MOST_FLOORS = 17, 8
MOST_LINES, MOST_LINES_OF_HALF, MOST_LINES_OF_PAGE, MOST_LINES_OF_BODY = 300, 150, 80, 45
MOST_SHARED_NAMES = 0.08
BARE_WORDS = {
    "choose", "cut", "draw", "give", "judge", "measure", "of", "read", "say", "show", "tell", "write",
}  # fmt: skip
OLD_NAMES = {
    "apart", "http", "lists", "opened", "published", "publishing", "reach", "rounds", "sheets", "states",
    "told", "window", "windows", "withheld", "words",
}  # fmt: skip

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Module(NamedTuple):
    """A source file, read."""

    path: Path
    n_lines: int
    tree: ast.Module

    @property
    def where(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @property
    def name(self) -> str:
        parts = self.path.relative_to(ROOT).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @property
    def public_functions(self) -> list[str]:
        return [
            node.name
            for node in self.tree.body
            if isinstance(node, Function) and not node.name.startswith("_")
        ]


def read_modules(package: str) -> list[Module]:
    texts = {path: path.read_text("utf-8") for path in sorted((ROOT / package).rglob("*.py"))}
    return [Module(path, text.count("\n"), ast.parse(text)) for path, text in texts.items()]


@pytest.fixture(scope="module")
def pages() -> list[Module]:
    """The modules of ``pages``; a package's ``__init__`` holds a docstring only."""
    return [module for module in read_modules("pages") if module.path.name != "__init__.py"]


@pytest.fixture(scope="module")
def everything(pages: list[Module]) -> list[Module]:
    return [*pages, *read_modules("data"), *read_modules("geo")]


def test_pages_has_few_rooms() -> None:
    found = (path for path in (ROOT / "pages").iterdir() if path.is_dir() or path.suffix == ".py")
    rooms = {path.name for path in found} - NOT_ROOMS
    assert len(rooms) <= MOST_ROOMS, sorted(rooms)


def test_imports_lead_down_few_floors_of_rooms(pages: list[Module]) -> None:
    arrows: dict[str, set[str]] = {}
    for module, imported in find_arrows(pages):
        rooms = [name.split(".")[1] for name in (module, imported)]
        arrows.setdefault(rooms[0], set()).update({rooms[1]} - {rooms[0]})
    assert count_floors(arrows) <= MOST_FLOORS, arrows


def test_no_module_imports_itself_by_a_way_round(pages: list[Module]) -> None:
    arrows: dict[str, set[str]] = {}
    for module, imported in find_arrows(pages):
        arrows.setdefault(module, set()).add(imported)
    assert count_floors(arrows) > 0


def count_floors(arrows: Mapping[str, set[str]]) -> int:
    """Count the floors of the longest way down; a circle raises ``graphlib.CycleError``."""
    floors: dict[str, int] = {}
    for name in TopologicalSorter(arrows).static_order():
        floors[name] = 1 + max((floors[below] for below in arrows.get(name, ())), default=0)
    return max(floors.values())


def find_arrows(modules: list[Module]) -> Iterator[tuple[str, str]]:
    """Find which module imports which, not counting what only type checkers import."""
    known = {module.name for module in modules}
    for module in modules:
        for node in walk_at_run_time(module.tree):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            else:
                continue
            yield from ((module.name, name) for name in names if name in known)


def walk_at_run_time(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
        return
    for child in ast.iter_child_nodes(node):
        yield from walk_at_run_time(child)


def test_a_name_of_pages_says_which_function_is_meant(pages: list[Module]) -> None:
    homes = Counter(name for module in pages for name in set(module.public_functions))
    shared = {name: n for name, n in homes.items() if n > 1}
    assert sum(shared.values()) < MOST_SHARED_NAMES * homes.total(), shared


def test_modules_of_pages_are_short(pages: list[Module]) -> None:
    assert median(module.n_lines for module in pages) <= MOST_LINES_OF_HALF
    assert {module.where: module.n_lines for module in pages if module.n_lines > MOST_LINES} == {}


def test_a_page_only_composes(pages: list[Module]) -> None:
    own = [module for module in pages if module.path.name == "page.py"]
    assert own
    assert {module.where: module.n_lines for module in own if module.n_lines > MOST_LINES_OF_PAGE} == {}


def test_functions_of_pages_are_short(pages: list[Module]) -> None:
    long = {
        f"{module.where}:{node.lineno} {node.name}": count_body_lines(node)
        for module in pages
        for node in ast.walk(module.tree)
        if isinstance(node, Function) and count_body_lines(node) > MOST_LINES_OF_BODY
    }
    assert long == {}


def count_body_lines(function: Function) -> int:
    """Count the lines of a function's body without its docstring."""
    body = function.body[1:] if ast.get_docstring(function, clean=False) is not None else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_the_folder_of_a_module_says_who_it_is_for(pages: list[Module]) -> None:
    assert [module.where for module in pages if module.path.name.startswith("_")] == []


def test_no_module_has_an_old_name(everything: list[Module]) -> None:
    named = {module.where for module in everything if OLD_NAMES & set(module.name.split("."))}
    assert named == set()


def test_functions_are_named_by_verb_and_noun(everything: list[Module]) -> None:
    bare = [
        f"{module.where} {name}"
        for module in everything
        for name in module.public_functions
        if name in BARE_WORDS
    ]
    assert bare == []
