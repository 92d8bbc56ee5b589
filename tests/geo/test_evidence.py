from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from data.sample import Sample, make_sample
from geo.coverage import measure_coverage
from geo.effort import assign_officers
from geo.errors import ColumnError
from geo.evidence import (
    CLASS_DESCRIPTIONS,
    FLAGS,
    EvidenceRules,
    apply_decisions,
    assess_visits,
    compute_support_distance,
    measure_distance,
)
from geo.ground import measure_ground_distance, project_locally
from tests.geo.logs import JAKARTA, make_households, make_log, make_villages

HOUSEHOLDS = make_households(h1=(500, 500), h2=None, h3=(5, 500))


def assess(visits: pd.DataFrame, rules: EvidenceRules | None = None) -> pd.DataFrame:
    rules = rules or EvidenceRules()
    return assess_visits(visits, HOUSEHOLDS, make_villages(), time_zone=JAKARTA, rules=rules)


def classify(x: float, y: float, *, household: str | None = "h1", accuracy_m: float = 5.0) -> str:
    visits = make_log(["2026-10-05 09:00"], places=[(x, y)], household_id=[household], accuracy_m=accuracy_m)
    return assess(visits)["evidence"].item()


# ---- classes


def test_a_fix_within_30_m_of_its_household_supports_the_visit() -> None:
    assert classify(500, 529.9) == "supported"
    assert classify(500, 530.1) == "nearby"


def test_a_poor_fix_supports_within_its_accuracy_up_to_100_m() -> None:
    assert classify(500, 559.9, accuracy_m=60) == "supported"
    assert classify(500, 560.1, accuracy_m=60) == "nearby"
    assert classify(500, 599.9, accuracy_m=5_000) == "supported"
    assert classify(500, 600.1, accuracy_m=5_000) == "nearby"


def test_the_distance_of_support_holds_its_border() -> None:
    at = np.array([0.0, 30.0, 30.5, 100.0, 101.0, np.nan, -5.0])
    assert compute_support_distance(at).tolist() == [30, 30, 30.5, 100, 100, 30, 30]


def test_a_fix_up_to_100_m_beyond_the_border_is_nearby_and_farther_needs_a_look() -> None:
    assert classify(-24.5, 500, household="h3") == "supported"  # 29.5 m from its household, across the border
    assert classify(-99.5, 500, household="h3") == "nearby"
    assert classify(-100.5, 500, household="h3") == "to_review"


def test_without_a_fix_or_a_point_of_the_household_a_visit_is_unlocated() -> None:
    visits = make_log(
        ["2026-10-05 09:00", "2026-10-06 09:00", "2026-10-07 09:00", "2026-10-08 09:00"],
        places=[None, (500, 500), (500, 500), (400, 400)],
        household_id=["h1", "h2", None, "unknown"],
    )
    answer = assess(visits)
    assert answer["evidence"].tolist() == ["unlocated"] * 4
    assert answer["distance_m"].isna().all()


def test_a_flag_without_a_fix_still_needs_a_look() -> None:
    visits = make_log(["2026-10-05 09:00", "2026-10-05 10:00"], household_id="h1")
    answer = assess(visits)
    assert answer["evidence"].tolist() == ["unlocated", "to_review"]
    assert answer["duplicate"].tolist() == [False, True]


def test_dates_without_times_and_places_are_unlocated_and_raise_no_question() -> None:
    visits = make_log(["2026-10-05"] * 20)[["visited_at", "officer_id"]]
    assert (assess(visits)["evidence"] == "unlocated").all()


def test_columns_are_those_of_the_flags_and_the_classes_have_an_order() -> None:
    answer = assess(make_log(["2026-10-05 05:00"], places=[(500, 500)], household_id=["h1"]))
    assert answer.columns.tolist() == ["distance_m", "evidence", *FLAGS, "n_flags"]
    assert answer["evidence"].cat.categories.tolist() == list(CLASS_DESCRIPTIONS)
    assert answer["evidence"].cat.ordered
    assert answer["n_flags"].tolist() == [1]
    assert assess(make_log([])).empty


def test_every_flag_is_a_question_and_none_a_verdict() -> None:
    assert all(str(text).endswith("?") for text in FLAGS.values())
    said = " ".join([*map(str, FLAGS.values()), *CLASS_DESCRIPTIONS.values()]).lower()
    assert not any(word in said for word in ("fake", "fraud", "false", "lie ", "cheat"))


def test_flats_are_spared_on_demand() -> None:
    flats = make_households(**{f"h{number}": (500, 500) for number in range(6)})
    times = [f"2026-10-05 {9 + number:02d}:00" for number in range(6)]
    visits = make_log(times, places=[(500, 500)] * 6, household_id=flats.index)

    def classes(*, spare: bool) -> set[str]:
        rules = EvidenceRules(stacked_spares_supported=spare)
        return set(assess_visits(visits, flats, make_villages(), time_zone=JAKARTA, rules=rules)["evidence"])

    assert classes(spare=False) == {"to_review"}
    assert classes(spare=True) == {"supported"}


def test_visits_and_households_must_be_unique() -> None:
    visits = make_log(["2026-10-05 09:00"], household_id="h1")
    with pytest.raises(ColumnError, match="'V0000' occurs more than once"):
        assess(pd.concat([visits, visits]))
    with pytest.raises(ColumnError, match="'h1' occurs more than once"):
        assess_visits(visits, pd.concat([HOUSEHOLDS, HOUSEHOLDS]), make_villages(), time_zone=JAKARTA)


# ---- what must always hold


@st.composite
def logs(draw: st.DrawFn) -> pd.DataFrame:
    """Draw visits of two officers within a few days, often at the same places, times and households."""
    n = draw(st.integers(0, 14))
    minute = st.integers(0, 3 * 24 * 60).map(
        lambda m: f"2026-10-{5 + m // 1440:02d} {m // 60 % 24:02d}:{m % 60:02d}"
    )
    places = st.one_of(st.none(), st.tuples(st.sampled_from([0, 4, 500, 520]), st.sampled_from([500, 700])))
    visits = make_log(
        draw(st.lists(minute, min_size=n, max_size=n)),
        places=draw(st.lists(places, min_size=n, max_size=n)) or None,
        household_id=pd.array(
            draw(st.lists(st.sampled_from(["h1", "h2", "h3", "h9", None]), min_size=n, max_size=n)),
            dtype="str",
        ),
        accuracy_m=draw(st.lists(st.sampled_from([0.0, 5.0, 80.0, np.nan]), min_size=n, max_size=n)),
        remarks=pd.array(
            draw(st.lists(st.sampled_from(["x" * 30, "y" * 30, None]), min_size=n, max_size=n)), dtype="str"
        ),
    )
    officers = draw(st.lists(st.sampled_from(["o1", "o2"]), min_size=n, max_size=n))
    return visits.assign(officer_id=pd.array(officers, dtype="str"))


@settings(max_examples=40, deadline=None)
@given(visits=logs(), seed=st.integers(0, 99))
def test_order_and_dtype_do_not_matter_and_input_stays(visits: pd.DataFrame, seed: int) -> None:
    before = visits.copy()
    answer = assess(visits)
    pd.testing.assert_frame_equal(visits, before)
    assert answer.index.equals(visits.index)
    shuffled = visits.sample(frac=1, random_state=seed)
    pd.testing.assert_frame_equal(assess(shuffled), answer.loc[shuffled.index])
    categories = visits.astype({"officer_id": "category", "household_id": "category"})
    pd.testing.assert_frame_equal(assess(categories), answer)


@settings(max_examples=40, deadline=None)
@given(visits=logs())
def test_classes_follow_from_distances_and_flags(visits: pd.DataFrame) -> None:
    answer = assess(visits)
    assert (answer[list(FLAGS)].sum(axis=1) == answer["n_flags"]).all()
    assert ((answer["evidence"] == "to_review") == (answer["n_flags"] > 0)).all()
    supported = answer[answer["evidence"] == "supported"]
    assert (supported["distance_m"] <= 100).all()
    assert answer.loc[answer["evidence"] == "unlocated", "distance_m"].isna().all()


# ---- decisions


EVIDENCE = pd.DataFrame(
    {
        "distance_m": [5.0, 5.0, 900.0, np.nan, 60.0],
        "evidence": ["supported", "to_review", "to_review", "to_review", "nearby"],
    },
    index=["a", "b", "c", "d", "e"],
)


NO_DECISIONS = pd.DataFrame({"decision": pd.Series(dtype="str")})


def decide(**decisions: str) -> pd.DataFrame:
    return apply_decisions(EVIDENCE, pd.DataFrame({"decision": pd.Series(decisions, dtype="str")}))


def test_without_decisions_what_is_supported_qualifies() -> None:
    answer = decide()
    assert answer["qualifies"].tolist() == [True, False, False, False, False]
    assert answer["open"].tolist() == [False, True, True, True, False]
    assert answer["decision"].isna().all()


def test_accepted_visits_qualify_and_those_set_aside_do_not() -> None:
    answer = decide(a="set_aside", b="accepted", c="accepted", e="set_aside", elsewhere="accepted")
    assert answer["qualifies"].tolist() == [False, True, True, False, False]
    assert answer["open"].tolist() == [False, False, False, True, False]
    assert answer.index.equals(EVIDENCE.index)


def test_a_visit_without_location_never_becomes_evidence() -> None:
    answer = decide(d="accepted")
    assert not answer.loc["d", "qualifies"]
    assert not answer.loc["d", "open"]


def test_doubtful_decisions_are_refused() -> None:
    with pytest.raises(ColumnError, match="Unknown decision 'maybe'"):
        decide(a="maybe")
    twice = pd.DataFrame({"decision": ["accepted", "set_aside"]}, index=["a", "a"])
    with pytest.raises(ColumnError, match="'a' has more than one decision"):
        apply_decisions(EVIDENCE, twice)
    with pytest.raises(ColumnError, match="no column 'decision'"):
        apply_decisions(EVIDENCE, EVIDENCE)


# ---- distances


def test_distances_are_those_of_the_ellipsoid() -> None:
    rng = np.random.default_rng(1)
    lon, lat = rng.uniform(95, 141, 500), rng.uniform(-11, 6, 500)
    other_lon, other_lat = lon + rng.normal(0, 0.03, 500), lat + rng.normal(0, 0.03, 500)
    truth = Geod(ellps="WGS84").inv(lon, lat, other_lon, other_lat)[2]
    assert measure_ground_distance(lon, lat, other_lon, other_lat) == pytest.approx(truth, rel=2e-6)
    x, y = project_locally(other_lon, other_lat, west=lon, south=lat)
    assert np.hypot(x, y) == pytest.approx(truth, rel=1e-3)
    around = measure_ground_distance(*(np.array([degrees]) for degrees in (179.999, 0.0, -179.999, 0.0)))
    assert around.item() == pytest.approx(0.002 * 111_319.5, rel=1e-5)


def test_coordinates_beyond_the_earth_are_no_fix() -> None:
    visits = pd.DataFrame({"household_id": ["h1", "h1"], "lon": [511.0, 111.0], "lat": [-7.4, -97.4]})
    assert measure_distance(visits, HOUSEHOLDS).isna().all()


# ---- the sample


@pytest.fixture(scope="module")
def sample() -> Sample:
    return make_sample("district", until=date(2026, 11, 1))


def test_the_desk_bound_of_the_sample_report_much_and_little_of_it_is_supported(sample: Sample) -> None:
    evidence = assess_visits(sample.visits, sample.households, sample.villages, time_zone=JAKARTA)
    supported = (evidence["evidence"] == "supported").groupby(sample.visits["officer_id"]).mean()
    assert supported[sample.habits == "desk_bound"].max() < 0.15
    assert supported[sample.habits == "diligent"].min() > 0.75
    visits = sample.visits.assign(qualifies=apply_decisions(evidence, NO_DECISIONS)["qualifies"])
    charge = assign_officers(sample.households, sample.officers)
    year = {"since": pd.Timestamp("2025-11-01", tz=JAKARTA), "until": pd.Timestamp("2026-11-01", tz=JAKARTA)}
    coverage = measure_coverage(sample.households, visits, **year, by=charge)
    desk_bound = coverage[sample.habits.reindex(coverage.index) == "desk_bound"]
    assert (desk_bound["reported_coverage"] > 0.6).all()
    assert (desk_bound["evidenced_coverage"] < 0.05).all()
    questions = evidence[list(FLAGS)].groupby(sample.visits["officer_id"]).mean()
    assert (questions.loc[sample.habits == "desk_bound", ["burst", "copied_remarks"]] > 0.6).all(axis=None)
    assert (questions[sample.habits == "diligent"] < 0.05).all(axis=None)
