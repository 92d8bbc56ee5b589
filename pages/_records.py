"""The records that pages show, as a signed-in user may see them, each dataset read once a version.

What these functions answer with is shared by all sessions of the same scope: never change it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from data import repository
from data.database import Database
from data.principal import Principal
from data.settings import get_settings
from geo.crs import to_metric
from geo.maps import simplify_areas
from pages._texts import MISSING

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from data.windows import Window

KEPT = "12h"
"""How long an answer is kept that nobody asks for again."""

_M2_PER_KM2 = 1e6
_VISIT_COLUMNS = (
    "visited_at",
    "officer_id",
    "household_id",
    "lon",
    "lat",
    "accuracy_m",
    "village_code",
    "placement",
)
_CRIME_COLUMNS = (
    "occurred_at",
    "occurred_to",
    "category",
    "source",
    "lon",
    "lat",
    "village_code",
    "placement",
)


@dataclass(frozen=True)
class Source:
    """The database, who asks it, and how often each dataset has been written."""

    database: Database = field(repr=False)
    principal: Principal
    versions: dict[str, int]


def by_version(*datasets: str) -> dict[type | str, Callable[[Any], Any]]:
    """Say what a cached answer depends on: the database, the scope and the versions of some datasets.

    Returns
    -------
    dict
        For the ``hash_funcs`` of Streamlit's caches.
    """

    def key(source: Source) -> tuple[str, tuple[str, ...], tuple[int, ...]]:
        versions = tuple(source.versions.get(dataset, 0) for dataset in datasets)
        return source.database.url.render_as_string(), source.principal.areas, versions

    return {Source: key}


def open_source(principal: Principal | None = None) -> Source:
    """Open the database for a user, the session's where none is named.

    Raises
    ------
    DataError
        If it cannot be opened.
    """
    database = _open(get_settings().database_url)
    return Source(database, principal or Principal.demo(), repository.read_versions(database))


@st.cache_resource(max_entries=2, show_spinner=False)
def _open(url: str) -> Database:
    database = Database(url)
    database.migrate()
    return database


@st.cache_resource(max_entries=4, ttl=KEPT, show_spinner=False, hash_funcs=by_version("boundaries"))
def villages(source: Source) -> gpd.GeoDataFrame:
    """Give the villages in reach, their borders simplified for the screen.

    Returns
    -------
    geopandas.GeoDataFrame
        Indexed and sorted by ``village_code``, EPSG:4326, with ``area_km2`` of the true borders; a district
        or regency without a name is called by its official code, or, without that, a dash.
    """
    frame = repository.read_villages(source.database, source.principal)
    named = frame.assign(district=_named(frame, "district"), regency=_named(frame, "regency"))
    if named.empty:
        return named.assign(area_km2=0.0)
    return simplify_areas(named.assign(area_km2=to_metric(frame).area / _M2_PER_KM2))


@st.cache_resource(max_entries=4, ttl=KEPT, show_spinner=False, hash_funcs=by_version("boundaries"))
def metric_villages(source: Source) -> gpd.GeoDataFrame:
    """Give the villages in metres."""
    return to_metric(villages(source))


@st.cache_resource(
    max_entries=2, ttl=KEPT, show_spinner=False, hash_funcs=by_version("households", "boundaries")
)
def households(source: Source) -> pd.DataFrame:
    """Give the households in reach: where each is, nothing personal."""
    frame = repository.read_households(source.database, source.principal)
    kept = frame[["lon", "lat", "village_code", "placement", "rt", "rw"]].copy()
    return kept.astype({"rt": "category", "rw": "category"})


@st.cache_resource(
    max_entries=2, ttl=KEPT, show_spinner=False, hash_funcs=by_version("visits", "households", "boundaries")
)
def all_visits(source: Source) -> pd.DataFrame:
    """Give the visits in reach, by time and, at the same time, by number.

    Returns
    -------
    pandas.DataFrame
        Indexed from 0, with ``visit_id``; ``household_id`` is a category whose categories are the index of
        ``households``: a visit to one that is not registered has none.
    """
    frame = repository.read_visits(source.database, source.principal, columns=_VISIT_COLUMNS)
    if not frame.index.is_monotonic_increasing:
        frame = frame.sort_index()
    known = frame["household_id"].astype("category").cat.set_categories(households(source).index)
    frame = frame.assign(household_id=known).reset_index()
    return frame.sort_values("visited_at", kind="stable", ignore_index=True)


@st.cache_resource(max_entries=2, ttl=KEPT, show_spinner=False, hash_funcs=by_version("crimes", "boundaries"))
def all_crimes(source: Source) -> pd.DataFrame:
    """Give the crimes in reach, by time; ``category`` is a category."""
    frame = repository.read_crimes(source.database, source.principal, columns=_CRIME_COLUMNS)
    frame = frame.assign(category=frame["category"].astype("category"))
    return frame.sort_values("occurred_at", ignore_index=True)


@st.cache_resource(
    max_entries=2, ttl=KEPT, show_spinner=False, hash_funcs=by_version("visits", "households", "boundaries")
)
def villages_of_visits(source: Source) -> NDArray[np.intp]:
    """Give the place in ``villages`` that each visit belongs to, -1 for none.

    It is the village where its household is registered or, without a registered household, where its own
    point lies.
    """
    log, homes = all_visits(source), households(source)
    codes = villages(source).index
    home = log["household_id"].cat.codes.to_numpy()
    of_home = np.append(positions(homes["village_code"], codes), -1)[home]
    own = positions(log["village_code"], codes)
    return np.where(home < 0, own, of_home)


def cut(source: Source, window: Window) -> slice:
    """Tell the rows of ``all_visits`` that lie in a window."""
    moments = all_visits(source)["visited_at"]
    first, last = (int(moments.searchsorted(edge)) for edge in (window.since_at, window.until_at))
    return slice(first, last)


def within(source: Source, rows: slice, area: str) -> NDArray[np.bool_]:
    """Tell which of some visits belong to an area; all do without one."""
    place = villages_of_visits(source)[rows]
    if not area:
        return np.ones(len(place), dtype=bool)
    return np.append(villages(source).index.str.startswith(area), False)[place]


def count_nowhere(source: Source) -> int:
    """Count the households in reach that lie in no village."""
    return int(households(source)["village_code"].isna().sum())


def visits(source: Source, window: Window) -> pd.DataFrame:
    """Give the visits within a window."""
    return _within(all_visits(source), "visited_at", window)


def crimes(source: Source, window: Window) -> pd.DataFrame:
    """Give the crimes within a window."""
    return _within(all_crimes(source), "occurred_at", window)


def positions(codes: pd.Series, index: pd.Index) -> NDArray[np.intp]:
    """Tell the place in ``index`` of each code, -1 for one that is not there; looks up each code once."""
    category = codes.astype("category").cat
    of_category = np.append(index.get_indexer(category.categories), -1)
    return of_category[category.codes.to_numpy()]


def _named(frame: pd.DataFrame, level: str) -> pd.Series:
    """Name the districts or regencies; a code that was made up here (X…) is no name."""
    codes = frame[f"{level}_code"]
    return frame[level].fillna(codes.mask(codes.str.startswith("X"), MISSING))


def _within(frame: pd.DataFrame, moment: str, window: Window) -> pd.DataFrame:
    first, last = (frame[moment].searchsorted(edge) for edge in (window.since_at, window.until_at))
    return frame.iloc[first:last]
