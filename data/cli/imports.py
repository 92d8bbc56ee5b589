"""Commands that import a file, and undo an import."""

from functools import partial
from pathlib import Path
from typing import Annotated, Literal

import typer

from data import repository
from data.cli.output import AsJson, open_database, print_answer, print_progress
from data.cli.receipts import describe_record_end, make_receipt
from data.database import Database
from data.errors import MappingError
from data.importing import (
    ImportOptions,
    commit_import,
    describe_import,
    prepare_import,
    read_district_names,
    state_complete_to,
    suggest_record_end,
    undo_import,
)
from data.principal import Principal
from data.readers import read_table

DatasetName = Literal["boundaries", "households", "officers", "visits", "crimes", "crosswalk", "roads"]
"""The keys of ``DATASETS``: typer takes choices from a type only."""


def import_file(  # noqa: PLR0913 - a command is declared with one parameter for each option
    dataset: Annotated[DatasetName, typer.Argument(help="Dataset that the rows belong to.")],
    file: Annotated[
        Path,
        typer.Argument(
            help="A table (CSV, XLSX, XLS, ODS, Parquet) or geographic file; for roads also .osm.pbf or .osm."
        ),
    ],
    *,
    columns: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="FIELD=COLUMN",
            help="Read a field from this column; FIELD= to skip it, FIELD==TEXT for one text in all rows.",
        ),
    ] = None,
    dates: Annotated[
        Literal["dayfirst", "monthfirst", "iso"] | None,
        typer.Option(help="Order of day and month in dates such as 01/02/2026."),
    ] = None,
    timezone: Annotated[
        str | None,
        typer.Option(metavar="ZONE", help="Time zone of the file's times: WIB, WITA, WIT or Area/City."),
    ] = None,
    crs: Annotated[
        str | None, typer.Option(metavar="EPSG:n", help="CRS of the coordinates, if not WGS84.")
    ] = None,
    code_scheme: Annotated[
        Literal["kemendagri", "bps", "none"] | None,
        typer.Option(help="Scheme of the file's village codes; none for boundaries with names only."),
    ] = None,
    layer: Annotated[str | None, typer.Option(metavar="NAME", help="Worksheet or layer to read.")] = None,
    swap: Annotated[
        bool, typer.Option("--swap", help="Swap longitude and latitude, if the file has them exchanged.")
    ] = False,
    set_apart: Annotated[
        bool, typer.Option("--set-apart", help="Leave out areas that are not villages (forest, water).")
    ] = False,
    district_names: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="A table or map file with codes and names of districts, for boundaries without these names.",
        ),
    ] = None,
    villages: Annotated[
        list[str] | None,
        typer.Option(
            "--village",
            metavar="NAME,DISTRICT=CODE",
            help="State which village a spelling means; this is remembered.",
        ),
    ] = None,
    precision: Annotated[
        Literal["minute", "hour", "day", "month"] | None,
        typer.Option(
            help="How exactly the times of crimes are known (default: found in the file); day for dates "
            "that a file writes as midnight."
        ),
    ] = None,
    complete_to: Annotated[
        list[str] | None,
        typer.Option(
            "--complete-to",
            metavar="DATE",
            help="Last day to which visits or crimes are complete; DISTRICT=DATE for one that differs.",
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would happen.")] = False,
    as_json: AsJson = False,
) -> None:
    """Import a file: each row is accepted, or quarantined with its reasons."""
    options = ImportOptions(
        columns=dict(_split_pair(pair) for pair in columns or []),
        dates=dates,
        timezone=timezone,
        crs=crs,
        code_scheme=code_scheme,
        layer=layer,
        swap=swap,
        set_apart=set_apart,
        precision=precision,
        districts=read_district_names(read_table(district_names)) if district_names else {},
        villages=dict(_split_village(pair) for pair in villages or []),
    )
    database, principal = open_database(), Principal.demo()
    prepared = prepare_import(database, principal, file, dataset, options, progress=_print_step)
    if complete_to:
        prepared = state_complete_to(database, principal, prepared, dict(map(_split_day, complete_to)))
    suggested = None if complete_to else suggest_record_end(database, principal, prepared)
    result = describe_import(prepared) if dry_run else commit_import(database, prepared)
    facts, lines = make_receipt(prepared, result, partial(_read_names, database, principal), dry_run=dry_run)
    lines += describe_record_end(prepared, suggested)
    print_answer(facts, "\n".join(lines), as_json=as_json)


def _read_names(database: Database, principal: Principal) -> dict[str, str]:
    """Read the names of the stored villages, by code."""
    return repository.read_villages(database, principal)["village"].to_dict()


def _print_step(step: str, share: float) -> None:
    """Print the progress of a long import."""
    print_progress(f"{share:4.0%} {step:<10}")


def _split_pair(pair: str) -> tuple[str, str]:
    name, sign, column = pair.partition("=")
    if not sign:
        raise MappingError(f"--map {pair} has no '=': write it as FIELD=COLUMN.")
    return name.strip(), column


def _split_day(pair: str) -> tuple[str, str]:
    district, _, day = pair.rpartition("=")
    return district, day


def _split_village(pair: str) -> tuple[str, str]:
    names, sign, code = pair.rpartition("=")
    if not sign:
        raise MappingError(f"--village {pair} has no '=': write it as NAME,DISTRICT=CODE.")
    village, _, district = names.partition(",")
    return f"{district}|{village}", code.strip()


def revert_import(
    batch: Annotated[int, typer.Argument(help="Number of the import, as listed by 'status'.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Undo an import as a whole, and restore what it replaced."""
    moved = undo_import(open_database(), Principal.demo(), batch)
    print_answer({"undone": batch, "moved": moved}, f"Import {batch} is undone.", as_json=as_json)
