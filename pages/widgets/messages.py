"""Messages in place of a page: one sentence and a way out, never a traceback."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import streamlit as st

from data.errors import DataError
from geo.errors import GeoError
from pages.text.language import _, escape_markdown, translate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streamlit.navigation.page import Page


@contextmanager
def report_errors() -> Iterator[None]:
    """Show an error in the user's data as one sentence, with a button to start over."""
    try:
        yield
    except (DataError, GeoError) as error:
        st.error(escape_markdown(translate(error)), icon=":material/error:")
        st.caption(_("Nothing was changed. Choose other filters, or start over."))
        st.button(_("Start over"), on_click=_start_afresh)


def _start_afresh() -> None:
    st.session_state.clear()
    st.query_params.clear()


def show_welcome(data_page: Page) -> None:
    """Welcome a user whose database has no boundaries yet."""
    st.title(_("Welcome to Sambang"), anchor=False)
    st.markdown(
        _(
            "There are no village boundaries yet, so there is nothing to map. Import the boundaries "
            "of your area, or try the sample district first."
        )
    )
    st.page_link(
        data_page, label=_("Import boundaries or load the sample district"), icon=":material/upload_file:"
    )
