"""What holds for every plan, on random small weeks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.routes import AFTERNOON, MORNING, PlanRules, Problem, SearchEffort, check_plan, plan_week
from geo.routes.retry import choose_retry_hours
from tests.geo.weeks import DAYS, EVENING, LAT, LON, make_homes, make_officers

BRIEF = SearchEffort(steps=30, seconds=60, workers=1)


@st.composite
def weeks(draw: st.DrawFn) -> Problem:
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n, reach = draw(st.integers(0, 30)), draw(st.sampled_from([0.0, 300.0, 5_000.0, 20_000.0]))
    homes = make_homes(*rng.uniform(-reach, reach, (n, 2)), prize=rng.integers(0, 9, n))
    homes["village_code"] = rng.choice(["a", "b", "c", "d"], n)
    homes["must"] = rng.random(n) < draw(st.sampled_from([0.0, 0.2, 1.0]))
    start = rng.integers(6, 18, n) * 3_600.0
    window = rng.random(n) < draw(st.sampled_from([0.0, 0.3, 1.0]))
    homes["open_from_s"] = np.where(window, start, np.nan)
    homes["open_until_s"] = np.where(window, start + rng.choice([600.0, 3_600.0, 7_200.0], n), np.nan)
    ago = pd.to_timedelta(rng.integers(0, 40, n), unit="D")
    homes["last_visit_on"] = (pd.Timestamp(DAYS[0]) - ago).where(rng.random(n) < 0.5)
    homes.loc[homes.index[rng.random(n) < 0.1], "lon"] = np.nan
    shifts = draw(st.sampled_from([(MORNING,), (MORNING, AFTERNOON), (MORNING, AFTERNOON, EVENING)]))
    rules = PlanRules(
        shifts, max_visits=draw(st.integers(1, 9)), floor_share=draw(st.sampled_from([0.0, 0.2, 1.0]))
    )
    days = DAYS[: draw(st.integers(0, 3))]
    leave = {"p": frozenset(days[:1])}
    locks = dict.fromkeys(homes.index[:2], days[-1]) if days and draw(st.booleans()) else {}
    officers = make_officers(o="a b", p="b c", q="c")
    post = (LON + rng.uniform(-0.2, 0.2), LAT + rng.uniform(-0.2, 0.2))
    posts = draw(st.sampled_from([{}, {"b": post}, {"a": post, "c": (LON, LAT)}]))
    return Problem(homes, officers, days, leave, locks, None, rules, posts=posts)


@settings(max_examples=60, deadline=None)
@given(weeks(), st.integers(0, 9))
def test_every_plan_keeps_every_rule(week: Problem, seed: int) -> None:
    assert check_plan(week, plan_week(week, seed=seed, effort=BRIEF)) == []


@settings(max_examples=15, deadline=None)
@given(weeks())
def test_order_of_rows_changes_nothing_and_input_is_untouched(week: Problem) -> None:
    homes = week.households.copy()
    plan = plan_week(week, effort=BRIEF)
    pd.testing.assert_frame_equal(week.households, homes)
    turned = plan_week(replace(week, households=homes[::-1]), effort=BRIEF)
    pd.testing.assert_frame_equal(plan.stops, turned.stops)


@settings(max_examples=15, deadline=None)
@given(weeks())
def test_planning_again_from_a_plan_loses_nothing(week: Problem) -> None:
    plan = plan_week(week, effort=BRIEF)
    again = plan_week(week, effort=BRIEF, previous=plan)
    assert check_plan(week, again) == []
    musts = week.households.index[week.households["must"] | week.households.index.isin(list(week.locks))]
    kept = [stops["household_id"].isin(musts).sum() for stops in (plan.stops, again.stops)]
    assert kept[1] >= kept[0]


@pytest.mark.parametrize("n", [1, 5, 9])
def test_small_week_without_limits_visits_everybody(n: int) -> None:
    homes = make_homes(*[(100 * i, 50 * (i % 3)) for i in range(n)], prize=1.0)
    week = Problem(homes, make_officers(o="v"), DAYS)
    assert len(plan_week(week, effort=BRIEF).stops) == n


def add_attempts(week: Problem, seed: int) -> Problem:
    """Have many households tried in vain, and let the next try be at another time of day."""
    rng, homes = np.random.default_rng(seed), week.households
    n = int(rng.integers(0, 2 * len(homes) + 1))
    tried = pd.DataFrame(
        {
            "home": rng.integers(0, max(len(homes), 1), n),
            "tried_at": pd.Timestamp("2026-11-20", tz="UTC") + pd.to_timedelta(np.arange(n), unit="h"),
            "second": rng.integers(6, 20, n) * 3_600,
        }
    )
    return replace(week, households=homes.join(choose_retry_hours(homes, tried, week.rules)))


@settings(max_examples=60, deadline=None)
@given(weeks(), st.integers(0, 9))
def test_plan_keeps_every_rule_after_attempts(week: Problem, seed: int) -> None:
    tried = add_attempts(week, seed)
    plan = plan_week(tried, effort=BRIEF)
    assert check_plan(tried, plan) == []
