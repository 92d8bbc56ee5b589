"""The Hotspots page says what the numbers say, and nothing where there are too few."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import Point

from geo.hotspots.concentration import Concentration
from geo.hotspots.risk import RiskSurface
from geo.repeats import KnoxReading, NearRepeats
from pages.hotspots.layers import classify_surfaces, format_ratio
from pages.hotspots.repeats import describe_raised_risk, describe_repeats
from pages.hotspots.sentences import describe_cells, describe_concentration, explain_chance
from pages.text.language import use_language
from tests.data.builders import WEST
from tests.pages.conftest import figures, open_page
from tests.pages.crimes import make_series, store_place
from tests.pages.few import store_few

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

    from data.database import Database

STATES = (  # section, what lies over the map, method
    ("villages", None, "density"),
    ("when", "clusters", "cells"),
    ("repeats", "windows", "alike"),
    ("trust", None, "risk"),
)


@pytest.fixture
def forty_and_ten(database: Database) -> Database:
    """Forty crimes in Kulon, ten in Wetan."""
    store_place(database, make_series())
    return database


def said(app: AppTest) -> str:
    return "\n".join(text.value for text in (*app.markdown, *app.caption, *app.info))


@pytest.mark.usefixtures("forty_and_ten")
def test_figures_and_table_count_the_crimes() -> None:
    app = open_page("hotspots", lang="en")
    assert not app.exception
    assert figures(app)["Recorded crimes"] == "50"
    assert app.dataframe[0].value["n_crimes"].tolist() == [40, 10]
    assert "50 crimes are recorded. Most in: Kulon (40) and Wetan (10)." in said(app)


@pytest.mark.usefixtures("forty_and_ten")
def test_few_crimes_take_the_bandwidth_of_their_spread_and_any_can_be_chosen() -> None:
    app = open_page("hotspots", lang="en")
    said_of_it = (
        "With fewer than 200 crimes that have a time and a place, the bandwidth is based on how spread"
    )
    assert said_of_it in said(app)
    app.select_slider(key="hotspots_bandwidth").set_value(300).run()
    assert "a bandwidth of 300 m" in said(app)
    assert "You chose this bandwidth" in said(app)


@pytest.mark.usefixtures("forty_and_ten")
def test_clock_names_the_hours_that_stand_out() -> None:
    app = open_page("hotspots", lang="en")
    app.segmented_control(key="hotspots_section").set_value("when").run()
    assert "80% of the crimes occurred between 00.00 and 06.00." in said(app)  # 40 of 50 at 01.00


@pytest.mark.usefixtures("forty_and_ten")
def test_two_villages_are_too_few_to_be_compared_with_neighbours() -> None:
    app = open_page("hotspots", lang="en")
    app.segmented_control(key="hotspots_method").set_value("alike").run()
    assert not app.exception
    assert "Too few areas for a result (2): at least 10 are needed." in said(app).replace("\\", "")


@pytest.mark.usefixtures("forty_and_ten")
def test_cells_say_what_chance_is_and_for_how_many_places() -> None:
    app = open_page("hotspots", lang="en")
    app.segmented_control(key="hotspots_method").set_value("cells").run()
    assert "more crime around" in said(app)
    assert "Chance here is as many crimes falling at random over the whole area" in said(app)


def test_hot_cells_are_told_from_the_class_of_95_percent_on_and_chance_only_where_it_was_asked() -> None:
    found = pd.DataFrame(
        {"confidence": [3, 2, 1, 0], "n_crimes": [5, 3, 2, 0], "p_adjusted": [0.01, 0.05, 0.1, 1]}
    )
    with use_language("en"):
        assert describe_cells(found).startswith("2 of 4 cells have more crime around them")
        assert "80% of the crime" in describe_cells(found)
        assert describe_cells(found.iloc[2:]) == "No cell stands out from chance with 95% confidence."
        cold = describe_cells(found.assign(confidence=[1, 0, -2, -3]))
        assert cold.startswith("No cell has more crime around it than chance")
        assert cold.endswith("2 have less.")
        assert "testing 4 places at once" in explain_chance(found)
        assert explain_chance(found.assign(p_adjusted=np.nan)) == ""  # all are alike: nothing was tested


@pytest.mark.parametrize("kind", ["ratio", "log", "difference"])
def test_risk_is_drawn_in_each_of_its_ways(database: Database, kind: str) -> None:
    store_few(database, "one day")
    app = open_page("hotspots", lang="en")
    app.segmented_control(key="hotspots_method").set_value("risk").run()
    app.segmented_control(key="hotspots_risk").set_value(kind).run()
    assert not app.exception
    assert "64 crimes, 160 households" in said(app)


@pytest.mark.parametrize(("peak", "last"), [(3.0, "16 32"), (134.2, "16 135"), (np.nan, "16 32")])
def test_times_the_average_have_the_same_classes_everywhere(peak: float, last: str) -> None:
    surface = RiskSurface(
        values=np.log([[np.nan, 0.5, peak]]), west_m=0, south_m=0, cell_m=100, bandwidth_m=300,
        n_points=30, crs="EPSG:32749", kind="log",
    )  # fmt: skip
    shades = classify_surfaces(surface)
    labels = [label.replace("\N{EN DASH}", " ") for label in shades.labels(format_ratio)]
    assert labels == ["1 2", "2 4", "4 8", "8 16", last]


def test_near_repeats_are_told_with_their_limits_and_of_how_many_crimes() -> None:
    table = pd.DataFrame({"n_observed": [65, 5]})
    told = NearRepeats(table, 2245, "manhattan", KnoxReading(100.0, 7.0, 65, 38.6, 65 / 38.6, 0.001))
    chance = replace(told, reading=None)
    places = gpd.GeoDataFrame(geometry=[Point(0, 0)] * 3, crs="EPSG:32749")
    with use_language("en"):
        assert describe_repeats(told, date(2019, 12, 31)) == (
            "In the year to 31 Dec 2019, another crime was 1.68 times as likely as by chance "
            "within 7 days and 100 m of one of 2,245 crimes of this kind: 65 pairs, where 39 "
            "were expected."
        )
        assert describe_raised_risk(places, told) == (
            "At the end of the period, 3 places have a raised risk because of crimes in the last 7 days."
        )
        assert describe_raised_risk(places.head(0), told).endswith("period.")
        assert "2,245 crimes of this kind followed each other nearby no more often than by chance" in (
            describe_repeats(chance, date(2019, 12, 31))
        )
        assert describe_raised_risk(places.head(0), chance) == ""  # nothing is raised, nor known not to be


def test_near_repeats_of_later_bands_are_told_with_where_they_begin() -> None:
    reading = KnoxReading(200.0, 21.0, 105, 6.3, 105 / 6.3, 0.001, distance_from_m=100.0, days_from=14.0)
    told = NearRepeats(pd.DataFrame({"n_observed": [5, 105]}), 400, "manhattan", reading)
    places = gpd.GeoDataFrame(geometry=[Point(0, 0)] * 2, crs="EPSG:32749")
    with use_language("en"):
        assert describe_repeats(told, date(2019, 12, 31)).replace("\N{EN DASH}", "-") == (
            "In the year to 31 Dec 2019, crimes of this kind 100-200 m and 14-21 days apart were 16.67 "
            "times as frequent as by chance: 105 pairs among 400 crimes, where 6 were expected."
        )
        assert "because of crimes 14-21 days before." in (
            describe_raised_risk(places, told).replace("\N{EN DASH}", "-")
        )


def test_near_repeats_of_a_short_or_thin_record_claim_no_year_and_no_chance() -> None:
    thin = NearRepeats(pd.DataFrame({"n_observed": [4, 0]}), 40, "manhattan", None)
    with use_language("en"):
        said = describe_repeats(thin, date(2019, 12, 31), since=date(2019, 10, 1))
    assert said.startswith("From 1 Oct 2019 to 31 Dec 2019, too few of the 40 crimes of this kind were near")
    assert "year" not in said


@pytest.mark.usefixtures("forty_and_ten")
def test_clusters_are_listed_with_their_village_and_a_click_goes_there() -> None:
    app = open_page("hotspots", lang="en")
    app.button_group(key="hotspots_extra").set_value("clusters").run()
    assert [button.label for button in app.button if button.key.startswith("spot_")] == [
        "1 · **Kulon** · 40 crimes",
        "2 · **Wetan** · 10 crimes",
    ]
    app.button(key="spot_2").click().run()
    assert not app.exception


@pytest.mark.parametrize(
    ("n", "days", "place"),
    [(0, 1, None), (1, 1, None), (2, 2, None), (40, 40, "one"), (40, 1, None)],
    ids=["none", "one", "two", "one place", "one day"],
)
def test_too_little_is_a_sentence_and_never_a_traceback(
    database: Database, n: int, days: int, place: str | None
) -> None:
    crimes = make_series(n, days=days, place=place) if n else None
    if crimes is not None and place:
        crimes = crimes.assign(lon=111.404, village_code=WEST)
    store_place(database, crimes)
    app = open_page("hotspots", lang="en")
    for section, extra, method in STATES:
        app.segmented_control(key="hotspots_section").set_value(section)
        app.button_group(key="hotspots_extra").set_value(extra)
        app.segmented_control(key="hotspots_method").set_value(method).run()
        assert app.segmented_control(key="hotspots_method").value == method
        assert not app.exception
        assert not app.error
        assert "nan" not in said(app).lower().split()
        if n < 10:
            assert app.info
            assert "bandwidth" not in said(app)


def open_times(database: Database, crimes: pd.DataFrame) -> AppTest:
    store_place(database, crimes)
    app = open_page("hotspots", lang="en", days=365)
    app.segmented_control(key="hotspots_section").set_value("when").run()
    assert not app.exception
    return app


def test_dates_are_not_read_as_midnights(database: Database) -> None:
    crimes = make_series()
    dates = crimes["occurred_at"].dt.tz_convert("Asia/Jakarta").dt.normalize().dt.tz_convert("UTC")
    text = said(open_times(database, crimes.assign(occurred_at=dates, time_precision="day")))
    assert "between 00.00 and 06.00" not in text
    assert "No day of the week stands out from chance." in text
    assert "50 crimes are left out of the hours: their hour is not known." in text
    assert "Crimes in the period by weekday." in text


def test_some_dates_leave_the_hours_to_the_other_crimes(database: Database) -> None:
    crimes = make_series()
    crimes["time_precision"] = np.where(crimes["village_code"] == WEST, "minute", "day")
    text = said(open_times(database, crimes))
    assert "100% of the crimes whose hour is known occurred between 00.00 and 06.00." in text  # all of Kulon
    assert "10 crimes are left out of the hours: their hour is not known." in text


def test_months_are_periods_and_neither_days_nor_one_day(database: Database) -> None:
    crimes = make_series()
    first = pd.Timestamp("2026-10-01", tz="Asia/Jakarta").tz_convert("UTC")
    text = said(open_times(database, crimes.assign(occurred_at=first, time_precision="month"))).replace(
        "\\", ""
    )
    assert "from one day" not in text
    assert "Too few crimes whose day is known for a result (0): at least 30 are needed." in text
    assert "50 crimes are known by their month only, and the period begins or ends within that month" in text


def test_dense_land_is_named_only_where_random_scatters_are_not_as_dense() -> None:
    dense = Concentration(area_share=0.2, crime_share=0.71, chance_share=0.3, n_crimes=100, p=0.01)
    with use_language("en"):
        said = describe_concentration(dense)
        assert said.startswith("20% of the land contains 71% of the crimes with a location;")
        assert said.endswith("would put 30% there.")
        assert describe_concentration(dense._replace(p=0.06)) == ""
        assert describe_concentration(dense._replace(chance_share=0.7)) == ""
