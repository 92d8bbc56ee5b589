"""The last step of an import of records: store it, or undo it, in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from data import repository, store
from data.importing.effects import find_undo_effects
from data.importing.results import ROWS_NAMED, ImportResult

if TYPE_CHECKING:
    from data.database import Database
    from data.importing.results import PreparedImport
    from data.principal import Principal


def commit_records(database: Database, prepared: PreparedImport) -> ImportResult:
    """Store a prepared import of records as a whole.

    Parameters
    ----------
    database
        The database that it was prepared for.
    prepared
        From ``prepare_records``.

    Returns
    -------
    ImportResult
        ``unchanged`` if the same file with the same choices is already stored, and nothing is stated anew of
        how far its record goes; then nothing is done, and ``batch`` is the earlier import.
    """
    if prepared.earlier is not None and not prepared.complete_to:
        return describe_records(prepared)
    batch = store.Batch(
        dataset=prepared.dataset,
        file_name=prepared.file_name,
        fingerprint=prepared.fingerprint,
        imported_by=prepared.imported_by,
        rows_read=prepared.rows_read,
        rows_quarantined=prepared.rows_quarantined,
        rows_outside=prepared.rows_outside,
        reasons=prepared.reasons,
        notices={code: len(rows) for code, rows in prepared.notices.items()},
        code_scheme=prepared.code_scheme,
        layout=prepared.layout,
        columns=prepared.mapping.stated,
        spellings=_spellings(prepared),
        complete_to=prepared.complete_to,
    )
    changes = prepared.effects.to_changes(prepared.versions)
    receipt = store.commit_batch(database, batch, prepared.records, prepared.quarantine, changes=changes)
    return describe_records(prepared, receipt)


def _spellings(prepared: PreparedImport) -> pd.DataFrame:
    keys = pd.Series(prepared.new_spellings.index, dtype="str")
    names = keys.str.split("|", n=1, expand=True).reindex(columns=[0, 1])
    named = names.set_axis(["district", "village"], axis=1).astype("str")
    return named.assign(village_code=prepared.new_spellings.to_numpy())


def describe_records(prepared: PreparedImport, receipt: store.Receipt | None = None) -> ImportResult:
    """Describe what an import of records did or, without a receipt, would do."""
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
        notices={code: len(rows) for code, rows in prepared.notices.items()},
        notice_rows={code: rows[:ROWS_NAMED].tolist() for code, rows in prepared.notices.items()},
        unknown_officers=prepared.unknown_officers,
        outside=prepared.rows_outside,
        unlocated=prepared.rows_unlocated,
        repaired=prepared.repaired,
        moved={dataset: len(frame) for dataset, frame in prepared.effects.placements.items()},
        rematched=prepared.rematched,
        unchanged=receipt is None and prepared.earlier is not None and not prepared.complete_to,
        complete_to={code: str(day) for code, day in prepared.complete_to.items()},
    )


def undo_records(database: Database, principal: Principal, batch_id: int) -> dict[str, int]:
    """Undo an import as a whole: restore what it replaced, and find villages and households again.

    Parameters
    ----------
    database, principal
        The database, and the user who undoes the import.
    batch_id
        The import.

    Returns
    -------
    dict
        Dataset → number of its records that changed their village.

    Raises
    ------
    BatchError
        If it does not exist, a later import replaced rows of it, or another one is being stored right now.
    """
    versions = repository.read_versions(database)
    effects = find_undo_effects(database, principal, batch_id)
    store.undo_batch(database, batch_id, changes=effects.to_changes(versions))
    return {dataset: len(frame) for dataset, frame in effects.placements.items()}
