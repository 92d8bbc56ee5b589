"""What was understood of a file, before it is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from data.schema import DATASETS
from pages import _words
from pages._figures import Card, show_plain_cards
from pages._texts import MISSING, _, day_and_time, listing, number

if TYPE_CHECKING:
    from data.importing import Prepared
    from data.readers import RawTable

N_ROWS_NAMED = 8
"""How many row numbers are named for one reason."""
_LONGEST_SAMPLE = 60


def say_needs(dataset: str) -> str:
    """Say which fields a file of a dataset must have."""
    required = [_words.field(item.name) for item in DATASETS[dataset].fields if item.required]
    groups = [" + ".join(_words.field(name) for name in group) for group in DATASETS[dataset].alternatives]
    needs = [*required, *([_(" or ").join(groups)] if groups else [])]
    return _("Needed: {fields}. Everything else is taken where it is there.").format(fields=listing(needs))


def show_prepared(prepared: Prepared, raw: RawTable) -> None:
    """Show how many rows would be stored, what was refused and why, the columns, and the first rows."""
    st.subheader(_("What was understood"), anchor=False)
    show_plain_cards(
        [
            Card(_("Rows read"), number(prepared.rows_read)),
            Card(_("Accepted"), number(prepared.rows_accepted)),
            Card(_("Quarantined"), number(prepared.rows_quarantined)),
            Card(_("Outside every village"), number(prepared.rows_outside)),
            Card(_("Without location"), number(prepared.rows_unlocated)),
        ]
    )
    if prepared.rows_quarantined:
        show_reasons(prepared.quarantine)
    _show_columns(prepared, raw)
    _show_first_rows(prepared)


def show_reasons(quarantine: pd.DataFrame) -> None:
    """List why rows were refused.

    Parameters
    ----------
    quarantine
        ``row_number`` and ``reasons`` (codes joined by a space) of each refused row.
    """
    each = quarantine.assign(reason=quarantine["reasons"].str.split()).explode("reason")
    rows = each.groupby("reason", sort=False)["row_number"].agg(["size", list])
    shown = pd.DataFrame(
        {
            _("Why rows are quarantined"): [_words.reason(code) for code in rows.index],
            _("Rows"): rows["size"].map(number).to_list(),
            _("Row numbers in the file"): rows["list"].map(_name_rows).to_list(),
        }
    )
    st.dataframe(shown, hide_index=True)


def _name_rows(numbers: list[int]) -> str:
    first = ", ".join(str(n) for n in sorted(numbers)[:N_ROWS_NAMED])
    return f"{first}, …" if len(numbers) > N_ROWS_NAMED else first


def _show_columns(prepared: Prepared, raw: RawTable) -> None:
    """List which column became which field, each with a value of the file."""
    mapping = prepared.mapping
    rows = [(_words.field(name), column, _sample(raw, column)) for name, column in mapping.columns.items()]
    rows += [(_words.field(name), MISSING, text) for name, text in mapping.constants.items()]
    headings = [_("Field"), _("Column of the file"), _("For example")]
    with st.expander(_("Columns: what each was taken for"), expanded=True):
        st.dataframe(pd.DataFrame(rows, columns=headings, dtype="str"), hide_index=True)
        if mapping.unused:
            st.caption(_("Not used: {columns}.").format(columns=", ".join(map(_shorten, mapping.unused))))


def _sample(raw: RawTable, column: str) -> str:
    values = raw.frame[column].dropna() if column in raw.frame else pd.Series(dtype="str")
    filled = values[values.str.strip() != ""]
    return _shorten(filled.iloc[0]) if len(filled) else MISSING


def _shorten(text: str) -> str:
    return text if len(text) <= _LONGEST_SAMPLE else text[: _LONGEST_SAMPLE - 1] + "…"


def _show_first_rows(prepared: Prepared) -> None:
    """Show the first rows as they would be stored; columns without any value are left out."""
    first = prepared.preview().dropna(axis="columns", how="all")
    times = first.select_dtypes("datetimetz").columns
    shown = first.assign(**{name: first[name].map(day_and_time, na_action="ignore") for name in times})
    with st.expander(_("First rows, as they would be stored")):
        st.dataframe(shown.rename(columns=_words.field), hide_index=True)
