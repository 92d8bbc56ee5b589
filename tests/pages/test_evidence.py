"""The Visit evidence page: reasons counted, a visit decided with a note and taken back, nobody judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from data.decisions import read_decisions, record_decision
from data.principal import Principal
from geo.evidence import FLAGS
from pages.evidence.view import _around
from pages.queries.filters import Filters
from pages.queries.records import open_connection
from pages.queries.reviews import list_officer_day, list_visits, read_personal_facts
from pages.text.flags import FLAG_NAMES
from tests.data.builders import EAST, WEST, make_households, make_villages, make_visits, store
from tests.pages.conftest import figures, open_page, sign_in
from tests.pages.test_coverage import OCTOBER
from tests.pages.test_pages import NASTY

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

    from data.database import Database
    from pages.queries.records import Connection

ALL = Principal.demo()
VERDICTS = ("fake", "false", "fraud", "cheat", "palsu", "fiktif", "bohong", "curang", "mock")


@pytest.fixture(autouse=True)
def _in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Outside a session, where AppTest names choices, the settings' language is spoken."""
    monkeypatch.setenv("SAMBANG_LANGUAGE", "en")


def look_at(app: AppTest, visit: str) -> AppTest:
    return app.selectbox(key="evidence_visit").set_value(visit).run()


def listed(connection: Connection, area: str = "", state: str = "open", flag: str | None = None) -> list[str]:
    return list_visits(connection, Filters(area, OCTOBER, ()), state, flag).visits.index.tolist()


@pytest.mark.usefixtures("place")
def test_page_counts_reasons_and_lists_visits() -> None:
    app = open_page("evidence", lang="en")
    assert figures(app) == {
        "Reported visits": "3", "Attempts": "0", "Visits to review": "1", "Accepted": "0", "Set aside": "0",
    }  # fmt: skip
    reasons, visits = app.table[0].value, app.dataframe[0].value
    assert reasons.loc["Outside the village", ["To review", "All"]].tolist() == ["1", "1"]
    assert reasons["All"].tolist().count("0") == len(FLAGS) - 1
    assert visits.index.tolist() == ["V2"]
    assert visits["reasons"].item() == "Outside the village"
    assert visits["distance_m"].item() == pytest.approx(1433, abs=10)  # 0.013° at 7.4° south


def test_visit_is_accepted_with_a_note_and_taken_back(place: Database) -> None:
    app = look_at(open_page("evidence", lang="en"), "V2")
    assert any("Was the visit recorded elsewhere" in text.value.replace("\\", "") for text in app.markdown)
    app.button(key="evidence_accepted").click().run()
    assert "The note is missing" in app.error[0].value
    assert read_decisions(place, ALL).empty
    app.text_area(key="evidence_note").set_value("Met them at the market.").run()
    app.button(key="evidence_accepted").click().run()
    assert read_decisions(place, ALL)["note"].to_dict() == {"V2": "Met them at the market."}
    assert figures(app)["Visits to review"] == "0"
    assert "1 visit: Accepted." in app.success[0].value
    app.button(key="evidence_undo_last").click().run()
    assert read_decisions(place, ALL).empty
    assert figures(app)["Visits to review"] == "1"


def test_decided_visit_shows_who_when_and_why_and_can_be_taken_back(place: Database) -> None:
    record_decision(place, ALL, ["V2"], "set_aside", "Recorded at the office.")
    app = open_page("evidence", lang="en")
    app.segmented_control(key="evidence_state").set_value("set_aside").run()
    app = look_at(app, "V2")
    said = [text.value.replace("\\", "") for text in app.markdown]
    assert any("Set aside by demo" in text and "Recorded at the office." in text for text in said)
    app.button(key="evidence_undo").click().run()
    assert read_decisions(place, ALL).empty
    history = read_decisions(place, ALL, history=True)
    assert history["decision"].tolist() == ["undone", "set_aside"]


def test_whole_day_can_be_decided_at_once(place: Database) -> None:
    again = make_visits().loc[["V2", "V2"]].set_axis(["V8", "V9"]).rename_axis("visit_id")
    store(place, "visits", again.assign(household_id=["K2", "K1"]), fingerprint="again")
    app = look_at(open_page("evidence", lang="en"), "V2")
    app.radio(key="evidence_reach").set_value(True).run()
    app.text_area(key="evidence_note").set_value("All at one meeting.").run()
    app.button(key="evidence_set_aside").click().run()
    assert set(read_decisions(place, ALL).index) == {"V2", "V8", "V9"}
    assert "3 visits: Set aside." in app.success[0].value


def test_list_follows_area_state_and_reason(place: Database) -> None:
    connection = open_connection()
    assert (
        listed(connection) == listed(connection, WEST) == listed(connection, flag="outside_village") == ["V2"]
    )
    assert (
        listed(connection, EAST)
        == listed(connection, state="accepted")
        == listed(connection, flag="burst")
        == []
    )
    record_decision(place, ALL, ["V1", "V2"], "accepted", "Seen.")
    connection = open_connection()
    assert listed(connection) == []
    assert listed(connection, state="accepted") == ["V2", "V1"]  # the latest first, flagged or not


def test_day_of_an_officer_is_the_local_one(place: Database) -> None:
    late = make_visits().loc[["V1"]].set_axis(["V9"]).rename_axis("visit_id")
    # 16:59 UTC is 23:59 of the same day in Jakarta, 17:00 UTC the next day
    moments = ["2026-10-02T16:59:00Z", "2026-10-02T17:00:00Z"]
    for name, moment in zip(("V8", "V9"), moments, strict=True):
        visit = late.set_axis([name]).rename_axis("visit_id").assign(visited_at=moment)
        visit["visited_at"] = visit["visited_at"].astype("datetime64[us, UTC]")
        store(place, "visits", visit, fingerprint=name)
    connection = open_connection()
    visits = list_visits(connection, Filters("", OCTOBER, ()), "open", None).visits
    day = list_officer_day(connection, visits.loc["V2"])
    assert day.index.tolist() == ["V2", "V8"]


def test_personal_facts_are_those_of_the_visit_and_its_household(place: Database) -> None:
    store(place, "visits", make_visits().loc[["V2"]].assign(remarks="Aman."), fingerprint="said")
    connection = open_connection()
    visits = list_visits(connection, Filters("", OCTOBER, ()), "open", None).visits
    facts = read_personal_facts(connection, visits.loc["V2"])
    assert (facts["remarks"], facts["head_name"], facts["rt"]) == ("Aman.", "Sri", "01")


@pytest.mark.parametrize("language", ["id", "en"])
def test_page_speaks_of_questions_and_never_of_verdicts(place: Database, language: str) -> None:
    assert place
    app = look_at(open_page("evidence", lang=language), "V2")
    said = " ".join(
        [text.value for kind in (app.markdown, app.caption, app.title, app.metric) for text in kind]
        + [str(value) for table in (*app.dataframe, *app.table) for value in table.value.to_numpy().ravel()]
        + [button.label for button in app.button]
    ).lower()
    assert not [word for word in VERDICTS if word in said.split()]


def test_every_flag_has_a_name_and_its_question_is_in_the_catalogues() -> None:
    assert set(FLAGS) == set(FLAG_NAMES)
    assert set(FLAG_NAMES) == set(FLAGS)


@pytest.mark.usefixtures("place")
def test_only_supervisors_open_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    sign_in(monkeypatch, Principal("x", "command", ("",)))
    app = open_page("evidence", lang="en")
    assert "Only a supervisor" in app.error[0].value
    assert not app.dataframe


def test_hostile_texts_are_only_text(database: Database) -> None:
    store(database, "boundaries", make_villages().assign(village=NASTY, district=NASTY))
    store(database, "households", make_households().assign(head_name=NASTY, rt=NASTY))
    store(database, "visits", make_visits().assign(remarks=NASTY, officer_id=NASTY))
    record_decision(database, ALL, ["V2"], "accepted", NASTY)
    app = open_page("evidence", lang="en")
    app.segmented_control(key="evidence_state").set_value("accepted").run()
    app = look_at(app, "V2")
    assert not app.exception
    assert len(app.dataframe) == 2  # with the officer's day
    for text in (*app.markdown, *app.caption, *app.title, *app.success):
        assert "](http" not in text.value
        assert ":red[" not in text.value
        assert "<img" not in text.value.replace("\\<", "")


def test_the_legend_hides_neither_the_visit_nor_its_household() -> None:
    ends = pd.DataFrame({"lon": [111.45, 111.44], "lat": [-7.40, -7.41]})
    around = _around(ends, ends)
    assert around is not None
    west, south, east, north = around.total_bounds
    assert (west, east, north) == pytest.approx((111.4388, 111.4512, -7.3988))
    assert -7.41 - south == pytest.approx((north - south) * 0.3979, abs=1e-4)  # the lower third is free
