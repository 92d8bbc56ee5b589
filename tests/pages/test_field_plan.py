"""The field sheet of a published plan: its stops of the day in order, closed by whoever was there."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from data.plans import read_current_stops
from data.plans.officer_week import name_week
from data.principal import Principal
from pages.my_area.day import DayList, read_day_list
from pages.my_area.wording import describe_day_list, describe_home, describe_more_homes
from pages.queries.officers import find_officer
from pages.queries.records import open_connection
from pages.text.language import use_language
from tests.data.builders import WEST, make_households, store
from tests.data.plans import WEDNESDAY, add_visit
from tests.pages.asgi import ask
from tests.pages.beats import APP, SHEET, post_form, publish_for, today

if TYPE_CHECKING:
    from data.database import Database

K1 = frozenset({"K1"})


def read_list(database: Database, day: date, village: str = WEST) -> DayList:
    """Open P1's list of a day."""
    assert database
    connection = open_connection()
    return read_day_list(connection, find_officer(connection, "P1"), village, today=day)


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
    assert "From this week's published plan, in the planned order." in text
    assert "never visited" in listed["K2"]
    assert re.search(r"requested; last visit d\+ days ago", listed["K3"])
    assert "Wetan" in listed["K3"]
    start = stops.set_index("household_id").loc["K2", "start_s"]
    assert f"{start // 3600:02}:{start % 3600 // 60:02}" in listed["K2"]
    assert re.search(r'id="done">0</b> / 2', text)


def test_sheet_says_where_nothing_is_published(beat: Database) -> None:
    assert "No plan has been published for this week" in ask(APP, SHEET).text
    publish_for(beat, today() - timedelta(days=21))  # another week's plan is not today's
    assert "No plan has been published for this week" in ask(APP, SHEET).text


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
    day_list = read_list(beat, WEDNESDAY)
    with use_language("en"):
        assert describe_home(day_list, "K2", day_list.homes.loc["K2"]).done == "✓ Met, 23 Nov 2026"
    assert day_list.n_done == len(day_list.homes) == 1


def test_day_without_stops_says_when_the_next_is(beat: Database) -> None:
    monday, tuesday = WEDNESDAY - timedelta(days=2), WEDNESDAY - timedelta(days=1)
    publish_for(beat, WEDNESDAY, locks={"K2": WEDNESDAY}, dropped=K1 | {"K3"})
    with use_language("en"):
        assert "the next is on 25 Nov 2026" in describe_day_list(read_list(beat, tuesday))
        assert "none on a later day yet" in describe_day_list(read_list(beat, WEDNESDAY + timedelta(2)))
        assert "in its order" in describe_day_list(read_list(beat, WEDNESDAY))
    assert read_list(beat, monday).homes.empty


def test_stops_that_earlier_days_left_come_before_the_nearest(beat: Database) -> None:
    publish_for(beat, WEDNESDAY, locks={"K2": WEDNESDAY}, dropped=K1 | {"K3"})
    day_list = read_list(beat, WEDNESDAY + timedelta(days=1))
    assert day_list.more.index[0] == "K2"
    with use_language("en"):
        assert describe_more_homes(day_list).startswith("Left from earlier days: 1; nearby: ")
        assert "25 Nov 2026" in describe_home(day_list, "K2", day_list.more.loc["K2"]).where


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
