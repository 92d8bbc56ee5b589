"""The next try is in another shift than the last one, unless nobody could get there then."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from geo.routes import AFTERNOON, MORNING, PlanRules, check_plan, plan_week
from geo.routes.problem import HOUR_S, Problem, Shift
from geo.routes.retry import choose_retry_hours
from tests.geo.weeks import DAYS, QUICK, make_homes, make_officers

if TYPE_CHECKING:
    from geo.routes.plan import Plan

RULES = PlanRules()
NOON = (AFTERNOON.start_s, AFTERNOON.end_s)
EARLY = (MORNING.start_s, MORNING.end_s)


def tried(*attempts: tuple[int, int, float]) -> pd.DataFrame:
    """Make attempts of (home, day of November, local hour)."""
    rows = pd.DataFrame(attempts, columns=["home", "day", "hour"])
    midnight = pd.to_datetime("2026-11-01") + pd.to_timedelta(rows["day"] - 1, unit="D")
    second = (rows["hour"] * HOUR_S).astype("int64")
    at = (midnight + pd.to_timedelta(second, unit="s")).dt.tz_localize("Asia/Jakarta").dt.tz_convert("UTC")
    return pd.DataFrame({"home": rows["home"], "tried_at": at, "second": second})


def hours_of(
    attempts: pd.DataFrame, rules: PlanRules = RULES, **windows: list[float]
) -> list[tuple[float, float]]:
    homes = pd.DataFrame(windows, index=["a"])
    return list(choose_retry_hours(homes, attempts, rules).itertuples(index=False, name=None))


@pytest.mark.parametrize(
    ("attempts", "hours"),
    [
        ([(0, 16, 9)], NOON),
        ([(0, 16, 15)], EARLY),
        ([(0, 16, 9), (0, 17, 9)], NOON),
        ([(0, 16, 9), (0, 17, 14)], EARLY),  # both were tried: not the one tried last
        ([(0, 17, 14), (0, 16, 9)], EARLY),  # in any order of rows
        ([(0, 16, 12.4)], NOON),  # 12:24 is nearer to the morning's end
        ([(0, 16, 12.6)], EARLY),
        ([(0, 16, 19)], EARLY),
    ],
)
def test_next_try_is_in_the_other_half_of_the_day(
    attempts: list[tuple[int, int, float]], hours: tuple[int, int]
) -> None:
    assert hours_of(tried(*attempts)) == [hours]


def test_of_three_shifts_the_least_tried_is_next() -> None:
    evening = Shift("evening", 17 * HOUR_S, 19 * HOUR_S)
    rules = PlanRules(shifts=(MORNING, AFTERNOON, evening))
    assert hours_of(tried((0, 16, 9), (0, 17, 14), (0, 18, 9)), rules) == [(17 * HOUR_S, 19 * HOUR_S)]


def test_household_that_is_at_home_in_one_shift_only_is_tried_there_again() -> None:
    told = choose_retry_hours(pd.DataFrame({"open_until_s": [11.0 * HOUR_S]}), tried((0, 16, 9)), RULES)
    assert told.isna().all(axis=None)


def test_household_without_an_attempt_may_be_visited_any_time() -> None:
    assert choose_retry_hours(pd.DataFrame(index=["a"]), tried(), RULES).isna().all(axis=None)
    single = PlanRules(shifts=(MORNING,))
    assert choose_retry_hours(pd.DataFrame(index=["a"]), tried((0, 16, 9)), single).isna().all(axis=None)


def plan(homes: pd.DataFrame, rules: PlanRules = RULES) -> tuple[Plan, pd.Series]:
    """Plan one officer's Monday, and give the shift of each household."""
    problem = Problem(homes, make_officers(o="v"), days=(DAYS[0],), rules=rules)
    made = plan_week(problem, effort=QUICK)
    assert check_plan(problem, made) == []
    return made, made.stops.set_index("household_id")["shift"]


def with_retry(homes: pd.DataFrame, attempts: pd.DataFrame, rules: PlanRules = RULES) -> pd.DataFrame:
    return homes.join(choose_retry_hours(homes, attempts, rules))


@pytest.mark.parametrize(("hour", "shift"), [(9, "afternoon"), (14, "morning")])
def test_plan_tries_at_another_time_of_day(hour: int, shift: str) -> None:
    homes = with_retry(make_homes((100, 0), (200, 0), (300, 0)), tried((0, 16, hour), (1, 16, hour)))
    shifts = plan(homes)[1]
    assert shifts[["h1", "h2"]].tolist() == [shift, shift]
    assert "h3" in shifts.index  # and nobody loses the visit


def test_household_out_of_reach_in_the_other_shift_is_tried_in_the_same() -> None:
    # 20 km are 6,240 s at 15 km/h and a detour of 1.3: there and back with a visit takes 13,080 s, which fits
    # the four hours of the morning (14,400 s) and not the three of the afternoon (10,800 s)
    homes = with_retry(make_homes((20_000, 0)), tried((0, 16, 9)))
    assert homes["retry_from_s"].item() == AFTERNOON.start_s
    assert plan(homes)[1].to_dict() == {"h1": "morning"}


def test_must_visits_are_made_even_if_all_were_tried_in_the_same_half() -> None:
    # A visit takes 100 minutes here, so that the afternoon holds one of them and the morning two.
    rules = PlanRules(service_s=6_000)
    homes = make_homes((100, 0), (200, 0), (300, 0)).assign(must=True)
    made, shifts = plan(with_retry(homes, tried((0, 16, 9), (1, 16, 9), (2, 16, 9)), rules), rules)
    assert made.unmet == ()
    assert sorted(shifts) == ["afternoon", "morning", "morning"]
