"""Commands that bring records in, take them back, and tell what there is."""

import dataclasses
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from data import repository
from data.cli.output import AsJson, OutFile, answer, open_database, to_rows, write_table
from data.errors import DataError, MappingError
from data.importing import ImportOptions, ImportResult, commit_import, describe, prepare_import, undo_import
from data.principal import Principal
from data.sample import load_sample as load_place
from data.schema import REASONS
from data.settings import get_settings

Scale = Literal["district", "regency"]
DatasetName = Literal["boundaries", "households", "officers", "visits", "crimes"]
_SHOWN_BATCHES = 20


def load_sample(
    *,
    scale: Annotated[Scale, typer.Option(help="How large the made-up place is.")] = "district",
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same place.")] = 1,
    if_empty: Annotated[bool, typer.Option("--if-empty", help="Do nothing where there are records.")] = False,
    as_json: AsJson = False,
) -> None:
    """Load a made-up district, or a whole regency, into an empty database."""
    database, principal = open_database(), Principal.demo()
    if len(repository.read_batches(database, principal)):
        if not if_empty:
            raise DataError(
                "The database holds records already: name another one in SAMBANG_DATABASE_URL for the sample."
            )
        answer({"loaded": False}, "The database holds records already: nothing was loaded.", as_json=as_json)
        return
    until = datetime.now(get_settings().zone).date()
    counts = load_place(database, principal, scale=scale, seed=seed, until=until)
    listed = ", ".join(f"{n:,} {dataset}" for dataset, n in counts.items())
    facts = {"loaded": True, "scale": scale, "seed": seed, "until": str(until), "records": counts}
    answer(facts, f"Loaded {listed}.", as_json=as_json)


def import_file(  # noqa: PLR0913 - one parameter an option: that is how a command is declared
    dataset: Annotated[DatasetName, typer.Argument(help="What the rows are.")],
    file: Annotated[Path, typer.Argument(help="A CSV (also .gz), XLSX or GeoJSON file.")],
    *,
    columns: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="FIELD=COLUMN",
            help="Read a field from this column; FIELD= for none, FIELD==TEXT for one text in all rows.",
        ),
    ] = None,
    dates: Annotated[
        Literal["dayfirst", "monthfirst", "iso"] | None,
        typer.Option(help="Order of day and month in dates such as 01/02/2026."),
    ] = None,
    timezone: Annotated[
        str | None,
        typer.Option(metavar="ZONE", help="Zone of times: WIB, WITA, WIT, Area/City."),
    ] = None,
    crs: Annotated[
        str | None, typer.Option(metavar="EPSG:n", help="What coordinates are in, where not WGS84 degrees.")
    ] = None,
    code_scheme: Annotated[
        Literal["kemendagri", "bps", "none"] | None,
        typer.Option(help="Whose village codes a boundary file has; none to go by names."),
    ] = None,
    layer: Annotated[str | None, typer.Option(metavar="NAME", help="Which sheet of a workbook.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would happen.")] = False,
    as_json: AsJson = False,
) -> None:
    """Import a file: every row is accepted, or quarantined with its reasons."""
    stated = dict(_split_pair(pair) for pair in columns or [])
    options = ImportOptions(stated, dates, timezone, crs, code_scheme, layer)
    database = open_database()
    prepared = prepare_import(database, Principal.demo(), file, dataset, options)
    result = describe(prepared) if dry_run else commit_import(database, prepared)
    facts = dataclasses.asdict(result) | {
        "dry_run": dry_run,
        "mapping": prepared.mapping.columns | {k: f"={v}" for k, v in prepared.mapping.constants.items()},
    }
    answer(facts, _tell(result, dry_run=dry_run), as_json=as_json)


def _split_pair(pair: str) -> tuple[str, str]:
    name, sign, column = pair.partition("=")
    if not sign:
        raise MappingError(f"--map {pair} has no '=': write it as FIELD=COLUMN.")
    return name.strip(), column


def _tell(result: ImportResult, *, dry_run: bool) -> str:
    """Say in lines what an import did or would do."""
    if result.unchanged:
        return f"This file is import {result.batch} already: nothing was changed."
    head = "Nothing stored, only tried" if dry_run else f"Import {result.batch}"
    refused = f"{result.rows_quarantined:,} quarantined"
    lines = [f"{head}: {result.rows_read:,} rows read, {result.rows_accepted:,} accepted, {refused}."]
    if not dry_run:
        lines += [
            f"  {result.rows_new:,} new, {result.rows_changed:,} changed, {result.rows_same:,} the same"
        ]
    lines += [f"  {n:,} rows {reason}: {REASONS[reason]}" for reason, n in result.reasons.items()]
    lines += [f"  {result.outside:,} outside every village"] if result.outside else []
    lines += [f"  {result.unlocated:,} without location"] if result.unlocated else []
    lines += [f"  {result.repaired:,} polygons repaired"] if result.repaired else []
    lines += [f"  {n:,} {dataset} change their village" for dataset, n in result.moved.items()]
    return "\n".join(lines)


def undo(
    batch: Annotated[int, typer.Argument(help="Number of the import, as 'status' lists it.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Take an import back whole, and restore what it had replaced."""
    moved = undo_import(open_database(), Principal.demo(), batch)
    answer({"undone": batch, "moved": moved}, f"Import {batch} is undone.", as_json=as_json)


def show_quarantine(
    batch: Annotated[int, typer.Argument(help="Number of the import, as 'status' lists it.")],
    *,
    out: OutFile = None,
    as_json: AsJson = False,
) -> None:
    """List the rows that an import refused, with their reasons."""
    refused = repository.read_quarantine(open_database(), Principal.demo(), batch)
    if out is not None:
        write_table(refused, out)
    lines = [f"row {row}: {reasons}" for row, reasons in refused["reasons"].items()]
    text = f"{len(refused):,} rows written to {out}." if out else "\n".join(lines or ["No row was refused."])
    facts = {"batch": batch, "file": str(out)} if out else {"batch": batch, "rows": to_rows(refused)}
    answer(facts, text, as_json=as_json)


def show_status(*, as_json: AsJson = False) -> None:
    """Count the records, look at the boundaries' health, list the latest imports."""
    database, principal = open_database(), Principal.demo()
    counts = repository.count_records(database, principal)
    villages = repository.read_villages(database, principal)
    batches = repository.read_batches(database, principal)
    pairs = villages.sindex.query(villages.geometry, predicate="overlaps")[0] if len(villages) else []
    health = {
        "villages": len(villages),
        "districts": int(villages["district_code"].nunique()),
        "regencies": int(villages["regency_code"].nunique()),
        "overlapping_pairs": len(pairs) // 2,
        "invalid": int((~villages.is_valid).sum()),
    }
    facts = {
        "records": counts.to_dict("index"),
        "boundaries": health,
        "imports": to_rows(batches.head(_SHOWN_BATCHES).drop(columns="fingerprint")),
        "n_imports": len(batches),
        "schema_version": database.schema_version(),
        "database": database.kind,
    }
    lines = [
        *(f"{name}: {row['n_records']:,}" for name, row in counts.to_dict("index").items()),
        f"boundaries' health: {health['overlapping_pairs']} overlapping pairs, {health['invalid']} invalid",
        f"imports: {len(batches)}; schema {facts['schema_version']}; {database.kind}",
    ]
    answer(facts, "\n".join(lines), as_json=as_json)
