"""Choices about a file, kept in the session whether their widgets are on the page or not.

A browser sends the values of its widgets even if it does not know yet that the page has changed a choice.
A choice that the page makes or resets therefore gets a new widget, so that no stale value can override it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeVar, get_args

import streamlit as st

from data.importing import CodeScheme, ImportOptions, StatedPrecision
from data.schema import DATASETS
from data.settings import ZONES
from pages.text.language import N_, _, format_number, ngettext

if TYPE_CHECKING:
    from collections.abc import Mapping

    from data.readers import RawTable

TOLD = ""
"""Value of a choice that is left to the file itself."""
NOT_READ = "\x00"
"""Value of a column choice if the field is not to be imported."""

DATES, ZONE, SCHEME, LAYER, CRS = (f"upload_{name}" for name in ("dates", "zone", "scheme", "layer", "crs"))
DATASET, PRECISION = "upload_dataset", "upload_precision"
SWAP, SET_APART, VILLAGES = "upload_swap", "upload_set_apart", "upload_villages"
DISTRICTS = "upload_districts"
T = TypeVar("T")
_SAID, _TURNS, _FILE = "upload.said", "upload.turns", "upload_file"

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
PRECISIONS = {
    "minute": N_("the minute"),
    "hour": N_("the hour"),
    "day": N_("the day"),
    "month": N_("the month"),
}
_TIMED, _PLACED = ("visits", "crimes"), ("households", "visits", "crimes")


def name_column_choice(dataset: str, field: str) -> str:
    """Return the name of the choice of a field's column."""
    return f"upload_column_{dataset}_{field}"


def name_text_choice(dataset: str, field: str) -> str:
    """Return the name of the choice of a field's text for all rows."""
    return f"upload_text_{dataset}_{field}"


def read_choice(name: str, nothing: T) -> T:
    """Return the value of a choice, or ``nothing`` if none was made."""
    value: T = _said().get(name, nothing)
    return value


def set_choice(name: str, value: object) -> None:
    """Set a choice from elsewhere on the page, as if it was made in its own widget."""
    _said()[name] = value
    turns = st.session_state.setdefault(_TURNS, {})
    turns[name] = turns.get(name, 0) + 1


def bind_widget(name: str) -> dict[str, Any]:
    """Return the key and callback for the widget of a choice."""
    key = _key(name)
    return {"key": key, "on_change": _take, "args": (name, key)}


def _key(name: str) -> str:
    turns = st.session_state.get(_TURNS, {})
    turn = turns.get(name, 0) + (turns.get(_FILE, 0) if name != DATASET else 0)
    return f"{name}_{turn}" if turn else name


def _take(name: str, key: str) -> None:
    """Store a user's choice; ignore a widget that the page has replaced."""
    if key == _key(name):
        _said()[name] = st.session_state[key]


def _said() -> dict[str, Any]:
    return st.session_state.setdefault(_SAID, {})


def read_import_options(dataset: str, raw: RawTable) -> ImportOptions:
    """Collect the choices made so far, ignoring those that do not fit the dataset or file."""
    columns = {}
    for item in DATASETS[dataset].fields:
        picked = read_choice(name_column_choice(dataset, item.name), TOLD)
        text = read_choice(name_text_choice(dataset, item.name), "").strip()
        if picked == NOT_READ:
            columns[item.name] = ""
        elif picked in raw.columns:
            columns[item.name] = picked
        elif text:
            columns[item.name] = f"={text}"
    layer, scheme = read_choice(LAYER, TOLD), read_choice(SCHEME, TOLD)
    precision = read_choice(PRECISION, TOLD) if dataset == "crimes" else TOLD
    timed, placed = dataset in _TIMED, dataset in _PLACED
    return ImportOptions(
        columns=columns,
        dates=(read_choice(DATES, None) or None) if timed else None,
        timezone=(read_choice(ZONE, TOLD) or None) if timed else None,
        crs=read_choice(CRS, "").strip() or None,
        code_scheme=next((known for known in get_args(CodeScheme) if known == scheme), None),
        layer=layer if layer in raw.layers else None,
        swap=read_choice(SWAP, False) and placed,
        set_apart=read_choice(SET_APART, False) and dataset == "boundaries",
        precision=next((known for known in get_args(StatedPrecision) if known == precision), None),
        districts=dict(read_choice(DISTRICTS, {})) if dataset == "boundaries" else {},
        villages=dict(read_choice(VILLAGES, {})) if placed else {},
    )


def show_layers(raw: RawTable) -> None:
    """Show which of several worksheets or layers is imported, and offer the others."""
    if raw.layer is None:
        return
    st.selectbox(
        _("Worksheet or layer"),
        raw.layers,
        index=raw.layers.index(raw.layer),
        width=340,
        **bind_widget(LAYER),
    )
    said = ngettext(
        "The file has {n} sheet or layer, which is imported.",
        "The file has {n} sheets or layers; only this one is imported.",
        len(raw.layers),
    )
    st.caption(said.format(n=format_number(len(raw.layers))))


def show_file_choices(dataset: str) -> None:
    """Show the choices about the file as a whole."""
    timed, placed = dataset in _TIMED, dataset in _PLACED
    with (
        st.expander(_("Dates, coordinates, codes"), icon=":material/tune:"),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        if timed:
            _pick(DATES, _("Order of day and month"), _describe_each(ORDERS))
            _pick(ZONE, _("Time zone of file"), ZONES)
        if dataset == "crimes":
            _pick(PRECISION, _("Time known to"), _describe_each(PRECISIONS))
        if dataset == "boundaries" or placed:
            _pick(SCHEME, _("Village codes"), _describe_each(_schemes(dataset)))
            st.text_input(
                _("Coordinate system"),
                read_choice(CRS, ""),
                placeholder="EPSG:4326",
                width=220,
                **bind_widget(CRS),
            )
        if placed:
            _tick(SWAP, _("Longitude and latitude are swapped"))
        if dataset == "boundaries":
            _tick(SET_APART, _("Exclude forest and water"))


def _schemes(dataset: str) -> dict[str, str]:
    return SCHEMES if dataset == "boundaries" else {code: SCHEMES[code] for code in ("kemendagri", "bps")}


def _pick(name: str, label: str, options: Mapping[str, str | None]) -> None:
    labels = {TOLD: _("as in the file")} | {option: text or option for option, text in options.items()}
    show_pick_list(name, label, labels, width=220)


def show_pick_list(
    name: str, label: str, labels: Mapping[str, str], *, width: int | Literal["stretch"]
) -> None:
    """Show the pick list of a choice; a value that is not among the options counts as none."""
    options, now = list(labels), read_choice(name, TOLD)
    st.selectbox(
        label,
        options,
        index=options.index(now) if now in labels else 0,
        format_func=labels.__getitem__,
        width=width,
        **bind_widget(name),
    )


def _tick(name: str, label: str) -> None:
    st.checkbox(label, read_choice(name, False), width=300, **bind_widget(name))


def _describe_each(options: dict[str, str]) -> dict[str, str]:
    return {option: _(text) for option, text in options.items()}


def forget_file_choices() -> None:
    """Discard the choices that concern one file only."""
    said = {name: value for name, value in _said().items() if name in (DATASET, ZONE)}
    if said != _said():
        st.session_state[_SAID] = said
        turns = st.session_state.setdefault(_TURNS, {})
        turns[_FILE] = turns.get(_FILE, 0) + 1
