"""Groups of commands that are imported only when called, so that each command starts fast."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup


def make_group(commands: Mapping[str, str], *, help_text: str) -> typer.Typer:
    """Make a group of commands that imports only the command that is called (or all, for its help).

    Parameters
    ----------
    commands
        Name of each command → location of its function or subgroup, as ``"module:attribute"``.
    help_text
        Description of the group.

    Examples
    --------
    >>> app = make_group({"sample": "data.cli.records:import_sample"}, help_text="Records.")
    >>> typer.main.get_command(app).commands["sample"].name
    'sample'
    """

    class _Group(TyperGroup):
        def __init__(self, **options: Any) -> None:
            super().__init__(**options | {"commands": _Commands(commands)})

    app = _bare_app(cls=_Group, help=help_text, no_args_is_help=True)
    app.callback()(_do_nothing)
    return app


class _Commands(Mapping[str, Any]):
    """Commands by name, each made on first lookup."""

    def __init__(self, places: Mapping[str, str]) -> None:
        self._places = places
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._made:
            module, _, attribute = self._places[name].partition(":")
            self._made[name] = _make_command(name, getattr(import_module(module), attribute))
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def _make_command(name: str, found: Any) -> Any:
    if isinstance(found, typer.Typer):
        return typer.main.get_command(found)
    alone = _bare_app()
    alone.command(name)(found)
    return typer.main.get_command(alone)


def _bare_app(**options: Any) -> typer.Typer:
    return typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None, **options)


def _do_nothing() -> None:
    """Serve as the callback that makes a Typer app a group, even with a single command."""
