"""The chart of coverage by week on the Coverage page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import pandas as pd
import streamlit as st

from geo.classify import COVERAGE_COLOURS
from pages.queries.spans import cut_to_record
from pages.queries.visits import read_weekly_coverage
from pages.text.language import _, format_day, format_number, format_percent

if TYPE_CHECKING:
    from pages.queries.filters import Filters
    from pages.queries.records import Connection

COLOURS = {"reported": "#8a949e", "evidenced": COVERAGE_COLOURS[3]}
_CHART_HEIGHT = 240
_DASH = {"reported": [6, 4], "evidenced": [1, 0]}


@st.fragment
def show_weekly_coverage(connection: Connection, filters: Filters) -> None:
    """Draw both coverages over the period."""
    st.subheader(_("Coverage over the period"), anchor=False)
    ways = {True: _("Since the start of the period"), False: _("Each week")}
    cumulative = st.segmented_control(
        _("Count"), list(ways), default=True, required=True, key="coverage_weeks",
        format_func=ways.__getitem__, label_visibility="collapsed",
    )  # fmt: skip
    weeks = read_weekly_coverage(connection, cut_to_record(connection, filters, "visits"), filters.area)
    st.altair_chart(draw_weekly_coverage(weeks, cumulative=bool(cumulative)))
    said = {
        True: _(
            "Share of the registered households visited since the start of the period, by the end of "
            "each week."
        ),
        False: _("Households visited each week; the period may cut the first and the last week short."),
    }
    st.caption(said[bool(cumulative)])


def draw_weekly_coverage(weeks: pd.DataFrame, *, cumulative: bool) -> alt.LayerChart:
    """Draw both coverages by week: cumulative since the start of the period, or for each week alone.

    Parameters
    ----------
    weeks
        As returned by ``geo.coverage.measure_weekly_coverage``, with evidence.
    cumulative
        Whether each point counts all weeks up to its own.
    """
    names = {"reported": _("Reported"), "evidenced": _("Supported by GPS")}
    parts = [
        pd.DataFrame(
            {
                "week": [format_day(start, short=True) for start in weeks.index],
                "order": range(len(weeks)),
                "kind": name,
                "value": weeks[f"{kind}_coverage" if cumulative else f"n_{kind}"].to_numpy(dtype="float64"),
                "share": weeks[f"{kind}_coverage"].map(format_percent).to_numpy(),
                "n": weeks[f"n_{kind}"].map(format_number).to_numpy(),
                "tried": weeks["n_attempts"].map(format_number).to_numpy(),
            }
        )
        for kind, name in names.items()
    ]
    x = alt.X("week:N", sort=alt.SortField("order"), title=None,
              axis=alt.Axis(labelAngle=0, labelOverlap=True))  # fmt: skip
    y = alt.Y("value:Q", title=None, scale=alt.Scale(domainMin=0),
              axis=alt.Axis(format="%" if cumulative else "d", tickCount=4))  # fmt: skip
    kinds = list(names.values())
    colour = alt.Color("kind:N", title=None, legend=alt.Legend(orient="top"),
                       scale=alt.Scale(domain=kinds, range=list(COLOURS.values())))  # fmt: skip
    dash = alt.StrokeDash("kind:N", legend=None, scale=alt.Scale(domain=kinds, range=list(_DASH.values())))
    tooltip = [
        alt.Tooltip("week:N", title=_("Week of")),
        alt.Tooltip("kind:N", title=_("Coverage")),
        alt.Tooltip("share:N", title=_("Since the start of the period")),
        alt.Tooltip("n:N", title=_("Households visited that week")),
        alt.Tooltip("tried:N", title=_("Attempts that week")),
    ]
    base = alt.Chart(pd.concat(parts), height=_CHART_HEIGHT).encode(x=x, y=y, color=colour, tooltip=tooltip)
    return base.mark_line().encode(strokeDash=dash) + base.mark_point(filled=True, size=45)
