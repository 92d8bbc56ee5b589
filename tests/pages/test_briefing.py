"""The shared screen: hand-counted aggregates in fives, slides that turn."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

import pytest

from data.settings import get_settings
from pages.briefing.slides import TITLES
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
def nine(database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """Nine villages whose last visit is of 30 October."""
    monkeypatch.setenv("SAMBANG_ROUNDING_SEED", "1")  # another rounding may name other figures
    get_settings.cache_clear()
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


def open_slide(place: int, days: int = 28) -> AppTest:
    app = open_page("briefing", lang="en")
    app.segmented_control(key="briefing_days").set_value(days).run()
    for _ in range(place):
        press(app, "Next")
    return app


@pytest.mark.usefixtures("nine")
def test_first_slide_counts_whole_weeks_in_fives_against_the_ones_before() -> None:
    said = slide(open_slide(0))
    assert "28 Sep to 25 Oct 2026" in said  # the last crime is of Monday 26 October
    # 2 to 25 October hold 70 of the 72 crimes; the four weeks before hold 36, which is rounded to 35 or 40
    assert re.search(r"Recorded crimes\s+70\s+previous period: \+3[05]", said)
    # 1 to 25 October hold 31 visits; there are none before
    assert re.search(r"Reported visits\s+3[05]\s+previous period: \N{EM DASH}", said)
    assert re.search(r"Households never visited\s+(55|60)", said)  # 90 - 31
    assert re.search(r"Supported by GPS\s+(33|39)%", said)  # 30 or 35 of 90
    assert "Percentages are of 90 registered households." in said
    assert "Recorded crimes compared with the previous period: clearly more." in said
    assert "A year ago" not in said  # the crimes begin in August
    assert "rounded to multiples of 5" in said


def test_first_slide_stands_against_a_year_ago_where_the_record_reaches_back(database: Database) -> None:
    store_few(database, "one place")  # a crime every other day, up to 10 October: 45 or 46 in 91 days
    said = slide(open_slide(0, days=91))
    assert re.search(r"Recorded crimes\s+(45|50)\s+previous period: (0|[+-]5) · year ago: (0|[+-]5)", said)
    assert "Previous period: 6 Apr 2026 to 5 Jul 2026. A year ago: 7 Jul 2025 to 5 Oct 2025." in said
    assert "Recorded crimes compared with the previous period: the difference could be due to chance." in said


@pytest.mark.usefixtures("nine")
def test_villages_that_need_a_visit_most_are_named_with_counts_in_fives() -> None:
    said = slide(open_slide(1))
    named = re.findall(r"(\d)\s+Desa (\d)", said)
    assert len(named) == 5
    assert named[0] == ("1", "1")  # it has the most crime, and nobody was visited
    assert re.search(r"Desa 1\s+20 reported crimes, 0\N{EN DASH}4 of 10 households covered", said)  # 16 and 4
    counts = re.findall(r"(\d+) reported crimes", said)
    assert all(int(count) % 5 == 0 for count in counts)


@pytest.mark.usefixtures("nine")
def test_a_village_is_shown_of_four_weeks_at_least_and_of_all_kinds_of_crime() -> None:
    app = open_page("briefing", lang="en", area=CODES[0], category="curat")
    said = slide(app)  # a week is what is chosen at first
    assert "28 Sep to 25 Oct 2026" in said
    assert re.search(r"Recorded crimes\s+1[05]\b|Recorded crimes\s+20\b", said)  # of 16


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
