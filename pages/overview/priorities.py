"""Priority villages, ranked by visit gap and crime risk, each with a one-sentence reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from geo.errors import TooFewError
from pages.queries.priorities import list_top_priorities, rank_villages
from pages.text.language import _, escape_markdown
from pages.widgets.captions import describe_priority
from pages.widgets.sidebar import write_area_query

if TYPE_CHECKING:
    from geo.priority import PriorityFacts
    from pages.queries.filters import Filters
    from pages.queries.records import Connection
    from pages.queries.visits import Coverage


def show_priorities(connection: Connection, filters: Filters, coverage: Coverage) -> None:
    """List the top villages, each with its reason and links to its maps."""
    st.subheader(_("Where little coverage and much crime meet"), anchor=False)
    try:
        ranked = rank_villages(connection, filters, coverage)
    except TooFewError:
        st.markdown(_("There are too few villages with registered households here to put them in an order."))
        return
    first = list_top_priorities(ranked)
    if not first:
        st.markdown(_("No village has both unvisited households and reported crimes in this period."))
        return
    for facts in first:
        _show_one(facts, ranked["village"].loc[facts.area])
    st.caption(
        _(
            "Order: the share of households without a visit that GPS supports, and the smoothed rate of "
            "reported crime, are ranked among the villages, and the two ranks weigh the same. Crime that "
            "patrols discovered is left out. It says where to look first, not who is at fault."
        )
    )


def _show_one(facts: PriorityFacts, name: str) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{escape_markdown(name)}** · {describe_priority(facts)}", width="stretch")
        query = write_area_query(facts.area)
        st.page_link(
            "overview/page.py", label=_("By RT"), icon=":material/format_list_numbered:", query_params=query
        )
        st.page_link("coverage/page.py", label=_("Coverage"), icon=":material/map:", query_params=query)
        st.page_link("hotspots/page.py", label=_("Hotspots"), icon=":material/blur_on:", query_params=query)
