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
from pages import _records
from pages._records import KEPT, Source, by_version
from pages._texts import local_day

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


class Coverage(NamedTuple):
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


class Crimes(NamedTuple):
    """Crimes of an area in a window."""

    villages: pd.DataFrame
    n_crimes: int
    n_unlocated: int
    """Of these, crimes without a point: counted in the village that their record names, if any."""
    n_outside: int
    """Of these, crimes with a point outside every village."""


@st.cache_data(max_entries=8, ttl=KEPT, show_spinner=False, hash_funcs=by_version("visits", "crimes"))
def read_spans(source: Source) -> dict[str, Span]:
    """Tell the first and last day of ``visits`` and of ``crimes``."""
    frame = repository.read_span(source.database, source.principal)
    days = [
        [None if pd.isna(moment) else local_day(moment) for moment in frame[end]]
        for end in ("first_at", "last_at")
    ]
    return {name: Span(*pair) for name, *pair in zip(frame.index, *days, strict=True)}


def list_categories(source: Source) -> list[str]:
    """List the categories of crime that the data hold."""
    return sorted(_records.all_crimes(source)["category"].cat.categories)


def areas_of(source: Source, area: str) -> gpd.GeoDataFrame:
    """Give the villages of an area by its code; all in reach for the empty code."""
    frame = _records.villages(source)
    return frame[frame.index.str.startswith(area)]


def areas_around(source: Source, area: str) -> gpd.GeoDataFrame:
    """Give the villages to draw for an area: a single village stands among those of its district."""
    return areas_of(source, drawn(source, area))


def drawn(source: Source, area: str) -> str:
    """Tell which area a map of an area draws."""
    villages = _records.villages(source)
    return villages["district_code"].get(area, area)


def window_before(source: Source, filters: Filters, dataset: str) -> Window | None:
    """Give the previous period of the same length; None where the data of a dataset begin later."""
    first, before = read_spans(source)[dataset].first, filters.window.previous()
    return before if first is not None and first <= before.since else None


def measure(source: Source, filters: Filters, window: Window | None = None) -> Coverage:
    """Measure the reported coverage of the filters' area by village, in their window or another one."""
    measured = _coverage(source, window or filters.window)
    places = areas_of(source, filters.area)
    rows = pd.DataFrame(places[["village", "district", "district_code", "area_km2"]]).join(measured)
    return Coverage(
        rows,
        n_households=int(rows["n_households"].sum()),
        n_reported=int(rows["n_reported"].sum()),
        n_visits=int(rows["n_visits"].sum()),
        n_nowhere=0 if filters.area else _records.count_nowhere(source),
    )


@st.cache_data(
    max_entries=64, ttl=KEPT, show_spinner=False, hash_funcs=by_version("visits", "households", "boundaries")
)
def _coverage(source: Source, window: Window) -> pd.DataFrame:
    return measure_coverage(
        _records.households(source),
        _records.visits(source, window),
        since=window.since_at,
        until=window.until_at,
        areas=_records.villages(source).index,
    )


@st.cache_data(
    max_entries=64, ttl=KEPT, show_spinner=False, hash_funcs=by_version("visits", "households", "boundaries")
)
def place_visits(source: Source, window: Window, area: str) -> VisitPlaces:
    """Count where an area's visits lie.

    A visit is an area's where its household is registered there, or, without a registered household, where
    its own point lies; without an area all count.
    """
    rows = _records.cut(source, window)
    visits, within = _records.all_visits(source).iloc[rows], _records.within(source, rows, area)
    placement = visits["placement"].to_numpy()[within]
    home = visits["household_id"].cat.codes.to_numpy()[within]
    return VisitPlaces(
        n_visits=int(within.sum()),
        n_unlocated=int((placement == "unlocated").sum()),
        n_outside=int((placement == "outside").sum()),
        n_unmatched=int((home < 0).sum()),
    )


@st.cache_data(max_entries=32, ttl=KEPT, show_spinner=False, hash_funcs=by_version("visits", "boundaries"))
def bin_visits(source: Source, window: Window, area: str) -> pd.DataFrame:
    """Bin the points of an area's visits for a heat layer; points outside every village are left out."""
    visits = _records.visits(source, window)
    within = _under(_records.positions(visits["village_code"], _records.villages(source).index), source, area)
    return bin_points(visits[within])


def count_crimes(source: Source, filters: Filters, window: Window | None = None) -> Crimes:
    """Count the crimes of the filters' area and categories by village, in their window or another one."""
    places = areas_of(source, filters.area)
    crimes = _crimes_of(source, window or filters.window, filters.categories)
    position = _records.positions(crimes["village_code"], places.index)
    if filters.area:
        crimes, position = crimes[position >= 0], position[position >= 0]
    rows = pd.DataFrame(places[["village", "district", "area_km2"]]).assign(
        n_crimes=np.bincount(position + 1, minlength=len(places) + 1)[1:]
    )
    return Crimes(
        rows.assign(crimes_per_km2=rows["n_crimes"] / rows["area_km2"]),
        n_crimes=len(crimes),
        n_unlocated=int((crimes["placement"] == "unlocated").sum()),
        n_outside=int((crimes["placement"] == "outside").sum()),
    )


def count_crimes_around(source: Source, filters: Filters) -> Crimes:
    """Count the crimes of all villages that a map of the filters' area draws."""
    return count_crimes(source, replace(filters, area=drawn(source, filters.area)))


def list_crimes(source: Source, filters: Filters) -> pd.DataFrame:
    """List the located crimes of the filters' area, the latest ``MOST_POINTS`` of them."""
    crimes = _crimes_of(source, filters.window, filters.categories)
    within = _records.positions(crimes["village_code"], areas_of(source, filters.area).index) >= 0
    return crimes[within & crimes["lon"].notna().to_numpy()].tail(MOST_POINTS)


def _crimes_of(source: Source, window: Window, categories: tuple[str, ...]) -> pd.DataFrame:
    crimes = _records.crimes(source, window)
    return crimes[crimes["category"].isin(categories)] if categories else crimes


def _under(position: NDArray[np.intp], source: Source, area: str) -> NDArray[np.bool_]:
    """Tell which places in the list of villages are in an area; -1, in no village, is in none."""
    inside = _records.villages(source).index.str.startswith(area)
    return np.append(inside, False)[position]
