"""The slides of the shared screen: rounded figures of closed weeks, no name of a person."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import streamlit as st

from data.settings import get_settings
from geo.errors import TooFewError
from geo.rounding import BASE
from pages.briefing import change, figures, first_villages, raised_risk
from pages.queries.areas import name_heading
from pages.queries.closing import find_last_closed_week
from pages.queries.crime_methods import CrimeSelection, list_cautions
from pages.queries.evidence import load_assessment
from pages.queries.filters import Filters
from pages.queries.records import CACHE_TTL, hash_by_version
from pages.queries.rounded import (
    LENGTHS,
    find_rounded_period,
    list_rounded_periods,
    read_rounded_villages,
)
from pages.text.language import _, format_day, get_language, translate
from pages.text.templates import load_templates

if TYPE_CHECKING:
    from collections.abc import Callable

    from pages.queries.records import Connection

_TEMPLATES = Path(__file__).with_name("templates")


class Slide(NamedTuple):
    """One slide: what it asks, how it is made, and of how many days at least it speaks."""

    title: str
    compose: Callable[[Connection, Filters], Any]
    template: str
    choose_days: Callable[[Connection, str, int], int]


def write_slide(connection: Connection, area: str, days: int, place: int) -> str:
    """Write one slide as HTML, or a sentence where there is too little to show.

    Parameters
    ----------
    connection
        The unit's records.
    area
        Code of an area; empty for all.
    days
        Length of the period in days, one of ``pages.queries.rounded.LENGTHS``. Some slides lengthen it.
    place
        Position in ``TITLES``.

    Returns
    -------
    str
        A ``section`` element.
    """
    load_assessment(connection)  # new visits are assessed once, with a word that it takes a moment
    last = find_last_closed_week(connection)
    return _write_slide(connection, area, days, place, last, get_language())


@st.cache_data(
    max_entries=64,
    ttl=CACHE_TTL,
    show_spinner=False,
    hash_funcs=hash_by_version("visits", "households", "boundaries", "crimes", "decisions"),
)
def _write_slide(
    connection: Connection,
    area: str,
    days: int,
    place: int,
    last: int | None,  # noqa: ARG001 - the last closed week is part of the cache's key
    language: str,
) -> str:
    slide = SLIDES[place]
    where, doubt = [name_heading(connection, area)], ""
    try:
        period = find_rounded_period(connection, area, slide.choose_days(connection, area, days))
        filters = Filters(area, period, ())  # of all kinds of crime
        where.append(
            _("{first} to {last}").format(
                first=format_day(period.since, short=period.since.year == period.last_day.year),
                last=format_day(period.last_day),
            )
        )
        doubt = _describe_doubt(connection, filters)
        template, content = slide.template, slide.compose(connection, filters)
    except TooFewError as error:
        template, content = "too_few.html", translate(error)
    return (
        load_templates(_TEMPLATES)
        .get_template(template)
        .render(
            language=language,
            title=_(slide.title),
            where=" · ".join(where),
            doubt=doubt,
            content=content,
            rounded=_describe_rounding(),
        )
    )


def _describe_rounding() -> str:
    """Tell how the figures are rounded: always, as every figure is."""
    return _(
        "Figures of whole weeks, rounded to multiples of {base} so that they fit together and nobody can be "
        "made out; 0\N{EN DASH}{most} is fewer than {base}."
    ).format(base=BASE, most=BASE - 1)


def _describe_doubt(connection: Connection, filters: Filters) -> str:
    """Describe what limits the slide's figures, without a number of its own.

    Silent where the crimes are few, in the record or as rounded.
    """
    if not read_rounded_villages(connection, filters.area, filters.period)["n_crimes"].any():
        return ""
    doubts = list_cautions(connection, CrimeSelection.of(filters))
    return " ".join(
        _describe_caution(is_of_one_day="day" in one.values) for one in doubts if one.values["n"] >= BASE
    )


def _describe_caution(*, is_of_one_day: bool) -> str:
    if is_of_one_day:
        return _("All crimes are from one day: figures for the period describe that day only.")
    return _(
        "All crimes with a location are at one point. It may stand for addresses that nobody recorded: "
        "check before you act on it."
    )


def _keep_days(_connection: Connection, _area: str, days: int) -> int:
    return days


def _lengthen_days(_connection: Connection, _area: str, days: int) -> int:
    """Return at least the time over which coverage is measured: a week has too few visits and crimes."""
    return max(days, get_settings().coverage_days)


def _lengthen_to_weeks(_connection: Connection, _area: str, days: int) -> int:
    """Return at least the shortest period of which single villages are shown."""
    return max(days, VILLAGE_DAYS)


def _lengthen_compared_days(connection: Connection, area: str, days: int) -> int:
    """Return the longer period if the data reach back to another one as long."""
    longer = _lengthen_days(connection, area, days)
    spans = list_rounded_periods(connection, find_rounded_period(connection, area, longer))
    return longer if len(spans) > 1 else _lengthen_to_weeks(connection, area, days)


VILLAGE_DAYS = LENGTHS[1]
SLIDES = (
    Slide(figures.TITLE, figures.compose_figures, "figures.html", _keep_days),
    Slide(
        first_villages.TITLE,
        first_villages.compose_first_villages,
        "first_villages.html",
        _lengthen_days,
    ),
    Slide(change.TITLE, change.compose_change, "change.html", _lengthen_compared_days),
    Slide(raised_risk.TITLE, raised_risk.compose_raised_risk, "raised_risk.html", _lengthen_to_weeks),
)
TITLES = tuple(slide.title for slide in SLIDES)
