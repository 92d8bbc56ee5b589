"""The field sheet without a browser: one light page, marks from forms and scripts, nobody else's page."""

from __future__ import annotations

import json
import re
import uuid
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pandas as pd
import pytest
from starlette.applications import Starlette

from data import repository
from data.plans import WeekRequest, build_plan, publish_plan, read_current_stops, week
from data.plans.day import name_week
from data.principal import Principal
from geo.routes import week_days
from pages import _records, _round_words, _rounds, _texts
from pages._http import field
from tests.data.builders import EAST, WEST, make_households, make_visits, store
from tests.data.plans import WEDNESDAY, add_visit
from tests.pages.asgi import Answer, ask
from tests.pages.conftest import open_page

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

    from data.database import Database

APP = Starlette(routes=field.field_routes())
SHEET = f"/field?officer=P1&village={WEST}&lang=en"
OWN = {"sec_fetch_site": "same-origin"}
NASTY = "<script>alert(1)</script>{{ 7*7 }}\"'"


@pytest.fixture
def beat(place: Database) -> Database:
    """The small place with its officers: P1 of Kulon and Wetan, P2 of Wetan."""
    officers = pd.DataFrame(
        {"name": ["Ani", "Edi"], "rank": ["Bripka", None], "villages": [f"{WEST} {EAST}", EAST]},
        index=pd.Index(["P1", "P2"], name="officer_id"),
    )
    store(place, "officers", officers)
    yesterday = pd.Timestamp.now(tz="Asia/Jakarta").normalize() - pd.Timedelta(hours=14)  # at ten
    store(place, "visits", make_visits().iloc[[0]].assign(visited_at=yesterday), fingerprint="yesterday")
    return place


def make_mark(**changes: Any) -> dict[str, Any]:
    mark = {"visit_id": str(uuid.uuid4()), "household_id": "K2", "outcome": "met"}
    return mark | {"marked_at": datetime.now(UTC).isoformat(), "lon": 111.404, "lat": -7.405} | changes


def post_json(sent: object, **headers: str) -> Answer:
    named = {"content_type": "application/json", "x_sambang": "field", **OWN, **headers}
    body = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
    return ask(APP, "/field/marks?lang=en", method="POST", body=body, **named)


def post_form(**fields: str) -> Answer:
    body = urlencode({"officer": "P1", "village": WEST, **fields}).encode()
    return ask(APP, "/field/marks?lang=en", method="POST", body=body,
               content_type="application/x-www-form-urlencoded", **OWN)  # fmt: skip


def marked(database: Database) -> pd.DataFrame:
    visits = repository.read_visits(database, Principal.demo())
    return visits[~visits.index.isin(["V1", "V2", "V3"])]


@pytest.mark.usefixtures("beat")
def test_start_lists_each_officers_sheets() -> None:
    answer = ask(APP, "/field?lang=en")
    assert "Bripka Ani · Kulon" in answer.text
    assert "Bripka Ani · Wetan" in answer.text
    assert f"officer=P2&amp;village={EAST}" in answer.text


@pytest.mark.usefixtures("beat")
def test_sheet_lists_whom_to_visit_with_a_form_each() -> None:
    answer = ask(APP, SHEET)
    assert answer.status == 200
    assert re.findall(r'data-home="(\w+)"', answer.text) == ["K2"]  # K1 was visited yesterday
    assert "<h2><b>1</b> Budi</h2>" in answer.text
    assert "Never visited" in answer.text
    assert 'href="geo:-7.405000,111.404000?q=-7.405000,111.404000"' in answer.text


@pytest.mark.usefixtures("beat")
def test_sheet_speaks_indonesian_first() -> None:
    text = ask(APP, SHEET.replace("&lang=en", "")).text
    assert '<html lang="id">' in text
    assert "Tidak di rumah" in text


@pytest.mark.usefixtures("beat")
def test_sheet_runs_no_inline_script_and_stays_the_same() -> None:
    first, again = ask(APP, SHEET), ask(APP, SHEET)
    policy = first.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert re.findall(r"<script[^>]*>", first.text) == ['<script src="/field/field.js" defer>']
    assert not re.search(r'\s(on\w+|style)="', first.text)
    assert first.body == again.body
    assert ask(APP, SHEET, if_none_match=first.headers["etag"]).status == 304
    assert len(ask(APP, SHEET, accept_encoding="gzip").body) < len(first.body)


def test_full_sheet_with_script_and_worker_is_light(beat: Database) -> None:
    homes = pd.concat([make_households().iloc[[1]]] * 100).set_axis([f"H{n:03}" for n in range(100)])
    store(beat, "households", homes.rename_axis("household_id"), fingerprint="more")
    parts = [ask(APP, url).body for url in (SHEET, "/field/field.js", "/field/sw.js")]
    assert parts[0].count(b"data-home=") == 60
    assert sum(map(len, parts)) <= 100_000


@pytest.mark.usefixtures("beat")
def test_worker_may_look_after_the_sheet() -> None:
    headers = ask(APP, "/field/sw.js").headers
    assert headers["service-worker-allowed"] == "/field"
    assert headers["content-type"].startswith("text/javascript")


def test_form_without_script_becomes_one_visit_however_often_it_is_sent(beat: Database) -> None:
    mark = re.search(r'name="visit_id" value="([^"]+)"', ask(APP, SHEET).text)
    assert mark
    for _ in range(2):
        answer = post_form(household_id="K2", visit_id=mark[1], outcome="absent")
        assert answer.status == 303
        assert answer.headers["location"] == SHEET
    assert marked(beat)[["household_id", "outcome"]].to_numpy().tolist() == [["K2", "absent"]]
    text = ask(APP, SHEET).text
    assert 'data-outcome="absent"' in text
    assert re.search(r'id="done">1</b> / 1', text)


def test_marks_of_a_script_arrive_once(beat: Database) -> None:
    sent = {"officer": "P1", "marks": [make_mark(), make_mark(household_id="K3"), make_mark(outcome="slept")]}
    first, again = post_json(sent), post_json(sent)
    assert first.status == 200
    assert first.body == again.body
    answer = json.loads(first.body)
    assert answer["accepted"] == [mark["visit_id"] for mark in sent["marks"][:2]]
    assert answer["refused"] == {sent["marks"][2]["visit_id"]: "A value is not one that the field can have."}
    assert len(marked(beat)) == 2


@pytest.mark.parametrize(
    "headers",
    [
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"sec_fetch_site": "none"},
        {"sec_fetch_site": "", "origin": "http://evil.example"},
        {"sec_fetch_site": "", "origin": "null"},
        {"sec_fetch_site": ""},
    ],
)
def test_page_of_another_site_marks_nothing(beat: Database, headers: dict[str, str]) -> None:
    assert post_json({"officer": "P1", "marks": [make_mark()]}, **headers).status == 403
    assert marked(beat).empty


def test_browser_that_tells_the_origin_only_is_served(beat: Database) -> None:
    sent = {"officer": "P1", "marks": [make_mark()]}
    assert post_json(sent, sec_fetch_site="", origin="http://sambang.example").status == 200
    assert len(marked(beat)) == 1


@pytest.mark.usefixtures("beat")
def test_json_without_our_own_header_is_refused() -> None:
    answer = ask(APP, "/field/marks", method="POST", body=b"{}", content_type="application/json", **OWN)
    assert answer.status == 403


@pytest.mark.usefixtures("beat")
@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"", 400),
        (b"[]", 400),
        (b"{", 400),
        (b"[" * 100_000, 400),
        ({"officer": "P1"}, 400),
        ({"officer": 1, "marks": []}, 400),
        ({"officer": "P9", "marks": []}, 403),
        ({"officer": "P1", "marks": [{}] * 501}, 400),
        (b" " * 300_001, 413),
    ],
)
def test_unreadable_delivery_is_refused_in_one_line(sent: object, status: int) -> None:
    answer = post_json(sent)
    assert answer.status == status
    assert "\n" not in answer.text


@pytest.mark.usefixtures("beat")
@pytest.mark.parametrize("query", ["officer=P9", "officer=P2&village=" + WEST, "officer=P1&village=x"])
def test_sheet_of_another_is_refused(query: str) -> None:
    assert ask(APP, f"/field?{query}").status == 403


@pytest.mark.usefixtures("beat")
def test_officer_sees_own_sheets_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(field, "principal_of", lambda _: Principal("ani", "officer", (WEST,)))
    text = ask(APP, "/field?lang=en").text
    assert "Kulon" in text
    assert "Wetan" not in text
    assert post_json({"officer": "P1", "marks": [make_mark(household_id="K3")]}).status == 200
    assert (
        json.loads(post_json({"officer": "P1", "marks": [make_mark(household_id="K3")]}).body)["accepted"]
        == []
    )


def test_hostile_names_are_only_text(beat: Database) -> None:
    changed = make_households().assign(head_name=NASTY)
    store(beat, "households", changed, fingerprint="nasty")
    text = ask(APP, SHEET).text
    assert "<script>alert" not in text
    assert "&lt;script&gt;" in text
    assert "49" not in re.findall(r"<h2>.*</h2>", text)[0]


def test_list_stays_the_same_all_day_whatever_is_marked(beat: Database) -> None:
    source = _records.open_source()
    officer = _rounds.find_officer(source, "P1")
    before = _rounds.read_sheet(source, officer, WEST)
    _rounds.mark_household(source, before, "K2", "met")
    after = _rounds.read_sheet(_records.open_source(), officer, WEST)
    assert before.homes.index.tolist() == after.homes.index.tolist() == ["K2"]
    assert (before.n_done, after.n_done) == (0, 1)
    assert len(marked(beat)) == 1


# ---- The published plan

K1 = frozenset({"K1"})


@pytest.fixture
def planned(beat: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """K2 and K3 today by P1, who was asked to see K3; every day of the week is a working day."""
    monkeypatch.setattr(week, "working_days", week_days)
    publish_for(beat, today(), locks={"K2": today(), "K3": today()}, must=frozenset({"K3"}), dropped=K1)
    return beat


def today() -> date:
    return pd.Timestamp.now(tz="Asia/Jakarta").date()


def publish_for(database: Database, day: date, **options: Any) -> None:
    wanted = WeekRequest(name_week(day), officers=("P1",), **options)
    everyone = Principal.demo()
    publish_plan(database, everyone, build_plan(week.gather_week(database, everyone, wanted), workers=1))


def read_list(database: Database, day: date, village: str = WEST) -> _rounds.Sheet:
    """Open P1's list of a day."""
    assert database
    source = _records.open_source()
    return _rounds.read_sheet(source, _rounds.find_officer(source, "P1"), village, today=day)


def cards(text: str) -> dict[str, str]:
    """Give the card of each household of the day's list, in its order."""
    listed = text.partition("<ol>")[2].partition("</ol>")[0]
    return {re.findall(r'data-home="(\w+)"', card)[0]: card for card in listed.split("</li>")[:-1]}


def test_sheet_shows_the_published_stops_in_order_with_their_reasons(planned: Database) -> None:
    stops = read_current_stops(planned, Principal.demo(), week=name_week(today()), officer_id="P1")
    text = ask(APP, SHEET).text
    listed = cards(text)
    assert list(listed) == stops["household_id"].tolist()
    assert set(listed) == {"K2", "K3"}  # in two villages
    assert "From the published plan of the week, in its order." in text
    assert "never visited" in listed["K2"]
    assert re.search(r"asked for; last visit \d+ days ago", listed["K3"])
    assert "Wetan" in listed["K3"]
    start = stops.set_index("household_id").loc["K2", "start_s"]
    assert f"{start // 3600:02}:{start % 3600 // 60:02}" in listed["K2"]
    assert re.search(r'id="done">0</b> / 2', text)


def test_sheet_says_where_nothing_is_published(beat: Database) -> None:
    assert "No plan is published for this week" in ask(APP, SHEET).text
    publish_for(beat, today() - timedelta(days=21))  # another week's plan is not today's
    assert "No plan is published for this week" in ask(APP, SHEET).text


@pytest.mark.usefixtures("planned")
def test_mark_moves_on_to_the_next_stop() -> None:
    first, second = cards(ask(APP, SHEET).text)
    mark = re.search(rf'value="{first}".*?name="visit_id" value="([^"]+)"', ask(APP, SHEET).text)
    assert mark
    post_form(household_id=first, visit_id=mark[1], outcome="absent")
    text = ask(APP, SHEET).text
    assert list(cards(text)) == [second, first]
    assert "✓ Not at home" in cards(text)[first]
    assert re.search(r'id="done">1</b> / 2', text)


def test_visits_of_others_and_of_imports_close_stops(planned: Database) -> None:
    now = pd.Timestamp.now(tz="UTC").floor("s").isoformat()
    add_visit(planned, "A1", "K2", now, officer_id="P2")
    add_visit(planned, "A2", "K3", now, outcome=None)
    text = ask(APP, SHEET).text
    assert "✓ Met, by another officer" in cards(text)["K2"]
    assert "✓ Visited" in cards(text)["K3"]
    assert "All done for today." in text


def test_visit_earlier_in_the_week_closes_a_stop_and_says_its_day(beat: Database) -> None:
    publish_for(beat, WEDNESDAY, locks={"K2": WEDNESDAY}, dropped=K1 | {"K3"})
    add_visit(beat, "A1", "K2", "2026-11-23T03:00:00Z")
    sheet = read_list(beat, WEDNESDAY)
    with _texts.speaking("en"):
        assert _round_words.tell_home(sheet, "K2", sheet.homes.loc["K2"]).done == "✓ Met, 23 Nov 2026"
    assert sheet.n_done == len(sheet.homes) == 1


def test_day_without_stops_says_when_the_next_is(beat: Database) -> None:
    monday, tuesday = WEDNESDAY - timedelta(days=2), WEDNESDAY - timedelta(days=1)
    publish_for(beat, WEDNESDAY, locks={"K2": WEDNESDAY}, dropped=K1 | {"K3"})
    with _texts.speaking("en"):
        assert "the next is on 25 Nov 2026" in _round_words.say_list(read_list(beat, tuesday))
        assert "none on a later day yet" in _round_words.say_list(read_list(beat, WEDNESDAY + timedelta(2)))
        assert "in its order" in _round_words.say_list(read_list(beat, WEDNESDAY))
    assert read_list(beat, monday).homes.empty


def test_stops_that_earlier_days_left_come_before_the_nearest(beat: Database) -> None:
    publish_for(beat, WEDNESDAY, locks={"K2": WEDNESDAY}, dropped=K1 | {"K3"})
    sheet = read_list(beat, WEDNESDAY + timedelta(days=1))
    assert sheet.more.index[0] == "K2"
    with _texts.speaking("en"):
        assert _round_words.say_more(sheet).startswith("Left from earlier days: 1; nearby: ")
        assert "25 Nov 2026" in _round_words.tell_home(sheet, "K2", sheet.more.loc["K2"]).where


def test_household_that_is_planned_later_is_not_offered_nearby(beat: Database) -> None:
    publish_for(beat, WEDNESDAY, locks={"K2": WEDNESDAY})
    monday = read_list(beat, WEDNESDAY - timedelta(days=2))
    assert "K2" not in monday.more.index


def test_full_sheet_of_a_plan_is_light(planned: Database) -> None:
    homes = pd.concat([make_households().iloc[[1]]] * 100).set_axis([f"H{n:03}" for n in range(100)])
    store(planned, "households", homes.rename_axis("household_id"), fingerprint="more")
    parts = [ask(APP, url).body for url in (SHEET, "/field/field.js", "/field/sw.js")]
    assert parts[0].count(b"data-home=") == 54
    assert sum(map(len, parts)) <= 100_000


# ---- My area


def test_button_of_my_area_becomes_a_visit(beat: Database) -> None:
    app = open_page("my_area.py", lang="en", officer="P1")
    assert not app.exception
    app.button(key="met_K2").click().run()
    assert marked(beat)[["household_id", "officer_id", "outcome"]].to_numpy().tolist() == [
        ["K2", "P1", "met"]
    ]
    assert any("✓ Met" in text.value for text in app.markdown)


@pytest.mark.usefixtures("beat")
def test_my_area_says_what_is_left() -> None:
    app = open_page("my_area.py", lang="en", officer="P1")
    said = [text.value.replace("\\", "") for text in app.markdown]
    assert any("1 household of 2 is left to visit within 90 days." in text for text in said)
    assert any("Reported visited: 1." in text for text in said)


@pytest.mark.usefixtures("place")
def test_my_area_without_officers_says_so() -> None:
    app = open_page("my_area.py", lang="en")
    assert "There are no officers yet" in app.info[0].value


@pytest.mark.usefixtures("planned")
def test_my_area_shows_the_plan_and_moves_on() -> None:
    app = open_page("my_area.py", lang="en", officer="P1")
    assert not app.exception
    assert any("From the published plan" in text.value for text in app.caption)
    first, second = listed_buttons(app)
    assert "asked for" in " ".join(text.value for text in app.markdown)
    app.button(key=f"absent_{first}").click().run()
    assert listed_buttons(app) == [second]
    names = {"K2": "2 · Budi", "K3": "2 · Tono"}
    said = [text.value.replace("\\", "") for text in app.markdown]
    heads = [text.split("  \n")[0] for text in said if ":primary-badge" in text]
    assert heads == [f"**{names[second]}** :primary-badge[next]"]
    assert any("✓ Not at home" in text for text in said)


def listed_buttons(app: AppTest) -> list[str]:
    """Give the households that can be marked as met, in the page's order."""
    return [button.key.removeprefix("met_") for button in app.button if str(button.key).startswith("met_")]
