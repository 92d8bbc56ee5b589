from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import ColumnError, GeoError, PeriodError
from geo.status import STATUSES, find_household_status
from tests.geo.logs import JAKARTA, make_log

HOUSEHOLDS = pd.DataFrame(index=pd.Index(["h1", "h2", "h3"], name="household_id", dtype="str"))
AS_OF = pd.Timestamp("2026-11-01", tz=JAKARTA)


def status_after(days: int, **options: float) -> tuple[str, int]:
    """Status and days of a household visited so many local days ago, at 23:59."""
    day = (AS_OF - pd.Timedelta(days=days)).strftime("%Y-%m-%d")
    answer = find_household_status(
        HOUSEHOLDS, make_log([f"{day} 23:59"], household_id=["h1"]), as_of=AS_OF, **options
    )
    return answer.loc["h1", "status"], answer.loc["h1", "days_since"]


def test_overdue_is_more_than_the_target() -> None:
    assert status_after(90) == ("due", 90)
    assert status_after(91) == ("overdue", 91)


def test_due_is_more_than_three_quarters_of_the_target() -> None:
    assert status_after(67) == ("visited", 67)  # 67.5 days are three quarters of 90
    assert status_after(68) == ("due", 68)
    assert status_after(60, target_days=80) == ("visited", 60)  # exactly three quarters
    assert status_after(61, target_days=80) == ("due", 61)


def test_a_household_without_a_visit_was_never_visited() -> None:
    answer = find_household_status(HOUSEHOLDS, make_log([], household_id=[]), as_of=AS_OF)
    assert answer["status"].tolist() == ["never"] * 3
    assert answer["last_visit_at"].isna().all()
    assert answer["days_since"].isna().all()


def test_the_last_visit_counts_and_those_at_or_after_the_moment_do_not() -> None:
    times = ["2026-06-01 09:00", "2026-10-30 09:00", "2026-11-01 00:00", "2026-12-24 09:00"]
    answer = find_household_status(HOUSEHOLDS, make_log(times, household_id="h2"), as_of=AS_OF)
    assert answer.loc["h2", "last_visit_at"] == pd.Timestamp("2026-10-30 02:00", tz="UTC")
    assert answer.loc["h2", "days_since"] == 2
    assert answer["status"].tolist() == ["never", "visited", "never"]


def test_days_are_local() -> None:
    visits = make_log(["2026-10-31 01:00"], household_id="h1")  # 30 October, 18:00 in UTC
    noon = pd.Timestamp("2026-11-01 12:00", tz=JAKARTA)
    assert find_household_status(HOUSEHOLDS, visits, as_of=noon).loc["h1", "days_since"] == 1
    assert (
        find_household_status(HOUSEHOLDS, visits, as_of=noon.tz_convert("UTC")).loc["h1", "days_since"] == 2
    )


def test_only_visits_that_qualify_count_where_that_is_told() -> None:
    visits = make_log(["2026-10-01 09:00", "2026-10-20 09:00"], household_id="h1")
    reported = find_household_status(HOUSEHOLDS, visits, as_of=AS_OF)
    evidenced = find_household_status(HOUSEHOLDS, visits.assign(qualifies=[True, False]), as_of=AS_OF)
    assert [frame.loc["h1", "days_since"] for frame in (reported, evidenced)] == [12, 31]


def test_unknown_households_and_missing_times_are_passed_over() -> None:
    visits = make_log(["2026-10-01 09:00"] * 3, household_id=["h9", None, "h1"])
    visits.loc["V0002", "visited_at"] = pd.NaT
    assert (find_household_status(HOUSEHOLDS, visits, as_of=AS_OF)["status"] == "never").all()


@settings(max_examples=40, deadline=None)
@given(
    drawn=st.lists(st.tuples(st.integers(0, 200), st.sampled_from(["h1", "h2", "h9", None])), max_size=20),
    more=st.integers(0, 200),
    seed=st.integers(0, 9),
)
def test_one_more_visit_never_makes_a_household_more_urgent(
    drawn: list[tuple[int, str | None]], more: int, seed: int
) -> None:
    def log(days: list[tuple[int, str | None]]) -> pd.DataFrame:
        times = [str((AS_OF - pd.Timedelta(days=day, minutes=1)).tz_localize(None)) for day, _ in days]
        return make_log(times, household_id=pd.array([household for _, household in days], dtype="str"))

    visits = log(drawn)
    before = find_household_status(HOUSEHOLDS, visits, as_of=AS_OF)
    shuffled = visits.sample(frac=1, random_state=seed).astype({"household_id": "category"})
    pd.testing.assert_frame_equal(find_household_status(HOUSEHOLDS, shuffled, as_of=AS_OF), before)
    after = find_household_status(HOUSEHOLDS, log([*drawn, (more, "h1")]), as_of=AS_OF)
    assert (after["status"].cat.codes >= before["status"].cat.codes).all()
    assert after["status"].cat.categories.tolist() == list(STATUSES)


def test_bad_input_is_refused() -> None:
    visits = make_log(["2026-10-01 09:00"], household_id="h1")
    with pytest.raises(PeriodError, match="as_of"):
        find_household_status(HOUSEHOLDS, visits, as_of=AS_OF.tz_localize(None))
    for options in ({"target_days": -1.0}, {"due_share": 1.5}, {"target_days": np.nan}):
        with pytest.raises(GeoError, match="between 0 and 1"):
            find_household_status(HOUSEHOLDS, visits, as_of=AS_OF, **options)
    with pytest.raises(ColumnError, match="qualifies"):
        find_household_status(HOUSEHOLDS, visits.assign(qualifies="yes"), as_of=AS_OF)
    with pytest.raises(ColumnError, match="more than once"):
        find_household_status(pd.concat([HOUSEHOLDS, HOUSEHOLDS]), visits, as_of=AS_OF)
