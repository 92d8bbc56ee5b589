"""Crime and coverage in one map: where high crime meets low coverage."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import streamlit as st

from geo.classify import BIVARIATE_COLOURS, Classes
from geo.errors import Phrase, TooFewError
from geo.maps import (
    AreaStyle,
    Heading,
    Matrix,
    OfflineMap,
    add_boundaries,
    add_choropleth,
    add_matrix_legend,
)
from geo.priority import explain_priority, has_distinct_gaps, has_distinct_risks
from geo.significance import require_enough
from pages.hotspots.layers import start_crime_map
from pages.hotspots.sentences import explain_too_few
from pages.queries.areas import select_villages
from pages.queries.priorities import rank_villages
from pages.queries.visits import read_coverage
from pages.text.language import (
    N_,
    _,
    escape_markdown,
    format_list,
    format_number,
    format_percent,
    format_period,
    ngettext,
)
from pages.widgets.captions import describe_priority
from pages.widgets.maps import show_area_map
from pages.widgets.tables import Column, name_download, offer_csv, show_table

if TYPE_CHECKING:
    import geopandas as gpd

    from pages.queries.filters import Filters
    from pages.queries.records import Connection

N_CLASSES = len(BIVARIATE_COLOURS)
LEAST_AREAS = N_CLASSES**2
"""Fewest villages for which thirds of both measures are meaningful."""
WORST = LEAST_AREAS - 1
N_NAMED = 5
COLOURS = tuple(chain.from_iterable(BIVARIATE_COLOURS))


def show_crime_and_coverage(connection: Connection, filters: Filters) -> None:
    """Show the map of both measures and list the villages with high crime and low coverage."""
    with explain_too_few():
        areas = select_villages(connection, filters.area)
        ranked = rank_crime_and_coverage(connection, filters, areas)
        st.markdown(describe_crime_and_coverage(ranked))
        map_ = draw_crime_and_coverage(connection, filters, areas, ranked)
        show_area_map(map_, filters, key="compare_both")
        st.caption(
            _(
                "The villages are divided into thirds by each measure: the smoothed rate of reported "
                "crime per 1,000 households, and the share of households without a visit supported "
                "by GPS."
            )
        )
        _list(ranked, filters)


def rank_crime_and_coverage(
    connection: Connection, filters: Filters, areas: gpd.GeoDataFrame
) -> pd.DataFrame:
    """Rank the villages of the filters' area by crime and coverage.

    Returns
    -------
    pandas.DataFrame
        As returned by ``rank_villages``, with ``both`` from 0 (low crime, high coverage) to 8 (high crime,
        low coverage).

    Raises
    ------
    TooFewError
        If there are too few villages or no crime.
    """
    ranked = rank_villages(connection, filters, read_coverage(connection, areas, filters.period))
    return classify_ranked_villages(ranked)


def classify_ranked_villages(ranked: pd.DataFrame) -> pd.DataFrame:
    """Divide ranked villages into thirds by both measures, as ``rank_crime_and_coverage`` returns them.

    Raises
    ------
    TooFewError
        If there are too few villages or no crime.
    """
    require_enough(int(ranked["rank"].notna().sum()), LEAST_AREAS, Phrase(N_("villages with households")))
    require_enough(int(ranked["n_crimes"].sum()), 1, Phrase(N_("reported crimes")))
    if not has_distinct_risks(ranked):
        raise TooFewError("There are too few reported crimes to tell the villages' rates apart.")
    if not has_distinct_gaps(ranked):
        raise TooFewError("All villages have the same coverage, so there is nothing to set against crime.")
    up, across = (np.ceil(N_CLASSES * ranked[part] - 1e-9) - 1 for part in ("gap_rank", "risk_rank"))
    return ranked.assign(both=N_CLASSES * up + across)


def list_worst_villages(ranked: pd.DataFrame) -> pd.DataFrame:
    """Return the villages with high crime and low coverage, the highest priority first."""
    return ranked[(ranked["both"] == WORST) & (ranked["n_crimes"] > 0)]


def describe_crime_and_coverage(ranked: pd.DataFrame) -> str:
    """Describe how many villages have high crime and low coverage, and which, beside what chance would give.

    If crime had nothing to do with coverage, a third of a third of the villages would be in both thirds.
    """
    rows = list_worst_villages(ranked)
    known = int(ranked["rank"].notna().sum())
    if rows.empty:
        return _("No village is both in the upper third of crime and in the lower third of coverage.")
    named = [escape_markdown(name) for name in rows["village"].head(N_NAMED)]
    more = len(rows) - len(named)
    return ngettext(
        "{n} of {all} villages is both in the upper third of crime and in the lower third of coverage "
        "(by chance alone about {chance} would be): {names}.",
        "{n} of {all} villages are both in the upper third of crime and in the lower third of coverage "
        "(by chance alone about {chance} would be): {names}.",
        len(rows),
    ).format(
        n=format_number(len(rows)),
        all=format_number(known),
        chance=format_number(known / LEAST_AREAS),
        names=format_list([*named, _("{n} more").format(n=format_number(more))] if more else named),
    )


def draw_crime_and_coverage(
    connection: Connection, filters: Filters, areas: gpd.GeoDataFrame, ranked: pd.DataFrame
) -> OfflineMap:
    """Draw the villages by both measures."""
    figures = pd.DataFrame(
        {
            _("Supported by GPS"): ranked["evidenced_coverage"].map(format_percent),
            _("Reported crimes"): ranked["n_crimes"].map(format_number),
            _("Smoothed crimes per 1,000 households"): ranked["crimes_per_1000_households"].map(_short),
        }
    )
    classes = Classes(tuple(float(edge) for edge in range(LEAST_AREAS + 1)), COLOURS)
    map_ = start_crime_map(connection, filters.area)
    style = AreaStyle(chosen=filters.area, figures=figures)
    add_choropleth(map_, areas, ranked["both"], classes, style=style)
    add_boundaries(map_, areas, outlines=False)
    heading = Heading(_("Crime and coverage"), period=format_period(filters.period))
    no_data = _("no registered households") if ranked["both"].isna().any() else None
    matrix = Matrix(
        BIVARIATE_COLOURS, _("more crime \N{RIGHTWARDS ARROW}"), _("less coverage \N{RIGHTWARDS ARROW}")
    )
    return add_matrix_legend(map_, heading, matrix, no_data=no_data)


def _list(ranked: pd.DataFrame, filters: Filters) -> None:
    st.subheader(_("High crime, low coverage"), anchor=False)
    rows = list_worst_villages(ranked)
    for code, name in rows["village"].head(N_NAMED).items():
        st.markdown(f"**{escape_markdown(name)}** · {describe_priority(explain_priority(ranked, str(code)))}")
    columns = [
        Column("rank", _("Order"), "count"),
        Column("village", _("Village")),
        Column("district", _("District")),
        Column("evidenced_coverage", _("Supported by GPS"), "percent"),
        Column("n_households", _("Registered households"), "count"),
        Column("n_crimes", _("Reported crimes"), "count"),
        Column("crimes_per_1000_households", _("Smoothed crimes per 1,000 households"), "decimal"),
    ]
    show_table(ranked, columns, key="compare_both_table")
    offer_csv(ranked, columns, name=name_download("priority", filters))


def _short(value: float) -> str:
    return format_number(value, digits=1)
