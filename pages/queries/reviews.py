"""Visits to review: the list, all that is known about one visit, and its officer's day."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from data import decisions, repository
from data.periods import Period
from data.settings import get_settings
from geo.evidence import FLAGS
from pages.queries.evidence import load_assessment
from pages.queries.officers import name_officers
from pages.queries.records import (
    Connection,
    load_households,
    load_villages,
    load_visits,
    locate_visits,
    mask_visits,
    slice_visits,
)
from pages.text.flags import name_flags
from pages.text.language import find_local_day

if TYPE_CHECKING:
    from pages.queries.filters import Filters

MOST_LISTED = 500
"""Number of visits that a page lists, the latest first."""
STATES = ("open", "accepted", "set_aside")

_FLAGS = list(FLAGS)
_SHOWN = ("visit_id", "visited_at", "officer_id", "household_id", "lon", "lat", "accuracy_m")


class VisitList(NamedTuple):
    """Visits to review, or already reviewed."""

    visits: pd.DataFrame
    """The latest ``MOST_LISTED``, indexed by ``visit_id``, the latest first."""
    n_all: int
    """Total number of visits."""


def list_visits(connection: Connection, filters: Filters, state: str, flag: str | None) -> VisitList:
    """List the visits of the filters' area and period in one state, with one flag or any."""
    rows = slice_visits(connection, filters.period)
    evidence = load_assessment(connection).iloc[rows]
    wanted = (evidence["open"] if state == "open" else evidence["decision"] == state).to_numpy(dtype=bool)
    wanted = wanted & mask_visits(connection, rows, filters.area)
    if flag is not None:
        wanted = wanted & evidence[flag].to_numpy()
    found = np.flatnonzero(wanted) + rows.start
    return VisitList(_describe(connection, found[::-1][:MOST_LISTED]), len(found))


def list_officer_day(connection: Connection, visit: pd.Series) -> pd.DataFrame:
    """List all visits of the officer on the local day of a visit, the earliest first, as ``list_visits``."""
    day = find_local_day(visit["visited_at"])
    rows = slice_visits(connection, Period(day, day + timedelta(days=1), _zone()))
    log = load_visits(connection).iloc[rows]
    same = np.flatnonzero((log["officer_id"] == visit["officer_id"]).to_numpy(dtype=bool)) + rows.start
    return _describe(connection, same)


def read_personal_facts(connection: Connection, visit: pd.Series) -> dict[str, str | None]:
    """Read the remarks and the people of one visit; never cached.

    Returns
    -------
    dict
        ``remarks``, ``outcome``, ``head_name``, ``address``, ``rt``, ``rw``; None where unknown.
    """
    day = find_local_day(visit["visited_at"])
    period = Period(day, day + timedelta(days=1), _zone())
    columns = ("remarks", "outcome", "head_name", "rt", "rw")
    said = repository.read_visits(connection.database, connection.principal, period=period, columns=columns)
    facts = _first(said[said.index == visit.name])
    code = visit["home_village"]
    if isinstance(code, str) and isinstance(visit["household_id"], str):
        homes = repository.read_households(
            connection.database, connection.principal, area=code, personal=True
        )
        home = homes.loc[homes.index == visit["household_id"], ["head_name", "address", "rt", "rw"]]
        facts |= {name: value for name, value in _first(home).items() if value is not None}
    return facts


def read_decisions(connection: Connection, visit_id: str) -> pd.DataFrame:
    """Read all decisions about a visit, the newest first."""
    history = decisions.read_decisions(connection.database, connection.principal, history=True)
    return history[history.index == visit_id]


def _describe(connection: Connection, rows: np.ndarray) -> pd.DataFrame:
    """Return visits by row, with their assessment, their household's location, and names.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``visit_id``: the recorded columns, ``officer``, ``village``, ``distance_m``, ``flags`` (a
        tuple), ``reasons`` (their names), ``state``, and ``home_lon``, ``home_lat``, ``home_village``.
    """
    log, homes, villages = load_visits(connection), load_households(connection), load_villages(connection)
    visits, evidence = log.take(rows)[list(_SHOWN)], load_assessment(connection).take(rows)
    place = locate_visits(connection)[rows]
    at_home = homes.reindex(visits["household_id"].astype("str"))
    raised = [
        tuple(flag for flag, up in zip(_FLAGS, row, strict=True) if up) for row in evidence[_FLAGS].to_numpy()
    ]
    officer, names = visits["officer_id"].astype("str"), name_officers(connection)
    return visits.assign(
        officer_id=officer,
        household_id=visits["household_id"].astype("str"),
        officer=[names.get(number, number) for number in officer],
        village=villages["village"].array.take(place, allow_fill=True),
        distance_m=evidence["distance_m"],
        flags=pd.Series(raised, index=visits.index, dtype=object),
        reasons=[name_flags(flags) for flags in raised],
        state=np.where(evidence["open"], "open", evidence["decision"].astype("str").fillna("")),
        home_lon=at_home["lon"].to_numpy(),
        home_lat=at_home["lat"].to_numpy(),
        home_village=at_home["village_code"].astype("str").to_numpy(),
    ).set_index("visit_id")


def _zone() -> str:
    return get_settings().time_zone


def _first(rows: pd.DataFrame) -> dict[str, str | None]:
    """Return the first of some rows as texts, empty if there is none."""
    texts = rows.head(1).astype("str")
    found = texts.astype(object).where(texts.notna(), None).to_dict("records")
    return {str(name): value for name, value in found[0].items()} if found else {}
