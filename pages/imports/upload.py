"""The import of one file: upload, questions, preview, and storing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import streamlit as st

from data.errors import DataError, LayerError, MappingError, UndecidedError
from data.importing import OpenedFile, commit_records, prepare_records
from data.mapping import suggest_dataset, suggest_mapping
from data.readers import InputFile, read_table
from data.schema import DATASETS, RECORDS
from data.settings import get_settings
from pages.imports.boundary_health import show_health
from pages.imports.choices import (
    DATASET,
    LAYER,
    forget_file_choices,
    read_choice,
    read_import_options,
    show_file_choices,
    show_layers,
    show_pick_list,
)
from pages.imports.columns import describe_lacking, show_columns
from pages.imports.districts import ask_district_names
from pages.imports.preview import describe_needs, show_details, show_row_counts
from pages.imports.questions import ask_dataset, ask_fixes, ask_spellings, ask_undecided
from pages.imports.record_end import ask_record_end, forget_suggestion
from pages.imports.result import keep_result, show_result
from pages.text.language import N_, _, escape_markdown, format_number, ngettext, translate
from pages.text.vocabulary import name_dataset

if TYPE_CHECKING:
    from data.importing import ImportOptions, PreparedImport
    from data.readers import RawTable
    from pages.queries.records import Connection

_ROUND, _RAW, _GUESS, _PREPARED = (f"upload.{name}" for name in ("round", "raw", "guess", "prepared"))
_STEPS = {
    "read": N_("Reading the file …"),
    "check": N_("Checking the rows …"),
    "place": N_("Finding villages and households …"),
    "effects": N_("Checking what else changes …"),
    "store": N_("Storing …"),
}


def _describe(step: str) -> str:
    sentence = _STEPS[step]
    return _(sentence)


def show_upload(connection: Connection) -> None:
    """Ask for a file, show its preview, and store it on a click."""
    st.subheader(_("Import a file"), anchor=False)
    if show_result(connection):
        return
    names = {name: name_dataset(name) for name in RECORDS}
    show_pick_list(DATASET, _("File contents"), names, width="stretch")
    dataset = read_choice(DATASET, next(iter(names)))
    st.caption(describe_needs(dataset))
    _describe_in_uploader()
    uploaded = st.file_uploader(
        _(
            "File: a table (CSV, TSV, Excel, ODS, Parquet) or a map file (GeoJSON, zipped Shapefile, "
            "GeoPackage, KML, KMZ, GPX, GeoParquet)"
        ),
        key=f"upload_file_{st.session_state.get(_ROUND, 0)}",
        max_upload_size=get_settings().max_upload_mb,
    )
    if uploaded is None:
        _forget()
        return
    _look_at(connection, dataset, InputFile(uploaded.name, uploaded.getvalue()))


def _describe_in_uploader() -> None:
    """Translate the uploader's own texts, which Streamlit has in English only."""
    texts = (_("Choose a file"), _("or drag it here; up to {n} MB").format(n=get_settings().max_upload_mb))
    button, limit = (json.dumps(text) for text in texts)
    st.html(f"<style>:root{{--uploader-button:{button};--uploader-limit:{limit}}}</style>")


def _look_at(connection: Connection, dataset: str, file: InputFile) -> None:
    """Read a file and show its preview, or the question that must be answered first."""
    try:
        raw = _read(file)
    except DataError as error:
        _refuse(error)
        return
    show_layers(raw)
    try:
        ask_dataset(dataset, _guess(raw))
        prepared = _prepare(connection, OpenedFile(file, raw), dataset, read_import_options(dataset, raw))
    except UndecidedError as error:
        ask_undecided(error)
        show_file_choices(dataset)
    except MappingError as error:
        _show_unmapped(dataset, raw, error)
    except DataError as error:
        _refuse(error)
        show_file_choices(dataset)
    else:
        _show(connection, prepared, raw)


def _refuse(error: DataError) -> None:
    st.error(escape_markdown(translate(error)), icon=":material/error:")
    st.caption(_("Nothing was stored. Correct the file or the choices here, and it will be read again."))


def _show_unmapped(dataset: str, raw: RawTable, error: MappingError) -> None:
    """Ask for the columns of required fields that were not recognised."""
    mapping = suggest_mapping(raw, DATASETS[dataset])
    st.error(describe_lacking(dataset, mapping) or escape_markdown(translate(error)), icon=":material/error:")
    show_columns(dataset, raw, mapping)
    show_file_choices(dataset)


def _show(connection: Connection, prepared: PreparedImport, raw: RawTable) -> None:
    """Show a prepared import: row counts, questions, details, columns and choices."""
    st.subheader(_("Preview"), anchor=False)
    show_row_counts(prepared)
    ask_fixes(prepared)
    ask_district_names(prepared)
    ask_spellings(connection, prepared)
    _offer_commit(connection, ask_record_end(connection, prepared))
    show_details(connection, prepared)
    if prepared.health is not None:
        with st.expander(
            _("Quality of these boundaries"), icon=":material/health_and_safety:", expanded=True
        ):
            show_health(prepared.health, name="_file")
    show_columns(prepared.dataset, raw, prepared.mapping)
    show_file_choices(prepared.dataset)


def _read(file: InputFile) -> RawTable:
    """Read the raw table of a file, once while it stays chosen; a layer that it lacks is ignored."""
    layer = read_choice(LAYER, None)
    key, raw = st.session_state.get(_RAW, (None, None))
    if key == (file.fingerprint, layer):
        return raw
    if key is not None and key[0] != file.fingerprint:
        forget_file_choices()
        layer = None
    with st.spinner(_describe("read")):
        raw = _read_layer(file, layer)
    st.session_state[_RAW] = (file.fingerprint, layer), raw
    return raw


def _guess(raw: RawTable) -> str | None:
    """Return the dataset that a file seems to contain, computed once while it stays chosen."""
    known, guess = st.session_state.get(_GUESS, (None, None))
    if known is not raw:
        guess = suggest_dataset(raw)
        st.session_state[_GUESS] = raw, guess
    return guess


def _read_layer(file: InputFile, layer: str | None) -> RawTable:
    """Read the chosen layer if the file has it, otherwise its default or first layer."""
    try:
        raw = read_table(file)
    except LayerError as error:
        return read_table(file, layer=layer if layer in error.layers else error.layers[0])
    return read_table(file, layer=layer) if layer in raw.layers else raw


def _prepare(
    connection: Connection, opened: OpenedFile, dataset: str, options: ImportOptions
) -> PreparedImport:
    """Prepare the import of a file, once for the same choices and records."""
    wanted = (opened.source.fingerprint, opened.source.name, dataset, options.describe(), connection.versions)
    key, prepared = st.session_state.get(_PREPARED, (None, None))
    if key == wanted:
        return prepared
    place = st.empty()
    bar = place.progress(0.0, _describe("read"))
    try:
        prepared = prepare_records(
            connection.database,
            connection.principal,
            opened,
            dataset,
            options,
            progress=lambda step, share: bar.progress(share, _describe(step)),
        )
    finally:
        place.empty()
    st.session_state[_PREPARED] = wanted, prepared
    return prepared


def _offer_commit(connection: Connection, prepared: PreparedImport) -> None:
    if prepared.earlier is not None:
        st.info(
            _("This file was already imported, as import {n}. Importing it again changes nothing.").format(
                n=prepared.earlier
            ),
            icon=":material/info:",
        )
        return
    label = ngettext("Import {n} row", "Import {n} rows", prepared.rows_accepted)
    pressed = st.button(
        label.format(n=format_number(prepared.rows_accepted)),
        type="primary",
        icon=":material/check:",
        key="upload_commit",
        disabled=not prepared.rows_accepted,
    )
    if pressed:
        with st.spinner(_describe("store")):
            _commit(connection, prepared)
        st.rerun()


def _commit(connection: Connection, prepared: PreparedImport) -> None:
    """Store a prepared import and clear the page for the next file."""
    try:
        keep_result(commit_records(connection.database, prepared))
    except DataError as error:
        keep_result(error)
        return
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    _forget()


def _forget() -> None:
    """Discard the file: it may be large and may name people."""
    for key in (_RAW, _GUESS, _PREPARED):
        st.session_state.pop(key, None)
    forget_suggestion()
    forget_file_choices()
