"""Each flag at the border of its threshold, on both sides."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo.errors import ColumnError, GeoError, PeriodError
from geo.evidence import (
    FLAGS,
    EvidenceRules,
    flag_burst,
    flag_duplicate,
    flag_mock_fix,
    flag_odd_hours,
    flag_outside_village,
    flag_stacked,
    flag_too_fast,
)
from geo.evidence.columns import combine_codes, mark_runs
from geo.evidence.stacks import find_stacked
from tests.geo.logs import JAKARTA, make_households, make_log, make_villages

ZONE = {"time_zone": JAKARTA}


# ---- outside_village


def outside(x: float, y: float, *, household: str = "h1") -> bool:
    visits = make_log(["2026-10-05 09:00"], places=[(x, y)], household_id=[household])
    households = make_households(h1=(500, 500), h2=None)
    return flag_outside_village(visits, households, make_villages()).item()


def test_a_fix_more_than_100_m_beyond_the_border_is_outside() -> None:
    assert not outside(500, -99.5)
    assert outside(500, -100.5)


def test_the_next_village_is_outside_too() -> None:
    assert not outside(1_099.5, 500)
    assert outside(1_100.5, 500)


def test_a_household_without_a_point_still_has_its_village() -> None:
    assert outside(500, -100.5, household="h2")


def test_without_household_village_polygon_or_fix_nothing_is_outside() -> None:
    households = make_households(h1=(500, 500), h2=(500, 500), h3=(500, 500))
    households.loc["h2", "village_code"] = None
    households.loc["h3", "village_code"] = "v9"
    visits = make_log(
        ["2026-10-05 09:00"] * 4,
        places=[(500, 9_000)] * 3 + [None],
        household_id=[None, "h2", "h3", "h1"],
    )
    villages = make_villages()
    assert not flag_outside_village(visits, households, villages).any()
    assert not flag_outside_village(visits.drop(columns="household_id"), households, villages).any()
    assert not flag_outside_village(visits.drop(columns=["lon", "lat"]), households, villages).any()
    villages.loc["v1", "geometry"] = None
    far = visits.assign(household_id="h1")
    assert not flag_outside_village(far, households, villages).any()


def test_where_villages_overlap_the_fix_is_in_both() -> None:
    villages = make_villages()
    villages.loc["v2", "geometry"] = villages.loc["v1", "geometry"]
    households = make_households(h1=(500, 500)).assign(village_code="v2")
    visits = make_log(["2026-10-05 09:00"], places=[(500, 500)], household_id=["h1"])
    assert not flag_outside_village(visits, households, villages).any()


def test_areas_may_be_in_metres() -> None:
    visits = make_log(["2026-10-05 09:00"] * 2, places=[(500, -99), (500, -101)], household_id="h1")
    villages = make_villages().to_crs("EPSG:32749")
    assert flag_outside_village(visits, make_households(h1=(500, 500)), villages).tolist() == [False, True]


# ---- stacked


def stacked(*xs: float, households: str = "abcdefgh", **options: object) -> list[bool]:
    times = [f"2026-10-05 {9 + number:02d}:00" for number in range(len(xs))]
    visits = make_log(times, places=[(x, 0) for x in xs], household_id=list(households[: len(xs)]))
    return flag_stacked(visits, **ZONE, **options).tolist()


def test_five_households_at_one_spot_are_stacked_and_four_are_not() -> None:
    assert stacked(0, 0, 0, 0, 0) == [True] * 5
    assert stacked(0, 0, 0, 0) == [False] * 4


def test_a_spot_reaches_10_m_from_the_fix_in_its_middle() -> None:
    assert stacked(0, 9.9, 9.9, 9.9, 19.8) == [True] * 5
    assert stacked(0, 10.1, 10.1, 10.1, 20.2) == [False] * 5
    assert stacked(0, 0, 0, 0, 0, 9.9) == [True] * 6
    assert stacked(0, 0, 0, 0, 0, 10.1) == [True] * 5 + [False]


def test_the_border_of_a_spot_belongs_to_it() -> None:
    places = np.column_stack([[0.0, 10.0, 20.0, 30.1], np.zeros(4)])
    found = find_stacked(np.zeros(4, dtype=int), np.arange(4), places, at_least=3, within_m=10.0)
    assert found.tolist() == [True, True, True, False]


def test_one_household_many_times_is_no_stack() -> None:
    assert stacked(0, 0, 0, 0, 0, 0, households="abcdda") == [False] * 6


def test_other_officers_and_other_days_are_other_stacks() -> None:
    visits = make_log(["2026-10-05 09:00"] * 5, places=[(0, 0)] * 5, household_id=list("abcde"))
    assert flag_stacked(visits, **ZONE).all()
    assert not flag_stacked(visits.assign(officer_id=["o1"] * 4 + ["o2"]), **ZONE).any()
    midnight = make_log(
        ["2026-10-05 23:00"] * 4 + ["2026-10-06 01:00"], places=[(0, 0)] * 5, household_id=list("abcde")
    )
    assert not flag_stacked(midnight, **ZONE).any()
    assert flag_stacked(midnight, time_zone="UTC").all()  # one day there


def test_spared_visits_are_neither_counted_nor_flagged() -> None:
    visits = make_log(["2026-10-05 09:00"] * 6, places=[(0, 0)] * 6, household_id=list("abcdef"))
    spared = pd.Series([True, True, False, False, False, False], index=visits.index)
    assert not flag_stacked(visits, **ZONE, spared=spared).any()
    assert flag_stacked(visits, **ZONE, spared=spared, at_least=4).tolist() == [False, False] + [True] * 4


def test_stacks_equal_those_of_looking_at_all_pairs() -> None:
    rng = np.random.default_rng(3)
    n = 400
    days, households = rng.integers(0, 4, n), rng.integers(0, 40, n)
    places = rng.normal(0, 25, (n, 2)).round(0)
    near = (np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1)) <= 10) & (
        days[:, None] == days[None]
    )
    middle = np.array([len(set(households[row])) >= 5 for row in near])
    expected = (near & middle[None]).any(axis=1)
    assert 0.1 < expected.mean() < 0.9
    assert np.array_equal(find_stacked(days, households, places, at_least=5, within_m=10.0), expected)


# ---- too_fast


def too_fast(times: list[str], xs: list[float | None], **options: object) -> list[bool]:
    visits = make_log(times, places=[None if x is None else (x, 0) for x in xs])
    return flag_too_fast(visits, **ZONE, **options).tolist()


def test_more_than_60_km_per_hour_flags_the_later_visit() -> None:
    minute = ["2026-10-05 09:00", "2026-10-05 09:01"]
    assert too_fast(minute, [0, 999]) == [False, False]
    assert too_fast(minute, [0, 1_001]) == [False, True]
    assert too_fast(minute[::-1], [1_001, 0]) == [True, False]


def test_two_reports_of_one_second_may_be_a_second_apart() -> None:
    same = ["2026-10-05 09:00:07"] * 2
    assert too_fast(same, [0, 16]) == [False, False]  # 16.67 m in a second are 60 km/h
    assert too_fast(same, [0, 17]) == [False, True]
    assert too_fast(same, [0, 999], clock_s=60) == [False, False]


def test_visits_without_a_fix_are_passed_over() -> None:
    times = ["2026-10-05 09:00:00", "2026-10-05 09:00:30", "2026-10-05 09:01:00"]
    assert too_fast(times, [0, None, 1_001]) == [False, False, True]


def test_each_officer_has_an_own_way() -> None:
    visits = make_log(["2026-10-05 09:00", "2026-10-05 09:01"], places=[(0, 0), (5_000, 0)])
    assert not flag_too_fast(visits.assign(officer_id=["o1", "o2"]), **ZONE).any()


# ---- burst


def burst(times: list[str], **options: object) -> list[bool]:
    return flag_burst(make_log(times), **ZONE, **options).tolist()


def test_five_visits_in_ten_minutes_are_a_burst() -> None:
    exactly = [f"2026-10-05 09:0{minute}:00" for minute in (0, 2, 4, 6)] + ["2026-10-05 09:10:00"]
    assert burst(exactly) == [True] * 5
    assert burst([*exactly[:4], "2026-10-05 09:10:00.000001"]) == [False] * 5
    assert burst(exactly[:4]) == [False] * 4


def test_a_burst_flags_all_its_visits_and_no_others() -> None:
    minutes = (0, 20, 22, 24, 26, 28, 31, 50)  # 20 to 28, and 22 to 31
    assert burst([f"2026-10-05 09:{minute:02d}" for minute in minutes]) == [False] + [True] * 6 + [False]


def test_a_burst_is_of_one_officer() -> None:
    visits = make_log(["2026-10-05 09:00"] * 5).assign(officer_id=["o1"] * 4 + ["o2"])
    assert not flag_burst(visits, **ZONE).any()


# ---- odd_hours


@pytest.mark.parametrize(
    ("clock", "odd"),
    [
        ("05:59:59.999999", True),
        ("06:00:00", False),
        ("21:00:00", False),
        ("21:00:00.000001", True),
        ("00:00:01", True),
    ],
)
def test_the_day_is_from_six_to_nine_in_the_evening(clock: str, odd: bool) -> None:  # noqa: FBT001 - a table
    assert flag_odd_hours(make_log([f"2026-10-05 {clock}"]), **ZONE).item() == odd


def test_hours_are_local() -> None:
    visits = make_log(["2026-10-05 06:30"])  # 08:30 in Jayapura, 23:30 of the day before in UTC
    assert not flag_odd_hours(visits, **ZONE).any()
    assert flag_odd_hours(visits, time_zone="UTC").all()


def test_a_date_without_a_time_is_not_assessed_by_its_hour() -> None:
    dates = make_log(["2026-10-05"] * 6, places=[(x, 0) for x in range(0, 6_000, 1_000)])
    for flag in (flag_odd_hours, flag_burst, flag_too_fast):
        assert not flag(dates, **ZONE).any()
        assert flag(dates, **ZONE, midnight_is_unknown=False).any()


# ---- duplicate


def test_the_second_visit_of_the_day_is_a_duplicate_and_the_first_is_not() -> None:
    times = ["2026-10-05 15:00", "2026-10-05 09:00", "2026-10-05 23:59", "2026-10-06 00:01"]
    assert flag_duplicate(make_log(times, household_id="h1"), **ZONE).tolist() == [True, False, True, False]


def test_other_officers_other_households_and_none_are_no_duplicates() -> None:
    visits = make_log(["2026-10-05 09:00"] * 4, household_id=["h1", "h1", None, None])
    visits["officer_id"] = ["o1", "o2", "o1", "o1"]
    assert not flag_duplicate(visits, **ZONE).any()


def test_of_two_at_the_same_moment_the_lower_id_is_first_in_any_order() -> None:
    visits = make_log(["2026-10-05 09:00"] * 2, household_id="h1")
    assert flag_duplicate(visits, **ZONE).to_dict() == {"V0000": False, "V0001": True}
    assert flag_duplicate(visits[::-1], **ZONE).to_dict() == {"V0000": False, "V0001": True}


# ---- mock_fix


def mock_fix(times: list[str], xs: list[float], **columns: object) -> list[bool]:
    return flag_mock_fix(make_log(times, places=[(x, 0) for x in xs], **columns), **ZONE).tolist()


def test_an_accuracy_of_exactly_0_is_a_mock_fix() -> None:
    assert mock_fix(["2026-10-05 09:00"] * 3, [0, 5, 10], accuracy_m=[0.0, 0.01, np.nan]) == [
        True,
        False,
        False,
    ]


def test_accuracy_0_without_a_fix_says_nothing() -> None:
    assert not flag_mock_fix(make_log(["2026-10-05 09:00"], accuracy_m=0.0), **ZONE).any()


def test_the_same_coordinates_on_three_days_are_a_mock_fix() -> None:
    days = ["2026-10-05 09:00", "2026-10-06 09:00", "2026-10-07 09:00"]
    assert mock_fix(days, [0, 0, 0]) == [True] * 3
    assert mock_fix(days[:2], [0, 0]) == [False] * 2
    assert mock_fix(["2026-10-05 09:00", "2026-10-05 10:00", "2026-10-06 09:00"], [0, 0, 0]) == [False] * 3


def test_coordinates_are_the_same_to_six_decimals() -> None:
    visits = make_log(["2026-10-05 09:00", "2026-10-06 09:00", "2026-10-07 09:00"])
    visits["lat"] = -7.4
    close, apart = [111.4500001, 111.4500004, 111.4499996], [111.45, 111.45, 111.450001]
    assert flag_mock_fix(visits.assign(lon=close), **ZONE).all()
    assert not flag_mock_fix(visits.assign(lon=apart), **ZONE).any()
    officers = visits.assign(lon=close, officer_id=["o1", "o1", "o2"])
    assert not flag_mock_fix(officers, **ZONE).any()


# ---- what all share


@pytest.mark.parametrize("flag", [flag_burst, flag_duplicate, flag_mock_fix, flag_odd_hours, flag_stacked])
def test_a_log_of_nothing_but_times_and_officers_raises_what_it_can(flag: object) -> None:
    visits = make_log(["2026-10-05 09:00"] * 2)[["visited_at", "officer_id"]]
    raised = flag(visits, **ZONE)  # type: ignore[operator] - each flag is called alike
    assert raised.index.equals(visits.index)
    assert raised.dtype == np.bool_
    assert not raised.any()
    assert flag(visits.iloc[:0], **ZONE).empty  # type: ignore[operator] - as above
    assert raised.name in FLAGS


def test_a_visit_without_a_time_raises_no_flag_of_time() -> None:
    visits = make_log(["2026-10-05 09:00"] * 5, places=[(0, 0)] * 5, household_id=list("abcda"))
    visits["visited_at"] = pd.Series(pd.NaT, index=visits.index, dtype="datetime64[us, UTC]")
    for flag in (flag_burst, flag_duplicate, flag_mock_fix, flag_odd_hours, flag_stacked, flag_too_fast):
        assert not flag(visits, **ZONE).any()


def test_missing_columns_zones_and_senseless_rules_are_refused() -> None:
    visits = make_log(["2026-10-05 09:00"])
    with pytest.raises(ColumnError, match="officer_id"):
        flag_burst(visits.drop(columns="officer_id"), **ZONE)
    with pytest.raises(ColumnError, match="time zone"):
        flag_burst(visits.assign(visited_at=visits["visited_at"].dt.tz_localize(None)), **ZONE)
    with pytest.raises(PeriodError, match="Mars"):
        flag_odd_hours(visits, time_zone="Mars/Olympus")
    with pytest.raises(ColumnError, match="village_code"):
        flag_outside_village(visits, make_households(h1=None).drop(columns="village_code"), make_villages())
    with pytest.raises(GeoError, match="support_m must be 0 or more, not -1"):
        EvidenceRules(support_m=-1)
    with pytest.raises(GeoError, match="burst_visits must be 2 or more, not 1"):
        EvidenceRules(burst_visits=1)


def test_runs_and_codes() -> None:
    assert mark_runs(np.array([0, 0, 1]), np.array([1, 2, 3]), at_least=3, within=9).tolist() == [False] * 3
    assert not mark_runs(np.empty(0, dtype=int), np.empty(0), at_least=3, within=9).size
    huge = np.array([0, 2**40, 2**40])
    codes = combine_codes(huge, huge, np.array([5, 5, 6]))  # too large for one number: made small on the way
    assert codes[0] < codes[1] < codes[2]
