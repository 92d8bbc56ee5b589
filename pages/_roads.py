"""Which roads the ways of plans follow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from data import repository
from pages.text.language import _, escape_markdown, format_number, format_percent, ngettext

if TYPE_CHECKING:
    from pages.queries.records import Connection


def describe_roads(connection: Connection) -> None:
    """Say in a line which roads are in force, and how they hang together; nothing without any."""
    facts = repository.read_road_facts(connection.database, connection.principal)
    if not facts.n_roads:
        return
    said = _("Plans follow the roads of {file}: {km} km.")
    said = said.format(file=facts.file_name, km=format_number(facts.length_km))
    if facts.n_islands:
        apart = ngettext(
            "{n} island of roads lies apart; the largest part holds {share}.",
            "{n} islands of roads lie apart; the largest part holds {share}.",
            facts.n_islands,
        )
        said += " " + apart.format(n=format_number(facts.n_islands), share=format_percent(facts.main_share))
    st.caption(escape_markdown(said))
