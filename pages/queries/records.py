"""Records that pages show, within the user's scope; each dataset is read once per version.

Returned objects are shared by all sessions of the same scope: never modify them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from data import repository
from data.database import Database
from data.errors import ScopeError
from data.ground import read_named_villages, simplify_villages
from data.principal import Principal
from data.settings import get_settings
from geo.areas import are_in_area
from geo.crs import to_metric
from geo.visit_villages import find_visit_villages
from pages.text.language import MISSING

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from data.clock import Clock
    from data.periods import Period

CACHE_TTL = "12h"
"""How long an unused cache entry is kept."""

_VISIT_COLUMNS = (
    "visited_at",
    "officer_id",
    "household_id",
    "lon",
    "lat",
    "accuracy_m",
    "village_code",
    "placement",
    "attempt",
)
_CRIME_COLUMNS = (
    "occurred_at",
    "occurred_to",
    "time_precision",
    "category",
    "source",
    "lon",
    "lat",
    "village_code",
    "placement",
)


@dataclass(frozen=True)
class Connection:
    """A database, the user who reads it, the version of each dataset, and the clock."""

    database: Database = field(repr=False)
    principal: Principal
    versions: dict[str, int]
    clock: Clock = field(repr=False)


def hash_by_version(*datasets: str) -> dict[type | str, Callable[[Any], Any]]:
    """Make the cache key of a connection: the database, the scope and the versions of some datasets.

    With the boundaries go the households, which may name their districts.

    Returns
    -------
    dict
        For the ``hash_funcs`` of Streamlit's caches.
    """
    if "boundaries" in datasets:
        datasets = (*datasets, "households")

    def key(connection: Connection) -> tuple[str, tuple[str, ...], tuple[int, ...]]:
        versions = tuple(connection.versions.get(dataset, 0) for dataset in datasets)
        return connection.database.url.render_as_string(), connection.principal.areas, versions

    return {Connection: key}


def open_connection(principal: Principal | None = None) -> Connection:
    """Open the database for a user, by default the session's.

    Raises
    ------
    DataError
        If it cannot be opened.
    """
    settings = get_settings()
    database = _open(settings.database_url)
    versions = repository.read_versions(database)
    return Connection(database, principal or Principal.demo(), versions, settings.clock)


def require_supervisor(connection: Connection, refusal: str) -> None:
    """Refuse all but supervisors.

    Parameters
    ----------
    connection
        The database and its user.
    refusal
        The message about what only a supervisor may do, marked with ``N_``.

    Raises
    ------
    ScopeError
        If the user is not a supervisor.
    """
    if connection.principal.role != "supervisor":
        raise ScopeError(refusal)


@st.cache_resource(max_entries=2, show_spinner=False)
def _open(url: str) -> Database:
    database = Database(url)
    database.migrate()
    return database


@st.cache_resource(max_entries=4, ttl=CACHE_TTL, show_spinner=False, hash_funcs=hash_by_version("boundaries"))
def load_villages(connection: Connection) -> gpd.GeoDataFrame:
    """Load the villages in scope, with borders simplified for the screen.

    Returns
    -------
    geopandas.GeoDataFrame
        Indexed and sorted by ``village_code``, EPSG:4326, with ``area_km2`` of the true borders; a district
        or regency without a name is named by its official code, or else a dash.
    """
    frame = read_named_villages(connection.database, connection.principal)
    named = frame.assign(district=_name_level(frame, "district"), regency=_name_level(frame, "regency"))
    return simplify_villages(named)


@st.cache_resource(max_entries=4, ttl=CACHE_TTL, show_spinner=False, hash_funcs=hash_by_version("boundaries"))
def load_metric_villages(connection: Connection) -> gpd.GeoDataFrame:
    """Load the villages in a metric CRS."""
    return to_metric(load_villages(connection))


@st.cache_resource(
    max_entries=2, ttl=CACHE_TTL, show_spinner=False, hash_funcs=hash_by_version("households", "boundaries")
)
def load_households(connection: Connection) -> pd.DataFrame:
    """Load the households in scope: their location, no personal data."""
    frame = repository.read_households(connection.database, connection.principal)
    kept = frame[["lon", "lat", "village_code", "placement", "rt", "rw"]].copy()
    return kept.astype({"rt": "category", "rw": "category"})


@st.cache_resource(
    max_entries=2,
    ttl=CACHE_TTL,
    show_spinner=False,
    hash_funcs=hash_by_version("visits", "households", "boundaries"),
)
def load_visits(connection: Connection) -> pd.DataFrame:
    """Load the visits in scope, by time, then by number.

    Returns
    -------
    pandas.DataFrame
        Indexed from 0, with ``visit_id`` and ``attempt`` (the outcome of a visit without contact, missing for
        one that counts); ``household_id`` is a category whose categories are the index of
        ``load_households``, missing for an unregistered household.
    """
    frame = repository.read_visits(connection.database, connection.principal, columns=_VISIT_COLUMNS)
    if not frame.index.is_monotonic_increasing:
        frame = frame.sort_index()
    known = frame["household_id"].astype("category").cat.set_categories(load_households(connection).index)
    frame = frame.assign(household_id=known).reset_index()
    return frame.sort_values("visited_at", kind="stable", ignore_index=True)


@st.cache_resource(
    max_entries=2, ttl=CACHE_TTL, show_spinner=False, hash_funcs=hash_by_version("crimes", "boundaries")
)
def load_crimes(connection: Connection) -> pd.DataFrame:
    """Load the crimes in scope, by time; ``category`` is categorical."""
    frame = repository.read_crimes(connection.database, connection.principal, columns=_CRIME_COLUMNS)
    frame = frame.assign(category=frame["category"].astype("category"))
    return frame.sort_values("occurred_at", ignore_index=True)


@st.cache_resource(
    max_entries=2,
    ttl=CACHE_TTL,
    show_spinner=False,
    hash_funcs=hash_by_version("visits", "households", "boundaries"),
)
def locate_visits(connection: Connection) -> NDArray[np.intp]:
    """Return the position in ``load_villages`` of the village that each visit counts for, -1 for none."""
    return find_visit_villages(
        load_visits(connection), load_households(connection), load_villages(connection).index
    )


def slice_visits(connection: Connection, period: Period) -> slice:
    """Return the rows of ``load_visits`` within a period."""
    moments = load_visits(connection)["visited_at"]
    first, last = (int(moments.searchsorted(edge)) for edge in (period.since_at, period.until_at))
    return slice(first, last)


def mask_visits(connection: Connection, rows: slice, area: str) -> NDArray[np.bool_]:
    """Return a mask of the visits that belong to an area; all without one."""
    place = locate_visits(connection)[rows]
    if not area:
        return np.ones(len(place), dtype=bool)
    return np.append(are_in_area(load_villages(connection).index, area), False)[place]


def count_unplaced_households(connection: Connection) -> int:
    """Count the households in scope that lie in no village."""
    return int(load_households(connection)["village_code"].isna().sum())


def select_visits(connection: Connection, period: Period) -> pd.DataFrame:
    """Select the visits within a period."""
    return _select_between(load_visits(connection), "visited_at", period)


def select_crimes(connection: Connection, period: Period) -> pd.DataFrame:
    """Select the crimes within a period."""
    return _select_between(load_crimes(connection), "occurred_at", period)


def _name_level(frame: pd.DataFrame, level: str) -> pd.Series:
    """Name the districts or regencies; a generated code (X…) is not a name."""
    codes = frame[f"{level}_code"]
    return frame[level].fillna(codes.mask(codes.str.startswith("X"), MISSING))


def _select_between(frame: pd.DataFrame, moment: str, period: Period) -> pd.DataFrame:
    first, last = (frame[moment].searchsorted(edge) for edge in (period.since_at, period.until_at))
    return frame.iloc[first:last]
