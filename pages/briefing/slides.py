"""The slides of the shared screen: aggregates only, small counts withheld, no name of a person."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import streamlit as st

from data.settings import get_settings
from geo.errors import TooFewError
from geo.suppression import DEFAULT_THRESHOLD
from pages.briefing import change, figures, first_villages, raised_risk
from pages.queries.areas import name_heading
from pages.queries.comparisons import list_comparison_periods
from pages.queries.crime_methods import CrimeSelection, list_cautions
from pages.queries.evidence import load_assessment
from pages.queries.records import CACHE_TTL, hash_by_version
from pages.text.language import _, format_day, get_language, translate
from pages.text.templates import load_templates

if TYPE_CHECKING:
    from collections.abc import Callable

    from data.periods import Period
    from pages.queries.filters import Filters
    from pages.queries.records import Connection

_TEMPLATES = Path(__file__).with_name("templates")


class Slide(NamedTuple):
    """One slide: what it asks, and how it is made."""

    title: str
    compose: Callable[[Connection, Filters], Any]
    template: str
    choose_period: Callable[[Connection, Filters], Period]


def write_slide(connection: Connection, filters: Filters, place: int) -> str:
    """Write one slide as HTML, or a sentence where there is too little to show.

    Parameters
    ----------
    connection
        The unit's records.
    filters
        Area, period and kinds of crime. Some slides lengthen the period.
    place
        Position in ``TITLES``.

    Returns
    -------
    str
        A ``section`` element.
    """
    load_assessment(connection)  # new visits are assessed once, with a word that it takes a moment
    return _write_slide(connection, filters, place, get_language())


@st.cache_data(
    max_entries=64,
    ttl=CACHE_TTL,
    show_spinner=False,
    hash_funcs=hash_by_version("visits", "households", "boundaries", "crimes", "decisions"),
)
def _write_slide(connection: Connection, filters: Filters, place: int, language: str) -> str:
    slide = SLIDES[place]
    filters = replace(filters, period=slide.choose_period(connection, filters))
    try:
        template, content = slide.template, slide.compose(connection, filters)
    except TooFewError as error:
        template, content = "too_few.html", translate(error)
    span = _("{first} to {last}").format(
        first=format_day(filters.period.since, short=True), last=format_day(filters.period.last_day)
    )
    return (
        load_templates(_TEMPLATES)
        .get_template(template)
        .render(
            language=language,
            title=_(slide.title),
            where=f"{name_heading(connection, filters.area)} · {span}",
            doubt=_describe_doubt(connection, filters),
            content=content,
        )
    )


def _describe_doubt(connection: Connection, filters: Filters) -> str:
    """Describe what limits the slide's figures; nothing where the crimes are few."""
    doubts = list_cautions(connection, CrimeSelection.of(filters))
    return " ".join(translate(one) for one in doubts if one.values["n"] >= DEFAULT_THRESHOLD)


def _keep_period(_connection: Connection, filters: Filters) -> Period:
    return filters.period


def _lengthen_period(_connection: Connection, filters: Filters) -> Period:
    """Return at least the time over which coverage is measured: a week has too few visits and crimes."""
    period = filters.period
    days = max(period.days, get_settings().coverage_days)
    return period.last(days, until=period.until, zone=period.zone)


def _lengthen_compared_period(connection: Connection, filters: Filters) -> Period:
    """Return the longer period if the data reach back to another one as long."""
    longer = _lengthen_period(connection, filters)
    spans = list_comparison_periods(connection, replace(filters, period=longer))
    return longer if len(spans) > 1 else filters.period


SLIDES = (
    Slide(figures.TITLE, figures.compose_figures, "figures.html", _keep_period),
    Slide(
        first_villages.TITLE,
        first_villages.compose_first_villages,
        "first_villages.html",
        _lengthen_period,
    ),
    Slide(change.TITLE, change.compose_change, "change.html", _lengthen_compared_period),
    Slide(raised_risk.TITLE, raised_risk.compose_raised_risk, "raised_risk.html", _keep_period),
)
TITLES = tuple(slide.title for slide in SLIDES)
