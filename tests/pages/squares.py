"""Villages that stand in a square, row by row from the north-west, with households and visits to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

SIDE = 0.02
"""Of a village, in degrees."""


@dataclass(frozen=True)
class Square:
    """``side`` times ``side`` villages, a row of them a district, each with ``n_homes`` households."""

    side: int
    n_homes: int

    @property
    def codes(self) -> list[str]:
        """Codes of the villages, from the north-west."""
        return [f"99010{1 + i // self.side}2{i + 1:03d}" for i in range(self.side**2)]

    def corners(self, place: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """South-west corners of villages, from 0."""
        row, column = np.divmod(np.asarray(place), self.side)
        return 111.4 + SIDE * column, -7.4 - SIDE * row

    def make_villages(self) -> gpd.GeoDataFrame:
        """Give the villages, Desa 1 and on."""
        number = range(self.side**2)
        west, south = self.corners(np.arange(self.side**2))
        return gpd.GeoDataFrame(
            {
                "village": [f"Desa {i + 1}" for i in number],
                "district_code": [code[:6] for code in self.codes],
                "district": [f"Kecamatan {1 + i // self.side}" for i in number],
                "regency_code": "9901",
                "households_registered": self.n_homes,
            },
            index=pd.Index(self.codes, name="village_code"),
            geometry=shapely.box(west, south, west + SIDE, south + SIDE),
            crs="EPSG:4326",
        )

    def make_homes(self, *, north: float) -> pd.DataFrame:
        """Give the households, 110 m apart in a row ``north`` degrees above the southern border."""
        n = self.side**2 * self.n_homes
        place, number = np.divmod(np.arange(n), self.n_homes)
        west, south = self.corners(place)
        return pd.DataFrame(
            {
                "head_name": [f"Kepala {i}" for i in range(n)],
                "rt": "01",
                "rw": "01",
                "lon": west + 0.004 + 0.001 * number,
                "lat": south + north,
                "village_code": np.array(self.codes)[place],
                "placement": "inside",
            },
            index=pd.Index([f"K{i:0{len(str(n - 1))}d}" for i in range(n)], name="household_id"),
        )


def visit_at_the_door(homes: pd.DataFrame, met: ArrayLike, visited_at: pd.DatetimeIndex) -> pd.DataFrame:
    """Give a visit to each household whose place is in ``met``, by an officer of its own."""
    chosen = homes.iloc[np.asarray(met)]
    n = len(chosen)
    return pd.DataFrame(
        {
            "visited_at": visited_at,
            "officer_id": [f"P{i}" for i in range(n)],
            "household_id": chosen.index,
            "household_match": "id",
            **{name: chosen[name].to_numpy() for name in ("lon", "lat", "village_code")},
            "placement": "inside",
        },
        index=pd.Index([f"V{i}" for i in range(n)], name="visit_id"),
    )
