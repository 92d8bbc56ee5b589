"""Villages added up to their districts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.districts import sum_by_district
from geo.errors import ColumnError

COUNTS = ["n_households", "n_reported"]
SHARES = {"reported_coverage": ("n_reported", "n_households")}
VILLAGES = pd.DataFrame(
    {
        "district_code": ["352108", "352107", "352107", None],
        "district": ["Paron", "Ngawi", "Ngawi", None],
        "n_households": [0, 100, 300, 50],
        "n_reported": [0, 50, 30, 50],
        "reported_coverage": [np.nan, 0.5, 0.1, 1.0],
        "last_visit_at": pd.to_datetime([None, "2026-10-05", "2026-10-07", "2026-10-09"], utc=True),
    },
    index=["3521080001", "3521070001", "3521070002", "X1"],
)

rows = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 500), st.integers(0, 500)))


def test_counts_add_up_and_shares_are_divided_anew() -> None:
    found = sum_by_district(VILLAGES, counts=COUNTS, shares=SHARES, latest=["last_visit_at"])
    assert found.index.tolist() == ["352107", "352108"]
    assert found["n_households"].tolist() == [400, 0]
    assert found["n_reported"].tolist() == [80, 0]
    assert found["district"].tolist() == ["Ngawi", "Paron"]
    # 80 of 400 households, not the mean of 50 % and 10 %
    assert found["reported_coverage"].tolist() == pytest.approx([0.2, np.nan], nan_ok=True)
    latest = [pd.Timestamp("2026-10-07", tz="UTC"), pd.NaT]
    assert found["last_visit_at"].equals(pd.Series(latest, index=found.index))


def test_missing_column_is_refused_and_nothing_is_changed() -> None:
    before = VILLAGES.copy()
    with pytest.raises(ColumnError, match="district_code"):
        sum_by_district(VILLAGES.drop(columns="district_code"), counts=COUNTS)
    with pytest.raises(ColumnError, match="n_never"):
        sum_by_district(VILLAGES, counts=["n_never"])
    sum_by_district(VILLAGES, counts=COUNTS, shares=SHARES)
    pd.testing.assert_frame_equal(VILLAGES, before)


def make_villages(rows: list[tuple[str, int, int]]) -> pd.DataFrame:
    """Make villages, each of its district's code and two counts."""
    frame = pd.DataFrame(rows, columns=["district_code", *COUNTS])
    frame = frame.astype({"district_code": "str", **dict.fromkeys(COUNTS, "int64")})
    return frame.assign(district=frame["district_code"])


@settings(max_examples=50, deadline=None)
@given(rows, st.data())
def test_totals_are_kept_in_any_order(villages: list[tuple[str, int, int]], data: st.DataObject) -> None:
    frame = make_villages(villages)
    found = sum_by_district(frame, counts=COUNTS, shares=SHARES)
    assert found[COUNTS].sum().tolist() == frame[COUNTS].sum().tolist()
    shuffled = make_villages(data.draw(st.permutations(villages)))
    pd.testing.assert_frame_equal(sum_by_district(shuffled, counts=COUNTS, shares=SHARES), found)
