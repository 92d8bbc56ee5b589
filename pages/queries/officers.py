"""Officers and their villages."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from data import repository
from data.errors import ScopeError
from pages.queries.records import load_villages

if TYPE_CHECKING:
    import pandas as pd

    from pages.queries.records import Connection


def title_officers(officers: pd.DataFrame) -> dict[str, str]:
    """Name officers by their number, with their rank."""
    titled = (officers["rank"].fillna("") + " " + officers["name"].fillna("")).str.strip()
    return {str(key): str(name) or str(key) for key, name in titled.items()}


class Officer(NamedTuple):
    """Whose list it is."""

    officer_id: str
    name: str
    villages: dict[str, str]
    """Name of each village in reach, by code."""


def list_officers(connection: Connection) -> list[Officer]:
    """List the officers who have a village in reach, by name."""
    names = load_villages(connection)["village"]
    frame = repository.read_officers(connection.database, connection.principal).sort_values(
        "name", kind="stable"
    )
    titled = (frame["rank"].fillna("") + " " + frame["name"]).str.strip()
    assigned = [
        {code: str(names[code]) for code in codes.split() if code in names.index}
        for codes in frame["villages"].fillna("")
    ]
    every = zip(frame.index, titled, assigned, strict=True)
    return [Officer(str(key), name, villages) for key, name, villages in every if villages]


def find_officer(connection: Connection, officer_id: str) -> Officer:
    """Find an officer in reach.

    Raises
    ------
    ScopeError
        If there is none of that number.
    """
    found = [officer for officer in list_officers(connection) if officer.officer_id == officer_id]
    if not found:
        raise ScopeError("There is no such officer in your assigned area: choose one from the list.")
    return found[0]
