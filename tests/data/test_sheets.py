"""What is printed and handed out is what the plan says, whatever the names."""

from __future__ import annotations

import io
import re
from time import perf_counter
from xml.etree import ElementTree as ET

import numpy as np
import openpyxl
import pandas as pd
import pypdf
import pytest
from icalendar import Calendar

from data.errors import DataError
from data.exports.plan_calendars import write_calendar
from data.exports.plan_rows import PLAN_TEXTS, gather_stops, make_map_link
from data.exports.plan_sheets import write_plan_sheets
from data.exports.plan_tables import write_plan_csv, write_plan_gpx, write_plan_xlsx
from geo.routes import Problem, SearchEffort, plan_week
from tests.geo.builders import make_square
from tests.geo.weeks import DAYS, make_homes, make_officers

HOSTILE = [
    "#strong[x] $a^2$",
    "<script>alert(1)</script>",
    'O\'Neil "Budi" \\ `c`',
    "*bold* _it_ @ref // c",
    "=1+1",
    "Ñandú Čížek Ωμέγα Дмитрий",
    "&lt; {} %7C",
    "ꦱꦸꦠꦿꦶꦱ 王小明 محمد",
]
BRIEF = SearchEffort(steps=20, seconds=60, workers=1)
MADE = pd.Timestamp("2026-11-20 09:00", tz="Asia/Jakarta")


@pytest.fixture(scope="module")
def officers() -> pd.DataFrame:
    return make_officers(o1="v").assign(name="Budi & Co", rank="Bripka")


@pytest.fixture(scope="module")
def stops(officers: pd.DataFrame) -> pd.DataFrame:
    homes = make_homes(*[(100 * i, 40 * (i % 4)) for i in range(1, 13)])
    names = [*HOSTILE, "Sutrisno", "", "Wati", "Joko"]
    homes = homes.assign(head_name=names, address="Jl. Raya 7", rt="003", rw="01")
    plan = plan_week(Problem(homes, officers, DAYS[:2]), effort=BRIEF)
    why = pd.Series("never visited; 3 thefts nearby", index=homes.index)
    return gather_stops(plan, homes, villages=pd.Series({"v": "Sawo"}), reasons=why)


def read_text(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def test_one_page_for_an_officer_and_day_with_every_stop(stops: pd.DataFrame, officers: pd.DataFrame) -> None:
    pdf = write_plan_sheets(stops, officers, format_day=lambda day: f"hari {day.day}")
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    assert len(pages) == 2
    assert [round(float(side)) for side in pages[0].mediabox[2:]] == [595, 842]  # A4 in points
    assert "hari 23" in pages[0].extract_text()
    assert "Bripka Budi & Co" in pages[0].extract_text()
    text = read_text(pdf)
    assert text.count("RT 003/RW 01") == 12
    assert text.count("never visited; 3 thefts nearby") == 12
    assert text.count(PLAN_TEXTS["met"]) == 12


def test_nothing_is_said_twice_so_that_eight_long_stops_fit_a_page(
    stops: pd.DataFrame, officers: pd.DataFrame
) -> None:
    """RT and RW stand in many an address; the village stands in the head of a sheet that has one alone."""
    day = stops.head(8).assign(order=range(1, 9), day=stops["day"].iloc[0])
    wordy = day.assign(address="Dusun Krajan Lor Kidul RT 003 RW 01", village="Banyuwangi Ngawi Selatan")
    pdf = write_plan_sheets(wordy, officers)
    assert len(pypdf.PdfReader(io.BytesIO(pdf)).pages) == 1
    assert (read_text(pdf).count("RT 003"), read_text(pdf).count("Banyuwangi Ngawi Selatan")) == (8, 1)
    two = wordy.assign(village=["Sawo"] * 4 + ["Ploso"] * 4)
    assert read_text(write_plan_sheets(two, officers)).count("Ploso") == 4 + 1


def test_names_print_as_they_are(stops: pd.DataFrame, officers: pd.DataFrame) -> None:
    text = read_text(write_plan_sheets(stops, officers))
    for name in HOSTILE[:-1]:
        assert name in text
    assert "h10" in text  # whoever has no name is known by number


def test_words_are_those_given_and_others_stay_english(stops: pd.DataFrame, officers: pd.DataFrame) -> None:
    text = read_text(write_plan_sheets(stops, officers, texts={"met": "ketemu", "language": "id"}))
    assert "ketemu" in text
    assert "not at home" in text


def test_25_sheets_within_ten_seconds(stops: pd.DataFrame, officers: pd.DataFrame) -> None:
    eight = stops.head(8).assign(order=range(1, 9), day=pd.Timestamp("2026-11-23"))
    many = pd.concat([eight.assign(day=pd.Timestamp("2026-11-23") + pd.Timedelta(days=n)) for n in range(25)])
    start = perf_counter()
    pdf = write_plan_sheets(many, officers, areas=make_square(4_000, west=540_000, south=9_180_000))
    assert perf_counter() - start < 10
    assert len(pypdf.PdfReader(io.BytesIO(pdf)).pages) == 25


def test_officer_without_post_or_entry_still_gets_a_sheet(
    stops: pd.DataFrame, officers: pd.DataFrame
) -> None:
    assert "o1" in read_text(write_plan_sheets(stops, officers.iloc[:0]))
    assert "Bripka" in read_text(write_plan_sheets(stops, officers.assign(lon=np.nan)))


def test_link_holds_places_only() -> None:
    link = make_map_link([111.1, 111.2, 111.3], [-7.1, -7.2, -7.3])
    assert link.endswith("&destination=-7.30000,111.30000&waypoints=-7.10000,111.10000%7C-7.20000,111.20000")
    assert len(re.findall("%7C", make_map_link([111.0] * 20, [-7.0] * 20))) == 8


def test_gpx_has_a_route_a_day(stops: pd.DataFrame, officers: pd.DataFrame) -> None:
    gpx = ET.fromstring(write_plan_gpx(stops, officers))  # noqa: S314 - our own file
    routes = gpx.findall("{*}rte")
    assert [len(route.findall("{*}rtept")) for route in routes] == stops.groupby("day").size().tolist()
    assert [route.findtext("{*}name") for route in routes] == ["Budi & Co 2026-11-23", "Budi & Co 2026-11-24"]
    points = gpx.findall("{*}rte/{*}rtept")
    assert set(HOSTILE) <= {point.findtext("{*}name").split(". ", 1)[1] for point in points}
    assert {point.findtext("{*}desc") for point in points} == {"Jl. Raya 7 RT 003/RW 01"}
    stop = stops.iloc[0]
    place = (float(points[0].get("lon")), float(points[0].get("lat")))
    assert place == pytest.approx((stop["lon"], stop["lat"]), abs=1e-6)


def test_officers_of_one_name_have_a_route_each(stops: pd.DataFrame, officers: pd.DataFrame) -> None:
    two = stops.head(2).assign(officer_id=["o1", "o2"], day=stops["day"].iloc[0])
    both = pd.concat([officers, officers.set_axis(["o2"])])
    assert write_plan_gpx(two, both).count(b"<rte>") == 2


def test_control_characters_do_not_break_the_gpx(stops: pd.DataFrame, officers: pd.DataFrame) -> None:
    ET.fromstring(write_plan_gpx(stops.assign(head_name="a\x00\x0bb"), officers))  # noqa: S314 - our own file


def test_tables_have_a_row_a_visit_and_run_nothing(stops: pd.DataFrame, officers: pd.DataFrame) -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_plan_xlsx(stops, officers, texts={"sheet": "Rencana/1"})))
    rows = list(book["Rencana 1"].values)
    assert len(rows) == 1 + len(stops)
    assert rows[1][:6] == ("Budi & Co", "2026-11-23", "morning", 1, rows[1][4], rows[1][5])
    assert re.fullmatch(r"\d\d:\d\d", rows[1][4])
    text = write_plan_csv(stops, officers).decode("utf-8-sig")
    assert "'=1+1" in text
    assert text.count("\n") == 1 + len(stops)


def test_calendar_has_an_event_for_each_half_day_in_local_time(stops: pd.DataFrame) -> None:
    made = write_calendar(stops, "o1", zone="Asia/Jakarta", made_at=MADE)
    events = Calendar.from_ical(made).walk("VEVENT")
    assert len(events) == len(stops[["day", "shift"]].drop_duplicates())
    first = stops.iloc[0]
    start = events[0].decoded("dtstart")
    assert start == (first["day"] + pd.Timedelta(seconds=first["start_s"])).tz_localize("Asia/Jakarta")
    assert start.utcoffset().total_seconds() == 7 * 3_600
    again = Calendar.from_ical(write_calendar(stops, "o1", zone="Asia/Jakarta", made_at=MADE)).walk("VEVENT")
    assert [event["uid"] for event in again] == [event["uid"] for event in events]
    assert not Calendar.from_ical(write_calendar(stops, "o9", zone="Asia/Jakarta", made_at=MADE)).walk(
        "VEVENT"
    )


def test_households_that_are_gone_and_empty_plans_are_told(
    stops: pd.DataFrame, officers: pd.DataFrame
) -> None:
    homes = make_homes((100, 0))
    plan = plan_week(Problem(homes, officers.assign(villages="v"), DAYS[:1]), effort=BRIEF)
    with pytest.raises(DataError, match="no longer exist"):
        gather_stops(plan, homes.iloc[:0])
    with pytest.raises(DataError, match="no visits"):
        write_plan_sheets(stops.iloc[:0], officers)
    with pytest.raises(DataError, match="reason"):
        write_plan_csv(stops.drop(columns="reason"), officers)
