"""What pages ask: each answer a frame or a count, from the cached records by a method of ``geo``."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pandas as pd
import streamlit as st

from geo.coverage import measure_coverage
from geo.groups import NOWHERE, find_positions
from geo.heat import bin_points
from pages.queries.areas import select_villages
from pages.queries.records import (
    CACHE_TTL,
    Connection,
    count_unplaced_households,
    hash_by_version,
    load_households,
    load_villages,
    load_visits,
    mask_visits,
    select_visits,
    slice_visits,
)

if TYPE_CHECKING:
    from data.periods import Period
    from pages.queries.filters import Filters


class ReportedCoverage(NamedTuple):
    """Reported coverage of an area in a period."""

    villages: pd.DataFrame
    n_households: int
    n_reported: int
    n_visits: int
    n_nowhere: int
    """Households that lie in no village, and so are in no row; counted where no area is chosen."""

    @property
    def share(self) -> float:
        """Households visited over registered ones, NaN without any."""
        return self.n_reported / self.n_households if self.n_households else float("nan")

    @property
    def n_missed(self) -> int:
        """Registered households without a visit in the period."""
        return self.n_households - self.n_reported


class VisitPlaces(NamedTuple):
    """How many visits of an area lie where."""

    n_visits: int
    n_unlocated: int
    n_outside: int
    n_unmatched: int

    @property
    def share_located(self) -> float:
        """Visits with a fix over all, NaN without any."""
        return 1 - self.n_unlocated / self.n_visits if self.n_visits else float("nan")


def read_reported_coverage(
    connection: Connection, filters: Filters, period: Period | None = None
) -> ReportedCoverage:
    """Measure the reported coverage of the filters' area by village, in their period or another one."""
    measured = _measure_reported(connection, period or filters.period)
    places = select_villages(connection, filters.area)
    rows = pd.DataFrame(places[["village", "district", "district_code", "area_km2"]]).join(measured)
    return ReportedCoverage(
        rows,
        n_households=int(rows["n_households"].sum()),
        n_reported=int(rows["n_reported"].sum()),
        n_visits=int(rows["n_visits"].sum()),
        n_nowhere=0 if filters.area else count_unplaced_households(connection),
    )


@st.cache_data(
    max_entries=64,
    ttl=CACHE_TTL,
    show_spinner=False,
    hash_funcs=hash_by_version("visits", "households", "boundaries"),
)
def _measure_reported(connection: Connection, period: Period) -> pd.DataFrame:
    return measure_coverage(
        load_households(connection),
        select_visits(connection, period),
        since=period.since_at,
        until=period.until_at,
        areas=load_villages(connection).index,
    )


@st.cache_data(
    max_entries=64,
    ttl=CACHE_TTL,
    show_spinner=False,
    hash_funcs=hash_by_version("visits", "households", "boundaries"),
)
def count_visit_places(connection: Connection, period: Period, area: str) -> VisitPlaces:
    """Count where an area's visits lie.

    A visit is an area's as ``geo.visits.find_visit_villages`` finds it; without an area all count.
    """
    rows = slice_visits(connection, period)
    visits, within = load_visits(connection).iloc[rows], mask_visits(connection, rows, area)
    placement = visits["placement"].to_numpy()[within]
    home = visits["household_id"].cat.codes.to_numpy()[within]
    return VisitPlaces(
        n_visits=int(within.sum()),
        n_unlocated=int((placement == "unlocated").sum()),
        n_outside=int((placement == "outside").sum()),
        n_unmatched=int((home < 0).sum()),
    )


@st.cache_data(
    max_entries=32, ttl=CACHE_TTL, show_spinner=False, hash_funcs=hash_by_version("visits", "boundaries")
)
def bin_visits(connection: Connection, period: Period, area: str) -> pd.DataFrame:
    """Bin the points of an area's visits for a heat layer; points outside every village are left out."""
    visits = select_visits(connection, period)
    position = find_positions(visits["village_code"], select_villages(connection, area).index)
    return bin_points(visits[position != NOWHERE])
