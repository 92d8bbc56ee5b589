"""Real boundaries, households and crimes, imported from their files, show on the pages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from data.importing import ImportOptions, commit_import, prepare_import
from data.principal import Principal
from data.readers import InputFile
from tests.pages.conftest import figures, open_page

if TYPE_CHECKING:
    from data.database import Database

SHARED = Path(__file__).parents[3] / "shared" / "data"

pytestmark = [
    pytest.mark.reference,
    pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data is absent"),
]


def bring_in(database: Database, dataset: str, name: str, **options: object) -> None:
    """Import a reference file."""
    source = InputFile.from_path(SHARED / name)
    prepared = prepare_import(database, Principal.demo(), source, dataset, ImportOptions(**options))
    commit_import(database, prepared)


def test_ngawi_shows_with_all_households_outside(database: Database) -> None:
    bring_in(database, "boundaries", "ngawi_villages.geojson")
    bring_in(database, "households", "lembang_buildings.csv")
    app = open_page("coverage", lang="en")
    assert not app.exception
    assert len(app.dataframe[0].value) == 217
    assert any("2,517 households are outside every village" in caption.value for caption in app.caption)


def test_charlottesville_shows_with_its_crimes(database: Database) -> None:
    bring_in(database, "boundaries", "charlottesville_neighbourhoods.geojson")
    bring_in(database, "crimes", "charlottesville_crimes.csv.gz", timezone="America/New_York")
    period = {"since": "2014-01-01", "until": "2020-01-01"}
    app = open_page("hotspots", lang="en", **period)
    assert not app.exception
    assert figures(app)["Recorded crimes"] == "29,475"
    said = "53 have no coordinates and are not on the map; 1,049 lie outside every village"
    assert any(said in caption.value for caption in app.caption)


def test_dates_of_charlottesville_are_not_read_as_midnights(database: Database) -> None:
    bring_in(database, "boundaries", "charlottesville_neighbourhoods.geojson")
    dates = {"columns": {"time": ""}, "timezone": "America/New_York"}  # without the column of hours
    bring_in(database, "crimes", "charlottesville_crimes.csv.gz", **dates)
    app = open_page("hotspots", lang="en", since="2014-01-01", until="2020-01-01")
    app.segmented_control(key="hotspots_section").set_value("when").run()
    assert not app.exception
    said = "\n".join(text.value for text in (*app.markdown, *app.caption, *app.info))
    assert "between" not in said
    assert "29,475 crimes are left out of the hours: their hour is not known." in said
    assert "Crimes in the period by weekday." in said
