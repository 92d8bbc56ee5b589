"""Crimes of an area and period, counted and listed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd
import streamlit as st

from geo.groups import count_groups, find_positions
from pages.queries.areas import find_drawn_area, select_villages
from pages.queries.records import CACHE_TTL, Connection, hash_by_version, load_crimes, select_crimes

if TYPE_CHECKING:
    from data.periods import Period
    from pages.queries.filters import Filters


MOST_POINTS = 5_000
"""Maximum number of crimes that a map draws one by one, the latest first."""


class CrimeCounts(NamedTuple):
    """Crimes of an area in a period."""

    villages: pd.DataFrame
    n_crimes: int
    n_unlocated: int
    """Of these, crimes without a point: counted in the village that their record names, if any."""
    n_outside: int
    """Of these, crimes with a point outside all villages."""


def list_categories(connection: Connection) -> list[str]:
    """List the categories of crime in the data."""
    return sorted(load_crimes(connection)["category"].cat.categories)


def count_crimes(connection: Connection, filters: Filters, period: Period | None = None) -> CrimeCounts:
    """Count the crimes of the filters' area and categories by village, in their period or another."""
    return _count_crimes(connection, period or filters.period, filters.area, filters.categories)


@st.cache_resource(
    max_entries=128, ttl=CACHE_TTL, show_spinner=False, hash_funcs=hash_by_version("crimes", "boundaries")
)
def _count_crimes(
    connection: Connection, period: Period, area: str, categories: tuple[str, ...]
) -> CrimeCounts:
    places = select_villages(connection, area)
    crimes = _crimes_of(connection, period, categories)
    position = find_positions(crimes["village_code"], places.index)
    if area:
        crimes, position = crimes[position >= 0], position[position >= 0]
    rows = pd.DataFrame(places[["village", "district", "area_km2"]]).assign(
        n_crimes=count_groups(position, len(places))
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
    crimes = _crimes_of(connection, filters.period, filters.categories)
    within = find_positions(crimes["village_code"], select_villages(connection, filters.area).index) >= 0
    return crimes[within & crimes["lon"].notna().to_numpy()].tail(MOST_POINTS)


def _crimes_of(connection: Connection, period: Period, categories: tuple[str, ...]) -> pd.DataFrame:
    crimes = select_crimes(connection, period)
    return crimes[crimes["category"].isin(categories)] if categories else crimes
