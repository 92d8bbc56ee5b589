"""Which roads the ways of plans follow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from data import repository
from pages._texts import _, ngettext, number, percent, plain

if TYPE_CHECKING:
    from pages._records import Source


def say_roads(source: Source) -> None:
    """Say in a line which roads are in force, and how they hang together; nothing without any."""
    facts = repository.read_road_facts(source.database, source.principal)
    if not facts.n_roads:
        return
    said = _("Plans follow the roads of {file}: {km} km.")
    said = said.format(file=facts.file_name, km=number(facts.length_km))
    if facts.n_islands:
        apart = ngettext(
            "{n} island of roads lies apart; the largest part holds {share}.",
            "{n} islands of roads lie apart; the largest part holds {share}.",
            facts.n_islands,
        )
        said += " " + apart.format(n=number(facts.n_islands), share=percent(facts.main_share))
    st.caption(plain(said))
