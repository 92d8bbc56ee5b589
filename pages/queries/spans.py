"""First and last days of the records."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pandas as pd
import streamlit as st

from data import repository
from pages.queries.records import CACHE_TTL, Connection, hash_by_version
from pages.text.language import find_local_day

if TYPE_CHECKING:
    from datetime import date

    from data.periods import Period
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


def find_period_before(connection: Connection, filters: Filters, dataset: str) -> Period | None:
    """Return the previous period of the same length; None if the data of a dataset begin later."""
    first, before = read_spans(connection)[dataset].first, filters.period.previous()
    return before if first is not None and first <= before.since else None
