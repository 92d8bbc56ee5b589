"""What an import remembers: how columns were mapped, which villages spellings mean, and how far it goes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyarrow as pa

from data import tables

if TYPE_CHECKING:
    from data.store.batch import Batch

REMEMBERED = {
    "quarantine": tables.quarantine,
    "layouts": tables.layouts,
    "spellings": tables.spellings,
    "recorded_to": tables.recorded_to,
}


def stage_memory(batch: Batch) -> dict[str, pa.Table]:
    """Stage what a batch remembers."""
    stages = {}
    if batch.layout is not None:
        columns = json.dumps(batch.columns, sort_keys=True, ensure_ascii=False)
        stages["layouts"] = pa.table(
            {"dataset": [batch.dataset], "layout": [batch.layout], "columns": [columns]}
        )
    if batch.spellings is not None and len(batch.spellings):
        named = batch.spellings[["district", "village", "village_code"]].astype("str")
        stages["spellings"] = pa.Table.from_pandas(named, preserve_index=False)
    if batch.complete_to:
        days = [str(day) for day in batch.complete_to.values()]
        stages["recorded_to"] = pa.table(
            {
                "district_code": list(batch.complete_to),
                "dataset": [batch.dataset] * len(days),
                "complete_to": days,
            }
        )
    return stages
