"""What pages ask: each answer a frame or a count, from the cached records by a method of ``geo``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import streamlit as st

from data import repository
from geo.coverage import measure_coverage
from geo.heat import bin_points
from pages._records import (
    CACHE_TTL,
    Connection,
    count_unplaced_households,
    hash_by_version,
    index_codes,
    load_crimes,
    load_households,
    load_villages,
    load_visits,
    mask_visits,
    select_crimes,
    select_visits,
    slice_visits,
)
from pages.text.language import find_local_day

if TYPE_CHECKING:
    from datetime import date

    import geopandas as gpd
    from numpy.typing import NDArray

    from data.windows import Window
    from pages._filters import Filters

MOST_POINTS = 5_000
"""Crimes that a map shows one by one, the latest first."""


class Span(NamedTuple):
    """First and last local day of a dataset; None where it is empty."""

    first: date | None
    last: date | None


class ReportedCoverage(NamedTuple):
    """Reported coverage of an area in a window."""

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
        """Registered households without a visit in the window."""
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


class CrimeCounts(NamedTuple):
    """Crimes of an area in a window."""

    villages: pd.DataFrame
    n_crimes: int
    n_unlocated: int
    """Of these, crimes without a point: counted in the village that their record names, if any."""
    n_outside: int
    """Of these, crimes with a point outside every village."""


@st.cache_data(
    max_entries=8, ttl=CACHE_TTL, show_spinner=False, hash_funcs=hash_by_version("visits", "crimes")
)
def read_spans(connection: Connection) -> dict[str, Span]:
    """Tell the first and last day of ``visits`` and of ``crimes``."""
    frame = repository.read_span(connection.database, connection.principal)
    days = [
        [None if pd.isna(moment) else find_local_day(moment) for moment in frame[end]]
        for end in ("first_at", "last_at")
    ]
    return {name: Span(*pair) for name, *pair in zip(frame.index, *days, strict=True)}


def list_categories(connection: Connection) -> list[str]:
    """List the categories of crime that the data hold."""
    return sorted(load_crimes(connection)["category"].cat.categories)


def select_villages(connection: Connection, area: str) -> gpd.GeoDataFrame:
    """Give the villages of an area by its code; all in reach for the empty code."""
    frame = load_villages(connection)
    return frame[frame.index.str.startswith(area)]


def select_surroundings(connection: Connection, area: str) -> gpd.GeoDataFrame:
    """Give the villages to draw for an area: a single village stands among those of its district."""
    return select_villages(connection, find_drawn_area(connection, area))


def find_drawn_area(connection: Connection, area: str) -> str:
    """Tell which area a map of an area draws."""
    villages = load_villages(connection)
    return villages["district_code"].get(area, area)


def find_period_before(connection: Connection, filters: Filters, dataset: str) -> Window | None:
    """Give the previous period of the same length; None where the data of a dataset begin later."""
    first, before = read_spans(connection)[dataset].first, filters.window.previous()
    return before if first is not None and first <= before.since else None


def read_reported_coverage(
    connection: Connection, filters: Filters, window: Window | None = None
) -> ReportedCoverage:
    """Measure the reported coverage of the filters' area by village, in their window or another one."""
    measured = _measure_reported(connection, window or filters.window)
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
def _measure_reported(connection: Connection, window: Window) -> pd.DataFrame:
    return measure_coverage(
        load_households(connection),
        select_visits(connection, window),
        since=window.since_at,
        until=window.until_at,
        areas=load_villages(connection).index,
    )


@st.cache_data(
    max_entries=64,
    ttl=CACHE_TTL,
    show_spinner=False,
    hash_funcs=hash_by_version("visits", "households", "boundaries"),
)
def count_visit_places(connection: Connection, window: Window, area: str) -> VisitPlaces:
    """Count where an area's visits lie.

    A visit is an area's where its household is registered there, or, without a registered household, where
    its own point lies; without an area all count.
    """
    rows = slice_visits(connection, window)
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
def bin_visits(connection: Connection, window: Window, area: str) -> pd.DataFrame:
    """Bin the points of an area's visits for a heat layer; points outside every village are left out."""
    visits = select_visits(connection, window)
    within = _under(index_codes(visits["village_code"], load_villages(connection).index), connection, area)
    return bin_points(visits[within])


def count_crimes(connection: Connection, filters: Filters, window: Window | None = None) -> CrimeCounts:
    """Count the crimes of the filters' area and categories by village, in their window or another one."""
    places = select_villages(connection, filters.area)
    crimes = _crimes_of(connection, window or filters.window, filters.categories)
    position = index_codes(crimes["village_code"], places.index)
    if filters.area:
        crimes, position = crimes[position >= 0], position[position >= 0]
    rows = pd.DataFrame(places[["village", "district", "area_km2"]]).assign(
        n_crimes=np.bincount(position + 1, minlength=len(places) + 1)[1:]
    )
    return CrimeCounts(
        rows.assign(crimes_per_km2=rows["n_crimes"] / rows["area_km2"]),
        n_crimes=len(crimes),
        n_unlocated=int((crimes["placement"] == "unlocated").sum()),
        n_outside=int((crimes["placement"] == "outside").sum()),
    )


def count_crimes_around(connection: Connection, filters: Filters) -> CrimeCounts:
    """Count the crimes of all villages that a map of the filters' area draws."""
    return count_crimes(connection, replace(filters, area=find_drawn_area(connection, filters.area)))


def list_crimes(connection: Connection, filters: Filters) -> pd.DataFrame:
    """List the located crimes of the filters' area, the latest ``MOST_POINTS`` of them."""
    crimes = _crimes_of(connection, filters.window, filters.categories)
    within = index_codes(crimes["village_code"], select_villages(connection, filters.area).index) >= 0
    return crimes[within & crimes["lon"].notna().to_numpy()].tail(MOST_POINTS)


def _crimes_of(connection: Connection, window: Window, categories: tuple[str, ...]) -> pd.DataFrame:
    crimes = select_crimes(connection, window)
    return crimes[crimes["category"].isin(categories)] if categories else crimes


def _under(position: NDArray[np.intp], connection: Connection, area: str) -> NDArray[np.bool_]:
    """Tell which places in the list of villages are in an area; -1, in no village, is in none."""
    inside = load_villages(connection).index.str.startswith(area)
    return np.append(inside, False)[position]
