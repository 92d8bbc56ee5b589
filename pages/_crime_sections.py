"""What the Hotspots page shows below its map: villages, hours, near repeats, and which map to trust."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from geo.accuracy import BASELINE
from geo.errors import TooFewError
from pages import _crime_charts, _crime_queries, _crime_sentences, _hotspot_map, _queries, _tables
from pages._crime_queries import Subject
from pages._tables import Column
from pages._texts import _, number

if TYPE_CHECKING:
    from pages._filters import Filters
    from pages._records import Source


def say_concentrated(source: Source, filters: Filters) -> str:
    """Say how much of the crime little of the ground holds; nothing where there is too little."""
    try:
        found = _crime_queries.concentrate(source, Subject.of(filters))
    except TooFewError:
        return ""
    return _crime_sentences.say_concentration(found)


def show_villages(source: Source, filters: Filters) -> None:
    """Show the villages by their crimes."""
    columns = [
        Column("village", _("Village")),
        Column("district", _("District")),
        Column("n_crimes", _("Recorded crimes"), "count"),
        Column("area_km2", _("Area, km²"), "decimal"),
        Column("crimes_per_km2", _("Crimes per km²"), "decimal"),
    ]
    crimes = _queries.count_crimes(source, filters)
    rows = crimes.villages.sort_values("n_crimes", ascending=False, kind="stable")
    _tables.show_table(rows, columns, key="hotspots_table")
    _tables.offer_csv(rows, columns, name=_tables.file_name("hotspots", filters))


def show_when(source: Source, filters: Filters) -> None:
    """Show the hours of the week and the months."""
    with _crime_sentences.sentence_for_too_few():
        clock = _crime_queries.read_clock(source, Subject.of(filters))
        st.markdown(_crime_sentences.say_clock(clock))
        st.altair_chart(_crime_charts.draw_clock(clock))
        st.caption(
            _(
                "Crimes by hour and weekday in the period. One that happened at an unknown moment between "
                "two times is spread evenly over the hours between."
            )
        )
        months = _crime_queries.read_months(source, filters.area, filters.categories, filters.window.zone)
        if len(months) > 1:
            st.altair_chart(_crime_charts.draw_months(months))
            st.caption(_("Recorded crimes in each whole month of the data, whatever the period."))


@st.fragment
def show_repeats(source: Source, filters: Filters) -> None:
    """Show how likely a second crime nearby is, and where the risk is raised at the period's end."""
    kind = _hotspot_map.choose_kind(source, filters, "hotspots_kind")
    subject = _hotspot_map.of_kind(filters, kind)
    with _crime_sentences.sentence_for_too_few():
        found = _crime_queries.measure_repeats(source, subject)
        windows = _crime_queries.open_windows(source, subject)
        said = _crime_sentences.say_repeats(found, filters.window.last_day)
        st.markdown(f"{said} {_crime_sentences.say_windows(windows, found)}")
        if not windows.empty:
            columns = [
                Column("village", _("Village")),
                Column("n_crimes", _("Recorded crimes"), "count"),
                Column("last_at", _("Last on"), "day"),
                Column("until_at", _("Raised until"), "day"),
            ]
            _tables.show_table(windows, columns, key="windows_table")
        rows = found.table.assign(
            distance=_bands(found.table["distance_from_m"], found.table["distance_to_m"]),
            days=_bands(found.table["days_from"], found.table["days_to"]),
        )
        columns = [
            Column("distance", _("Metres apart")),
            Column("days", _("Days apart")),
            Column("n_observed", _("Pairs"), "count"),
            Column("n_expected", _("Expected by chance"), "decimal"),
            Column("ratio", _("Times chance"), "decimal"),
            Column("p", _("p-value"), "fine"),
        ]
        _tables.show_table(rows, columns, key="knox_table")
        st.caption(
            _(
                "Pairs of crimes of one kind in the year to the period's end, by how far apart they were in "
                "metres along streets and in days (Knox table, 999 permutations)."
            )
        )


def _bands(low: object, high: object) -> list[str]:
    return [f"{number(start)}\N{EN DASH}{number(end)}" for start, end in zip(low, high, strict=True)]  # type: ignore[call-overload]  # two columns


def show_trust(source: Source, filters: Filters) -> None:
    """Show how well each method foretold the crimes of the last year."""
    with _crime_sentences.sentence_for_too_few():
        trust = _crime_queries.judge(
            source, filters.area, filters.categories, filters.window.until_at, filters.window.zone
        )
        st.markdown(_crime_sentences.say_trust(trust))
        names = {name: _(text) for name, text in _crime_sentences.METHODS.items()}
        rows = trust.methods.assign(
            called=[names[name] for name in trust.methods.index],
            better=[
                "" if name == BASELINE else _("yes") if beats else _("no")
                for name, beats in trust.methods["beats_baseline"].items()
            ],
        )
        columns = [
            Column("called", _("Map made of")),
            Column("hit_rate", _("Later crimes on its hot ground"), "percent"),
            Column("pai", _("Accuracy (PAI)"), "decimal"),
            Column("pei", _("Of the best possible (PEI)"), "percent"),
            Column("better", _("Better than the counts")),
        ]
        _tables.show_table(rows, columns, key="trust_table")
        st.caption(
            _(
                "Each of six times 60 days to the period's end was foretold from the year before it; hot is "
                "the tenth of the ground that a map calls hottest. Better means by a signed-rank test at 5%."
            )
        )
