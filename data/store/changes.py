"""Effects of a batch on rows of other batches, and the version count of each dataset."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import sqlalchemy as sa

from data import tables
from data.errors import BatchError
from data.frames import to_table_rows
from geo.errors import Phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    import pyarrow as pa

    from data.database import Connection

_CALLED = {
    "boundaries": Phrase("boundaries"),
    "households": Phrase("households"),
    "officers": Phrase("officers"),
    "visits": Phrase("visits"),
    "crimes": Phrase("crimes"),
    "crosswalk": Phrase("crosswalk"),
}


@dataclass(frozen=True)
class Changes:
    """Effects of a batch, or of its undo, on rows of other batches.

    Parameters
    ----------
    placements
        New ``village_code`` and ``placement`` of rows, indexed by key, by dataset.
    matches
        New ``household_id`` and ``household_match`` of visits, indexed by ``visit_id``.
    versions
        Version of each dataset that this was derived from. If another import has raised one of them since,
        the batch is refused, because its villages and households may no longer be right.
    """

    placements: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    matches: pd.DataFrame | None = None
    versions: Mapping[str, int] = field(default_factory=dict)

    @property
    def datasets(self) -> set[str]:
        """Datasets whose rows change."""
        return {*self.placements, *(["visits"] if self.matches is not None else [])}


NO_CHANGES = Changes()


def stage_changes(changes: Changes) -> dict[str, pa.Table]:
    """Stage the changes to other batches' rows under the names that ``write_changes`` expects."""
    stages = {
        f"{dataset}_places": to_table_rows(frame[["village_code", "placement"]], tables.RECORDS[dataset])
        for dataset, frame in changes.placements.items()
    }
    if changes.matches is not None:
        matches = changes.matches[["household_id", "household_match"]]
        stages["matches"] = to_table_rows(matches, tables.visits)
    return stages


def write_changes(connection: Connection, changes: Changes) -> None:
    """Update the villages and households of other batches' rows."""
    stages = {dataset: f"{dataset}_places" for dataset in changes.placements}
    for dataset, name in stages.items():
        _update_from(connection, tables.RECORDS[dataset], connection.staged[name])
    if changes.matches is not None:
        _update_from(connection, tables.visits, connection.staged["matches"])


def _update_from(connection: Connection, table: sa.Table, stage: sa.TableClause) -> None:
    key = tables.get_key_column(table)
    values = {column.name: column for column in stage.columns if column.name != key}
    connection.execute(sa.update(table).where(table.c[key] == stage.c[key]).values(values))


def refuse_changed(connection: Connection, versions: Mapping[str, int]) -> None:
    """Refuse a batch that was derived from records that have changed since."""
    if not versions:
        return
    table = tables.versions
    rows = connection.fetch(sa.select(table.c.dataset, table.c.version)).to_pylist()
    now = {row["dataset"]: row["version"] for row in rows}
    changed = [dataset for dataset, version in versions.items() if now.get(dataset, 0) != version]
    if changed:
        raise BatchError(
            "Another import changed the {datasets:and} in the meantime, and nothing was stored: "
            "check the preview again and repeat the import.",
            datasets=[_CALLED.get(dataset, dataset) for dataset in changed],
        )


def raise_versions(connection: Connection, datasets: set[str]) -> None:
    """Increment the versions of datasets, so that nothing cached from them is shown again.

    Parameters
    ----------
    connection
        Connection in the transaction that changes the records.
    datasets
        The datasets that it changes.
    """
    known = set(connection.column(sa.select(tables.versions.c.dataset)))
    for dataset in sorted(datasets):
        if dataset in known:
            connection.execute(
                sa.update(tables.versions)
                .where(tables.versions.c.dataset == dataset)
                .values(version=tables.versions.c.version + 1)
            )
        else:
            connection.execute(sa.insert(tables.versions).values(dataset=dataset, version=1))
