"""Sections below the map of the Hotspots page: villages, hours, near repeats, and scores of the methods."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from geo.accuracy import BASELINE
from geo.errors import TooFewError
from geo.repeats.reading import LEVEL
from pages.hotspots.charts import draw_clock, draw_months, draw_weekdays
from pages.hotspots.map_view import choose_category, select_category
from pages.hotspots.repeats import summarise_repeats
from pages.hotspots.sentences import (
    METHODS,
    describe_clock,
    describe_concentration,
    describe_left_out,
    describe_method_scores,
    explain_too_few,
)
from pages.queries.crime_methods import CrimeSelection, read_concentration, score_crime_methods
from pages.queries.crime_times import find_raised_risk, read_clock, read_months, read_near_repeats
from pages.queries.crimes import count_crimes
from pages.queries.spans import end_with_record
from pages.text.language import _, format_band, format_number
from pages.widgets.tables import Column, name_download, offer_csv, show_table

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from pages.queries.filters import Filters
    from pages.queries.records import Connection


def summarise_concentration(connection: Connection, filters: Filters) -> str:
    """Describe the concentration of crime in one sentence; empty if there is too little crime."""
    try:
        found = read_concentration(connection, CrimeSelection.of(filters))
    except TooFewError:
        return ""
    return describe_concentration(found)


def show_crime_villages(connection: Connection, filters: Filters) -> None:
    """Show the villages by their number of crimes."""
    columns = [
        Column("village", _("Village")),
        Column("district", _("District")),
        Column("n_crimes", _("Recorded crimes"), "count"),
        Column("area_km2", _("Area, km²"), "decimal"),
        Column("crimes_per_km2", _("Crimes per km²"), "decimal"),
    ]
    crimes = count_crimes(connection, filters)
    rows = crimes.villages.sort_values("n_crimes", ascending=False, kind="stable")
    show_table(rows, columns, key="hotspots_table")
    offer_csv(rows, columns, name=name_download("hotspots", filters))


def show_crime_times(connection: Connection, filters: Filters) -> None:
    """Show crime by hour of the week and by month."""
    with explain_too_few():
        clock = read_clock(connection, CrimeSelection.of(filters))
        st.markdown(describe_clock(clock))
        if clock.has_hours:
            st.altair_chart(draw_clock(clock.hours))
            st.caption(
                _(
                    "Crimes in the period by hour and weekday. A crime that happened at an unknown "
                    "moment between two times is spread evenly over the hours between them."
                )
            )
        else:
            st.altair_chart(draw_weekdays(clock.weekdays))
            st.caption(_("Crimes in the period by weekday. Too few of them have a known hour for a clock."))
    months = read_months(connection, filters.area, filters.categories, filters.period.zone)
    if len(months) > 1:
        st.altair_chart(draw_months(months))
        caption_months(months)


def caption_months(months: pd.DataFrame) -> None:
    """Write below a chart of months what it counts, and how many crimes it leaves out."""
    said = _("Recorded crimes in each month that is complete on record, regardless of the period.")
    st.caption(" ".join([said, *describe_left_out(month=months.attrs["n_without_month"])]))


@st.fragment
def show_near_repeats(connection: Connection, filters: Filters) -> None:
    """Show how likely near repeats are, and where the risk is raised at the end of the period."""
    filters = end_with_record(connection, filters, "crimes")  # else what is not on record yet reads as none
    kind = choose_category(connection, filters, "hotspots_kind")
    subject = select_category(filters, kind)
    with explain_too_few():
        found = read_near_repeats(connection, subject)
        areas = find_raised_risk(connection, subject)
        st.markdown(summarise_repeats(connection, subject))
        if not areas.empty:
            columns = [
                Column("village", _("Village")),
                Column("n_crimes", _("Recorded crimes"), "count"),
                Column("last_at", _("Latest crime"), "day"),
                Column("until_at", _("Raised until"), "day"),
            ]
            show_table(areas, columns, key="windows_table")
        rows = found.table.assign(
            distance=_list_bands(found.table["distance_from_m"], found.table["distance_to_m"]),
            days=_list_bands(found.table["days_from"], found.table["days_to"]),
        )
        columns = [
            Column("distance", _("Metres apart")),
            Column("days", _("Days apart")),
            Column("n_observed", _("Pairs"), "count"),
            Column("n_expected", _("Expected by chance"), "decimal"),
            Column("ratio", _("Ratio to chance"), "decimal"),
            Column("p", _("p-value"), "fine"),
            Column("p_adjusted", _("p-value, adjusted for all bands"), "fine"),
        ]
        show_table(rows, columns, key="knox_table")
        st.caption(
            _(
                "Pairs of crimes of one kind in the period, or in the year to its end if that is longer, "
                "by the metres along streets and the days between them (Knox table, 999 permutations). "
                "The sentence above is read from all bands together: it names those with an adjusted "
                "p-value of at most {level}."
            ).format(level=format_number(LEVEL, digits=2))
        )


def _list_bands(low: Iterable[float], high: Iterable[float]) -> list[str]:
    return [format_band(start, end) for start, end in zip(low, high, strict=True)]


def show_method_scores(connection: Connection, filters: Filters) -> None:
    """Show how well each method predicted the crimes of the last year."""
    filters = end_with_record(connection, filters, "crimes")
    with explain_too_few():
        trust = score_crime_methods(
            connection, filters.area, filters.categories, filters.period.until_at, filters.period.zone
        )
        st.markdown(describe_method_scores(trust))
        names = {name: _(text) for name, text in METHODS.items()}
        rows = trust.methods.assign(
            called=[names[name] for name in trust.methods.index],
            better=[
                "" if name == BASELINE else _("yes") if beats else _("no")
                for name, beats in trust.methods["beats_baseline"].items()
            ],
        )
        columns = [
            Column("called", _("Map based on")),
            Column("hit_rate", _("Later crimes in the hottest 10% (hit rate)"), "percent"),
            Column("pai", _("Accuracy (PAI)"), "decimal"),
            Column("pei", _("Share of the best possible (PEI)"), "percent"),
            Column("better", _("Better than plain counts")),
        ]
        show_table(rows, columns, key="trust_table")
        st.caption(
            _(
                "Each of the {n} 60-day spans up to the end of the period that has crimes before it was "
                "predicted from these, of at most a year. Hottest means the tenth of the land area that a "
                "map ranks highest. Better means by a signed-rank test at 5%, adjusted for the number of "
                "maps."
            ).format(n=format_number(trust.methods["n_periods"].iloc[0]))
        )
