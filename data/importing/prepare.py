"""From a file to what it would do to the database: read, mapped, validated, placed, matched."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import shapely

from data import repository, store
from data.errors import DataError, ImportRefusedError
from data.importing.boundaries import build_villages, decide_scheme, read_shapes
from data.importing.keys import fill_keys, refuse_duplicates
from data.importing.matching import match_visits
from data.importing.options import ImportOptions
from data.importing.places import everything, find_moves, merge_villages, place
from data.importing.prepared import Prepared
from data.mapping import resolve_mapping
from data.readers import Source, read_table
from data.readers.features import GEOMETRY
from data.schema import CANONICAL, DATASETS, Dataset, find_failures
from data.settings import get_settings
from data.validation import Faults, Reading, validate
from data.validation.records import pick_texts

if TYPE_CHECKING:
    from pathlib import Path

    from data.database import Database
    from data.importing.options import CodeScheme
    from data.mapping import ColumnMapping
    from data.principal import Principal
    from data.readers import RawTable
    from data.validation import Checked

_NO_CHOICES = ImportOptions()


@dataclass(frozen=True)
class _Job:
    """One import on its way."""

    database: Database
    principal: Principal
    dataset: Dataset
    options: ImportOptions
    raw: RawTable
    mapping: ColumnMapping


@dataclass(frozen=True)
class _Outcome:
    """The accepted rows as records, on the raw table's index, their keys, and how many were mended."""

    records: pd.DataFrame
    keys: pd.Series
    repaired: int = 0


def prepare_import(
    database: Database,
    principal: Principal,
    source: Source | Path,
    dataset: str,
    options: ImportOptions = _NO_CHOICES,
) -> Prepared:
    """Find out what importing a file would do.

    Parameters
    ----------
    database, principal
        Where to, and who imports.
    source
        A path, or a file's bytes with its name.
    dataset
        What the rows are: a key of ``data.schema.DATASETS``.
    options
        What the person says about the file.

    Returns
    -------
    Prepared
        Each row of the file is in its ``records`` or in its ``quarantine``.

    Raises
    ------
    DataError
        If the file cannot be read, lacks a column, or must be asked about; the sentence says what to do.
    """
    if dataset not in DATASETS:
        raise DataError(f"There is no dataset '{dataset}': choose from {', '.join(DATASETS)}.")
    source = Source.of(source)
    raw = read_table(source, layer=options.layer)
    if not len(raw):
        raise ImportRefusedError(f"{source.name} has no rows below its header: check the export.")
    mapping = resolve_mapping(raw, DATASETS[dataset], options.columns)
    job = _Job(database, principal, DATASETS[dataset], options, raw, mapping)
    scheme = _scheme(job)
    reading = Reading(options.zone, options.dates, options.known_crs, scheme != "none")
    checked = validate(raw, mapping, job.dataset, reading)
    outcome = _build_villages(job, checked, scheme) if scheme else _build_records(job, checked)
    records = _pass_gate(job, outcome, checked.faults)
    fingerprint = hashlib.sha256(f"{source.fingerprint} {dataset} {options.describe()}".encode()).hexdigest()
    return Prepared(
        dataset=dataset,
        file_name=source.name,
        fingerprint=fingerprint,
        imported_by=principal.user,
        mapping=mapping,
        date_order=checked.date_order,
        code_scheme=scheme,
        layers=raw.layers,
        rows_read=len(raw),
        records=records.set_axis(outcome.keys[records.index].rename(job.dataset.key)),
        row_numbers=pd.Series(raw.row_numbers[records.index], index=outcome.keys[records.index].array),
        quarantine=_quarantine(raw, checked.faults),
        reasons=checked.faults.counts(),
        repaired=outcome.repaired,
        moves=_moves(job, records.set_axis(outcome.keys[records.index])) if scheme else {},
        earlier=store.find_batch(database, dataset, fingerprint),
    )


def _scheme(job: _Job) -> CodeScheme | None:
    """Tell whose codes a boundary file has; None for other datasets."""
    if job.dataset.name != "boundaries":
        return None
    codes = pick_texts(job.raw, job.mapping, job.dataset)["village_code"]
    return decide_scheme(job.raw, codes, job.options.code_scheme)


def _build_villages(job: _Job, checked: Checked, scheme: CodeScheme) -> _Outcome:
    faults = checked.faults
    shapes = read_shapes(job.raw, crs=job.options.known_crs, faults=faults)
    villages = build_villages(checked.frame, shapes, scheme, faults)
    keys = villages["village_code"].astype("str")
    compared = pd.DataFrame(villages.drop(columns="geometry")).assign(shape=shapely.to_wkb(shapes.geometry))
    refuse_duplicates(compared, keys, faults)
    good = ~faults.rows
    return _Outcome(villages[good].drop(columns="village_code"), keys, int(shapes.repaired[good].sum()))


def _build_records(job: _Job, checked: Checked) -> _Outcome:
    faults, dataset = checked.faults, job.dataset
    keys = fill_keys(checked.frame, dataset, faults)
    refuse_duplicates(checked.frame, keys, faults)
    records = checked.frame[~faults.rows].drop(columns=dataset.key, errors="ignore")
    if dataset.has_places:
        villages = repository.read_villages(job.database, everything(job.principal))
        records = records.join(place(records, villages))
        if dataset.name == "visits":
            records = records.join(_match(job, records, villages))
    return _Outcome(records, keys)


def _match(job: _Job, visits: pd.DataFrame, villages: gpd.GeoDataFrame) -> pd.DataFrame:
    households = repository.read_households(job.database, everything(job.principal), personal=True)
    return match_visits(visits, households, villages, max_distance_m=get_settings().match_distance_m)


def _pass_gate(job: _Job, outcome: _Outcome, faults: Faults) -> pd.DataFrame:
    """Bring records to their canonical columns, and take out those that are still not what they must be."""
    columns = CANONICAL[job.dataset.name].columns
    records = outcome.records.astype({name: "str" for name, column in columns.items() if _is_text(column)})
    records = records[[*columns, *(["geometry"] if "geometry" in records else [])]]
    keyed = records.set_axis(outcome.keys[records.index].rename(job.dataset.key))
    for reason, rows in find_failures(keyed, job.dataset.name).items():
        faults.add(reason, job.raw.frame.index.isin(records.index[rows]))
    return records[~faults.rows[records.index]]


def _is_text(column: object) -> bool:
    return str(getattr(column, "dtype", "")) == "str"


def _quarantine(raw: RawTable, faults: Faults) -> pd.DataFrame:
    """Keep what the refused rows said, and why they were refused."""
    positions = faults.rows.nonzero()[0].tolist()
    rows = raw.frame.iloc[positions].fillna("").to_dict("records")
    if raw.geometry is not None:
        shapes = shapely.to_geojson(shapely.from_wkb(raw.geometry[positions]))
        rows = [row | {GEOMETRY: shape or ""} for row, shape in zip(rows, shapes, strict=True)]
    texts = [
        json.dumps(row | dict(raw.leftovers.get(at, {})), ensure_ascii=False)
        for at, row in zip(positions, rows, strict=True)
    ]
    return pd.DataFrame(
        {
            "row_number": pd.array(raw.row_numbers[positions], dtype="int64"),
            "reasons": pd.array(faults.texts(), dtype="str"),
            "raw": pd.array(texts, dtype="str"),
        }
    )


def _moves(job: _Job, villages: pd.DataFrame) -> dict[str, pd.DataFrame]:
    stored = repository.read_villages(job.database, everything(job.principal))
    after = merge_villages(stored, gpd.GeoDataFrame(villages))
    return find_moves(job.database, job.principal, after)
