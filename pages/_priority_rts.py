"""Within a village: the neighbourhoods (RT) to look at first, with the two parts of their priority."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import streamlit as st

from geo.coverage import measure_coverage
from geo.crs import WGS84, to_metric
from geo.errors import TooFewError
from geo.priority import RT_REACH_M, count_reported, name_rts, place_in_rts, rank_priority
from pages import _crime_queries, _neighbourhoods, _priorities, _records, _tables
from pages._crime_queries import Subject
from pages._tables import Column
from pages._texts import MISSING, _, ngettext, number

if TYPE_CHECKING:
    from pages._filters import Filters
    from pages._records import Source


def rank(source: Source, filters: Filters) -> tuple[pd.DataFrame, int]:
    """Rank the RTs of the filters' village.

    Returns
    -------
    pandas.DataFrame
        As ``geo.priority.rank_priority``, with ``rt`` (RT/RW as people write it), the first to visit first.
    int
        Reported crimes of the village that lie near no household, or have no point: they are in no RT.

    Raises
    ------
    TooFewError
        If there are too few RTs to rank.
    """
    homes = _neighbourhoods.list_homes(source, filters).assign(village_code=filters.area)
    homes[["rt", "rw"]] = homes[["rt", "rw"]].where(homes[["rt", "rw"]] != MISSING)
    codes = name_rts(homes)
    measured = measure_coverage(
        homes,
        _neighbourhoods.visits_to(source, filters, homes.index),
        since=filters.window.since_at,
        until=filters.window.until_at,
        by=codes,
        areas=pd.Index(codes.dropna().unique()).sort_values(),
    )
    counted = count_reported(_place_crimes(source, filters, homes), measured.index, by="rt_code")
    ranked = rank_priority(measured[["n_households", "evidenced_coverage"]].join(counted["n_crimes"]))
    everything = _crime_queries.records_of(source, Subject.of(filters))
    n_nowhere = int((everything["source"] != "discovered").sum() - ranked["n_crimes"].sum())
    names = codes.str.split(" ").str[-1].str.split("/")  # RW/RT, as codes have it
    written = (names.str[1] + "/" + names.str[0]).groupby(codes).first()
    ranked = ranked.assign(rt=written.reindex(ranked.index))
    return ranked.sort_values("rank", kind="stable", na_position="last"), n_nowhere


def show(source: Source, filters: Filters) -> None:
    """Say which RTs of the village come first and why, and list all with the parts of their priority."""
    st.subheader(_("Where in the village to begin"), anchor=False)
    try:
        ranked, n_nowhere = rank(source, filters)
    except TooFewError:
        st.markdown(_("There are too few RTs with registered households here to put them in an order."))
        return
    first = _priorities.first_ones(ranked)
    if not first:
        st.markdown(_("No RT has both unvisited households and reported crimes near them in this period."))
    for facts in first:
        st.markdown(f"**RT/RW {ranked['rt'].loc[facts.area]}** · {_priorities.say_why(facts)}")
    columns = [
        Column("rank", _("Order"), "count"),
        Column("rt", "RT/RW"),
        Column("priority", _("Priority"), "percent"),
        Column("gap_rank", _("Part: visit gap"), "percent"),
        Column("risk_rank", _("Part: crime risk"), "percent"),
        Column("n_households", _("Registered"), "count"),
        Column("evidenced_coverage", _("Supported by GPS"), "percent"),
        Column("n_crimes", _("Reported crimes"), "count"),
    ]
    _tables.show_table(ranked, columns, key=f"priority_rts_{filters.area}")
    _tables.offer_csv(ranked, columns, name=_tables.file_name("priority-rt", filters))
    st.caption(_say_how(n_nowhere))


def _place_crimes(source: Source, filters: Filters, homes: pd.DataFrame) -> gpd.GeoDataFrame:
    """Give the village's located crimes their RT: that of the nearest household."""
    located = homes[homes["lon"].notna()]
    points = gpd.GeoDataFrame(located, geometry=gpd.points_from_xy(located["lon"], located["lat"], crs=WGS84))
    crimes = _crime_queries.points_of(source, Subject.of(filters))
    metric = to_metric(points, like=_records.metric_villages(source))
    return crimes.assign(rt_code=place_in_rts(crimes, metric))


def _say_how(n_nowhere: int) -> str:
    how = _(
        "The two parts are ranks among the RTs of the village, and weigh the same. An RT has no official "
        "border: a crime belongs to the RT of the nearest household, up to {reach} m away."
    ).format(reach=number(RT_REACH_M))
    nowhere = ngettext(
        "{n} reported crime lies near no household or has no point, and is in no RT.",
        "{n} reported crimes lie near no household or have no point, and are in no RT.",
        n_nowhere,
    ).format(n=number(n_nowhere))
    return f"{how} {nowhere}" if n_nowhere else how
