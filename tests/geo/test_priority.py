from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import ColumnError, TooFewError
from geo.priority import (
    assign_rts,
    count_reported_crimes,
    explain_priority,
    has_distinct_gaps,
    has_distinct_risks,
    name_rts,
    rank_priority,
)
from tests.geo.builders import make_points


def make_villages(*rows: tuple[int, float, int]) -> pd.DataFrame:
    """Make villages of (households, evidenced coverage, reported crimes), named a, b, c …"""
    columns = ["n_households", "evidenced_coverage", "n_crimes"]
    return pd.DataFrame(list(rows), columns=columns, index=list("abcdefghijklmnopqrstuvwxyz"[: len(rows)]))


VILLAGES = make_villages((100, 0.1, 9), (100, 0.9, 0), (100, 0.5, 3), (100, 0.2, 1))


def test_the_score_is_the_geometric_mean_of_two_percentile_ranks() -> None:
    found = rank_priority(VILLAGES)
    assert found["gap_rank"].tolist() == [1, 0.25, 0.5, 0.75]
    assert found["risk_rank"].tolist() == [1, 0.25, 0.75, 0.5]
    assert found["priority"].tolist() == pytest.approx([1, 0.25, np.sqrt(0.375), np.sqrt(0.375)])
    assert found["rank"].tolist() == [1, 4, 2, 2]
    assert found["visit_gap"].tolist() == pytest.approx([0.9, 0.1, 0.5, 0.8])


def test_both_parts_and_the_raw_counts_stand_beside_the_score() -> None:
    found = rank_priority(VILLAGES)
    assert found["n_crimes"].tolist() == [9, 0, 3, 1]
    assert {"gap_rank", "risk_rank", "visit_gap", "crimes_per_1000_households"} <= set(found.columns)


def test_a_hamlet_with_one_crime_is_not_the_riskiest_place() -> None:
    # Raw rates: the hamlet 100 per 1,000, the village 60; smoothed, the village leads.
    villages = make_villages((10, 0.5, 1), (1000, 0.5, 60), (1000, 0.5, 10), (1000, 0.5, 12))
    found = rank_priority(villages)
    assert found["crimes_per_1000_households"].idxmax() == "b"


def test_villages_without_households_or_coverage_have_no_rank() -> None:
    villages = pd.concat([VILLAGES, make_villages((0, np.nan, 5)).rename({"a": "z"})])
    found = rank_priority(villages)
    assert found.loc["z", ["priority", "rank", "visit_gap"]].isna().all()
    assert found.loc["z", "n_crimes"] == 5
    assert found.loc["a":"d", "rank"].tolist() == rank_priority(VILLAGES)["rank"].tolist()


@settings(max_examples=50, deadline=None)
@given(
    rows=st.lists(
        st.tuples(st.integers(1, 900), st.floats(0, 1), st.integers(0, 40)), min_size=3, max_size=20
    ),
    seed=st.integers(0, 99),
)
def test_order_and_names_do_not_matter_and_the_input_stays(
    rows: list[tuple[int, float, int]], seed: int
) -> None:
    villages = make_villages(*rows)
    copy, found = villages.copy(), rank_priority(villages)
    shuffled = rank_priority(villages.sample(frac=1, random_state=seed))
    pd.testing.assert_frame_equal(shuffled.loc[villages.index], found)
    renamed = rank_priority(villages.rename(index=lambda name: f"35210{name}"))
    np.testing.assert_array_equal(renamed["rank"], found["rank"])
    pd.testing.assert_frame_equal(villages, copy)
    assert ((found["priority"] > 0) & (found["priority"] <= 1)).all()


@settings(max_examples=30, deadline=None)
@given(cover=st.floats(0, 0.1))
def test_covering_a_village_less_never_lowers_its_priority(cover: float) -> None:
    before = rank_priority(VILLAGES).loc["c", "priority"]
    lower = VILLAGES.copy()
    lower.loc["c", "evidenced_coverage"] = cover
    assert rank_priority(lower).loc["c", "priority"] >= before


def test_facts_make_one_sentence() -> None:
    facts = explain_priority(rank_priority(VILLAGES), "a")
    assert facts[:5] == ("a", 1, 4, 100, 90)
    assert (facts.coverage, facts.typical_coverage) == (0.1, pytest.approx(0.35))
    assert (facts.n_crimes, facts.leading) == (9, "both")
    assert facts.raw_crimes_per_1000 == 90
    assert 90 > facts.crimes_per_1000 > facts.typical_crimes_per_1000
    leading = {code: explain_priority(rank_priority(VILLAGES), code).leading for code in "abcd"}
    # c has the second most crimes, three of thirteen: no more than a quarter of the households may have.
    assert leading == {"a": "both", "b": "neither", "c": "neither", "d": "gap"}


def test_how_likely_chance_would_put_as_many_crimes_there() -> None:
    # Of 13 crimes, each in a with ¼: 9 or more in (57,915 + 7,722 + 702 + 39 + 1) of 4¹³ = 67,108,864 cases.
    found = rank_priority(VILLAGES)["p_adjusted"]
    assert found["a"] == pytest.approx(4 * 66_379 / 4**13)
    assert (found.drop("a") == 1).all()


def find_leading(*rows: tuple[int, float, int]) -> set[str]:
    ranked = rank_priority(make_villages(*rows))
    return {explain_priority(ranked, str(code)).leading for code in ranked.index}


def test_nothing_stands_out_where_all_are_equal() -> None:
    # Three tied areas share the rank 2 of 3, which is the lower limit of the upper third.
    for n in (3, 4, 9):
        assert find_leading(*[(100, 0.0, 20)] * n) == {"neither"}
    equal = rank_priority(make_villages(*[(100, 0.2, 20)] * 4))
    assert not has_distinct_gaps(equal)
    assert not has_distinct_risks(equal)


def test_most_areas_do_not_stand_out_from_the_few() -> None:
    assert find_leading(*[(100, 0.0, 20)] * 5, (100, 0.9, 0)) == {"neither"}
    assert find_leading((100, 0.0, 60), *[(100, 0.5, 5)] * 5) == {"both", "neither"}


def test_random_crime_is_hardly_ever_called_high() -> None:
    # 200 random units of 26 villages: the adjusted level of 5 % bounds the units with any such village.
    rng = np.random.default_rng(1)
    n_called = 0
    for _ in range(200):
        rows = zip([100] * 26, rng.uniform(0, 1, 26), rng.multinomial(130, [1 / 26] * 26), strict=True)
        n_called += bool(find_leading(*[(n, cover, int(k)) for n, cover, k in rows]) & {"both", "crime"})
    assert n_called <= 20  # 10 expected at most, and 20 is three standard errors above


def test_too_few_villages_are_refused() -> None:
    for n in (0, 1, 2):
        with pytest.raises(TooFewError, match="areas with households"):
            rank_priority(VILLAGES.iloc[:n])
    no_crime = rank_priority(VILLAGES.assign(n_crimes=0))
    assert (no_crime["risk_rank"] == 0.625).all()  # all share the mean rank 2.5 of 4: the gap alone tells
    assert no_crime["rank"].idxmin() == "a"


def test_bad_frames_are_refused() -> None:
    with pytest.raises(ColumnError, match="no column 'n_crimes'"):
        rank_priority(VILLAGES.drop(columns="n_crimes"))
    with pytest.raises(ColumnError, match="more than once"):
        rank_priority(pd.concat([VILLAGES, VILLAGES]))
    with pytest.raises(ColumnError, match="between 0 and 1"):
        rank_priority(VILLAGES.assign(evidenced_coverage=48))
    with pytest.raises(ColumnError, match="'x'"):
        explain_priority(rank_priority(VILLAGES), "x")


def test_crimes_that_patrols_found_are_left_out_and_nothing_vanishes() -> None:
    crimes = pd.DataFrame(
        {
            "village_code": ["a", "a", "a", "b", None, "z"],
            "source": ["reported", "discovered", "unknown", "discovered", "reported", "reported"],
        }
    )
    found = count_reported_crimes(crimes, pd.Index(["a", "b"]))
    assert found["n_crimes"].tolist() == [2, 0]
    assert found["n_discovered"].tolist() == [1, 1]
    assert found["n_unknown_source"].tolist() == [1, 0]
    with pytest.raises(ColumnError, match="'source'"):
        count_reported_crimes(crimes.drop(columns="source"), pd.Index(["a"]))


def test_an_rt_is_named_alike_however_it_is_written() -> None:
    households = pd.DataFrame(
        {
            "village_code": ["v", "v", "v", None, "v"],
            "rw": ["1", "001", None, "1", "1"],
            "rt": ["2", " 002", "2", "2", None],
        }
    )
    assert name_rts(households).tolist()[:3] == ["v 001/002", "v 001/002", "v /002"]
    assert name_rts(households).isna().tolist() == [False, False, False, True, True]


def test_priority_works_for_rts_with_crimes_at_their_nearest_household() -> None:
    households = make_points((0, 0), (100, 0), (1000, 0), (2000, 0), ids=["h1", "h2", "h3", "h4"]).assign(
        village_code="v", rw="1", rt=["1", "1", "2", "3"]
    )
    crimes = make_points((10, 0), (90, 0), (1100, 0), (5000, 0), None)
    rts = assign_rts(crimes, households)
    assert rts.tolist()[:3] == ["v 001/001", "v 001/001", "v 001/002"]
    assert rts.isna().tolist() == [False, False, False, True, True]
    per_rt = pd.DataFrame({"n_households": name_rts(households).value_counts()}).sort_index()
    per_rt["evidenced_coverage"] = [0.0, 0.5, 1.0]
    per_rt["n_crimes"] = rts.value_counts().reindex(per_rt.index, fill_value=0)
    assert rank_priority(per_rt)["rank"].to_dict() == {"v 001/001": 1, "v 001/002": 2, "v 001/003": 3}
