"""The weekly plan on weeks small enough to know the best plan by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from geo.errors import ColumnError, GeoError
from geo.routes import (
    AFTERNOON,
    MORNING,
    PlanRules,
    Problem,
    SearchEffort,
    StraightLine,
    Violation,
    check_plan,
    compute_village_floors,
    list_working_days,
    plan_week,
    summarise_officers,
    summarise_plan,
    summarise_villages,
)
from geo.routes.plan import Unmet
from geo.routes.prizes import PrizeWeights, count_nearby_crimes, measure_prizes
from geo.routes.summary import explain_stops
from tests.geo.weeks import (
    DAYS,
    EVENING,
    LAT,
    LON,
    METRES_NORTH,
    QUICK,
    attainable,
    make_homes,
    make_officers,
    make_week,
)
from tests.volume import volume

MONDAY, FRIDAY = DAYS[0], DAYS[-1]
HOUR = 3_600


def one_officer(homes: pd.DataFrame, **options: object) -> Problem:
    return Problem(homes, make_officers(o="v"), **{"days": (MONDAY,), **options})


def reasons(plan_unmet: tuple[Unmet, ...]) -> set[tuple[str, str]]:
    return {(one.reason, one.subject) for one in plan_unmet}


def test_holidays_and_weekends_are_left_out() -> None:
    assert list_working_days("2026-W34") == tuple(
        date(2026, 8, day) for day in (18, 19, 20, 21)
    )  # not 17 August
    assert len(list_working_days("2026-W34", country=None)) == 5
    assert len(list_working_days("2026-W34", weekend=[6], also_off=[date(2026, 8, 18)])) == 4
    with pytest.raises(GeoError, match="not a week"):
        list_working_days("2026-48")


def test_best_prizes_fill_the_day() -> None:
    places = [(50 * i, 0) for i in range(1, 11)]
    homes = make_homes(*places, prize=[1, 9, 2, 9, 9, 9, 9, 9, 9, 9])
    plan = plan_week(one_officer(homes), effort=QUICK)
    assert plan.prize == 72  # the eight nines
    assert set(plan.stops["household_id"]) == set(homes.index) - {"h1", "h3"}


def test_times_and_metres_are_those_worked_out_by_hand() -> None:
    homes = make_homes((1_000, 0))
    plan = plan_week(one_officer(homes), effort=QUICK)
    way = 1_300 / (15 / 3.6)  # 312 s
    stop, whole = plan.stops.iloc[0], plan.routes.iloc[0]
    assert stop["travel_m"] == pytest.approx(1_300, rel=1e-3)
    assert stop["travel_s"] == pytest.approx(way, abs=1.5)
    assert (stop["end_s"] - stop["start_s"], stop["shift"]) == (600, "morning")
    assert whole["back_s"] - whole["leave_s"] == 2 * stop["travel_s"] + 600


def test_shortest_order_is_found() -> None:
    homes = make_homes((300, 0), (100, 0), (200, 0), (400, 0))
    rules = PlanRules(shifts=(MORNING,))
    plan = plan_week(one_officer(homes, rules=rules), effort=QUICK)
    assert plan.routes["travel_m"].sum() == pytest.approx(800 * 1.3, rel=1e-3)  # out and back along one road


def test_must_visit_comes_before_any_prize() -> None:
    homes = make_homes(*[(50 * i, 0) for i in range(1, 10)], prize=[100.0] * 8 + [0.0])
    homes["must"] = [False] * 8 + [True]
    plan = plan_week(one_officer(homes), effort=QUICK)
    assert "h9" in set(plan.stops["household_id"])
    assert (plan.prize, plan.unmet) == (700, ())


def test_musts_that_do_not_fit_are_named() -> None:
    homes = make_homes(*[(50 * i, 0) for i in range(1, 11)]).assign(must=True)
    week = one_officer(homes)
    plan = plan_week(week, effort=QUICK)
    assert len(plan.stops) == 8
    assert [one.reason for one in plan.unmet] == ["must_no_time"] * 2
    assert check_plan(week, plan) == []


def test_each_reason_for_a_must_that_cannot_be_met() -> None:
    homes = make_homes((0, 100), (0, 200), (0, 300), (0, 40_000), (0, 500), (0, 600)).assign(must=True)
    homes.loc["h1", "lon"] = np.nan
    homes.loc["h2", "village_code"] = "elsewhere"
    homes["open_from_s"] = [np.nan, np.nan, 17 * HOUR, np.nan, np.nan, np.nan]
    homes["last_visit_on"] = [pd.NaT] * 4 + [pd.Timestamp("2026-11-20"), pd.NaT]
    week = one_officer(homes, locks={"h6": FRIDAY})
    plan = plan_week(week, effort=QUICK)
    assert reasons(plan.unmet) == {
        ("must_no_point", "h1"),
        ("must_no_officer", "h2"),
        ("must_not_open", "h3"),
        ("must_too_far", "h4"),
        ("must_resting", "h5"),
        ("must_not_working", "h6"),
        ("no_households", "o"),
        ("village_too_far", "v"),  # nobody else may be visited this week
    }
    assert plan.stops.empty
    assert check_plan(week, plan) == []


def test_weeks_without_anything_say_so() -> None:
    homes, nobody = make_homes((100, 0)), make_homes()
    assert reasons(plan_week(one_officer(homes, days=()), effort=QUICK).unmet) == {
        ("no_working_days", "all"),
        ("no_working_days", "o"),
    }
    away = one_officer(homes, leave={"o": frozenset([MONDAY])})
    assert reasons(plan_week(away, effort=QUICK).unmet) == {("no_working_days", "o")}
    assert reasons(plan_week(one_officer(nobody), effort=QUICK).unmet) == {("no_households", "o")}
    idle = Problem(homes, make_officers(o="", p="v"), (MONDAY,))
    assert reasons(plan_week(idle, effort=QUICK).unmet) == {("no_villages", "o")}


def test_officer_without_post_starts_in_the_middle() -> None:
    week = one_officer(make_homes((100, 0), (300, 0)))
    lost = replace(week, officers=week.officers.assign(lon=np.nan))
    plan = plan_week(lost, effort=QUICK)
    assert reasons(plan.unmet) == {("post_unknown", "o")}
    assert len(plan.stops) == 2


def test_window_is_kept_and_waiting_is_spent_at_the_post() -> None:
    homes = make_homes((100, 0), (200, 0)).assign(open_from_s=[10 * HOUR] * 2, open_until_s=[11 * HOUR] * 2)
    plan = plan_week(one_officer(homes), effort=QUICK)
    assert plan.stops["start_s"].min() == 10 * HOUR
    assert plan.routes["leave_s"].item() > 9.9 * HOUR


def test_evening_shift_reaches_who_is_home_after_four() -> None:
    homes = make_homes((100, 0), (200, 0)).assign(open_from_s=[16 * HOUR, np.nan])
    day = one_officer(homes)
    assert set(plan_week(day, effort=QUICK).stops["household_id"]) == {"h2"}
    evening = replace(day, rules=PlanRules(shifts=(MORNING, AFTERNOON, EVENING)))
    plan = plan_week(evening, effort=QUICK)
    assert set(plan.stops["household_id"]) == {"h1", "h2"}
    assert plan.stops.set_index("household_id").loc["h1", "shift"] == "evening"


def test_officers_keep_to_their_villages_and_share_a_common_one() -> None:
    homes = make_homes(*[(50 * i, 0) for i in range(1, 13)])
    homes["village_code"] = ["a"] * 4 + ["b"] * 4 + ["c"] * 4
    week = Problem(homes, make_officers(o="a c", p="b c"), DAYS)
    plan = plan_week(week, effort=QUICK)
    assert len(plan.stops) == 12
    by_officer = plan.stops.groupby("officer_id")["village_code"].value_counts()
    assert by_officer.to_dict() == {("o", "a"): 4, ("o", "c"): 2, ("p", "b"): 4, ("p", "c"): 2}
    assert check_plan(week, plan) == []


def test_floor_brings_visits_to_the_poor_village() -> None:
    homes = make_homes(*[(20 * i, 0) for i in range(1, 61)], prize=[10.0] * 50 + [0.1] * 10)
    homes["village_code"] = ["rich"] * 50 + ["poor"] * 10
    week = Problem(homes, make_officers(o="rich poor"), DAYS)
    assert compute_village_floors(week).to_dict() == {("o", "rich"): 7, ("o", "poor"): 1}  # 5/6 and 1/6 of 8
    plan = plan_week(week, effort=QUICK)
    assert summarise_villages(week, plan)["floor_kept"].all()
    none = replace(week, rules=PlanRules(floor_share=0))
    assert not plan_week(none, effort=QUICK).stops["village_code"].eq("poor").any()


def test_floor_out_of_reach_is_named() -> None:
    homes = make_homes((100, 0), (0, 14_000), (200, 14_000), prize=[1.0, 0.0, 0.0])
    homes["village_code"] = ["near", "far", "far"]
    rules = PlanRules(shifts=(MORNING,), floor_share=1.0, max_visits=3)
    homes["open_from_s"], homes["open_until_s"] = (
        [np.nan, 10 * HOUR, 10 * HOUR],
        [np.nan, 10.25 * HOUR, 10.25 * HOUR],
    )
    week = Problem(homes, make_officers(o="near far"), (MONDAY,), rules=rules)
    plan = plan_week(week, effort=QUICK)  # both far ones are open in the same quarter of an hour
    assert [(one.reason, one.subject, one.missing) for one in plan.unmet] == [("floor_short", "far", 1)]
    assert check_plan(week, plan) == []


def far_village(north_m: float, *, n_far: int = 40) -> pd.DataFrame:
    """Forty households at the post and others far north of it, whose prizes are ten times as high."""
    near, far = [(20 * i, 0) for i in range(40)], [(20 * i, north_m) for i in range(n_far)]
    homes = make_homes(*near, *far, prize=[1.0] * 40 + [10.0] * n_far)
    homes["village_code"] = ["near"] * 40 + ["far"] * n_far
    return homes


def test_village_too_far_from_the_post_is_named_with_its_distance() -> None:
    # 30 km at 15 km/h with a detour of 1.3 are 2.6 h, there and back 5.2 h: no shift of 4 h holds them.
    week = Problem(far_village(30_000), make_officers(o="near far"), DAYS)
    plan = plan_week(week, effort=QUICK)
    # Floors: 0.2 of 40 slots, half for each village.
    assert plan.unmet == (Unmet("village_too_far", "far", "o", 4, 30.0),)
    assert len(plan.stops) == 40
    assert check_plan(week, plan) == []
    untold = replace(plan, unmet=())
    assert check_plan(week, untold) == [Violation("floor_not_named", "far")]
    free = replace(week, rules=PlanRules(floor_share=0))  # named without a floor, too
    assert plan_week(free, effort=QUICK).unmet == (Unmet("village_too_far", "far", "o", 0, 30.0),)


def start_there(week: Problem, north_m: float = 30_000) -> Problem:
    """Let a day start in the far village."""
    return replace(week, posts={"far": (LON, LAT + north_m / METRES_NORTH)})


def test_days_start_at_the_post_of_a_far_village() -> None:
    week = start_there(Problem(far_village(30_000), make_officers(o="near far"), DAYS))
    plan = plan_week(week, effort=QUICK)
    # The forty best of eighty are all far; the floor of four near ones needs one day of eight visits.
    assert plan.unmet == ()
    assert plan.stops["village_code"].value_counts().to_dict() == {"far": 32, "near": 8}
    assert check_plan(week, plan) == []
    posts = plan.routes.groupby("day")["post_lat"].agg(["nunique", "first"])
    assert posts["nunique"].eq(1).all()
    assert (posts["first"] > LAT + 0.2).sum() == 4
    assert plan.routes["travel_m"].max() < 5_000
    alone = replace(week, posts={})
    assert check_plan(alone, plan) != []  # nobody gets there from the own post


def test_a_day_that_starts_at_two_posts_is_seen() -> None:
    week = start_there(Problem(far_village(30_000), make_officers(o="near far"), DAYS))
    plan = plan_week(week, effort=QUICK)
    days = plan.stops.groupby("day")["village_code"].first()
    near, far = (days.index[days == code][0] for code in ("near", "far"))

    def swap(frame: pd.DataFrame) -> pd.DataFrame:
        """Spend the afternoon of a far day as that of a near one."""
        noon = frame["shift"].eq("afternoon")
        kept = frame[~(noon & frame["day"].eq(far))]
        return kept.assign(day=kept["day"].mask(noon & kept["day"].eq(near), far))

    found = check_plan(week, replace(plan, stops=swap(plan.stops), routes=swap(plan.routes)))
    assert Violation("too_fast", "o", "o", f"{far:%Y-%m-%d}") in found


def test_post_nearby_and_more_posts_than_days_do_no_harm() -> None:
    near = Problem(far_village(2_000), make_officers(o="near far"), DAYS)
    plan = plan_week(start_there(near, 2_000), effort=QUICK)
    assert check_plan(start_there(near, 2_000), plan) == []
    assert plan.prize >= 0.8 * plan_week(near, effort=QUICK).prize  # a day of five goes to the near ones
    far = Problem(far_village(30_000), make_officers(o="near far"), (MONDAY,))
    one_day = plan_week(start_there(far), effort=QUICK)  # spent at one post: the other is named
    assert len(one_day.stops) == 8
    assert [one.reason for one in one_day.unmet] == ["village_too_far"]
    assert check_plan(start_there(far), one_day) == []


def test_planning_again_keeps_the_posts_of_the_days() -> None:
    week = start_there(Problem(far_village(30_000), make_officers(o="near far"), DAYS))
    plan = plan_week(week, effort=QUICK)
    gone = plan.stops.loc[plan.stops["day"].eq(pd.Timestamp(DAYS[3])), "household_id"].iloc[0]
    fewer = replace(week, households=week.households.drop(gone))
    again = plan_week(fewer, effort=QUICK, previous=plan)
    before, after = (one.routes.groupby("day")["post_lat"].first() for one in (plan, again))
    pd.testing.assert_series_equal(after, before)
    was, now = (one.stops.set_index("household_id")["day"] for one in (plan, again))
    both = was.index.intersection(now.index)
    assert len(both) >= 32  # equal prizes may change places
    assert was[both].equals(now[both])


def test_village_within_reach_is_not_too_far() -> None:
    week = Problem(far_village(5_000), make_officers(o="near far"), DAYS)
    assert plan_week(week, effort=QUICK).unmet == ()


def test_village_of_two_officers_is_not_too_far_if_one_reaches_it() -> None:
    officers = make_officers(o="near far", p="far")
    officers.loc["p", "lat"] += 30_000 / METRES_NORTH
    week = Problem(far_village(30_000), officers, DAYS)
    assert {one.reason for one in plan_week(week, effort=QUICK).unmet} <= {"floor_short", "floor_few"}


def test_households_out_of_reach_take_nobodys_place_among_the_candidates() -> None:
    # 1,000 far ones of ten times the prize against 60 candidates: the forty near ones still fill the day.
    week = Problem(far_village(30_000, n_far=1_000), make_officers(o="near far"), (MONDAY,))
    plan = plan_week(week, effort=QUICK)
    assert len(plan.stops) == 8
    assert check_plan(week, plan) == []


def test_village_at_home_too_late_is_not_called_too_far() -> None:
    homes = far_village(5_000)
    homes["open_from_s"] = np.where(homes["village_code"] == "far", 15 * HOUR, np.nan)
    homes["open_until_s"] = np.where(homes["village_code"] == "far", 15.75 * HOUR, np.nan)
    # 5 km take 26 min: who is at home from 15.00 to 15.45 can be visited until 15.34 by a shift to 16.00.
    assert "village_too_far" not in {one.reason for one in plan_week(
        Problem(homes, make_officers(o="near far"), DAYS), effort=QUICK).unmet}  # fmt: skip
    homes["open_from_s"] = np.where(homes["village_code"] == "far", 15.5 * HOUR, np.nan)
    week = Problem(homes, make_officers(o="near far"), DAYS)
    plan = plan_week(week, effort=QUICK)
    assert plan.unmet == (Unmet("floor_few", "far", "o", 4),)
    assert check_plan(week, plan) == []


def test_floor_is_told_for_each_village_that_has_too_few_to_visit() -> None:
    homes = far_village(300)
    homes["last_visit_on"] = pd.NaT
    homes.loc[homes.index[42:], "last_visit_on"] = pd.Timestamp("2026-11-20")  # 38 of 40 rest in "far"
    week = Problem(homes, make_officers(o="near far"), DAYS)
    plan = plan_week(week, effort=QUICK)
    assert plan.unmet == (Unmet("floor_few", "far", "o", 2),)  # two of its floor of four
    assert check_plan(week, plan) == []
    timed = replace(plan, unmet=(Unmet("village_too_far", "far", "o", 2, 1.0),))
    assert check_plan(week, timed) == []  # two are visited, no more can be
    fewer = plan.stops[plan.stops["village_code"] != "far"]
    assert Violation("floor_not_named", "far") in check_plan(week, replace(plan, stops=fewer))


def test_a_village_needs_no_more_visits_than_it_has_households() -> None:
    homes = make_homes(*[(20 * i, 0) for i in range(10)])
    homes["village_code"] = ["large"] * 9 + ["small"]
    week = Problem(homes, make_officers(o="large small"), DAYS, rules=PlanRules(floor_share=1.0))
    assert compute_village_floors(week).to_dict() == {("o", "large"): 9, ("o", "small"): 1}  # not 36 and 4
    plan = plan_week(week, effort=QUICK)
    assert plan.unmet == ()
    assert check_plan(week, plan) == []


def test_rest_ends_within_the_week() -> None:
    homes = make_homes((100, 0)).assign(last_visit_on=pd.Timestamp("2026-11-12"))  # 14 days later: Thursday
    plan = plan_week(one_officer(homes, days=DAYS), effort=QUICK)
    assert plan.stops["day"].item() >= pd.Timestamp("2026-11-26")


def test_lock_is_kept_even_when_resting() -> None:
    homes = make_homes((100, 0), (200, 0)).assign(last_visit_on=pd.Timestamp("2026-11-20"))
    week = one_officer(homes, days=DAYS, locks={"h2": FRIDAY})
    plan = plan_week(week, effort=QUICK)
    assert plan.stops[["household_id", "day"]].to_numpy().tolist() == [["h2", pd.Timestamp(FRIDAY)]]
    assert check_plan(week, plan) == []


def test_same_seed_gives_the_same_plan_in_any_order_of_rows_and_in_processes() -> None:
    week = make_week(1, n=60, officers=2)
    first = plan_week(week, seed=4, effort=QUICK)
    turned = replace(week, households=week.households[::-1], officers=week.officers[::-1])
    again = plan_week(turned, seed=4, effort=replace(QUICK, workers=2))
    pd.testing.assert_frame_equal(first.stops, again.stops)
    pd.testing.assert_frame_equal(first.routes, again.routes)


def test_small_change_keeps_the_week() -> None:
    week = make_week(2, n=120, officers=1)
    before = plan_week(week, effort=QUICK)
    gone = before.stops["household_id"].iloc[3]
    changed = replace(week, households=week.households.drop(index=gone))
    after = plan_week(changed, effort=QUICK, previous=before)
    both = before.stops.merge(after.stops, on="household_id", suffixes=("_was", "_is"))
    assert len(both) >= 0.95 * (len(before.stops) - 1)
    assert (both["day_was"] == both["day_is"]).all()
    assert check_plan(changed, after) == []


def test_clock_that_ends_the_search_is_told() -> None:
    week = make_week(3, n=200, officers=1)
    plan = plan_week(week, effort=SearchEffort(steps=10**6, seconds=0.2, workers=1))
    assert plan.cut_short == ("o000",)
    assert check_plan(week, plan) == []


def test_progress_can_end_the_search() -> None:
    week, calls = make_week(3, n=60, officers=3), []

    def stop(done: int, total: int) -> bool:
        calls.append((done, total))
        return False

    plan = plan_week(week, effort=QUICK, progress=stop)
    assert calls == [(1, 3)]
    assert plan.stops["officer_id"].unique().tolist() == ["o000"]
    assert plan.cut_short == ("o001", "o002")


def test_progress_can_end_the_search_in_several_processes() -> None:
    week = make_week(3, n=480, officers=8)
    plan = plan_week(week, effort=SearchEffort(steps=1_000, workers=2), progress=lambda _done, _total: False)
    n_planned = plan.stops["officer_id"].nunique()
    assert 1 <= n_planned <= 6  # those done, those being searched, and what the processes have in hand
    assert len(plan.cut_short) == 8 - n_planned


def test_impossible_rules_and_frames_are_refused() -> None:
    with pytest.raises(GeoError, match="be in order and must not overlap"):
        PlanRules(shifts=(AFTERNOON, MORNING))
    with pytest.raises(GeoError, match="at least one"):
        PlanRules(max_visits=0)
    with pytest.raises(GeoError, match="Speed"):
        StraightLine(speed_kmh=0)
    with pytest.raises(ColumnError, match="prize"):
        one_officer(make_homes((0, 0)).drop(columns="prize"))
    with pytest.raises(ColumnError, match="0 or more"):
        one_officer(make_homes((0, 0), prize=-1.0))
    with pytest.raises(GeoError, match="seed"):
        plan_week(one_officer(make_homes((0, 0))), seed=-1)


def broken(column: str, value: object, *, table: str = "stops") -> list[Violation]:
    """Check a good plan after one of its numbers was changed."""
    homes = make_homes((100, 0), (200, 0), (300, 0)).assign(
        open_until_s=[12 * HOUR] * 3, last_visit_on=pd.Timestamp("2026-01-01")
    )
    week = Problem(homes, make_officers(o="v", p="w"), (MONDAY,), leave={"p": frozenset([MONDAY])})
    plan = plan_week(week, effort=QUICK)
    assert check_plan(week, plan) == []
    frame = getattr(plan, table).copy()
    frame[column] = frame[column].astype("object")
    frame.loc[0, column] = value
    return check_plan(week, replace(plan, **{table: frame.infer_objects()}))


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("officer_id", "nobody", "unknown_officer"),
        ("household_id", "h99", "unknown_household"),
        ("shift", "night", "unknown_shift"),
        ("household_id", "h3", "visited_twice"),
        ("day", pd.Timestamp("2026-11-24"), "not_a_working_day"),
        ("officer_id", "p", "on_leave"),
        ("officer_id", "p", "not_own_village"),
        ("end_s", 9 * HOUR, "wrong_service_time"),
        ("end_s", 13 * HOUR, "outside_opening"),
        ("start_s", 8 * HOUR, "too_fast"),
        ("prize", 5.0, "wrong_prize"),
        ("order", 7, "wrong_order"),
    ],
)
def test_checker_sees_each_change_to_a_stop(column: str, value: object, rule: str) -> None:
    assert rule in {found.rule for found in broken(column, value)}


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("leave_s", 7 * HOUR, "outside_shift"),
        ("back_s", 8 * HOUR, "too_fast"),
        ("n_visits", 9, "routes_disagree"),
    ],
)
def test_checker_sees_each_change_to_a_route(column: str, value: object, rule: str) -> None:
    assert rule in {found.rule for found in broken(column, value, table="routes")}


def test_checker_sees_what_the_week_as_a_whole_breaks() -> None:
    homes = make_homes(*[(50 * i, 0) for i in range(1, 9)])
    plan = plan_week(one_officer(homes), effort=QUICK)

    def rules_broken(**changes: object) -> set[str]:
        return {found.rule for found in check_plan(one_officer(changes.pop("homes", homes), **changes), plan)}

    assert "too_many_visits" in rules_broken(rules=PlanRules(max_visits=7))
    assert "resting" in rules_broken(homes=homes.assign(last_visit_on=pd.Timestamp("2026-11-20")))
    assert "lock_broken" in rules_broken(locks={"h1": FRIDAY}, days=DAYS)
    more = pd.concat([homes, make_homes((500, 0)).set_axis(["h9"]).assign(must=True)]).fillna({"must": False})
    assert "must_not_named" in rules_broken(homes=more)
    assert rules_broken(homes=more.assign(village_code=["v"] * 8 + ["x"])) == {"must_not_named"}
    poor = Problem(
        pd.concat([homes, make_homes((60, 0), village="w").set_axis(["w1"])]),
        make_officers(o="v w"),
        (MONDAY,),
    )
    assert check_plan(poor, plan) == [Violation("floor_not_named", "w")]


def test_checker_does_not_believe_that_a_must_did_not_fit() -> None:
    homes = make_homes((100, 0), (200, 0)).assign(must=True)
    week = one_officer(homes, days=DAYS)
    plan = plan_week(week, effort=QUICK)
    first = plan.stops["household_id"] == "h1"
    without = replace(
        plan,
        stops=plan.stops[~first].assign(order=1),
        routes=plan.routes.iloc[:0],
        unmet=(Unmet("must_no_time", "h1", "o"),),
    )
    assert Violation("must_could_fit", "h1", "o") in check_plan(week, without)


def test_prizes_are_status_risk_and_tags() -> None:
    now = pd.Timestamp("2026-11-23", tz="Asia/Jakarta")
    homes = make_homes((0, 0), (0, 290), (5_000, 0)).assign(tags=["elderly; shop", "", "Elderly"])
    status = pd.Series({"h1": "overdue", "h2": "visited"})
    place = make_homes((0, 0)).iloc[0]
    crimes = pd.DataFrame(
        {
            "occurred_at": [now - pd.Timedelta(days=days) for days in (1, 59, 61, 2)],
            "category": ["curat", "curanmor", "curat", "curat"],
            "lon": place["lon"],
            "lat": place["lat"],
            "source": ["reported", "unknown", "reported", "discovered"],
        }
    )
    found = measure_prizes(homes, status, crimes, as_of=now, weights=PrizeWeights(5, 10, {"elderly": 2}))
    assert found["n_crimes_near"].tolist() == [2, 2, 0]  # not the old one, not the discovered one
    assert found["prize"].tolist() == pytest.approx(
        [5 * 0.8 + 4 + 2, 5 * 0.1 + 4, 5 + 2]
    )  # h3 is never visited
    assert found["top_category"].fillna("").tolist() == ["curanmor", "curanmor", ""]
    assert count_nearby_crimes(homes, crimes[:0], as_of=now)["n_crimes_near"].sum() == 0


def test_summary_adds_up() -> None:
    now = pd.Timestamp("2026-11-23", tz="Asia/Jakarta")
    homes = make_homes((100, 0), (200, 0), (0, 60_000))
    crimes = pd.DataFrame(columns=["occurred_at", "category", "lon", "lat"]).astype(
        {"occurred_at": "datetime64[us, UTC]", "lon": float, "lat": float}
    )
    prizes = measure_prizes(homes, pd.Series({"h2": "visited"}), crimes, as_of=now)
    week = one_officer(homes.assign(prize=prizes["prize"]))
    plan = plan_week(week, effort=QUICK)
    facts = summarise_plan(week, plan, prizes)
    assert (facts.n_visits, facts.n_households, facts.n_officers, facts.n_days) == (2, 3, 1, 1)
    assert (facts.coverage_now, facts.coverage_after) == pytest.approx((1 / 3, 2 / 3))
    officers = summarise_officers(week, plan)
    assert officers["distance_km"].item() == pytest.approx(facts.distance_km)
    assert officers["n_visits"].item() == 2
    why = explain_stops(plan, prizes, days_since=pd.Series({"h1": pd.NA, "h2": 5}, dtype="Int64"))
    assert why.set_index("household_id").loc["h2", ["status", "days_since"]].tolist() == ["visited", 5]


@pytest.mark.trial
@pytest.mark.parametrize("seed", range(volume(3, 30)))
def test_five_officers_reach_the_best_prizes_without_a_violation(seed: int) -> None:
    week = make_week(seed)
    plan = plan_week(week, seed=seed, effort=SearchEffort(steps=60, seconds=60, workers=1))
    assert check_plan(week, plan) == []
    assert plan.prize >= 0.88 * attainable(week)
