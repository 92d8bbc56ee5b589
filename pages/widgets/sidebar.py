"""Filters that pages share: area, period, categories and language, in the sidebar and in the URL.

The session holds the choices; widgets show them and write to the session when the user changes them. The URL
is read when it is new, and rewritten on every run, because switching pages drops it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import streamlit as st

from data.periods import Period
from data.settings import get_settings
from geo.areas import is_in_area
from pages.queries.areas import is_area, name_areas, name_villages
from pages.queries.crimes import list_categories
from pages.queries.filters import Filters
from pages.queries.spans import find_record_end
from pages.text.language import LANGUAGES, _, format_number, get_language, ngettext, set_language
from pages.text.vocabulary import name_category
from pages.widgets.urls import LONGEST_DAYS, PARAMETERS, FilterChoice, parse_choice, write_choice

if TYPE_CHECKING:
    from pages.queries.records import Connection


PERIODS = (30, 90, 180, 365)
"""Lengths in days to choose from, in addition to that of the settings."""


OWN_PERIOD = 0
"""Option for a custom period."""


_CHOICE, _WRITTEN, _PERIOD, _NAMED = "filters.choice", "filters.written", "filters.period", "filters.language"


_EARLIEST, _LATEST = date(1990, 1, 1), date(2099, 12, 31)


_N_ENDS = 2


_ONE_AREA = 2  # all, and a single district: that is nothing to choose from


def settle_language() -> None:
    """Use the language in the URL if the URL is new, and write the current language to it."""
    named = st.query_params.get("lang")
    if named is not None and named != st.session_state.get(_NAMED):
        set_language(named)
        if named not in LANGUAGES:
            st.sidebar.warning(_misread())
    current = get_language()
    st.session_state[_NAMED] = current
    if named != current:
        st.query_params["lang"] = current


def offer_languages() -> None:
    """Draw the language switch; each language has its own name."""
    st.session_state["filter_language"] = get_language()
    st.sidebar.segmented_control(
        "Bahasa / Language",
        list(LANGUAGES),
        format_func=LANGUAGES.__getitem__,
        key="filter_language",
        required=True,
        on_change=lambda: set_language(st.session_state["filter_language"]),
        width="stretch",
    )


def choose_filters(
    connection: Connection,
    *datasets: str,
    with_categories: bool = False,
    with_period: bool = True,
) -> Filters:
    """Draw the filters in the sidebar and return their values.

    Parameters
    ----------
    connection
        The database connection that areas and categories come from.
    *datasets
        What the page's figures rest on: visits, crimes or both. The period ends by default with their record.
    with_categories
        Whether the page has a filter for crime categories.
    with_period
        Whether it has a filter for the period.

    Returns
    -------
    Filters
        Only areas and categories in the data; anything else in the URL is ignored with a message.
    """
    choice, understood = _settle(connection)
    period = _window(connection, choice, *datasets)
    _remember(choice, period)
    with st.sidebar:
        if not understood:
            st.warning(_misread())
        _show_area(connection, choice)
        if with_period:
            _show_period(choice, period)
        if with_categories:
            _show_categories(connection, choice)
    return Filters(choice.area, period, choice.categories)


def set_area(code: str) -> None:
    """Set the area of all pages from the next run on."""
    _change(area=code)


def move_period(last: date, days: int) -> None:
    """Set the period of all pages to the ``days`` days ending on ``last``, from the next run on."""
    until = last + timedelta(days=1)
    _change(days=None, since=until - timedelta(days=days), until=until)


def write_area_query(area: str) -> dict[str, list[str]]:
    """Write the query of a link that keeps all filters except the area."""
    return write_choice(replace(_current(), area=area)) | {"lang": [get_language()]}


def find_last_day(connection: Connection, area: str, *datasets: str) -> date:
    """Find the last day of periods: the one to which the records of the area are complete."""
    today = connection.clock.today()
    return find_record_end(connection, area, *datasets) or today


def _misread() -> str:
    return _("The address of this page contains an unknown filter, which was ignored.")


def _current() -> FilterChoice:
    return st.session_state.get(_CHOICE, FilterChoice())


def _change(**changes: Any) -> None:
    st.session_state[_CHOICE] = replace(_current(), **changes)


def _settle(connection: Connection) -> tuple[FilterChoice, bool]:
    """Read the choice from the URL if it is new, else from the session; drop what does not exist."""
    query = {name: st.query_params.get_all(name) for name in PARAMETERS if name in st.query_params}
    choice, understood = _current(), True
    if query and query != st.session_state.get(_WRITTEN):
        choice, understood = parse_choice(query)
    known = choice
    if choice.area and not is_area(connection, choice.area):
        known = replace(known, area="")
    if choice.categories:
        held = set(list_categories(connection))
        known = replace(known, categories=tuple(name for name in choice.categories if name in held))
    return known, understood and known == choice


def _remember(choice: FilterChoice, period: Period) -> None:
    """Store the choice for the next run and page, and write it to the URL."""
    written = write_choice(choice)
    st.session_state.update({_CHOICE: choice, _WRITTEN: written, _PERIOD: (period.since, period.last_day)})
    query = {name: st.query_params.get_all(name) for name in st.query_params}
    wanted = {name: values for name, values in query.items() if name not in PARAMETERS} | written
    if query != wanted:
        st.query_params.from_dict(wanted)


def _window(connection: Connection, choice: FilterChoice, *datasets: str) -> Period:
    zone = get_settings().time_zone
    if choice.since and choice.until:
        return Period(choice.since, choice.until, zone)
    days = choice.days or get_settings().coverage_days
    last = find_last_day(connection, choice.area, *datasets)
    return Period.last(days, until=last + timedelta(days=1), zone=zone)


def _show_area(connection: Connection, choice: FilterChoice) -> None:
    """Draw a box for the regency or district, if there are several, and one for the village."""
    wider = {"": _("All areas")} | name_areas(connection)
    around = next(code for code in reversed(wider) if is_in_area(choice.area, code))
    st.session_state["filter_area"] = around
    if len(wider) > _ONE_AREA:
        st.selectbox(
            _("Area"),
            list(wider),
            key="filter_area",
            format_func=wider.__getitem__,
            on_change=lambda: _change(area=st.session_state["filter_area"]),
        )
    villages = {"": _("All villages")} | name_villages(connection, around)
    st.session_state["filter_village"] = choice.area if choice.area in villages else ""
    st.selectbox(
        _("Village"),
        list(villages),
        key="filter_village",
        format_func=villages.__getitem__,
        on_change=lambda: _change(area=st.session_state["filter_village"] or around),
    )


def _show_period(choice: FilterChoice, period: Period) -> None:
    """Draw the box for the length of the period, and a date range for a custom period."""
    lengths = sorted({*PERIODS, get_settings().coverage_days, *filter(None, [choice.days])})
    length = choice.days or get_settings().coverage_days
    labels = {days: _describe_length(days) for days in (*lengths, OWN_PERIOD)}
    st.session_state["filter_days"] = OWN_PERIOD if choice.since else length
    st.selectbox(
        _("Period"),
        list(labels),
        key="filter_days",
        format_func=labels.__getitem__,
        on_change=_take_length,
    )
    if choice.since:
        st.session_state["filter_dates"] = (period.since, period.last_day)
        st.date_input(
            _("First and last day"),
            key="filter_dates",
            format="DD/MM/YYYY",
            min_value=_EARLIEST,
            max_value=_LATEST,
            on_change=_take_dates,
        )


def _describe_length(days: int) -> str:
    if days == OWN_PERIOD:
        return _("Custom dates")
    return ngettext("Last {n} day", "Last {n} days", days).format(n=format_number(days))


def _take_length() -> None:
    days = st.session_state["filter_days"]
    if days == OWN_PERIOD:
        first, last = st.session_state[_PERIOD]
        _change(days=None, since=first, until=last + timedelta(days=1))
    else:
        _change(days=None if days == get_settings().coverage_days else days, since=None, until=None)


def _take_dates() -> None:
    """Read both ends of a period; nothing changes until both are picked."""
    ends = st.session_state["filter_dates"]
    if len(ends) == _N_ENDS:
        until = ends[1] + timedelta(days=1)
        _change(since=max(ends[0], until - timedelta(days=LONGEST_DAYS)), until=until)


def _show_categories(connection: Connection, choice: FilterChoice) -> None:
    """Draw the box for categories; none selected means all."""
    labels = {name: name_category(name) for name in list_categories(connection)}
    st.session_state["filter_categories"] = list(choice.categories)
    st.multiselect(
        _("Crime categories"),
        list(labels),
        key="filter_categories",
        format_func=labels.__getitem__,
        placeholder=_("All categories"),
        on_change=lambda: _change(categories=tuple(st.session_state["filter_categories"])),
    )
