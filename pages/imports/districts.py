"""Names of districts for boundaries that have none: pasted, or from a second file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from data.errors import DataError
from data.importing import parse_district_lines, read_district_names
from data.readers import InputFile, read_table
from data.settings import get_settings
from pages.imports.choices import DISTRICTS, set_choice
from pages.text.language import _, escape_markdown, format_number, ngettext, translate

if TYPE_CHECKING:
    from data.importing import PreparedImport


def ask_district_names(prepared: PreparedImport) -> None:
    """Offer to take the names of districts from a table, where accepted villages have none."""
    n = prepared.n_without_district
    if not n:
        return
    said = ngettext(
        "{n} village has no district name, by which villages of the same name are told apart.",
        "{n} villages have no district name, by which villages of the same name are told apart.",
        n,
    )
    st.info(said.format(n=format_number(n)), icon=":material/signpost:")
    with (
        st.expander(_("Add district names"), icon=":material/signpost:"),
        st.form("upload_district_names", border=False),
    ):
        text = st.text_area(
            _("Paste a line for each district: its code and its name"), placeholder="352101 Sine", height=120
        )
        file = st.file_uploader(
            _("Or choose a table or map file with district codes and names"),
            max_upload_size=get_settings().max_upload_mb,
            key="upload_district_file",
        )
        if st.form_submit_button(_("Use these names"), icon=":material/signpost:"):
            _take_names(text, InputFile(file.name, file.getvalue()) if file else None)


def _take_names(text: str, file: InputFile | None) -> None:
    """Read the names and keep them as a choice for the file; say what is wrong with them."""
    try:
        names = read_district_names(read_table(file)) if file else parse_district_lines(text)
    except DataError as error:
        st.error(escape_markdown(translate(error)), icon=":material/error:")
        return
    set_choice(DISTRICTS, names)
    st.rerun()
