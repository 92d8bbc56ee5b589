"""Commands that import a file, and undo an import."""

import dataclasses
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

import typer

from data import repository
from data.cli.import_lines import (
    describe_effects,
    describe_health,
    describe_result,
    suggest_choices,
    tabulate_spellings,
)
from data.cli.output import AsJson, open_database, print_answer, to_rows
from data.cli.roads import import_roads
from data.errors import MappingError
from data.importing import ROADS, ImportOptions, commit_import, describe_import, prepare_import, undo_import
from data.principal import Principal

DatasetName = Literal["boundaries", "households", "officers", "visits", "crimes", "crosswalk", "roads"]


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
    villages: Annotated[
        list[str] | None,
        typer.Option(
            "--village",
            metavar="NAME,DISTRICT=CODE",
            help="State which village a spelling means; this is remembered.",
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
        villages=dict(_split_village(pair) for pair in villages or []),
    )
    database, principal = open_database(), Principal.demo()
    if dataset == ROADS:
        import_roads(database, principal, file, options, dry_run=dry_run, as_json=as_json)
        return
    prepared = prepare_import(database, principal, file, dataset, options, progress=_show_progress())
    result = describe_import(prepared) if dry_run else commit_import(database, prepared)
    facts = dataclasses.asdict(result) | {
        "dry_run": dry_run,
        "mapping": prepared.mapping.stated,
        "hint": dataclasses.asdict(prepared.hint) if prepared.hint else None,
        "spellings": tabulate_spellings(prepared),
        "health": prepared.health.summarise() if prepared.health else None,
        "repairs": [] if prepared.repairs is None else to_rows(prepared.repairs),
        "moves": to_rows(prepared.effects.count_moves().set_index("dataset")),
    }
    lines = describe_result(result, dry_run=dry_run)
    if not result.unchanged:
        names = repository.read_villages(database, principal)["village"].to_dict()
        lines += [
            *describe_effects(prepared, names),
            *describe_health(prepared),
            *suggest_choices(prepared, names),
        ]
    print_answer(facts, "\n".join(lines), as_json=as_json)


def _show_progress() -> Callable[[str, float], None] | None:
    """Show the progress of a long import on a terminal, but not in a file or pipe."""
    if not sys.stderr.isatty():
        return None
    return lambda step, share: typer.echo(f"\r{share:4.0%} {step:<10}", err=True, nl=False)


def _split_pair(pair: str) -> tuple[str, str]:
    name, sign, column = pair.partition("=")
    if not sign:
        raise MappingError(f"--map {pair} has no '=': write it as FIELD=COLUMN.")
    return name.strip(), column


def _split_village(pair: str) -> tuple[str, str]:
    names, sign, code = pair.rpartition("=")
    if not sign:
        raise MappingError(f"--village {pair} has no '=': write it as NAME,DISTRICT=CODE.")
    village, _, district = names.partition(",")
    return f"{district}|{village}", code.strip().replace(".", "")


def revert_import(
    batch: Annotated[int, typer.Argument(help="Number of the import, as listed by 'status'.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Undo an import as a whole, and restore what it replaced."""
    moved = undo_import(open_database(), Principal.demo(), batch)
    print_answer({"undone": batch, "moved": moved}, f"Import {batch} is undone.", as_json=as_json)
