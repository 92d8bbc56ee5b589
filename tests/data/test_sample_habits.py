"""The officers' habits and the crimes' patterns can be seen in the records."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy.spatial import cKDTree

from data.sample import Sample, make_sample
from data.sample.crimes import DISCOVERED
from data.sample.diary import DAYS
from data.sample.habits import HABITS, assign_habits
from data.sample.plane import to_metres

UNTIL = date(2026, 11, 1)
END = pd.Timestamp("2026-11-01", tz="Asia/Jakarta")
ZONE = "Asia/Jakarta"


@pytest.fixture(scope="module")
def sample() -> Sample:
    return make_sample("district", until=UNTIL)


@pytest.fixture(scope="module")
def visits(sample: Sample) -> pd.DataFrame:
    """Visits with the officer's habit, the distance to the registered household and the local time."""
    visits = sample.visits.copy()
    home = sample.households.reindex(visits["household_id"])[["lon", "lat"]].to_numpy()
    ahead = to_metres(home) - to_metres(visits[["lon", "lat"]].to_numpy())
    visits["distance_m"] = np.hypot(*ahead.T)
    visits["habit"] = sample.habits.reindex(visits["officer_id"]).to_numpy()
    visits["local"] = visits["visited_at"].dt.tz_convert(ZONE)
    return visits.loc[visits["household_match"] != "distance"]  # these are near by definition


def test_every_habit_is_there_in_its_share(sample: Sample) -> None:
    counts = sample.habits.value_counts()
    assert counts.to_dict() == {"diligent": 7, "lazy": 6, "desk_bound": 4}
    shares = np.bincount(assign_habits(1_000, np.random.default_rng(1))) / 1_000
    assert shares == pytest.approx([habit.share for habit in HABITS.values()])


def test_fixes_of_the_diligent_are_at_the_door(sample: Sample, visits: pd.DataFrame) -> None:
    median = visits.groupby("officer_id")["distance_m"].median()
    assert (median[sample.habits == "diligent"] < 30).all()
    assert (median[sample.habits == "lazy"] < 30).all()


def test_fixes_of_the_desk_bound_are_far_from_the_households(sample: Sample, visits: pd.DataFrame) -> None:
    median = visits.groupby("officer_id")["distance_m"].median()
    assert (median[sample.habits == "desk_bound"] > 300).all()


def test_fixes_of_the_desk_bound_pile_up_within_minutes_at_one_place(visits: pd.DataFrame) -> None:
    desk = visits[(visits["habit"] == "desk_bound") & visits["lon"].notna()]
    for _, own in desk.groupby("officer_id"):
        xy = to_metres(own[["lon", "lat"]].to_numpy())
        assert (np.hypot(*(xy - np.median(xy, axis=0)).T) < 40).mean() > 0.8
    gaps = desk.groupby("officer_id")["visited_at"].diff().dt.total_seconds()
    assert gaps.median() < 120
    assert (desk["accuracy_m"] == 0).mean() > 0.05


def test_some_of_the_desk_bound_sit_in_another_village(sample: Sample, visits: pd.DataFrame) -> None:
    desk = visits[(visits["habit"] == "desk_bound") & (visits["placement"] == "inside")]
    own = sample.officers["villages"].reindex(desk["officer_id"]).to_numpy()
    elsewhere = (desk["village_code"] != own).groupby(desk["officer_id"]).mean()
    assert (elsewhere > 0.8).any()
    assert (elsewhere < 0.05).any()


def test_remarks_of_the_desk_bound_are_copies(visits: pd.DataFrame) -> None:
    def share_of_commonest(remarks: pd.Series) -> float:
        return remarks.value_counts(normalize=True).iloc[0]

    common = visits.groupby(["habit", "officer_id"])["remarks"].agg(share_of_commonest)
    assert (common["desk_bound"] > 0.85).all()
    assert (common["diligent"] < 0.02).all()


def test_the_lazy_come_to_few_families(sample: Sample, visits: pd.DataFrame) -> None:
    registered = sample.households["village_code"].value_counts().reindex(sample.officers["villages"])
    seen = visits.groupby("officer_id")["household_id"].nunique()
    share = pd.Series(seen.to_numpy() / registered.to_numpy(), index=seen.index)
    assert share[sample.habits == "lazy"].max() < 0.2
    assert share[sample.habits == "diligent"].min() > 0.4


def test_reported_coverage_of_90_days_differs_strongly(sample: Sample) -> None:
    recent = sample.visits[sample.visits["visited_at"] >= END - pd.Timedelta(days=90)]
    village = sample.households["village_code"]
    covered = village.reindex(recent["household_id"].dropna().unique()).value_counts()
    coverage = (covered / village.value_counts()).fillna(0)
    assert coverage.min() < 0.12
    assert 0.5 < coverage.max() < 0.8


def test_working_hours_with_a_few_odd_ones(visits: pd.DataFrame) -> None:
    hour = visits["local"].dt.hour
    odd = (hour < 6) | (hour >= 21)
    assert 0.003 < odd.mean() < 0.02
    assert hour.between(7, 16).mean() > 0.95
    weekday = visits["local"].dt.day_of_week.value_counts(normalize=True)
    assert weekday[6] < 0.04 < weekday[2]


def test_an_eighth_of_the_visits_has_no_fix(visits: pd.DataFrame) -> None:
    assert visits["lon"].isna().mean() == pytest.approx(0.12, abs=0.02)
    assert (visits["lon"].isna() == visits["accuracy_m"].isna()).all()


def test_some_visits_name_the_family_and_not_its_number(sample: Sample) -> None:
    by_text = sample.visits[sample.visits["household_match"] == "text"]
    assert 0.03 < len(by_text) / len(sample.visits) < 0.07
    assert by_text["household_given"].isna().all()
    home = sample.households.loc[by_text["household_id"]]
    for column in ("head_name", "rt", "rw"):
        assert (by_text[column].to_numpy() == home[column].to_numpy()).all()
    misspelt = sample.visits[sample.visits["head_name"].str.startswith("Pak ").fillna(value=False)]
    assert len(misspelt) > 100
    assert misspelt["household_id"].isna().all()


def test_visits_that_are_only_a_fix_are_at_the_nearest_household(sample: Sample) -> None:
    known = sample.households.dropna(subset="lon")
    by_place = sample.visits[sample.visits["household_match"] == "distance"]
    assert len(by_place) > 100
    tree = cKDTree(to_metres(known[["lon", "lat"]].to_numpy()))
    distance, nearest = tree.query(to_metres(by_place[["lon", "lat"]].to_numpy()))
    assert distance.max() < 30.1
    assert (
        known.index[nearest] == by_place["household_id"]
    ).mean() > 0.99  # near ties may differ by projection


def test_a_hundredth_of_the_visits_was_sent_twice(sample: Sample) -> None:
    day = sample.visits["visited_at"].dt.tz_convert(ZONE).dt.floor("D")
    twice = sample.visits.assign(day=day).dropna(subset="household_id")
    share = twice.duplicated(["officer_id", "household_id", "day"]).mean()
    assert 0.008 < share < 0.05


def test_visits_lie_in_one_year(sample: Sample) -> None:
    assert (END - sample.visits["visited_at"].min()).days < DAYS


def test_crimes_have_the_categories_and_sources_of_the_register(sample: Sample) -> None:
    crimes = sample.crimes
    assert set(crimes["category"]) == {"curat", "curas", "curanmor", "other"}
    assert set(crimes["source"]) == {"reported", "discovered"}
    assert set(crimes.loc[crimes["source"] == "discovered", "offence"]) <= set(DISCOVERED)
    letter = crimes.index.str.split("/").str[1]
    assert (letter == np.where(crimes["source"] == "discovered", "A", "B")).all()


def test_a_crime_of_vague_time_ends_after_it_begins(sample: Sample) -> None:
    vague = sample.crimes.dropna(subset="occurred_to")
    assert (vague["occurred_to"] >= vague["occurred_at"]).all()
    assert 0.6 < sample.crimes.loc[sample.crimes["category"] == "curat", "occurred_to"].notna().mean() < 0.95


def test_burglaries_are_of_the_night(sample: Sample) -> None:
    burglaries = sample.crimes[(sample.crimes["category"] == "curat")].dropna(subset="occurred_to")
    middle = burglaries["occurred_at"] + (burglaries["occurred_to"] - burglaries["occurred_at"]) / 2
    hour = middle.dt.tz_convert(ZONE).dt.hour
    assert ((hour >= 19) | (hour <= 8)).mean() > 0.9


def test_a_few_crimes_are_outside_or_without_point(sample: Sample) -> None:
    placement = sample.crimes["placement"].value_counts()
    assert 5 <= placement["outside"] <= 20
    assert 15 <= placement["unlocated"] <= 50


def test_crime_gathers_and_its_places_move(sample: Sample) -> None:
    crimes = sample.crimes.dropna(subset="lon")
    xy = to_metres(crimes[["lon", "lat"]].to_numpy())
    homes = to_metres(sample.households.dropna(subset="lon")[["lon", "lat"]].to_numpy())
    halves = np.array_split(np.arange(len(xy)), 2)

    def busiest(points: np.ndarray) -> tuple[np.ndarray, float]:
        """Cells of 1 km with the most points, and the share of the points in the five busiest."""
        cells, count = np.unique(points // 1_000, axis=0, return_counts=True)
        top = np.argsort(-count, kind="stable")[:5]
        return cells[top], count[top].sum() / count.sum()

    assert busiest(xy)[1] > 1.5 * busiest(homes)[1]
    before, after = (set(map(tuple, busiest(xy[half])[0])) for half in halves)
    assert before & after  # the market stays
    assert before != after


def test_burglaries_repeat_nearby_and_soon(sample: Sample) -> None:
    burglaries = sample.crimes[sample.crimes["category"] == "curat"].dropna(subset="lon")
    xy = to_metres(burglaries[["lon", "lat"]].to_numpy())
    day = burglaries["occurred_at"].astype("int64").to_numpy() / 86_400e6
    pairs = cKDTree(xy).query_pairs(200, output_type="ndarray")

    def close(days: np.ndarray) -> int:
        return int((np.abs(np.diff(days[pairs], axis=1)) <= 14).sum())

    shuffled = [close(np.random.default_rng(seed).permutation(day)) for seed in range(30)]
    assert close(day) > 1.5 * np.mean(shuffled)
    assert close(day) > max(shuffled)
