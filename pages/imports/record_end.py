"""The question to which day a file makes its record complete; its answer is stored with the import."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from data.importing import state_complete_to, suggest_record_end
from data.settings import get_settings
from pages.imports.choices import bind_widget, read_choice
from pages.text.language import _, escape_markdown, format_day, format_list, format_number, ngettext

if TYPE_CHECKING:
    from datetime import date

    from data.importing import PreparedImport, RecordEndSuggestion
    from pages.queries.records import Connection

COMPLETE_TO, EARLIER = "upload_complete_to", "upload_earlier"
_SUGGESTED = "upload.suggested"


def ask_record_end(connection: Connection, prepared: PreparedImport) -> PreparedImport:
    """Ask to which day visits or crimes are complete, and in which districts they end earlier.

    Returns
    -------
    PreparedImport
        With what is stated; unchanged for a dataset that is not dated, or an import that is stored already.
    """
    suggested = None if prepared.earlier is not None else _suggest(connection, prepared)
    if suggested is None:
        return prepared
    with st.container(horizontal=True, vertical_alignment="bottom"):
        stated = {"": _ask_day(COMPLETE_TO, _label(suggested), suggested.last_day or suggested.last_row)}
        for code in _ask_districts(suggested):
            label = _("{district} complete to").format(district=suggested.districts[code])
            stated[code] = _ask_day(f"{COMPLETE_TO}_{code}", label, suggested.others.get(code) or stated[""])
    st.caption(describe_suggestion(suggested))
    days = {code: str(day) for code, day in stated.items() if day is not None}
    return state_complete_to(connection.database, connection.principal, prepared, days)


def _suggest(connection: Connection, prepared: PreparedImport) -> RecordEndSuggestion | None:
    """Suggest the days once for each prepared file."""
    known, suggested = st.session_state.get(_SUGGESTED, (None, None))
    if known is not prepared:
        suggested = suggest_record_end(connection.database, connection.principal, prepared)
        st.session_state[_SUGGESTED] = prepared, suggested
    return suggested


def forget_suggestion() -> None:
    """Discard the suggestion with its file."""
    st.session_state.pop(_SUGGESTED, None)


def _label(suggested: RecordEndSuggestion) -> str:
    if len(suggested.districts) == 1:
        name = next(iter(suggested.districts.values()))
        return _("{district} complete to").format(district=name) if name else _("Complete to")
    return _("All districts complete to")


def _ask_day(name: str, label: str, suggested: date | None) -> date | None:
    return st.date_input(
        label,
        read_choice(name, suggested),
        max_value=get_settings().clock.today(),
        format="DD/MM/YYYY",
        width=220,
        **bind_widget(name),
    )


def _ask_districts(suggested: RecordEndSuggestion) -> list[str]:
    """Ask which of several districts end earlier than the others."""
    if len(suggested.districts) == 1:
        return []
    return st.multiselect(
        _("Districts that end on another day"),
        list(suggested.districts),
        read_choice(EARLIER, list(suggested.others)),
        format_func=suggested.districts.__getitem__,
        placeholder=_("All end on that day"),
        **bind_widget(EARLIER),
    )


def describe_suggestion(suggested: RecordEndSuggestion) -> str:
    """Say where the suggested days come from, and why the last row is not the end of the record."""
    said = []
    if suggested.basis == "stated":
        said.append(_("An earlier import states this day."))
    elif suggested.basis == "learned":
        said.append(
            ngettext(
                "In earlier imports, 95% had arrived by {n} day before the last row.",
                "In earlier imports, 95% had arrived by {n} days before the last row.",
                suggested.delay_days,
            ).format(n=format_number(suggested.delay_days))
        )
    else:
        said.append(
            ngettext(
                "There are too few earlier imports to learn from: suggested is {n} day before the last row.",
                "There are too few earlier imports to learn from: suggested is {n} days before the last row.",
                suggested.delay_days,
            ).format(n=format_number(suggested.delay_days))
        )
    said.append(
        _("The last row is of {day}, but what happened shortly before may still come in.").format(
            day=format_day(suggested.last_row)
        )
    )
    if suggested.others:
        names = [escape_markdown(suggested.districts[code]) for code in suggested.others]
        said.append(
            _("These districts seem to deliver later: {districts}.").format(districts=format_list(names))
        )
    said.append(_("Change the day if you know better: figures and comparisons end there."))
    return " ".join(said)
