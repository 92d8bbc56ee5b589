from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.coverage import measure_coverage, measure_weekly_coverage
from geo.errors import ColumnError, PeriodError
from geo.status import find_household_status

SINCE, UNTIL = pd.Timestamp("2026-10-01", tz="Asia/Jakarta"), pd.Timestamp("2026-11-01", tz="Asia/Jakarta")
JAKARTA = "Asia/Jakarta"
EVER = ["status", "last_visit_at", "days_since"]
HOUSEHOLDS = pd.DataFrame(
    {"village_code": ["v1", "v1", "v1", "v2", None], "district_code": ["d"] * 4 + [None]},
    index=pd.Index(["h1", "h2", "h3", "h4", "h5"], name="household_id"),
)


def make_visits(*visits: tuple[str, str | None], categorical: bool = False) -> pd.DataFrame:
    """Make visits of (local time, household)."""
    times, ids = zip(*visits, strict=True) if visits else ((), ())
    local = pd.DatetimeIndex(pd.to_datetime(list(times), format="ISO8601")).tz_localize(JAKARTA)
    visited_at, household = local.tz_convert("UTC").as_unit("us"), pd.Series(list(ids), dtype="str")
    return pd.DataFrame(
        {"visited_at": visited_at, "household_id": household.astype("category") if categorical else household}
    )


def measure(visits: pd.DataFrame, **options: object) -> pd.DataFrame:
    return measure_coverage(HOUSEHOLDS, visits, **{"since": SINCE, "until": UNTIL, **options})


@st.composite
def worlds(draw: st.DrawFn) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw households in villages (some in none) and visits to them, to unknown ones and to none at all."""
    n = draw(st.integers(1, 12))
    villages = draw(st.lists(st.sampled_from(["v1", "v2", "v3", None]), min_size=n, max_size=n))
    households = pd.DataFrame(
        {"village_code": pd.Series(villages, dtype="str"), "all": "d"},
    ).set_index(pd.Index([f"h{number}" for number in range(n)]))
    ids = st.sampled_from([*households.index, "unknown", None])
    days = st.integers(-5, 40)
    drawn = draw(st.lists(st.tuples(days, ids), max_size=30))
    times = [SINCE.tz_localize(None) + pd.Timedelta(days=day) for day, _ in drawn]
    visits = make_visits(
        *((str(time), household) for time, (_, household) in zip(times, drawn, strict=True)),
        categorical=draw(st.booleans()),
    )
    return households, visits


@pytest.mark.parametrize("categorical", [False, True])
def test_a_household_counts_once_however_often_it_is_visited(*, categorical: bool) -> None:
    visits = make_visits(
        ("2026-10-05 09:00", "h1"), ("2026-10-05 10:00", "h1"), ("2026-10-07", "h2"), categorical=categorical
    )
    answer = measure(visits)
    assert answer.index.tolist() == ["v1", "v2"]
    assert answer.index.name == "village_code"
    assert answer["n_households"].tolist() == [3, 1]
    assert answer["n_visits"].tolist() == [3, 0]
    assert answer["n_reported"].tolist() == [2, 0]
    assert answer["reported_coverage"].tolist() == pytest.approx([2 / 3, 0])


def test_the_last_visit_is_told_in_utc() -> None:
    answer = measure(make_visits(("2026-10-05 09:00", "h1"), ("2026-10-03", "h2"), ("2027-01-01", "h3")))
    assert answer["last_visit_at"].tolist() == [pd.Timestamp("2026-10-05 02:00", tz="UTC"), pd.NaT]
    assert str(answer["last_visit_at"].dtype) == "datetime64[us, UTC]"


def test_the_period_holds_its_start_and_not_its_end() -> None:
    at_start, before_end = ("2026-10-01 00:00", "h1"), ("2026-10-31 23:59:59.999999", "h2")
    outside = [("2026-09-30 23:59:59.999999", "h3"), ("2026-11-01 00:00", "h4")]
    assert measure(make_visits(at_start, before_end, *outside))["n_visits"].tolist() == [2, 0]


@pytest.mark.parametrize("categorical", [False, True])
def test_visits_to_unknown_or_no_household_count_in_no_area(*, categorical: bool) -> None:
    visits = make_visits(
        ("2026-10-05", "h9"), ("2026-10-05", None), ("2026-10-05", "h1"), categorical=categorical
    )
    assert measure(visits)["n_visits"].sum() == 1


def test_households_in_no_area_are_told_apart_and_never_dropped_in_silence() -> None:
    answer = measure(make_visits(("2026-10-05", "h5")))
    assert answer["n_visits"].sum() == 0
    assert answer["n_households"].sum() == 4
    assert answer.attrs["n_households_outside"] == 1


def test_a_visit_without_a_time_is_in_no_period() -> None:
    visits = make_visits(("2026-10-05", "h1"), ("2026-10-05", "h2"))
    visits.loc[0, "visited_at"] = pd.NaT
    assert measure(visits)["n_reported"].tolist() == [1, 0]


def test_areas_asked_for_come_in_their_order_be_they_without_households() -> None:
    areas = pd.Index(["v9", "v2"], name="village_code")
    answer = measure(make_visits(("2026-10-05", "h4"), ("2026-10-05", "h1")), areas=areas)
    assert answer.index.equals(areas)
    assert answer["n_households"].tolist() == [0, 1]
    assert answer["reported_coverage"].isna().tolist() == [True, False]
    assert answer["n_reported"].tolist() == [0, 1]


def test_any_column_can_make_the_areas() -> None:
    answer = measure(make_visits(("2026-10-05", "h4"), ("2026-10-05", "h1")), by="district_code")
    assert answer.loc["d", ["n_households", "n_reported"]].tolist() == [4, 2]


def test_areas_may_be_categories() -> None:
    households = HOUSEHOLDS.astype({"village_code": "category"})
    visits = make_visits(("2026-10-05", "h4"))
    answer = measure_coverage(households, visits, since=SINCE, until=UNTIL)
    pd.testing.assert_frame_equal(answer, measure(visits))


def test_nothing_in_nothing_out() -> None:
    answer = measure_coverage(HOUSEHOLDS.iloc[:0], make_visits(), since=SINCE, until=UNTIL)
    assert answer.empty
    assert answer.columns.tolist() == [
        "n_households",
        "n_visits",
        "n_attempts",
        "n_reported",
        "reported_coverage",
        "last_visit_at",
    ]


def test_an_empty_period_holds_no_visits() -> None:
    answer = measure(make_visits(("2026-10-01", "h1")), until=SINCE)
    assert answer["n_visits"].sum() == 0
    assert answer["reported_coverage"].tolist() == [0, 0]


@settings(max_examples=60, deadline=None)
@given(world=worlds())
def test_totals_over_villages_are_those_of_the_whole(world: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    households, visits = world
    located = households[households["village_code"].notna()]
    villages = measure_coverage(households, visits, since=SINCE, until=UNTIL)
    whole = measure_coverage(located, visits, since=SINCE, until=UNTIL, by="all", areas=pd.Index(["d"]))
    counts = ["n_households", "n_visits", "n_reported"]
    assert villages[counts].sum().tolist() == whole.loc["d", counts].tolist()
    assert villages["n_households"].sum() + villages.attrs["n_households_outside"] == len(households)


@settings(max_examples=60, deadline=None)
@given(world=worlds(), day=st.integers(0, 30), number=st.integers(0, 11))
def test_one_more_visit_never_lowers_coverage(
    world: tuple[pd.DataFrame, pd.DataFrame], day: int, number: int
) -> None:
    households, visits = world
    more = make_visits((str(SINCE.tz_localize(None) + pd.Timedelta(days=day)), f"h{number}"))
    before = measure_coverage(households, visits, since=SINCE, until=UNTIL)
    after = measure_coverage(
        households, pd.concat([visits.astype({"household_id": "str"}), more]), since=SINCE, until=UNTIL
    )
    assert (after["reported_coverage"] >= before["reported_coverage"]).all()
    assert after["reported_coverage"].between(0, 1).all()


@settings(max_examples=60, deadline=None)
@given(world=worlds(), seed=st.integers(0, 1000))
def test_order_and_repeats_do_not_matter_and_input_stays(
    world: tuple[pd.DataFrame, pd.DataFrame], seed: int
) -> None:
    households, visits = world
    copies = households.copy(), visits.copy()
    answer = measure_coverage(households, visits, since=SINCE, until=UNTIL)
    pd.testing.assert_frame_equal(households, copies[0])
    pd.testing.assert_frame_equal(visits, copies[1])
    shuffled = measure_coverage(
        households.sample(frac=1, random_state=seed),
        visits.sample(frac=1, random_state=seed),
        since=SINCE,
        until=UNTIL,
    )
    pd.testing.assert_frame_equal(shuffled, answer)
    twice = measure_coverage(households, pd.concat([visits, visits]), since=SINCE, until=UNTIL)
    same = ["n_households", "n_reported", "reported_coverage", "last_visit_at"]
    pd.testing.assert_frame_equal(twice[same], answer[same])
    assert (twice["n_visits"] == 2 * answer["n_visits"]).all()


@settings(max_examples=60, deadline=None)
@given(world=worlds())
def test_answers_equal_those_of_counting_by_groups(world: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    households, visits = world
    within = visits[(visits["visited_at"] >= SINCE) & (visits["visited_at"] < UNTIL)].astype(
        {"household_id": "str"}
    )
    joined = within.merge(households, left_on="household_id", right_index=True).dropna(subset="village_code")
    by_village = joined.groupby("village_code")
    answer = measure_coverage(households, visits, since=SINCE, until=UNTIL)
    met = answer[answer["n_visits"] > 0]
    assert met["n_visits"].to_dict() == by_village.size().to_dict()
    assert met["n_reported"].to_dict() == by_village["household_id"].nunique().to_dict()
    assert met["last_visit_at"].to_dict() == by_village["visited_at"].max().to_dict()
    assert answer["last_visit_at"].isna().equals(answer["n_visits"] == 0)


def test_bad_columns_and_periods_are_refused() -> None:
    visits = make_visits(("2026-10-05", "h1"))
    with pytest.raises(ColumnError, match="no area column 'hamlet'"):
        measure(visits, by="hamlet")
    with pytest.raises(ColumnError, match="no column 'household_id'"):
        measure(visits.drop(columns="household_id"))
    with pytest.raises(ColumnError, match="time zone"):
        measure(visits.assign(visited_at=visits["visited_at"].dt.tz_localize(None)))
    with pytest.raises(ColumnError, match="'h1' occurs more than once"):
        measure_coverage(pd.concat([HOUSEHOLDS, HOUSEHOLDS]), visits, since=SINCE, until=UNTIL)
    with pytest.raises(PeriodError, match="time zone"):
        measure(visits, since=pd.Timestamp("2026-10-01"))
    with pytest.raises(PeriodError, match="before it starts"):
        measure(visits, since=UNTIL, until=SINCE)
    with pytest.raises(PeriodError, match="Mars"):
        measure_weekly_coverage(HOUSEHOLDS, visits, since=SINCE, until=UNTIL, zone="Mars/Olympus")


# ---- week by week


def test_weeks_start_on_the_local_monday() -> None:
    # 2026-10-05 is a Monday. Monday 00:30 in Jakarta is Sunday 17:30 in UTC.
    visits = make_visits(("2026-10-04 23:30", "h1"), ("2026-10-05 00:30", "h2"))
    weeks = measure_weekly_coverage(HOUSEHOLDS, visits, since=SINCE, until=UNTIL, zone=JAKARTA)
    assert weeks.index.strftime("%Y-%m-%d").tolist() == [
        "2026-09-28",
        "2026-10-05",
        "2026-10-12",
        "2026-10-19",
        "2026-10-26",
    ]
    assert weeks["n_reported"].tolist() == [1, 1, 0, 0, 0]
    in_utc = measure_weekly_coverage(HOUSEHOLDS, visits, since=SINCE, until=UNTIL, zone="UTC")
    assert in_utc["n_reported"].tolist() == [2, 0, 0, 0, 0]


def test_coverage_accumulates_and_a_second_visit_adds_nothing() -> None:
    visits = make_visits(
        ("2026-10-05", "h1"),
        ("2026-10-06", "h1"),
        ("2026-10-13", "h1"),
        ("2026-10-14", "h2"),
        ("2026-10-14", "h9"),
    )
    weeks = measure_weekly_coverage(HOUSEHOLDS, visits, since=SINCE, until=UNTIL, zone=JAKARTA)
    assert weeks["n_visits"].tolist() == [0, 2, 2, 0, 0]
    assert weeks["n_reported"].tolist() == [0, 1, 2, 0, 0]
    assert weeks["n_new"].tolist() == [0, 1, 1, 0, 0]
    assert weeks["reported_coverage"].tolist() == pytest.approx([0, 0.2, 0.4, 0.4, 0.4])


def test_a_period_that_ends_on_monday_midnight_does_not_touch_that_week() -> None:
    monday = pd.Timestamp("2026-10-12", tz=JAKARTA)
    weeks = measure_weekly_coverage(HOUSEHOLDS, make_visits(), since=SINCE, until=monday, zone=JAKARTA)
    assert len(weeks) == 2


def test_empty_periods_and_registers_give_no_weeks_and_no_share() -> None:
    visits = make_visits(("2026-10-05", "h1"))
    assert measure_weekly_coverage(HOUSEHOLDS, visits, since=SINCE, until=SINCE, zone=JAKARTA).empty
    weeks = measure_weekly_coverage(HOUSEHOLDS.iloc[:0], visits, since=SINCE, until=UNTIL, zone=JAKARTA)
    assert weeks["reported_coverage"].isna().all()
    assert weeks["n_visits"].sum() == 0


@settings(max_examples=60, deadline=None)
@given(world=worlds())
def test_weeks_add_up_to_the_period(world: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    households, visits = world
    weeks = measure_weekly_coverage(households, visits, since=SINCE, until=UNTIL, zone=JAKARTA)
    whole = measure_coverage(households, visits, since=SINCE, until=UNTIL, by="all").iloc[0]
    assert weeks["n_visits"].sum() == whole["n_visits"]
    assert weeks["n_new"].sum() == whole["n_reported"]
    assert weeks["reported_coverage"].iloc[-1] == pytest.approx(whole["reported_coverage"])
    assert weeks["reported_coverage"].is_monotonic_increasing
    assert np.all((weeks["n_new"] <= weeks["n_reported"]) & (weeks["n_reported"] <= weeks["n_visits"]))


# ---- evidenced


def qualify(visits: pd.DataFrame, *qualifies: bool) -> pd.DataFrame:
    return visits.assign(qualifies=np.array(qualifies, dtype=bool))


def test_evidenced_coverage_counts_households_with_a_visit_that_qualifies() -> None:
    visits = make_visits(
        ("2026-10-05", "h1"), ("2026-10-06", "h1"), ("2026-10-07", "h2"), ("2026-10-07", "h4")
    )
    answer = measure(qualify(visits, False, True, False, False))
    assert answer["n_reported"].tolist() == [2, 1]
    assert answer["n_evidenced"].tolist() == [1, 0]
    assert answer["evidenced_coverage"].tolist() == pytest.approx([1 / 3, 0])
    assert answer["gap"].tolist() == pytest.approx([1 / 3, 1])
    assert "gap" not in measure(visits)


def test_without_households_there_is_no_evidenced_coverage_and_no_gap() -> None:
    visits = qualify(make_visits(("2026-10-05", "h1")), True)
    answer = measure(visits, areas=pd.Index(["v1", "v9"]))
    assert answer["evidenced_coverage"].isna().tolist() == [False, True]
    assert answer["gap"].isna().tolist() == [False, True]


def test_evidence_outside_the_period_does_not_count() -> None:
    visits = qualify(make_visits(("2026-09-30", "h1"), ("2026-10-05", "h1")), True, False)
    assert measure(visits)["n_evidenced"].tolist() == [0, 0]


def test_weeks_tell_evidenced_coverage_too() -> None:
    visits = make_visits(
        ("2026-10-05", "h1"), ("2026-10-06", "h2"), ("2026-10-13", "h1"), ("2026-10-14", "h1")
    )
    weeks = measure_weekly_coverage(
        HOUSEHOLDS, qualify(visits, False, True, True, True), since=SINCE, until=UNTIL, zone=JAKARTA
    )
    assert weeks["n_evidenced"].tolist() == [0, 1, 1, 0, 0]
    assert weeks["n_new_evidenced"].tolist() == [0, 1, 1, 0, 0]
    assert weeks["evidenced_coverage"].tolist() == pytest.approx([0, 0.2, 0.4, 0.4, 0.4])
    assert weeks["reported_coverage"].tolist() == pytest.approx([0, 0.4, 0.4, 0.4, 0.4])


def test_areas_may_be_a_prefix_of_the_code_or_any_other_series() -> None:
    visits = make_visits(("2026-10-05", "h4"), ("2026-10-05", "h1"))
    prefix = HOUSEHOLDS["village_code"].str[:1].rename("district_code")
    answer = measure(visits, by=prefix)
    assert answer.loc["v", ["n_households", "n_reported"]].tolist() == [4, 2]
    assert answer.index.name == "district_code"
    assert answer.attrs["n_households_outside"] == 1
    cells = pd.Series({"h4": "c1", "h1": "c2"})  # in any order, and not of every household
    assert measure(visits, by=cells)["n_reported"].to_dict() == {"c1": 1, "c2": 1}


def test_what_qualifies_must_be_true_or_false() -> None:
    visits = make_visits(("2026-10-05", "h1")).assign(qualifies=[None])
    with pytest.raises(ColumnError, match="true or false"):
        measure(visits)


@settings(max_examples=60, deadline=None)
@given(world=worlds(), chance=st.lists(st.booleans(), min_size=30, max_size=30), day=st.integers(0, 30))
def test_evidenced_is_never_more_than_reported_and_grows_with_visits(
    world: tuple[pd.DataFrame, pd.DataFrame], chance: list[bool], day: int
) -> None:
    households, visits = world
    visits = qualify(visits, *chance[: len(visits)])
    period = {"since": SINCE, "until": UNTIL}
    villages = measure_coverage(households, visits, **period)
    assert (villages["n_evidenced"] <= villages["n_reported"]).all()
    assert villages["gap"].between(0, 1).all()
    located = households[households["village_code"].notna()]
    whole = measure_coverage(located, visits, **period, by="all", areas=pd.Index(["d"]))
    assert villages["n_evidenced"].sum() == whole["n_evidenced"].sum()
    more = qualify(make_visits((str(SINCE.tz_localize(None) + pd.Timedelta(days=day)), "h0")), True)
    after = measure_coverage(households, pd.concat([visits.astype({"household_id": "str"}), more]), **period)
    assert (after["evidenced_coverage"] >= villages["evidenced_coverage"]).all()
    weeks = measure_weekly_coverage(households, visits, **period, zone=JAKARTA)
    assert (weeks["evidenced_coverage"] <= weeks["reported_coverage"]).all()
    everywhere = measure_coverage(households, visits, **period, by="all").iloc[0]
    assert weeks["n_new_evidenced"].sum() == everywhere["n_evidenced"]


def test_attempts_are_counted_beside_coverage_and_never_in_it() -> None:
    # Ten households in one village: nobody at home at six, two met, two not tried. One was met after all.
    homes = pd.DataFrame({"village_code": "v"}, index=[f"h{number}" for number in range(10)])
    absent = [("2026-10-05 09:00", f"h{number}") for number in range(6)]
    visits = make_visits(*absent, ("2026-10-06", "h6"), ("2026-10-13", "h7"))
    visits["attempt"] = pd.Series(["absent"] * 6 + [None] * 2, dtype="str")
    visits["qualifies"] = True
    row = measure_coverage(homes, visits, since=SINCE, until=UNTIL).loc["v"]
    counts = row[["n_households", "n_visits", "n_attempts", "n_reported", "n_evidenced"]]
    assert counts.tolist() == [10, 2, 6, 2, 2]
    assert row[["reported_coverage", "evidenced_coverage", "gap"]].tolist() == [0.2, 0.2, 0.0]
    assert row["last_visit_at"] == pd.Timestamp("2026-10-13", tz=JAKARTA)
    weeks = measure_weekly_coverage(homes, visits, since=SINCE, until=UNTIL, zone=JAKARTA)
    first, second = weeks.loc["2026-10-05"], weeks.loc["2026-10-12"]
    assert first[["n_visits", "n_attempts", "n_reported", "reported_coverage"]].tolist() == [1, 6, 1, 0.1]
    assert second[["n_visits", "n_attempts", "n_new", "reported_coverage"]].tolist() == [1, 0, 1, 0.2]


@pytest.mark.parametrize("categorical", [False, True])
def test_household_tried_and_then_met_is_visited_once(*, categorical: bool) -> None:
    visits = make_visits(("2026-10-05", "h1"), ("2026-10-06", "h1"), categorical=categorical)
    visits["attempt"] = pd.Categorical(["refused", None])
    row = measure(visits).loc["v1"]
    assert row[["n_visits", "n_attempts", "n_reported"]].tolist() == [1, 1, 1]


@settings(max_examples=60, deadline=None)
@given(world=worlds(), met=st.lists(st.booleans(), min_size=30, max_size=30), categorical=st.booleans())
def test_attempts_change_no_figure_but_their_own(
    world: tuple[pd.DataFrame, pd.DataFrame], met: list[bool], *, categorical: bool
) -> None:
    households, visits = world
    contact = np.array(met[: len(visits)], dtype=bool)
    attempt = pd.Series(np.where(contact, None, "absent"), visits.index, dtype="str")
    log = visits.assign(attempt=attempt.astype("category") if categorical else attempt)
    period = {"since": SINCE, "until": UNTIL}
    made, tried = visits[contact], visits[~contact]
    for measured in (measure_coverage, measure_weekly_coverage):
        zone = {"zone": JAKARTA} if measured is measure_weekly_coverage else {}
        answer = measured(households, log, **period, **zone)
        own = measured(households, made, **period, **zone).drop(columns="n_attempts")
        pd.testing.assert_frame_equal(answer.drop(columns="n_attempts"), own)
        attempts = measured(households, tried, **period, **zone)["n_visits"]
        assert answer["n_attempts"].tolist() == attempts.tolist()
    status = find_household_status(households, log, as_of=UNTIL)
    expected = find_household_status(households, made, as_of=UNTIL)
    pd.testing.assert_frame_equal(status[EVER], expected[EVER])
