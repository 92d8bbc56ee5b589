"""The village that a visit counts for: its household's, or else that of its own point."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import ColumnError
from geo.groups import NOWHERE
from geo.visit_villages import find_visit_villages

VILLAGES = pd.Index(["v1", "v2", "v3"], dtype="str")
HOUSEHOLDS = pd.DataFrame({"village_code": ["v1", "v2", None, "v9"]}, index=["h1", "h2", "h3", "h4"])

ids = st.sampled_from(["h1", "h2", "h3", "h4", "h5", None])
own = st.sampled_from([*VILLAGES, "v9", None])


def make_visits(*rows: tuple[str | None, str | None], kind: str = "str") -> pd.DataFrame:
    """Make visits, each of a household's id and the village of its own point."""
    return pd.DataFrame(rows, columns=["household_id", "village_code"], dtype="str").astype(kind)


@pytest.mark.parametrize("kind", ["str", "category"])
def test_registered_village_comes_before_the_points_own(kind: str) -> None:
    visits = make_visits(("h1", "v3"), ("h2", None), (None, "v3"), ("unknown", "v2"), kind=kind)
    assert find_visit_villages(visits, HOUSEHOLDS, VILLAGES).tolist() == [0, 1, 2, 1]


def test_visit_to_a_household_in_no_village_counts_nowhere() -> None:
    visits = make_visits(("h3", "v1"), ("h4", "v1"), (None, "v9"), ("unknown", None))
    assert (find_visit_villages(visits, HOUSEHOLDS, VILLAGES) == NOWHERE).all()


def test_repeated_household_or_missing_column_is_refused() -> None:
    visits = make_visits(("h1", "v1"))
    with pytest.raises(ColumnError, match="h1"):
        find_visit_villages(visits, HOUSEHOLDS.iloc[[0, 0]], VILLAGES)
    with pytest.raises(ColumnError, match="visits have no column 'village_code'"):
        find_visit_villages(visits.drop(columns="village_code"), HOUSEHOLDS, VILLAGES)
    with pytest.raises(ColumnError, match="households have no column 'village_code'"):
        find_visit_villages(visits, HOUSEHOLDS.drop(columns="village_code"), VILLAGES)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(ids, own)), st.sampled_from(["str", "category"]))
def test_each_visit_counts_as_the_rule_says_it(rows: list[tuple[str | None, str | None]], kind: str) -> None:
    registered = HOUSEHOLDS["village_code"].to_dict()
    codes = [registered.get(home, village) for home, village in rows]
    wanted = [VILLAGES.get_loc(code) if code in VILLAGES else NOWHERE for code in codes]
    assert find_visit_villages(make_visits(*rows, kind=kind), HOUSEHOLDS, VILLAGES).tolist() == wanted
