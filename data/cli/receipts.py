"""Receipts of imports: what one did or would do, as a JSON object and in lines for a terminal."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from data.cli.import_lines import (
    describe_columns,
    describe_effects,
    describe_health,
    describe_result,
    describe_times,
    suggest_choices,
    tabulate_spellings,
)
from data.cli.output import to_rows
from data.cli.roads import describe_road_result
from data.importing import PreparedImport
from data.schema import RECORDS, ROADS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from data.importing import ImportResult, PreparedRoads, RecordEndSuggestion, RoadImportResult

    ReadNames = Callable[[], Mapping[str, str]]
    Receipt = tuple[dict[str, Any], list[str]]


def make_receipt(
    prepared: PreparedImport | PreparedRoads,
    result: ImportResult | RoadImportResult,
    read_names: ReadNames,
    *,
    dry_run: bool,
) -> Receipt:
    """Return the receipt of an import.

    Parameters
    ----------
    prepared, result
        The import, and what came of it.
    read_names
        Reads the names of the stored villages, by code; called where the receipt names villages.
    dry_run
        Whether the import was only tried.

    Returns
    -------
    facts, lines
        The JSON object, and the text for a terminal.
    """
    facts, lines = _RECEIPTS[prepared.dataset](prepared, result, read_names, dry_run=dry_run)
    return dataclasses.asdict(result) | {"dry_run": dry_run} | facts, lines


def describe_record_end(
    prepared: PreparedImport | PreparedRoads, suggested: RecordEndSuggestion | None
) -> list[str]:
    """Describe to which day an import makes its record complete: as stated, or as assumed until it is."""
    if isinstance(prepared, PreparedImport) and prepared.complete_to:
        stated = sorted(prepared.complete_to.items())
        return [f"  complete to: {', '.join(f'{code} {day}' if code else str(day) for code, day in stated)}"]
    if suggested is None or suggested.last_day is None:
        return []
    days = [f"{suggested.districts[code]} {day}" for code, day in suggested.others.items()]
    told = ", ".join([str(suggested.last_day), *days])
    before = f"{suggested.delay_days} days before the last row"
    how = {
        "stated": "as an earlier import states",
        "learned": f"{before}: by then 95 % had arrived in earlier imports",
    }.get(suggested.basis, f"{before}: the setting, as there are too few earlier imports to learn from")
    advice = "state the day with --complete-to DATE, or DISTRICT=DATE for a district that differs"
    return [f"  taken as complete to {told} only ({how}); {advice}"]


def _make_record_receipt(
    prepared: PreparedImport, result: ImportResult, read_names: ReadNames, *, dry_run: bool
) -> Receipt:
    facts = {
        "mapping": prepared.mapping.stated,
        "times": [] if prepared.times is None else prepared.times.to_dict("records"),
        "unused": list(prepared.mapping.unused),
        "hint": dataclasses.asdict(prepared.hint) if prepared.hint else None,
        "spellings": tabulate_spellings(prepared),
        "health": prepared.health.summarise() if prepared.health else None,
        "repairs": [] if prepared.repairs is None else to_rows(prepared.repairs),
        "moves": to_rows(prepared.effects.count_moves().set_index("dataset")),
    }
    lines = describe_result(result, dry_run=dry_run)
    if not result.unchanged:
        names = read_names()
        lines += [
            *describe_times(prepared),
            *describe_columns(prepared.mapping),
            *describe_effects(prepared, names),
            *describe_health(prepared),
            *suggest_choices(prepared, names),
        ]
    return facts, lines


def _make_road_receipt(
    _prepared: PreparedRoads, result: RoadImportResult, _read_names: ReadNames, *, dry_run: bool
) -> Receipt:
    return {}, describe_road_result(result, dry_run=dry_run)


_RECEIPTS: dict[str, Callable[..., Receipt]] = {
    **dict.fromkeys(RECORDS, _make_record_receipt),
    ROADS.name: _make_road_receipt,
}
