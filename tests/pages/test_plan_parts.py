"""What the Weekly plan page is made of, without a page: changes, choices of stops, sentences, follow-up."""

from __future__ import annotations

import threading
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from data.exports.plan_rows import PLAN_TEXTS
from data.plans import WeekRequest
from data.plans.sentences import Named
from data.principal import Principal
from geo.routes import Plan, Unmet
from geo.routes.plan import make_routes, make_stops
from pages.plan import maps
from pages.plan.drafts import MOST_DRAFTS, Draft, Shelf
from pages.plan.edits import (
    add_household,
    carry_over_changes,
    count_changes,
    is_other_request,
    lock_households,
    move_households,
    remove_households,
    restore_households,
    unlock_households,
)
from pages.plan.files import list_sheet_texts
from pages.plan.jobs import Job
from pages.plan.maps import list_stop_choices, select_stops, style_days
from pages.plan.progress import describe_changes, select_area, tabulate_progress
from pages.plan.request import describe_build_time
from pages.plan.verdict import (
    MOST_TOLD,
    compare_weeks,
    describe_cut_short,
    describe_fairness,
    describe_last_week,
    describe_left_out,
)
from pages.text.language import use_language

if TYPE_CHECKING:
    from collections.abc import Iterator

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)
REQUEST = WeekRequest("2026-W48")


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with use_language("en"):
        yield


def make_three_stops() -> pd.DataFrame:
    """Two officers; the first on two days, the second on one."""
    return pd.DataFrame(
        {
            "officer_id": ["P1", "P1", "P2"],
            "day": pd.to_datetime([MONDAY, TUESDAY, MONDAY]).astype("datetime64[us]"),
            "household_id": ["K1", "K2", "K3"],
        }
    )


# ---- changes


def test_move_holds_a_household_on_its_new_day_only() -> None:
    held = lock_households(REQUEST, {"K1": MONDAY, "K2": MONDAY})
    moved = move_households(held, ["K1"], TUESDAY)
    assert moved.locks == {"K1": TUESDAY, "K2": MONDAY}
    assert unlock_households(moved, ["K1", "K2"]) == REQUEST


def test_household_taken_out_is_neither_held_nor_asked_for() -> None:
    wanted = add_household(REQUEST, "K1", MONDAY)
    assert (wanted.must, wanted.locks) == ({"K1"}, {"K1": MONDAY})
    gone = remove_households(wanted, ["K1"])
    assert (gone.must, gone.dropped, gone.locks) == (frozenset(), {"K1"}, {})
    assert restore_households(gone, ["K1"]) == REQUEST
    assert add_household(gone, "K1").dropped == frozenset()
    assert lock_households(gone, {"K1": MONDAY}).dropped == frozenset()


def test_changes_are_counted_by_household() -> None:
    request = remove_households(add_household(REQUEST, "K1", MONDAY), ["K2", "K3"])
    assert count_changes(request) == 3


def test_changes_carry_over_within_a_week_only() -> None:
    before = add_household(REQUEST, "K1", MONDAY)
    again = carry_over_changes(before, WeekRequest("2026-W48", preset="crime"))
    assert (again.preset, again.must, again.locks) == ("crime", {"K1"}, {"K1": MONDAY})
    assert carry_over_changes(before, WeekRequest("2026-W49")) == WeekRequest("2026-W49")


def test_changes_and_seconds_are_no_other_choice() -> None:
    before = add_household(REQUEST, "K1", MONDAY)
    assert not is_other_request(before, WeekRequest("2026-W48", seconds=99.0))
    assert is_other_request(before, WeekRequest("2026-W48", leave={"P1": frozenset({MONDAY})}))
    assert is_other_request(before, WeekRequest("2026-W49"))


# ---- what a page shows at once


def test_stops_are_cut_by_day_and_officer() -> None:
    stops = make_three_stops()
    assert select_stops(stops)["household_id"].tolist() == ["K1", "K2", "K3"]
    monday = pd.Timestamp(MONDAY)
    assert select_stops(stops, day=monday)["household_id"].tolist() == ["K1", "K3"]
    assert select_stops(stops, day=monday, officer_id="P2")["household_id"].tolist() == ["K3"]


def test_everybody_is_offered_only_where_the_map_can_carry_it(monkeypatch: pytest.MonkeyPatch) -> None:
    names = {"P1": "Sri", "P2": "Budi"}
    monkeypatch.setattr(maps, "MOST_ON_MAP", 2)
    assert list(list_stop_choices(make_three_stops(), names, None)) == ["P1", "P2"]
    assert list(list_stop_choices(make_three_stops(), names, pd.Timestamp(MONDAY))) == ["", "P1", "P2"]


def test_each_day_of_the_week_keeps_its_colour() -> None:
    styles = style_days(make_three_stops().iloc[[1]])
    assert [(style.colour, style.name) for style in styles.values()] == [("#c85000", "Tue 24 Nov")]


# ---- sentences


def make_plan(*unmet: Unmet, cut: tuple[str, ...] = ()) -> Plan:
    return Plan(make_stops({}), make_routes({}), unmet, 0, cut)


def test_must_visits_that_did_not_fit_are_told_before_villages() -> None:
    plan = make_plan(Unmet("floor_short", "v", "P1", 2), Unmet("must_no_time", "K1", "P1"))
    named = Named({"P1": "Sri"}, {"v": "Sawo"}, {"K1": "Budi"})
    assert describe_left_out(plan, named) == [
        "Budi must be visited but Sri has no time left this week.",
        "Sawo gets 2 visits fewer than its minimum: Sri had no time for more.",
    ]


def test_long_lists_of_what_did_not_fit_end_with_their_number() -> None:
    plan = make_plan(*(Unmet("must_no_time", f"K{i}", "P1") for i in range(MOST_TOLD + 5)))
    said = describe_left_out(plan, Named())
    assert (len(said), said[-1]) == (MOST_TOLD + 1, "And 5 more.")


def test_time_of_a_build_is_told_in_seconds_or_minutes() -> None:
    with use_language("en"):
        told = [describe_build_time(217, seconds) for seconds in (3.0, 24.0, 119.0, 125.0, 290.0)]
    assert [said.partition("about ")[2].partition(",")[0] for said in told] == [
        "10 seconds", "20 seconds", "120 seconds", "2 minutes", "5 minutes",
    ]  # fmt: skip


def test_search_that_time_ended_is_told() -> None:
    assert describe_cut_short(make_plan()) == ""
    assert "for 2 officers" in describe_cut_short(make_plan(cut=("P1", "P2")))


def test_villages_below_their_floor_are_named() -> None:
    codes = [f"v{i}" for i in range(5)]
    villages = pd.DataFrame({"floor_kept": [False, False, False, False, True]}, index=codes)
    homes = pd.DataFrame({"village_code": ["v0", "v1"], "village": ["Sawo", "Puhti"]})
    said = describe_fairness(villages, homes)
    assert said == "Below their minimum number of visits: Sawo, Puhti, v2, and 1 more."
    assert describe_fairness(villages.assign(floor_kept=True), homes).startswith("All 5 villages")


def test_week_before_counts_the_plans_own_officers_only() -> None:
    before = make_three_stops().assign(state=["done", "missed", "tried"])
    stops = pd.DataFrame({"officer_id": ["P1"], "household_id": ["K2"]})
    last = compare_weeks(stops, before)
    assert last == (2, 1, 0, 1, 1)
    done = "Previous week: 1 of 2 planned visits were done (50%)."
    assert describe_last_week(last) == (f"{done} 1 were not done; 1 of them are in this plan.")
    running = compare_weeks(stops, before.replace("missed", "open"))
    assert describe_last_week(running) == (
        f"{done} 1 are still open and 0 were not done; 1 of these are in this plan."
    )
    assert describe_last_week(compare_weeks(stops, before.iloc[2:])) == ""


# ---- follow-up


def test_follow_up_is_cut_to_an_area() -> None:
    rows = pd.DataFrame({"village_code": ["3521072013", "3521082001", None]})
    assert select_area(rows, "352107").index.tolist() == [0]
    assert select_area(rows, "").index.tolist() == [0, 1, 2]


def test_officer_without_stops_is_in_the_follow_up_all_the_same() -> None:
    followed = make_three_stops().assign(state=["done", "missed", "tried"])
    elsewhere = pd.DataFrame({"officer_id": ["P2", "P2"]})
    rows = tabulate_progress(followed, elsewhere, ["P1", "P2", "P3"], {"P1": "Sri"})
    counted = rows[["name", "planned", "done", "tried", "open", "missed", "elsewhere"]]
    assert counted.to_numpy().tolist() == [
        ["Sri", 2, 1, 0, 0, 1, 0],
        ["P2", 1, 0, 1, 0, 0, 2],
        ["P3", 0, 0, 0, 0, 0, 0],
    ]
    assert rows["share"].tolist()[:2] == [0.5, 0.0]
    assert pd.isna(rows["share"].iloc[2])


def test_changes_say_from_when_to_when() -> None:
    changes = pd.DataFrame(
        {
            "change": ["moved", "added"],
            "officer_before": ["P1", None],
            "day_before": ["2026-11-23", None],
            "officer_after": ["P2", "P2"],
            "day_after": ["2026-11-24", "2026-11-25"],
        },
        index=["K1", "K9"],
    )
    told = describe_changes(changes, pd.Series({"K1": "Budi"}), {"P1": "Sri"})
    assert told.to_numpy().tolist() == [
        ["Budi", "moved", "23 Nov · Sri", "24 Nov · P2"],
        ["—", "added", "—", "25 Nov · P2"],
    ]


# ---- drafts, jobs and files


def make_draft(token: str, owner: Principal) -> Draft:
    return Draft(token, owner, None, None, None, None, None)  # type: ignore[arg-type]


def test_draft_is_found_by_its_owner_only() -> None:
    one, other = Principal("ani", "supervisor", ("99",)), Principal("joko", "supervisor", ("99",))
    shelf = Shelf()
    shelf.put(make_draft("a", one))
    assert shelf.find("a", one)
    assert shelf.find("a", other) is None
    assert shelf.last(other) is None


def test_shelf_keeps_the_drafts_used_last() -> None:
    owner, shelf = Principal.demo(), Shelf()
    for number in range(MOST_DRAFTS + 1):
        shelf.put(make_draft(str(number), owner))
    assert shelf.find("0", owner) is None
    assert shelf.last(owner).token == str(MOST_DRAFTS)  # type: ignore[union-attr]


def test_stopped_job_gives_no_draft() -> None:
    begun, told = threading.Event(), []

    def work(job: Job) -> Draft:
        begun.set()
        while job.tell(1, 2):
            threading.Event().wait(0.01)
        told.append((job.done, job.total))
        return make_draft("a", Principal.demo())

    job = Job(work)
    assert begun.wait(5)
    assert job.is_running
    job.stop()
    job.wait(5)
    assert (job.is_running, job.draft, told) == (False, None, [(1, 2)])


def test_sheets_have_every_word() -> None:

    assert set(list_sheet_texts()) == set(PLAN_TEXTS)
    with use_language("id"):
        said = list_sheet_texts()
    assert said["morning"] == "pagi"
