"""Small canonical frames whose numbers can be checked by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import shapely

from data.settings import get_settings
from data.store import Batch, Receipt, commit_batch

if TYPE_CHECKING:
    from datetime import date

    from data.database import Database

EAST, WEST = "9901012002", "9901012001"
"""Two villages side by side, each 0.01° square, the border at longitude 111.41."""


def make_villages() -> gpd.GeoDataFrame:
    """Give the two villages."""
    return gpd.GeoDataFrame(
        {
            "village": ["Kulon", "Wetan"],
            "district_code": "990101",
            "district": "Tengah",
            "regency_code": "9901",
            "households_registered": [2, 1],
        },
        index=pd.Index([WEST, EAST], name="village_code"),
        geometry=[shapely.box(111.40, -7.41, 111.41, -7.40), shapely.box(111.41, -7.41, 111.42, -7.40)],
        crs="EPSG:4326",
    )


def make_households() -> pd.DataFrame:
    """Give two households in the west, one in the east, one outside."""
    return pd.DataFrame(
        {
            "head_name": ["Sri", "Budi", "Tono", "Jauh"],
            "rt": ["01", "02", "01", "09"],
            "lon": [111.402, 111.404, 111.415, 112.0],
            "lat": [-7.405, -7.405, -7.405, -7.0],
            "village_code": [WEST, WEST, EAST, None],
            "placement": ["inside", "inside", "inside", "outside"],
        },
        index=pd.Index(["K1", "K2", "K3", "K4"], name="household_id"),
    )


def make_visits() -> pd.DataFrame:
    """Give three visits: K1 in the west, K1 recorded in the east, K3 without a fix."""
    return pd.DataFrame(
        {
            "visited_at": pd.to_datetime(
                ["2026-10-01T02:00:00Z", "2026-10-02T02:00:00Z", "2026-10-03T02:00:00Z"]
            ),
            "officer_id": ["P1", "P1", "P2"],
            "household_id": ["K1", "K1", "K3"],
            "household_match": "id",
            "lon": [111.402, 111.415, None],
            "lat": [-7.405, -7.405, None],
            "village_code": [WEST, EAST, None],
            "placement": ["inside", "inside", "unlocated"],
        },
        index=pd.Index(["V1", "V2", "V3"], name="visit_id"),
    )


def make_row_of_houses(n: int) -> pd.DataFrame:
    """Give n households in the west, 50 m or more from one another."""
    number = pd.RangeIndex(n)
    return pd.DataFrame(
        {
            "head_name": [f"Warga {at}" for at in number],
            "rt": "01",
            "lon": 111.401 + 0.0005 * number,
            "lat": -7.405,
            "village_code": WEST,
            "placement": "inside",
        },
        index=pd.Index([f"H{at}" for at in number], name="household_id"),
    )


def make_visits_at_doors(outcomes: list[str | None]) -> pd.DataFrame:
    """Give a visit with each outcome at the door of `make_row_of_houses`, in order, a day apart."""
    number = pd.RangeIndex(len(outcomes))
    return pd.DataFrame(
        {
            "visited_at": pd.Timestamp("2026-10-01T02:00:00Z") + pd.to_timedelta(number, unit="D"),
            "officer_id": "P1",
            "household_id": [f"H{at}" for at in number],
            "household_match": "id",
            "outcome": pd.array(outcomes, "str"),
            "lon": 111.401 + 0.0005 * number,
            "lat": -7.405,
            "village_code": WEST,
            "placement": "inside",
        },
        index=pd.Index([f"V{at}" for at in number], name="visit_id"),
    )


def _find_last_day(records: pd.DataFrame) -> dict[str, date]:
    """Give the last day of visits or crimes: in small places the record is complete to its last row."""
    times = [records[name] for name in ("visited_at", "occurred_at") if name in records and len(records)]
    return {"": times[0].max().tz_convert(get_settings().zone).date()} if times else {}


def store(database: Database, dataset: str, records: pd.DataFrame, **facts: object) -> Receipt:
    """Commit a frame as a batch of its own."""
    batch = Batch(
        dataset=dataset,
        file_name=f"{dataset}.csv",
        fingerprint=str(facts.pop("fingerprint", dataset)),
        imported_by="demo",
        rows_read=len(records),
        rows_quarantined=0,
        rows_outside=0,
        complete_to=facts.pop("complete_to", _find_last_day(records)),
    )
    nothing = pd.DataFrame({"row_number": [], "reasons": [], "raw": []}).astype(
        {"reasons": "str", "raw": "str"}
    )
    return commit_batch(database, batch, records, facts.pop("quarantine", nothing), **facts)
