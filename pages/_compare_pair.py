"""Two maps side by side, of one scale where they show one thing, moving together."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd
import streamlit as st

from geo.caution import LEAST_TO_MAP
from geo.classify import CRIME, Classes, classify
from geo.errors import TooFewError
from geo.maps import (
    AreaStyle,
    Heading,
    OfflineMap,
    add_boundaries,
    add_choropleth,
    add_legend,
    follow_each_other,
)
from pages import (
    _compare_queries,
    _coverage_maps,
    _crime_layers,
    _crime_queries,
    _evidence,
    _queries,
    _words,
)
from pages._crime_queries import Subject
from pages._map import show_map
from pages._texts import N_, _, day, ngettext, number, percent, period, plain, short_number
from pages._texts import say as say_told

if TYPE_CHECKING:
    from geo.hotspots import DensitySurface
    from pages._evidence import Evidence
    from pages._filters import Filters
    from pages._records import Source

MEASURES = {
    "villages": N_("Crimes per km², by village"),
    "density": N_("Crime density"),
    "cells": N_("Significant cells"),
    "reported_coverage": N_("Reported coverage"),
    "evidenced_coverage": N_("Coverage supported by GPS"),
}
WHEN = {"now": N_("this period"), "before": N_("the period before"), "year": N_("a year ago")}
OF_COVERAGE = ("reported_coverage", "evidenced_coverage")
DEFAULTS = {"left": ("villages", "before"), "right": ("villages", "now")}
ALL_KINDS = ""
MAP_HEIGHT = 480

_GROUP = "compare.group"


class Side(NamedTuple):
    """What one map shows."""

    measure: str
    filters: Filters

    @property
    def is_coverage(self) -> bool:
        """Whether it shows coverage; else crime."""
        return self.measure in OF_COVERAGE


def show(source: Source, filters: Filters) -> None:
    """Draw both maps and say what they show."""
    group = st.session_state.setdefault(_GROUP, secrets.token_hex(8))
    columns = st.columns(2, gap="medium")
    sides = []
    for column, name in zip(columns, DEFAULTS, strict=True):
        with column:
            sides.append(_choose(source, filters, name))
    st.markdown(say(source, *sides))
    shared = _share_scale(source, *sides)
    for place, name, side in zip(st.columns(2, gap="medium"), DEFAULTS, sides, strict=True):
        with place:
            map_ = _draw(source, side, shared)
            follow_each_other(map_, group)
            show_map(map_, key=f"compare_{name}", height=MAP_HEIGHT)
    if shared is not None or all(side.is_coverage for side in sides):
        st.caption(_("Both maps have the same classes and move together."))
    else:
        st.caption(_("The two maps show different things, each with its own classes; they move together."))


def _choose(source: Source, filters: Filters, name: str) -> Side:
    measure, when = DEFAULTS[name]
    measures = {code: _(text) for code, text in MEASURES.items()}
    chosen = st.selectbox(
        _("Left map shows") if name == "left" else _("Right map shows"),
        list(measures),
        index=list(measures).index(measure),
        key=f"compare_{name}_measure",
        format_func=measures.__getitem__,
    )
    spans = _compare_queries.windows(source, filters)
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
        kinds = {ALL_KINDS: _("as in the filters")}
        kinds |= {kind: _words.category(kind) for kind in _queries.list_categories(source)}
        kind = st.selectbox(
            _("Crime categories"),
            list(kinds),
            key=f"compare_{name}_kind",
            format_func=kinds.__getitem__,
            disabled=chosen in OF_COVERAGE,
        )
    categories = (kind,) if kind else filters.categories
    return Side(chosen, replace(filters, window=spans[span], categories=categories))


def say(source: Source, left: Side, right: Side) -> str:
    """Say what both sides come to, and whether they differ where they count one thing."""
    parts = [
        f"**{heading}** {_sum_up(source, side)}"
        for heading, side in ((_("Left:"), left), (_("Right:"), right))
    ]
    if not left.is_coverage and not right.is_coverage and left.filters.categories == right.filters.categories:
        earlier, later = sorted((left.filters, right.filters), key=lambda one: one.window.since)
        if earlier.window != later.window:
            n_earlier, n_later = (_queries.count_crimes(source, one).n_crimes for one in (earlier, later))
            verdict = _compare_queries.compare_totals(n_earlier, n_later)
            parts.append(say_verdict(verdict, n_earlier, n_later))
    if any(0 < _count(source, side) < LEAST_TO_MAP for side in (left, right) if not side.is_coverage):
        parts.append(
            _("With fewer than {n} crimes a map shows single cases, no pattern.").format(
                n=number(LEAST_TO_MAP)
            )
        )
    return " ".join(filter(None, parts))


def _count(source: Source, side: Side) -> int:
    return _queries.count_crimes(source, side.filters).n_crimes


def say_verdict(verdict: str, n_before: int, n_after: int) -> str:
    """Say whether the later of two counts is more, fewer or the same, or that it can't be told."""
    if not n_before + n_after:
        return ""
    change = percent(abs(n_after - n_before) / n_before) if n_before else ""
    if verdict == "more":
        said = _("Clearly more in the later period: up {change}.") if change else _("Clearly more.")
        return said.format(change=change)
    if verdict == "fewer":
        return _("Clearly fewer in the later period: down {change}.").format(change=change)
    if verdict == "same":
        return _("As many as before: the difference is small for sure.")
    return _("The difference is within what chance gives.")


def _sum_up(source: Source, side: Side) -> str:
    window = side.filters.window
    span = _("{first} to {last}").format(first=day(window.since), last=day(window.last_day))
    if side.is_coverage:
        found = _evidence.measure(source, side.filters)
        share = found.reported if side.measure == "reported_coverage" else found.evidenced
        return _("{share} of {n} households visited, {span}.").format(
            share=percent(share), n=number(found.n_households), span=span
        )
    n = _count(source, side)
    return ngettext("{n} crime, {span}.", "{n} crimes, {span}.", n).format(n=number(n), span=span)


def _share_scale(source: Source, left: Side, right: Side) -> Classes | None:
    """Find the classes of two maps of one measure; coverage has fixed ones anyway."""
    if left.measure != right.measure or left.measure not in ("villages", "density"):
        return None
    if left.measure == "density":
        try:
            return _crime_layers.shade(*(_surface(source, side) for side in (left, right)))
        except TooFewError:
            return None
    values = [
        _queries.count_crimes_around(source, side.filters).villages["crimes_per_km2"]
        for side in (left, right)
    ]
    return classify(pd.concat(values), scheme="natural", palette=CRIME)


def _surface(source: Source, side: Side) -> DensitySurface:
    bandwidth_m = _crime_queries.learn(source, side.filters.area).bandwidth_m
    return _crime_queries.measure_density(source, Subject.of(side.filters), bandwidth_m)


def _draw(source: Source, side: Side, shared: Classes | None) -> OfflineMap:
    filters = side.filters
    if side.is_coverage:
        around: Evidence = _evidence.measure_around(source, filters)
        return _coverage_maps.draw_measure(source, filters, around, side.measure)  # type: ignore[arg-type]  # one of OF_COVERAGE
    map_ = _crime_layers.start(source, filters.area)
    try:
        if side.measure == "density":
            heading = Heading(_("Crime density"), _("crimes per km² in the period"), period(filters.window))
            return _crime_layers.draw_surface(
                map_, source, filters, _surface(source, side), heading, classes=shared
            )
        if side.measure == "cells":
            found = _crime_queries.find_cells(source, Subject.of(filters))
            return _crime_layers.draw_cells(map_, source, filters, found)
    except TooFewError as error:
        only = _("Only the borders are shown.")
        st.info(f"{plain(say_told(error))} {only}", icon=":material/info:")
        return _crime_layers.outline(map_, source, filters)
    return _draw_villages(map_, source, filters, shared)


def _draw_villages(map_: OfflineMap, source: Source, filters: Filters, shared: Classes | None) -> OfflineMap:
    areas = _queries.areas_around(source, filters.area)
    values = _queries.count_crimes_around(source, filters).villages["crimes_per_km2"]
    classes = shared or classify(values, scheme="natural", palette=CRIME)
    style = AreaStyle(chosen=filters.area, figures=_crime_layers.tell_crimes(source, filters))
    add_choropleth(map_, areas, values, classes, style=style)
    add_boundaries(map_, areas, outlines=False)
    heading = Heading(_("Recorded crimes"), _("crimes per km²"), period(filters.window))
    return add_legend(map_, heading, classes.colours, classes.labels(short_number))
