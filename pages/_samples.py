"""The made-up district, for whom there is nothing else to look at yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from data.sample import load_sample
from pages.text.language import _

if TYPE_CHECKING:
    from pages.queries.records import Connection


def offer_sample(connection: Connection) -> None:
    """Offer to load the made-up district, into a database that never held a record."""
    if any(connection.versions.values()):
        return
    st.info(
        _(
            "There are no records yet. Look around in a made-up district first, or bring in your own "
            "boundaries below. Nothing in the made-up district is real, and it can be taken back."
        )
    )
    st.button(
        _("Load the made-up district"), type="primary", on_click=_load, args=(connection,), key="load_sample"
    )


def _load(connection: Connection) -> None:
    """Store the made-up district."""
    load_sample(connection.database, connection.principal, until=connection.clock.today())
