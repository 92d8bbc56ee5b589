"""One file on its way in: chosen, understood, looked at, and then stored or left."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import streamlit as st

from data.errors import DataError
from data.importing import CodeScheme, ImportOptions, commit_import, prepare_import
from data.readers import Source as File
from data.readers import read_table
from data.schema import DATASETS
from data.settings import ZONES, get_settings
from data.values import DateOrder
from pages import _previews, _words
from pages._texts import N_, _, ngettext, number, plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from data.importing import ImportResult, Prepared
    from data.readers import RawTable
    from pages._records import Source

KINDS = ("csv", "txt", "tsv", "xlsx", "geojson", "json", "zip", "gz")

_ROUND, _RESULT, _RAW, _PREPARED = "upload.round", "upload.result", "upload.raw", "upload.prepared"
_TOLD = ""
"""What an option is where the file itself tells."""

_DATES = {
    "dayfirst": N_("day first: 31/10/2026"),
    "monthfirst": N_("month first: 10/31/2026"),
    "iso": N_("year first: 2026-10-31"),
}
_SCHEMES = {
    "kemendagri": N_("Kemendagri codes"),
    "bps": N_("BPS codes"),
    "none": N_("no codes: names only"),
}


def show_upload(source: Source) -> None:
    """Take a file, show what was understood of it, and store it on a click."""
    st.subheader(_("Bring in a file"), anchor=False)
    _show_result()
    names = {name: _words.dataset(name) for name in DATASETS}
    dataset = st.selectbox(
        _("What the file holds"), list(names), format_func=names.__getitem__, key="upload_dataset"
    )
    st.caption(_previews.say_needs(dataset))
    uploaded = st.file_uploader(
        _("File: CSV, Excel (XLSX) or GeoJSON"),
        KINDS,
        key=f"upload_file_{st.session_state.get(_ROUND, 0)}",
        max_upload_size=get_settings().max_upload_mb,
    )
    if uploaded is None:
        _forget()
        return
    file = File(uploaded.name, uploaded.getvalue())
    try:
        with st.spinner(_("Reading the file …")):
            raw = _read(file, st.session_state.get("upload_layer") or None)
            prepared = _prepare(source, file, dataset, _choose_options(dataset, raw))
    except DataError as error:
        st.error(plain(error), icon=":material/error:")
        st.caption(_("Nothing was stored. Correct the file or the choices above, and it is read again."))
        return
    _previews.show_prepared(prepared, raw)
    _offer_commit(source, prepared)


def _read(file: File, layer: str | None) -> RawTable:
    """Read a file as it is, once while it stays chosen; a sheet that it does not have is passed over."""
    key, raw = st.session_state.get(_RAW, (None, None))
    if key != (file.fingerprint, layer):
        raw = read_table(file)
        if layer in raw.layers:
            raw = read_table(file, layer=layer)
        st.session_state[_RAW] = (file.fingerprint, layer), raw
    return raw


def _prepare(source: Source, file: File, dataset: str, options: ImportOptions) -> Prepared:
    """Find out what storing a file would do, once for the same choices and records."""
    wanted = (file.fingerprint, file.name, dataset, options.describe(), source.versions)
    key, prepared = st.session_state.get(_PREPARED, (None, None))
    if key != wanted:
        prepared = prepare_import(source.database, source.principal, file, dataset, options)
        st.session_state[_PREPARED] = wanted, prepared
    return prepared


def _choose_options(dataset: str, raw: RawTable) -> ImportOptions:
    """Let the user say what the file leaves open, and which column is which field."""
    with st.expander(_("Choices: columns, dates, coordinates"), icon=":material/tune:"):
        with st.container(horizontal=True):
            timed = dataset in {"visits", "crimes"}
            dates = _choose("dates", _("Order of day and month"), _say_each(_DATES)) if timed else _TOLD
            zone = _choose("zone", _("Time zone of the file"), ZONES) if timed else _TOLD
            coded = dataset == "boundaries"
            scheme = _choose("scheme", _("Village codes"), _say_each(_SCHEMES)) if coded else _TOLD
            layer = _choose("layer", _("Sheet"), dict.fromkeys(raw.layers)) if raw.layers else _TOLD
            crs = st.text_input(_("Coordinate system"), placeholder="EPSG:4326", key="upload_crs", width=200)
        columns = _choose_columns(dataset, raw)
    return ImportOptions(
        columns=columns,
        dates=next((known for known in get_args(DateOrder) if known == dates), None),
        timezone=zone or None,
        crs=crs.strip() or None,
        code_scheme=next((known for known in get_args(CodeScheme) if known == scheme), None),
        layer=layer or None,
    )


def _choose(name: str, label: str, options: Mapping[str, str | None]) -> str:
    labels = {_TOLD: _("as the file says")} | {option: text or option for option, text in options.items()}
    return st.selectbox(
        label,
        list(labels),
        format_func=labels.__getitem__,
        key=f"upload_{name}",
        width=220,
    )


def _say_each(options: dict[str, str]) -> dict[str, str]:
    return {option: _(text) for option, text in options.items()}


def _choose_columns(dataset: str, raw: RawTable) -> dict[str, str]:
    """Let the user overrule which column a field is read from."""
    st.caption(_("Columns are recognised by their names. Choose another one only where that went wrong."))
    chosen = {}
    labels = {_TOLD: _("as recognised")} | {column: column for column in raw.columns}
    with st.container(horizontal=True):
        for item in DATASETS[dataset].fields:
            picked = st.selectbox(
                _words.field(item.name),
                list(labels),
                format_func=labels.__getitem__,
                key=f"upload_column_{dataset}_{item.name}",
                width=220,
            )
            if picked:
                chosen[item.name] = picked
    return chosen


def _offer_commit(source: Source, prepared: Prepared) -> None:
    if prepared.earlier is not None:
        st.info(
            _(
                "This very file was imported before, as import {n}. Importing it again changes nothing."
            ).format(n=prepared.earlier)
        )
        return
    label = ngettext("Import {n} row", "Import {n} rows", prepared.rows_accepted)
    st.button(
        label.format(n=number(prepared.rows_accepted)),
        type="primary",
        icon=":material/check:",
        on_click=_commit,
        args=(source, prepared),
        key="upload_commit",
    )


def _commit(source: Source, prepared: Prepared) -> None:
    """Store a prepared import, and make room for the next file."""
    try:
        st.session_state[_RESULT] = commit_import(source.database, prepared)
    except DataError as error:
        st.session_state[_RESULT] = error
        return
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    _forget()


def _forget() -> None:
    """Let go of the file: it may be large, and it may name people."""
    for key in (_RAW, _PREPARED):
        st.session_state.pop(key, None)


def _show_result() -> None:
    """Say once what the last import did."""
    result: ImportResult | DataError | None = st.session_state.pop(_RESULT, None)
    if isinstance(result, DataError):
        st.error(plain(result), icon=":material/error:")
    elif result is not None:
        said = _("{dataset}, import {id}: {read} rows read, {accepted} accepted, {quarantined} quarantined.")
        counts = _("Of the accepted rows {new} are new, {changed} changed and {same} were there already.")
        st.success(
            f"{said} {counts}".format(
                id=result.batch,
                dataset=_words.dataset(result.dataset),
                read=number(result.rows_read),
                accepted=number(result.rows_accepted),
                new=number(result.rows_new),
                changed=number(result.rows_changed),
                same=number(result.rows_same),
                quarantined=number(result.rows_quarantined),
            ),
            icon=":material/check_circle:",
        )
