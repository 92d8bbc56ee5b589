"""The shared screen: hand-counted aggregates, small counts withheld, slides that turn."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from pages.briefing.slides import TITLES
from pages.briefing.suppression import withhold_by_village, withhold_count
from tests.data.builders import store
from tests.pages.conftest import open_page
from tests.pages.crimes import make_series, store_place
from tests.pages.few import store_few
from tests.pages.nine import CODES, make_homes, make_nine, make_reports, store_nine
from tests.pages.test_pages import NASTY

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

    from data.database import Database

N_SLIDES = len(TITLES)


@pytest.fixture
def nine(database: Database) -> Database:
    """Nine villages whose last visit is of 30 October."""
    store_nine(database)
    return database


def slide(app: AppTest) -> str:
    """Give the text of the slide that is shown."""
    assert not app.exception
    assert not app.error
    written = next(part.proto.body for part in app.get("html") if 'class="slide"' in part.proto.body)
    assert "<script" not in written
    return html.unescape(re.sub(r"<[^>]+>", " ", written))


def press(app: AppTest, label: str) -> AppTest:
    return next(button for button in app.button if button.label == label).click().run()


def open_slide(place: int, days: int = 30) -> AppTest:
    app = open_page("briefing", lang="en")
    app.segmented_control(key="briefing_days").set_value(days).run()
    for _ in range(place):
        press(app, "Next")
    return app


@pytest.mark.usefixtures("nine")
def test_first_slide_counts_the_period_against_the_one_before() -> None:
    said = slide(open_slide(0))
    # 1 to 30 October hold all 72 crimes and 36 visits; September holds 36 crimes less two of 31 August
    assert re.search(r"Recorded crimes\s+72\s+period before: \+38", said)
    assert re.search(
        r"Reported visits\s+36\s+period before: \N{EM DASH}", said
    )  # the visits begin in October
    assert re.search(r"Households never visited\s+54", said)  # 90 - 36
    assert re.search(r"Supported by GPS\s+40%", said)
    assert "Percentages are of 90 registered households." in said
    assert "Recorded crimes compared with the period before: clearly more." in said  # 72 to 34: p < 0.001
    assert "A year ago" not in said  # the crimes begin in August


def test_first_slide_stands_against_a_year_ago_where_the_record_reaches_back(database: Database) -> None:
    store_few(database, "one place")  # a crime every other day: 45 in any 90 days
    said = slide(open_slide(0, days=90))
    assert re.search(r"Recorded crimess\+45s\+previous period: 0 · year ago: 0", said)
    assert "Previous period: 14 Apr 2026 to 12 Jul 2026. A year ago: 13 Jul 2025 to 10 Oct 2025." in said
    assert (
        "Recorded crimes compared with the period before: the difference is within what chance gives." in said
    )


@pytest.mark.usefixtures("nine")
def test_villages_that_need_a_visit_most_are_named_and_small_counts_are_not() -> None:
    said = slide(open_slide(1))
    named = re.findall(r"(\d)\s+Desa (\d)", said)
    assert named == [(str(i), str(i)) for i in range(1, 6)]
    assert re.search(r"Desa 1\s+20 reported crimes, 0% of 10 households covered", said)  # 16 and 4 before
    assert re.search(r"Desa 3\s+16 reported crimes, few households covered", said)  # 2 of 10
    assert "Counts below 5 are withheld." in said


@pytest.mark.usefixtures("nine")
def test_slides_turn_round_by_button_and_stop_on_pause() -> None:
    app = open_page("briefing", lang="en")
    titles = []
    for _ in range(N_SLIDES + 1):
        titles.append(next(text for text in TITLES if text in slide(app)))
        press(app, "Next")
    assert titles == [*TITLES, TITLES[0]]
    press(app, "Previous")
    assert TITLES[-1] in slide(press(app, "Previous"))
    press(app, "Pause")
    app.session_state["briefing.shown"] = -1e9
    assert TITLES[-1] in slide(app.run())
    press(app, "Resume")
    app.session_state["briefing.shown"] = -1e9
    assert TITLES[0] in slide(app.run())


@pytest.mark.parametrize("n", [0, 1, 2, 40])
def test_too_little_is_a_sentence_on_every_slide(database: Database, n: int) -> None:
    store_place(database, make_series(n) if n else None)
    app = open_page("briefing", lang="en")
    for _ in range(N_SLIDES):
        assert "nan" not in slide(app).lower().split()
        press(app, "Next")


def test_hostile_names_are_only_text(database: Database) -> None:
    store(database, "boundaries", make_nine().assign(village=NASTY, district=NASTY, regency=NASTY))
    store(database, "households", make_homes())
    store(database, "crimes", make_reports().assign(category=NASTY))
    app = open_page("briefing", lang="en")
    for _ in range(N_SLIDES):
        written = next(part.proto.body for part in app.get("html") if 'class="slide"' in part.proto.body)
        assert "onerror=alert(1)>" not in written
        press(app, "Next")


def test_a_withheld_village_cannot_be_worked_out_of_its_district() -> None:
    counts = pd.Series([20, 3, 9], index=pd.Index(CODES[:3], name="village_code"))
    shown = withhold_by_village(counts)
    assert shown[CODES[1]] is None
    assert list(shown.values()).count(None) == 2  # one alone would follow from the total
    assert withhold_count(4) is None
    assert [withhold_count(n) for n in (0, 5)] == [0, 5]
