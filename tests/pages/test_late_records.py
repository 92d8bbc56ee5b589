"""Where a record ends: periods end there, nothing beyond it is compared, and one sentence says so."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from data.periods import Period
from data.repository import read_record_ends
from pages.queries.closing import find_last_closed_week
from pages.queries.comparisons import count_years, list_comparison_periods
from pages.queries.crime_times import read_months
from pages.queries.filters import Filters
from pages.queries.records import Connection, open_connection
from pages.queries.week_records import find_monday
from tests.data.builders import EAST, WEST, make_households, make_villages, make_visits, store
from tests.pages.conftest import open_page
from tests.pages.test_imports import upload

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

    from data.database import Database

ZONE = "Asia/Jakarta"
TIMUR = "9901022002"

CRIMES = (
    b"waktu,jenis,lon,lat\n2026-09-10 10:00,curat,111.405,-7.405\n2026-10-02 10:00,curat,111.415,-7.405\n"
)


def make_daily_crimes() -> pd.DataFrame:
    """Give a crime a day from 2024 to 10 October 2026, in the two villages in turn."""
    days = pd.date_range("2024-01-01T03:00Z", "2026-10-10T03:00Z", freq="D")
    east = [bool(n % 2) for n in range(len(days))]
    return pd.DataFrame(
        {
            "occurred_at": days.as_unit("s"),
            "category": "curat",
            "source": "reported",
            "lon": [111.415 if one else 111.405 for one in east],
            "lat": -7.405,
            "village_code": [TIMUR if one else WEST for one in east],
            "placement": "inside",
        },
        index=pd.Index([f"C{n}" for n in range(len(days))], name="crime_id"),
    )


@pytest.fixture
def late(database: Database) -> Database:
    """The small place with visits to 31 October; its crimes are complete to 30 September in Timur only."""
    villages = make_villages().assign(district_code=["990101", "990102"], district=["Barat", "Timur"])
    store(database, "boundaries", villages.rename(index={EAST: TIMUR}))
    store(database, "households", make_households())
    store(database, "visits", make_visits().replace(EAST, TIMUR), complete_to={"": date(2026, 10, 31)})
    stated = {"": date(2026, 10, 10), "990102": date(2026, 9, 30)}
    store(database, "crimes", make_daily_crimes(), complete_to=stated)
    return database


@pytest.fixture
def connection(late: Database) -> Connection:
    assert late
    return open_connection()


def told(app: AppTest) -> str:
    return "\n".join(text.value for text in (*app.info, *app.caption)).replace("\\", "")


def ask(since: date, until: date, area: str = "") -> Filters:
    return Filters(area, Period(since, until, ZONE), ())


@pytest.mark.usefixtures("late")
@pytest.mark.parametrize(
    ("page", "area", "last"),
    [
        ("hotspots", "", "90 days to 30 Sep 2026"),
        ("hotspots", WEST, "90 days to 10 Oct 2026"),
        ("coverage", "", "90 days to 31 Oct 2026"),
        ("overview", "", "90 days to 30 Sep 2026"),
        ("compare", TIMUR, "90 days to 30 Sep 2026"),
    ],
)
def test_a_period_ends_with_the_record_that_the_page_rests_on(page: str, area: str, last: str) -> None:
    app = open_page(page, lang="en", **({"area": area} if area else {}))
    assert not app.exception
    assert last in told(app)
    assert "In this period" not in told(app)


@pytest.mark.usefixtures("late")
def test_a_longer_period_is_told_and_not_compared() -> None:
    app = open_page("compare", lang="en", since="2026-10-01", until="2026-10-11")
    app.segmented_control(key="compare_way").set_value("change").run()
    assert not app.exception
    record = "the record of crimes in Timur is complete only to 30 Sep 2026"
    assert f"In this period, {record}." in told(app)
    assert f"No comparison: {record}, and the period ends on 10 Oct 2026." in told(app)
    assert not any("Clearly" in text.value for text in app.markdown)


@pytest.mark.usefixtures("late")
def test_in_the_district_that_is_complete_the_same_days_are_compared() -> None:
    app = open_page("compare", lang="en", area=WEST, since="2026-10-01", until="2026-10-11")
    app.segmented_control(key="compare_way").set_value("change").run()
    assert "No comparison" not in told(app)
    assert any("crimes before" in text.value for text in app.markdown)


def test_a_year_ago_is_offered_for_periods_of_a_year_at_most(connection: Connection) -> None:
    year = ask(date(2025, 10, 1), date(2026, 10, 1))
    assert set(list_comparison_periods(connection, year)) == {"now", "before", "year"}
    longer = ask(date(2025, 9, 30), date(2026, 10, 1))  # a year before it, a day lies in both
    assert set(list_comparison_periods(connection, longer)) == {"now", "before"}


def test_months_and_years_end_with_the_record(connection: Connection) -> None:
    months = read_months(connection, "", (), ZONE)
    assert str(months.index[-1].date()) == "2026-09-01"
    assert str(read_months(connection, WEST, (), ZONE).index[-1].date()) == "2026-09-01"
    years = count_years(connection, "", (), ZONE)
    assert (years.last_day, years.counts) == (date(2026, 9, 30), (365, 365))  # one crime a day


def test_a_quiet_end_of_a_complete_record_makes_no_sentence(connection: Connection) -> None:
    # 10 October is the last day that is complete in Barat: a figure to that day rests on nothing late.
    assert set(list_comparison_periods(connection, ask(date(2026, 10, 1), date(2026, 10, 11), WEST))) == {
        "now", "before", "year",
    }  # fmt: skip


def test_no_week_closes_before_every_district_is_complete(connection: Connection) -> None:
    last = find_last_closed_week(connection)
    assert last is not None
    assert find_monday(last + 1) == date(2026, 9, 28)  # 30 September, a Wednesday, is in the week from then


def test_the_clerk_is_asked_and_the_answer_is_stored(late: Database) -> None:
    app = upload(open_page("imports", lang="en"), "crimes", "crimes.csv", CRIMES)
    assert not app.exception
    asked = next(box for box in app.date_input if box.label == "All districts complete to")
    assert asked.value == date(2026, 10, 10)  # stated before, and nothing is taken back
    assert "The last row is of 2 Oct 2026" in told(app)
    asked.set_value(date(2026, 10, 12)).run()
    app.multiselect(key="upload_earlier").set_value([]).run()
    app.button(key="upload_commit").click().run()
    assert not app.exception
    ends = read_record_ends(late, open_connection().principal)
    of = ends[ends["dataset"] == "crimes"]
    assert {str(day.date()) for day in of["last_day"]} == {"2026-10-12"}
