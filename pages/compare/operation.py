"""Crime before and after an operation relative to a control, including crime that may have moved nearby."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from geo.classify import Classes
from geo.maps import AreaStyle, Heading, OfflineMap, add_boundaries, add_choropleth, add_legend
from pages.compare.change import explain_no_comparison
from pages.hotspots.layers import start_crime_map
from pages.hotspots.sentences import explain_too_few
from pages.queries.areas import select_villages
from pages.queries.comparisons import (
    count_zones,
    find_zones,
    list_comparison_periods,
    measure_operation,
    name_zone_areas,
)
from pages.text.language import N_, _, format_day, format_number
from pages.widgets.maps import show_map
from pages.widgets.tables import Column, show_table

if TYPE_CHECKING:
    from geo.displacement import Displacement, ZoneCounts
    from pages.queries.comparisons import Zones
    from pages.queries.filters import Filters
    from pages.queries.records import Connection

ZONES = (
    (N_("operation"), "#1d4e89"),
    (N_("control"), "#8a6d00"),
    (N_("around the operation"), "#a9c6e8"),
    (N_("around the control"), "#e3d9a8"),
)
MAP_HEIGHT = 420


def show_operation(connection: Connection, filters: Filters) -> None:
    """Ask for the zones, draw them and describe the effect of the operation."""
    before = filters.period.previous()
    st.markdown(
        _(
            "Set the period in the sidebar to the time since the operation began: {first} to {last}. "
            "It is compared with {before} to {until}, immediately before."
        ).format(
            first=format_day(filters.period.since),
            last=format_day(filters.period.last_day),
            before=format_day(before.since),
            until=format_day(before.last_day),
        )
    )
    treated, control = _choose(connection)
    if not treated or not control:
        st.info(
            _(
                "Choose where the operation took place and a control: similar places where nothing "
                "was done. Their neighbours show whether crime moved."
            ),
            icon=":material/info:",
        )
        return
    if "before" not in list_comparison_periods(connection, filters):
        st.info(explain_no_comparison(connection, filters), icon=":material/info:")
        return
    zones = find_zones(connection, treated, control)
    with explain_too_few():
        counts = count_zones(connection, filters, zones)
        st.markdown(describe_operation(measure_operation(counts)))
    show_map(_draw(connection, zones), key="compare_operation", height=MAP_HEIGHT)
    _list(zones, counts)


def _choose(connection: Connection) -> tuple[tuple[str, ...], tuple[str, ...]]:
    names = name_zone_areas(connection)
    chosen = [
        st.multiselect(
            label,
            list(names),
            key=f"compare_{zone}",
            format_func=names.__getitem__,
            placeholder=_("Districts or villages"),
        )
        for zone, label in (("treated", _("Area of the operation")), ("control", _("Control")))
    ]
    return tuple(chosen[0]), tuple(chosen[1])


def describe_operation(found: Displacement) -> str:
    """Describe the effect of the operation, and whether it is beyond chance."""
    if found.high < 0:
        said = _(
            "Clearly fewer: {n} crimes fewer than expected from the control, including any that "
            "moved nearby (95%: {low} to {high} fewer)."
        )
        low, high = -found.high, -found.low
    elif found.low > 0:
        said = _(
            "Clearly more: {n} crimes more than expected from the control, including any that moved "
            "nearby (95%: {low} to {high} more)."
        )
        low, high = found.low, found.high
    else:
        said = _(
            "No effect can be established: the change lies between {low} crimes fewer and {high} "
            "more than expected from the control (95%)."
        )
        low, high = -found.low, found.high
    return said.format(
        n=format_number(abs(found.difference)), low=format_number(low), high=format_number(high)
    )


def _draw(connection: Connection, zones: Zones) -> OfflineMap:
    areas = select_villages(connection, "")
    number_of = pd.Series(float("nan"), index=areas.index)
    for place, codes in enumerate(zones):
        number_of.loc[codes] = place
    colours = [colour for _text, colour in ZONES]
    classes = Classes(tuple(float(edge) for edge in range(len(ZONES) + 1)), tuple(colours))
    map_ = start_crime_map(connection, "")
    add_choropleth(map_, areas, number_of, classes, style=AreaStyle())
    add_boundaries(map_, areas, outlines=False)
    labels = [_(text) for text, _colour in ZONES]
    return add_legend(map_, Heading(_("Zones")), colours, labels, no_data=_("not compared"))


def _list(zones: Zones, counts: list[ZoneCounts]) -> None:
    rows = pd.DataFrame(
        {
            "zone": [_(text) for text, _colour in ZONES],
            "n_villages": [len(codes) for codes in zones],
            "before": [count.before for count in counts],
            "after": [count.after for count in counts],
        }
    )
    columns = [
        Column("zone", _("Zone")),
        Column("n_villages", _("Villages"), "count"),
        Column("before", _("Before"), "count"),
        Column("after", _("Now"), "count"),
    ]
    show_table(rows, columns, key="compare_zones_table")
    st.caption(
        _(
            "Weighted displacement difference (Wheeler and Ratcliffe 2018): the change in and around "
            "the area of the operation, minus the change in and around the control. A control that "
            "is unlike the area of the operation misleads."
        )
    )
