"""Filters live in the address and in the session, the same on every page."""

from __future__ import annotations

from datetime import date

import pytest

from tests.data.builders import EAST, WEST
from tests.pages.conftest import figures, open_page


@pytest.mark.usefixtures("place")
def test_area_in_the_address_narrows_the_figures() -> None:
    app = open_page("coverage", lang="en", area=WEST)
    assert figures(app)["Reported coverage"] == "50%"
    assert any("Of 2 visits" in caption.value for caption in app.caption)  # both were at K1
    assert app.caption[0].value.startswith("Village Kulon")


@pytest.mark.usefixtures("place")
def test_period_in_the_address_narrows_the_figures() -> None:
    app = open_page("coverage", lang="en", since="2026-10-03", until="2026-10-04")
    assert figures(app)["Reported coverage"] == "33%"  # K3 alone
    app = open_page("hotspots", lang="en", days="180")
    assert figures(app)["Recorded crimes"] == "5"


@pytest.mark.usefixtures("place")
def test_category_narrows_crimes_and_not_coverage() -> None:
    app = open_page("hotspots", lang="en", category="curas")
    assert figures(app)["Recorded crimes"] == "2"
    app.switch_page("coverage/page.py").run()
    assert figures(app)["Reported coverage"] == "67%"
    assert app.query_params["category"] == "curas"


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize(
    "query",
    [
        {"area": "<script>"},
        {"area": "1111111111"},
        {"area": "99010120019"},
        {"days": "-1"},
        {"days": "99999999999999"},
        {"days": "²"},
        {"since": "2026-10-03", "until": "2026-10-01"},
        {"since": "yesterday"},
        {"since": "0001-01-01", "until": "9999-12-31"},
        {"category": "arson"},
        {"lang": "xx"},
    ],
)
@pytest.mark.parametrize("page", ["overview", "coverage"])
def test_bad_value_in_the_address_is_left_out_with_a_sentence(page: str, query: dict[str, str]) -> None:
    app = open_page(page, **query)
    assert not app.exception
    assert not app.error
    assert len(app.sidebar.warning) == 1
    assert set(app.query_params) == {"lang"}


@pytest.mark.usefixtures("place")
def test_filters_stay_when_the_page_changes() -> None:
    app = open_page("coverage", lang="en")
    app.selectbox(key="filter_village").set_value(EAST).run()
    app.selectbox(key="filter_days").set_value(30).run()
    assert app.query_params["area"] == EAST
    for name in list(app.query_params):  # as Streamlit does on switching pages
        del app.query_params[name]
    app.switch_page("hotspots/page.py").run()
    assert app.query_params["area"] == EAST
    assert app.query_params["days"] == "30"
    assert figures(app)["Recorded crimes"] == "1"
    assert app.title[0].value == "Crime hotspots"


@pytest.mark.usefixtures("place")
def test_dates_of_ones_own_can_be_picked() -> None:
    app = open_page("coverage", lang="en")
    app.selectbox(key="filter_days").set_value(0).run()
    assert app.date_input[0].value == (date(2026, 7, 6), date(2026, 10, 3))  # 90 days
    app.date_input[0].set_value((date(2026, 10, 1), date(2026, 10, 1))).run()
    assert figures(app)["Reported coverage"] == "33%"  # K1 alone
    assert app.query_params["since"] == "2026-10-01"
    assert app.query_params["until"] == "2026-10-02"


@pytest.mark.usefixtures("place")
def test_trail_leads_back_to_the_wider_area() -> None:
    app = open_page("coverage", lang="en", area=WEST)
    app.button(key="back_").click().run()
    assert figures(app)["Reported coverage"] == "67%"
    assert "area" not in app.query_params


@pytest.mark.usefixtures("place")
def test_language_switches_and_stays() -> None:
    app = open_page("coverage")
    assert app.title[0].value == "Cakupan kunjungan"
    app.button_group(key="filter_language").set_value("en").run()
    assert app.title[0].value == "Visit coverage"
    assert app.query_params["lang"] == "en"
    app.switch_page("overview/page.py").run()
    assert app.title[0].value == "Overview"


@pytest.mark.usefixtures("place")
def test_period_ends_with_the_data_and_not_today() -> None:
    assert "90 days to 3 Oct 2026" in open_page(lang="en").caption[0].value


@pytest.mark.usefixtures("place")
def test_address_never_holds_a_name() -> None:
    app = open_page("coverage", lang="en", area=WEST)
    assert "Kulon" not in str(dict(app.query_params))
