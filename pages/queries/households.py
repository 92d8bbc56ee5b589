"""Queries about households for pages, tiles and exports: their status, and groups never visited."""

from __future__ import annotations

import hashlib
from datetime import datetime, time
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import streamlit as st

from data import repository
from data.settings import get_settings
from geo.areas import are_in_area
from geo.groups import count_groups, find_positions
from geo.status import STATUSES, find_household_status
from geo.tiles import TileIndex, index_households
from geo.unvisited import label_never_visited
from geo.walks import list_parts, name_parts
from pages.queries.evidence import load_assessment
from pages.queries.records import (
    CACHE_TTL,
    Connection,
    hash_by_version,
    load_households,
    load_villages,
    load_visits,
)

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date


STATUS_DATASETS = ("boundaries", "households", "visits", "decisions")
"""Datasets that a household's status depends on."""
BASES = ("reported", "evidenced")
"""Visits that count: all reported ones, or those supported by the GPS record."""
UNVISITED = ("never", "overdue")
"""Statuses of a household that waits for a visit."""
TARGETS = (30, 60, 90, 180, 365)
"""Choices of the number of days within which a household should be visited again."""
MOST_GROUPS = 200
"""Maximum number of groups of never-visited households, or of their parts, that a page lists."""


class StatusRequest(NamedTuple):
    """The requested status: as of which day, with which target and basis."""

    until: date
    """The local day before which visits count."""
    target_days: int
    basis: str = "reported"

    @property
    def as_of(self) -> pd.Timestamp:
        """The moment of the status, in the unit's time zone."""
        return pd.Timestamp(datetime.combine(self.until, time(), ZoneInfo(get_settings().time_zone)))


class HouseholdFilter(NamedTuple):
    """The requested households."""

    area: str = ""
    """Code of a village, district or regency; empty for all in scope."""
    statuses: tuple[str, ...] = STATUSES
    rt: str = ""
    rw: str = ""
    part_size: int = 0
    """Households of a part that groups of neighbours are cut into, at most; 0: groups stay whole."""


def read_target_days() -> int:
    """Return the setting for the number of days within which a household should be visited again."""
    return get_settings().target_days


def name_version(connection: Connection) -> str:
    """Return the version of the data that a household's status depends on, for the URL of a tile."""
    versions = [connection.versions.get(dataset, 0) for dataset in STATUS_DATASETS]
    return hashlib.blake2b(repr((connection.principal.areas, versions)).encode(), digest_size=6).hexdigest()


@st.cache_resource(
    max_entries=6, ttl=CACHE_TTL, show_spinner=False, hash_funcs=hash_by_version(*STATUS_DATASETS)
)
def measure_statuses(connection: Connection, asked: StatusRequest) -> pd.DataFrame:
    """Find the status of each household, as ``geo.status.find_household_status``; never modify it."""
    visits = load_visits(connection)[["visited_at", "household_id", "attempt"]]
    if asked.basis == "evidenced":
        visits = visits.assign(qualifies=load_assessment(connection)["qualifies"])
    homes = load_households(connection)
    return find_household_status(homes, visits, as_of=asked.as_of, target_days=asked.target_days)


@st.cache_resource(
    max_entries=6, ttl=CACHE_TTL, show_spinner=False, hash_funcs=hash_by_version(*STATUS_DATASETS)
)
def index_tiles(connection: Connection, asked: StatusRequest) -> TileIndex:
    """Index the households in scope for tiles, once per version of the data."""
    return index_households(load_households(connection), measure_statuses(connection, asked)["status"])


def count_statuses(connection: Connection, asked: StatusRequest, area: str) -> pd.DataFrame:
    """Count the households of each village of an area by status.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``village_code``: ``village``, ``district``, ``district_code``, one column per status,
        ``n_tried`` (never visited or overdue, and tried without contact since the last visit) and
        ``n_households``.
    """
    villages = load_villages(connection)
    counts = _count(connection, asked)
    rows = pd.DataFrame(villages[["village", "district", "district_code"]]).join(counts)
    return rows[are_in_area(rows.index, area)]


@st.cache_data(
    max_entries=32, ttl=CACHE_TTL, show_spinner=False, hash_funcs=hash_by_version(*STATUS_DATASETS)
)
def _count(connection: Connection, asked: StatusRequest) -> pd.DataFrame:
    codes = load_villages(connection).index
    place = find_positions(load_households(connection)["village_code"], codes)
    stand = measure_statuses(connection, asked)
    status = stand["status"].cat.codes.to_numpy()
    tried = (stand["n_attempts"] > 0).to_numpy() & stand["status"].isin(UNVISITED).to_numpy()
    both = place[place >= 0] * len(STATUSES) + status[place >= 0]
    counts = np.bincount(both, minlength=len(codes) * len(STATUSES)).reshape(-1, len(STATUSES))
    frame = pd.DataFrame(counts, index=codes, columns=list(STATUSES))
    return frame.assign(n_tried=count_groups(place[tried], len(codes)), n_households=counts.sum(axis=1))


@st.cache_resource(
    max_entries=12, ttl=CACHE_TTL, show_spinner=False, hash_funcs=hash_by_version(*STATUS_DATASETS)
)
def label_clusters(connection: Connection, asked: StatusRequest, area: str) -> pd.Series:
    """Label the cluster of never-visited neighbours of each household of an area; never modify it.

    Clusters end at the border of the area, and of what is in scope.
    """
    homes = load_households(connection)
    inside = are_in_area(homes["village_code"], area)
    return label_never_visited(homes[inside], measure_statuses(connection, asked)["status"])


@st.cache_data(
    max_entries=32, ttl=CACHE_TTL, show_spinner=False, hash_funcs=hash_by_version(*STATUS_DATASETS)
)
def list_groups(connection: Connection, asked: StatusRequest, area: str, part_size: int = 0) -> pd.DataFrame:
    """List the groups of neighbouring never-visited households of an area, or their parts, the largest first.

    Returns
    -------
    pandas.DataFrame
        As ``geo.walks.list_parts``; each RT has the name of its ``village``, None if that is unknown.
    """
    cluster = label_clusters(connection, asked, area)
    homes = load_households(connection).loc[cluster.index]
    groups = list_parts(homes, cluster, most=part_size or None, limit=MOST_GROUPS)
    names = load_villages(connection)["village"].to_dict()
    named = [[rt | {"village": names.get(rt["village_code"])} for rt in rts] for rts in groups["rts"]]
    return groups.assign(rts=pd.Series(named, index=groups.index, dtype="object"))


def list_households(connection: Connection, asked: StatusRequest, chosen: HouseholdFilter) -> pd.DataFrame:
    """List households with the head of household, by RT, the longest unvisited first.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``household_id``, by village, RW and RT, never visited first: the columns of
        ``data.repository.read_households`` with ``village``, those of ``geo.status.find_household_status``,
        and ``group``, as ``geo.walks.name_parts``. Where groups are cut into parts, these come first.

    Raises
    ------
    ScopeError
        If the area is out of scope.
    """
    rows = repository.read_households(
        connection.database, connection.principal, area=chosen.area or None, personal=True
    )
    rows = rows.join(measure_statuses(connection, asked), how="inner")
    kept = rows["status"].isin(chosen.statuses)
    for name in ("rt", "rw"):
        if value := getattr(chosen, name):
            kept &= rows[name] == value
    names = load_villages(connection)["village"]
    rows = rows[kept].assign(village=names.reindex(rows.loc[kept, "village_code"].astype("str")).array)
    cluster = label_clusters(connection, asked, chosen.area)
    homes = load_households(connection).loc[cluster.index]
    group = name_parts(homes, cluster, most=chosen.part_size or None)
    rows = rows.assign(group=group.reindex(rows.index))
    order = rows.assign(
        village_code=rows["village_code"].astype("str"), unvisited=-rows["days_since"].fillna(10**6)
    )
    by = ["village_code", "rw", "rt", "unvisited"]
    if chosen.part_size:  # 1a, 1b, …, 1z, 1aa, 2a; households in no group come last
        order = order.assign(number=cluster.where(cluster >= 0).reindex(rows.index), width=group.str.len())
        by = ["number", "width", "group", *by]
    return rows.loc[order.sort_values(by, kind="stable").index]


def list_neighbourhoods(connection: Connection, area: str) -> pd.DataFrame:
    """List the pairs of RW and RT of an area's households; unknown values are empty."""
    homes = load_households(connection)
    pairs = (
        homes.loc[are_in_area(homes["village_code"], area), ["rw", "rt"]]
        .astype("str")
        .fillna("")
        .drop_duplicates()
    )
    return pairs.sort_values(["rw", "rt"], ignore_index=True)


def keep_known_statuses(statuses: Collection[str]) -> tuple[str, ...]:
    """Return the known statuses among some, in their order; all if there are none."""
    return tuple(status for status in STATUSES if status in statuses) or STATUSES
