"""``python -m tests.docs``: write the pages of ``docs/`` that are generated from the code (``make docs``)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

import typer

from data.cli import app
from data.schema import DATASETS, NOTICES, REASONS
from data.settings import LOCAL, Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from pydantic.fields import FieldInfo

    from data.schema import Dataset
    from geo.errors import Phrase

DOCS = Path(__file__).resolve().parent.parent / "docs"
PROGRAM = "python -m data"

_NOTICE = "<!-- Generated from the code by `make docs`: change it there. -->"
_SETTINGS = """\
Set them in the environment or in a file `.env` in the folder that Sambang is started from. Every setting has
a default that works. A value that is not allowed is reported in one line that names the setting.
"""
_COMMANDS = """\
Run them from the project's folder with the Python of its environment: `.venv/bin/python -m data …` (on
Windows `.venv\\Scripts\\python -m data …`). They use the database named by
[`SAMBANG_DATABASE_URL`](settings.md#general). Each command explains itself with `--help` and prints one JSON
object on standard output with `--json`.

Exit codes: 0 for success; 1 for an error in the data, a choice or a setting, reported in one line on standard
error; 2 for wrong usage.
"""
_DATASETS = """\
What a file may contain. Columns are recognised by the name of the field, by other Indonesian and English
names for it (listed in `data/schema/datasets.py`) and by their values. Name the others with
`--map FIELD=COLUMN`, or on the Data page. [Formats](formats.md) describes how files are read.
"""
_SECTIONS: Mapping[str, tuple[str, ...]] = {
    "General": ("",),
    "What counts as a visit": ("outcome_",),
    "Weekly plan": ("plan_",),
    "Import": ("match_", "max_"),
    "Evidence of visits": ("evidence_",),
}
"""Heading of each section of the settings, and how the names of its settings begin."""
_BOUNDS = {"ge": "≥ {}", "gt": "> {}", "le": "≤ {}", "lt": "< {}"}
_PLAIN_VALUES = {
    "<int range>": "N",
    "<float range>": "N",
    "<int>": "N",
    "<float>": "N",
    "<str>": "TEXT",
    "<path>": "FILE",
}
"""What stands for a value in help, and what stands for it here."""
_LIMITS = re.compile(r"\s*\[([^\[\]]+)\]$")


def write_settings() -> str:
    """Write the page of settings: what each means, its default and what is allowed."""
    parts = ["# Settings", _NOTICE, _SETTINGS.strip()]
    for heading, fields in _group_settings().items():
        rows = [
            (f"`SAMBANG_{name.upper()}`", describe_default(field), describe_range(field), field.description)
            for name, field in fields.items()
        ]
        parts += [f"## {heading}", write_table(("setting", "default", "allowed", "meaning"), rows)]
    return "\n\n".join(parts) + "\n"


def _group_settings() -> dict[str, dict[str, FieldInfo]]:
    special = [start for starts in _SECTIONS.values() for start in starts if start]
    grouped: dict[str, dict[str, FieldInfo]] = {heading: {} for heading in _SECTIONS}
    for name, field in Settings.model_fields.items():
        start = next((start for start in special if name.startswith(start)), "")
        heading = next(heading for heading, starts in _SECTIONS.items() if start in starts)
        grouped[heading][name] = field
    return grouped


def describe_default(field: FieldInfo) -> str:
    """Write a setting's default as it would be set."""
    default = field.get_default()
    if default in {None, ""}:
        return "none"
    text = str(default).lower() if isinstance(default, bool) else str(default)
    return f"`{text.replace(str(LOCAL), 'data/local')}`"


def describe_range(field: FieldInfo) -> str:
    """Write what a setting may be, where that is a choice or a range."""
    if get_origin(field.annotation) is Literal:
        return ", ".join(f"`{value}`" for value in get_args(field.annotation))
    if field.annotation is bool:
        return "`true`, `false`"
    bounds = (
        text.format(f"{getattr(limit, name):,}")
        for limit in field.metadata
        for name, text in _BOUNDS.items()
        if hasattr(limit, name)
    )
    return ", ".join(bounds)


def write_commands() -> str:
    """Write the page of commands: every command with its arguments and options."""
    parts = ["# Commands", _NOTICE, _COMMANDS.strip()]
    for path, command in list_commands():
        parts += [f"## {path.removeprefix(PROGRAM).strip()}", command.help, _write_usage(path, command)]
        rows = [_describe_parameter(path, command, parameter) for parameter in command.params]
        parts.append(write_table(("argument or option", "meaning", "default or limits"), rows))
    return "\n\n".join(parts) + "\n"


def list_commands() -> Iterator[tuple[str, Any]]:
    """List every command that does something, with the words that call it."""
    yield from _list_below(PROGRAM, typer.main.get_command(app))


def _list_below(path: str, command: Any) -> Iterator[tuple[str, Any]]:
    below = getattr(command, "commands", None)
    if below is None:
        yield path, command
        return
    for name in below:
        yield from _list_below(f"{path} {name}", below[name])


def _write_usage(path: str, command: Any) -> str:
    arguments = [f" {one.name.upper()}" for one in command.params if one.param_type_name == "argument"]
    return f"```\n{path}{''.join(arguments)} [OPTIONS]\n```"


def _describe_parameter(path: str, command: Any, parameter: Any) -> tuple[str, str, str]:
    """Write a parameter as its help does: how it is given, what it means, and its default or limits."""
    context = command.make_context(path, [], resilient_parsing=True)
    given, meaning = parameter.get_help_record(context)
    for shown, plain in _PLAIN_VALUES.items():
        given = given.replace(shown, plain)
    if parameter.param_type_name == "argument":
        name, _, values = given.partition(" ")
        given = f"{name.upper()} {values if '|' in values else ''}".strip()
    found = _LIMITS.search(meaning)
    limits = found[1].replace("default: ", "").replace("x>=", "≥ ") if found else ""
    return f"`{given}`", _LIMITS.sub("", meaning), limits


def write_datasets() -> str:
    """Write the page of datasets: their fields, and why a row is refused or noted."""
    parts = ["# Datasets", _NOTICE, _DATASETS.strip()]
    for dataset in DATASETS.values():
        rows = [
            (f"`{field.name}`", "yes" if field.required else "", field.kind, field.description)
            for field in dataset.fields
        ]
        parts += [f"## {dataset.name}", dataset.description, *_describe_alternatives(dataset)]
        parts.append(write_table(("field", "required", "kind", "meaning"), rows))
    parts += ["## Why a row is quarantined", _write_codes(REASONS)]
    parts += ["## What is noted of an accepted row", _write_codes(NOTICES)]
    return "\n\n".join(parts) + "\n"


def _describe_alternatives(dataset: Dataset) -> list[str]:
    if not dataset.alternatives:
        return []
    groups = [" + ".join(f"`{name}`" for name in group) for group in dataset.alternatives]
    points = "; or points as its geometry" if dataset.has_places else ""
    return [f"A file needs one of these: {'; '.join(groups)}{points}."]


def _write_codes(codes: Mapping[str, Phrase]) -> str:
    return write_table(("code", "meaning"), [(f"`{code}`", str(text)) for code, text in codes.items()])


def write_table(header: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Write a table in Markdown; a ``|`` within a cell is escaped."""
    lines = [[str(cell).replace("|", "\\|") for cell in row] for row in (header, *rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "\n".join(f"| {' | '.join(cells)} |".replace("|  |", "| |") for cells in lines)


GENERATED: Mapping[str, Callable[[], str]] = {
    "settings.md": write_settings,
    "commands.md": write_commands,
    "datasets.md": write_datasets,
}
"""Page of ``docs/`` to what writes it."""


def main() -> None:
    """Write every generated page."""
    for name, write_page in GENERATED.items():
        (DOCS / name).write_text(write_page(), "utf-8")


if __name__ == "__main__":
    main()
