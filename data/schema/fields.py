"""What a dataset and a field of it are."""

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
]
WITHOUT_COLUMN = frozenset({"longitude", "latitude", "point", "shape", "clock"})
"""Kinds whose text becomes part of something else, not a canonical column of its own."""

_NOT_A_LETTER = re.compile(r"[^\w]|_", re.UNICODE)
PLACEHOLDERS = frozenset(
    {"-", "--", "na", "n/a", "#n/a", "null", "none", "nan", "nil", "kosong", "tidak ada"}
)
"""Texts that mean *nothing is known* in fields that no such word can be a value of."""

DASHES = frozenset({"-", "--", "null", "#n/a"})
"""The same for names and remarks, where *Na* or *None* may be meant."""


def fold_name(text: str) -> str:
    """Bring a name to the form in which names are compared: no case, spaces, punctuation or accents.

    Examples
    --------
    >>> fold_name("Tanggal_Kunjungan "), fold_name("KODE-DESA")
    ('tanggalkunjungan', 'kodedesa')
    """
    plain = unicodedata.normalize("NFKD", text).casefold()
    return _NOT_A_LETTER.sub("", "".join(letter for letter in plain if not unicodedata.combining(letter)))


@dataclass(frozen=True)
class Field:
    """One thing that a file may say of a record.

    Parameters
    ----------
    name
        What it is called in mappings, as in ``--map name=column``.
    kind
        What its text is read as.
    description
        One sentence for the person who maps columns.
    aliases
        Other names that columns with it go by, folded, the likelier first, apart by a space.
    required
        Whether a row without it is quarantined, with the reason ``missing_`` and the name.
    column
        The canonical column that it becomes; its name where not given.
    missing
        Texts (small letters) that mean that nothing is known.
    choices
        Folded text to canonical value, for kind ``choice``.
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
        """Folded names that a column with it may have, the likelier first."""
        return tuple(dict.fromkeys((fold_name(self.name), *self.aliases.split())))


@dataclass(frozen=True)
class Dataset:
    """One kind of record.

    Parameters
    ----------
    name
        What it is called in commands.
    key
        The column that tells records apart.
    description
        One sentence for the person who imports it.
    fields
        What a file may say of each record.
    alternatives
        Groups of fields of which a file must have at least one whole; points of the file's own will do too.
    identity
        Canonical columns that a missing key is made from.
    """

    name: str
    key: str
    description: str
    fields: tuple[Field, ...]
    alternatives: tuple[tuple[str, ...], ...] = ()
    identity: tuple[str, ...] = ()

    def field(self, name: str) -> Field:
        """Look a field up by its name.

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
        """Whether its records may have a point and get a village."""
        return any(item.kind == "longitude" for item in self.fields)
