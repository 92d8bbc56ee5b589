"""Write batches and their effects on other records; each is one transaction and can be undone as a whole."""

from data.store.batch import Batch, Receipt
from data.store.batches import PLACED, commit_batch, find_batch, find_batch_dataset, insert_batch, undo_batch
from data.store.changes import NO_CHANGES, Changes, raise_versions
from data.store.roads import store_roads, undo_roads
from data.store.rounded import store_rounded_weeks
from data.store.undoing import read_records_after_undo, read_restored_records

__all__ = [
    "NO_CHANGES",
    "PLACED",
    "Batch",
    "Changes",
    "Receipt",
    "commit_batch",
    "find_batch",
    "find_batch_dataset",
    "insert_batch",
    "raise_versions",
    "read_records_after_undo",
    "read_restored_records",
    "store_roads",
    "store_rounded_weeks",
    "undo_batch",
    "undo_roads",
]
