"""Data: stored records, file import with a preview, and imports that can be undone."""

from __future__ import annotations

import streamlit as st

from pages.imports.batches import describe_roads, offer_sample, show_batches, show_record_counts
from pages.imports.boundary_health import show_stored_health
from pages.imports.upload import show_upload
from pages.queries.records import open_connection
from pages.text.language import _


def main() -> None:
    """Show the page."""
    connection = open_connection()
    st.title(_("Data"), anchor=False)
    st.caption(_("The data behind all maps and figures. You see a preview of each file before it is stored."))
    offer_sample(connection)
    show_record_counts(connection)
    describe_roads(connection)
    show_upload(connection)
    show_batches(connection)
    show_stored_health(connection)


main()
