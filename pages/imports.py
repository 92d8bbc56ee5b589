"""Data: what is there, a file's way in with a look before it is stored, and imports to take back."""

from __future__ import annotations

import streamlit as st

from pages import _batches, _boundary_health, _records, _roads, _samples, _uploads
from pages._texts import _


def main() -> None:
    """Show the page."""
    source = _records.open_source()
    st.title(_("Data"), anchor=False)
    st.caption(_("What the maps and figures are made of. A file is shown before it is stored."))
    _samples.offer_sample(source)
    _batches.show_counts(source)
    _roads.say_roads(source)
    _uploads.show_upload(source)
    _batches.show_batches(source)
    _boundary_health.show_stored(source)


main()
