"""What the sources tell people: the texts that they hand to gettext, to errors and to phrases."""

from __future__ import annotations

import ast
from pathlib import Path

from data import errors
from geo.errors import Phrase, UserError, count_phrase
from pages.web.answers import RefusedError

ROOT = Path(errors.__file__).parents[1]
NOT_ON_PAGES = {"cli", "migrations"}
"""Folders of ``data`` that no page uses: the command line speaks English, people who migrate read code."""
GETTEXT = {"_", "N_", "ngettext"}


def family() -> set[str]:
    """Name the errors that are told to people."""
    found, waiting = {UserError}, [UserError]
    while waiting:
        children = waiting.pop().__subclasses__()
        waiting += [child for child in children if child.__module__.split(".")[0] in {"geo", "data", "pages"}]
        found |= {*waiting}
    assert {errors.LayerError, RefusedError} <= found
    return {kind.__name__ for kind in found}


TELLS = family() | {Phrase.__name__}
COUNTS = {"ngettext", count_phrase.__name__}
ROOMS = sorted(
    path
    for room in ("data", "geo")
    for path in (ROOT / room).rglob("*.py")
    if not NOT_ON_PAGES & set(path.relative_to(ROOT).parts)
)


def calls_in(path: Path, names: set[str]) -> list[ast.Call]:
    """Find where a source calls one of some names."""
    nodes = ast.walk(ast.parse(path.read_text()))
    return [
        node
        for node in nodes
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names
    ]


def said_in(path: Path) -> set[tuple[str, ...]]:
    """Collect the texts that a source hands over: one, or one of one thing and one of many."""
    found = set()
    for call in calls_in(path, GETTEXT | TELLS | COUNTS):
        texts = [argument.value for argument in call.args if isinstance(argument, ast.Constant)]
        if texts and isinstance(texts[0], str):
            counts = isinstance(call.func, ast.Name) and call.func.id in COUNTS
            found.add(tuple(texts[:2]) if counts else (texts[0],))
    return found


def is_template(call: ast.Call) -> bool:
    """Tell whether an error's or phrase's text can be translated: a constant, or another's template."""
    text = call.args[0] if call.args else None
    if isinstance(text, ast.Constant):
        return isinstance(text.value, str)
    passed_on = {"template"} & {getattr(text, "attr", ""), getattr(text, "id", "")}
    return bool(passed_on)
