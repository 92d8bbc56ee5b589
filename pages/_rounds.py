"""An officer's day in one village: the list to walk, what has been marked, and what is left."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from data import repository, rounds
from data.errors import ScopeError
from data.settings import get_settings
from geo.nearby import choose_nearest
from geo.status import household_status
from pages import _records

if TYPE_CHECKING:
    from pages._records import Source

WANTED = ("never", "overdue", "due")
"""Statuses of households that a list may hold."""
MORE = 52
"""Households beyond the list of the day that a sheet holds, for who has time left: 60 in all by default."""


class Officer(NamedTuple):
    """Whose list it is."""

    officer_id: str
    name: str
    villages: dict[str, str]
    """Name of each village in reach, by code."""


class Sheet(NamedTuple):
    """The list of one day."""

    officer: Officer
    village: str
    day: date
    homes: pd.DataFrame
    """The day's list in walking order, indexed by ``household_id``: who and where, ``status``,
    ``last_visit_at``, ``distance_m`` from the middle of the village, and ``outcome``, the last of the day (or
    empty)."""
    more: pd.DataFrame
    """The nearest ones beyond it, alike."""

    @property
    def n_done(self) -> int:
        """Households of the list that were marked today."""
        return int((self.homes["outcome"] != "").sum())


def list_officers(source: Source) -> list[Officer]:
    """List the officers who have a village in reach, by name."""
    names = _records.villages(source)["village"]
    frame = repository.read_officers(source.database, source.principal).sort_values("name", kind="stable")
    titled = (frame["rank"].fillna("") + " " + frame["name"]).str.strip()
    assigned = [
        {code: str(names[code]) for code in codes.split() if code in names.index}
        for codes in frame["villages"].fillna("")
    ]
    every = zip(frame.index, titled, assigned, strict=True)
    return [Officer(str(key), name, villages) for key, name, villages in every if villages]


def find_officer(source: Source, officer_id: str) -> Officer:
    """Find an officer in reach.

    Raises
    ------
    ScopeError
        If there is none of that number.
    """
    found = [officer for officer in list_officers(source) if officer.officer_id == officer_id]
    if not found:
        raise ScopeError("There is no such officer in your assigned area: choose one from the list.")
    return found[0]


def read_sheet(source: Source, officer: Officer, village: str, *, today: date | None = None) -> Sheet:
    """Make the list of a day: it stays the same all day, whatever is marked.

    Parameters
    ----------
    source
        Where the records are, and who asks.
    officer
        Whose list.
    village
        Code of one of the officer's villages.
    today
        The local day; the clock's by default.

    Returns
    -------
    Sheet
        The due and never-visited households nearest to the middle of where people live.

    Raises
    ------
    ScopeError
        If the village is not the officer's.
    """
    if village not in officer.villages:
        raise ScopeError("The village is not one of the officer's: choose one from the list.")
    settings = get_settings()
    day = today or datetime.now(settings.zone).date()
    begins_at = pd.Timestamp(datetime.combine(day, time(), settings.zone))
    found = rounds.read_round(source.database, source.principal, village, begins_at=begins_at)
    wanted = _wanted(found.households, begins_at)
    lon, lat = _middle(source, village, found.households)
    chosen = choose_nearest(wanted, lon=lon, lat=lat, most=settings.visits_a_day)
    beyond = wanted.drop(chosen.index)
    more = choose_nearest(beyond, lon=lon, lat=lat, most=MORE)
    last = found.today.drop_duplicates("household_id", keep="last").set_index("household_id")["outcome"]
    marked = [frame.assign(outcome=last.reindex(frame.index).fillna("").array) for frame in (chosen, more)]
    return Sheet(officer, village, day, *marked)


def _wanted(homes: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    last = homes["last_visit_at"].dropna()
    visits = pd.DataFrame({"visited_at": last.array, "household_id": last.index})
    status = household_status(homes, visits, as_of=as_of, target_days=get_settings().target_days)["status"]
    return homes.assign(status=status.astype("str"))[status.isin(WANTED)]


def _middle(source: Source, village: str, homes: pd.DataFrame) -> tuple[float, float]:
    """Give the middle of where people live, or of the village where no household has a point."""
    located = homes[["lon", "lat"]].dropna()
    if len(located):
        return float(located["lon"].median()), float(located["lat"].median())
    inside = _records.villages(source).geometry[village].representative_point()
    return inside.x, inside.y
