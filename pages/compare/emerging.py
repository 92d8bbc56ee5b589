"""Emerging hot spots over a year: Esri's patterns in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from geo.emerging import KINDS, NO_PATTERN
from geo.maps import Heading, OfflineMap, add_legend, add_zones, merge_cells
from pages.hotspots.layers import draw_outlines, start_crime_map
from pages.hotspots.sentences import describe_left_out, explain_too_few
from pages.queries.crime_methods import make_cells
from pages.queries.crime_times import EMERGING_DAYS, N_EMERGING, find_emerging_cells
from pages.queries.spans import end_with_record
from pages.text.language import N_, _, format_day, format_list, format_number
from pages.widgets.maps import show_area_map
from pages.widgets.tables import Column, show_table

if TYPE_CHECKING:
    from pages.queries.filters import Filters
    from pages.queries.records import Connection

WORDS = {
    "new": (N_("new: hot for the first time in the last month"), "#fdcc8a"),
    "consecutive": (N_("consecutive: hot without a break in the last months"), "#fc8d59"),
    "intensifying": (N_("intensifying: almost always hot, and more and more"), "#7f0000"),
    "persistent": (N_("persistent: almost always hot"), "#b30000"),
    "diminishing": (N_("diminishing: almost always hot, but less and less"), "#e34a33"),
    "sporadic": (N_("sporadic: hot on and off, and now"), "#c994c7"),
    "oscillating": (N_("oscillating: hot now, cold before"), "#8c62aa"),
    "historical": (N_("historical: almost always hot, but not now"), "#8a939e"),
}
COLD = (N_("cold with any of these patterns"), "#67a9cf")


def show_emerging(connection: Connection, filters: Filters) -> None:
    """Show the patterns of the year to the end of the period as a map, a sentence and a table."""
    filters = end_with_record(connection, filters, "crimes")  # else its last months read as past
    with explain_too_few():
        found = find_emerging_cells(
            connection, filters.area, filters.categories, filters.period.until_at, filters.period.zone
        )
        left_out = describe_left_out(day=found.attrs["n_without_day"])
        st.markdown(" ".join([describe_emerging(found), *left_out]))
        show_area_map(draw_emerging(connection, filters, found), filters, key="compare_emerging")
        st.caption(
            _(
                "Cells over the {n} months of {days} days to {day}: each month by Gi* and an exact "
                "test at 95%, adjusted for all cells, with its neighbours and the month before, and "
                "the Mann-Kendall trend at 90%."
            ).format(
                n=format_number(N_EMERGING),
                days=format_number(EMERGING_DAYS),
                day=format_day(filters.period.last_day),
            )
        )
        _list(found)


def classify_patterns(found: pd.DataFrame) -> pd.Series:
    """Return the number of each cell's pattern: 0 for none, 1 to 8 for hot spots, 9 for any cold spot."""
    number_of = {f"{kind}_hot": place for place, kind in enumerate(KINDS, start=1)}
    numbers = found["pattern"].map(number_of).fillna(len(KINDS) + 1)
    return numbers.mask(found["pattern"] == NO_PATTERN, 0).astype("int64")


def describe_emerging(found: pd.DataFrame) -> str:
    """Describe how many cells are hot spots: persisting or growing, new, and weakening or past."""
    counts = found["pattern"].value_counts()
    lasting = int(counts.reindex([f"{kind}_hot" for kind in ("intensifying", "persistent")]).sum())
    fresh = int(counts.reindex([f"{kind}_hot" for kind in ("new", "consecutive")]).sum())
    past = int(counts.reindex([f"{kind}_hot" for kind in ("diminishing", "historical")]).sum())
    parts = [
        text.format(n=format_number(n))
        for n, text in (
            (lasting, _("{n} persisting or growing")),
            (fresh, _("{n} new")),
            (past, _("{n} weakening or past")),
        )
        if n
    ]
    n_hot = int(counts[counts.index.str.endswith("_hot")].sum())
    if not n_hot:
        return _("No cell was a hot spot with a recognised pattern.")
    said = _("{n} of {all} cells are hot spots with a pattern").format(
        n=format_number(n_hot), all=format_number(len(found))
    )
    return f"{said}: {format_list(parts)}." if parts else f"{said}."


def draw_emerging(connection: Connection, filters: Filters, found: pd.DataFrame) -> OfflineMap:
    """Draw the cells by their pattern."""
    map_ = draw_outlines(start_crime_map(connection, filters.area), connection, filters)
    zones = merge_cells(make_cells(connection, filters.area), classify_patterns(found).to_numpy())
    entries = [*WORDS.values(), COLD]
    titles = [_(entries[place - 1][0]) for place in zones.index]
    figures = pd.DataFrame({_("Cells"): zones["n_cells"].map(format_number)}, index=zones.index)
    colours = [entries[place - 1][1] for place in zones.index]
    add_zones(map_, zones, colours, titles=titles, figures=figures)
    shown = [entries[place - 1] for place in zones.index]
    heading = Heading(_("Hot spots over the year"))
    return add_legend(
        map_,
        heading,
        [colour for _text, colour in shown],
        [_(text).partition(":")[0] for text, _colour in shown],
    )


def _list(found: pd.DataFrame) -> None:
    classes = classify_patterns(found)
    entries = [*WORDS.values(), COLD]
    rows = pd.DataFrame(
        {
            "pattern": [_(text) for text, _colour in entries],
            "n_cells": classes.value_counts().reindex(range(1, len(entries) + 1), fill_value=0).to_numpy(),
        }
    )
    columns = [Column("pattern", _("Pattern")), Column("n_cells", _("Cells"), "count")]
    show_table(rows, columns, key="compare_emerging_table")
