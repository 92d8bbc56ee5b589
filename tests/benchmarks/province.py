"""A sample province: the sample regency many times, side by side, in little memory."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from data.sample import make_sample
from tests.data.builders import store

if TYPE_CHECKING:
    import geopandas as gpd

    from data.database import Database

UNTIL = date(2026, 11, 24)
_CODES = ("village_code", "district_code", "regency_code")
_FIRST_CODE = 8000  # of the copies: no province has such a code


def load_province(database: Database, n: int) -> None:
    """Store ``n`` copies of the regency, each with codes of its own; the visits are those of the first."""
    database.migrate()
    sample = make_sample("regency", until=UNTIL)
    width = 1.02 * float(np.ptp(sample.households["lon"].dropna()))
    copies = [_move_villages(sample.villages, copy, copy * width) for copy in range(n)]
    store(database, "boundaries", pd.concat(copies))
    for copy in range(n):
        homes = _move_households(sample.households, copy, copy * width)
        store(database, "households", homes, fingerprint=f"households {copy}")
    store(database, "officers", sample.officers)
    store(database, "visits", sample.visits)


def _move_villages(villages: gpd.GeoDataFrame, copy: int, degrees: float) -> gpd.GeoDataFrame:
    moved = _recode(villages, copy).assign(geometry=villages.translate(degrees).array)
    if copy:
        moved.index = pd.Index(f"{_FIRST_CODE + copy}" + villages.index.str[4:], name=villages.index.name)
        moved["regency"] = f"Regency {copy}"
    return moved


def _move_households(households: pd.DataFrame, copy: int, degrees: float) -> pd.DataFrame:
    moved = _recode(households, copy).assign(lon=households["lon"] + degrees)
    if copy:
        moved.index = pd.Index(f"{copy}-" + households.index, name=households.index.name)
    return moved


def _recode(frame: pd.DataFrame, copy: int) -> pd.DataFrame:
    """Give all codes another regency; the first copy keeps its own."""
    codes = {name: frame[name].astype("str") for name in _CODES if copy and name in frame.columns}
    return frame.assign(**{name: f"{_FIRST_CODE + copy}" + code.str[4:] for name, code in codes.items()})
