"""What a person says about a file: kept in the session by widgets, wherever on the page those stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import streamlit as st

from data.importing import CodeScheme, ImportOptions
from data.schema import DATASETS
from data.settings import ZONES
from pages._texts import N_, _, ngettext, number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from data.readers import RawTable

TOLD = ""
"""What a choice is where the file itself tells."""
NOT_READ = "\x00"
"""What a column is where a field is not to be read."""

DATES, ZONE, SCHEME, LAYER, CRS = (f"upload_{name}" for name in ("dates", "zone", "scheme", "layer", "crs"))
DATASET = "upload_dataset"
SWAP, SET_APART, VILLAGES = "upload_swap", "upload_set_apart", "upload.villages"

ORDERS = {
    "dayfirst": N_("day first: 31/10/2026"),
    "monthfirst": N_("month first: 10/31/2026"),
    "iso": N_("year first: 2026-10-31"),
}
SCHEMES = {
    "kemendagri": N_("Kemendagri codes"),
    "bps": N_("BPS codes"),
    "none": N_("no codes: names only"),
}
_TIMED, _PLACED = ("visits", "crimes"), ("households", "visits", "crimes")


def column_key(dataset: str, field: str) -> str:
    """Name the pick list of a field's column."""
    return f"upload_column_{dataset}_{field}"


def text_key(dataset: str, field: str) -> str:
    """Name the text that a field has in all rows."""
    return f"upload_text_{dataset}_{field}"


def choose(name: str, value: object) -> None:
    """Answer a question on the page: the choice is as if made in its own widget."""
    st.session_state[name] = value


def keep(name: str) -> None:
    """Keep a choice while its widget is not on the page: Streamlit would forget it."""
    if name in st.session_state:
        st.session_state[name] = st.session_state[name]


def read_choices(dataset: str, raw: RawTable) -> ImportOptions:
    """Put together what was chosen so far; what fits neither dataset nor file is passed over."""
    state = st.session_state
    columns = {}
    for item in DATASETS[dataset].fields:
        picked = state.get(column_key(dataset, item.name), TOLD)
        text = state.get(text_key(dataset, item.name), "").strip()
        if picked == NOT_READ:
            columns[item.name] = ""
        elif picked in raw.columns:
            columns[item.name] = picked
        elif text:
            columns[item.name] = f"={text}"
    layer = state.get(LAYER) or None
    timed, placed = dataset in _TIMED, dataset in _PLACED
    return ImportOptions(
        columns=columns,
        dates=(state.get(DATES) or None) if timed else None,
        timezone=(state.get(ZONE) or None) if timed else None,
        crs=state.get(CRS, "").strip() or None,
        code_scheme=next((known for known in get_args(CodeScheme) if known == state.get(SCHEME)), None),
        layer=layer if layer in raw.layers else None,
        swap=bool(state.get(SWAP)) and placed,
        set_apart=bool(state.get(SET_APART)) and dataset == "boundaries",
        villages=dict(state.get(VILLAGES, {})) if placed else {},
    )


def show_layers(raw: RawTable) -> None:
    """Show which of several sheets or layers is read, for another to be chosen."""
    if raw.layer is None:
        return
    if st.session_state.get(LAYER) not in raw.layers:
        st.session_state[LAYER] = raw.layer
    st.selectbox(_("Sheet or layer"), raw.layers, key=LAYER, width=340)
    said = ngettext(
        "The file has {n} sheet or layer: this one is read.",
        "The file has {n} sheets or layers: only this one is read.",
        len(raw.layers),
    )
    st.caption(said.format(n=number(len(raw.layers))))


def show_choices(dataset: str) -> None:
    """Show what may be said of a file as a whole."""
    timed, placed = dataset in _TIMED, dataset in _PLACED
    with (
        st.expander(_("Dates, coordinates, codes"), icon=":material/tune:"),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        if timed:
            _pick(DATES, _("Order of day and month"), _say_each(ORDERS))
            _pick(ZONE, _("Time zone of the file"), ZONES)
        if dataset == "boundaries" or placed:
            _pick(SCHEME, _("Village codes"), _say_each(_schemes(dataset)))
            st.text_input(_("Coordinate system"), placeholder="EPSG:4326", key=CRS, width=220)
        if placed:
            st.checkbox(_("Longitude and latitude are exchanged"), key=SWAP, width=300)
        if dataset == "boundaries":
            st.checkbox(_("Leave out forest and water"), key=SET_APART, width=300)


def _schemes(dataset: str) -> dict[str, str]:
    return SCHEMES if dataset == "boundaries" else {code: SCHEMES[code] for code in ("kemendagri", "bps")}


def _pick(key: str, label: str, options: Mapping[str, str | None]) -> None:
    labels = {TOLD: _("as the file says")} | {option: text or option for option, text in options.items()}
    if st.session_state.get(key, TOLD) not in labels:
        st.session_state[key] = TOLD
    st.selectbox(label, list(labels), format_func=labels.__getitem__, key=key, width=220)


def _say_each(options: dict[str, str]) -> dict[str, str]:
    return {option: _(text) for option, text in options.items()}


def forget_file() -> None:
    """Let go of the choices that are about one file only."""
    for key in (DATES, SCHEME, LAYER, CRS, SWAP, SET_APART, VILLAGES):
        st.session_state.pop(key, None)
    for key in [
        str(name) for name in st.session_state if str(name).startswith(("upload_column_", "upload_text_"))
    ]:
        st.session_state.pop(key, None)
