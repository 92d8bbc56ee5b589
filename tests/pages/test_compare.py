"""The Compare page: figures worked out by hand, silence where numbers are small, names only as text."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from data.periods import Period
from geo.displacement import Displacement, ZoneCounts, measure_displacement
from geo.rates import measure_rates
from pages.compare.change import explain_no_comparison
from pages.compare.emerging import classify_patterns, describe_emerging
from pages.compare.operation import describe_operation
from pages.compare.ranking import describe_ranking, describe_years, format_ordinal
from pages.compare.side_by_side import describe_difference
from pages.queries.comparisons import Years, _run_of, compare_counts, list_comparison_periods
from pages.queries.filters import Filters
from pages.queries.records import open_connection
from pages.text.language import use_language
from tests.data.builders import store
from tests.pages.conftest import open_page
from tests.pages.crimes import make_series, store_place
from tests.pages.nine import CODES, OCTOBER, make_homes, make_nine, make_reports, store_nine
from tests.pages.test_pages import NASTY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streamlit.testing.v1 import AppTest

    from data.database import Database

ZONE = "Asia/Jakarta"
WAYS = ("pair", "change", "emerging", "both", "ranks", "operation")


@pytest.fixture
def nine(database: Database) -> Database:
    """Nine villages, three districts."""
    store_nine(database)
    return database


@pytest.fixture
def english() -> Iterator[None]:
    """Speak English outside a session."""
    with use_language("en"):
        yield


def open_way(way: str, **query: str) -> AppTest:
    app = open_page("compare", lang="en", **(OCTOBER | query))
    app.segmented_control(key="compare_way").set_value(way).run()
    assert not app.exception
    assert not app.error
    return app


def said(app: AppTest) -> str:
    return "\n".join(text.value for text in (*app.markdown, *app.caption, *app.info))


@pytest.mark.usefixtures("nine")
def test_two_periods_side_by_side_are_counted_and_assessed() -> None:
    app = open_way("pair")
    # 16 + 14 + … + 0 = 72 against 9 · 4 = 36: binomial(108, ½), p < 0.001
    assert "**Left:** 36 crimes, 31 Aug 2026 to 30 Sep 2026." in said(app)
    assert "**Right:** 72 crimes, 1 Oct 2026 to 31 Oct 2026." in said(app)
    assert "Clearly more in the later period: up 100%." in said(app)
    assert "Both maps use the same classes and move together." in said(app)


@pytest.mark.usefixtures("nine")
def test_sides_can_show_coverage_beside_crime() -> None:
    app = open_way("pair")
    app.selectbox(key="compare_left_measure").set_value("evidenced_coverage")
    app.selectbox(key="compare_left_when").set_value("now").run()
    assert "**Left:** 40% of 90 households visited" in said(app)  # 0 + 1 + … + 8 = 36 of 90
    assert "each with its own classes" in said(app)


@pytest.mark.usefixtures("nine")
def test_change_names_what_is_sure_and_counts_what_is_not() -> None:
    app = open_way("change")
    # districts: 12 to 42, 12 to 24, 12 to 6; p 5e-5, 0.065, 0.24
    assert "36 crimes before, 72 now." in said(app)
    assert "Clearly more in: Kecamatan 1 (12 to 42)." in said(app)
    assert "Clearly fewer in" not in said(app)
    assert "In 2 of 3 areas the numbers are too small for a conclusion." in said(app)
    assert app.dataframe[0].value["n_after"].tolist() == [42, 24, 6]


@pytest.mark.usefixtures("nine")
def test_dark_corner_holds_the_villages_with_much_crime_and_little_coverage() -> None:
    app = open_way("both")
    assert (
        "3 of 9 villages are both in the upper third of crime and in the lower third of coverage (by chance "
        "alone about 1 would be): Desa 1, Desa 2, and Desa 3."
    ) in said(app)
    first = next(text.value for text in app.markdown if text.value.startswith("**Desa 1**"))
    assert "10 of 10 households without a visit supported by GPS (0% covered, typically 40%)" in first
    assert "16 reported crimes" in first
    assert app.dataframe[0].value["rank"].tolist() == list(range(1, 10))


@pytest.mark.usefixtures("nine")
def test_ranking_says_place_rate_and_interval() -> None:
    app = open_way("ranks")
    # 42 crimes, 30 households; Garwood: χ²(.025, 84)/2 = 30.27, χ²(.975, 86)/2 = 56.77
    assert "**Kecamatan 1** has the highest rate of 3 districts: 1,400.0 crimes per 1,000 households" in said(
        app
    )
    assert "(95%: 1,009.0 to 1,892.4)" in said(app)
    app.selectbox(key="compare_ranks_district_").set_value("990103").run()
    assert "**Kecamatan 3** has the 3rd highest rate of 3 districts: 200.0" in said(app)


@pytest.mark.usefixtures("nine")
def test_villages_are_ranked_by_their_smoothed_rates_with_the_counted_beside() -> None:
    app = open_way("ranks")
    app.segmented_control(key="compare_ranks_level").set_value("village").run()
    # ten homes each, rates 1.6, 1.4 … 0, m = 0.8; variance (0.8² + 0.6² + 0.4² + 0.2²)·2/9 = 0.26667 and
    # a = 0.26667 - m/10 = 0.18667: Desa 1 has 0.8 + 0.8·0.18667/0.26667 = 1.36
    assert (
        "**Desa 1** has the highest smoothed rate of 9 villages: 1,360.0 crimes per 1,000 "
        "households; unsmoothed 1,600.0 (95%: 914.5 to 2,598.3)."
    ) in said(app)
    app.selectbox(key="compare_ranks_village_").set_value(CODES[2]).run()
    assert "**Desa 3** has the 3rd highest smoothed rate of 9 villages" in said(app)
    assert "Villages are ordered by their smoothed rates." in said(app)


@pytest.mark.usefixtures("nine")
def test_one_area_alone_has_a_rate_and_no_rank() -> None:
    app = open_way("ranks", area=CODES[0][:6])
    assert "**Kecamatan 1**: 1,400.0 crimes per 1,000 households (95%: 1,009.0 to 1,892.4)." in said(app)
    assert "highest" not in said(app)


@pytest.mark.usefixtures("nine")
def test_operation_before_the_record_begins_has_no_before() -> None:
    app = open_way("operation", since="2026-09-20", until="2026-11-01")  # before: 9 August, the record: 31
    app.multiselect(key="compare_treated").set_value([CODES[0]])
    app.multiselect(key="compare_control").set_value([CODES[8]]).run()
    assert "don't go back far enough" in said(app)
    assert "Clearly" not in said(app)


@pytest.mark.usefixtures("nine")
def test_operation_is_told_by_its_interval() -> None:
    app = open_way("operation")
    assert "Choose where the operation took place" in said(app)
    app.multiselect(key="compare_treated").set_value([CODES[0]])
    app.multiselect(key="compare_control").set_value([CODES[8]]).run()
    table = app.dataframe[0].value
    assert table["before"].tolist()[:2] == [4, 4]
    assert table["after"].tolist()[:2] == [16, 0]
    # around Desa 1: 2, 4, 5 (12 to 14 + 10 + 8 = 32); around Desa 9: 6, 8 (8 to 6 + 2 = 8), as 5 is taken
    assert table["before"].tolist()[2:] == [12, 8]
    assert table["after"].tolist()[2:] == [32, 8]
    # WDD = 12 + 4 + 20 - 0 = 36; error √(20 + 4 + 44 + 16) = √84, 1.96 · 9.17 = 17.96
    assert "Clearly more: 36 crimes more" in said(app)
    assert "(95%: 18 to 54 more)" in said(app)


@pytest.mark.usefixtures("english")
def test_operation_of_the_literature_is_read_aloud() -> None:
    found = measure_displacement(
        ZoneCounts(207, 110),
        ZoneCounts(308, 318),
        near_treated=ZoneCounts(178, 157),
        near_control=ZoneCounts(150, 140),
    )
    assert "118 crimes fewer" in describe_operation(found)
    assert "(95%: 40 to 196 fewer)" in describe_operation(found)
    unclear = Displacement(difference=-3, error=5, z=-0.6, p=0.55, low=-12.8, high=6.8)
    assert "between 13 crimes fewer and 7 more" in describe_operation(unclear)


@pytest.mark.usefixtures("english")
def test_years_are_told_only_where_they_rise_or_fall_beyond_chance() -> None:
    assert _run_of([100, 103]) == 0
    assert _run_of([100, 160]) == 1
    assert _run_of([300, 100, 160, 240]) == 2
    assert _run_of([300, 200, 100]) == -2
    assert _run_of([100]) == 0
    # Of 100 areas one may well go from 100 to 140 by chance: p 0.0117 is above a hundredth of the level.
    assert _run_of([100, 140]) == 1
    assert _run_of([100, 140], 0.05 / 100) == 0
    assert describe_years(Years((100, 103), 0)) == ""
    assert describe_years(Years((9, 100, 160, 240), 2, date(2026, 11, 23))) == (
        "Rising for 2 years in a row: 100 → 160 → 240 crimes (years to 23 Nov 2026)."
    )
    assert describe_years(Years((100, 40), -1, date(2026, 11, 23))) == (
        "Fewer than the year before: 100 → 40 crimes (years to 23 Nov 2026)."
    )


@pytest.mark.usefixtures("english")
def test_fourth_of_nineteen_districts_rising_for_the_third_year() -> None:
    counts, homes = pd.Series([40 - 2 * i for i in range(19)]), pd.Series([1000] * 19)
    known = measure_rates(counts, homes).assign(village=[f"Kecamatan {i}" for i in range(19)])
    known["place"] = known["rate"].rank(ascending=False, method="min")
    years = Years((100, 160, 240, 350), 3, date(2026, 11, 23))
    # 34 crimes: Garwood χ²(.025, 68)/2 = 23.55, χ²(.975, 70)/2 = 47.51
    assert describe_ranking(known, 3, years, "district") == (
        "**Kecamatan 3** has the 4th highest rate of 19 districts: 34.0 crimes per 1,000 households (95%: "
        "23.5 to 47.5). Rising for 3 years in a row: 100 → 160 → 240 → 350 crimes (years to 23 Nov 2026)."
    )


@pytest.mark.usefixtures("english")
def test_patterns_are_counted_by_whether_they_last() -> None:
    patterns = ["none"] * 5 + ["new_hot", "persistent_hot", "persistent_hot", "sporadic_hot", "new_cold"]
    found = pd.DataFrame({"pattern": patterns})
    assert describe_emerging(found) == (
        "4 of 10 cells are hot spots with a pattern: 2 persisting or growing and 1 new."
    )
    assert classify_patterns(found).tolist() == [0] * 5 + [1, 4, 4, 6, 9]
    assert describe_emerging(found.iloc[:5]).startswith("No cell was a hot spot")


@pytest.mark.usefixtures("english")
def test_places_are_written_as_english_has_them() -> None:
    assert [format_ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 102)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "102nd",
    ]  # fmt: skip


@pytest.mark.usefixtures("english")
def test_verdict_is_silent_without_crime() -> None:
    assert describe_difference("unclear", 0, 0) == ""
    assert compare_counts(0, 0) == "unclear"
    assert describe_difference("more", 0, 9) == "Clearly more."


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("n", [0, 1, 2, 40])
def test_too_little_is_a_sentence_and_never_a_traceback(database: Database, n: int, way: str) -> None:
    store_place(database, make_series(n) if n else None)
    app = open_page("compare", lang="en")
    app.segmented_control(key="compare_way").set_value(way).run()
    assert not app.exception
    assert not app.error
    assert "nan" not in said(app).lower().split()
    for measure in ("density", "cells") if way == "pair" else ():
        app.selectbox(key="compare_left_measure").set_value(measure).run()
        assert not app.exception


@pytest.mark.parametrize("way", WAYS)
def test_hostile_names_are_only_text(database: Database, way: str) -> None:
    store(database, "boundaries", make_nine().assign(village=NASTY, district=NASTY))
    store(database, "households", make_homes())
    store(database, "crimes", make_reports().assign(category=NASTY))
    app = open_way(way)
    for text in (*app.markdown, *app.caption, *app.title, *app.subheader):
        assert "](http" not in text.value
        assert ":red[" not in text.value
        assert "<img" not in text.value.replace("\\<", "")


@pytest.mark.usefixtures("nine")
def test_overview_names_the_first_villages_with_a_reason_each() -> None:
    app = open_page(lang="en", **OCTOBER)
    listed = [text.value for text in app.markdown if text.value.startswith("**")]
    assert [text.split("**")[1] for text in listed] == [f"Desa {i}" for i in range(1, 6)]
    assert listed[0].startswith("**Desa 1** · Low coverage and high crime: 10 of 10 households")


def test_periods_that_cut_a_month_known_only_as_such_are_not_compared(database: Database) -> None:
    months = pd.to_datetime(["2026-06-01", "2026-07-01", "2026-08-01", "2026-09-01"]).tz_localize(ZONE)
    crimes = make_series(40).assign(occurred_at=months.repeat(10).tz_convert("UTC"), time_precision="month")
    store_place(database, crimes)
    connection = open_connection()
    whole = Period(date(2026, 8, 1), date(2026, 9, 1), ZONE)  # after July, as long
    cut = Period(date(2026, 8, 2), date(2026, 9, 1), ZONE)
    assert "before" in list_comparison_periods(connection, Filters("", whole, ()))
    filters = Filters("", cut, ())
    assert list(list_comparison_periods(connection, filters)) == ["now"]
    with use_language("en"):
        assert "known by their month only" in explain_no_comparison(connection, filters)
