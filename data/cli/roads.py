"""Import of roads on the command line, and lines for a terminal about the roads in force."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from data.cli.import_lines import format_count
from data.cli.output import print_answer
from data.errors import MappingError
from data.importing import ImportOptions, commit_road_import, prepare_roads

if TYPE_CHECKING:
    from pathlib import Path

    from data.database import Database
    from data.importing import PreparedRoads
    from data.principal import Principal
    from data.repository import RoadFacts


def import_roads(
    database: Database,
    principal: Principal,
    file: Path,
    options: ImportOptions,
    *,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Import roads, and describe how well they are connected."""
    _refuse_others(options)
    prepared = prepare_roads(database, principal, file, options)
    known = prepared.is_stored or dry_run
    batch = None if known else commit_road_import(database, prepared)
    facts = dataclasses.asdict(prepared.facts) | {
        "batch": prepared.facts.batch_id or batch,
        "dataset": "roads",
        "rows_read": len(prepared.roads) + len(prepared.quarantine),
        "rows_accepted": len(prepared.roads),
        "rows_quarantined": len(prepared.quarantine),
        "households": prepared.n_homes,
        "households_far": prepared.n_far,
        "households_apart": prepared.n_apart,
        "unchanged": prepared.is_stored,
        "dry_run": dry_run,
    }
    if prepared.is_stored:
        print_answer(facts, "These roads are in force already: nothing was changed.", as_json=as_json)
        return
    print_answer(facts, "\n".join(_tell(prepared, batch)), as_json=as_json)


def describe_roads(facts: RoadFacts) -> str:
    """Describe the roads in force in one line."""
    if not facts.n_roads:
        return "none; ways are straight lines, made longer"
    roads = format_count(facts.n_roads, "road")
    return f"{roads}, {facts.length_km:,.0f} km, {_say_islands(facts)}; {facts.file_name}"


def _tell(prepared: PreparedRoads, batch: int | None) -> list[str]:
    facts, left_out = prepared.facts, len(prepared.quarantine)
    head = "Nothing stored, only tried" if batch is None else f"Import {batch}"
    column = f"classes from '{facts.class_column}'" if facts.class_column else "no classes: one speed"
    size, islands = f"{format_count(facts.n_roads, 'road')}, {facts.length_km:,.0f} km", _say_islands(facts)
    lines = [
        f"{head}: {size}, {column}; {left_out:,} left out.",
        f"{islands[0].upper()}{islands[1:]}.",
    ]
    if prepared.n_homes:
        lines.append(
            f"Of {prepared.n_homes:,} households {prepared.n_far:,} are too far from any road, where straight"
            f" lines count, and {prepared.n_apart:,} lie on islands."
        )
    return lines


def _say_islands(facts: RoadFacts) -> str:
    if not facts.n_islands:
        return "all of them hang together"
    return f"{format_count(facts.n_islands, 'island')}; the largest part holds {facts.main_share:.1%}"


def _refuse_others(options: ImportOptions) -> None:
    """Refuse options that do not apply to roads."""
    meant = ImportOptions(columns=options.columns, crs=options.crs, layer=options.layer)
    if options != meant or set(options.columns) - {"class"}:
        raise MappingError("Roads take --layer, --crs and --map class=COLUMN only.")
