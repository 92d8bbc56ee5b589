"""Errors of ``geo``: each message is one sentence that states what is wrong and what to do.

A message is kept as an English template and its values, so that a page can translate it:
``raise GridError("A cell cannot have {size} m: give a size above 0.", size=cell_m)``.
"""

from __future__ import annotations

import string
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_JOINTS = {"": ", ", "and": " and ", "or": " or "}


class PhraseWriter(string.Formatter):
    """Formatter that fills values into a template, in English; pages have subclasses for their language.

    A value is never read as a template, whatever braces it holds, and its attributes and items cannot be
    reached. Several values are written as ``{names}``, ``{names:and}`` or ``{names:or}``.
    """

    def write(self, phrase: Phrase) -> str:
        """Write a phrase as text; without values, the template is left unformatted."""
        if phrase.many:
            template = self.translate_count(phrase.template, phrase.many, phrase.values["n"])
        else:
            template = self.translate(phrase.template)
        return self.vformat(template, (), phrase.values) if phrase.values else template

    def translate(self, template: str) -> str:
        """Return a template in the writer's language."""
        return template

    def translate_count(self, one: str, many: str, n: int) -> str:
        """Return the template for a number of things in the writer's language."""
        return one if n == 1 else many

    def join(self, parts: list[str], joint: str) -> str:
        """Join several values into one text."""
        return _JOINTS[joint].join(parts)

    def get_field(self, field_name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> tuple[Any, str]:  # noqa: ARG002 - as the base has it
        """Look up a value by name only, never one of its attributes or items."""
        return kwargs[field_name], field_name

    def format_field(self, value: Any, format_spec: str) -> str:
        """Format one value."""
        if isinstance(value, Phrase):
            return self.write(value)
        if isinstance(value, tuple | list):
            return self.join([self.format_field(part, "") for part in value], format_spec)
        return str(super().format_field(value, format_spec))


@dataclass(frozen=True)
class Phrase:
    """Text for people, kept as an English template and its values; ``str`` returns it in English.

    Parameters
    ----------
    template
        With ``{name}``, or ``{name:,}`` and the like, for each value.
    values
        Values by name: text, numbers, dates, phrases, or several of them.
    many
        Template for other numbers than one, of a phrase that counts ``n`` things; see :func:`count_phrase`.

    Examples
    --------
    >>> str(Phrase("{n:,} rows of {name}", {"n": 1500, "name": "{x}.csv"}))
    '1,500 rows of {x}.csv'
    >>> str(Phrase("Take {kinds:or}.", {"kinds": ("CSV", "XLSX")}))
    'Take CSV or XLSX.'
    """

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    many: str = ""

    def fill(self, **values: Any) -> Phrase:
        """Return the phrase with these values."""
        return replace(self, values=values)

    def __str__(self) -> str:
        """Return the text in English."""
        return _ENGLISH.write(self)


_ENGLISH = PhraseWriter()


def count_phrase(template: str, many: str, /, **values: Any) -> Phrase:
    """Make a phrase that counts something, for one and for many.

    Parameters
    ----------
    template, many
        For one thing, and for any other number.
    **values
        The values by name; ``n`` is the number.

    Examples
    --------
    >>> [str(count_phrase("{n} visit", "{n} visits", n=n)) for n in (0, 1, 2)]
    ['0 visits', '1 visit', '2 visits']
    """
    return Phrase(template, values, many)


class UserError(ValueError):
    """Base class of errors whose message is shown to people, here and in the packages above.

    Parameters
    ----------
    template
        The sentence in English, with ``{name}`` for each value.
    option
        The option of the command line that puts it right, such as ``--crs EPSG:n``; empty where none does.
        It is no part of the sentence: the command line adds it, pages have a control of their own.
    **values
        The values by name, as in :class:`Phrase`.

    Examples
    --------
    >>> error = UserError("A cell cannot have {size} m: give a size above 0.", size=-5)
    >>> str(error), error.phrase.values
    ('A cell cannot have -5 m: give a size above 0.', {'size': -5})
    """

    def __init__(self, template: str, /, *, option: str = "", **values: Any) -> None:
        self.phrase = Phrase(template, values)
        self.option = option
        super().__init__(str(self.phrase))


class GeoError(UserError):
    """Base class of all errors of ``geo``."""


class CRSError(GeoError):
    """A layer has no CRS, is not in metres, or two layers differ."""


class ColumnError(GeoError):
    """A frame lacks a column, or a column holds unusable values."""


class GeometryError(GeoError):
    """A layer holds geometries of the wrong kind, or a distance between them is not valid."""


class GridError(GeoError):
    """A grid of these cells cannot be made over this area."""


class PeriodError(GeoError):
    """A period has no time zone or ends before it starts, or a time zone is unknown."""


class ClassError(GeoError):
    """Values cannot be classified as requested."""


class TooFewError(GeoError):
    """There is too little data for the requested figure to mean anything."""
