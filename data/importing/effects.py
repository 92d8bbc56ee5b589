"""Effects of an import, or of undoing it, on other imports' records: changed villages and households."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from data import repository, store
from data.importing.places import PLACE_COLUMNS, merge_villages, place_records
from data.importing.register import read_register, widen_scope
from data.importing.rematching import find_affected_visits, rematch_visits
from data.store import PLACED, Changes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from data.database import Database
    from data.importing.job import ImportJob
    from data.importing.register import Register
    from data.principal import Principal

MATCH_COLUMNS = ("household_id", "household_match", "household_given", "head_name", "rt", "rw")
"""Columns about a visit's household as stated, and the household that was found."""


@dataclass(frozen=True)
class Effects:
    """Changed rows of other imports.

    Parameters
    ----------
    placements
        By dataset, the changed rows' new ``village_code`` and ``placement``, and their former village
        (``was``), indexed by key.
    matches
        The changed visits' new ``household_id`` and ``household_match``; None if none changes.
    """

    placements: dict[str, pd.DataFrame] = field(default_factory=dict)
    matches: pd.DataFrame | None = None

    def to_changes(self, versions: Mapping[str, int]) -> Changes:
        """Convert them to the form in which they are stored."""
        return Changes(self.placements, self.matches, versions)

    def count_moves(self) -> pd.DataFrame:
        """Count the records that move from one village to another.

        Returns
        -------
        pandas.DataFrame
            ``dataset``, ``was`` and ``becomes`` (codes, missing for no village) and ``n``, largest first.
        """
        rows = [
            pd.DataFrame({"dataset": dataset, "was": frame["was"], "becomes": frame["village_code"]})
            for dataset, frame in self.placements.items()
        ]
        if not rows:
            return pd.DataFrame({"dataset": [], "was": [], "becomes": [], "n": []})
        counts = pd.concat(rows).groupby(["dataset", "was", "becomes"], dropna=False, sort=True).size()
        return counts.rename("n").reset_index().sort_values("n", ascending=False, kind="stable")


def find_import_effects(job: ImportJob, records: pd.DataFrame) -> Effects:
    """Find the effects of an import on records that are already stored.

    Parameters
    ----------
    job
        The import.
    records
        Its accepted rows, indexed by key.
    """
    dataset, stored = job.dataset.name, _Stored(job.database, job.principal)
    register = job.register
    if dataset == "boundaries":
        villages = merge_villages(register.villages, gpd.GeoDataFrame(records))
        register = replace(register, villages=villages)
    elif dataset == "crosswalk":
        kept = register.crosswalk[~register.crosswalk.index.isin(records.index)]
        register = replace(register, crosswalk=pd.concat([kept, records["village_code"]]))
    if dataset in {"boundaries", "crosswalk"} or len(job.new_spellings):
        frames = {name: stored.read(name) for name in PLACED}
        if dataset in PLACED:
            others = frames[dataset]
            frames[dataset] = others[~others.index.isin(records.index)]
        homes = _merge(frames["households"], records) if dataset == "households" else frames["households"]
        if dataset == "visits":
            homes = stored.read("households")
        return compute_effects(register, frames, households=homes, visits=frames["visits"])
    if dataset == "households":
        former, visits = stored.read("households"), stored.read("visits")
        homes = _merge(former, records)
        return compute_effects(
            register, {}, households=homes, visits=find_affected_visits(visits, former, homes)
        )
    return Effects()


def find_undo_effects(database: Database, principal: Principal, batch_id: int) -> Effects:
    """Find the effects of undoing an import on the records that stay or are restored.

    Parameters
    ----------
    database, principal
        The database, and the user who undoes the import.
    batch_id
        The import.

    Raises
    ------
    BatchError
        If there is no such import.
    """
    dataset, stored = store.find_batch_dataset(database, batch_id), _Stored(database, principal)
    now = read_register(database, principal)
    register = replace(now, spellings=repository.read_spellings(database, without=batch_id))
    if dataset == "boundaries":
        register = replace(
            register, villages=gpd.GeoDataFrame(store.read_records_after_undo(database, batch_id))
        )
    elif dataset == "crosswalk":
        register = replace(
            register, crosswalk=store.read_records_after_undo(database, batch_id)["village_code"]
        )
    forgets = not register.spellings.equals(now.spellings)
    if dataset in {"boundaries", "crosswalk"} or forgets:
        frames = {name: stored.read(name) for name in PLACED}
        if dataset in PLACED:
            frames[dataset] = store.read_records_after_undo(database, batch_id)
        return compute_effects(register, frames, households=frames["households"], visits=frames["visits"])
    if dataset not in PLACED:
        return Effects()
    restored = store.read_restored_records(database, batch_id)
    if dataset == "households":
        homes = store.read_records_after_undo(database, batch_id)
        visits = find_affected_visits(stored.read("visits"), stored.read("households"), homes)
        return compute_effects(register, {dataset: restored}, households=homes, visits=visits)
    if dataset == "crimes" or restored.empty:
        return compute_effects(register, {dataset: restored})
    return compute_effects(
        register, {dataset: restored}, households=stored.read("households"), visits=restored
    )


@dataclass(frozen=True)
class _Stored:
    """Reader of all records of a dataset with what locates them; visits also with their household."""

    database: Database
    principal: Principal

    def read(self, dataset: str) -> pd.DataFrame:
        reach = widen_scope(self.principal)
        match dataset:
            case "households":
                return repository.read_households(self.database, reach, personal=True)
            case "visits":
                columns = (*PLACE_COLUMNS, *MATCH_COLUMNS)
                return repository.read_visits(self.database, reach, columns=columns)
            case _:
                return repository.read_crimes(self.database, reach, columns=PLACE_COLUMNS)


def _merge(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Merge a dataset's rows; new ones replace old ones with the same key."""
    kept = old[~old.index.isin(new.index)]
    texts = dict.fromkeys(("village_code", "placement"), "str")
    return new if kept.empty else pd.concat([kept.astype(texts), new[kept.columns].astype(texts)])


def compute_effects(
    register: Register,
    placed: Mapping[str, pd.DataFrame],
    *,
    households: pd.DataFrame | None = None,
    visits: pd.DataFrame | None = None,
) -> Effects:
    """Compute which stored records change.

    Parameters
    ----------
    register
        The villages after the import.
    placed
        By dataset, the records that may change their village.
    households, visits
        The households after the import, and the visits to match with them; by default none are matched.

    Returns
    -------
    Effects
        Changed rows only.
    """
    moves = {dataset: _move(records, register) for dataset, records in placed.items()}
    moves = {dataset: frame for dataset, frame in moves.items() if len(frame)}
    if households is None or visits is None or visits.empty:
        return Effects(moves)
    homes = _apply(households, moves.get("households"))
    return Effects(moves, rematch_visits(_apply(visits, moves.get("visits")), homes, register))


def _move(records: pd.DataFrame, register: Register) -> pd.DataFrame:
    """Place records again, except those without any information on their place, which stay as they are."""
    after = place_records(records, register)
    before = records[["village_code", "placement"]].astype("str")
    silent = records[["lon", "village_given", "village_code_given"]].isna().all(axis=1)
    changed = (before.fillna("") != after.fillna("")).any(axis=1) & ~silent
    return after[changed].assign(was=before.loc[changed, "village_code"])


def _apply(records: pd.DataFrame, moves: pd.DataFrame | None) -> pd.DataFrame:
    if moves is None:
        return records
    new = moves[moves.index.isin(records.index)]
    changed = records.assign(village_code=records["village_code"].astype("str"))
    changed.loc[new.index, "village_code"] = new["village_code"]
    return changed
