"""The steps by which each dataset is imported and undone, in one table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from data import store
from data.errors import DataError
from data.importing.commit import commit_records, describe_records, undo_records
from data.importing.options import NO_CHOICES, ImportOptions
from data.importing.prepare import prepare_records
from data.importing.roads import commit_roads, describe_roads, prepare_roads, undo_roads
from data.schema import RECORDS, ROADS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from data.database import Database
    from data.importing.job import OpenedFile, Progress
    from data.importing.results import ImportResult, PreparedImport, PreparedRoads, RoadImportResult
    from data.principal import Principal
    from data.readers import InputFile

P = TypeVar("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Importer(Generic[P, R]):
    """The steps of importing one kind of dataset.

    Parameters
    ----------
    prepare
        Works out what a file would do; takes the arguments of :func:`prepare_import`.
    describe
        Describes what a prepared import would do, in figures.
    commit
        Stores a prepared import in one transaction, and returns what it did.
    undo
        Undoes a stored import as a whole, and returns how many records of each dataset moved.
    """

    prepare: Callable[..., P]
    describe: Callable[[P], R]
    commit: Callable[[Database, P], R]
    undo: Callable[[Database, Principal, int], dict[str, int]]


_RECORDS = Importer(prepare_records, describe_records, commit_records, undo_records)
IMPORTERS: dict[str, Importer[Any, Any]] = {
    **dict.fromkeys(RECORDS, _RECORDS),
    ROADS.name: Importer(prepare_roads, describe_roads, commit_roads, undo_roads),
}
"""The steps by dataset."""


def prepare_import(
    database: Database,
    principal: Principal,
    source: InputFile | Path | OpenedFile,
    dataset: str,
    options: ImportOptions = NO_CHOICES,
    *,
    progress: Progress | None = None,
) -> PreparedImport | PreparedRoads:
    """Work out what importing a file would do; nothing is stored.

    Parameters
    ----------
    database, principal
        The target database, and the user who imports.
    source
        A path, a file's bytes with its name, or a file that has already been read.
    dataset
        Dataset of the rows: a key of ``data.schema.DATASETS``.
    options
        The user's choices for the file.
    progress
        Called with the name of each step (read, check, place, effects) and the share done before it.

    Returns
    -------
    PreparedImport or PreparedRoads
        Each row of the file is accepted, or in its ``quarantine``.

    Raises
    ------
    UndecidedError
        If the user must state what the file does not: the order of day and month, or the code scheme.
    DataError
        If there is no such dataset, or the file cannot be read or lacks a column.
    """
    if dataset not in IMPORTERS:
        raise DataError(
            "There is no dataset '{dataset}': choose from {datasets}.",
            dataset=dataset,
            datasets=tuple(IMPORTERS),
        )
    return IMPORTERS[dataset].prepare(database, principal, source, dataset, options, progress=progress)


def describe_import(prepared: PreparedImport | PreparedRoads) -> ImportResult | RoadImportResult:
    """Describe what a prepared import would do."""
    return IMPORTERS[prepared.dataset].describe(prepared)


def commit_import(
    database: Database, prepared: PreparedImport | PreparedRoads
) -> ImportResult | RoadImportResult:
    """Store a prepared import as a whole, and return what it did.

    Returns
    -------
    ImportResult or RoadImportResult
        ``unchanged`` if the same file with the same choices is already stored; then nothing is done, and
        ``batch`` is the earlier import.
    """
    return IMPORTERS[prepared.dataset].commit(database, prepared)


def undo_import(database: Database, principal: Principal, batch_id: int) -> dict[str, int]:
    """Undo an import as a whole, and restore what it replaced.

    Returns
    -------
    dict
        Number of records that changed their village, by dataset.

    Raises
    ------
    BatchError
        If it does not exist, a later import replaced rows of it, or another one is being stored right now.
    """
    dataset = store.find_batch_dataset(database, batch_id)
    return IMPORTERS[dataset].undo(database, principal, batch_id)
