"""What settings and households' tags ask of a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from data.errors import DataError
from data.plans import WeekRequest, build_plan, gather_week
from data.plans.rules import read_rules, read_shifts, read_tag_wishes, read_weights
from data.principal import Principal
from data.settings import Settings, get_settings
from geo.routes import PRESETS, PlanRules
from tests.data.builders import make_households, make_villages, store
from tests.data.plans import WEEK, make_officers

if TYPE_CHECKING:
    from data.database import Database

ALL = Principal.demo()


def test_default_settings_are_the_rules_of_the_design() -> None:
    assert read_rules(Settings()) == PlanRules()


def test_weights_are_the_presets_with_the_points_of_tags() -> None:
    weights = read_weights(Settings(plan_tags="lansia=1.5 korban=2"), "crime")
    assert (weights.status, weights.risk) == (PRESETS["crime"].status, PRESETS["crime"].risk)
    assert weights.tags == {"lansia": 1.5, "korban": 2.0}
    assert read_weights(Settings(plan_tags=""), "gap") == PRESETS["gap"]


@pytest.mark.parametrize(
    ("tags", "must", "opens_h", "closes_h"),
    [
        (None, False, None, None),
        ("lansia; must-visit", True, None, None),
        ("WAJIB", True, None, None),
        ("wajibkan", False, None, None),
        ("16:00-18:00", False, 16, 18),
        ("after-16.30,lansia", False, 16.5, None),
        ("Setelah-8:00", False, 8, None),
        ("sampai-11:30", False, None, 11.5),
        ("after-9:00 before-12:00", False, 9, 12),
        ("18:00-16:00", False, None, None),  # ends before it begins
        ("after-25:00", False, None, None),
        ("after-10:75", False, None, None),
        ("RT-02.10-99", False, None, None),
    ],
)
def test_tags_tell_who_must_be_visited_and_when_somebody_is_in(
    tags: str | None, *, must: bool, opens_h: float | None, closes_h: float | None
) -> None:
    read = read_tag_wishes(pd.Series([tags], dtype="str")).iloc[0]
    assert bool(read["must"]) is must
    for found, hours in ((read["open_from_s"], opens_h), (read["open_until_s"], closes_h)):
        assert (None if pd.isna(found) else found / 3600) == hours


@pytest.mark.parametrize("text", ["", "8-12", "08:00-12:00 11:00-16:00", "13:00-12:00", "08:00-25:00"])
def test_shifts_that_are_no_hours_in_order_are_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMBANG_PLAN_SHIFTS", text)
    get_settings.cache_clear()
    with pytest.raises(DataError, match="Invalid setting SAMBANG_PLAN_SHIFTS"):
        get_settings()
    get_settings.cache_clear()


def test_shifts_are_named_by_when_they_start() -> None:
    shifts = read_shifts("07:00-09:00 09:30-12:00 13:00-15:00 16:00-18:00")
    assert [shift.name for shift in shifts] == ["morning", "morning 2", "afternoon", "evening"]
    assert [(shift.start_s, shift.end_s) for shift in shifts][1] == (34_200, 43_200)


def test_a_household_at_home_after_four_is_visited_then_or_not_at_all(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The default day ends at 16:00: only a unit that works longer gets there."""
    store(database, "boundaries", make_villages())
    tags = ["after-16:00", "must-visit", None, None]
    store(database, "households", make_households().assign(tags=pd.array(tags, dtype="str")))
    store(database, "officers", make_officers())
    planned = build_plan(gather_week(database, ALL, WeekRequest(WEEK, seconds=0.5))).stops
    assert "K1" not in planned["household_id"].tolist()
    assert {"K2", "K3"} <= set(planned["household_id"])
    monkeypatch.setenv("SAMBANG_PLAN_SHIFTS", "08:00-12:00 13:00-15:00 16:00-18:00")
    get_settings.cache_clear()
    try:
        built = build_plan(gather_week(database, ALL, WeekRequest(WEEK, seconds=0.5)))
    finally:
        get_settings.cache_clear()
    stop = built.stops.set_index("household_id").loc["K1"]
    assert (stop["shift"], stop["start_s"] >= 16 * 3600, built.violations) == ("evening", True, ())
    assert built.week.problem.households["must"].to_dict() == {"K1": False, "K2": True, "K3": False}
