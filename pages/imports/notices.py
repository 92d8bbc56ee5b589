"""Warnings about accepted rows, in the preview and with the result of an import."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from pages.text.language import _, format_number, ngettext
from pages.text.vocabulary import describe_notice

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from data.importing import ImportResult

N_ROWS_NAMED = 8
"""Most row numbers named for one reason."""
_OFFICERS_NAMED = 20


def show_notices(result: ImportResult) -> None:
    """List the warnings about accepted rows, and the officers who are in no register."""
    codes = list(result.notices)
    if not codes:
        return
    show_rows(
        _("Accepted with warnings"),
        [describe_notice(code) for code in codes],
        [result.notices[code] for code in codes],
        [result.notice_rows[code] for code in codes],
    )
    _show_unknown_officers(result.unknown_officers)


def _show_unknown_officers(n_rows: Mapping[str, int]) -> None:
    """List the officers of accepted rows who are in no register; show nothing where all of them are."""
    if not n_rows:
        return
    first = list(n_rows.items())[:_OFFICERS_NAMED]
    heading = _("Officers in no register")
    shown = pd.DataFrame(
        {heading: [name for name, _n in first], _("Rows"): [format_number(n) for _name, n in first]}
    )
    st.table(shown.set_index(heading))
    if more := len(n_rows) - len(first):
        said = ngettext("{n} more officer is in no register.", "{n} more officers are in no register.", more)
        st.caption(said.format(n=format_number(more)))


def show_rows(
    heading: str, texts: Sequence[str], counts: Sequence[int], numbers: Sequence[Sequence[int]]
) -> None:
    """List texts with the number of their rows, and the first of their row numbers in the file."""
    st.table(
        pd.DataFrame(
            {
                heading: texts,
                _("Rows"): [format_number(n) for n in counts],
                _("Row numbers in the file"): [
                    _name_rows(rows, n) for rows, n in zip(numbers, counts, strict=True)
                ],
            }
        ).set_index(heading)
    )


def _name_rows(numbers: Sequence[int], n: int) -> str:
    first = ", ".join(str(number) for number in numbers[:N_ROWS_NAMED])
    return f"{first}, …" if n > N_ROWS_NAMED else first
