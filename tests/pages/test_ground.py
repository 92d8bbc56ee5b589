"""The page and the command line work on the same ground: the same borders, projection and cells."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from data.cli import main
from data.ground import read_ground
from data.principal import Principal
from geo.grid import make_grid
from geo.maps import MAX_VERTICES
from pages.queries.crime_methods import make_cells
from pages.queries.records import load_villages, open_connection
from tests.data.builders import store

if TYPE_CHECKING:
    from data.database import Database

FAR, NEAR = "9901012001", "9902012001"


def make_island(lon: float, lat: float) -> shapely.Polygon:
    """A ragged coast of 40,000 corners, about 11 km across."""
    angle = np.linspace(0, 2 * np.pi, 2 * MAX_VERTICES, endpoint=False)
    radius = 0.05 + 0.0004 * np.sin(900 * angle) + 0.004 * np.sin(11 * angle)
    return shapely.Polygon(np.column_stack([lon + radius * np.cos(angle), lat + radius * np.sin(angle)]))


@pytest.fixture
def islands(database: Database) -> Database:
    """Two islands on both sides of the border of two UTM zones, with crimes on one."""
    villages = gpd.GeoDataFrame(
        {
            "village": ["Barat", "Timur"],
            "district_code": [FAR[:6], NEAR[:6]],
            "district": ["Kulon", "Wetan"],
            "regency_code": [FAR[:4], NEAR[:4]],
            "households_registered": 10,
        },
        index=pd.Index([FAR, NEAR], name="village_code"),
        geometry=[make_island(107.0, -7.0), make_island(111.0, -7.2)],
        crs="EPSG:4326",
    )
    rng = np.random.default_rng(0)
    crimes = pd.DataFrame(
        {
            "occurred_at": pd.Timestamp("2026-10-02T03:00:00Z")
            + pd.to_timedelta(np.arange(60) % 20, unit="D"),
            "category": "curat",
            "source": "reported",
            "lon": 107.0 + rng.normal(0, 0.01, 60),
            "lat": -7.0 + rng.normal(0, 0.01, 60),
            "village_code": FAR,
            "placement": "inside",
        },
        index=pd.Index([f"C{i}" for i in range(60)], name="crime_id"),
    )
    store(database, "boundaries", villages)
    store(database, "crimes", crimes)
    return database


@pytest.mark.parametrize("area", ["", FAR[:4]])
def test_page_and_command_have_the_same_cells(
    islands: Database, capsys: pytest.CaptureFixture[str], area: str
) -> None:
    cells = make_cells(open_connection(), area)
    again = make_grid(read_ground(islands, Principal.demo(), area))
    assert cells.index.equals(again.index)
    assert cells.geometry.geom_equals(again.geometry).all()
    assert report(capsys, area)["n_cells"] == len(cells)


def test_the_ground_has_the_projection_of_the_whole_unit_and_the_area_of_the_true_borders(
    islands: Database,
) -> None:
    everywhere = read_ground(islands, Principal.demo())
    part = read_ground(islands, Principal.demo(), FAR[:4])
    assert part.index.tolist() == [FAR]
    assert part.crs == everywhere.crs
    assert shapely.get_num_coordinates(everywhere.geometry).sum() <= MAX_VERTICES
    # r² has the mean 0.05² + 0.0004²/2 + 0.004²/2, so that the island has π times as many square degrees; at
    # 7° S a degree is 110.6 km north and 110.5 km east.
    km2 = np.pi * (0.05**2 + 0.0004**2 / 2 + 0.004**2 / 2) * 110.6 * 110.5
    assert part["area_km2"].item() == pytest.approx(km2, rel=0.005)
    assert load_villages(open_connection())["area_km2"].equals(everywhere["area_km2"])


def report(capsys: pytest.CaptureFixture[str], area: str) -> dict[str, Any]:
    arguments = ["report", "hotspots", "--method", "cells", "--json", *(["--area", area] if area else [])]
    with pytest.raises(SystemExit):
        main(arguments)
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer
