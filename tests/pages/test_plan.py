"""The Weekly plan page: a plan is built, changed, published, followed and handed out, by a supervisor only.

In the week of 23 November 2026 P1 has the village Kulon with K1, visited on 2 October (52 days ago, within
90), and K2, never visited; two crimes happened near K2. P2 has Kulon and Wetan with K3, visited on 3 October.
"""

from __future__ import annotations

import io
import time
import zipfile
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

import openpyxl
import pypdf
import pytest
from starlette.applications import Starlette

from data.plans import publish_plan, read_current_stops, read_plan_versions
from data.plans.build import build_plan
from data.plans.gather import gather_week
from data.principal import Principal
from pages.plan import jobs, maps
from pages.plan.drafts import find_draft
from pages.plan.files import PlanPart
from pages.plan.routes import make_plan_routes, read_plan_part, write_plan_url
from pages.queries.records import open_connection
from tests.data.builders import EAST, WEST, make_villages, store
from tests.data.plans import MONDAY, WEDNESDAY, WEEK, add_visit, ask, fill, move_east_away
from tests.pages.asgi import ask as fetch
from tests.pages.conftest import figures, open_page, sign_in, stop_clock

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

    from data.database import Database

ALL = Principal.demo()
APP = Starlette(routes=make_plan_routes())


@pytest.fixture(autouse=True)
def _in_the_week_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMBANG_LANGUAGE", "en")
    stop_clock(monkeypatch, "2026-11-17")


@pytest.fixture
def filled(database: Database) -> Database:
    return fill(database)


def open_plan(**query: str) -> AppTest:
    app = open_page("plan", lang="en", **query)
    assert not app.exception
    return app


def settle(app: AppTest) -> AppTest:
    """Run the page until nothing is built any more."""
    end = time.monotonic() + 60
    while any(button.key == "plan_cancel" for button in app.button):
        assert time.monotonic() < end
        time.sleep(0.2)
        app.run()
    assert not app.exception
    return app


def press(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click().run()
    return settle(app)


def build_for_p1() -> AppTest:
    app = open_plan()
    app.multiselect(key="plan_officers").set_value(["P1"]).run()
    return press(app, "plan_build")


def listed(app: AppTest) -> dict[str, str]:
    """Give the day of each household in the list."""
    table = next(table.value for table in app.dataframe if "Locked" in table.value)
    return dict(zip(table.index, table["Day"], strict=True))


def pick(app: AppTest, *homes: str) -> AppTest:
    table = next(table for table in app.dataframe if "Locked" in table.value)
    rows = [table.value.index.get_loc(home) for home in homes]
    app.session_state[table.key] = {"selection": {"rows": rows, "columns": [], "cells": []}}
    return app.run()


def publish(database: Database, **options: object) -> int:
    return publish_plan(database, ALL, build_plan(gather_week(database, ALL, ask(**options)), workers=1))


def texts(app: AppTest) -> str:
    said = (*app.markdown, *app.caption, *app.info, *app.warning, *app.error, *app.success)
    return " ".join(text.value for text in said).replace("\\", "")


# ---- building


@pytest.mark.usefixtures("filled")
def test_built_plan_says_what_it_will_do() -> None:
    app = build_for_p1()
    assert sorted(listed(app)) == ["K1", "K2"]
    shown = figures(app)
    assert (shown["Visits"], shown["Coverage after the week"]) == ("2", "100%")
    assert [card.delta for card in app.metric][1:3] == ["+50.0 pts", "of 0"]  # K1 of K1 and K2 now
    assert "Of 2 households, 50% were visited within 90 days; after this week, 100%." in texts(app)
    assert "the plan meets every rule" in texts(app)
    why = next(table.value for table in app.dataframe if "Locked" in table.value).loc["K2", "Why"]
    assert why.startswith("never visited; ")


@pytest.mark.usefixtures("filled")
def test_all_officers_are_planned_in_a_process_of_its_own_and_survive_a_reload() -> None:
    app = press(open_plan(), "plan_build")
    assert sorted(listed(app)) == ["K1", "K2", "K3"]
    again = open_plan()  # another session of the same user
    assert listed(again) == listed(app)
    press(again, "plan_discard")
    assert not again.metric


def test_village_too_far_from_the_post_is_told(filled: Database) -> None:
    move_east_away(filled)
    app = open_plan()
    app.multiselect(key="plan_officers").set_value(["P2"]).run()
    told = texts(press(app, "plan_build"))
    assert "Wetan gets no visit: it lies 33 km from the post of Budi #1, too far for any shift." in told
    assert "Below their minimum number of visits: Wetan." in told


def test_a_day_may_start_in_a_far_village(filled: Database) -> None:
    move_east_away(filled)
    app = open_plan()
    app.multiselect(key="plan_officers").set_value(["P2"]).run()
    app.multiselect(key="plan_posts").set_value([EAST]).run()
    app = press(app, "plan_build")
    assert "gets no visit" not in texts(app)
    assert "K3" in listed(app)
    starts = find_draft(open_connection()).built.stops.set_index("household_id")["post_lon"]
    assert (starts["K3"], starts["K1"] < 111.5) == (pytest.approx(111.705), True)


@pytest.mark.usefixtures("filled")
def test_officer_on_leave_is_not_planned_and_named() -> None:
    app = open_plan()
    app.multiselect(key="plan_officers").set_value(["P1"]).run()
    app.multiselect(key="plan_away").set_value(["P1"]).run()
    press(app, "plan_build")
    assert figures(app)["Visits"] == "0"
    assert "Aipda Sri Rahayu has no working day this week." in texts(app)
    assert "Nobody can be visited this week" in texts(app)


@pytest.mark.usefixtures("filled")
def test_other_choices_than_the_drafts_are_noticed() -> None:
    app = build_for_p1()
    assert "The choices differ from" not in texts(app)
    app.button_group(key="plan_preset").set_value("crime").run()
    assert "The choices differ from those of the plan below" in texts(app)


def test_refused_week_is_a_sentence_and_the_page_stays(
    filled: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    from data.errors import DataError  # noqa: PLC0415 - raised by this test only

    def refuse(*_: object, **__: object) -> None:
        raise DataError("The plan could not be completed: choose fewer officers, or try again later.")

    assert filled
    monkeypatch.setattr(jobs, "gather_week", refuse)
    app = press(open_plan(), "plan_build")
    assert "The plan could not be completed" in app.error[0].value
    assert app.button(key="plan_build")


def test_without_officers_the_page_says_where_they_come_from(database: Database) -> None:
    store(database, "boundaries", make_villages())
    app = open_plan()
    assert "import officers on the Data page" in app.info[0].value


@pytest.mark.usefixtures("filled")
def test_officer_has_no_access(monkeypatch: pytest.MonkeyPatch) -> None:
    officer = Principal("sri", "officer", (WEST,))
    sign_in(monkeypatch, officer)
    app = open_plan()
    assert "Only a supervisor can plan the week" in app.error[0].value.replace("\\", "")
    assert not app.multiselect


# ---- changing


@pytest.mark.usefixtures("filled")
def test_visit_is_moved_held_let_go_and_taken_back() -> None:
    app = build_for_p1()
    first = listed(app)
    pick(app, "K1")
    target = app.selectbox(key=next(box.key for box in app.selectbox if box.key.startswith("plan_target_")))
    target.set_value(WEDNESDAY if first["K1"] != "Wed 25 Nov" else MONDAY).run()
    press(app, "plan_do_event")
    moved = listed(app)
    assert moved["K1"] in {"Wed 25 Nov", "Mon 23 Nov"} - {first["K1"]}
    assert next(table.value for table in app.dataframe if "Locked" in table.value).loc["K1", "Locked"] == "✓"
    assert "1 household changed manually" in [box.label for box in app.expander]
    pick(app, "K1")
    press(app, "plan_do_lock_open")
    assert "1 household changed manually" not in [box.label for box in app.expander]
    press(app, "plan_undo")
    assert listed(app) == moved
    press(app, "plan_undo")
    assert listed(app) == first
    assert app.button(key="plan_undo").disabled


@pytest.mark.usefixtures("filled")
def test_visit_is_held_on_its_day_when_built_again() -> None:
    app = build_for_p1()
    day = listed(app)["K2"]
    pick(app, "K2")
    press(app, "plan_do_lock")
    press(app, "plan_build")
    assert listed(app)["K2"] == day
    assert "1 household changed manually" in [box.label for box in app.expander]


@pytest.mark.usefixtures("filled")
def test_visit_is_taken_out_put_back_and_asked_for() -> None:
    app = build_for_p1()
    pick(app, "K2")
    press(app, "plan_do_delete")
    assert sorted(listed(app)) == ["K1"]
    assert figures(app)["Coverage after the week"] == "50%"  # K2 still counts as a household
    back = next(box for box in app.multiselect if box.key.startswith("plan_back_"))
    back.set_value(["K2"]).run()
    press(app, "plan_put_back")
    assert sorted(listed(app)) == ["K1", "K2"]
    pick(app, "K2")
    press(app, "plan_do_delete")
    app.selectbox(key="plan_added").set_value("K2")
    app.selectbox(key="plan_added_day").set_value(WEDNESDAY)
    press(app, "plan_do_add")
    assert listed(app)["K2"] == "Wed 25 Nov"
    table = next(table.value for table in app.dataframe if "Locked" in table.value)
    assert table.loc["K2", "Why"].startswith("requested; never visited")


@pytest.mark.usefixtures("filled")
def test_too_many_stops_for_one_map_are_shown_by_officer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maps, "MOST_ON_MAP", 2)
    app = press(open_plan(), "plan_build")
    assert "too many for one map" in texts(app)
    assert len(listed(app)) <= 2
    assert "" not in app.selectbox(key="plan_officer").options


# ---- publishing and following


def test_published_plan_is_a_version_with_note_and_changes(filled: Database) -> None:
    app = build_for_p1()
    press(app, "plan_publish")
    assert "Published as version 1" in app.success[0].value
    assert set(read_current_stops(filled, ALL, week=WEEK)["household_id"]) == {"K1", "K2"}
    pick(app, "K1")
    press(app, "plan_do_delete")
    app.text_input(key="plan_note").set_value("K1 is away")
    press(app, "plan_publish")
    versions = read_plan_versions(filled, ALL, week=WEEK)
    assert versions[["version", "n_stops", "n_dropped", "note"]].to_numpy().tolist() == [
        [2, 1, 1, "K1 is away"],
        [1, 2, 0, ""],
    ]
    app.button_group(key="plan_view").set_value("follow").run()
    assert not app.exception
    table = next(table for table in app.dataframe if "n_moved" in table.value)
    assert table.value["note"].tolist() == ["K1 is away", ""]
    app.session_state[table.key] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    app.run()
    changes = next(table.value for table in app.dataframe if "before" in table.value)
    assert changes[["head", "said", "after"]].to_numpy().tolist() == [["Sri", "removed", "—"]]


def test_refusal_to_publish_is_a_sentence(filled: Database) -> None:
    app = build_for_p1()
    publish(filled, officers=("P2",))  # meanwhile P2 got the household next to its post
    press(app, "plan_publish")
    assert "are in another officer's published plan" in app.error[0].value.replace("\\", "")


def test_progress_tells_done_tried_open_and_elsewhere(
    filled: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(filled, officers=("P1",), locks={"K1": MONDAY, "K2": WEDNESDAY})
    add_visit(filled, "V9", "K1", "2026-11-23T03:00:00Z")
    add_visit(filled, "V8", "K3", "2026-11-23T04:00:00Z")
    stop_clock(monkeypatch, "2026-11-24")
    app = open_plan()
    app.button_group(key="plan_view").set_value("follow").run()
    assert not app.exception
    assert figures(app) == {
        "Planned": "2", "Done": "1", "Tried": "0", "Open": "1", "Not done": "0", ("Unplanned "
                                                                                        "visits"): "1"
    }  # fmt: skip
    table = next(table for table in app.dataframe if "elsewhere" in table.value)
    assert table.value[["planned", "done", "share"]].to_numpy().tolist() == [[2, 1, 50.0]]
    app.session_state[table.key] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    app.run()
    stops = next(table.value for table in app.dataframe if "said" in table.value)
    assert stops[["head", "said", "when"]].to_numpy().tolist() == [
        ["Sri", "Done", "23 Nov 2026 10:00"],
        ["Budi", "Open", "—"],
    ]
    app = open_plan(area=EAST)
    app.button_group(key="plan_view").set_value("follow").run()
    assert (figures(app)["Planned"], figures(app)["Unplanned visits"]) == ("0", "1")  # K3


def test_draft_is_held_against_the_week_before(filled: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(filled, officers=("P1",), locks={"K1": MONDAY, "K2": WEDNESDAY})
    add_visit(filled, "V9", "K1", "2026-11-23T03:00:00Z")
    stop_clock(monkeypatch, "2026-11-29")
    app = build_for_p1()
    assert "Previous week: 1 of 2 planned visits were done (50%)." in texts(app)
    assert "1 were not done; 1 of them are in this plan." in texts(app)  # K2


def test_version_is_worked_on_again(filled: Database) -> None:
    number = publish(filled, officers=("P1",), locks={"K2": WEDNESDAY})
    app = open_plan()
    app.button_group(key="plan_view").set_value("follow").run()
    table = next(table for table in app.dataframe if "n_moved" in table.value)
    app.session_state[table.key] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    app.run()
    press(app, f"plan_again_{number}")
    assert listed(app)["K2"] == "Wed 25 Nov"
    assert app.multiselect(key="plan_officers").value == ["P1"]


# ---- files


def test_sheets_tables_tracks_and_calendars_of_the_week_in_force(filled: Database) -> None:
    publish(filled, locks={"K1": MONDAY, "K2": WEDNESDAY, "K3": MONDAY})
    publish(filled, officers=("P1", "P2"), locks={"K1": MONDAY, "K2": MONDAY, "K3": MONDAY})
    answer = fetch(APP, f"/exports/plan.pdf?week={WEEK}&lang=id")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["cache-control"] == "private, no-store"
    pages = pypdf.PdfReader(io.BytesIO(answer.body)).pages
    said = " ".join(page.extract_text() for page in pages)
    assert "Senin, 23 November 2026" in said
    assert "belum pernah dikunjungi" in said
    book = openpyxl.load_workbook(io.BytesIO(fetch(APP, f"/exports/plan.xlsx?week={WEEK}&lang=en").body))
    assert [cell.value for cell in book.active[1]][:3] == ["Officer", "Day", "Shift"]
    assert book.active.max_row == 4  # three visits
    day = fetch(APP, f"/exports/plan.csv?plan=1&day={WEDNESDAY}&lang=en").text
    assert "Budi" in day
    assert "Tono" not in day
    assert fetch(APP, f"/exports/plan.gpx?week={WEEK}").body.count(b"<rtept") == 3
    assert fetch(APP, f"/exports/plan.gpx?week={WEEK}&area={EAST}").body.count(b"<rtept") == 1  # K3


@pytest.mark.parametrize(
    "wanted",
    [
        PlanPart(week=WEEK, area=EAST),
        PlanPart(plan_id=3, officer_id="P 1&x=2", day=MONDAY),
        PlanPart(week=WEEK),
    ],
)
def test_address_of_a_file_asks_for_what_is_wanted(wanted: PlanPart) -> None:
    address = urlsplit(write_plan_url("csv", wanted, base_path="map"))
    assert address.path == "/map/exports/plan.csv"
    assert read_plan_part(dict(parse_qsl(address.query))) == wanted


def test_calendars_of_several_officers_are_packed(filled: Database) -> None:
    publish(filled)
    answer = fetch(APP, f"/exports/plan.ics?week={WEEK}&lang=en")
    assert set(read_current_stops(filled, ALL, week=WEEK)["officer_id"]) == {"P1", "P2"}
    names = zipfile.ZipFile(io.BytesIO(answer.body)).namelist()
    assert names == ["001_P1.ics", "002_P2.ics"]
    one = fetch(APP, f"/exports/plan.ics?week={WEEK}&officer=P2&lang=en")
    assert one.headers["content-type"].startswith("text/calendar")
    assert b"BEGIN:VEVENT" in one.body


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("", 400, "Set the week as week=2026-W48, or the plan number as plan=1."),
        ("week=2026", 400, "Set the week as week=2026-W48."),
        ("plan=x", 400, "Set the plan number as plan=1."),
        ("plan=99", 400, "There is no published plan 99 in your assigned area."),
        (f"week={WEEK}", 400, f"No plan has been published for week {WEEK}: publish one first."),
        ("plan=1&day=x", 400, "Set the day as day=2026-11-30."),
        ("plan=1&area=x", 400, "Set area to the code of a village, district or regency."),
    ],
)
@pytest.mark.usefixtures("filled")
def test_what_cannot_be_written_is_a_line(query: str, status: int, said: str) -> None:
    answer = fetch(APP, f"/exports/plan.pdf?{query}&lang=en")
    assert (answer.status, answer.text) == (status, said)


def test_files_never_reach_beyond_the_area(filled: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(filled)
    sign_in(monkeypatch, Principal("sri", "officer", (WEST,)))
    rows = fetch(APP, f"/exports/plan.csv?week={WEEK}&lang=en").text
    assert "Budi" in rows
    assert "Tono" not in rows  # of Wetan
