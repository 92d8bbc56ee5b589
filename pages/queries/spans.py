"""First and last days of the records, and to which day they are complete."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd
import streamlit as st

from data import repository
from data.periods import Period
from geo.caution import find_cut_months
from geo.record_end import find_obstacle
from pages.queries.records import CACHE_TTL, Connection, hash_by_version, load_crimes
from pages.text.language import find_local_day

if TYPE_CHECKING:
    from datetime import date

    from geo.errors import Phrase
    from geo.record_end import RecordEnd
    from pages.queries.filters import Filters


class Span(NamedTuple):
    """First and last local day of a dataset; None where it is empty."""

    first: date | None
    last: date | None


@st.cache_data(
    max_entries=8, ttl=CACHE_TTL, show_spinner=False, hash_funcs=hash_by_version("visits", "crimes")
)
def read_spans(connection: Connection) -> dict[str, Span]:
    """Return the first and last day of ``visits`` and of ``crimes``."""
    frame = repository.read_span(connection.database, connection.principal)
    days = [
        [None if pd.isna(moment) else find_local_day(moment) for moment in frame[end]]
        for end in ("first_at", "last_at")
    ]
    return {name: Span(*pair) for name, *pair in zip(frame.index, *days, strict=True)}


@st.cache_data(
    max_entries=8,
    ttl=CACHE_TTL,
    show_spinner=False,
    hash_funcs=hash_by_version("visits", "crimes", "boundaries"),
)
def read_record_ends(connection: Connection) -> pd.DataFrame:
    """Return to which day each dataset is complete in each district, as ``data.repository`` reads it."""
    return repository.read_record_ends(connection.database, connection.principal)


def list_record_ends(connection: Connection, area: str, *datasets: str) -> list[RecordEnd]:
    """List the ends of the records that a figure of an area rests on."""
    return repository.select_record_ends(read_record_ends(connection), area, *datasets)


def find_record_end(connection: Connection, area: str, *datasets: str) -> date | None:
    """Return the last day to which all records of an area are complete; None where there are none."""
    days = [end.last_day for end in list_record_ends(connection, area, *datasets)]
    return min(days, default=None)


def end_with_record(connection: Connection, filters: Filters, *datasets: str) -> Filters:
    """Return the filters with a period that ends no later than the records, at the same length."""
    last = find_record_end(connection, filters.area, *datasets)
    if last is None or filters.period.last_day <= last:
        return filters
    period = Period.last(filters.period.days, until=last + timedelta(days=1), zone=filters.period.zone)
    return replace(filters, period=period)


def cut_to_record(connection: Connection, filters: Filters, *datasets: str) -> Period:
    """Return the part of the filters' period within the records; all of it where they end before it."""
    period, last = filters.period, find_record_end(connection, filters.area, *datasets)
    if last is None or not period.since <= last < period.last_day:
        return period
    return Period(period.since, last + timedelta(days=1), period.zone)


def find_comparison_obstacle(
    connection: Connection, filters: Filters, before: Period, *datasets: str
) -> Phrase | None:
    """Return what forbids comparing the filters' period with another one.

    That is what ``geo.record_end`` finds, or crimes known by a month that one of the periods cuts: they count
    on its first day, which may lie in the other one.
    """
    now = filters.period
    obstacle = find_obstacle(
        (before.since, before.last_day),
        (now.since, now.last_day),
        list_record_ends(connection, filters.area, *datasets),
    )
    if obstacle is not None or "crimes" not in datasets:
        return obstacle
    cut = (*_find_cut_months(connection, before), *_find_cut_months(connection, now))
    return next(iter(cut), None)


@st.cache_data(max_entries=64, ttl=CACHE_TTL, show_spinner=False, hash_funcs=hash_by_version("crimes"))
def _find_cut_months(connection: Connection, period: Period) -> list[Phrase]:
    """Find whether a period counts the crimes of a month that it has only a part of."""
    crimes = load_crimes(connection)
    return find_cut_months(crimes, since=period.since_at, until=period.until_at, zone=period.zone)


def find_period_before(connection: Connection, filters: Filters, dataset: str) -> Period | None:
    """Return the previous period of the same length; None if the record of a dataset does not hold both."""
    first, before = read_spans(connection)[dataset].first, filters.period.previous()
    if first is None or first > before.since:
        return None
    return None if find_comparison_obstacle(connection, filters, before, dataset) else before
