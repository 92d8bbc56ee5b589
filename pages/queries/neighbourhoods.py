"""The neighbourhoods (RT) and households of a village, by what is recorded about each."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import streamlit as st

from data import repository
from geo.coverage import measure_coverage
from geo.groups import find_contacts
from pages.queries.evidence import select_assessed_visits
from pages.queries.records import load_households, load_villages
from pages.text.language import MISSING

if TYPE_CHECKING:
    import pandas as pd

    from pages.queries.filters import Filters
    from pages.queries.records import Connection

SUPPORTED, REPORTED, MISSED = KINDS = ("supported", "reported", "missed")
"""What is recorded about a household in a period: a supported visit, only a reported one, or none."""

_CHOSEN = "coverage.neighbourhood"


class Neighbourhood(NamedTuple):
    """An RT of a village; a dash if the register has none."""

    village: str
    rw: str
    rt: str


class VillageHomes(NamedTuple):
    """The households of a village, as ``list_homes`` returns them, and the chosen RT."""

    everyone: pd.DataFrame
    chosen: Neighbourhood | None
    """None if the whole village is shown."""
    shown: pd.DataFrame
    """The households of the chosen RT; all without one."""


def is_village(connection: Connection, area: str) -> bool:
    """Return whether an area is a single village."""
    return area in load_villages(connection).index


def find_neighbourhood(area: str) -> Neighbourhood | None:
    """Return the RT of a village that the session has chosen, or None."""
    kept = st.session_state.get(_CHOSEN)
    return kept if isinstance(kept, Neighbourhood) and kept.village == area else None


def set_neighbourhood(neighbourhood: Neighbourhood | None) -> None:
    """Set the chosen RT, or None for the whole village."""
    st.session_state[_CHOSEN] = neighbourhood


def read_village_homes(connection: Connection, filters: Filters) -> VillageHomes | None:
    """Read the households of the filters' area; None if it is not a village."""
    if not is_village(connection, filters.area):
        return None
    homes, chosen = list_homes(connection, filters), find_neighbourhood(filters.area)
    return VillageHomes(homes, chosen, select_homes(homes, chosen))


def list_homes(connection: Connection, filters: Filters) -> pd.DataFrame:
    """List the households of the filters' village, with the visits to each in their period.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``household_id``: ``lon``, ``lat``, ``rt`` and ``rw`` (a dash where unknown), ``kind`` (of
        ``KINDS``), ``n_visits``, ``n_attempts`` and ``last_visit_at``.
    """
    everyone = load_households(connection)
    homes = everyone[(everyone["village_code"] == filters.area).to_numpy(dtype=bool)]
    homes = homes[["lon", "lat", "rt", "rw"]].astype({"rt": "str", "rw": "str"})
    homes = homes.fillna({"rt": MISSING, "rw": MISSING})
    seen = list_visits_to(connection, filters, homes.index)
    home, met = seen["household_id"].astype("str"), find_contacts(seen)
    tried, groups = home[~met].value_counts(), seen[met].groupby(home[met])
    rows = homes.assign(
        n_visits=groups.size().reindex(homes.index, fill_value=0),
        n_attempts=tried.reindex(homes.index, fill_value=0),
        last_visit_at=groups["visited_at"].max().reindex(homes.index),
    )
    supported = groups["qualifies"].any().reindex(homes.index, fill_value=False)
    kind = np.select([supported, rows["n_visits"] > 0], [SUPPORTED, REPORTED], MISSED)
    return rows.assign(kind=kind)


def measure_neighbourhoods(connection: Connection, filters: Filters, homes: pd.DataFrame) -> pd.DataFrame:
    """Measure both coverages of each RT of the filters' village.

    Returns
    -------
    pandas.DataFrame
        As ``geo.coverage.measure_coverage``, with ``rt`` and ``rw``, by RW and RT.
    """
    pairs = homes[["rw", "rt"]].drop_duplicates().sort_values(["rw", "rt"], ignore_index=True)
    number = homes.reset_index().merge(pairs.reset_index(names="number"), on=["rw", "rt"])
    measured = measure_coverage(
        homes,
        list_visits_to(connection, filters, homes.index),
        since=filters.period.since_at,
        until=filters.period.until_at,
        by=number.set_index("household_id")["number"],
        areas=pairs.index,
    )
    return pairs.join(measured)


def name_homes(connection: Connection, homes: pd.DataFrame, village: str) -> pd.DataFrame:
    """Add heads and addresses of a village's households; personal, so never cached."""
    personal = repository.read_households(
        connection.database, connection.principal, area=village, personal=True
    )
    return homes.join(personal[["head_name", "address"]])


def select_homes(homes: pd.DataFrame, neighbourhood: Neighbourhood | None) -> pd.DataFrame:
    """Select the households of one RT; all without one."""
    if neighbourhood is None:
        return homes
    return homes[(homes["rw"] == neighbourhood.rw) & (homes["rt"] == neighbourhood.rt)]


def list_visits_to(connection: Connection, filters: Filters, homes: pd.Index) -> pd.DataFrame:
    """List the period's visits to some households."""
    seen = select_assessed_visits(connection, filters.period)
    wanted = np.append(load_households(connection).index.isin(homes), False)
    return seen[wanted[seen["household_id"].cat.codes.to_numpy()]]
