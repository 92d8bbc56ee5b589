"""What an import remembers for later ones: how columns were mapped, and which villages spellings mean."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyarrow as pa

from data import tables

if TYPE_CHECKING:
    from data.store.batch import Batch

REMEMBERED = {"quarantine": tables.quarantine, "layouts": tables.layouts, "spellings": tables.spellings}


def stage_memory(batch: Batch) -> dict[str, pa.Table]:
    """Stage what a batch remembers for later files."""
    stages = {}
    if batch.layout is not None:
        columns = json.dumps(batch.columns, sort_keys=True, ensure_ascii=False)
        stages["layouts"] = pa.table(
            {"dataset": [batch.dataset], "layout": [batch.layout], "columns": [columns]}
        )
    if batch.spellings is not None and len(batch.spellings):
        named = batch.spellings[["district", "village", "village_code"]].astype("str")
        stages["spellings"] = pa.Table.from_pandas(named, preserve_index=False)
    return stages
