from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from data.sample import make_sample
from geo.effort import assign_officers, measure_effort
from geo.errors import ColumnError, PeriodError
from tests.geo.logs import JAKARTA, make_log

WINDOW = {
    "since": pd.Timestamp("2026-10-01", tz=JAKARTA),
    "until": pd.Timestamp("2026-11-01", tz=JAKARTA),
    "zone": JAKARTA,
}


def log_of(*households: str | None) -> pd.DataFrame:
    """Make one visit a day of officer o1."""
    times = [f"2026-10-{1 + number:02d} 09:00" for number in range(len(households))]
    return make_log(times, household_id=pd.array(list(households), dtype="str"))


def test_households_per_visit_is_one_for_a_new_household_each_time() -> None:
    assert measure_effort(log_of("a", "b", "c"), **WINDOW).loc["o1", "households_per_visit"] == 1
    assert measure_effort(log_of("a", "b", "a", "a"), **WINDOW).loc["o1", "households_per_visit"] == 0.5


def test_visits_of_one_local_day_are_one() -> None:
    times = ["2026-10-05 00:30", "2026-10-05 23:30", "2026-10-06 00:30"]
    answer = measure_effort(make_log(times, household_id="a"), **WINDOW)
    assert answer.loc["o1", ["n_visits", "n_visited"]].tolist() == [2, 1]


def test_the_most_visited_tenth_is_rounded_up() -> None:
    ten = measure_effort(log_of(*"aaabcdefghij"), **WINDOW)  # one of ten households took 3 of 12 visits
    assert ten.loc["o1", "top_visit_share"] == pytest.approx(3 / 12)
    eleven = measure_effort(log_of(*"aaabbcdefghijk"), **WINDOW)  # two of eleven took 5 of 14
    assert eleven.loc["o1", "top_visit_share"] == pytest.approx(5 / 14)


def test_the_tenth_may_be_of_the_registered_households() -> None:
    registered = pd.Series({"o1": 30})
    answer = measure_effort(log_of(*"aaabbcdefg"), **WINDOW, n_households=registered)  # a tenth are 3
    assert answer.loc["o1", "top_visit_share"] == pytest.approx(6 / 10)


def test_visits_to_no_known_household_are_counted_apart() -> None:
    answer = measure_effort(log_of("a", None, None), **WINDOW)
    assert answer.loc["o1", ["n_visits", "n_unmatched", "n_visited"]].tolist() == [1, 2, 1]
    nobody = measure_effort(log_of(None), **WINDOW)
    assert nobody[["households_per_visit", "top_visit_share"]].isna().all(axis=None)


def test_an_occasion_is_evidenced_if_one_of_its_reports_is() -> None:
    visits = make_log(["2026-10-05 09:00", "2026-10-05 10:00", "2026-10-06 09:00"], household_id="a")
    answer = measure_effort(visits.assign(qualifies=[False, True, False]), **WINDOW)
    assert answer.loc["o1", ["n_visits", "n_evidenced"]].tolist() == [2, 1]
    assert "n_evidenced" not in measure_effort(visits, **WINDOW)


def test_officers_are_sorted_and_the_period_is_half_open() -> None:
    times = ["2026-10-01 00:00", "2026-11-01 00:00", "2026-10-31 23:59", "2026-10-05 09:00"]
    visits = make_log(times, household_id="a").assign(officer_id=["o2", "o3", "o1", None])
    answer = measure_effort(visits, **WINDOW)
    assert answer.index.tolist() == ["o1", "o2"]
    assert answer.index.name == "officer_id"
    categories = visits.astype({"officer_id": "category", "household_id": "category"})
    pd.testing.assert_frame_equal(measure_effort(categories[::-1], **WINDOW), answer, check_index_type=False)
    assert measure_effort(visits.iloc[:0], **WINDOW).empty


def test_bad_input_is_refused() -> None:
    visits = log_of("a")
    with pytest.raises(PeriodError, match="Mars"):
        measure_effort(visits, **{**WINDOW, "zone": "Mars/Olympus"})
    with pytest.raises(ColumnError, match="officer_id"):
        measure_effort(visits.drop(columns="officer_id"), **WINDOW)


def test_a_village_of_two_officers_is_theirs_together() -> None:
    households = pd.DataFrame(
        {"village_code": ["v1", "v2", "v3", None]}, index=pd.Index(["h1", "h2", "h3", "h4"])
    )
    officers = pd.DataFrame({"villages": ["v2", "v1 v2", None]}, index=pd.Index(["o2", "o1", "o3"]))
    answer = assign_officers(households, officers)
    assert answer.tolist()[:2] == ["o1", "o1 o2"]
    assert answer.isna().tolist() == [False, False, True, True]
    with pytest.raises(ColumnError, match="villages"):
        assign_officers(households, officers.drop(columns="villages"))


def test_the_lazy_of_the_sample_go_to_a_few_families() -> None:
    sample = make_sample("district", until=date(2026, 11, 1))
    charge = assign_officers(sample.households, sample.officers)
    year = {**WINDOW, "since": pd.Timestamp("2025-11-01", tz=JAKARTA)}
    effort = measure_effort(sample.visits, **year, n_households=charge.value_counts())
    habits = sample.habits.reindex(effort.index)
    assert effort.loc[habits == "lazy", "top_visit_share"].min() > 0.7
    assert effort.loc[habits == "diligent", "top_visit_share"].max() < 0.4
    assert np.isfinite(effort["households_per_visit"]).all()


def test_day_without_contact_is_an_attempt_and_not_a_visit() -> None:
    at = pd.DatetimeIndex(["2026-10-05 09:00", "2026-10-05 15:00", "2026-10-06 09:00"], tz="Asia/Jakarta")
    visits = pd.DataFrame({"visited_at": at, "officer_id": "o1", "household_id": ["a", "a", "b"]})
    visits = visits.assign(attempt=pd.Series(["absent", None, "absent"], dtype="str"), qualifies=True)
    row = measure_effort(visits, since=at[0].normalize(), until=at[-1].ceil("D"), zone="Asia/Jakarta").loc[
        "o1"
    ]
    # nobody was at home at a in the morning, somebody in the afternoon; b was only tried
    assert row[["n_visits", "n_attempts", "n_visited", "n_evidenced"]].tolist() == [1, 1, 1, 1]
