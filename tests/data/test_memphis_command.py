"""The robberies of Memphis, 2019, from the file to the report of all methods: totals agree with rows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
import shapely

from data.cli import main
from data.settings import get_settings
from tests.data.imports import boundary_file
from tests.geo.builders import SHARED, reference

if TYPE_CHECKING:
    from pathlib import Path

ROBBERIES = SHARED / "memphis_robberies.csv"
N_ROBBERIES = 2245

pytestmark = [
    reference,
    pytest.mark.skipif(not ROBBERIES.exists(), reason="needs ../shared/data/memphis_robberies.csv"),
]


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict:
    with pytest.raises(SystemExit) as left:
        main([*arguments, "--json"])
    printed = capsys.readouterr()
    assert (left.value.code or 0, printed.err) == (0, "")
    return json.loads(printed.out)


def make_quarters(rows: pd.DataFrame) -> str:
    """Cut the city into sixteen quarters, which hold every robbery."""
    west, south, east, north = rows["lon"].min(), rows["lat"].min(), rows["lon"].max(), rows["lat"].max()
    x, y = np.linspace(west - 0.01, east + 0.01, 5), np.linspace(south - 0.01, north + 0.01, 5)
    shapes = [shapely.box(x[i], y[j], x[i + 1], y[j + 1]) for i in range(4) for j in range(4)]
    quarters = [
        (
            {
                "village_code": f"9901012{i:03d}",
                "village": f"Quarter {i}",
                "district": "Memphis",
                "district_code": "990101",
            },
            shapely.geometry.mapping(shape),
        )
        for i, shape in enumerate(shapes, start=1)
    ]
    return boundary_file(*quarters)


def test_one_command_whose_totals_agree_with_the_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SAMBANG_DATABASE_URL", f"sqlite:///{tmp_path / 'sambang.sqlite'}")
    get_settings.cache_clear()
    rows = pd.read_csv(ROBBERIES)
    assert len(rows) == N_ROBBERIES
    (tmp_path / "quarters.geojson").write_text(make_quarters(rows))
    run(capsys, "import", "boundaries", str(tmp_path / "quarters.geojson"), "--code-scheme", "none")
    columns = {"uid": "crime_id", "offense_type": "category", "date_utc": "occurred_at"}
    rows.rename(columns=columns)[[*columns.values(), "lon", "lat"]].to_csv(
        tmp_path / "robberies.csv", index=False
    )
    stored = run(
        capsys, "import", "crimes", str(tmp_path / "robberies.csv"), "--dates", "iso", "--timezone", "UTC"
    )
    assert stored["rows_accepted"] + stored["rows_quarantined"] == stored["rows_read"] == N_ROBBERIES

    answer = run(
        capsys, "report", "hotspots", "--method", "all", "--since", "2018-12-31", "--until", "2020-01-02"
    )
    found, n = answer["methods"], stored["rows_accepted"]
    assert answer["n_crimes"] == n
    assert answer["n_without_location"] == 0
    assert found["density"]["n_points"] == found["cells"]["n_in_cells"] == n
    assert found["clusters"]["n_in_clusters"] + found["clusters"]["n_outside"] == n
    measured = rows["offense_type"].value_counts()
    refused = found["repeats"]["refused"]
    assert sum(found["repeats"]["n_measured"].values()) == n - sum(measured[kind] for kind in refused)
    assert found["cells"]["n_hot"] > 0
    assert (
        "households" in found["risk"]["too_few"]
    )  # none are registered there: the others answer all the same
    get_settings.cache_clear()
