"""What the times of a column have in common shows how exact they are; chance shows nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo.errors import ColumnError
from geo.time_evidence import judge_precision

N_FILES = 200


def judge(times: pd.Series | list[str], **options: object) -> pd.DataFrame:
    written = pd.Series(pd.to_datetime(pd.Series(times), format="ISO8601"))
    return judge_precision(written, pd.Series("minute", index=written.index), **options)


def found(judged: pd.DataFrame) -> set[tuple[str, str]]:
    return set(zip(judged["precision"], judged["evidence"], strict=True))


def make_times(n: int, rng: np.random.Generator, *, step_minutes: int = 1) -> pd.Series:
    """Make times at random minutes of a year."""
    minutes = rng.integers(0, 365 * 1440 // step_minutes, n) * step_minutes
    return pd.Series(pd.Timestamp("2026-01-01") + pd.to_timedelta(minutes, unit="min"))


def test_midnights_alone_are_dates_and_one_other_time_makes_them_times() -> None:
    dates = ["2026-01-12 00:00", "2026-01-12 00:00", "2026-01-13 00:00"]
    judged = judge(dates)
    assert found(judged) == {("day", "midnights")}
    assert judged["day"].astype("str").tolist() == ["2026-01-12", "2026-01-12", "2026-01-13"]
    assert found(judge([*dates, "2026-01-13 14:20"])) == {("minute", "time")}


def test_an_end_at_midnight_is_a_date_only_on_several_days() -> None:
    days = [f"2026-01-{day} 00:00" for day in (12, 13, 15, 20)]
    assert found(judge(days[:3], min_midnights=4)) == {("minute", "time")}
    assert found(judge(days, min_midnights=4)) == {("day", "midnights")}


def test_midnights_of_another_zone_are_dates_of_that_zone() -> None:
    # 17.00 and 18.00 here are midnight there, before and after clocks change.
    written = ["2026-10-01 17:00", "2026-10-02 17:00", "2026-11-03 18:00", "2026-11-04 18:00"]
    there = pd.Series(pd.to_datetime(["2026-10-02", "2026-10-03", "2026-11-04", "2026-11-05"]))
    judged = judge(written, readings={"utc_midnights": there})
    assert found(judged) == {("day", "utc_midnights")}
    assert judged["day"].tolist() == there.tolist()
    assert found(judge(written[:3], readings={"utc_midnights": there[:3]})) == {("minute", "time")}


def test_one_time_on_four_days_is_a_filler() -> None:
    noons = [f"2026-01-{day} 12:07" for day in (12, 13, 15, 20)]
    assert found(judge(noons)) == {("day", "same_time")}
    assert found(judge(noons[:3] * 5)) == {("minute", "time")}
    assert found(judge([*noons, "2026-01-20 12:08"])) == {("minute", "time")}


def test_too_many_midnights_are_dates_and_the_other_times_stay() -> None:
    # Ten midnights against none at any other whole hour: 0.5 ^ 10 is below 0.001; nine are 0.002.
    others = make_times(300, np.random.default_rng(1)).dt.floor("h") + pd.Timedelta(minutes=7)
    midnights = pd.Series(pd.date_range("2026-03-01", periods=10))
    judged = judge(pd.concat([others, midnights], ignore_index=True))
    assert judged["precision"].tolist() == ["minute"] * 300 + ["day"] * 10
    assert set(judged["evidence"][300:]) == {"many_midnights"}
    assert found(judge(pd.concat([others, midnights[:9]], ignore_index=True))) == {("minute", "time")}
    assert found(judge(pd.concat([others, midnights], ignore_index=True), judge_share=False)) == {
        ("minute", "time")
    }


def test_ten_times_on_the_hour_are_hours() -> None:
    hours = make_times(10, np.random.default_rng(2), step_minutes=60)
    assert found(judge(hours)) == {("hour", "whole_hours")}
    assert found(judge(hours[:9])) == {("minute", "time")}


def test_first_days_of_three_months_are_months() -> None:
    firsts = ["2026-01-01 00:00", "2026-02-01 00:00", "2026-04-01 00:00"]
    assert found(judge(firsts)) == {("month", "first_days")}
    assert found(judge(firsts[:2] * 9)) == {("day", "midnights")}
    assert found(judge([*firsts, "2026-04-02 00:00"])) == {("day", "midnights")}


def test_texts_are_never_more_exact_than_they_are_written() -> None:
    written = pd.Series(pd.to_datetime(["2026-01-12 09:30", "2026-01-12 00:00", "2026-01-01 00:00", None]))
    given = pd.Series(["minute", "day", "month", "day"])
    judged = judge_precision(written, given)
    assert judged["precision"].tolist() == ["minute", "day", "month", "day"]
    assert judged["evidence"].tolist() == ["time", "no_time", "month_text", "no_time"]
    assert judged["day"].isna().tolist() == [False, False, False, True]


@pytest.mark.parametrize("step_minutes", [1, 5, 30])
def test_random_times_are_times(step_minutes: int) -> None:
    for seed in range(N_FILES):
        rng = np.random.default_rng(seed)
        times = make_times(int(rng.integers(20, 400)), rng, step_minutes=step_minutes)
        assert found(judge(times)) == {("minute", "time")}


def test_readings_of_other_rows_are_refused() -> None:
    with pytest.raises(ColumnError, match="on the index"):
        judge(["2026-01-12"], readings={"utc_midnights": pd.Series(pd.to_datetime(["2026-01-12"] * 2))})
