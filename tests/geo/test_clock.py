"""The crime clock speaks of the hours and days that crimes know, and of nothing else."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo.clock import MIN_CRIMES, measure_clock
from geo.errors import TooFewError

JAKARTA = "Asia/Jakarta"
N_RECORDS = 300


def make_crimes(times: pd.DatetimeIndex, precision: str | list[str]) -> pd.DataFrame:
    return pd.DataFrame({"occurred_at": times.tz_localize(JAKARTA), "time_precision": precision})


def make_dates(n: int) -> pd.DatetimeIndex:
    """Make n midnights, as dates are stored."""
    return pd.date_range("2026-01-01", periods=n)


def test_dates_have_no_hour_but_a_weekday() -> None:
    clock = measure_clock(make_crimes(make_dates(70), "day"), zone=JAKARTA)
    assert (clock.n_with_hour, clock.n_without_hour, clock.has_hours) == (0, 70, False)
    assert clock.busiest_hours is None
    assert clock.weekdays.tolist() == [10] * 7
    assert clock.busiest_day is None


def test_months_have_neither() -> None:
    with pytest.raises(TooFewError, match=r"crimes whose day is known for a result \(0\): at least 30"):
        measure_clock(make_crimes(pd.date_range("2024-01-01", periods=40, freq="MS"), "month"), zone=JAKARTA)


def test_a_weekday_stands_out_among_dates_alone() -> None:
    mondays = pd.date_range("2026-10-05", periods=30, freq="7D")
    clock = measure_clock(make_crimes(make_dates(35).append(mondays), "day"), zone=JAKARTA)
    assert clock.busiest_day == (0, pytest.approx(35 / 65))  # 5 Mondays of 35 days, and 30


def test_hours_are_those_of_the_crimes_that_have_one() -> None:
    nights = make_dates(40) + pd.Timedelta(hours=22, minutes=30)
    crimes = make_crimes(make_dates(40).append(nights), ["day"] * 40 + ["minute"] * 40)
    clock = measure_clock(crimes, zone=JAKARTA)
    assert (clock.n_crimes, clock.n_with_hour, clock.n_with_day) == (80, 40, 80)
    assert clock.busiest_hours == (17, 1.0)  # the first six hours that hold 22.30
    assert clock.hours.to_numpy().sum() == 40
    few = measure_clock(crimes.iloc[: 40 + MIN_CRIMES - 1], zone=JAKARTA)
    assert (few.has_hours, few.busiest_hours) == (False, None)


def test_dates_read_as_midnights_would_stand_out() -> None:
    clock = measure_clock(make_crimes(make_dates(40), "minute"), zone=JAKARTA)
    assert clock.busiest_hours is not None


def test_random_times_stand_out_in_fewer_than_five_of_a_hundred_records() -> None:
    named = 0
    for seed in range(N_RECORDS):
        rng = np.random.default_rng(seed)
        minutes = rng.integers(0, 364 * 1440, int(rng.integers(MIN_CRIMES, 300)))
        clock = measure_clock(
            make_crimes(pd.Timestamp("2026-01-01") + pd.to_timedelta(minutes, unit="min"), "minute"),
            zone=JAKARTA,
        )
        named += clock.busiest_hours is not None or clock.busiest_day is not None
    assert named <= 0.05 * N_RECORDS


def test_ten_days_do_not_make_the_days_they_hold_twice_the_busiest() -> None:
    # From Thursday 22 to Saturday 31 October 2026 three weekdays come twice: a fifth of the days each.
    hours = pd.date_range("2026-10-22", periods=240, freq="h", tz="Asia/Jakarta").repeat(3)
    clock = measure_clock(pd.DataFrame({"occurred_at": hours}), zone="Asia/Jakarta")
    assert clock.weekdays.max() == 144  # of 720; above a seventh by 4.3 standard errors
    assert clock.busiest_day is None
    fridays = hours[hours.day_of_week == 4]
    more = pd.DataFrame({"occurred_at": hours.append(fridays)})
    busiest = measure_clock(more, zone="Asia/Jakarta").busiest_day
    assert busiest is not None
    assert busiest.first == 4
