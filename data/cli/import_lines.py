"""Lines for a terminal about what an import did or would do, and about the health of boundaries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from data.cli.output import format_count, name_import, to_rows
from data.schema import NOTICES, REASONS, TIME_EVIDENCE
from data.validation import note_accuracy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from data.importing import BoundaryHealth, ImportResult, PreparedImport
    from data.mapping import ColumnMapping

_NAMED = 10
TIME_WORDS = {
    "minute": "the minute",
    "hour": "the hour",
    "day": "the day",
    "month": "the month",
    "interval": "lie between two times",
}
_NO_VILLAGE = "no village"


def describe_result(result: ImportResult, *, dry_run: bool) -> list[str]:
    """Describe what an import did, or would do."""
    if result.unchanged:
        return [f"This file was already imported, as import {result.batch}: nothing was changed."]
    head = name_import(result.batch, dry_run=dry_run)
    read, refused = format_count(result.rows_read, "row"), f"{result.rows_quarantined:,} quarantined"
    lines = [f"{head}: {read} read, {result.rows_accepted:,} accepted, {refused}."]
    if not dry_run:
        lines += [
            f"  {result.rows_new:,} new, {result.rows_changed:,} changed, {result.rows_same:,} the same"
        ]
    lines += [
        f"  {format_count(n, 'row')} {reason}: {REASONS[reason]}" for reason, n in result.reasons.items()
    ]
    lines += _describe_notices(result)
    lines += [f"  {result.outside:,} outside every village"] if result.outside else []
    lines += [f"  {result.unlocated:,} without location"] if result.unlocated else []
    return lines


def describe_times(prepared: PreparedImport) -> list[str]:
    """Describe how exactly the times of crimes are known, and what shows it."""
    if prepared.times is None or prepared.times.empty:
        return []
    lines = [
        f"  {format_count(n, 'row')} with a time known to {TIME_WORDS[precision]}: {TIME_EVIDENCE[evidence]}"
        for precision, evidence, n in zip(
            prepared.times["precision"], prepared.times["evidence"], prepared.times["n_rows"], strict=True
        )
    ]
    return [*lines, "  State otherwise with --precision minute, hour, day or month."]


def _describe_notices(result: ImportResult) -> list[str]:
    """Describe the warnings about accepted rows, with their first rows, and name officers in no register."""
    lines = []
    for code, n in result.notices.items():
        named = ", ".join(map(str, result.notice_rows[code][:_NAMED])) + (", …" if n > _NAMED else "")
        lines.append(
            f"  {format_count(n, 'row')} accepted with a warning: {NOTICES[code]} "
            f"({'row' if n == 1 else 'rows'} {named})"
        )
        if code == "unknown_officer":
            officers = list(result.unknown_officers.items())
            lines += [f"    officer {name}: {format_count(n, 'row')}" for name, n in officers[:_NAMED]]
            lines += [f"    and {len(officers) - _NAMED:,} more officers"] if len(officers) > _NAMED else []
    return lines


def describe_columns(mapping: ColumnMapping) -> list[str]:
    """Name every column that nothing is read from, and explain what is read otherwise than it is written."""
    unused = [f"  not used: {', '.join(mapping.unused)}"] if mapping.unused else []
    return [*unused, *(f"  {note}" for note in note_accuracy(mapping))]


def describe_effects(prepared: PreparedImport, names: Mapping[str, str]) -> list[str]:
    """Describe which stored records change their village or household, by village, largest number first.

    Parameters
    ----------
    prepared
        The import.
    names
        Of the stored villages, by code.
    """
    moves = prepared.effects.count_moves()

    def name(code: object) -> str:
        return f"{names[str(code)]} ({code})" if code in names else str(code)

    named = moves.assign(
        **{side: moves[side].map(name, na_action="ignore").fillna(_NO_VILLAGE) for side in ("was", "becomes")}
    )
    totals = moves.groupby("dataset")["n"].sum()
    lines = [
        f"  {dataset}: another village for {format_count(int(n), 'stored record')}"
        for dataset, n in totals.items()
    ]
    first = named.head(_NAMED)
    lines += [
        f"    {format_count(n, 'record')} of {dataset} from {was} to {becomes}"
        for dataset, was, becomes, n in zip(
            first["dataset"], first["was"], first["becomes"], first["n"], strict=True
        )
    ]
    lines += [f"    and {len(moves) - _NAMED:,} more pairs of villages"] if len(moves) > _NAMED else []
    if prepared.rematched:
        lines.append(f"  visits: another household for {format_count(prepared.rematched, 'stored record')}")
    return lines


def describe_health(prepared: PreparedImport) -> list[str]:
    """Describe the health of a boundary file, and how repairs changed the area of its polygons."""
    if prepared.health is None:
        return []
    lines = []
    if prepared.repairs is not None and len(prepared.repairs):
        changes = [
            f"{village} {change:+.3f} km²"
            for village, change in zip(
                prepared.repairs["village"].head(_NAMED), prepared.repairs["change_km2"], strict=False
            )
        ]
        mended = format_count(prepared.repaired, "polygon")
        lines.append(
            f"  {mended} repaired where the outline crosses itself; change of area: {', '.join(changes)}"
        )
    return [*lines, f"  health: {summarise_health(prepared.health)}"]


def summarise_health(health: BoundaryHealth) -> str:
    """Summarise the health of boundaries in one line."""
    found = health.summarise()
    parts = [
        f"{found['invalid']:,} invalid",
        f"{format_count(found['overlapping_pairs'], 'overlapping pair')} ({found['overlaps_ha']:,} ha)",
        f"{format_count(found['gaps'], 'gap')} ({found['gaps_ha']:,} ha)",
        format_count(found["repeated_names"], "repeated name"),
        format_count(found["missing_numbers"], "missing number"),
        f"{found['non_villages']:,} that do not look like a village",
    ]
    worst = health.list_overlaps(1)
    if len(worst):
        pair = worst.iloc[0]
        parts[1] += f", the largest {pair['left_name']}/{pair['right_name']} with {pair['area_ha']:,.2f} ha"
    return ", ".join(parts)


def tabulate_spellings(prepared: PreparedImport) -> list[dict[str, Any]]:
    """List the unknown spellings of villages, as plain values."""
    return [] if prepared.spellings is None else to_rows(prepared.spellings.rename_axis("spelling"))


def suggest_choices(prepared: PreparedImport, names: Mapping[str, str]) -> list[str]:
    """Suggest options that would place more of the file's records.

    Parameters
    ----------
    prepared
        The import.
    names
        Of the stored villages, by code.
    """
    lines = []
    if prepared.hint is not None and prepared.hint.kind == "swap":
        lines.append(
            f"  {format_count(prepared.hint.n_points, 'point')} would be where they belong if longitude and "
            "latitude were swapped: use --swap if they are."
        )
    elif prepared.hint is not None:
        way = f"use --crs {prepared.hint.value or 'EPSG:n'}"
        lines.append(f"  The coordinates look like metres of a map projection: {way}.")
    if prepared.health is not None and len(prepared.health.non_villages):
        named = ", ".join(prepared.health.non_villages["village"].head(_NAMED))
        lines.append(f"  Some areas do not look like villages ({named}): use --set-apart to leave them out.")
    if prepared.n_without_district:
        named = f"{format_count(prepared.n_without_district, 'village')} without the name of a district"
        lines.append(f"  {named}: use --district-names FILE, a table of district codes and names.")
    return [*lines, *_advise_spellings(tabulate_spellings(prepared), names)]


def _advise_spellings(spellings: list[dict[str, Any]], names: Mapping[str, str]) -> list[str]:
    """Suggest which villages unknown spellings may mean."""
    lines = []
    for spelling in spellings[:_NAMED]:
        likely = _advise_spelling(spelling, names)
        written = ",".join(filter(None, [spelling["village_given"], spelling["district_given"]]))
        lines.append(f"  {format_count(spelling['n_rows'], 'row')}: unknown village '{written}'{likely}")
    lines += [f"  and {len(spellings) - _NAMED:,} more spellings"] if len(spellings) > _NAMED else []
    if spellings:
        lines.append("  Explain a spelling with --village 'NAME,DISTRICT=CODE'; it is remembered.")
    return lines


def _advise_spelling(spelling: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """Name the village that a spelling probably means; else those that it may mean, in no one's favour."""

    def name(code: str) -> str:
        return f"{names.get(code, '')} ({code})"

    if spelling["likely"]:
        basis = ", as its households or officers suggest" if spelling["likely_by"] == "rows" else ""
        return f", perhaps {name(spelling['likely'])}{basis}"
    listed = [name(code) for code, _ in spelling["candidates"]]
    if len(listed) > 1:
        return f"; the rows do not show which is meant: {', '.join(listed)}"
    return f"; the most similar is {listed[0]}" if listed else ""
