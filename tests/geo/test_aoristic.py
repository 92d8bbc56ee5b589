from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.aoristic import tabulate_hours, tabulate_months, tabulate_weekdays
from geo.errors import ColumnError, PeriodError

JAKARTA = "Asia/Jakarta"  # UTC+7


def make_crimes(*spans: tuple[str | None, str | None], **columns: list) -> pd.DataFrame:
    """Make crimes between local times of Jakarta, stored in UTC."""
    ends = [pd.to_datetime([span[side] for span in spans], format="ISO8601") for side in (0, 1)]
    at, to = (pd.DatetimeIndex(end).tz_localize(JAKARTA).tz_convert("UTC") for end in ends)
    return pd.DataFrame({"occurred_at": at, "occurred_to": to, **columns})


# 2026-10-05 is a Monday.


def test_a_night_is_spread_by_its_very_minutes() -> None:
    # Sunday 23:30 to Monday 02:00: 30, 60 and 60 of 150 minutes.
    table = tabulate_hours(make_crimes(("2026-10-04 23:30", "2026-10-05 02:00")), zone=JAKARTA)
    assert table.loc[6, 23] == pytest.approx(0.2)
    assert table.loc[0, [0, 1]].tolist() == pytest.approx([0.4, 0.4])
    assert table.to_numpy().sum() == pytest.approx(1)


def test_the_clock_is_local() -> None:
    crimes = make_crimes(("2026-10-05 00:30", None))
    assert tabulate_hours(crimes, zone=JAKARTA).loc[0, 0] == 1
    assert tabulate_hours(crimes, zone="UTC").loc[6, 17] == 1


def test_one_time_or_an_end_before_the_start_counts_in_the_hour_of_the_start() -> None:
    crimes = make_crimes(
        ("2026-10-05 08:00", None),
        ("2026-10-05 08:59", "2026-10-05 07:00"),
        ("2026-10-05 08:30", "2026-10-05 08:30"),
    )
    assert tabulate_hours(crimes, zone=JAKARTA).loc[0, 8] == 3
    assert tabulate_hours(crimes.drop(columns="occurred_to"), zone=JAKARTA).loc[0, 8] == 3


def test_an_end_on_the_hour_is_not_in_the_next() -> None:
    table = tabulate_hours(make_crimes(("2026-10-05 08:00", "2026-10-05 09:00")), zone=JAKARTA)
    assert table.loc[0, [8, 9]].tolist() == [1, 0]


def test_more_than_a_week_comes_round_again() -> None:
    # Eight days from Monday 00:00: each hour of Monday twice, 192 hours in all.
    table = tabulate_hours(make_crimes(("2026-10-05", "2026-10-13")), zone=JAKARTA)
    np.testing.assert_allclose(table.loc[0], 2 / 192)
    np.testing.assert_allclose(table.loc[1:], 1 / 192)


def test_categories_have_tables_of_their_own_and_crimes_without_time_are_counted() -> None:
    crimes = make_crimes(
        ("2026-10-05 08:10", None), ("2026-10-06 09:00", None), (None, None), ("2026-10-05 08:00", None),
        category=["curat", "curas", "curat", None],
    )  # fmt: skip
    table = tabulate_hours(crimes, zone=JAKARTA, by="category")
    assert table.loc[("curat", 0), 8] == 1
    assert table.loc[("curas", 1), 9] == 1
    assert table.to_numpy().sum() == 2
    assert table.attrs["n_undated"] == 1
    assert table.index.names == ["category", "weekday"]


def test_crimes_without_hour_or_day_are_left_out_and_counted() -> None:
    crimes = make_crimes(
        ("2026-10-05 08:10", None), ("2026-10-05", None), ("2026-10-01", None),
        ("2026-10-04 18:00", "2026-10-05 06:00"), (None, None),
        time_precision=["minute", "day", "month", "interval", "minute"],
    )  # fmt: skip
    hours = tabulate_hours(crimes, zone=JAKARTA)
    assert hours.to_numpy().sum() == pytest.approx(2)
    assert (hours.attrs["n_undated"], hours.attrs["n_without_hour"]) == (1, 2)
    weekdays = tabulate_weekdays(crimes, zone=JAKARTA)
    assert weekdays.tolist() == pytest.approx([2.5, 0, 0, 0, 0, 0, 0.5])  # half the night is Monday
    assert (weekdays.attrs["n_undated"], weekdays.attrs["n_without_day"]) == (1, 1)
    assert tabulate_months(crimes, zone=JAKARTA)["n_crimes"].tolist() == [4]


def test_months_share_a_crime_by_time_and_gaps_are_rows_of_nothing() -> None:
    crimes = make_crimes(("2026-01-31 12:00", "2026-02-02 12:00"), ("2026-04-30 23:59", None))
    table = tabulate_months(crimes, zone=JAKARTA)
    assert table["n_crimes"].tolist() == pytest.approx([0.25, 0.75, 0, 1])
    assert table.index.strftime("%Y-%m").tolist() == ["2026-01", "2026-02", "2026-03", "2026-04"]
    assert len(tabulate_months(crimes, zone="UTC")) == 4


def test_a_month_ends_before_its_last_midnight() -> None:
    assert len(tabulate_months(make_crimes(("2026-01-05", "2026-02-01")), zone=JAKARTA)) == 1
    assert tabulate_months(make_crimes(("2026-02-01", None)), zone=JAKARTA).index[0] == pd.Timestamp(
        "2026-02-01"
    )


@pytest.mark.parametrize("n", [0, 1, 2])
def test_few_crimes_are_counted_as_they_are(n: int) -> None:
    crimes = make_crimes(*[("2026-10-05 08:00", None)] * n)
    assert tabulate_hours(crimes, zone=JAKARTA).to_numpy().sum() == n
    assert tabulate_months(crimes, zone=JAKARTA)["n_crimes"].sum() == n
    assert tabulate_hours(crimes, zone=JAKARTA).shape == (7, 24)


spans = st.lists(
    st.tuples(
        st.integers(0, 400 * 86_400), st.none() | st.integers(-5000, 30 * 86_400), st.sampled_from("abc")
    ),
    max_size=25,
)


@settings(max_examples=60, deadline=None)
@given(rows=spans, seed=st.integers(0, 99), zone=st.sampled_from([JAKARTA, "UTC", "Asia/Kathmandu"]))
def test_totals_hold_by_category_in_any_order(
    rows: list[tuple[int, int | None, str]], seed: int, zone: str
) -> None:
    start = pd.Timestamp("2025-01-01", tz="UTC")
    at = pd.DatetimeIndex([start + pd.Timedelta(seconds=second) for second, _, _ in rows], tz="UTC")
    to = [pd.NaT if span is None else start + pd.Timedelta(seconds=second + span) for second, span, _ in rows]
    crimes = pd.DataFrame(
        {
            "occurred_at": at,
            "occurred_to": pd.DatetimeIndex(to, tz="UTC"),
            "category": [c for _, _, c in rows],
        }
    )
    copy = crimes.copy()
    clock, months = (table(crimes, zone=zone, by="category") for table in (tabulate_hours, tabulate_months))
    sizes = crimes["category"].value_counts().sort_index()
    np.testing.assert_allclose(clock.T.sum().groupby("category").sum(), sizes)
    np.testing.assert_allclose(months.sum(), sizes)
    assert (clock.to_numpy() >= -1e-12).all()
    assert (months.to_numpy() >= -1e-12).all()
    shuffled = crimes.sample(frac=1, random_state=seed)
    np.testing.assert_allclose(tabulate_hours(shuffled, zone=zone, by="category"), clock, atol=1e-9)
    pd.testing.assert_frame_equal(crimes, copy)


def test_bad_zones_columns_and_times_are_refused() -> None:
    crimes = make_crimes(("2026-10-05", "2026-10-06"))
    with pytest.raises(PeriodError, match="Mars"):
        tabulate_hours(crimes, zone="Mars/Olympus")
    with pytest.raises(ColumnError, match="'kind'"):
        tabulate_hours(crimes, zone="UTC", by="kind")
    with pytest.raises(ColumnError, match="time zone"):
        tabulate_months(crimes.assign(occurred_to=pd.Timestamp("2026-10-06")), zone="UTC")
    with pytest.raises(ColumnError, match="occurred_at"):
        tabulate_hours(pd.DataFrame(), zone="UTC")
