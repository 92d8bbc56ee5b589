"""Visits that need a look: the list of them, one visit with all that is known, and its officer's day."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import streamlit as st

from data import decisions, repository
from data.errors import ScopeError
from data.settings import get_settings
from data.windows import Window
from geo.evidence import FLAGS
from pages import _evidence, _reasons, _records
from pages._records import KEPT, Source, by_version
from pages._texts import local_day

if TYPE_CHECKING:
    from pages._filters import Filters

MOST_LISTED = 500
"""Visits that a page lists, the latest first."""
STATES = ("open", "accepted", "set_aside")

_FLAGS = list(FLAGS)
_SHOWN = ("visit_id", "visited_at", "officer_id", "household_id", "lon", "lat", "accuracy_m")


class Listed(NamedTuple):
    """Visits that need, or needed, a look."""

    visits: pd.DataFrame
    """The latest ``MOST_LISTED``, indexed by ``visit_id``, the latest first."""
    n_all: int
    """How many there are."""


def require_supervisor(source: Source) -> None:
    """Refuse all but supervisors.

    Raises
    ------
    ScopeError
        If the user is none.
    """
    if source.principal.role != "supervisor":
        raise ScopeError("Only a supervisor may look into the evidence of visits.")


def list_visits(source: Source, filters: Filters, state: str, flag: str | None) -> Listed:
    """List the visits of the filters' area and window in one state, of one reason or of any."""
    rows = _records.cut(source, filters.window)
    evidence = _evidence.judge(source).iloc[rows]
    wanted = (evidence["open"] if state == "open" else evidence["decision"] == state).to_numpy(dtype=bool)
    wanted = wanted & _records.within(source, rows, filters.area)
    if flag is not None:
        wanted = wanted & evidence[flag].to_numpy()
    found = np.flatnonzero(wanted) + rows.start
    return Listed(_describe(source, found[::-1][:MOST_LISTED]), len(found))


def list_day(source: Source, visit: pd.Series) -> pd.DataFrame:
    """List all visits of the officer on the local day of a visit, the earliest first; as ``list_visits``."""
    day = local_day(visit["visited_at"])
    rows = _records.cut(source, Window(day, day + timedelta(days=1), _zone()))
    log = _records.all_visits(source).iloc[rows]
    same = np.flatnonzero((log["officer_id"] == visit["officer_id"]).to_numpy(dtype=bool)) + rows.start
    return _describe(source, same)


def read_personal(source: Source, visit: pd.Series) -> dict[str, str | None]:
    """Read what a visit says in words and about whom; for this one visit only, and not kept.

    Returns
    -------
    dict
        ``remarks``, ``outcome``, ``head_name``, ``address``, ``rt``, ``rw``; None where unknown.
    """
    day = local_day(visit["visited_at"])
    window = Window(day, day + timedelta(days=1), _zone())
    columns = ("remarks", "outcome", "head_name", "rt", "rw")
    said = repository.read_visits(source.database, source.principal, window=window, columns=columns)
    facts = _first(said[said.index == visit.name])
    code = visit["home_village"]
    if isinstance(code, str) and isinstance(visit["household_id"], str):
        homes = repository.read_households(source.database, source.principal, area=code, personal=True)
        home = homes.loc[homes.index == visit["household_id"], ["head_name", "address", "rt", "rw"]]
        facts |= {name: value for name, value in _first(home).items() if value is not None}
    return facts


def read_history(source: Source, visit_id: str) -> pd.DataFrame:
    """Read all that was decided about a visit, the newest first."""
    history = decisions.read_decisions(source.database, source.principal, history=True)
    return history[history.index == visit_id]


@st.cache_data(max_entries=4, ttl=KEPT, show_spinner=False, hash_funcs=by_version("officers"))
def officer_names(source: Source) -> dict[str, str]:
    """Name the officers in reach by their number."""
    names = repository.read_officers(source.database, source.principal)["name"]
    return dict(zip(names.index.astype("str"), names, strict=True))


def _describe(source: Source, rows: np.ndarray) -> pd.DataFrame:
    """Give visits by their rows with what was judged, where their household is, and names.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``visit_id``: what the record says, ``officer``, ``village``, ``distance_m``, ``flags`` (a
        tuple), ``reasons`` (their names), ``state``, and ``home_lon``, ``home_lat``, ``home_village``.
    """
    log, homes, villages = _records.all_visits(source), _records.households(source), _records.villages(source)
    visits, evidence = log.take(rows)[list(_SHOWN)], _evidence.judge(source).take(rows)
    place = _records.villages_of_visits(source)[rows]
    at_home = homes.reindex(visits["household_id"].astype("str"))
    raised = [
        tuple(flag for flag, up in zip(_FLAGS, row, strict=True) if up) for row in evidence[_FLAGS].to_numpy()
    ]
    officer, names = visits["officer_id"].astype("str"), officer_names(source)
    return visits.assign(
        officer_id=officer,
        household_id=visits["household_id"].astype("str"),
        officer=[names.get(number, number) for number in officer],
        village=villages["village"].array.take(place, allow_fill=True),
        distance_m=evidence["distance_m"],
        flags=pd.Series(raised, index=visits.index, dtype=object),
        reasons=[_reasons.name_all(flags) for flags in raised],
        state=np.where(evidence["open"], "open", evidence["decision"].astype("str").fillna("")),
        home_lon=at_home["lon"].to_numpy(),
        home_lat=at_home["lat"].to_numpy(),
        home_village=at_home["village_code"].astype("str").to_numpy(),
    ).set_index("visit_id")


def _zone() -> str:
    return get_settings().time_zone


def _first(rows: pd.DataFrame) -> dict[str, str | None]:
    """Give the first of some rows as texts; nothing where there is none."""
    texts = rows.head(1).astype("str")
    found = texts.astype(object).where(texts.notna(), None).to_dict("records")
    return {str(name): value for name, value in found[0].items()} if found else {}
