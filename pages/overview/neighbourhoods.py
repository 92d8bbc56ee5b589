"""Priority of the neighbourhoods (RT) of a village, with its two parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import streamlit as st

from geo.coverage import measure_coverage
from geo.crs import WGS84, to_metric
from geo.errors import TooFewError
from geo.priority import RT_MAX_DISTANCE_M, assign_rts, count_reported_crimes, name_rts, rank_priority
from pages.queries.crime_methods import CrimeSelection, select_crime_points, select_crime_records
from pages.queries.neighbourhoods import list_homes, list_visits_to
from pages.queries.priorities import list_top_priorities
from pages.queries.records import load_metric_villages
from pages.text.language import MISSING, _, format_number, ngettext
from pages.widgets.captions import describe_priority, describe_tied, describe_weights
from pages.widgets.tables import Column, name_download, offer_csv, show_table

if TYPE_CHECKING:
    from pages.queries.filters import Filters
    from pages.queries.records import Connection


def rank_neighbourhoods(connection: Connection, filters: Filters) -> tuple[pd.DataFrame, int]:
    """Rank the RTs of the filters' village.

    Returns
    -------
    pandas.DataFrame
        As ``geo.priority.rank_priority``, with ``rt`` (RT/RW as people write it), highest priority first.
    int
        Reported crimes of the village without a point or not near any household: they are in no RT.

    Raises
    ------
    TooFewError
        If there are too few RTs to rank.
    """
    homes = list_homes(connection, filters).assign(village_code=filters.area)
    homes[["rt", "rw"]] = homes[["rt", "rw"]].where(homes[["rt", "rw"]] != MISSING)
    codes = name_rts(homes)
    measured = measure_coverage(
        homes,
        list_visits_to(connection, filters, homes.index),
        since=filters.period.since_at,
        until=filters.period.until_at,
        by=codes,
        areas=pd.Index(codes.dropna().unique()).sort_values(),
    )
    counted = count_reported_crimes(_place_crimes(connection, filters, homes), measured.index, by="rt_code")
    ranked = rank_priority(measured[["n_households", "evidenced_coverage"]].join(counted["n_crimes"]))
    everything = select_crime_records(connection, CrimeSelection.of(filters))
    n_nowhere = int((everything["source"] != "discovered").sum() - ranked["n_crimes"].sum())
    names = codes.str.split(" ").str[-1].str.split("/")  # RW/RT, as codes have it
    written = (names.str[1] + "/" + names.str[0]).groupby(codes).first()
    ranked = ranked.assign(rt=written.reindex(ranked.index))
    return ranked.sort_values("rank", kind="stable", na_position="last"), n_nowhere


def show_neighbourhood_priorities(connection: Connection, filters: Filters) -> None:
    """Show the RTs of highest priority and why, and list all with the two parts of their priority."""
    st.subheader(_("Where to begin in the village"), anchor=False)
    try:
        ranked, n_nowhere = rank_neighbourhoods(connection, filters)
    except TooFewError:
        st.markdown(_("There are too few RTs with registered households here to rank."))
        return
    top = list_top_priorities(ranked)
    for facts in top.first:
        st.markdown(f"**RT/RW {ranked['rt'].loc[facts.area]}** · {describe_priority(facts)}")
    if not top.first and not top.n_tied:
        st.markdown(_("No RT has both unvisited households and reported crimes near them in this period."))
    st.markdown(describe_tied(top))
    columns = [
        Column("rank", _("Order"), "count"),
        Column("rt", "RT/RW"),
        Column("priority", _("Priority"), "percent"),
        Column("gap_rank", _("Component: visit gap"), "percent"),
        Column("risk_rank", _("Component: crime risk"), "percent"),
        Column("n_households", _("Registered"), "count"),
        Column("evidenced_coverage", _("Supported by GPS"), "percent"),
        Column("n_crimes", _("Reported crimes"), "count"),
    ]
    show_table(ranked, columns, key=f"priority_rts_{filters.area}")
    offer_csv(ranked, columns, name=name_download("priority-rt", filters))
    st.caption(f"{describe_weights(ranked)} {_describe_how(n_nowhere)}")


def _place_crimes(connection: Connection, filters: Filters, homes: pd.DataFrame) -> gpd.GeoDataFrame:
    """Assign the village's located crimes to the RT of the nearest household."""
    located = homes[homes["lon"].notna()]
    points = gpd.GeoDataFrame(located, geometry=gpd.points_from_xy(located["lon"], located["lat"], crs=WGS84))
    crimes = select_crime_points(connection, CrimeSelection.of(filters))
    metric = to_metric(points, like=load_metric_villages(connection))
    return crimes.assign(rt_code=assign_rts(crimes, metric))


def _describe_how(n_nowhere: int) -> str:
    how = _(
        "The two parts are ranks among the RTs of the village. An RT has no official boundary: a crime "
        "counts for the RT of the nearest household, up to {reach} m away."
    ).format(reach=format_number(RT_MAX_DISTANCE_M))
    nowhere = ngettext(
        "{n} reported crime is not near any household or has no point, and counts for no RT.",
        "{n} reported crimes are not near any household or have no point, and count for no RT.",
        n_nowhere,
    ).format(n=format_number(n_nowhere))
    return f"{how} {nowhere}" if n_nowhere else how
