"""The sample place as a whole: its counts, its columns, and that it is the same each time."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

import numpy as np
import pandas as pd
import pytest

from data.errors import DataError
from data.sample import SCALES, Sample, make_sample
from data.schema import find_failures
from geo.join import locate_points
from tests.volume import volume

UNTIL = date(2026, 11, 1)
END = pd.Timestamp("2026-11-01", tz="Asia/Jakarta")

GIVEN = ["village_given", "district_given", "village_code_given"]
COLUMNS = {
    "villages": [
        "village",
        "district_code",
        "district",
        "regency_code",
        "regency",
        "population",
        "households_registered",
        "boundary_year",
        "geometry",
    ],
    "households": [
        *["head_name", "address", "rt", "rw", "lon", "lat", "tags", "village_code", "placement"],
        *GIVEN,
    ],
    "officers": ["name", "rank", "unit", "villages"],
    "visits": [
        *["visited_at", "officer_id", "household_id", "household_match", "lon", "lat", "accuracy_m"],
        *["village_code", "placement", "outcome", "remarks", "head_name", "rt", "rw", "household_given"],
        *GIVEN,
    ],
    "crimes": [
        *[
            "occurred_at",
            "occurred_to",
            "time_precision",
            "category",
            "offence",
            "lon",
            "lat",
            "source",
            "status",
        ],
        *["village_code", "placement"],
        *GIVEN,
    ],
}
KEYS = {
    "villages": "village_code",
    "households": "household_id",
    "officers": "officer_id",
    "visits": "visit_id",
    "crimes": "crime_id",
}
LOCATED = ("households", "visits", "crimes")


@pytest.fixture(scope="module")
def sample() -> Sample:
    return make_sample("district", until=UNTIL)


def test_the_same_seed_makes_the_same_place(sample: Sample) -> None:
    again = make_sample("district", seed=1, until=UNTIL)
    for name in COLUMNS:
        pd.testing.assert_frame_equal(
            pd.DataFrame(getattr(sample, name)), pd.DataFrame(getattr(again, name)), check_exact=True
        )
    assert (sample.villages.to_wkb()["geometry"] == again.villages.to_wkb()["geometry"]).all()


def test_another_seed_makes_another_place(sample: Sample) -> None:
    other = make_sample("district", seed=2, until=UNTIL)
    assert not sample.villages.geometry.reset_index(drop=True).equals(
        other.villages.geometry.reset_index(drop=True)
    )
    assert set(sample.villages["village"]) != set(other.villages["village"])


def test_another_day_changes_the_records_and_not_the_place(sample: Sample) -> None:
    later = make_sample("district", until=date(2027, 1, 1))
    assert later.villages.equals(sample.villages)
    assert later.households.equals(sample.households)
    assert later.visits["visited_at"].max() > sample.visits["visited_at"].max()


def test_a_district_has_the_counts_of_its_scale(sample: Sample) -> None:
    scale = SCALES["district"]
    assert len(sample.villages) == len(sample.officers) == scale.n_villages == 17
    assert len(sample.households) == scale.n_households == 14_000
    assert len(sample.visits) == scale.n_visits
    assert len(sample.crimes) == scale.n_crimes == 600


@pytest.mark.parametrize("name", list(COLUMNS))
def test_frames_have_the_canonical_columns(sample: Sample, name: str) -> None:
    frame = getattr(sample, name)
    assert list(frame.columns) == COLUMNS[name]
    assert frame.index.name == KEYS[name]
    assert frame.index.is_unique
    assert frame.index.dtype == "str"


DATASETS = [("boundaries", "villages"), *((name, name) for name in list(KEYS)[1:])]


@pytest.mark.parametrize(("dataset", "name"), DATASETS)
def test_frames_pass_the_gate_to_the_database(sample: Sample, dataset: str, name: str) -> None:
    assert find_failures(getattr(sample, name), dataset) == {}


@pytest.mark.trial
@pytest.mark.parametrize("seed", range(3, volume(4, 40)))
def test_frames_of_any_seed_pass_the_gate_and_lie_where_they_say(seed: int) -> None:
    made = make_sample("district", seed=seed, until=UNTIL)
    assert {dataset: find_failures(getattr(made, name), dataset) for dataset, name in DATASETS} == {
        dataset: {} for dataset, _ in DATASETS
    }
    for name in LOCATED:
        test_each_point_has_the_village_it_lies_in(made, name)


def test_moments_are_utc_microseconds_in_the_years_before_the_day(sample: Sample) -> None:
    visited, occurred = sample.visits["visited_at"], sample.crimes["occurred_at"]
    assert visited.dtype == occurred.dtype == "datetime64[us, UTC]"
    assert sample.crimes["occurred_to"].dtype == "datetime64[us, UTC]"
    assert visited.between(END - pd.Timedelta(days=365), END, inclusive="left").all()
    assert occurred.between(END - pd.Timedelta(days=730), END, inclusive="left").all()
    assert sample.crimes["occurred_to"].max() < END
    assert visited.max() > END - pd.Timedelta(days=2)


@pytest.mark.parametrize("name", LOCATED)
def test_each_point_has_the_village_it_lies_in(sample: Sample, name: str) -> None:
    records = getattr(sample, name)
    found = locate_points(records["lon"], records["lat"], sample.villages)
    located = records["lon"].notna()
    inside = located & pd.notna(found)
    assert (records["placement"] == np.select([inside, located], ["inside", "outside"], "unlocated")).all()
    assert (records.loc[inside, "village_code"] == found[inside]).all()
    assert records.loc[located & ~inside, "village_code"].isna().all()


@pytest.mark.parametrize("name", LOCATED)
def test_a_record_without_point_has_the_village_that_its_text_names(sample: Sample, name: str) -> None:
    records = getattr(sample, name)
    vague = records[records["placement"] == "unlocated"]
    assert len(vague) > 0
    assert vague["lat"].isna().all()
    named = sample.villages.reindex(vague["village_code"])
    assert (vague["village_given"].to_numpy() == named["village"].to_numpy()).all()
    assert (vague["district_given"].to_numpy() == named["district"].to_numpy()).all()


def test_a_hundredth_of_the_households_has_no_point(sample: Sample) -> None:
    placement = sample.households["placement"].value_counts(normalize=True)
    assert placement["unlocated"] == pytest.approx(0.01, abs=0.004)
    assert set(placement.index) == {"inside", "unlocated"}


def test_a_neighbourhood_has_30_to_65_households(sample: Sample) -> None:
    sizes = sample.households.groupby(["village_code", "rw", "rt"]).size()
    assert sizes.between(30, 65).all()


def test_households_are_counted_in_their_villages(sample: Sample) -> None:
    counts = sample.households["village_code"].value_counts()
    assert (sample.villages["households_registered"] == counts.reindex(sample.villages.index)).all()


def test_each_officer_has_one_village_and_each_village_one_officer(sample: Sample) -> None:
    assert sorted(sample.officers["villages"]) == sorted(sample.villages.index)
    assert set(sample.visits["officer_id"]) <= set(sample.officers.index)


def test_visits_name_households_of_the_register(sample: Sample) -> None:
    assert set(sample.visits["household_id"].dropna()) <= set(sample.households.index)
    missing = sample.visits["household_id"].isna()
    assert (missing == (sample.visits["household_match"] == "none")).all()


def test_no_number_looks_like_that_of_a_real_person(sample: Sample) -> None:
    for name in KEYS:
        texts = getattr(sample, name).reset_index().select_dtypes("str")
        for column in texts:
            assert not texts[column].str.contains(r"\d{11}", regex=True).any(), (name, column)


def test_a_scale_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(DataError, match="'province': choose district or regency"):
        make_sample("province", until=UNTIL)


def test_a_sample_has_the_frames_and_the_habits_and_no_more() -> None:
    assert [field.name for field in fields(Sample)] == [*COLUMNS, "habits"]
