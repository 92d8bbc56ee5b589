from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.counting import count_by_area, count_by_period, make_local_periods, number_periods, take_times
from geo.errors import ColumnError, PeriodError

AREAS = pd.Index(["a", "b"], name="village_code")
EDGES = pd.date_range("2026-01-01", periods=4, freq="D", tz="Asia/Jakarta")


def make_times(*days: str | None) -> pd.Series:
    return pd.Series(pd.to_datetime(list(days), utc=True, format="ISO8601"))


def test_rows_elsewhere_and_nowhere_are_left_out() -> None:
    assert count_by_area(pd.Series(["a", "x", None, "a"]), AREAS).to_dict() == {"a": 2, "b": 0}


def test_periods_are_half_open_and_local() -> None:
    # Midnight in Jakarta is 17:00 UTC of the day before.
    times = make_times(
        "2025-12-31 17:00", "2026-01-01 16:59:59.999999", "2026-01-01 17:00", "2026-01-03 17:00", None
    )
    assert number_periods(times, EDGES).tolist() == [0, 0, 1, -1, -1]


@settings(max_examples=50, deadline=None)
@given(
    rows=st.lists(
        st.tuples(st.sampled_from(["a", "b", "x", None]), st.integers(-2, 5) | st.none()), max_size=30
    ),
    seed=st.integers(0, 99),
)
def test_counts_add_up_in_any_order(rows: list[tuple[str | None, int | None]], seed: int) -> None:
    codes = pd.Series([code for code, _ in rows], dtype="str")
    start = pd.Timestamp("2026-01-01 12:00", tz="Asia/Jakarta")
    days = [None if day is None else start + pd.Timedelta(days=day) for _, day in rows]
    times = pd.Series(pd.DatetimeIndex(days, tz="Asia/Jakarta") if rows else pd.DatetimeIndex([], tz="UTC"))
    table = count_by_period(codes, times, areas=AREAS, edges=EDGES)
    inside = [row for row in rows if row[0] in ("a", "b") and row[1] is not None and 0 <= row[1] < 3]
    assert table.to_numpy().sum() == len(inside)
    order = np.random.default_rng(seed).permutation(len(rows))
    pd.testing.assert_frame_equal(
        count_by_period(codes.iloc[order], times.iloc[order], areas=AREAS, edges=EDGES), table
    )
    assert count_by_area(codes, AREAS).sum() == sum(code in ("a", "b") for code, _ in rows)


def test_local_periods_end_at_the_local_midnight_before() -> None:
    until = pd.Timestamp("2026-03-10 20:00", tz="UTC")  # 03:00 of the 11th in Jakarta
    edges = make_local_periods(until=until, n_periods=3, days=30, zone="Asia/Jakarta")
    assert edges.strftime("%m-%d %H:%M").tolist() == [
        "12-11 00:00",
        "01-10 00:00",
        "02-09 00:00",
        "03-11 00:00",
    ]


def test_days_where_the_clock_changes_stay_whole_days() -> None:
    until = pd.Timestamp("2026-04-05", tz="Europe/Berlin")
    edges = make_local_periods(until=until, n_periods=2, days=7, zone="Europe/Berlin")
    assert ((edges[1:] - edges[:-1]) / pd.Timedelta(hours=1)).tolist() == [168, 167]


def test_bad_periods_times_and_areas_are_refused() -> None:
    with pytest.raises(PeriodError, match="two or more increasing edges"):
        number_periods(make_times("2026-01-01"), EDGES[:1])
    with pytest.raises(PeriodError, match="rising"):
        number_periods(make_times("2026-01-01"), EDGES[::-1])
    with pytest.raises(PeriodError, match="time zone"):
        number_periods(make_times("2026-01-01"), EDGES.tz_localize(None))
    with pytest.raises(ColumnError, match="time zone"):
        number_periods(make_times("2026-01-01").dt.tz_localize(None), EDGES)
    with pytest.raises(ColumnError, match="one length"):
        count_by_period(pd.Series(["a"]), make_times(), areas=AREAS, edges=EDGES)
    with pytest.raises(ColumnError, match="'a' appears more than once"):
        count_by_area(pd.Series(["a"]), pd.Index(["a", "a"]))
    with pytest.raises(PeriodError, match="one period"):
        make_local_periods(until=EDGES[0], n_periods=0, days=7, zone="UTC")
    with pytest.raises(ColumnError, match="no column 'occurred_at'"):
        take_times(pd.DataFrame())
    with pytest.raises(ColumnError, match="time zone"):
        take_times(pd.DataFrame({"occurred_at": [1]}))
