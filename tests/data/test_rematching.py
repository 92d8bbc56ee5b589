"""What changed households do to stored visits: those that can change are looked at, none is missed."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from data.importing.matching import match_visits
from data.importing.register import Register
from data.importing.rematching import find_affected_visits, rematch_visits
from tests.data.builders import WEST, make_villages

REGISTER = Register(make_villages())
STEP = 0.0001  # degrees: about 11 m


def frame(rows: list[tuple], key: str) -> pd.DataFrame:
    """Rows of (number, head, unit, place in steps or None) as homes or visits in the western village."""
    return pd.DataFrame(
        {
            "head_name": pd.array([f"Nama {head}" if head else None for _, head, _, _ in rows], dtype="str"),
            "rt": pd.array([str(unit) if unit else None for _, _, unit, _ in rows], dtype="str"),
            "rw": pd.array([None] * len(rows), dtype="str"),
            "lon": [np.nan if at is None else 111.402 + at * STEP for *_, at in rows],
            "lat": [np.nan if at is None else -7.405 for *_, at in rows],
            "village_code": pd.array([WEST] * len(rows), dtype="str"),
            "village_given": pd.array(["Kulon"] * len(rows), dtype="str"),
            "district_given": pd.array(["Tengah"] * len(rows), dtype="str"),
            "village_code_given": pd.array([None] * len(rows), dtype="str"),
        },
        index=pd.Index([f"{key}{n}" for n in range(len(rows))], dtype="str"),
    )


def visits_of(rows: list[tuple]) -> pd.DataFrame:
    given_ids = pd.array([f"H{number}" if number is not None else None for number, *_ in rows], dtype="str")
    return frame(rows, "V").assign(household_given=given_ids)


def matched(visits: pd.DataFrame, homes: pd.DataFrame) -> pd.DataFrame:
    return match_visits(visits, homes, REGISTER, max_distance_m=30.0)[["household_id", "household_match"]]


PLACE = st.none() | st.integers(0, 40)
ROWS = st.lists(
    st.tuples(st.none() | st.integers(0, 9), st.integers(0, 3), st.integers(0, 2), PLACE), max_size=10
)


@settings(max_examples=60, deadline=None)
@given(visits=ROWS.filter(len), before=ROWS, after=ROWS)
def test_touched_visits_are_all_that_change(visits: list, before: list, after: list) -> None:
    former, homes, rows = frame(before, "H"), frame(after, "H"), visits_of(visits)
    stored = rows.join(matched(rows, former))
    new = rematch_visits(find_affected_visits(stored, former, homes), homes, REGISTER)
    found = stored[["household_id", "household_match"]].astype("str")
    if new is not None:
        found.loc[new.index] = new
    assert found.fillna("").to_numpy().tolist() == matched(rows, homes).fillna("").to_numpy().tolist()


def test_visits_far_from_all_that_changed_are_left_alone() -> None:
    rows = visits_of(
        [(None, 0, 0, 0), (None, 0, 0, 100), (None, 1, 0, None), (None, 2, 0, None), (5, 0, 0, None)]
    )
    former = frame([(None, 3, 1, 400)], "H")
    homes = frame([(None, 3, 1, 400), (None, 1, 1, 1)], "H")
    stored = rows.join(matched(rows, former))
    assert find_affected_visits(stored, former, homes).index.tolist() == ["V0", "V2"]
    assert find_affected_visits(stored, former, former).empty
