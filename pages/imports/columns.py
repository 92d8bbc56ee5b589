"""Pick lists that assign a file's columns to fields, each with sample values of its column."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from data.schema import DATASETS
from data.validation import note_accuracy
from pages.imports.choices import (
    NOT_READ,
    TOLD,
    bind_widget,
    name_column_choice,
    name_text_choice,
    show_pick_list,
)
from pages.text.labels import distinguish_labels
from pages.text.language import N_, _, escape_markdown, format_list, translate
from pages.text.vocabulary import name_field

if TYPE_CHECKING:
    from data.mapping import ColumnMapping
    from data.readers import RawTable

_SAMPLES, _LONGEST = 3, 24
_ORIGINS = {
    "name": N_("recognised by name"),
    "content": N_("recognised by values"),
    "remembered": N_("same as the last file of this kind"),
    "stated": N_("chosen here"),
}


def show_columns(dataset: str, raw: RawTable, mapping: ColumnMapping) -> None:
    """Show a pick list per field: those in the file or required first, the others in a collapsed section."""
    required = {item.name for item in DATASETS[dataset].fields if item.required}
    first = [item.name for item in DATASETS[dataset].fields if item.name in mapping or item.name in required]
    rest = [item.name for item in DATASETS[dataset].fields if item.name not in first]
    title = _("How each column was read")
    st.markdown(f"**{title}**")
    _show_lists(dataset, raw, mapping, first)
    if mapping.unused:
        names = [escape_markdown(_shorten(column, 60)) for column in mapping.unused]
        st.caption(_("Not used: {columns}.").format(columns=", ".join(names)))
    for note in note_accuracy(mapping):
        st.caption(translate(note))
    if rest:
        with st.expander(_("Fields not in the file")):
            _show_lists(dataset, raw, mapping, rest)


def _show_lists(dataset: str, raw: RawTable, mapping: ColumnMapping, names: list[str]) -> None:
    with st.container(horizontal=True, key=f"columns_{dataset}_{names[0] if names else ''}"):
        for name in names:
            with st.container(width=250, gap="xxsmall"):
                _show_list(dataset, raw, mapping, name)


def _show_list(dataset: str, raw: RawTable, mapping: ColumnMapping, name: str) -> None:
    """Show the pick list of one field, with the column it is read from and sample values below.

    The automatic option has the same label for all files, because the browser identifies options by label.
    """
    labels = {TOLD: _("automatic"), NOT_READ: _("do not import")}
    labels |= {known: known for known in raw.columns}
    label = name_field(name)
    show_pick_list(name_column_choice(dataset, name), label, distinguish_labels(labels), width="stretch")
    column = mapping.columns.get(name)
    if column:
        said = f"**{escape_markdown(_shorten(column, _LONGEST))}:** {escape_markdown(_samples(raw, column))}"
        st.caption(f"{said}  \n{_(_ORIGINS[mapping.origins[name]])}")
        return
    st.caption(_("the same in all rows") if name in mapping.constants else _("no matching column"))
    if DATASETS[dataset].field(name).required:
        st.text_input(
            _("or the same text for all rows"),
            placeholder=mapping.constants.get(name, ""),
            **bind_widget(name_text_choice(dataset, name)),
        )


def _samples(raw: RawTable, column: str) -> str:
    """Return the first distinct values of a column."""
    filled = raw.frame[column].dropna().str.strip()
    values = filled[filled != ""].head(200).unique()[:_SAMPLES]
    return " · ".join(_shorten(value, _LONGEST) for value in values) or _("empty")


def _shorten(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def describe_lacking(dataset: str, mapping: ColumnMapping) -> str | None:
    """Describe the required fields without a recognised column; None if none is missing."""
    wanted = DATASETS[dataset]
    lacking = [name_field(item.name) for item in wanted.fields if item.required and item.name not in mapping]
    if lacking:
        return _("No column was recognised for: {fields}. Choose below.").format(fields=format_list(lacking))
    if not wanted.alternatives or any(
        all(name in mapping for name in group) for group in wanted.alternatives
    ):
        return None
    ways = [" + ".join(name_field(name) for name in group) for group in wanted.alternatives]
    return _("Nothing in the file identifies its rows. It must have: {ways}.").format(
        ways=_(" or ").join(ways)
    )
