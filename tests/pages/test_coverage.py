"""The Coverage page: hand-counted figures, the way down to an RT and back, what its sentences dare say."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from data.decisions import record_decision, undo_decision
from data.periods import Period
from data.principal import Principal
from data.repository import read_versions
from data.settings import get_settings
from geo.evidence import CLASS_DESCRIPTIONS
from pages.queries.areas import select_villages, step_into
from pages.queries.evidence import (
    count_reviews,
    load_assessment,
)
from pages.queries.filters import Filters
from pages.queries.neighbourhoods import (
    Neighbourhood,
    list_homes,
    measure_neighbourhoods,
    name_homes,
    select_homes,
)
from pages.queries.records import Connection, load_visits, open_connection
from pages.queries.visits import Coverage, read_coverage, read_coverage_trend, sum_coverage_by_district
from pages.widgets.captions import describe_away
from tests.data.builders import EAST, WEST, make_households, make_villages, make_visits, store
from tests.pages.conftest import figures, open_page

if TYPE_CHECKING:
    from data.database import Database

OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1), "Asia/Jakarta")
ALL = Principal.demo()


def of(area: str = "") -> Filters:
    return Filters(area, OCTOBER, ())


def measure(connection: Connection, area: str = "") -> Coverage:
    return read_coverage(connection, select_villages(connection, area), OCTOBER)


@pytest.fixture
def connection(place: Database) -> Connection:
    assert place
    return open_connection()


def test_visits_are_assessed_once_and_by_their_number(connection: Connection) -> None:
    assessed = load_assessment(connection).set_axis(load_visits(connection)["visit_id"].array)
    assert assessed["evidence"].astype("str").to_dict() == {
        "V1": "supported", "V2": "to_review", "V3": "unlocated",
    }  # fmt: skip
    assert assessed.loc["V2", "outside_village"]
    assert set(assessed["evidence"].cat.categories) == set(CLASS_DESCRIPTIONS)


def test_accepted_visit_counts_as_evidence_until_that_is_undone(place: Database) -> None:
    store(place, "visits", make_visits().loc[["V2"]].assign(household_id="K2"), fingerprint="to K2")
    assert measure(open_connection()).n_evidenced == 1  # K1
    record_decision(place, ALL, ["V2"], "accepted", "Met at the market.")
    assert measure(open_connection()).n_evidenced == 2
    assert count_reviews(open_connection(), OCTOBER, "").n_open == 0
    undo_decision(place, ALL, ["V2"])
    assert measure(open_connection()).n_evidenced == 1
    assert count_reviews(open_connection(), OCTOBER, "").n_open == 1


def test_supported_visit_that_is_set_aside_does_not_count(place: Database) -> None:
    record_decision(place, ALL, ["V1"], "set_aside", "The officer was on leave.")
    measured = measure(open_connection())
    assert (measured.n_reported, measured.n_evidenced) == (2, 0)


def test_reasons_are_counted_with_what_is_still_open(place: Database) -> None:
    reviews = count_reviews(open_connection(), OCTOBER, WEST)
    assert reviews.reasons.loc["outside_village"].tolist() == [1, 1]
    assert reviews.reasons["n_records"].sum() == 1
    record_decision(place, ALL, ["V2"], "set_aside", "Recorded at the office.")
    reviews = count_reviews(open_connection(), OCTOBER, WEST)
    assert reviews.reasons.loc["outside_village"].tolist() == [1, 0]
    assert (reviews.n_open, reviews.n_accepted, reviews.n_set_aside) == (0, 0, 1)
    assert count_reviews(open_connection(), OCTOBER, EAST).n_visits == 1  # V3


def test_villages_add_up_to_their_district(connection: Connection) -> None:
    villages = measure(connection)
    district = sum_coverage_by_district(villages)
    assert district.rows.index.tolist() == ["990101"]
    assert district[1:] == villages[1:]
    assert district.rows["gap"].item() == pytest.approx(1 / 3)


def test_trend_tells_the_parts_of_a_period(connection: Connection) -> None:
    trend = read_coverage_trend(connection, OCTOBER, "village")
    assert trend[WEST] == [0.5] + 11 * [0]  # V1, on the first day, is one of two households
    assert trend[EAST] == 12 * [0]
    assert read_coverage_trend(connection, OCTOBER, "district")["990101"][0] == pytest.approx(0.3333)


def test_cache_keeps_scopes_apart(place: Database) -> None:
    versions = read_versions(place)
    east = Connection(place, Principal("ani", "supervisor", (EAST,)), versions, get_settings().clock)
    whole = Connection(place, ALL, versions, get_settings().clock)
    assert measure(whole).n_households == 3
    assert measure(east).n_households == 1
    assert set(load_visits(east)["visit_id"]) == {"V2", "V3"}
    assert len(load_assessment(east)) == 2


def test_households_of_a_village_tell_what_is_on_record(connection: Connection) -> None:
    homes = list_homes(connection, of(WEST))
    assert homes["kind"].to_dict() == {"K1": "supported", "K2": "missed"}
    assert homes["n_visits"].to_dict() == {"K1": 2, "K2": 0}
    assert list_homes(connection, of(EAST))["kind"].to_dict() == {"K3": "reported"}
    neighbourhoods = measure_neighbourhoods(connection, of(WEST), homes)
    assert neighbourhoods["rt"].tolist() == ["01", "02"]
    assert neighbourhoods["evidenced_coverage"].tolist() == [1.0, 0.0]
    chosen = select_homes(homes, Neighbourhood(WEST, neighbourhoods["rw"][0], "02"))
    assert name_homes(connection, chosen, WEST)["head_name"].tolist() == ["Budi"]


def test_click_leads_to_the_district_first_where_there_are_several(database: Database) -> None:
    villages = make_villages().assign(district_code=["990101", "990102"], district=["Tengah", "Timur"])
    store(database, "boundaries", villages.set_axis([WEST, "9901022001"]).rename_axis("village_code"))
    connection = open_connection()
    assert step_into(connection, "", WEST) == "990101"
    assert step_into(connection, "9901", WEST) == "990101"
    assert step_into(connection, "990101", WEST) == WEST


@pytest.mark.usefixtures("place")
def test_village_shows_its_neighbourhoods_and_leads_back() -> None:
    app = open_page("coverage", lang="en", area=WEST)
    assert app.dataframe[0].value["rt"].tolist() == ["01", "02"]
    app.session_state["coverage.neighbourhood"] = Neighbourhood(WEST, "—", "02")
    app.run()
    assert app.dataframe[0].value["head_name"].tolist() == ["Budi"]
    assert "**RT 02 / RW —**" in [text.value for text in app.markdown]
    app.button(key="back_village").click().run()
    assert app.dataframe[0].value["rt"].tolist() == ["01", "02"]


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize("layer", ["reported_coverage", "evidenced_coverage", "gap", "heat"])
def test_every_layer_can_be_shown(layer: str) -> None:
    app = open_page("coverage", lang="en")
    app.segmented_control(key="coverage_layer_False").set_value(layer).run()
    assert app.segmented_control(key="coverage_layer_False").value == layer
    assert not app.exception
    assert not app.error


def away(n_near: int, n_compared: int, name: str = "Sawo") -> pd.DataFrame:
    return pd.DataFrame({"village": [name], "n_near": [n_near], "n_compared": [n_compared]}, index=[name])


@pytest.mark.parametrize(
    ("n_near", "n_compared", "said"),
    [
        (2, 20, "In Sawo, 9 of 10 reported visits with a location (18 of 20) were recorded away"),
        (1, 100, "In Sawo, 9 of 10 reported visits with a location (99 of 100)"),  # never rounded to all
        (0, 20, "In Sawo, 10 of 10 reported visits with a location (20 of 20)"),
        (10, 20, "In Sawo, 5 of 10"),
        (11, 20, ""),  # most were at the household
        (0, 19, ""),  # too few to say anything
        (0, 0, ""),
    ],
)
def test_sentence_on_where_visits_were_recorded(n_near: int, n_compared: int, said: str) -> None:
    sentence = describe_away(away(n_near, n_compared))
    assert sentence.startswith(said)
    assert bool(sentence) == bool(said)


def test_sentence_names_one_village_and_counts_the_others() -> None:
    rows = pd.concat([away(0, 30, "Puhti"), away(5, 90), away(90, 90, "Legundi")])
    assert describe_away(rows).startswith("In Sawo, 9 of 10")
    assert describe_away(rows).endswith("The same is true of at least half of them in 1 other village.")


@pytest.fixture(autouse=True)
def _in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMBANG_LANGUAGE", "en")


def test_village_without_households_has_no_coverage(database: Database) -> None:
    store(database, "boundaries", make_villages())
    store(database, "households", make_households().loc[["K1", "K2"]])
    store(database, "visits", make_visits().loc[["V1"]])
    app = open_page("coverage", lang="en")
    table = app.dataframe[0].value
    assert table["village"].tolist() == ["Kulon", "Wetan"]
    assert pd.isna(table["evidenced_coverage"].iloc[1])
    assert figures(app)["Supported by GPS"] == "50%"
