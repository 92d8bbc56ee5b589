"""Two maps side by side that move together, with the same classes if they show the same measure."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd
import streamlit as st

from geo.caution import MIN_TO_MAP
from geo.classify import CRIME_COLOURS, Classes, classify_values
from geo.errors import TooFewError
from geo.maps import (
    AreaStyle,
    Heading,
    OfflineMap,
    add_boundaries,
    add_choropleth,
    add_legend,
    synchronise_maps,
)
from pages.coverage.maps import draw_coverage
from pages.hotspots.layers import (
    classify_surfaces,
    draw_outlines,
    draw_significant_cells,
    draw_surface,
    list_crime_figures,
    start_crime_map,
)
from pages.queries.areas import select_map_areas, select_surroundings, select_villages
from pages.queries.comparisons import compare_counts, list_comparison_periods
from pages.queries.crime_methods import (
    CrimeSelection,
    find_significant_cells,
    learn_area_bandwidth,
    measure_density,
)
from pages.queries.crimes import count_crimes, count_crimes_around, list_categories
from pages.queries.spans import find_comparison_obstacle
from pages.queries.visits import read_coverage
from pages.text.language import (
    N_,
    _,
    escape_markdown,
    format_day,
    format_number,
    format_percent,
    format_period,
    format_short_number,
    ngettext,
    translate,
)
from pages.text.vocabulary import name_category
from pages.widgets.maps import show_map

if TYPE_CHECKING:
    from geo.hotspots import DensitySurface
    from pages.queries.filters import Filters
    from pages.queries.records import Connection

MEASURES = {
    "villages": N_("Crimes per km², by village"),
    "density": N_("Crime density"),
    "cells": N_("Significant cells"),
    "reported_coverage": N_("Reported coverage"),
    "evidenced_coverage": N_("Coverage supported by GPS"),
}
WHEN = {"now": N_("this period"), "before": N_("the previous period"), "year": N_("a year ago")}
OF_COVERAGE = ("reported_coverage", "evidenced_coverage")
DEFAULTS = {"left": ("villages", "before"), "right": ("villages", "now")}
ALL_KINDS = ""
MAP_HEIGHT = 480

_GROUP = "compare.group"


class Side(NamedTuple):
    """Measure and filters of one map."""

    measure: str
    filters: Filters

    @property
    def is_coverage(self) -> bool:
        """Whether it shows coverage rather than crime."""
        return self.measure in OF_COVERAGE


def show_side_by_side(connection: Connection, filters: Filters) -> None:
    """Show both maps and describe them."""
    group = st.session_state.setdefault(_GROUP, secrets.token_hex(8))
    columns = st.columns(2, gap="medium")
    sides = []
    for column, name in zip(columns, DEFAULTS, strict=True):
        with column:
            sides.append(_choose(connection, filters, name))
    st.markdown(describe_sides(connection, *sides))
    shared = _share_scale(connection, *sides)
    for place, name, side in zip(st.columns(2, gap="medium"), DEFAULTS, sides, strict=True):
        with place:
            map_ = _draw(connection, side, shared)
            synchronise_maps(map_, group)
            show_map(map_, key=f"compare_{name}", height=MAP_HEIGHT)
    if shared is not None or all(side.is_coverage for side in sides):
        st.caption(_("Both maps use the same classes and move together."))
    else:
        st.caption(_("The two maps show different measures, each with its own classes. They move together."))


def _choose(connection: Connection, filters: Filters, name: str) -> Side:
    measure, when = DEFAULTS[name]
    measures = {code: _(text) for code, text in MEASURES.items()}
    chosen = st.selectbox(
        _("Left map shows") if name == "left" else _("Right map shows"),
        list(measures),
        index=list(measures).index(measure),
        key=f"compare_{name}_measure",
        format_func=measures.__getitem__,
    )
    spans = list_comparison_periods(connection, filters)
    left, right = st.columns(2)
    with left:
        words = {code: _(WHEN[code]) for code in spans}
        span = st.selectbox(
            _("Period"),
            list(spans),
            index=list(spans).index(when) if when in spans else 0,
            key=f"compare_{name}_when",
            format_func=words.__getitem__,
        )
    with right:
        kinds = {ALL_KINDS: _("same as the filters")}
        kinds |= {kind: name_category(kind) for kind in list_categories(connection)}
        kind = st.selectbox(
            _("Crime categories"),
            list(kinds),
            key=f"compare_{name}_kind",
            format_func=kinds.__getitem__,
            disabled=chosen in OF_COVERAGE,
        )
    categories = (kind,) if kind else filters.categories
    return Side(chosen, replace(filters, period=spans[span], categories=categories))


def describe_sides(connection: Connection, left: Side, right: Side) -> str:
    """Describe the totals of both sides, and whether they differ if both count the same crimes."""
    parts = [
        f"**{heading}** {_sum_up(connection, side)}"
        for heading, side in ((_("Left:"), left), (_("Right:"), right))
    ]
    if not left.is_coverage and not right.is_coverage and left.filters.categories == right.filters.categories:
        earlier, later = sorted((left.filters, right.filters), key=lambda one: one.period.since)
        obstacle = find_comparison_obstacle(connection, later, earlier.period, "crimes")
        if obstacle is not None and earlier.period != later.period:
            parts.append(escape_markdown(translate(obstacle)))
        elif earlier.period != later.period:
            n_earlier, n_later = (count_crimes(connection, one).n_crimes for one in (earlier, later))
            verdict = compare_counts(n_earlier, n_later)
            parts.append(describe_difference(verdict, n_earlier, n_later))
    if any(0 < _count(connection, side) < MIN_TO_MAP for side in (left, right) if not side.is_coverage):
        parts.append(
            _("With fewer than {n} crimes, a map shows individual cases rather than a pattern.").format(
                n=format_number(MIN_TO_MAP)
            )
        )
    return " ".join(filter(None, parts))


def _count(connection: Connection, side: Side) -> int:
    return count_crimes(connection, side.filters).n_crimes


def describe_difference(verdict: str, n_before: int, n_after: int) -> str:
    """Describe whether the later of two counts is higher, lower, about the same, or unclear."""
    if not n_before + n_after:
        return ""
    change = format_percent(abs(n_after - n_before) / n_before) if n_before else ""
    if verdict == "more":
        said = _("Clearly more in the later period: up {change}.") if change else _("Clearly more.")
        return said.format(change=change)
    if verdict == "fewer":
        return _("Clearly fewer in the later period: down {change}.").format(change=change)
    if verdict == "same":
        return _("About as many as before: the change is less than a quarter (95% confidence).")
    return _("The difference could be due to chance.")


def _sum_up(connection: Connection, side: Side) -> str:
    period = side.filters.period
    span = _("{first} to {last}").format(first=format_day(period.since), last=format_day(period.last_day))
    if side.is_coverage:
        areas = select_villages(connection, side.filters.area)
        found = read_coverage(connection, areas, period)
        share = found.reported if side.measure == "reported_coverage" else found.evidenced
        return _("{share} of {n} households visited, {span}.").format(
            share=format_percent(share), n=format_number(found.n_households), span=span
        )
    n = _count(connection, side)
    return ngettext("{n} crime, {span}.", "{n} crimes, {span}.", n).format(n=format_number(n), span=span)


def _share_scale(connection: Connection, left: Side, right: Side) -> Classes | None:
    """Return common classes for two maps of the same measure; coverage always has fixed ones."""
    if left.measure != right.measure or left.measure not in ("villages", "density"):
        return None
    if left.measure == "density":
        try:
            return classify_surfaces(*(_surface(connection, side) for side in (left, right)))
        except TooFewError:
            return None
    values = [
        count_crimes_around(connection, side.filters).villages["crimes_per_km2"] for side in (left, right)
    ]
    return classify_values(pd.concat(values), scheme="natural", palette=CRIME_COLOURS)


def _surface(connection: Connection, side: Side) -> DensitySurface:
    bandwidth_m = learn_area_bandwidth(connection, side.filters.area).bandwidth_m
    return measure_density(connection, CrimeSelection.of(side.filters), bandwidth_m)


def _draw(connection: Connection, side: Side, shared: Classes | None) -> OfflineMap:
    filters = side.filters
    if side.is_coverage:
        areas = select_map_areas(connection, filters.area)
        around = read_coverage(connection, areas.drawn, filters.period)
        return draw_coverage(areas, around, filters, side.measure)  # type: ignore[arg-type]  # one of OF_COVERAGE
    map_ = start_crime_map(connection, filters.area)
    try:
        if side.measure == "density":
            heading = Heading(
                _("Crime density"), _("crimes per km² in the period"), format_period(filters.period)
            )
            return draw_surface(
                map_, connection, filters, _surface(connection, side), heading, classes=shared
            )
        if side.measure == "cells":
            found = find_significant_cells(connection, CrimeSelection.of(filters))
            return draw_significant_cells(map_, connection, filters, found)
    except TooFewError as error:
        only = _("Only the borders are shown.")
        st.info(f"{escape_markdown(translate(error))} {only}", icon=":material/info:")
        return draw_outlines(map_, connection, filters)
    return _draw_villages(map_, connection, filters, shared)


def _draw_villages(
    map_: OfflineMap, connection: Connection, filters: Filters, shared: Classes | None
) -> OfflineMap:
    areas = select_surroundings(connection, filters.area)
    values = count_crimes_around(connection, filters).villages["crimes_per_km2"]
    classes = shared or classify_values(values, scheme="natural", palette=CRIME_COLOURS)
    style = AreaStyle(chosen=filters.area, figures=list_crime_figures(connection, filters))
    add_choropleth(map_, areas, values, classes, style=style)
    add_boundaries(map_, areas, outlines=False)
    heading = Heading(_("Recorded crimes"), _("crimes per km²"), format_period(filters.period))
    return add_legend(map_, heading, classes.colours, classes.labels(format_short_number))
