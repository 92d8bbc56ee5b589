"""Lines for a terminal about an import of roads, and about the roads in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data.cli.output import format_count, name_import

if TYPE_CHECKING:
    from data.importing import RoadImportResult
    from data.repository import RoadFacts


def describe_road_result(result: RoadImportResult, *, dry_run: bool) -> list[str]:
    """Describe what an import of roads did or would do, and how well the roads are connected."""
    if result.unchanged:
        return ["These roads are already in force: nothing was changed."]
    column = f"classes from '{result.class_column}'" if result.class_column else "no classes: one speed"
    head, islands = name_import(result.batch, dry_run=dry_run), _describe_islands(result)
    lines = [
        f"{head}: {_describe_size(result)}, {column}; {result.rows_quarantined:,} left out.",
        f"{islands[0].upper()}{islands[1:]}.",
    ]
    if result.households:
        lines.append(
            f"Of {result.households:,} households {result.households_far:,} are far from any road and use "
            f"straight lines, and {result.households_apart:,} are on islands."
        )
    return lines


def describe_roads(facts: RoadFacts) -> str:
    """Describe the roads in force in one line."""
    if not facts.n_roads:
        return "none; travel follows straight lines with a detour factor"
    return f"{_describe_size(facts)}, {_describe_islands(facts)}; {facts.file_name}"


def _describe_size(facts: RoadFacts) -> str:
    return f"{format_count(facts.n_roads, 'road')}, {facts.length_km:,.0f} km"


def _describe_islands(facts: RoadFacts) -> str:
    if not facts.n_islands:
        return "all of them connected"
    return f"{format_count(facts.n_islands, 'island')}; the largest part holds {facts.main_share:.1%}"
