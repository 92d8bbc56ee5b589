"""Questions about a file that only a person can answer: asked when needed, never guessed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.imports.choices import (
    CRS,
    DATASET,
    DATES,
    SCHEME,
    SCHEMES,
    SET_APART,
    SWAP,
    VILLAGES,
    read_choice,
    set_choice,
)
from pages.queries.records import load_villages
from pages.text.labels import distinguish_labels
from pages.text.language import _, escape_markdown, format_list, format_number, ngettext
from pages.text.vocabulary import name_dataset

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from data.errors import UndecidedError
    from data.importing import PreparedImport
    from pages.queries.records import Connection

_ASKED_AT_ONCE = 10
_FEW_VILLAGES = 400  # a longer pick list is no help


def ask_dataset(chosen: str, guess: str | None) -> None:
    """Ask whether a file contains another dataset than the chosen one."""
    if guess is None or guess == chosen:
        return
    st.warning(
        _("From its columns, the file seems to contain: {dataset}.").format(dataset=name_dataset(guess)),
        icon=":material/help:",
    )
    _offer_one(DATASET, guess, _("Read it as: {dataset}").format(dataset=name_dataset(guess)))


def ask_undecided(error: UndecidedError) -> None:
    """Ask for what must be known before a file can be read at all."""
    if error.choice == "dates":
        st.warning(
            _(
                "Dates such as 01/02/2026 can be read in two ways, and nothing in the file shows which "
                "is meant."
            ),
            icon=":material/help:",
        )
        answers = {"dayfirst": _("1 February (day first)"), "monthfirst": _("2 January (month first)")}
        _offer(DATES, answers)
    else:
        st.warning(
            _(
                "The village codes have no dots, and Kemendagri and BPS codes look the same without "
                "them. Which are these?"
            ),
            icon=":material/help:",
        )
        _offer(SCHEME, {code: _(text) for code, text in SCHEMES.items()})


def _offer(name: str, answers: dict[str, str]) -> None:
    with st.container(horizontal=True):
        for value, label in answers.items():
            st.button(label, on_click=set_choice, args=(name, value), key=f"answer_{name}_{value}")


def ask_fixes(prepared: PreparedImport) -> None:
    """Offer likely fixes: swapped axes, another coordinate system, areas that are not villages excluded."""
    hint = prepared.hint
    if hint is not None and hint.kind == "swap":
        said = _(
            "Longitude and latitude seem to be swapped: swapping them would put {n} points where they belong."
        )
        st.warning(said.format(n=format_number(hint.n_points)), icon=":material/swap_horiz:")
        _offer_one(SWAP, True, _("Swap them"))
    elif hint is not None and hint.value:
        said = _("The coordinates seem to be in metres: read as {crs}, {n} points lie where they belong.")
        st.warning(said.format(crs=hint.value, n=format_number(hint.n_points)), icon=":material/square_foot:")
        _offer_one(CRS, hint.value, _("Read them as {crs}").format(crs=hint.value))
    elif hint is not None:
        st.warning(
            _("The coordinates seem to be in metres. Choose their coordinate system below."),
            icon=":material/square_foot:",
        )
    odd = prepared.health.non_villages if prepared.health is not None else None
    if odd is not None and len(odd):
        names = format_list([escape_markdown(name) for name in odd["village"].head(_ASKED_AT_ONCE)])
        said = ngettext(
            "{n} area does not look like a village: {names}.",
            "{n} areas do not look like villages: {names}.",
            len(odd),
        )
        st.warning(said.format(n=format_number(len(odd)), names=names), icon=":material/forest:")
        _offer_one(SET_APART, True, _("Exclude them"))


def _offer_one(name: str, value: object, label: str) -> None:
    st.button(label, on_click=set_choice, args=(name, value), key=f"answer_{name}")


def ask_spellings(connection: Connection, prepared: PreparedImport) -> None:
    """Ask which villages unknown spellings mean, once per spelling, the most frequent first."""
    if prepared.spellings is None or prepared.spellings.empty:
        return
    listed, villages = prepared.spellings, load_villages(connection)
    if villages.empty:
        st.info(_("The file names villages, but there are no boundaries yet: import those first."))
        return
    n_rows = int(listed["n_rows"].sum())
    said = ngettext(
        "{n} row has a village name that is not recognised. Choose once what each spelling means; "
        "the choice is remembered.",
        "{n} rows have village names that are not recognised. Choose once what each spelling means; "
        "the choice is remembered.",
        n_rows,
    )
    st.warning(said.format(n=format_number(n_rows)), icon=":material/spellcheck:")
    shown = listed.head(_ASKED_AT_ONCE)
    with st.form("upload_spellings", border=True):
        with st.container(horizontal=True):
            answers = {
                str(key): _ask_one(str(key), row, villages) for key, row in shown.to_dict("index").items()
            }
        if len(listed) > len(shown):
            rest = ngettext(
                "{n} more spelling follows.", "{n} more spellings follow.", len(listed) - len(shown)
            )
            st.caption(rest.format(n=format_number(len(listed) - len(shown))))
        if st.form_submit_button(_("Use these villages"), icon=":material/spellcheck:"):
            chosen = {key: code for key, code in answers.items() if code}
            set_choice(VILLAGES, read_choice(VILLAGES, {}) | chosen)
            st.rerun()


def _ask_one(key: str, row: dict, villages: gpd.GeoDataFrame) -> str | None:
    """Ask about one spelling; a likely village is preselected for the user to confirm."""
    likely = [code for code, _score in row["candidates"]]
    others = villages.index.difference(likely).tolist() if len(villages) <= _FEW_VILLAGES else []
    names = _name_villages(villages, [*likely, *others])
    meant = row["likely"] if isinstance(row["likely"], str) else None
    written = name_village_district(row["village_given"], row["district_given"])
    rows = ngettext("{n} row", "{n} rows", row["n_rows"]).format(n=format_number(row["n_rows"]))
    return st.selectbox(
        f"**{escape_markdown(written)}** · {rows}",
        list(names),
        index=list(names).index(meant) if meant else None,
        format_func=names.__getitem__,
        placeholder=_("leave unmatched"),
        width=340,
        help=_describe_hint(row, meant),
        key=f"spelling_{key}",
    )


def _describe_hint(row: dict, meant: str | None) -> str | None:
    """Describe why a village is preselected, or why none of several is; nothing where its name decides."""
    if meant:
        by_rows = row["likely_by"] == "rows"
        return _("The households or officers of these rows are known in this village.") if by_rows else None
    if len(row["candidates"]) > 1:
        return _("Several villages have this name or a similar one, and the rows do not show which is meant.")
    return None


def _name_villages(villages: gpd.GeoDataFrame, codes: list[str]) -> dict[str, str]:
    chosen: pd.DataFrame = villages.loc[codes, ["village", "district"]]
    return distinguish_labels(
        {
            str(code): name_village_district(village, district)
            for code, village, district in zip(
                chosen.index, chosen["village"], chosen["district"], strict=True
            )
        }
    )


def name_village_district(village: object, district: object) -> str:
    """Return the name of a village with its district, if known."""
    return ", ".join(str(part) for part in (village, district) if isinstance(part, str) and part)
