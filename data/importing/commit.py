"""The last step: one import is one transaction, and so is its undoing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data import store
from data.importing.places import find_moves
from data.importing.prepared import ImportResult

if TYPE_CHECKING:
    from data.database import Database
    from data.importing.prepared import Prepared
    from data.principal import Principal


def commit_import(database: Database, prepared: Prepared) -> ImportResult:
    """Store a prepared import, whole.

    Parameters
    ----------
    database
        Where to; the one that it was prepared for.
    prepared
        From ``prepare_import``.

    Returns
    -------
    ImportResult
        ``unchanged`` where the same file with the same choices is stored already: then nothing is done, and
        ``batch`` is the import that it became.
    """
    if prepared.earlier is not None:
        return describe(prepared)
    batch = store.Batch(
        dataset=prepared.dataset,
        file_name=prepared.file_name,
        fingerprint=prepared.fingerprint,
        imported_by=prepared.imported_by,
        rows_read=prepared.rows_read,
        rows_quarantined=prepared.rows_quarantined,
        rows_outside=prepared.rows_outside,
        reasons=prepared.reasons,
    )
    receipt = store.commit_batch(
        database, batch, prepared.records, prepared.quarantine, placements=prepared.moves
    )
    return describe(prepared, receipt)


def describe(prepared: Prepared, receipt: store.Receipt | None = None) -> ImportResult:
    """Tell what an import did, or would do where there is no receipt."""
    return ImportResult(
        batch=receipt.batch_id if receipt else prepared.earlier,
        dataset=prepared.dataset,
        file=prepared.file_name,
        rows_read=prepared.rows_read,
        rows_accepted=prepared.rows_accepted,
        rows_quarantined=prepared.rows_quarantined,
        rows_new=receipt.rows_new if receipt else 0,
        rows_changed=receipt.rows_changed if receipt else 0,
        rows_same=receipt.rows_same if receipt else 0,
        reasons=prepared.reasons,
        outside=prepared.rows_outside,
        unlocated=prepared.rows_unlocated,
        repaired=prepared.repaired,
        moved={dataset: len(frame) for dataset, frame in prepared.moves.items()},
        unchanged=receipt is None and prepared.earlier is not None,
    )


def undo_import(database: Database, principal: Principal, batch_id: int) -> dict[str, int]:
    """Take an import back, whole; undoing boundaries gives points back their former villages.

    Parameters
    ----------
    database, principal
        Where, and who undoes.
    batch_id
        The import.

    Returns
    -------
    dict
        Dataset to the number of its records that changed their village.

    Raises
    ------
    BatchError
        If there is no such import, or a later one replaced rows of it.
    """
    moves = {}
    if store.dataset_of_batch(database, batch_id) == "boundaries":
        moves = find_moves(database, principal, store.villages_after_undo(database, batch_id))
    store.undo_batch(database, batch_id, placements=moves)
    return {dataset: len(frame) for dataset, frame in moves.items()}
