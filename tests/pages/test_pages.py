"""Each page shows the right figures, and stays calm whatever the data or the address say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.data.builders import WEST, make_households, make_villages, make_visits, store
from tests.pages.conftest import figures, make_crimes, open_page

if TYPE_CHECKING:
    from data.database import Database

PAGES = (
    "overview",
    "coverage",
    "unvisited",
    "plan",
    "my_area",
    "hotspots",
    "imports",
)
NASTY = "<img src=x onerror=alert(1)>`${alert(2)}` [x](http://evil) :red[$a$] **b** {n}"


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize("page", PAGES)
def test_page_runs_in_indonesian(page: str) -> None:
    app = open_page(page)
    assert not app.exception
    assert not app.error
    assert len(app.title) == 1


@pytest.mark.usefixtures("place")
def test_overview_answers_the_four_questions() -> None:
    app = open_page(lang="en")
    assert figures(app) == {
        "Reported coverage": "67%",  # K1 and K3 of K1, K2, K3
        "Households without a visit": "1",  # K2
        "Recorded crimes": "4",
        "Visits with a location": "67%",  # V1 and V2 of three
    }
    assert "2 of 3 registered households were reported as visited (67%)" in app.markdown[0].value


@pytest.mark.usefixtures("place")
def test_overview_says_that_two_villages_make_no_order() -> None:
    said = [text.value for text in open_page(lang="en").markdown]
    assert "There are too few villages with registered households here to rank." in said


@pytest.mark.usefixtures("place")
def test_coverage_page_shows_the_table_of_the_map() -> None:
    app = open_page("coverage", lang="en")
    table = app.dataframe[0].value
    assert table["village"].tolist() == ["Wetan", "Kulon"]  # the least evidenced first
    assert table["reported_coverage"].tolist() == [100.0, 50.0]
    assert table["evidenced_coverage"].tolist() == [0.0, 50.0]  # V3 has no fix, V1 is at K1's door
    assert table["gap"].tolist() == [100.0, 0.0]
    assert [sum(trend) for trend in table["trend"]] == [0, 0.5]
    assert figures(app) == {
        "Reported coverage": "67%",
        "Supported by GPS": "33%",
        "Prioritise households never visited": "1",  # K2
        "Visits to review": "1",  # V2, recorded 1.4 km away in the other village
    }


@pytest.mark.usefixtures("place")
def test_rows_without_place_are_counted_in_a_caption() -> None:
    app = open_page("coverage", lang="en")
    said = "Of 3 visits, 1 have no location, 0 were recorded outside every village"
    assert any(said in caption.value for caption in app.caption)
    assert any("1 household is outside every village" in caption.value for caption in app.caption)
    app = open_page("hotspots", lang="en")
    said = "Of 4 crimes, 1 have no coordinates and are not on the map; 1 lie outside every village."
    assert said in [caption.value for caption in app.caption]


@pytest.mark.usefixtures("place")
def test_hotspots_page_counts_crimes_by_village() -> None:
    app = open_page("hotspots", lang="en")
    table = app.dataframe[0].value
    assert table["n_crimes"].tolist() == [2, 1]
    assert table["village"].tolist() == ["Kulon", "Wetan"]
    assert figures(app)["With coordinates"] == "75%"
    assert (
        app.info[0]
        .value.replace("\\", "")
        .startswith("Too few crimes with a location to tell (2): at least 10")
    )


@pytest.mark.usefixtures("database")
def test_empty_database_shows_the_way_in() -> None:
    app = open_page(lang="en")
    assert app.title[0].value == "Welcome to Sambang"
    assert not app.exception


@pytest.mark.parametrize("page", PAGES)
def test_boundaries_alone_are_enough_for_every_page(database: Database, page: str) -> None:
    store(database, "boundaries", make_villages())
    app = open_page(page, lang="en")
    assert not app.exception
    assert not app.error


def test_period_without_data_offers_the_one_that_has(database: Database) -> None:
    store(database, "boundaries", make_villages())
    store(database, "households", make_households())
    store(database, "visits", make_visits())
    app = open_page("coverage", lang="en", since="2026-01-01", until="2026-02-01")
    assert "The last data are from 3 Oct 2026" in app.info[0].value
    next(button for button in app.button if button.label.startswith("Show the period")).click().run()
    assert figures(app)["Reported coverage"] == "67%"


@pytest.mark.parametrize("page", PAGES)
def test_hostile_names_are_only_text(database: Database, page: str) -> None:
    villages = make_villages().assign(village=NASTY, district=NASTY, regency=NASTY)
    store(database, "boundaries", villages)
    store(database, "households", make_households().assign(head_name=NASTY))
    store(database, "visits", make_visits().assign(remarks=NASTY))
    store(database, "crimes", make_crimes().assign(category=NASTY))
    app = open_page(page, lang="en", area=WEST)
    assert not app.exception
    for text in (*app.markdown, *app.caption, *app.title):
        assert "](http" not in text.value
        assert ":red[" not in text.value
        assert "<img" not in text.value.replace("\\<", "")


def test_error_of_the_data_is_a_sentence(place: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    from data import repository  # noqa: PLC0415 - patched for this test only
    from data.errors import DatabaseError  # noqa: PLC0415

    def fail(*_: object, **__: object) -> None:
        raise DatabaseError("The database cannot be opened: check SAMBANG_DATABASE_URL.")

    assert place
    monkeypatch.setattr(repository, "read_visits", fail)
    app = open_page("coverage", lang="en")
    assert not app.exception
    assert "The database cannot be opened" in app.error[0].value
    assert any(button.label == "Start over" for button in app.button)
