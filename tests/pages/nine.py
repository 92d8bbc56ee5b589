"""Nine villages whose ranks can be told by hand.

Desa 1 to Desa 9 stand in a square, three districts of three. Each has ten households. In village i, i - 1 of
them were visited, at their door, one visit a day; and 2(9 - i) crimes were reported in October 2026: the
first village has the most crime and the least coverage, the last the least crime and the most coverage. In
the 31 days before, each village had four crimes.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from tests.data.builders import store

if TYPE_CHECKING:
    from data.database import Database

CODES = [f"99010{1 + i // 3}200{i + 1}" for i in range(9)]
N_HOMES, N_BEFORE = 10, 4
SIDE = 0.02
EARLIER, LATER = (np.datetime64(moment) for moment in ("2026-08-31T03:00", "2026-10-02T03:00"))
OCTOBER = {"since": "2026-10-01", "until": "2026-11-01"}


def corner(place: int) -> tuple[float, float]:
    """South-west corner of a village, from 0."""
    return 111.4 + SIDE * (place % 3), -7.4 - SIDE * (place // 3)


def make_nine() -> gpd.GeoDataFrame:
    """Give the villages."""
    return gpd.GeoDataFrame(
        {
            "village": [f"Desa {i + 1}" for i in range(9)],
            "district_code": [code[:6] for code in CODES],
            "district": [f"Kecamatan {1 + i // 3}" for i in range(9)],
            "regency_code": "9901",
            "households_registered": N_HOMES,
        },
        index=pd.Index(CODES, name="village_code"),
        geometry=[shapely.box(x, y, x + SIDE, y + SIDE) for x, y in map(corner, range(9))],
        crs="EPSG:4326",
    )


def make_homes() -> pd.DataFrame:
    """Give the households, 110 m apart."""
    place, number = np.divmod(np.arange(9 * N_HOMES), N_HOMES)
    west, south = np.array([corner(i) for i in range(9)])[place].T
    return pd.DataFrame(
        {
            "head_name": [f"Kepala {i}" for i in range(9 * N_HOMES)],
            "rt": "01",
            "rw": "01",
            "lon": west + 0.004 + 0.001 * number,
            "lat": south + 0.005,
            "village_code": np.array(CODES)[place],
            "placement": "inside",
        },
        index=pd.Index([f"K{i:02d}" for i in range(9 * N_HOMES)], name="household_id"),
    )


def make_calls() -> pd.DataFrame:
    """Give the visits, each at its household's door."""
    homes = make_homes()
    met = [i * N_HOMES + k for i in range(9) for k in range(i)]
    day = np.arange(len(met)) % 30
    return pd.DataFrame(
        {
            "visited_at": pd.Timestamp("2026-10-01T02:00:00Z")
            + pd.to_timedelta(day, unit="D")
            + pd.to_timedelta(np.arange(len(met)) * 7, unit="min"),
            "officer_id": [f"P{i}" for i in range(len(met))],
            "household_id": homes.index[met],
            "household_match": "id",
            "lon": homes["lon"].to_numpy()[met],
            "lat": homes["lat"].to_numpy()[met],
            "village_code": homes["village_code"].to_numpy()[met],
            "placement": "inside",
        },
        index=pd.Index([f"V{i}" for i in range(len(met))], name="visit_id"),
    )


def make_reports() -> pd.DataFrame:
    """Give the crimes of October, and those of the month before."""
    later = list(chain.from_iterable([i] * (2 * (8 - i)) for i in range(9)))
    place = np.array(later + [i for i in range(9) for _ in range(N_BEFORE)])
    is_later = np.arange(len(place)) < len(later)
    west, south = np.array([corner(i) for i in range(9)])[place].T
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
    store(database, "crimes", make_reports())
