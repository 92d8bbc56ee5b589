"""A week of two officers and four households whose plan can be worked out by hand."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from data.plans import WeekRequest
from tests.data.builders import EAST, WEST, make_households, make_villages, make_visits, store

if TYPE_CHECKING:
    from data.database import Database

WEEK = "2026-W48"
MONDAY, WEDNESDAY = date(2026, 11, 23), date(2026, 11, 25)


def ask(**options: object) -> WeekRequest:
    """Ask for the plan of the week."""
    return WeekRequest(WEEK, **options)


def make_officers() -> pd.DataFrame:
    """Give an officer for each village, P2 with both."""
    return pd.DataFrame(
        {
            "name": ["Sri Rahayu", "Budi #1"],
            "rank": ["Aipda", None],
            "unit": "Polsek Tengah",
            "villages": [WEST, f"{EAST} {WEST}"],
        },
        index=pd.Index(["P1", "P2"], name="officer_id"),
    )


def move_east_away(database: Database) -> None:
    """Move the eastern village and its household 33 km from the western one, with P2 in charge of both."""
    villages = make_villages()
    villages.geometry = villages.geometry.where(
        villages.index == WEST, villages.geometry.translate(xoff=0.29)
    )
    homes = make_households()
    homes["lon"] = homes["lon"].where(homes["village_code"] != EAST, 111.705)
    store(database, "boundaries", villages, fingerprint="moved")
    store(database, "households", homes, fingerprint="moved")


def make_crimes() -> pd.DataFrame:
    """Give three crimes within 300 m of K2: two recent, one of them discovered, and one long ago."""
    return pd.DataFrame(
        {
            "occurred_at": pd.to_datetime(
                ["2026-11-20T13:00:00Z", "2026-11-19T13:00:00Z", "2026-06-01T13:00:00Z"]
            ),
            "category": ["curat", "curanmor", "curat"],
            "source": ["reported", "discovered", "reported"],
            "lon": 111.4045,
            "lat": -7.405,
            "village_code": WEST,
            "placement": "inside",
        },
        index=pd.Index(["C1", "C2", "C3"], name="crime_id"),
    )


def add_visit(
    database: Database,
    visit_id: str,
    household_id: str,
    at: str,
    *,
    officer_id: str = "P1",
    outcome: str | None = "met",
) -> None:
    """Store one visit without a fix, as an import of its own."""
    visit = pd.DataFrame(
        {
            "visited_at": pd.to_datetime([at], utc=True),
            "officer_id": officer_id,
            "household_id": household_id,
            "household_match": "id",
            "outcome": pd.array([outcome], "str"),
            "placement": "unlocated",
        },
        index=pd.Index([visit_id], name="visit_id"),
    )
    store(database, "visits", visit, fingerprint=visit_id)


def fill(database: Database) -> Database:
    """Store the villages, households, officers, visits and crimes."""
    store(database, "boundaries", make_villages())
    store(database, "households", make_households())
    store(database, "officers", make_officers())
    store(database, "visits", make_visits())
    store(database, "crimes", make_crimes())
    return database
