"""What pages, tiles and exports ask about households: the status of each, and the groups never visited."""

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
from geo.status import STATUSES, household_status
from geo.tiles import TileIndex, index_households
from geo.unvisited import cluster_unvisited
from pages import _evidence, _records
from pages._records import KEPT, Source, by_version

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from numpy.typing import NDArray

DATASETS = ("boundaries", "households", "visits", "decisions")
"""What a household's status hangs on."""
BASES = ("reported", "evidenced")
"""Which visits count: all that were reported, or those that the GPS record supports."""
TARGETS = (30, 60, 90, 180, 365)
"""Days to pick from within which a household should be visited again."""
MOST_GROUPS = 200
"""Groups of never-visited households that a page lists, the largest first."""


class Asked(NamedTuple):
    """Which status is asked for."""

    until: date
    """The local day before which visits count."""
    target_days: int
    basis: str = "reported"

    @property
    def as_of(self) -> pd.Timestamp:
        """The moment that the status speaks of, in the unit's time zone."""
        return pd.Timestamp(datetime.combine(self.until, time(), ZoneInfo(get_settings().time_zone)))


class Chosen(NamedTuple):
    """Which households are wanted."""

    area: str = ""
    """Code of a village, district or regency; empty for all in reach."""
    statuses: tuple[str, ...] = STATUSES
    rt: str = ""
    rw: str = ""


def default_target() -> int:
    """Tell the days within which a household should be visited again, by the settings."""
    return get_settings().target_days


def version_of(source: Source) -> str:
    """Name the state of the data that a household's status hangs on, for the address of a tile."""
    versions = [source.versions.get(dataset, 0) for dataset in DATASETS]
    return hashlib.blake2b(repr((source.principal.areas, versions)).encode(), digest_size=6).hexdigest()


@st.cache_resource(max_entries=6, ttl=KEPT, show_spinner=False, hash_funcs=by_version(*DATASETS))
def measure_status(source: Source, asked: Asked) -> pd.DataFrame:
    """Tell where each household in reach stands; as ``geo.status.household_status``, never to be changed."""
    visits = _records.all_visits(source)[["visited_at", "household_id"]]
    if asked.basis == "evidenced":
        visits = visits.assign(qualifies=_evidence.judge(source)["qualifies"])
    homes = _records.households(source)
    return household_status(homes, visits, as_of=asked.as_of, target_days=asked.target_days)


@st.cache_resource(max_entries=6, ttl=KEPT, show_spinner=False, hash_funcs=by_version(*DATASETS))
def index_tiles(source: Source, asked: Asked) -> TileIndex:
    """Sort the households in reach for tiles, once a state of the data."""
    return index_households(_records.households(source), measure_status(source, asked)["status"])


def count_statuses(source: Source, asked: Asked, area: str) -> pd.DataFrame:
    """Count the households of each village of an area by status.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``village_code``: ``village``, ``district``, ``district_code``, one column a status, and
        ``n_households``.
    """
    villages = _records.villages(source)
    counts = _count(source, asked)
    rows = pd.DataFrame(villages[["village", "district", "district_code"]]).join(counts)
    return rows[rows.index.str.startswith(area)]


@st.cache_data(max_entries=32, ttl=KEPT, show_spinner=False, hash_funcs=by_version(*DATASETS))
def _count(source: Source, asked: Asked) -> pd.DataFrame:
    codes = _records.villages(source).index
    place = _records.positions(_records.households(source)["village_code"], codes)
    status = measure_status(source, asked)["status"].cat.codes.to_numpy()
    both = place[place >= 0] * len(STATUSES) + status[place >= 0]
    counts = np.bincount(both, minlength=len(codes) * len(STATUSES)).reshape(-1, len(STATUSES))
    frame = pd.DataFrame(counts, index=codes, columns=list(STATUSES))
    return frame.assign(n_households=counts.sum(axis=1))


@st.cache_data(max_entries=32, ttl=KEPT, show_spinner=False, hash_funcs=by_version(*DATASETS))
def list_groups(source: Source, asked: Asked, area: str) -> pd.DataFrame:
    """List the groups of neighbouring never-visited households of an area, the largest first."""
    homes = _records.households(source)
    status = measure_status(source, asked)["status"]
    wanted = (status == "never").to_numpy() & _within(source, area)
    never = homes[wanted].astype(dict.fromkeys(("rt", "rw"), "str"))
    groups = cluster_unvisited(never, status[wanted]).head(MOST_GROUPS)
    return groups.assign(village=_records.villages(source)["village"].reindex(groups["village_code"]).array)


def list_households(source: Source, asked: Asked, chosen: Chosen) -> pd.DataFrame:
    """List households with who lives there, the longest unvisited of each RT together.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``household_id``, by village, RW and RT, never visited first: the columns of
        ``data.repository.read_households`` with ``village``, ``status``, ``last_visit_at``, ``days_since``.

    Raises
    ------
    ScopeError
        If the area is out of the user's reach.
    """
    rows = repository.read_households(
        source.database, source.principal, area=chosen.area or None, personal=True
    )
    rows = rows.join(measure_status(source, asked), how="inner")
    kept = rows["status"].isin(chosen.statuses)
    for name in ("rt", "rw"):
        if value := getattr(chosen, name):
            kept &= rows[name] == value
    names = _records.villages(source)["village"]
    rows = rows[kept].assign(village=names.reindex(rows.loc[kept, "village_code"].astype("str")).array)
    order = rows.assign(
        village_code=rows["village_code"].astype("str"), unvisited=-rows["days_since"].fillna(10**6)
    )
    return rows.loc[order.sort_values(["village_code", "rw", "rt", "unvisited"], kind="stable").index]


def list_neighbourhoods(source: Source, area: str) -> pd.DataFrame:
    """List the pairs of RW and RT of an area's households; what is not known is empty."""
    homes = _records.households(source)[_within(source, area)]
    pairs = homes[["rw", "rt"]].astype("str").fillna("").drop_duplicates()
    return pairs.sort_values(["rw", "rt"], ignore_index=True)


def narrow(statuses: Collection[str]) -> tuple[str, ...]:
    """Give the statuses that are known, in their order; all where none is."""
    return tuple(status for status in STATUSES if status in statuses) or STATUSES


def _within(source: Source, area: str) -> NDArray[np.bool_]:
    """Tell which households lie in an area; all in reach for the empty code."""
    homes = _records.households(source)
    if not area:
        return np.ones(len(homes), dtype=bool)
    codes = _records.villages(source).index
    inside = np.append(codes.str.startswith(area), False)
    return inside[_records.positions(homes["village_code"], codes)]
