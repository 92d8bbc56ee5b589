"""Commands that load the sample district, list refused rows, and show the status of the records."""

import dataclasses
from pathlib import Path
from typing import Annotated, Literal

import pandas as pd
import typer

from data import repository
from data.cli.import_lines import summarise_health
from data.cli.output import AsJson, open_database, print_answer, to_rows, write_bytes
from data.cli.roads import describe_roads
from data.errors import DataError
from data.exports.quarantine import write_quarantine
from data.importing import check_boundaries
from data.principal import Principal
from data.sample import load_sample
from data.settings import get_settings

Scale = Literal["district", "regency"]
_SHOWN_BATCHES = 20
_WORST = 10
_BASES = {
    "stated": "as stated",
    "learned": "learned from earlier imports",
    "assumed": "assumed: state it with --complete-to",
    "silent": "nothing delivered since",
}


def import_sample(
    *,
    scale: Annotated[Scale, typer.Option(help="Size of the sample.")] = "district",
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same sample.")] = 1,
    if_empty: Annotated[
        bool, typer.Option("--if-empty", help="Do nothing if there are already records.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Load a sample district, or a whole sample regency, into an empty database."""
    database, principal = open_database(), Principal.demo()
    if len(repository.read_batches(database, principal)):
        if not if_empty:
            raise DataError(
                "The database already holds records: set SAMBANG_DATABASE_URL to another one for the sample."
            )
        print_answer(
            {"loaded": False}, "The database already holds records: nothing was loaded.", as_json=as_json
        )
        return
    until = get_settings().clock.today()
    counts = load_sample(database, principal, scale=scale, seed=seed, until=until)
    listed = ", ".join(f"{n:,} {dataset}" for dataset, n in counts.items())
    facts = {"loaded": True, "scale": scale, "seed": seed, "until": str(until), "records": counts}
    print_answer(facts, f"Loaded {listed}.", as_json=as_json)


def show_quarantine(
    batch: Annotated[int, typer.Argument(help="Number of the import, as listed by 'status'.")],
    *,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE",
            help="Write the rows to an .xlsx or .csv file, to correct and import again.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the rows that an import refused, with their reasons."""
    refused = repository.read_quarantine(open_database(), Principal.demo(), batch)
    if out is not None:
        _write_refused(refused, out)
    lines = [f"row {row}: {reasons}" for row, reasons in refused["reasons"].items()]
    text = f"{len(refused):,} rows written to {out}." if out else "\n".join(lines or ["No row was refused."])
    facts = {"batch": batch, "file": str(out)} if out else {"batch": batch, "rows": to_rows(refused)}
    print_answer(facts, text, as_json=as_json)


def _write_refused(refused: pd.DataFrame, path: Path) -> None:
    kind = path.suffix.lower()
    if kind not in (".xlsx", ".csv"):
        raise DataError(f"The file {path.name} has an unsupported file type: use .xlsx or .csv.")
    write_bytes(write_quarantine(refused, kind="xlsx" if kind == ".xlsx" else "csv"), path)


def show_status(*, as_json: AsJson = False) -> None:
    """Count the records, check the boundaries, and list the latest imports."""
    database, principal = open_database(), Principal.demo()
    counts = repository.count_records(database, principal)
    villages = repository.read_villages(database, principal)
    batches = repository.read_batches(database, principal)
    checked = check_boundaries(villages)
    health = {
        "villages": len(villages),
        "districts": int(villages["district_code"].nunique()),
        "regencies": int(villages["regency_code"].nunique()),
        "code_scheme": repository.read_code_scheme(database),
        **checked.summarise(),
        "worst_overlaps": to_rows(checked.list_overlaps(_WORST)),
    }
    facts = {
        "records": counts.to_dict("index"),
        "boundaries": health,
        "imports": to_rows(batches.head(_SHOWN_BATCHES).drop(columns="fingerprint")),
        "n_imports": len(batches),
        "schema_version": database.schema_version(),
        "database": database.kind,
    }
    roads = repository.read_road_facts(database, principal)
    facts["roads"] = dataclasses.asdict(roads)
    ends = repository.read_record_ends(database, principal)
    facts["record_ends"] = to_rows(ends.set_index("dataset"))
    lines = [
        *(f"{name}: {row['n_records']:,}" for name, row in counts.to_dict("index").items()),
        *_describe_record_ends(ends),
        f"boundaries' health: {summarise_health(checked)}",
        f"roads: {describe_roads(roads)}",
        f"imports: {len(batches)}; schema {facts['schema_version']}; {database.kind}",
    ]
    print_answer(facts, "\n".join(lines), as_json=as_json)


def _describe_record_ends(ends: pd.DataFrame) -> list[str]:
    """Describe to which day visits and crimes are complete, the districts that end on one day together."""
    known = ends[ends["last_day"].notna()]
    lines = []
    named = known.assign(day=known["last_day"].dt.strftime("%Y-%m-%d"))
    for (dataset, day, basis), rows in named.groupby(["dataset", "day", "basis"]):
        everywhere = len(rows) == (known["dataset"] == dataset).sum()
        where = "" if everywhere else f" in {', '.join(rows['district'].head(_WORST))}"
        more = f" and {len(rows) - _WORST:,} more" if where and len(rows) > _WORST else ""
        lines.append(f"{dataset} complete to {day}{where}{more} ({_BASES[str(basis)]})")
    return lines
