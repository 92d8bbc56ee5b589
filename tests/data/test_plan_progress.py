"""What became of a plan: visits of whatever source close its stops, and what was done besides is told."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from data.field.marks import record_marks
from data.plans import WeekRequest, build_plan, follow_plan, gather_week, list_unplanned_visits, publish_plan
from data.principal import Principal
from tests.data.builders import EAST
from tests.data.imports import load
from tests.data.plans import MONDAY, WEDNESDAY, WEEK, add_visit, ask, fill

if TYPE_CHECKING:
    from data.database import Database

ALL = Principal.demo()
EASTERN = Principal("ani", "supervisor", (EAST,))
FRIDAY = date(2026, 11, 27)


@pytest.fixture
def published(database: Database) -> Database:
    """K1 on Monday by P1; K2 on Wednesday by P2; K3 on Friday by P2."""
    fill(database)
    locks = {"K1": MONDAY, "K2": WEDNESDAY, "K3": FRIDAY}
    publish_plan(database, ALL, build_plan(gather_week(database, ALL, ask(locks=locks)), workers=1))
    return database


def follow(database: Database, today: date, principal: Principal = ALL) -> pd.DataFrame:
    return follow_plan(database, principal, week=WEEK, today=today).set_index("household_id")


def test_stops_are_open_until_their_day_is_over(published: Database) -> None:
    assert follow(published, MONDAY)["state"].to_dict() == {"K1": "open", "K2": "open", "K3": "open"}
    assert follow(published, WEDNESDAY)["state"].to_dict() == {"K1": "missed", "K2": "open", "K3": "open"}
    assert set(follow(published, date(2026, 11, 28))["state"]) == {"missed"}


def test_visit_on_its_day_closes_a_stop(published: Database) -> None:
    add_visit(published, "A1", "K1", "2026-11-23T02:00:00Z")
    row = follow(published, WEDNESDAY).loc["K1"]
    assert row[["state", "on_day", "by_other", "visited_by"]].tolist() == ["done", True, False, "P1"]
    assert row["visited_at"] == pd.Timestamp("2026-11-23T02:00:00Z")


def test_local_day_and_week_decide(published: Database) -> None:
    # 22 November 17:30 UTC is Monday 00:30 in WIB; 16:30 UTC is still Sunday, the week before
    add_visit(published, "A1", "K1", "2026-11-22T16:30:00Z")
    assert follow(published, WEDNESDAY).loc["K1", "state"] == "missed"
    add_visit(published, "A2", "K1", "2026-11-22T17:30:00Z")
    assert follow(published, WEDNESDAY).loc["K1", ["state", "on_day"]].tolist() == ["done", True]


def test_visit_on_another_day_or_by_another_officer_closes_it_and_is_told(published: Database) -> None:
    add_visit(published, "A1", "K3", "2026-11-24T02:00:00Z", officer_id="P2")
    add_visit(published, "A2", "K2", "2026-11-25T02:00:00Z", officer_id="P1")
    rows = follow(published, FRIDAY)[["state", "on_day", "by_other"]]
    assert rows.loc["K3"].tolist() == ["done", False, False]
    assert rows.loc["K2"].tolist() == ["done", True, True]


def test_stop_where_nobody_was_met_is_tried_until_somebody_is(published: Database) -> None:
    add_visit(published, "A1", "K1", "2026-11-23T02:00:00Z", outcome="absent")
    assert follow(published, FRIDAY).loc["K1", ["state", "on_day"]].tolist() == ["tried", True]
    add_visit(published, "A2", "K1", "2026-11-26T02:00:00Z", officer_id="P2")
    row = follow(published, FRIDAY).loc["K1"]
    assert row[["state", "on_day", "by_other"]].tolist() == ["done", False, True]


def test_own_visit_counts_before_an_earlier_one_of_another(published: Database) -> None:
    add_visit(published, "A1", "K1", "2026-11-23T01:00:00Z", officer_id="P2")
    add_visit(published, "A2", "K1", "2026-11-23T05:00:00Z", outcome="spoke outside")
    row = follow(published, FRIDAY).loc["K1"]
    assert row[["state", "outcome", "visited_by", "by_other"]].tolist() == [
        "done",
        "spoke outside",
        "P1",
        False,
    ]


def test_refused_visit_is_an_attempt_and_another_officers_visit_counts_before_it(published: Database) -> None:
    add_visit(published, "A1", "K1", "2026-11-23T05:00:00Z", outcome="refused")
    assert follow(published, FRIDAY).loc["K1", ["state", "outcome"]].tolist() == ["tried", "refused"]
    add_visit(published, "A2", "K1", "2026-11-23T01:00:00Z", officer_id="P2")
    assert follow(published, FRIDAY).loc["K1", ["state", "visited_by"]].tolist() == ["done", "P2"]


def test_stop_stays_open_after_an_attempt_before_its_day(published: Database) -> None:
    add_visit(published, "A1", "K3", "2026-11-24T02:00:00Z", officer_id="P2", outcome="absent")
    assert follow(published, WEDNESDAY).loc["K3", "state"] == "open"
    assert follow(published, FRIDAY).loc["K3", "state"] == "open"
    assert follow(published, date(2026, 11, 28)).loc["K3", "state"] == "tried"
    add_visit(published, "A2", "K3", "2026-11-27T02:00:00Z", officer_id="P2", outcome="absent")
    row = follow(published, FRIDAY).loc["K3"]
    assert row[["state", "on_day"]].tolist() == ["tried", True]


def test_attempt_at_a_household_besides_the_plan_is_no_unplanned_visit(published: Database) -> None:
    add_visit(published, "A1", "K4", "2026-11-24T02:00:00Z", outcome="absent")
    assert list_unplanned_visits(published, ALL, week=WEEK).empty
    add_visit(published, "A2", "K4", "2026-11-25T02:00:00Z")
    assert list_unplanned_visits(published, ALL, week=WEEK).index.tolist() == ["A2"]


def test_visit_without_outcome_closes_a_stop(published: Database) -> None:
    add_visit(published, "A1", "K1", "2026-11-23T02:00:00Z", outcome=None)
    assert follow(published, FRIDAY).loc["K1", "state"] == "done"


def test_mark_of_the_field_sheet_closes_a_stop(published: Database) -> None:
    mark = {
        "visit_id": "0b0e6f6e-5d1a-4f7c-9f35-0a8f0c7d2a11",
        "household_id": "K1",
        "outcome": "met",
        "marked_at": "2026-11-23T09:00:00+07:00",
    }
    record_marks(published, ALL, "P1", [mark], now=pd.Timestamp("2026-11-23T03:00:00Z").to_pydatetime())
    assert follow(published, FRIDAY).loc["K1", "state"] == "done"


def test_visits_of_the_national_app_are_matched_by_name_and_close_stops(database: Database) -> None:
    fill(database)
    past = WeekRequest("2025-W40", locks={"K2": date(2025, 10, 1)})
    publish_plan(database, ALL, build_plan(gather_week(database, ALL, past), workers=1))
    rows = (
        "tanggal_kunjungan,nama_petugas,nama_kepala_keluarga,desa_kepala_keluarga,kecamatan_kepala_keluarga,"
        "rt_kepala_keluarga\n"
        "01/10/2025 09:30,P2,BUDI,Kulon,Tengah,02\n"
    )
    load(database, "visits", rows, dates="dayfirst")
    stops = follow_plan(database, ALL, week="2025-W40", today=date(2025, 10, 3)).set_index("household_id")
    assert stops.loc["K2", ["state", "on_day", "by_other"]].tolist() == ["done", True, False]


def test_visits_that_nobody_planned_are_told_apart(published: Database) -> None:
    plan = build_plan(gather_week(published, ALL, ask(dropped=frozenset({"K3"}))), workers=1)
    publish_plan(published, ALL, plan)
    add_visit(published, "A1", "K3", "2026-11-24T02:00:00Z", officer_id="P2")
    add_visit(published, "A2", "K1", "2026-11-24T02:00:00Z")  # planned
    add_visit(published, "A3", "K3", "2026-11-24T02:00:00Z", officer_id="P9")  # not an officer of the week
    add_visit(published, "A4", "K3", "2026-11-30T02:00:00Z", officer_id="P2")  # the week after
    rows = list_unplanned_visits(published, ALL, week=WEEK)
    assert rows.index.tolist() == ["A1"]
    assert rows.loc["A1", ["officer_id", "household_id", "village_code"]].tolist() == ["P2", "K3", EAST]


def test_progress_holds_no_more_than_the_principal_may_see(published: Database) -> None:
    add_visit(published, "A1", "K1", "2026-11-24T02:00:00Z", officer_id="P2")
    assert follow(published, FRIDAY, EASTERN).index.tolist() == ["K3"]
    assert list_unplanned_visits(published, EASTERN, week=WEEK).empty


def test_week_without_a_plan_has_no_stops(published: Database) -> None:
    assert follow_plan(published, ALL, week="2026-W50").empty
    assert list_unplanned_visits(published, ALL, week="2026-W50").empty
