"""The preview of a file before it is stored."""

from __future__ import annotations

import re
from itertools import starmap
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from data.importing import describe_records
from data.schema import DATASETS
from pages.imports.maps import name_codes, show_import_map
from pages.imports.notices import N_ROWS_NAMED, show_notices, show_rows
from pages.imports.result import offer_quarantine
from pages.text.language import (
    MISSING,
    _,
    escape_markdown,
    format_list,
    format_moment,
    format_number,
    format_short_number,
    format_time,
    ngettext,
)
from pages.text.vocabulary import (
    describe_reason,
    describe_time_evidence,
    name_dataset,
    name_field,
    name_value,
)
from pages.widgets.cards import Card, show_plain_cards

if TYPE_CHECKING:
    from data.importing import PreparedImport
    from pages.queries.records import Connection

_LONGEST_STEM = 40
_CODED = (
    "placement",
    "household_match",
    "source",
    "outcome",
    "time_precision",
)  # columns of codes that are translated


def describe_needs(dataset: str) -> str:
    """Describe which fields a file of a dataset must have."""
    required = [name_field(item.name) for item in DATASETS[dataset].fields if item.required]
    groups = [" + ".join(name_field(name) for name in group) for group in DATASETS[dataset].alternatives]
    needs = [*required, *([_(" or ").join(groups)] if groups else [])]
    return _("Required: {fields}. Other fields are imported where present.").format(fields=format_list(needs))


def show_row_counts(prepared: PreparedImport) -> None:
    """Show how many rows would be stored and how many quarantined."""
    cards = [
        Card(_("Rows read"), format_number(prepared.rows_read)),
        Card(_("Accepted"), format_number(prepared.rows_accepted)),
        Card(_("Quarantined"), format_number(prepared.rows_quarantined)),
    ]
    if DATASETS[prepared.dataset].has_places:
        cards += [
            Card(_("Outside every village"), format_number(prepared.rows_outside)),
            Card(_("Without location"), format_number(prepared.rows_unlocated)),
        ]
    show_plain_cards(cards)


def show_details(connection: Connection, prepared: PreparedImport) -> None:
    """Show quarantined rows with reasons, warnings, effects on stored records, a map and the first rows."""
    if prepared.rows_quarantined:
        show_quarantine_reasons(prepared.quarantine)
        offer_quarantine(prepared.refused, name=_stem(prepared.file_name), place="preview")
    show_notices(describe_records(prepared))
    if prepared.times is not None:
        _show_times(prepared.times)
    _describe_repairs(prepared)
    _show_effects(connection, prepared)
    show_import_map(connection, prepared)
    _show_first_rows(prepared)


def _stem(file_name: str) -> str:
    """Return a file's name reduced to letters and digits, without its extension."""
    return re.sub(r"\W+", "_", file_name.rsplit(".", 1)[0]).strip("_")[:_LONGEST_STEM]


def show_quarantine_reasons(quarantine: pd.DataFrame) -> None:
    """List the reasons for quarantine with their rows.

    Parameters
    ----------
    quarantine
        ``row_number`` and ``reasons`` (codes separated by spaces) of each refused row.
    """
    each = quarantine.assign(reason=quarantine["reasons"].str.split()).explode("reason")
    rows = each.groupby("reason", sort=False)["row_number"].agg(["size", list])
    show_rows(
        _("Reasons for quarantine"),
        [describe_reason(code) for code in rows.index],
        rows["size"].tolist(),
        [sorted(numbers) for numbers in rows["list"]],
    )


def _show_times(times: pd.DataFrame) -> None:
    """Show how exactly the times of the crimes are known, and what shows it."""
    shown = pd.DataFrame(
        {
            _("Time known to"): times["precision"].map(name_value),
            _("Rows"): times["n_rows"].map(format_number),
            _("What shows it"): times["evidence"].map(describe_time_evidence),
        }
    )
    st.table(shown.set_index(_("Time known to")))
    st.caption(
        _(
            "The crime clock uses times known to the hour or between two times; weekdays and near repeats, "
            "times known to the day; months, times known to the month. Choose otherwise under: {place}."
        ).format(place=_("Dates, coordinates, codes"))
    )


def _describe_repairs(prepared: PreparedImport) -> None:
    """Describe which polygons crossed themselves, and how the repair changed their area."""
    if prepared.repairs is None or prepared.repairs.empty:
        return
    texts = [
        f"{escape_markdown(village)} ({_signed(change)} km²)"
        for village, change in zip(prepared.repairs["village"], prepared.repairs["change_km2"], strict=True)
    ]
    said = ngettext(
        "{n} polygon crossed itself and was repaired, which changed its area: {list}.",
        "{n} polygons crossed themselves and were repaired, which changed their area: {list}.",
        len(texts),
    )
    st.info(
        said.format(n=format_number(len(texts)), list=format_list(texts[:N_ROWS_NAMED])),
        icon=":material/healing:",
    )


def _signed(change: float) -> str:
    return ("+" if change > 0 else "") + format_number(change, digits=2)


def _show_effects(connection: Connection, prepared: PreparedImport) -> None:
    """Describe which stored records change their village or household."""
    if prepared.rematched:
        said = ngettext(
            "{n} stored visit is matched to another household.",
            "{n} stored visits are matched to other households.",
            prepared.rematched,
        )
        st.info(said.format(n=format_number(prepared.rematched)), icon=":material/home_pin:")
    moves = prepared.effects.count_moves()
    if moves.empty:
        return
    total = int(moves["n"].sum())
    said = ngettext(
        "{n} stored record moves to another village.", "{n} stored records move to another village.", total
    )
    st.info(said.format(n=format_number(total)), icon=":material/move_location:")
    names = name_codes(connection, prepared)
    shown = pd.DataFrame(
        {
            _("Dataset"): moves["dataset"].map(name_dataset),
            _("From village"): moves["was"].map(names).fillna(MISSING),
            _("To village"): moves["becomes"].map(names).fillna(MISSING),
            _("Records"): moves["n"].map(format_number),
        }
    )
    st.dataframe(shown, hide_index=True)


def _write_number(value: float) -> str:
    """Format a number with enough decimals to locate a point to a metre."""
    return format_short_number(value, most=5)


def _show_first_rows(prepared: PreparedImport) -> None:
    """Show the first rows as they will be stored, without empty columns."""
    first = prepared.preview().dropna(axis="columns", how="all")
    times = first.select_dtypes("datetimetz").columns
    written = {name: first[name].map(format_time, na_action="ignore") for name in times}
    if "time_precision" in first:
        each = zip(first["occurred_at"], first["time_precision"], strict=True)
        written["occurred_at"] = pd.Series(list(starmap(format_moment, each)), index=first.index)
    written |= {name: first[name].map(name_value, na_action="ignore") for name in _CODED if name in first}
    numbers = first.select_dtypes("float").columns
    written |= {name: first[name].map(_write_number, na_action="ignore") for name in numbers}
    shown = first.assign(**{name: column.astype("str") for name, column in written.items()})
    texts: list[str] = list(shown.select_dtypes("str").columns)
    shown[texts] = shown[texts].fillna(MISSING)
    title = _("First rows, as they will be stored")
    st.markdown(f"**{title}**")
    st.dataframe(shown.rename(columns=name_field), hide_index=True, placeholder=MISSING)
