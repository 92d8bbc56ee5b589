"""Mapping of file columns to fields: suggested from names and values, corrected by the user."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from data.errors import MappingError
from data.mapping.content import (
    MIN_SHARE,
    NOTHING_KNOWN,
    KnownNames,
    measure_readable_share,
    measure_typical_share,
    take_sample,
)
from data.mapping.layouts import is_own_column
from data.mapping.names import find_cut_names, fold_names
from data.schema import fold_name
from geo.errors import Phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from data.readers import RawTable
    from data.schema import Dataset, Field

Origin = Literal["name", "content", "remembered", "stated"]
"""Basis of a column's mapping: its name, its values, an earlier import of this layout, or the user."""

UNKNOWN_OFFICER = "unknown"
_NATIONAL_APP = "kepalakeluarga"  # ends the column names of its exports, which name no officer
_CONSTANT = "="


@dataclass(frozen=True)
class ColumnMapping:
    """The column that each field is read from.

    Parameters
    ----------
    columns
        Field → column.
    constants
        Field → the text for all rows, where no column holds it.
    unused
        The file's columns that no field is read from.
    origins
        Field → the basis on which its column was chosen.
    """

    columns: dict[str, str]
    constants: dict[str, str] = field(default_factory=dict)
    unused: tuple[str, ...] = ()
    origins: dict[str, Origin] = field(default_factory=dict, compare=False)

    @property
    def stated(self) -> dict[str, str]:
        """The mapping as a user would state it: field → column, or ``=text``."""
        return self.columns | {name: f"{_CONSTANT}{text}" for name, text in self.constants.items()}

    def __contains__(self, name: str) -> bool:
        """Check whether a field is read at all."""
        return name in self.columns or name in self.constants


def suggest_mapping(raw: RawTable, dataset: Dataset, *, known: KnownNames = NOTHING_KNOWN) -> ColumnMapping:
    r"""Suggest a mapping from the names and values of a file's columns.

    Required fields choose first. Each field takes the most likely column with one of its names that its kind
    can read. A field without one takes a column of another name if its values leave no doubt.

    Parameters
    ----------
    raw
        The file.
    dataset
        The dataset it is imported as.
    known
        Names of the villages and districts in force.

    Returns
    -------
    ColumnMapping
        Fields without a suitable column are absent.

    Examples
    --------
    >>> from data.readers import InputFile, read_table
    >>> from data.schema import DATASETS
    >>> raw = read_table(InputFile("a.csv", b"ID,Bujur,Lintang,lantai\n1,111.4,-7.4,2\n"))
    >>> mapping = suggest_mapping(raw, DATASETS["households"])
    >>> mapping.columns, mapping.unused
    ({'household_id': 'ID', 'lon': 'Bujur', 'lat': 'Lintang'}, ('lantai',))
    """
    choice = _Choice(raw, known)
    fields = sorted(dataset.fields, key=lambda item: not item.required)
    if raw.geometry is not None:  # use the file's own points rather than copies of them in columns
        fields = [item for item in fields if item.kind not in _PLACES]
    for item in fields:
        choice.take_by_name(item)
    for item in fields:
        if item.required or item.kind in _TELLING or item.name in _NAMED:
            choice.take_by_content(item)
    choice.let_go_of_half_points()
    constants = {}
    if dataset.name == "visits" and "officer_id" not in choice.columns and _is_national_export(raw):
        constants["officer_id"] = UNKNOWN_OFFICER
    return _mapping(raw, dataset, choice.columns, constants, choice.origins)


_PLACES = frozenset({"longitude", "latitude", "point", "shape"})
_TELLING = _PLACES | {"clock", "code"}
_NAMED = frozenset({"village", "district"})
_EVERYDAY = frozenset({"lokasi", "location"})  # may hold coordinates or a place name


class _Choice:
    """Assignment of columns to fields, each column at most once."""

    def __init__(self, raw: RawTable, known: KnownNames) -> None:
        self._raw, self._known = raw, known
        self._samples: dict[str, pd.Series] = {}
        self._names = [column for column in raw.columns if not is_own_column(column)]
        self._free = fold_names(self._names)
        self.columns: dict[str, str] = {}
        self.origins: dict[str, Origin] = {}

    def take_by_name(self, item: Field) -> None:
        """Assign a field the most likely column with one of its names."""
        named = [self._free[name] for name in item.names if name in self._free]
        if not named and self._raw.kind == "shapefile":
            named = find_cut_names(item, self._free)
        shares = {column: measure_readable_share(item, self._sample(column)) for column in named}
        named = [column for column in named if shares[column] > 0 or fold_name(column) not in _EVERYDAY]
        good = [column for column in named if shares[column] >= 1 - MIN_SHARE]
        if named:
            self._take(item, (good or named)[0], "name")

    def take_by_content(self, item: Field) -> None:
        """Assign a field without a column the one whose values fit it best, if they clearly do."""
        if item.name in self.columns or (
            item.kind in {"point", "longitude", "latitude"} and self._is_placed()
        ):
            return
        taken = set(self.columns.values())
        shares = {
            column: measure_typical_share(item, self._sample(column), self._known)
            for column in self._names
            if column not in taken
        }
        best = max(shares, key=lambda column: shares[column], default=None)
        if best is not None and shares[best] >= MIN_SHARE:
            self._take(item, best, "content")

    def _is_placed(self) -> bool:
        return "point" in self.columns or {"lon", "lat"} <= set(self.columns)

    def let_go_of_half_points(self) -> None:
        """Drop a longitude without latitude, or the reverse, if it was chosen by its values only."""
        for one, other in (("lon", "lat"), ("lat", "lon")):
            if self.origins.get(one) == "content" and other not in self.columns:
                del self.columns[one], self.origins[one]

    def _take(self, item: Field, column: str, origin: Origin) -> None:
        self.columns[item.name], self.origins[item.name] = column, origin
        self._free = {name: other for name, other in self._free.items() if other != column}

    def _sample(self, column: str) -> pd.Series:
        if column not in self._samples:
            self._samples[column] = take_sample(self._raw.frame[column])
        return self._samples[column]


def resolve_mapping(
    raw: RawTable,
    dataset: Dataset,
    stated: Mapping[str, str],
    *,
    remembered: Mapping[str, str] | None = None,
    known: KnownNames = NOTHING_KNOWN,
) -> ColumnMapping:
    """Suggest a mapping, override it with what the user stated, and check that it suffices.

    Parameters
    ----------
    raw
        The file.
    dataset
        The dataset it is imported as.
    stated
        Field → column; ``""`` for a field that is not to be read, ``=text`` for the same text in all rows.
    remembered
        How the last file of this layout was read, in the same form; it overrides names and values.
    known
        As in ``suggest_mapping``.

    Returns
    -------
    ColumnMapping
        A mapping that suffices for the import.

    Raises
    ------
    DataError
        If a stated field does not exist.
    MappingError
        If a stated column does not exist, or a required field has no column.
    """
    base = _recall(raw, dataset, remembered or {}) or suggest_mapping(raw, dataset, known=known)
    columns, constants, origins = dict(base.columns), dict(base.constants), dict(base.origins)
    chosen = {name: _find_column(raw, name, column) for name, column in stated.items() if dataset.field(name)}
    for name, column in chosen.items():
        columns.pop(name, None)
        constants.pop(name, None)
        origins[name] = "stated"
        if column.startswith(_CONSTANT) and column not in raw.columns:
            constants[name] = column.removeprefix(_CONSTANT)
        elif column:
            columns = {other: taken for other, taken in columns.items() if taken != column or other in chosen}
            columns[name] = column
    mapping = _mapping(raw, dataset, columns, constants, origins)
    _require(raw, dataset, mapping)
    return mapping


def _recall(raw: RawTable, dataset: Dataset, remembered: Mapping[str, str]) -> ColumnMapping | None:
    """Map a file like the last one of its layout; None if that one had other columns or fields."""
    fields = {item.name for item in dataset.fields}
    columns = {name: column for name, column in remembered.items() if column in raw.columns}
    constants = {
        name: column.removeprefix(_CONSTANT)
        for name, column in remembered.items()
        if name not in columns and column.startswith(_CONSTANT)
    }
    if not remembered or len(columns) + len(constants) < len(remembered) or not set(remembered) <= fields:
        return None
    return _mapping(raw, dataset, columns, constants, dict.fromkeys(remembered, "remembered"))


def _mapping(
    raw: RawTable,
    dataset: Dataset,
    columns: dict[str, str],
    constants: dict[str, str],
    origins: Mapping[str, Origin],
) -> ColumnMapping:
    order = [item.name for item in dataset.fields]
    used = set(columns.values())
    return ColumnMapping(
        columns={name: columns[name] for name in order if name in columns},
        constants=constants,
        unused=tuple(column for column in raw.columns if column not in used and not is_own_column(column)),
        origins={name: origin for name, origin in origins.items() if name in columns or name in constants},
    )


def _is_national_export(raw: RawTable) -> bool:
    return any(fold_name(column).endswith(_NATIONAL_APP) for column in raw.columns)


def _find_column(raw: RawTable, name: str, column: str) -> str:
    """Find a stated column by its exact name, else by its folded name."""
    if column in raw.columns or not column or column.startswith(_CONSTANT):
        return column
    alike = [known for known in raw.columns if fold_name(known) == fold_name(column)]
    if len(alike) == 1:
        return alike[0]
    raise MappingError(
        "{file} has no column '{column}' for {field}: its columns are {columns}.",
        file=raw.name,
        column=column,
        field=name,
        columns=_list(raw.columns),
    )


def _require(raw: RawTable, dataset: Dataset, mapping: ColumnMapping) -> None:
    missing = [item.name for item in dataset.fields if item.required and item.name not in mapping]
    if missing:
        raise MappingError(
            "{file} has no column for {fields:and}: its columns are {columns}. Name one with --map "
            "{first}=COLUMN, or the same for all rows with --map {first}==TEXT.",
            option=f"--map {missing[0]}=COLUMN or --map {missing[0]}==TEXT",
            file=raw.name,
            fields=missing,
            columns=_list(raw.columns),
            first=missing[0],
        )
    points = raw.geometry is not None and dataset.has_places
    if (
        not dataset.alternatives
        or points
        or any(all(name in mapping for name in group) for group in dataset.alternatives)
    ):
        return
    ways = ", or ".join(" with ".join(group) for group in dataset.alternatives)
    raise MappingError(
        "{file} has no columns that tell {dataset} apart: its columns are {columns}. Name them with --map "
        "FIELD=COLUMN: {ways}.",
        option="--map FIELD=COLUMN",
        file=raw.name,
        dataset=dataset.name,
        columns=_list(raw.columns),
        ways=ways,
    )


def _list(names: list[str], *, most: int = 30) -> list[str] | Phrase:
    shown = [name[:60] for name in names[:most]]
    if len(names) > most:
        return Phrase("{names} and {n} more", {"names": shown, "n": len(names) - most})
    return shown or Phrase("none")
