"""Stored records and the imports they came from, each with its details and an undo."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from data import repository
from data.errors import DataError
from data.importing import undo_import
from data.sample import load_sample
from pages.imports.preview import show_quarantine_reasons
from pages.imports.result import forget_result, offer_quarantine
from pages.text.language import (
    _,
    escape_markdown,
    format_number,
    format_percent,
    format_time,
    ngettext,
    translate,
)
from pages.text.vocabulary import name_dataset, name_import_file
from pages.widgets.tables import Column, show_table

if TYPE_CHECKING:
    import pandas as pd

    from pages.queries.records import Connection


_ASKED, _UNDONE = "batches.asked", "batches.undone"


def show_record_counts(connection: Connection) -> None:
    """Show the number of records of each dataset, with those outside every village or without location."""
    counts = repository.count_records(connection.database, connection.principal)
    columns = [
        Column("dataset", _("Dataset")),
        Column("n_records", _("Records"), "count"),
        Column("n_outside", _("Outside every village"), "count"),
        Column("n_unlocated", _("Without location"), "count"),
    ]
    if not counts["n_records"]["crosswalk"]:  # most units have none
        counts = counts.drop(index="crosswalk")
    named = counts.assign(dataset=[name_dataset(name) for name in counts.index])
    show_table(named, columns, key="counts_table")


def show_batches(connection: Connection) -> None:
    """List the imports, newest first; show the details of a chosen one, and offer to undo it."""
    st.subheader(_("Imports"), anchor=False)
    _describe_undone()
    batches = repository.read_batches(connection.database, connection.principal)
    if batches.empty:
        st.caption(_("Nothing has been imported yet."))
        return
    named = batches.assign(
        number=batches.index,
        said=batches["dataset"].map(name_dataset),
        file_name=batches["file_name"].map(name_import_file),
        imported_at=batches["imported_at"].map(format_time),
    )
    columns = [
        Column("number", _("Import"), "count"),
        Column("said", _("Dataset")),
        Column("file_name", _("File")),
        Column("imported_at", _("When")),
        Column("rows_read", _("Rows read"), "count"),
        Column("rows_accepted", _("Accepted"), "count"),
        Column("rows_quarantined", _("Quarantined"), "count"),
        Column("rows_outside", _("Outside every village"), "count"),
    ]
    show_table(named, columns, key="batches_table")
    texts = named["number"].astype("str") + " · " + named["said"] + " · " + named["file_name"]
    labels: dict[int, str] = dict(zip(batches.index.tolist(), texts, strict=True))
    chosen = st.selectbox(
        _("Import details"),
        list(labels),
        format_func=labels.__getitem__,
        key="batch_chosen",
        index=None,
        placeholder=_("Choose an import"),
    )
    if chosen is not None:
        _describe_written(batches.loc[[chosen]].iloc[0])
        _show_quarantine(connection, chosen, int(batches["rows_quarantined"].loc[chosen]))
        _offer_undo(connection, chosen)


def _describe_written(batch: pd.Series) -> None:
    """Describe how many of an import's accepted rows were new, changed or already stored."""
    new, changed = int(batch["rows_new"]), int(batch["rows_changed"])
    said = _(
        "Of the {n} accepted rows, {new} were new, {changed} replaced others and {same} were already stored."
    )
    st.caption(
        said.format(
            n=format_number(batch["rows_accepted"]),
            new=format_number(new),
            changed=format_number(changed),
            same=format_number(int(batch["rows_accepted"]) - new - changed),
        )
    )


def _show_quarantine(connection: Connection, batch: int, n_rows: int) -> None:
    """Show an import's quarantined rows, and offer them as a download to correct."""
    if not n_rows:
        st.caption(_("This import has no quarantined rows."))
        return
    rows = repository.read_quarantine(connection.database, connection.principal, batch)
    show_quarantine_reasons(rows.reset_index()[["row_number", "reasons"]])
    with st.expander(_("The quarantined rows, as in the file")):
        st.dataframe(rows.rename_axis(_("Row")).rename(columns={"reasons": _("Reasons")}))
    offer_quarantine(rows, name=str(batch), place="list")


def _offer_undo(connection: Connection, batch: int) -> None:
    """Offer to undo an import, with a confirmation."""
    if st.session_state.get(_ASKED) != batch:
        st.button(
            _("Undo this import"), icon=":material/undo:", on_click=_ask, args=(batch,), key="batch_undo"
        )
        return
    st.warning(
        _(
            "Undoing import {n} removes its records and restores what they replaced. Its quarantined "
            "rows are removed, too."
        ).format(n=batch)
    )
    with st.container(horizontal=True):
        st.button(
            _("Yes, undo it"),
            type="primary",
            on_click=_undo,
            args=(connection, batch),
            key="batch_undo_yes",
        )
        st.button(_("Keep it"), on_click=_ask, args=(None,), key="batch_undo_no")


def _ask(batch: int | None) -> None:
    st.session_state[_ASKED] = batch


def _undo(connection: Connection, batch: int) -> None:
    try:
        undo_import(connection.database, connection.principal, batch)
    except DataError as error:
        st.session_state[_UNDONE] = error
    else:
        st.session_state[_UNDONE] = batch
        forget_result()
        st.session_state.pop("batch_chosen", None)
    st.session_state[_ASKED] = None


def _describe_undone() -> None:
    """Show the outcome of the last undo, once."""
    undone = st.session_state.pop(_UNDONE, None)
    if isinstance(undone, DataError):
        st.error(escape_markdown(translate(undone)), icon=":material/error:")
    elif undone is not None:
        st.success(_("Import {n} was undone.").format(n=undone), icon=":material/check_circle:")


def describe_roads(connection: Connection) -> None:
    """Describe the roads in force and how well they are connected; show nothing where there are none."""
    facts = repository.read_road_facts(connection.database, connection.principal)
    if not facts.n_roads:
        return
    said = _("Plans follow the roads of {file}: {km} km.")
    said = said.format(file=facts.file_name, km=format_number(facts.length_km))
    if facts.n_islands:
        apart = ngettext(
            "{n} part of the road network is not connected to the rest; the largest part holds {share}.",
            "{n} parts of the road network are not connected to the rest; the largest part holds {share}.",
            facts.n_islands,
        )
        said += " " + apart.format(n=format_number(facts.n_islands), share=format_percent(facts.main_share))
    st.caption(escape_markdown(said))


def offer_sample(connection: Connection) -> None:
    """Offer to load the sample district into a database that has never held a record."""
    if any(connection.versions.values()):
        return
    st.info(
        _(
            "There are no records yet. Try the sample district first, or import your own boundaries "
            "below. Everything in the sample district is fictitious, and it can be undone."
        )
    )
    st.button(
        _("Load the sample district"), type="primary", on_click=_load, args=(connection,), key="load_sample"
    )


def _load(connection: Connection) -> None:
    """Store the sample district."""
    load_sample(connection.database, connection.principal, until=connection.clock.today())
