"""Officers and their villages."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd
import streamlit as st

from data import repository
from data.errors import ScopeError
from geo.areas import is_in_area
from pages.queries.records import CACHE_TTL, Connection, hash_by_version, load_villages


def title_officers(officers: pd.DataFrame) -> dict[str, str]:
    """Return officers' rank and name, by number."""
    titled = (officers["rank"].fillna("") + " " + officers["name"].fillna("")).str.strip()
    return {str(key): str(name) or str(key) for key, name in titled.items()}


class Officer(NamedTuple):
    """An officer and the villages in scope."""

    officer_id: str
    name: str
    villages: dict[str, str]
    """Name of each village in scope, by code."""


def list_officers(connection: Connection) -> list[Officer]:
    """List the officers with a village in scope, by name."""
    names = load_villages(connection)["village"]
    frame = repository.read_officers(connection.database, connection.principal).sort_values(
        "name", kind="stable"
    )
    assigned = [
        {code: str(names[code]) for code in codes.split() if code in names.index}
        for codes in frame["villages"].fillna("")
    ]
    every = zip(frame.index, title_officers(frame).values(), assigned, strict=True)
    return [Officer(str(key), name, villages) for key, name, villages in every if villages]


def find_officer(connection: Connection, officer_id: str) -> Officer:
    """Find an officer in scope.

    Raises
    ------
    ScopeError
        If there is no officer with that number in scope.
    """
    found = [officer for officer in list_officers(connection) if officer.officer_id == officer_id]
    if not found:
        raise ScopeError("There is no such officer in your assigned area: choose one from the list.")
    return found[0]


@st.cache_data(max_entries=4, ttl=CACHE_TTL, show_spinner=False, hash_funcs=hash_by_version("officers"))
def name_officers(connection: Connection) -> dict[str, str]:
    """Return the names of the officers in scope, by number."""
    names = repository.read_officers(connection.database, connection.principal)["name"]
    return dict(zip(names.index.astype("str"), names, strict=True))


def name_area_officers(connection: Connection, area: str = "") -> dict[str, str]:
    """Return the officers with a village in an area, and their villages there, by officer number."""
    names = {}
    for officer in list_officers(connection):
        inside = [name for code, name in officer.villages.items() if is_in_area(code, area)]
        if inside:
            names[officer.officer_id] = f"{officer.name} · {', '.join(inside)}"
    return names


def list_post_villages(connection: Connection, area: str, chosen: tuple[str, ...] = ()) -> dict[str, str]:
    """List the villages in an area of officers who have several there, by code: a day may start in them.

    Parameters
    ----------
    connection, area
        The data, and the area of the plan.
    chosen
        Numbers of the officers; all if empty.
    """
    found: dict[str, str] = {}
    for officer in list_officers(connection):
        inside = {code: name for code, name in officer.villages.items() if is_in_area(code, area)}
        if len(inside) > 1 and (not chosen or officer.officer_id in chosen):
            found |= inside
    return dict(sorted(found.items(), key=lambda pair: pair[1]))


def read_officer_titles(connection: Connection, officers: list[str]) -> pd.DataFrame:
    """Read ``name`` and ``rank`` of officers by number; an unknown officer is named by number."""
    frame = repository.read_officers(connection.database, connection.principal)[["name", "rank"]]
    return frame.reindex(pd.Index(officers, dtype="str", name="officer_id"))
