"""A week's plan is gathered from the records, for who asks, and does what persons said."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from data.errors import DataError, ScopeError
from data.exports.plan_rows import STOP_FIELDS
from data.plans import (
    BuiltPlan,
    WeekRequest,
    build_plan,
    gather_week,
    publish_plan,
    read_current_stops,
)
from data.plans.sentences import write_reasons
from data.principal import Principal
from tests.data.builders import EAST, WEST
from tests.data.plans import MONDAY, WEDNESDAY, WEEK, add_visit, ask, fill

if TYPE_CHECKING:
    from data.database import Database

ALL = Principal.demo()
EASTERN = Principal("ani", "supervisor", (EAST,))


@pytest.fixture
def filled(database: Database) -> Database:
    return fill(database)


def build(database: Database, request: WeekRequest, principal: Principal = ALL) -> BuiltPlan:
    return build_plan(gather_week(database, principal, request), workers=1)


def planned(built: BuiltPlan) -> set[str]:
    return set(built.stops["household_id"])


def test_households_stand_as_on_the_first_day_of_the_week(filled: Database) -> None:
    homes = gather_week(filled, ALL, ask()).homes
    assert homes["status"].astype("str").to_dict() == {"K1": "visited", "K2": "never", "K3": "visited"}
    # 2 and 3 October to Monday, 23 November
    assert homes["days_since"].dropna().to_dict() == {"K1": 52, "K3": 51}
    assert homes.loc["K1", ["head_name", "village", "rt"]].tolist() == ["Sri", "Kulon", "01"]


def test_prizes_are_made_of_status_and_reported_crime_nearby(filled: Database) -> None:
    prizes = gather_week(filled, ALL, ask()).prizes
    # K2 was never visited (6 points) and one recent crime was reported near it (4 of 5 crimes' points)
    assert prizes.loc["K2", "prize"] == pytest.approx(6.8)
    assert prizes.loc["K2", ["n_crimes_near", "top_category"]].tolist() == [1, "curat"]
    assert prizes.loc["K3", "prize"] == pytest.approx(0.6)
    follows = gather_week(filled, ALL, ask(preset="crime")).prizes
    assert follows.loc["K2", "prize"] == pytest.approx(2 + 8 / 5)


def test_evidenced_counting_passes_over_visits_without_a_fix(filled: Database) -> None:
    homes = gather_week(filled, ALL, ask(counting="evidenced")).homes
    assert homes["status"].astype("str").to_dict() == {"K1": "visited", "K2": "never", "K3": "never"}


def test_post_is_in_the_middle_of_the_officers_households(filled: Database) -> None:
    officers = gather_week(filled, ALL, ask()).officers
    assert officers.loc["P1", ["lon", "lat"]].tolist() == pytest.approx([111.403, -7.405])
    assert officers.loc["P2", "lon"] == pytest.approx(111.404)  # the median of 402, 404 and 415


def test_plan_keeps_all_rules_and_explains_each_stop(filled: Database) -> None:
    built = build(filled, ask())
    assert planned(built) == {"K1", "K2", "K3"}
    assert built.violations == ()
    assert set(STOP_FIELDS) <= set(built.stops.columns)
    stop = built.stops.set_index("household_id").loc["K2"]
    assert stop[["head_name", "village", "status", "n_crimes_near"]].tolist() == ["Budi", "Kulon", "never", 1]


def test_same_request_gives_the_same_plan(filled: Database) -> None:
    first, second = (build(filled, ask(seed=3)) for _ in range(2))
    pd.testing.assert_frame_equal(first.stops, second.stops)
    assert first.plan.cut_short == ()


def test_household_rests_after_somebody_was_met_but_not_after_nobody_was(filled: Database) -> None:
    add_visit(filled, "V8", "K2", "2026-11-20T03:00:00Z")
    add_visit(filled, "V9", "K3", "2026-11-20T03:00:00Z", outcome="absent")
    built = build(filled, ask())
    assert planned(built) == {"K1", "K3"}
    rests = build(filled, ask(must=frozenset({"K2"})))
    # Kulon's minimum is both its households, one for each officer: without K2 it gets one fewer.
    assert [(one.reason, one.subject, one.missing) for one in rests.plan.unmet] == [
        ("must_resting", "K2", 1),
        ("floor_few", WEST, 1),
    ]


def test_attempt_lowers_no_prize_and_the_next_try_is_in_the_other_half_of_the_day(filled: Database) -> None:
    before = gather_week(filled, ALL, ask())
    add_visit(filled, "V8", "K2", "2026-11-19T02:00:00Z", outcome="absent")  # 09:00 in WIB
    add_visit(filled, "V9", "K2", "2026-11-20T03:00:00Z", outcome="absent")
    add_visit(filled, "V7", "K3", "2026-11-20T07:00:00Z", outcome="refused")  # 14:00
    after = gather_week(filled, ALL, ask())
    pd.testing.assert_frame_equal(after.prizes, before.prizes)
    assert after.homes["status"].to_dict() == before.homes["status"].to_dict()
    assert after.homes.loc[["K1", "K2", "K3"], "n_attempts"].tolist() == [0, 2, 1]
    opens = after.problem.households["retry_from_s"] / 3_600
    assert (opens["K2"], opens["K3"]) == (13, 8)
    assert pd.isna(opens["K1"])
    built = build_plan(after, workers=1)
    shifts = built.stops.set_index("household_id")["shift"]
    assert (shifts["K2"], shifts["K3"]) == ("afternoon", "morning")
    reasons = write_reasons(built.stops)
    assert reasons["K2"].startswith("never visited; tried twice, nobody at home")
    assert "tried" not in reasons["K1"]


def test_published_stop_remembers_the_attempts(filled: Database) -> None:
    add_visit(filled, "V8", "K2", "2026-11-19T02:00:00Z", outcome="absent")
    publish_plan(filled, ALL, build(filled, ask()))
    stops = read_current_stops(filled, ALL, week=WEEK).set_index("household_id")
    assert stops.loc["K2", ["n_attempts", "attempt"]].tolist() == [1, "absent"]
    assert stops.loc["K1", "n_attempts"] == 0
    assert pd.isna(stops.loc["K1", "attempt"])


def test_locks_and_days_away_are_kept(filled: Database) -> None:
    away = {"P2": frozenset({MONDAY, WEDNESDAY})}
    built = build(filled, ask(locks={"K1": WEDNESDAY}, leave=away))
    days = built.plan.stops.set_index("household_id")["day"].dt.date
    assert days["K1"] == WEDNESDAY
    assert built.plan.stops.set_index("household_id").loc["K1", "officer_id"] == "P1"
    assert days["K3"] not in away["P2"]


def test_dropped_household_is_not_visited_but_counts_as_registered(filled: Database) -> None:
    week = gather_week(filled, ALL, ask(dropped=frozenset({"K2"})))
    assert "K2" not in week.problem.households.index
    assert week.problem.registered is not None
    assert week.problem.registered.to_dict() == {WEST: 2, EAST: 1}


def test_public_holidays_are_left_out(filled: Database) -> None:
    week = gather_week(filled, ALL, WeekRequest("2026-W01"))
    assert date(2026, 1, 1) not in week.problem.days
    assert len(week.problem.days) == 4


def test_all_on_leave_gives_no_visit_and_says_why(filled: Database) -> None:
    week = frozenset(pd.date_range(MONDAY, periods=7).date)
    built = build(filled, ask(leave={"P1": week, "P2": week}))
    assert built.stops.empty
    assert {(one.reason, one.officer_id) for one in built.plan.unmet} == {
        ("no_working_days", "P1"),
        ("no_working_days", "P2"),
    }


def test_plan_holds_no_more_than_the_principal_may_see(filled: Database) -> None:
    week = gather_week(filled, EASTERN, ask())
    assert week.homes.index.tolist() == ["K3"]
    assert week.officers["villages"].to_dict() == {"P2": EAST}
    with pytest.raises(ScopeError, match=WEST):
        gather_week(filled, EASTERN, ask(area=WEST))
    with pytest.raises(ScopeError, match="no officer P1"):
        gather_week(filled, EASTERN, ask(officers=("P1",)))
    with pytest.raises(DataError, match="1 of the households") as caught:
        gather_week(filled, EASTERN, ask(must=frozenset({"K1"})))
    assert "K1" not in str(caught.value)


def test_area_and_officers_narrow_the_plan(filled: Database) -> None:
    assert gather_week(filled, ALL, ask(area=EAST)).homes.index.tolist() == ["K3"]
    assert planned(build(filled, ask(officers=("P1",)))) == {"K1", "K2"}


def test_empty_database_is_told_in_a_sentence(database: Database) -> None:
    with pytest.raises(DataError, match="import both before you plan"):
        gather_week(database, ALL, ask())


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"preset": "speed"}, "Unknown preset"),
        ({"seed": -1}, "seed"),
        ({"seconds": 0.0}, "seconds"),
        ({"counting": "all"}, "counted"),
        ({"must": frozenset({"a"}), "dropped": frozenset({"a"})}, "both"),
    ],
)
def test_wrong_request_is_refused(options: dict[str, object], said: str) -> None:
    with pytest.raises(DataError, match=said):
        ask(**options)


def test_request_written_before_posts_were_kept_is_read() -> None:
    old = json.loads(ask().to_json())
    del old["posts"]
    assert WeekRequest.from_json(json.dumps(old)) == ask()


def test_request_survives_being_written_down() -> None:
    asked = ask(
        officers=("P1",),
        area=WEST,
        leave={"P1": frozenset({MONDAY})},
        must=frozenset({"K1"}),
        dropped=frozenset({"K2"}),
        locks={"K3": WEDNESDAY},
    )
    assert WeekRequest.from_json(asked.to_json()) == asked
    assert asked.week == WEEK
