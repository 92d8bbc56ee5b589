"""Priority villages, ranked by visit gap and crime risk, each with a one-sentence reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from geo.errors import TooFewError
from pages.queries.priorities import list_top_priorities, rank_villages
from pages.text.language import _, escape_markdown
from pages.widgets.captions import describe_priority, describe_tied, describe_weights
from pages.widgets.sidebar import write_area_query

if TYPE_CHECKING:
    from geo.priority import PriorityFacts
    from pages.queries.filters import Filters
    from pages.queries.records import Connection
    from pages.queries.visits import Coverage


def show_priorities(connection: Connection, filters: Filters, coverage: Coverage) -> None:
    """List the top villages, each with its reason and links to its maps."""
    st.subheader(_("Where low coverage and high crime meet"), anchor=False)
    try:
        ranked = rank_villages(connection, filters, coverage)
    except TooFewError:
        st.markdown(_("There are too few villages with registered households here to rank."))
        return
    top = list_top_priorities(ranked)
    for facts in top.first:
        _show_one(facts, ranked["village"].loc[facts.area])
    if not top.first and not top.n_tied:
        st.markdown(_("No village has both unvisited households and reported crimes in this period."))
        return
    st.markdown(describe_tied(top))
    order = _(
        "Order: villages are ranked by the share of households without a visit supported by GPS and by the "
        "smoothed rate of reported crime."
    )
    meaning = _(
        "Crime discovered by patrols is left out. The order shows where to look first, not who is at fault."
    )
    st.caption(f"{order} {describe_weights(ranked)} {meaning}")


def _show_one(facts: PriorityFacts, name: str) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{escape_markdown(name)}** · {describe_priority(facts)}", width="stretch")
        query = write_area_query(facts.area)
        st.page_link(
            "overview/page.py", label=_("By RT"), icon=":material/format_list_numbered:", query_params=query
        )
        st.page_link("coverage/page.py", label=_("Coverage"), icon=":material/map:", query_params=query)
        st.page_link("hotspots/page.py", label=_("Hotspots"), icon=":material/blur_on:", query_params=query)
