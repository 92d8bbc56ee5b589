"""A plan is changed household by household without planning the rest anew, and built in another process."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from data.errors import DataError
from data.plans import build_plan, build_process, gather_week
from data.plans.build_process import build_plan_in_process
from data.plans.revise import (
    apply_request_changes,
    clear_request_changes,
    find_concerned_officers,
    revise_plan,
)
from data.principal import Principal
from geo.routes import check_plan
from tests.data.builders import EAST, WEST, make_households, make_villages, store
from tests.data.plans import MONDAY, WEDNESDAY, ask, fill, make_officers

if TYPE_CHECKING:
    from data.database import Database
    from data.plans import BuiltPlan, PlanWeek, WeekRequest

ALL = Principal.demo()


@pytest.fixture
def filled(database: Database) -> Database:
    return fill(database)


@pytest.fixture
def wide(database: Database) -> Database:
    """P1 alone in Kulon with 90 households, P2 and P3 together in Wetan with 30: more than a week holds."""
    homes = make_households().loc[["K1"] * 120].reset_index(drop=True)
    number = np.arange(120)
    west = number < 90
    homes = homes.assign(
        lon=np.where(west, 111.4001, 111.4101) + 0.0001 * (number % 30),
        lat=-7.405 + 0.0001 * (number // 30),
        village_code=np.where(west, WEST, EAST),
    ).set_axis(pd.Index([f"H{i:03d}" for i in number], name="household_id"))
    officers = (
        make_officers().loc[["P1", "P2", "P2"]].set_axis(pd.Index(["P1", "P2", "P3"], name="officer_id"))
    )
    store(database, "boundaries", make_villages())
    store(database, "households", homes)
    store(database, "officers", officers.assign(villages=[WEST, EAST, EAST]))
    return database


def gather(database: Database, request: WeekRequest) -> PlanWeek:
    return gather_week(database, ALL, request)


def of_officer(built: BuiltPlan, *officers: str) -> pd.DataFrame:
    stops = built.plan.stops
    return stops[stops["officer_id"].isin(officers)].reset_index(drop=True)


def test_changed_week_is_the_one_that_the_records_give(filled: Database) -> None:
    request = ask(must=frozenset({"K1"}), dropped=frozenset({"K3"}), locks={"K2": WEDNESDAY})
    changed = apply_request_changes(gather(filled, clear_request_changes(request)), request)
    whole = gather(filled, request)
    assert changed.request == whole.request
    assert changed.problem.locks == whole.problem.locks
    for name in ("homes", "prizes", "officers"):
        pd.testing.assert_frame_equal(getattr(changed, name), getattr(whole, name))
    pd.testing.assert_frame_equal(changed.problem.households, whole.problem.households)
    pd.testing.assert_series_equal(changed.problem.registered, whole.problem.registered)


def test_household_that_is_not_there_cannot_be_asked_for(filled: Database) -> None:
    with pytest.raises(DataError, match="not registered"):
        apply_request_changes(gather(filled, ask()), ask(must=frozenset({"K9"})))


def test_changes_concern_those_who_share_villages(wide: Database) -> None:
    week = gather(wide, ask())
    assert find_concerned_officers(week, ["H000"]) == {"P1"}
    assert find_concerned_officers(week, ["H119"]) == {"P2", "P3"}
    assert find_concerned_officers(week, ["H000", "H119"]) == {"P1", "P2", "P3"}
    assert find_concerned_officers(week, ["nowhere"]) == frozenset()


def test_dropped_household_makes_room_and_the_rest_stays(wide: Database) -> None:
    base = gather(wide, ask())
    built = build_plan(base, workers=1)
    gone = of_officer(built, "P1")["household_id"].iloc[3]
    revised = revise_plan(base, built, ask(dropped=frozenset({gone})))
    mine = of_officer(revised, "P1")
    assert gone not in set(mine["household_id"])
    assert len(mine) == 40  # eight visits on each of five days, though one was taken out
    both = of_officer(built, "P1").merge(mine, on="household_id", suffixes=("_was", "_is"))
    assert len(both) == 39
    assert (both["day_was"] == both["day_is"]).all()
    pd.testing.assert_frame_equal(of_officer(revised, "P2", "P3"), of_officer(built, "P2", "P3"))
    assert revised.violations == ()
    assert check_plan(revised.week.problem, revised.plan) == []


def test_added_household_comes_and_a_moved_one_changes_its_day(wide: Database) -> None:
    base = gather(wide, ask())
    built = build_plan(base, workers=1)
    planned = of_officer(built, "P1")
    left = min(set(base.homes.index[:90]) - set(planned["household_id"]))
    moved = planned.loc[planned["day"] != pd.Timestamp(MONDAY), "household_id"].iloc[0]
    request = ask(must=frozenset({left}), locks={moved: MONDAY})
    revised = of_officer(revise_plan(base, built, request), "P1").set_index("household_id")
    assert left in revised.index
    assert revised["day"][moved] == pd.Timestamp(MONDAY)


def test_demand_that_goes_leaves_no_sentence_behind(wide: Database) -> None:
    base = gather(wide, ask())
    built = build_plan(base, workers=1)
    every = ask(must=frozenset(base.homes.index[:90]))
    crowded = revise_plan(base, built, every)
    assert {one.reason for one in crowded.plan.unmet} == {"must_no_time"}
    assert len(crowded.plan.unmet) == 50
    assert revise_plan(base, crowded, ask()).plan.unmet == ()


def test_plan_from_another_process_is_the_same(filled: Database) -> None:
    week, told = gather(filled, ask()), []
    apart_ = build_plan_in_process(week, progress=lambda *done: told.append(done))
    here = build_plan(week, workers=1)
    pd.testing.assert_frame_equal(apart_.stops, here.stops)
    assert told[-1] == (2, 2)
    assert apart_.violations == ()


def test_process_that_ends_early_is_told_in_a_sentence(
    filled: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build_process, "_WORKER", ("-c", "pass"))
    with pytest.raises(DataError, match="could not be completed"):
        build_plan_in_process(gather(filled, ask()))


def test_error_of_the_process_is_told(filled: Database) -> None:
    week = gather(filled, ask())
    week = replace(week, prizes=week.prizes.drop(columns="status"))
    with pytest.raises(DataError, match="household_prizes"):
        build_plan_in_process(week)


def test_search_in_another_process_can_be_stopped(wide: Database) -> None:
    built = build_plan_in_process(gather(wide, ask()), progress=lambda *_: False)
    assert built.violations == ()
    assert built.plan.stops["officer_id"].nunique() + len(built.plan.cut_short) >= 3
