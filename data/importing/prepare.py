"""Preparation of an import: read, map, validate, place and match a file, and find its effects."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from data import repository, store
from data.errors import ImportRefusedError
from data.importing.boundaries import decide_scheme
from data.importing.build import build_records, build_villages, check_records
from data.importing.coordinates import find_coordinate_hint
from data.importing.effects import find_import_effects
from data.importing.job import ImportJob, OpenedFile, ignore_progress
from data.importing.options import NO_CHOICES, ImportOptions
from data.importing.people import count_officers
from data.importing.quarantine import keep_refused_rows
from data.importing.register import read_register, widen_scope
from data.importing.results import PreparedImport
from data.importing.spelling_hints import KnownPeople
from data.importing.spellings import check_spellings, list_spellings
from data.mapping import hash_layout, resolve_mapping
from data.readers import InputFile, RawTable, read_table
from data.schema import RECORDS
from data.settings import get_settings
from data.validation import ReadingOptions, validate_rows
from data.validation.crimes import count_precisions
from data.validation.records import pick_texts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from data.database import Database
    from data.importing.job import BuildResult, Progress
    from data.principal import Principal
    from data.schema import Dataset
    from data.validation import CheckedRows

_DEPENDENCIES = {
    "boundaries": ("boundaries", "crosswalk", "spellings", "households", "visits", "crimes"),
    "crosswalk": ("boundaries", "crosswalk", "spellings", "households", "visits", "crimes"),
    "households": ("boundaries", "crosswalk", "spellings", "households", "visits"),
    "visits": ("boundaries", "crosswalk", "spellings", "households", "officers"),
    "crimes": ("boundaries", "crosswalk", "spellings"),
    "officers": (),
}
"""Dataset → the datasets that the effects of importing it depend on."""


def prepare_records(
    database: Database,
    principal: Principal,
    source: InputFile | Path | OpenedFile,
    dataset: str,
    options: ImportOptions = NO_CHOICES,
    *,
    progress: Progress | None = None,
) -> PreparedImport:
    """Work out what importing a file of records would do.

    Parameters
    ----------
    database, principal
        The target database, and the user who imports.
    source
        A path, a file's bytes with its name, or a file that has already been read.
    dataset
        Dataset of the rows: a key of ``data.schema.RECORDS``.
    options
        The user's choices for the file.
    progress
        Called with the name of each step (read, check, place, effects) and the share done before it.

    Returns
    -------
    PreparedImport
        Each row of the file is in its ``records`` or in its ``quarantine``.

    Raises
    ------
    UndecidedError
        If the user must state what the file does not: the order of day and month, or the code scheme.
    DataError
        If the file cannot be read, or lacks a column; the message says what to do.
    """
    tell = progress or ignore_progress
    tell("read", 0.0)
    file, raw = source if isinstance(source, OpenedFile) else _open(source, options)
    if not len(raw):
        raise ImportRefusedError("{name} has no rows below its header: check the export.", name=file.name)
    job = _start(database, principal, RECORDS[dataset], options, raw)
    tell("check", 0.3)
    now = pd.Timestamp(get_settings().clock.now())
    reading = ReadingOptions(
        options.zone,
        options.dates,
        options.known_crs,
        job.scheme != "none",
        swap=options.swap,
        now=now,
        home=get_settings().zone,
        precision=options.precision,
    )
    checked = validate_rows(raw, job.mapping, job.dataset, reading)
    tell("place", 0.5)
    outcome = build_villages(job, checked) if dataset == "boundaries" else build_records(job, checked)
    records = check_records(job, outcome, checked.faults)
    tell("effects", 0.75)
    return _finish(job, checked, outcome, records, _fingerprint(job, checked, file))


def _open(source: InputFile | Path, options: ImportOptions) -> OpenedFile:
    file = InputFile.of(source)
    return OpenedFile(file, read_table(file, layer=options.layer))


def _start(
    database: Database, principal: Principal, dataset: Dataset, options: ImportOptions, raw: RawTable
) -> ImportJob:
    """Map the columns, and add the spellings that the user explained to the register."""
    versions = repository.read_versions(database)
    known = read_register(database, principal)
    said = check_spellings(options.villages, known)
    remembered = repository.read_layout(database, dataset.name, hash_layout(raw))
    mapping = resolve_mapping(raw, dataset, options.columns, remembered=remembered, known=known.known_names)
    scheme = options.code_scheme
    if dataset.name == "boundaries":
        codes = pick_texts(raw, mapping, dataset)["village_code"]
        scheme = decide_scheme(raw, codes, options.code_scheme)
        known.refuse_other_scheme(scheme)
    return ImportJob(
        database=database,
        principal=principal,
        dataset=dataset,
        options=options,
        raw=raw,
        mapping=mapping,
        scheme=scheme,
        register=known.with_spellings(said),
        new_spellings=said,
        versions={name: versions.get(name, 0) for name in _DEPENDENCIES[dataset.name]},
    )


def _finish(
    job: ImportJob, checked: CheckedRows, outcome: BuildResult, records: pd.DataFrame, fingerprint: str
) -> PreparedImport:
    """Assemble the prepared import."""
    raw, dataset = job.raw, job.dataset
    keyed = records.set_axis(outcome.keys[records.index].rename(dataset.key))
    numbers = raw.row_numbers[records.index]
    notices = _number_notices(checked, outcome, records, numbers)
    bounds = tuple(job.register.villages.total_bounds.tolist())
    return PreparedImport(
        dataset=dataset.name,
        file_name=raw.name,
        fingerprint=fingerprint,
        imported_by=job.principal.user,
        mapping=job.mapping,
        date_order=checked.date_order,
        code_scheme=job.register.choose_scheme(job.scheme) if dataset.name == "boundaries" else None,
        layers=raw.layers,
        layout=hash_layout(raw),
        rows_read=len(raw),
        records=keyed,
        row_numbers=pd.Series(numbers, index=keyed.index.array),
        quarantine=keep_refused_rows(raw, checked.faults),
        reasons=checked.faults.counts(),
        notices=notices,
        unknown_officers=_count_unknown_officers(records, numbers, notices),
        hint=find_coordinate_hint(checked.points, bounds, swap=job.options.swap) if checked.points else None,
        times=count_precisions(checked.frame.loc[records.index]) if dataset.name == "crimes" else None,
        spellings=_list_spellings(job, outcome, records, numbers) if dataset.has_places else None,
        new_spellings=job.new_spellings,
        repairs=outcome.repairs,
        health=outcome.health,
        effects=find_import_effects(job, keyed),
        versions=job.versions,
        earlier=None if len(job.new_spellings) else store.find_batch(job.database, dataset.name, fingerprint),
    )


def _number_notices(
    checked: CheckedRows, outcome: BuildResult, records: pd.DataFrame, numbers: NDArray[np.int64]
) -> dict[str, NDArray[np.int64]]:
    """Return the row numbers in the file of accepted rows with warnings, by code."""
    told = {code: rows[records.index] for code, rows in (checked.notices | outcome.notices).items()}
    return {code: numbers[rows] for code, rows in told.items() if rows.any()}


def _list_spellings(
    job: ImportJob, outcome: BuildResult, records: pd.DataFrame, numbers: NDArray[np.int64]
) -> pd.DataFrame:
    """List the unknown spellings of villages, with what else the rows say about where they belong."""
    rows = records
    if job.dataset.name == "households":  # new ones are in no register: only their own numbers tell
        own = outcome.keys[records.index]
        rows = records.drop(columns=["head_name", "rt", "rw"]).assign(household_given=own)
    return list_spellings(rows, numbers, job.register, lambda: _read_people(job))


def _read_people(job: ImportJob) -> KnownPeople:
    everywhere = widen_scope(job.principal)
    return KnownPeople(
        repository.read_households(job.database, everywhere, personal=True),
        repository.read_officers(job.database, everywhere),
    )


def _count_unknown_officers(
    records: pd.DataFrame, numbers: NDArray[np.int64], notices: Mapping[str, NDArray[np.int64]]
) -> dict[str, int]:
    """Count the accepted rows of each officer who is in no register."""
    rows = notices.get("unknown_officer")
    return {} if rows is None else count_officers(records["officer_id"][np.isin(numbers, rows)])


def _fingerprint(job: ImportJob, checked: CheckedRows, source: InputFile) -> str:
    """Hash a file's content and the choices by which it is read."""
    options = job.options
    choices = {
        "columns": job.mapping.stated,
        "dates": checked.date_order,
        "zone": str(options.zone),
        "crs": options.known_crs,
        "scheme": job.scheme,
        "layer": job.raw.layer,
        "swap": options.swap,
        "set_apart": options.set_apart,
    }
    if job.dataset.name == "crimes":  # a file imported before precision was known is not the same again
        choices["precision"] = options.precision or "found"
    if options.districts:
        choices["districts"] = options.districts
    text = f"{source.fingerprint} {job.dataset.name} {json.dumps(choices, sort_keys=True)}"
    return hashlib.sha256(text.encode()).hexdigest()
