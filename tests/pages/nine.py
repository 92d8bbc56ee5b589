"""Nine villages whose ranks can be told by hand.

Desa 1 to Desa 9 stand in a square, three districts of three. Each has ten households. In village i, i - 1 of
them were visited, at their door, one visit a day; and 2(9 - i) crimes were reported in October 2026: the
first village has the most crime and the least coverage, the last the least crime and the most coverage. In
the 31 days before, each village had four crimes.
"""

from __future__ import annotations

from datetime import date
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tests.data.builders import store
from tests.pages.squares import Square, visit_at_the_door

if TYPE_CHECKING:
    import geopandas as gpd

    from data.database import Database

SQUARE = Square(side=3, n_homes=10)
CODES, N_HOMES, N_BEFORE = SQUARE.codes, SQUARE.n_homes, 4
EARLIER, LATER = (np.datetime64(moment) for moment in ("2026-08-31T03:00", "2026-10-02T03:00"))
OCTOBER = {"since": "2026-10-01", "until": "2026-11-01"}


def make_nine() -> gpd.GeoDataFrame:
    """Give the villages."""
    return SQUARE.make_villages()


def make_homes() -> pd.DataFrame:
    """Give the households, 110 m apart."""
    return SQUARE.make_homes(north=0.005)


def make_calls() -> pd.DataFrame:
    """Give the visits, each at its household's door."""
    met = [i * N_HOMES + k for i in range(9) for k in range(i)]
    number = np.arange(len(met))
    days, minutes = pd.to_timedelta(number % 30, unit="D"), pd.to_timedelta(number * 7, unit="min")
    return visit_at_the_door(make_homes(), met, pd.Timestamp("2026-10-01T02:00:00Z") + days + minutes)


def make_reports() -> pd.DataFrame:
    """Give the crimes of October, and those of the month before."""
    later = list(chain.from_iterable([i] * (2 * (8 - i)) for i in range(9)))
    place = np.array(later + [i for i in range(9) for _ in range(N_BEFORE)])
    is_later = np.arange(len(place)) < len(later)
    west, south = SQUARE.corners(place)
    number = np.arange(len(place))
    return pd.DataFrame(
        {
            "occurred_at": np.where(is_later, LATER, EARLIER) + (number % 25).astype("timedelta64[D]"),
            "category": "curat",
            "source": "reported",
            "lon": west + 0.004 + 0.0004 * (number % 20),
            "lat": south + 0.01,
            "village_code": np.array(CODES)[place],
            "placement": "inside",
        },
        index=pd.Index([f"C{i}" for i in number], name="crime_id"),
    ).assign(occurred_at=lambda rows: rows["occurred_at"].dt.tz_localize("UTC"))  # fmt: skip


def store_nine(database: Database) -> None:
    """Store all of it."""
    store(database, "boundaries", make_nine())
    store(database, "households", make_homes())
    store(database, "visits", make_calls())
    store(database, "crimes", make_reports(), complete_to={"": date(2026, 10, 31)})
