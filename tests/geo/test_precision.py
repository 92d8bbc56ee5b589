"""Which crimes know their hour, their day and their month."""

from __future__ import annotations

import pandas as pd
import pytest

from geo.errors import ColumnError
from geo.precision import PRECISIONS, find_last_day, know_hours, know_unit, know_weekdays, take_precision

DAY = "2026-10-05"


def make_crimes(*rows: tuple[str, str, str | None]) -> pd.DataFrame:
    """Make crimes of (precision, begin, end)."""
    begin, end = (
        pd.to_datetime([row[place] for row in rows], format="ISO8601", utc=True) for place in (1, 2)
    )
    precisions = [precision for precision, _begin, _end in rows]
    return pd.DataFrame({"time_precision": precisions, "occurred_at": begin, "occurred_to": end})


@pytest.mark.parametrize(
    ("precision", "end", "known"),
    [
        ("minute", None, "hour day month"),
        ("hour", None, "hour day month"),
        ("day", None, "day month"),
        ("month", None, "month"),
        ("interval", "2026-10-05T01:00Z", "hour day month"),
        ("interval", "2026-10-05T01:01Z", "day month"),
        ("interval", "2026-10-06T00:00Z", "day month"),
        ("interval", "2026-10-06T01:00Z", "day month"),  # a local day of 25 hours
        ("interval", "2026-10-06T01:01Z", "month"),
        ("interval", "2026-11-05T01:00Z", "month"),  # October has 31 days
        ("interval", "2026-11-05T01:01Z", ""),
    ],
)
def test_a_time_knows_the_units_that_it_is_as_exact_as(precision: str, end: str | None, known: str) -> None:
    crimes = make_crimes((precision, f"{DAY}T00:00Z", end))
    assert [unit for unit in ("hour", "day", "month") if know_unit(crimes, unit).item()] == known.split()


def test_intervals_are_spread_over_hours_and_weekdays_whatever_their_length() -> None:
    crimes = make_crimes(
        ("interval", f"{DAY}T00:00Z", "2026-12-05T00:00Z"), ("day", DAY, None), ("month", DAY, None)
    )
    assert know_hours(crimes).tolist() == [True, False, False]
    assert know_weekdays(crimes).tolist() == [True, True, False]


def test_crimes_without_precision_or_time_are_taken_as_they_are() -> None:
    crimes = make_crimes(
        ("", f"{DAY}T20:00Z", "2026-10-06T04:00Z"), ("", f"{DAY}T20:00Z", f"{DAY}T20:00Z"), ("", None, None)
    ).drop(columns="time_precision")
    assert take_precision(crimes).tolist() == ["interval", "minute", "minute"]
    assert take_precision(crimes.drop(columns="occurred_to")).tolist() == ["minute"] * 3
    assert know_unit(crimes, "month").tolist() == [True, True, False]


def test_categories_are_precisions_too_and_others_are_refused() -> None:
    crimes = make_crimes(*[(name, DAY, DAY) for name in PRECISIONS])
    known = know_unit(crimes, "day").tolist()
    assert known == [True, True, True, False, True]
    assert know_unit(crimes.astype({"time_precision": "category"}), "day").tolist() == known
    with pytest.raises(ColumnError, match="'week'"):
        take_precision(make_crimes(("week", DAY, None)))


def test_a_month_covers_its_last_day() -> None:
    month = ("month", "2026-09-30T17:00Z", None)  # 1 October in Jakarta
    assert find_last_day(make_crimes(month), zone="Asia/Jakarta") == pd.Timestamp("2026-10-31")
    later = ("day", "2026-10-31T17:00Z", None)
    assert find_last_day(make_crimes(month, later), zone="Asia/Jakarta") == pd.Timestamp("2026-11-01")
    assert find_last_day(make_crimes(("day", None, None)), zone="Asia/Jakarta") is None
