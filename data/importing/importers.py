"""How each dataset gets from a file into the database, and out again: one table for all of them."""

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
    """The steps of an import of one kind.

    Parameters
    ----------
    prepare
        From a file to what it would do; takes the arguments of :func:`prepare_import`.
    describe
        From what was prepared to what it would do, in figures.
    commit
        Stores what was prepared in one transaction, and tells what it did.
    undo
        Takes a stored import back whole, and tells how many records of each dataset it moved.
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
"""Dataset to its steps."""


def prepare_import(
    database: Database,
    principal: Principal,
    source: InputFile | Path | OpenedFile,
    dataset: str,
    options: ImportOptions = NO_CHOICES,
    *,
    progress: Progress | None = None,
) -> PreparedImport | PreparedRoads:
    """Find out what importing a file would do; nothing is stored.

    Parameters
    ----------
    database, principal
        Where to, and who imports.
    source
        A path, a file's bytes with its name, or a file that was read already.
    dataset
        What the rows are: a key of ``data.schema.DATASETS``.
    options
        What the person says about the file.
    progress
        Called with the name of each step (read, check, place, effects) and the share that is done before it.

    Returns
    -------
    PreparedImport or PreparedRoads
        Each row of the file is accepted, or in its ``quarantine``.

    Raises
    ------
    UndecidedError
        If the file leaves open what only a person can say: the order of day and month, or whose codes it has.
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
    """Tell what a prepared import would do."""
    return IMPORTERS[prepared.dataset].describe(prepared)


def commit_import(
    database: Database, prepared: PreparedImport | PreparedRoads
) -> ImportResult | RoadImportResult:
    """Store a prepared import, whole, and tell what it did.

    Returns
    -------
    ImportResult or RoadImportResult
        ``unchanged`` where the same file with the same choices is stored already: then nothing is done, and
        ``batch`` is the import that it became.
    """
    return IMPORTERS[prepared.dataset].commit(database, prepared)


def undo_import(database: Database, principal: Principal, batch_id: int) -> dict[str, int]:
    """Take an import back, whole, and bring back what it replaced.

    Returns
    -------
    dict
        Dataset to the number of its records that changed their village.

    Raises
    ------
    BatchError
        If there is no such import, a later one replaced rows of it, or another one is stored at this moment.
    """
    dataset = store.find_batch_dataset(database, batch_id)
    return IMPORTERS[dataset].undo(database, principal, batch_id)
