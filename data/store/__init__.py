"""Writing: batches and what they do to others, each in one transaction, each undone whole."""

from data.store.batches import (
    PLACED,
    Batch,
    Receipt,
    commit_batch,
    dataset_of_batch,
    find_batch,
    insert_batch,
    undo_batch,
)
from data.store.changes import NO_CHANGES, Changes, raise_versions
from data.store.roads import commit_roads, undo_roads
from data.store.undoing import records_after_undo, restored_by_undo

__all__ = [
    "NO_CHANGES",
    "PLACED",
    "Batch",
    "Changes",
    "Receipt",
    "commit_batch",
    "commit_roads",
    "dataset_of_batch",
    "find_batch",
    "insert_batch",
    "raise_versions",
    "records_after_undo",
    "restored_by_undo",
    "undo_batch",
    "undo_roads",
]
