"""The errors of ``geo``: one family, each message one sentence that says what is wrong and what to do.

A sentence is kept as a template and the values in it, so that a page can say it in its reader's language:
``raise GridError("A cell cannot have {size} m: give a size above 0.", size=cell_m)``. Its text is English.
"""

from __future__ import annotations

import string
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_JOINTS = {"": ", ", "and": " and ", "or": " or "}


class Writer(string.Formatter):
    """Puts values into a template, in English; a page has one of its language.

    A value is never read as a template, whatever braces are in it, and nothing of it but itself is written.
    Several values are written as ``{names}``, ``{names:and}`` or ``{names:or}``.
    """

    def write(self, phrase: Phrase) -> str:
        """Write a phrase; one without values stands as it is."""
        template = self.translate(phrase.template)
        return self.vformat(template, (), phrase.values) if phrase.values else template

    def translate(self, template: str) -> str:
        """Give a template in the writer's language."""
        return template

    def join(self, parts: list[str], joint: str) -> str:
        """Write several values as one text."""
        return _JOINTS[joint].join(parts)

    def get_field(self, field_name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> tuple[Any, str]:  # noqa: ARG002 - as the base has it
        """Look a value up by its name alone: no attribute or item of it can be asked for."""
        return kwargs[field_name], field_name

    def format_field(self, value: Any, format_spec: str) -> str:
        """Write one value."""
        if isinstance(value, Phrase):
            return self.write(value)
        if isinstance(value, tuple | list):
            return self.join([self.format_field(part, "") for part in value], format_spec)
        return str(super().format_field(value, format_spec))


@dataclass(frozen=True)
class Phrase:
    """Words for people, kept as an English template and the values in it; ``str`` gives them in English.

    Parameters
    ----------
    template
        With ``{name}``, or ``{name:,}`` and the like, for each value.
    values
        By name: text, numbers, days, phrases, or several of them.

    Examples
    --------
    >>> str(Phrase("{n:,} rows of {name}", {"n": 1500, "name": "{x}.csv"}))
    '1,500 rows of {x}.csv'
    >>> str(Phrase("Take {kinds:or}.", {"kinds": ("CSV", "XLSX")}))
    'Take CSV or XLSX.'
    """

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        """Say it in English."""
        return _ENGLISH.write(self)


_ENGLISH = Writer()


class ToldError(ValueError):
    """What every error is that people are told of, here and in the rooms above.

    Parameters
    ----------
    template
        The sentence in English, with ``{name}`` for each value.
    **values
        The values by name, as of a ``Phrase``.

    Examples
    --------
    >>> error = ToldError("A cell cannot have {size} m: give a size above 0.", size=-5)
    >>> str(error), error.phrase.values
    ('A cell cannot have -5 m: give a size above 0.', {'size': -5})
    """

    def __init__(self, template: str, /, **values: Any) -> None:
        self.phrase = Phrase(template, values)
        super().__init__(str(self.phrase))


class GeoError(ToldError):
    """What every error of ``geo`` is."""


class CRSError(GeoError):
    """A layer has no CRS, is not in metres, or two layers differ."""


class ColumnError(GeoError):
    """A frame lacks a column that the measure needs."""


class GeometryError(GeoError):
    """A layer's geometries are not of the kind that the measure needs."""


class GridError(GeoError):
    """A grid cannot be made with these cells over this area."""


class WindowError(GeoError):
    """A window has no time zone, or ends before it starts."""


class ClassError(GeoError):
    """Values cannot be put into classes in the way asked for."""


class TooFewError(GeoError):
    """There is too little data for the number asked for to mean anything."""
