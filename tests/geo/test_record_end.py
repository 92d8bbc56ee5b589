"""Where a record ends, and which periods it lets compare."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from geo.errors import Phrase
from geo.record_end import RecordEnd, describe_short_records, find_obstacle, find_record_ends

SEPTEMBER = (date(2026, 9, 1), date(2026, 9, 30))
OCTOBER = (date(2026, 10, 1), date(2026, 10, 31))
CRIMES, VISITS = Phrase("crimes"), Phrase("visits")


def make_districts(**columns: list[object]) -> pd.DataFrame:
    made = pd.DataFrame(columns)
    for name in ("stated", "newest"):
        made[name] = pd.to_datetime(made[name])
    return made


def find(districts: pd.DataFrame, reach: date | None = date(2026, 10, 31)) -> list[tuple[str, str]]:
    found = find_record_ends(districts, reach=reach, delay_days=10, is_learned=True)
    return [(str(day.date()), how) for day, how in found.itertuples(index=False)]


def test_a_stated_day_holds_even_if_rows_go_further() -> None:
    districts = make_districts(stated=["2026-10-25"], newest=["2026-10-31"], n_year=[300])
    assert find(districts) == [("2026-10-25", "stated")]


def test_later_imports_move_a_stated_day_on_and_never_back() -> None:
    districts = make_districts(
        stated=["2026-09-30", "2026-09-30"], newest=["2026-10-31", "2026-10-04"], n_year=[300, 300]
    )
    assert find(districts) == [("2026-10-21", "learned"), ("2026-09-30", "stated")]


def test_a_quiet_district_ends_with_the_unit_and_one_that_fell_silent_does_not() -> None:
    # Up to 21 October: 4 a year leave out 52 days with probability e^(-4·52/365) = 0.57, 200 a year leave
    # out 82 days with e^(-200·82/365) = 3e-20.
    districts = make_districts(stated=[None, None], newest=["2026-08-30", "2026-07-31"], n_year=[4, 200])
    assert find(districts) == [("2026-10-21", "learned"), ("2026-07-21", "silent")]


def test_without_any_row_there_is_no_end() -> None:
    districts = make_districts(stated=[None], newest=[None], n_year=[0])
    found = find_record_ends(districts, reach=None, delay_days=42, is_learned=False)
    assert found["last_day"].isna().all()


def test_periods_within_the_record_are_compared() -> None:
    ends = [RecordEnd(CRIMES, "Paron", OCTOBER[1]), RecordEnd(VISITS, "Paron", OCTOBER[1])]
    assert find_obstacle(SEPTEMBER, OCTOBER, ends) is None


@pytest.mark.parametrize(
    ("earlier", "told"),
    [
        (OCTOBER, "both periods are the same"),
        ((date(2026, 9, 15), date(2026, 10, 1)), "share the days from 2026-10-01 to 2026-10-01"),
        ((date(2026, 10, 2), date(2026, 11, 1)), "begins after the other"),
        ((date(2026, 11, 1), date(2026, 11, 30)), "begins after the other"),
    ],
)
def test_periods_that_are_no_two_are_not_compared(earlier: tuple[date, date], told: str) -> None:
    assert told in str(find_obstacle(earlier, OCTOBER, []))


def test_the_record_that_ends_too_early_is_named() -> None:
    ends = [
        RecordEnd(CRIMES, "Ngawi", OCTOBER[1]),
        RecordEnd(CRIMES, "Paron", date(2026, 7, 31)),
        RecordEnd(VISITS, "Ngawi", OCTOBER[1]),
        RecordEnd(VISITS, "Paron", date(2026, 10, 30)),
    ]
    assert str(find_obstacle(SEPTEMBER, OCTOBER, ends)) == (
        "No comparison: the record of crimes in Paron is complete only to 2026-07-31, and the period ends on "
        "2026-10-31."
    )


def test_several_districts_are_named_and_the_rest_counted() -> None:
    late = [RecordEnd(CRIMES, name, date(2026, 7, 31)) for name in "ABCDE"]
    told = describe_short_records(OCTOBER[1], [*late, RecordEnd(CRIMES, "F", OCTOBER[1])])
    assert str(told) == "the record of crimes in A, B, C and 2 more is complete only to 2026-07-31"


def test_a_whole_unit_that_is_late_needs_no_names() -> None:
    late = [RecordEnd(CRIMES, name, date(2026, 7, 31)) for name in "ABCDE"]
    assert str(describe_short_records(OCTOBER[1], late)) == (
        "the record of crimes is complete only to 2026-07-31"
    )


def test_records_that_reach_the_day_are_not_told() -> None:
    assert describe_short_records(OCTOBER[1], [RecordEnd(CRIMES, "", OCTOBER[1])]) is None
