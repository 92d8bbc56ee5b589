"""Text becomes dates, numbers, codes and names; what cannot be read is told, row by row."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import MappingError
from data.values import (
    decide_order,
    find_damaged_ids,
    normalise_names,
    read_clocks,
    read_codes,
    read_degrees,
    read_integers,
    read_moments,
    read_numbers,
    read_pairs,
    read_report_numbers,
    read_units,
)
from data.values.texts import clean_texts

WIB = ZoneInfo("Asia/Jakarta")


def texts(*values: str | None) -> pd.Series:
    return pd.Series(values, dtype="str")


def moment(text: str, *, order: str = "dayfirst", zone: ZoneInfo = WIB, clock: str | None = None) -> str:
    """Read one date; as UTC in ISO form, or 'bad'."""
    clocks = read_clocks(texts(clock)) if clock else None
    values, bad = read_moments(texts(text), order=order, zone=zone, clocks=clocks)
    return "bad" if bad[0] else values[0].strftime("%Y-%m-%dT%H:%M:%S")


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-12 09:30", "2026-01-12T09:30:00", "2026-01-12T02:30:00Z", "2026-01-12 10:30 WITA",
        "2026-01-12T09:30:00.000+07:00", "2026/1/12 9.30", "12/01/2026 09:30", "12-1-2026 09.30",
        "12.01.2026 9:30",        "12 Januari 2026 pukul 09.30", "12 Jan 2026 9:30 am", "12-Jan-26 09:30",
        "Senin, 12 Januari 2026 09:30 WIB",
        "January 12, 2026 09:30", "20260112 0930", "20260112T093000", "46034.395833333", "46034,3958333",
        "1768185000", "1768185000000", "2026-01-12 0930",
    ],
)  # fmt: skip
def test_all_ways_to_write_a_moment_agree(text: str) -> None:
    # 12 January 2026, 09:30 in Jakarta is 02:30 UTC; serial 46034 counts from 30 December 1899
    assert moment(text) == "2026-01-12T02:30:00"


@pytest.mark.parametrize(
    "text",
    [
        "31/02/2026", "29-02-2025", "2026-13-01", "kemarin", "12 Brumaire 2026", "2026", "7", "12/2026",
        "2026.5",        "2026-01-12 25:00", "2026-01-12 besok", "00/01/2026", "9999999", "12/01/2026/3",
    ],
)  # fmt: skip
def test_what_is_no_date_is_told_and_not_guessed(text: str) -> None:
    assert moment(text) == "bad"


def test_date_without_time_begins_the_local_day() -> None:
    assert moment("12/01/2026") == "2026-01-11T17:00:00"
    assert moment("2026-01") == "2025-12-31T17:00:00"


def test_time_of_its_own_column_is_of_the_date_as_written() -> None:
    # midnight exported as 04:00 UTC, with the hour beside it: 27 September 21:14 in New York is 01:14 UTC
    york = ZoneInfo("America/New_York")
    assert moment("2019-09-27 04:00:00", zone=york, clock="2114") == "2019-09-28T01:14:00"


def test_missing_time_leaves_the_date_its_own() -> None:
    values, _ = read_moments(
        texts("2026-01-12 09:30"), order="iso", zone=WIB, clocks=read_clocks(texts(None))
    )
    assert values[0] == pd.Timestamp("2026-01-12T02:30Z")


def test_hours_that_come_twice_or_never_are_still_a_moment() -> None:
    york = ZoneInfo("America/New_York")
    assert moment("2019-11-03 01:30", zone=york) == "2019-11-03T05:30:00"  # the first of the two
    assert moment("2019-03-10 02:30", zone=york) == "2019-03-10T07:00:00"  # the end of the skipped hour


def test_order_is_decided_once_from_the_files_evidence() -> None:
    assert decide_order([texts("01/02/2026", "13/02/2026")]) == "dayfirst"
    assert decide_order([texts("01/02/2026"), texts("02/13/2026")]) == "monthfirst"
    assert decide_order([texts("2026-01-02", "3/3/2026", None)]) == "iso"
    assert decide_order([]) == "iso"


def test_one_slip_in_many_dates_does_not_undecide_the_order() -> None:
    assert decide_order([texts(*["13/02/2026"] * 99, "02/13/2026")]) == "dayfirst"


def test_order_that_nothing_tells_is_asked_for() -> None:
    with pytest.raises(MappingError, match="choose the order of day and month"):
        decide_order([texts("01/02/2026", "03/04/2026")])
    with pytest.raises(MappingError, match="2 dates put the day first and 1 the month"):
        decide_order([texts("13/02/2026", "14/02/2026", "02/13/2026")])


def test_stated_order_is_taken() -> None:
    assert decide_order([texts("01/02/2026")], stated="monthfirst") == "monthfirst"
    assert moment("01/02/2026", order="monthfirst") == "2026-01-01T17:00:00"
    assert moment("01/02/2026", order="iso") == "bad"


@settings(max_examples=80, deadline=None)
@given(
    days=st.lists(st.dates(date(1969, 1, 1), date(2068, 12, 31)), min_size=1, max_size=30),
    form=st.sampled_from(["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d %B %Y", "%Y%m%d", "%d.%m.%y"]),
)
def test_every_day_of_the_calendar_is_read_back(days: list[date], form: str) -> None:
    values, bad = read_moments(
        texts(*(day.strftime(form) for day in days)), order="dayfirst", zone=ZoneInfo("UTC")
    )
    assert not bad.any()
    assert [value.date() for value in values] == days


@settings(max_examples=80, deadline=None)
@given(moments=st.lists(st.datetimes(datetime(1971, 1, 1), datetime(2037, 1, 1)), min_size=1, max_size=20))  # noqa: DTZ001
def test_moments_of_a_fixed_zone_are_moved_to_utc(moments: list[datetime]) -> None:
    values, bad = read_moments(
        texts(*(value.isoformat() for value in moments)), order="iso", zone=ZoneInfo("Asia/Jayapura")
    )
    assert not bad.any()
    assert [value.to_pydatetime() for value in values] == [
        value.replace(tzinfo=UTC) - timedelta(hours=9) for value in moments
    ]


@settings(max_examples=150, deadline=None)
@given(values=st.lists(st.none() | st.text(max_size=20), max_size=20))
def test_any_text_is_read_told_or_missing(values: list[str | None]) -> None:
    column = clean_texts(texts(*values))
    moments, bad = read_moments(column, order="dayfirst", zone=WIB)
    assert (moments.notna().to_numpy() ^ bad ^ column.isna().to_numpy()).all()
    numbers, bad = read_numbers(column)
    assert (np.isfinite(numbers) ^ bad ^ column.isna().to_numpy()).all()
    clocks = read_clocks(column)
    assert (clocks.known ^ clocks.bad ^ column.isna().to_numpy()).all()
    degrees = read_degrees(column)
    assert (np.isfinite(degrees.angles) ^ degrees.bad ^ column.isna().to_numpy()).all()
    points, bad = read_pairs(column)
    assert (np.isfinite(points).all(axis=1) ^ bad ^ column.isna().to_numpy()).all()
    codes = read_codes(column)
    assert (codes.codes.notna().to_numpy() ^ codes.bad ^ codes.damaged ^ column.isna().to_numpy()).all()


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("2114", 1274), ("930", 570), ("0930", 570), ("09.30", 570), ("9:30", 570), ("21:14:59", 1274), ("0", 0),
     ("pukul 21.14 WIB", 1274), ("9:14 PM", 1274), ("12:05 am", 5), ("0,25", 360), ("0000", 0)],
)  # fmt: skip
def test_times_of_day(text: str, minutes: int) -> None:
    clocks = read_clocks(texts(text))
    assert clocks.known.all()
    assert clocks.microseconds[0] // 60_000_000 == minutes


@pytest.mark.parametrize("text", ["2460", "24:00", "13:00 pm", "noon", "1", "-5"])
def test_what_is_no_time_is_told(text: str) -> None:
    assert read_clocks(texts(text)).bad.all()


@pytest.mark.parametrize(
    ("text", "number"),
    [("111.45", 111.45), ("111,45", 111.45), ("-7,4", -7.4), ("\u22127.4", -7.4), ("1.234,5", 1234.5),
     ("1,234.5", 1234.5), ("+3", 3), (".5", 0.5), ("1e2", 100), ("5.", 5), (",5", 0.5)],
)  # fmt: skip
def test_decimal_comma_and_point(text: str, number: float) -> None:
    values, bad = read_numbers(texts(text))
    assert values[0] == number
    assert not bad[0]


@pytest.mark.parametrize("text", ["east", "1.2.3", "1,2,3", "12 m", "1e999", "nan", "--5", "\u0664"])
def test_what_is_no_number_is_told(text: str) -> None:
    assert read_numbers(texts(text))[1].all()


def test_counts_may_have_their_thousands_apart() -> None:
    values, bad = read_integers(texts("3.412", "1,234,567", "12", "12.0", "12 345", "1.5", "-3"))
    assert values[:5].tolist() == [3412, 1234567, 12, 12, 12345]
    assert bad.tolist() == [False] * 5 + [True] * 2


@settings(max_examples=60, deadline=None)
@given(numbers=st.lists(st.floats(-180, 180).map(lambda number: round(number, 7)), max_size=20))
def test_decimal_sign_changes_nothing(numbers: list[float]) -> None:
    point = texts(*(f"{number:.7f}" for number in numbers))
    assert read_numbers(point)[0].tolist() == read_numbers(point.str.replace(".", ","))[0].tolist() == numbers


def test_codes_with_and_without_dots_are_one() -> None:
    read = read_codes(texts("35.21.07.2013", "3521072013", "3521072013.0", "35 21 07 2013", None))
    assert read.codes.dropna().unique().tolist() == ["3521072013"]
    assert read.dotted.tolist() == [True, False, False, False, False]


@pytest.mark.parametrize("text", ["352107201", "35210720130", "35.21.07", "A521072013"])
def test_what_is_no_code_is_told(text: str) -> None:
    assert read_codes(texts(text)).bad.all()


def test_codes_that_a_spreadsheet_rounded_are_refused_not_repaired() -> None:
    read = read_codes(texts("3.52107E+09", "3,52107E+09", "3.521072013E9"))
    assert read.damaged.all()
    assert read.codes.isna().all()


@pytest.mark.parametrize(
    "text", ["35.21.7.2013", "2013-07-21", "2013-07-21 00:00:00", "21/07/2013", "35:21:07.2013", "21-Jul-13"]
)
def test_codes_that_a_spreadsheet_took_for_dates_or_cut_are_refused(text: str) -> None:
    read = read_codes(texts(text))
    assert read.damaged.all()
    assert not read.bad.any()
    assert read.codes.isna().all()


def test_identity_numbers_that_all_end_in_0_were_rounded() -> None:
    numbers = [f"35210713018{n:04d}" for n in range(10, 40)]
    assert not find_damaged_ids(texts(*(f"{n}{i % 10}" for i, n in enumerate(numbers)))).any()
    assert find_damaged_ids(texts(*(f"{n}0" for n in numbers), "B-12")).tolist() == [True] * 30 + [False]
    assert not find_damaged_ids(texts(*(f"{n}0" for n in numbers[:19]))).any()
    assert find_damaged_ids(texts("3,52107E+15")).all()


@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("-7.405", -7.405), ("7,405 LS", -7.405), ("7.405S", -7.405), ("LS 7°24'18\"", -7.405),
        ("7° 24' 18'' S", -7.405), ("-7 24 18", -7.405), ("7:24:18 S", -7.405), ("7°24.3' S", -7.405),
        ("111°27'BT", 111.45), ("111° 27\u2019 0\u201d E", 111.45), ("E 111.45", 111.45),
        ("0°30'LU", 0.5), ("1 30 U", 1.5),
        ("2°15\u2032 BB", -2.25),
    ],
)  # fmt: skip
def test_degrees_minutes_and_seconds(text: str, degrees: float) -> None:
    read = read_degrees(texts(text))
    assert not read.bad[0]
    assert read.angles[0] == pytest.approx(degrees, abs=1e-9)


@pytest.mark.parametrize(
    "text", ["7°61'", "7°24'60\"", "-7°24' S", "S 7 E", "here", "111.450.123", "7 24 18 5"]
)
def test_what_is_no_angle_is_told(text: str) -> None:
    assert read_degrees(texts(text)).bad.all()


@pytest.mark.parametrize(
    "text",
    [
        "-7.4,111.45", "-7.4, 111.45", "-7,4;111,45", "-7,4, 111,45", "-7,4,111,45", "-7.4 111.45",
        "[-7.4 / 111.45]",
        "(-7.4, 111.45)", "7°24'0\"S 111°27'0\"E", "7°24' LS, 111°27' BT", "S7 24 0 E111 27 0",
        "POINT(111.45 -7.4)", "SRID=4326;Point Z (111.45 -7.4 90)",
        '{"type": "Point", "coordinates": [111.45, -7.4]}',
        "POLYGON ((111.4 -7.5, 111.5 -7.5, 111.5 -7.3, 111.4 -7.3, 111.4 -7.5))",
    ],
)  # fmt: skip
def test_points_in_one_column(text: str) -> None:
    points, bad = read_pairs(texts(text))
    assert not bad.any()
    assert points[0].tolist() == pytest.approx([111.45, -7.4])


def test_order_of_pairs_is_decided_once_for_the_file() -> None:
    points, _ = read_pairs(texts("111.45,-7.4", "12,-7"))
    assert points.tolist() == [[111.45, -7.4], [12, -7]]


@pytest.mark.parametrize(
    "text", ["-7.4", "1,2,3", "here", "POINT EMPTY", "POINT (x y)", '{"type": 1}', "a, b"]
)
def test_what_is_no_point_is_told(text: str) -> None:
    assert read_pairs(texts(text))[1].all()


def test_report_numbers_tell_year_and_model() -> None:
    read = read_report_numbers(
        texts(
            "LP/B/2025/I/2026/SPKT", "LP - A / 3 / 2026", "LP.B/7/2026/Polsek", "lp/x/1/2026", "AB/2026", None
        )
    )
    assert read.year.tolist() == [2026, 2026, 2026, 2026, 0, 0]
    assert read.reported.tolist() == [True, False, True, False, False, False]
    assert read.discovered.tolist() == [False, True, False, False, False, False]


def test_neighbourhood_numbers_have_one_form() -> None:
    assert read_units(texts("001", "1", "RT 01", "rw.01", "1.0", "A2")).tolist() == ["1"] * 5 + ["A2"]


def test_names_are_compared_without_case_spaces_punctuation_and_rank() -> None:
    names = normalise_names(texts("Desa Campur-Asri", " campurasri", "Kel. CAMPUR ASRI", "Désa", "...", None))
    assert len(set(names[:3])) == 1
    assert names[3] == "desa"
    assert names[4:].isna().all()


def test_cleaning_trims_and_knows_what_means_nothing() -> None:
    cleaned = clean_texts(texts(" a\tb\x00 ", "N/A", "-", "Na", "", None), missing={"n/a", "-"})
    assert cleaned.fillna("?").tolist() == ["a b", "?", "?", "Na", "?", "?"]


def test_hundred_thousand_dates_are_read_at_once() -> None:
    column = texts(*["12 Januari 2026 09.30", "2026-01-12 09:30"] * 50_000)
    started = datetime.now(UTC)
    read_moments(column, order="dayfirst", zone=WIB)
    assert (datetime.now(UTC) - started).total_seconds() < 3
