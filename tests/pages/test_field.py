"""The field sheet without a browser: one light page, marks from forms and scripts, nobody else's page."""

from __future__ import annotations

import json
import re
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from data.principal import Principal
from pages.my_area.day import mark_household, read_day_list
from pages.queries.officers import find_officer
from pages.queries.records import open_connection
from tests.data.builders import EAST, WEST, make_households, store
from tests.pages.asgi import Answer, ask
from tests.pages.beats import APP, OWN, SHEET, marked, post_form
from tests.pages.conftest import sign_in

if TYPE_CHECKING:
    from data.database import Database

NASTY = "<script>alert(1)</script>{{ 7*7 }}\"'"


def make_mark(**changes: Any) -> dict[str, Any]:
    mark = {"visit_id": str(uuid.uuid4()), "household_id": "K2", "outcome": "met"}
    return mark | {"marked_at": datetime.now(UTC).isoformat(), "lon": 111.404, "lat": -7.405} | changes


def post_json(sent: object, **headers: str) -> Answer:
    named = {"content_type": "application/json", "x_sambang": "field", **OWN, **headers}
    body = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
    return ask(APP, "/field/marks?lang=en", method="POST", body=body, **named)


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
    assert answer["refused"] == {sent["marks"][2]["visit_id"]: "A value is not allowed in this field."}
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
    sign_in(monkeypatch, Principal("ani", "officer", (WEST,)))
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
    connection = open_connection()
    officer = find_officer(connection, "P1")
    before = read_day_list(connection, officer, WEST)
    mark_household(connection, before, "K2", "met")
    after = read_day_list(open_connection(), officer, WEST)
    assert before.homes.index.tolist() == after.homes.index.tolist() == ["K2"]
    assert (before.n_done, after.n_done) == (0, 1)
    assert len(marked(beat)) == 1
