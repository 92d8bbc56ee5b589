"""Which column of a file is which field: suggested from the names, decided by a person."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from data.errors import MappingError
from data.schema import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

    from data.readers import RawTable
    from data.schema import Dataset

UNKNOWN_OFFICER = "unknown"
_NATIONAL_APP = "kepalakeluarga"  # its exports name each column of the household's head so, and no officer
_CONSTANT = "="


@dataclass(frozen=True)
class ColumnMapping:
    """Which column each field is read from.

    Parameters
    ----------
    columns
        Field to column.
    constants
        Field to the text that all rows have, where no column says it.
    unused
        The file's columns that no field is read from.
    """

    columns: dict[str, str]
    constants: dict[str, str] = field(default_factory=dict)
    unused: tuple[str, ...] = ()

    def __contains__(self, name: str) -> bool:
        """Tell whether a field is read at all."""
        return name in self.columns or name in self.constants


def suggest_mapping(raw: RawTable, dataset: Dataset) -> ColumnMapping:
    r"""Suggest a mapping from the names of a file's columns.

    Required fields choose first; then each field takes the column whose name is likeliest of its own.

    Parameters
    ----------
    raw
        The file.
    dataset
        What it is imported as.

    Returns
    -------
    ColumnMapping
        Fields for which no column has a known name are absent.

    Examples
    --------
    >>> from data.readers import Source, read_table
    >>> from data.schema import DATASETS
    >>> raw = read_table(Source("a.csv", b"ID,Bujur,Lintang,lantai\n1,111.4,-7.4,2\n"))
    >>> mapping = suggest_mapping(raw, DATASETS["households"])
    >>> mapping.columns, mapping.unused
    ({'household_id': 'ID', 'lon': 'Bujur', 'lat': 'Lintang'}, ('lantai',))
    """
    free: dict[str, str] = {}
    for column in raw.columns:
        free.setdefault(fold(column), column)
    found: dict[str, str] = {}
    for item in sorted(dataset.fields, key=lambda item: not item.required):
        if raw.geometry is not None and item.kind in {"longitude", "latitude"}:
            continue  # the file's own points are meant, not copies of them in columns
        name = next((name for name in item.names if name in free), None)
        if name is not None:
            found[item.name] = free.pop(name)
    constants = {}
    if dataset.name == "visits" and "officer_id" not in found and _is_national_export(raw):
        constants["officer_id"] = UNKNOWN_OFFICER
    return _mapping(raw, dataset, found, constants)


def resolve_mapping(raw: RawTable, dataset: Dataset, stated: Mapping[str, str]) -> ColumnMapping:
    """Suggest a mapping, put what a person stated in its place, and check that it suffices.

    Parameters
    ----------
    raw
        The file.
    dataset
        What it is imported as.
    stated
        Field to column; ``""`` for a field that is not to be read, ``=text`` for one text in all rows.

    Returns
    -------
    ColumnMapping
        Enough to import by.

    Raises
    ------
    DataError
        If a stated field does not exist.
    MappingError
        If a stated column does not exist, or a field that must be there has no column.
    """
    suggested = suggest_mapping(raw, dataset)
    columns, constants = dict(suggested.columns), dict(suggested.constants)
    chosen = {name: _find_column(raw, name, column) for name, column in stated.items() if dataset.field(name)}
    for name, column in chosen.items():
        columns.pop(name, None)
        constants.pop(name, None)
        if column.startswith(_CONSTANT) and column not in raw.columns:
            constants[name] = column.removeprefix(_CONSTANT)
        elif column:
            columns = {other: taken for other, taken in columns.items() if taken != column or other in chosen}
            columns[name] = column
    mapping = _mapping(raw, dataset, columns, constants)
    _require(raw, dataset, mapping)
    return mapping


def _mapping(
    raw: RawTable, dataset: Dataset, columns: dict[str, str], constants: dict[str, str]
) -> ColumnMapping:
    order = [item.name for item in dataset.fields]
    used = set(columns.values())
    return ColumnMapping(
        columns={name: columns[name] for name in order if name in columns},
        constants=constants,
        unused=tuple(column for column in raw.columns if column not in used),
    )


def _is_national_export(raw: RawTable) -> bool:
    return any(fold(column).endswith(_NATIONAL_APP) for column in raw.columns)


def _find_column(raw: RawTable, name: str, column: str) -> str:
    """Find a stated column by its exact name, else by its folded one."""
    if column in raw.columns or not column or column.startswith(_CONSTANT):
        return column
    alike = [known for known in raw.columns if fold(known) == fold(column)]
    if len(alike) == 1:
        return alike[0]
    raise MappingError(
        f"{raw.name} has no column '{column}' for {name}: its columns are {_list(raw.columns)}."
    )


def _require(raw: RawTable, dataset: Dataset, mapping: ColumnMapping) -> None:
    missing = [item.name for item in dataset.fields if item.required and item.name not in mapping]
    if missing:
        raise MappingError(
            f"{raw.name} has no column for {' and '.join(missing)}: its columns are {_list(raw.columns)}. "
            f"Name one with --map {missing[0]}=COLUMN, "
            f"or the same for all rows with --map {missing[0]}==TEXT."
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
        f"{raw.name} has no columns that tell {dataset.name} apart: its columns are {_list(raw.columns)}. "
        f"Name them with --map FIELD=COLUMN: {ways}."
    )


def _list(names: list[str], *, most: int = 30) -> str:
    shown = ", ".join(name[:60] for name in names[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown or "none"
