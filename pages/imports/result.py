"""The result of an import, shown once it is stored, with the next steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from data import repository
from data.errors import DataError
from data.exports.file_types import MEDIA_TYPES
from data.exports.quarantine import choose_quarantine_kind, write_quarantine
from data.schema import REASONS
from pages.imports.notices import show_notices
from pages.text.language import _, escape_markdown, format_number, translate
from pages.text.vocabulary import describe_reason, name_dataset
from pages.widgets.cards import Card, show_plain_cards

if TYPE_CHECKING:
    import pandas as pd

    from data.importing import ImportResult
    from pages.queries.records import Connection

_RESULT = "upload.result"


def keep_result(result: ImportResult | DataError) -> None:
    """Keep the result of an import, or the error that refused it, until it is shown."""
    st.session_state[_RESULT] = result


def show_result(connection: Connection) -> bool:
    """Show the result of the last import; return whether there was one."""
    result: ImportResult | DataError | None = st.session_state.get(_RESULT)
    if result is None:
        return False
    if isinstance(result, DataError):
        del st.session_state[_RESULT]
        st.error(escape_markdown(translate(result)), icon=":material/error:")
        return False
    said = _("{dataset}, import {id}: {read} rows read, {accepted} accepted, {quarantined} quarantined.")
    st.success(
        said.format(
            id=result.batch,
            dataset=name_dataset(result.dataset),
            read=format_number(result.rows_read),
            accepted=format_number(result.rows_accepted),
            quarantined=format_number(result.rows_quarantined),
        ),
        icon=":material/check_circle:",
    )
    show_plain_cards(
        [
            Card(_("New"), format_number(result.rows_new)),
            Card(
                _("Changed"),
                format_number(result.rows_changed),
                help=_("Undoing the import restores the earlier rows."),
            ),
            Card(_("Already stored"), format_number(result.rows_same)),
            Card(_("Quarantined"), format_number(result.rows_quarantined)),
        ],
        name="_result",
    )
    show_notices(result)
    if result.rows_quarantined and result.batch is not None:
        st.caption(_("Quarantined rows are kept. Correct them in the workbook below, and import it."))
        refused = repository.read_quarantine(connection.database, connection.principal, result.batch)
        offer_quarantine(refused, name=str(result.batch), place="result")
    st.button(
        _("Import another file"),
        icon=":material/upload_file:",
        on_click=forget_result,
        key="upload_another",
    )
    return True


def forget_result() -> None:
    """Discard the result of the last import, which has been shown or undone."""
    st.session_state.pop(_RESULT, None)


def offer_quarantine(refused: pd.DataFrame, *, name: str, place: str) -> None:
    """Offer refused rows as a workbook, or as CSV if they do not fit in one; written when downloaded.

    Parameters
    ----------
    refused
        Indexed by ``row_number``: ``reasons``, then the file's columns.
    name
        Part of the file's name.
    place
        Key that is unique among such buttons on the page.
    """
    texts = {code: describe_reason(code) for code in REASONS}
    kind = choose_quarantine_kind(refused)
    st.download_button(
        _("Download the quarantined rows ({kind})").format(kind=kind.upper()),
        lambda: write_quarantine(refused, kind=kind, texts=texts),
        file_name=f"sambang_quarantine_{name}.{kind}",
        mime=MEDIA_TYPES[kind],
        icon=":material/download:",
        on_click="ignore",
        key=f"quarantine_{place}",
    )
