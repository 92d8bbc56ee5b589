"""Classes that describe datasets and their fields."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Literal

from data.errors import DataError

FieldKind = Literal[
    "text",
    "id",
    "code",
    "codes",
    "number",
    "integer",
    "longitude",
    "latitude",
    "point",
    "shape",
    "moment",
    "clock",
    "choice",
    "dilution",
]
WITHOUT_COLUMN = frozenset({"longitude", "latitude", "point", "shape", "clock", "dilution"})
"""Kinds whose text becomes part of another value rather than a canonical column of its own."""

_NOT_A_LETTER = re.compile(r"[^\w]|_", re.UNICODE)
PLACEHOLDERS = frozenset(
    {"-", "--", "na", "n/a", "#n/a", "null", "none", "nan", "nil", "kosong", "tidak ada"}
)
"""Placeholders for a missing value, in fields where none of these can be a real value."""

DASHES = frozenset({"-", "--", "null", "#n/a"})
"""Placeholders for a missing value in names and remarks, where *Na* or *None* may be real."""


def fold_name(text: str) -> str:
    """Fold a column name for comparison: drop case, spaces, punctuation and accents.

    Examples
    --------
    >>> fold_name("Tanggal_Kunjungan "), fold_name("KODE-DESA")
    ('tanggalkunjungan', 'kodedesa')
    """
    plain = unicodedata.normalize("NFKD", text).casefold()
    return _NOT_A_LETTER.sub("", "".join(letter for letter in plain if not unicodedata.combining(letter)))


@dataclass(frozen=True)
class Field:
    """One attribute of a record that a file may hold.

    Parameters
    ----------
    name
        Its name in mappings, as in ``--map name=column``.
    kind
        How its text is read.
    description
        One sentence for the user who maps columns.
    aliases
        Other names for its column, folded, most likely first, separated by spaces.
    required
        Whether a row without it is quarantined, with the reason ``missing_`` plus the name.
    column
        The canonical column that it becomes; its name if not given.
    missing
        Placeholder texts (lower case) for a missing value.
    choices
        Folded text → canonical value, for kind ``choice``.
    """

    name: str
    kind: FieldKind
    description: str
    aliases: str = ""
    required: bool = False
    column: str = ""
    missing: frozenset[str] = PLACEHOLDERS
    choices: dict[str, str] = field(default_factory=dict, compare=False)

    @property
    def target(self) -> str:
        """The canonical column that it becomes."""
        return self.column or self.name

    @property
    def names(self) -> tuple[str, ...]:
        """Folded names that its column may have, most likely first."""
        return tuple(dict.fromkeys((fold_name(self.name), *self.aliases.split())))


@dataclass(frozen=True)
class Dataset:
    """One kind of record.

    Parameters
    ----------
    name
        Its name in commands.
    key
        The column that identifies a record.
    description
        One sentence for the user who imports it.
    fields
        The attributes of each record that a file may hold.
    alternatives
        Groups of fields, at least one of which must be complete; point geometry in the file also suffices.
    identity
        Canonical columns from which a missing key is made.
    """

    name: str
    key: str
    description: str
    fields: tuple[Field, ...]
    alternatives: tuple[tuple[str, ...], ...] = ()
    identity: tuple[str, ...] = ()

    def field(self, name: str) -> Field:
        """Return the field with a name.

        Raises
        ------
        DataError
            If there is no such field.
        """
        for found in self.fields:
            if found.name == name:
                return found
        raise DataError(
            "{dataset} have no field '{field}': choose from {names}.",
            dataset=self.name.capitalize(),
            field=name,
            names=[item.name for item in self.fields],
        )

    @property
    def has_places(self) -> bool:
        """Whether its records may have a point and are assigned a village."""
        return any(item.kind == "longitude" for item in self.fields)
