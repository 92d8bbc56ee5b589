"""The villages to look at first, each with a sentence that says why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages import _filters
from pages._texts import _, ngettext, number, percent, plain

if TYPE_CHECKING:
    import pandas as pd


def show_priorities(villages: pd.DataFrame) -> None:
    """List villages, the first one first, each with its reason and a link to its map.

    Parameters
    ----------
    villages
        As ``_queries.rank_priorities`` gives.
    """
    st.subheader(_("Where little coverage and many crimes meet"), anchor=False)
    if villages.empty:
        st.markdown(_("No village has both unvisited households and recorded crimes in this period."))
        return
    for code, row in zip(villages.index, villages.to_dict("records"), strict=True):
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(row['village'])}** · {_say_why(row)}", width="stretch")
            st.page_link(
                "coverage.py",
                label=_("Coverage"),
                icon=":material/map:",
                query_params=_filters.query_for(code),
            )
            st.page_link(
                "hotspots.py",
                label=_("Hotspots"),
                icon=":material/blur_on:",
                query_params=_filters.query_for(code),
            )
    st.caption(
        _(
            "Order: the share of households not visited and the count of crimes are ranked among the "
            "villages, and the two ranks weigh the same. It says where to look first, not who is at fault."
        )
    )


def _say_why(row: dict) -> str:
    crimes = ngettext("{n} recorded crime", "{n} recorded crimes", row["n_crimes"]).format(
        n=number(row["n_crimes"])
    )
    visited = ngettext(
        "{visited} of {n} household visited ({share})",
        "{visited} of {n} households visited ({share})",
        row["n_households"],
    ).format(
        visited=number(row["n_reported"]),
        n=number(row["n_households"]),
        share=percent(row["reported_coverage"]),
    )
    return f"{visited}, {crimes}"
