"""Sixteen villages that every method could work on, and five ways to have too little crime for it.

Four districts of four villages, each village with ten households of which some were visited. Without the
crimes nothing is missing, so that what a page refuses it refuses because of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tests.data.builders import store
from tests.pages.squares import Square, visit_at_the_door

if TYPE_CHECKING:
    from data.database import Database

SQUARE = Square(side=4, n_homes=10)
CODES, N_SIDE, N_HOMES = SQUARE.codes, SQUARE.side, SQUARE.n_homes
LAST = pd.Timestamp("2026-10-10T05:00:00Z")  # noon, WIB
TREATED, CONTROL = CODES[0], CODES[-1]

N_MANY, N_DAY = 300, 64
CASES = {"none": 0, "one": 1, "two": 2, "one place": N_MANY, "one day": N_DAY}
"""How many crimes there are: those of one place one every other day, those of one day four a village."""


def make_calls() -> pd.DataFrame:
    """Give visits at the door, from none in the first village to nine in the tenth, and so on."""
    homes = SQUARE.make_homes(north=0.01)
    place, number = np.divmod(np.arange(len(homes)), N_HOMES)
    met = np.flatnonzero(number < place % N_HOMES)
    return visit_at_the_door(homes, met, LAST - pd.to_timedelta(np.arange(len(met)) % 60, unit="D"))


def make_few(case: str) -> pd.DataFrame | None:
    """Give the crimes of a case, the last at noon of 10 October 2026; nothing where there is none."""
    number = np.arange(CASES[case])
    if not len(number):
        return None
    place = np.zeros_like(number) if case == "one place" else number % N_SIDE**2
    days = 0 if case == "one day" else 2 * number
    west, south = SQUARE.corners(place)
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
    store(database, "boundaries", SQUARE.make_villages())
    store(database, "households", SQUARE.make_homes(north=0.01))
    store(database, "visits", make_calls())
    crimes = make_few(case)
    if crimes is not None:
        store(database, "crimes", crimes)
