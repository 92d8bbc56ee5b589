"""Sixteen villages that every method could work on, and five ways to have too little crime for it.

Four districts of four villages, each village with ten households of which some were visited. Without the
crimes nothing is missing, so that what a page refuses it refuses because of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from tests.data.builders import store

if TYPE_CHECKING:
    from data.database import Database

SIDE, N_SIDE, N_HOMES = 0.02, 4, 10
CODES = [f"99010{1 + i // N_SIDE}20{i + 1:02d}" for i in range(N_SIDE**2)]
LAST = pd.Timestamp("2026-10-10T05:00:00Z")  # noon, WIB
TREATED, CONTROL = CODES[0], CODES[-1]

N_MANY, N_DAY = 300, 64
CASES = {"none": 0, "one": 1, "two": 2, "one place": N_MANY, "one day": N_DAY}
"""How many crimes there are: those of one place one every other day, those of one day four a village."""


def _corners(place: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return 111.4 + SIDE * (place % N_SIDE), -7.4 - SIDE * (place // N_SIDE)


def make_sixteen() -> gpd.GeoDataFrame:
    """Give the villages."""
    west, south = _corners(np.arange(N_SIDE**2))
    return gpd.GeoDataFrame(
        {
            "village": [f"Desa {i + 1}" for i in range(N_SIDE**2)],
            "district_code": [code[:6] for code in CODES],
            "district": [f"Kecamatan {1 + i // N_SIDE}" for i in range(N_SIDE**2)],
            "regency_code": "9901",
            "households_registered": N_HOMES,
        },
        index=pd.Index(CODES, name="village_code"),
        geometry=shapely.box(west, south, west + SIDE, south + SIDE),
        crs="EPSG:4326",
    )


def make_homes() -> pd.DataFrame:
    """Give ten households a village."""
    place, number = np.divmod(np.arange(N_SIDE**2 * N_HOMES), N_HOMES)
    west, south = _corners(place)
    return pd.DataFrame(
        {
            "head_name": [f"Kepala {i}" for i in range(len(place))],
            "rt": "01",
            "rw": "01",
            "lon": west + 0.004 + 0.001 * number,
            "lat": south + 0.01,
            "village_code": np.array(CODES)[place],
            "placement": "inside",
        },
        index=pd.Index([f"K{i:03d}" for i in range(len(place))], name="household_id"),
    )


def make_calls() -> pd.DataFrame:
    """Give visits at the door, from none in the first village to nine in the tenth, and so on."""
    homes = make_homes()
    place, number = np.divmod(np.arange(len(homes)), N_HOMES)
    met = np.flatnonzero(number < place % N_HOMES)
    return pd.DataFrame(
        {
            "visited_at": LAST - pd.to_timedelta(np.arange(len(met)) % 60, unit="D"),
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


def make_few(case: str) -> pd.DataFrame | None:
    """Give the crimes of a case, the last at noon of 10 October 2026; nothing where there is none."""
    number = np.arange(CASES[case])
    if not len(number):
        return None
    place = np.zeros_like(number) if case == "one place" else number % N_SIDE**2
    days = 0 if case == "one day" else 2 * number
    west, south = _corners(place)
    shift = 0.0 if case == "one place" else 0.003 * (number // N_SIDE**2)
    return pd.DataFrame(
        {
            "occurred_at": LAST - pd.to_timedelta(days, unit="D") - pd.to_timedelta(number % 5, unit="h"),
            "category": "curat",
            "source": "reported",
            "lon": west + 0.005 + shift,
            "lat": south + 0.01,
            "village_code": np.array(CODES)[place],
            "placement": "inside",
        },
        index=pd.Index([f"C{i}" for i in number], name="crime_id"),
    )


def store_few(database: Database, case: str) -> None:
    """Store it all."""
    store(database, "boundaries", make_sixteen())
    store(database, "households", make_homes())
    store(database, "visits", make_calls())
    crimes = make_few(case)
    if crimes is not None:
        store(database, "crimes", crimes)
