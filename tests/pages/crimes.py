"""Crimes whose figures can be checked by hand: forty in Kulon at night, ten in Wetan by day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tests.data.builders import EAST, WEST, make_households, make_villages, make_visits, store

if TYPE_CHECKING:
    from data.database import Database

N_WEST, N_EAST = 40, 10


def make_series(n: int = N_WEST + N_EAST, *, days: int = 50, place: str | None = None) -> pd.DataFrame:
    """Give n crimes that end on 10 October 2026, four of five in Kulon at 01.00 WIB, else in Wetan at 13.00.

    ``days`` is how many days they are spread over; with ``place`` all are at one point.
    """
    number = np.arange(n)
    west = number % 5 > 0
    last = pd.Timestamp("2026-10-09T18:00:00Z")  # 10 October, 01.00 WIB
    at = (
        last
        - pd.to_timedelta((number % days)[::-1], unit="D")
        - pd.to_timedelta(np.where(west, 0, 12), unit="h")
    )
    return pd.DataFrame(
        {
            "occurred_at": at,
            "category": "curat",
            "source": "reported",
            "lon": np.where(west, 111.404, 111.416) + (0 if place else 0.0004 * (number % 3)),
            "lat": -7.405,
            "village_code": np.where(west, WEST, EAST),
            "placement": "inside",
        },
        index=pd.Index([f"C{i}" for i in number], name="crime_id"),
    )  # fmt: skip


def store_place(database: Database, crimes: pd.DataFrame | None = None) -> None:
    """Store the small place, with these crimes, if any."""
    store(database, "boundaries", make_villages())
    store(database, "households", make_households())
    store(database, "visits", make_visits())
    if crimes is not None:
        store(database, "crimes", crimes)
