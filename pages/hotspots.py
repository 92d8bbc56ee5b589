"""Hotspots: where recorded crimes concentrate, as a density surface and village by village."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages import _cards, _figures, _filters, _layers, _queries, _records, _sentences, _tables
from pages._tables import Column
from pages._texts import _, number

if TYPE_CHECKING:
    from pages._filters import Filters
    from pages._records import Source

AUTOMATIC = 0
BANDWIDTHS_M = (AUTOMATIC, 200, 300, 400, 500, 650, 800, 1000, 1200, 1500)


def main() -> None:
    """Show the page."""
    source = _records.open_source()
    filters = _filters.choose(source, with_categories=True)
    before = _queries.window_before(source, filters, "crimes")
    crimes = _queries.count_crimes(source, filters)

    _figures.show_head(source, filters, _("Crime hotspots"), "crimes")
    crimes_before = _queries.count_crimes(source, filters, before) if before else None
    _figures.show_cards(_cards.crime_cards(crimes, crimes_before), filters)
    st.markdown(_sentences.say_crimes(crimes))
    _figures.offer_period_with_data(filters, _queries.read_spans(source)["crimes"].last, crimes.n_crimes)
    show_map(source, filters)
    st.caption(_sentences.caption_crimes(crimes))

    st.subheader(_("Villages"), anchor=False)
    columns = [
        Column("village", _("Village")),
        Column("district", _("District")),
        Column("n_crimes", _("Recorded crimes"), "count"),
        Column("area_km2", _("Area, km²"), "decimal"),
        Column("crimes_per_km2", _("Crimes per km²"), "decimal"),
    ]
    rows = crimes.villages.sort_values("n_crimes", ascending=False, kind="stable")
    _tables.show_table(rows, columns, key="hotspots_table")
    _tables.offer_csv(rows, columns, name=_tables.file_name("hotspots", filters))


@st.fragment
def show_map(source: Source, filters: Filters) -> None:
    """Draw the density surface with a bandwidth of the user's choice; a click on a village chooses it."""
    labels = {metres: _("{n} m").format(n=number(metres)) for metres in BANDWIDTHS_M}
    labels[AUTOMATIC] = _("automatic")
    chosen = st.select_slider(
        _("Bandwidth: how far one crime spreads on the map"),
        list(labels),
        key="hotspots_bandwidth",
        format_func=labels.__getitem__,
        width=420,
    )
    surface = _queries.measure_density(
        source, filters.window, filters.area, filters.categories, chosen or None
    )
    map_ = _layers.draw_density(source, filters, surface, _queries.count_crimes_around(source, filters))
    _layers.show_area_map(map_, filters, key=f"hotspots_{chosen}")
    st.caption(_sentences.caption_density(surface))


main()
