"""The RTs of one village of `nine`, the fifth: of its ten households the first four were visited."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from pages.text.language import MISSING
from tests.data.builders import store
from tests.pages.conftest import open_page
from tests.pages.nine import CODES, OCTOBER, SQUARE, make_calls, make_homes, make_nine, store_nine

if TYPE_CHECKING:
    from data.database import Database

VILLAGE = 4


def make_homes_with_rts() -> pd.DataFrame:
    """Give three households RT 1, three RT 2 and four RT 3, and that in several ways of writing."""
    rts = ["1", "01", "001", "02", "02", "02", "3", "3", "3", "3"]
    return make_homes().assign(rt=rts * len(CODES))


def make_crimes_at_homes() -> pd.DataFrame:
    """Two crimes at a household of RT 2, twelve at one of RT 3, one far off; one in RT 1 by a patrol."""
    west, south = SQUARE.corners(VILLAGE)
    at = np.array([4] * 2 + [7] * 12 + [7, 0])
    far = np.arange(len(at)) == len(at) - 2
    return pd.DataFrame(
        {
            "occurred_at": pd.Timestamp("2026-10-02T03:00:00Z"),
            "category": "curat",
            "source": ["reported"] * (len(at) - 1) + ["discovered"],
            "lon": west + 0.004 + 0.001 * at,
            "lat": south + np.where(far, 0.012, 0.005),  # 770 m north of the households
            "village_code": CODES[VILLAGE],
            "placement": "inside",
        },
        index=pd.Index([f"C{i}" for i in range(len(at))], name="crime_id"),
    )


def test_a_village_says_which_rt_comes_first_and_why(database: Database) -> None:
    store(database, "boundaries", make_nine())
    store(database, "households", make_homes_with_rts())
    store(database, "visits", make_calls())
    store(database, "crimes", make_crimes_at_homes())
    app = open_page(area=CODES[VILLAGE], lang="en", **OCTOBER)
    assert not app.exception
    # Covered: 3 of 3, 1 of 3, 0 of 4; crimes: 0, 2, 12. So both parts rank them alike: 1/3, 2/3, 1.
    table = app.dataframe[0].value
    assert table["rt"].tolist() == ["003/001", "002/001", "001/001"]
    for part in ("priority", "gap_rank", "risk_rank"):
        assert table[part].tolist() == pytest.approx([100, 200 / 3, 100 / 3])
    assert table["n_crimes"].tolist() == [12, 2, 0]
    first = next(text.value for text in app.markdown if text.value.startswith("**RT/RW 003/001**"))
    assert "4 of 4 households without a visit supported by GPS" in first
    assert any("1 reported crime lies nearby no household" in note.value for note in app.caption)


def test_one_rt_gets_a_sentence_and_no_order(database: Database) -> None:
    store_nine(database)
    app = open_page(area=CODES[VILLAGE], lang="en", **OCTOBER)
    assert not app.exception
    assert any("too few RTs" in text.value for text in app.markdown)
    assert not app.dataframe


def test_villages_lead_to_their_rts(database: Database) -> None:
    store_nine(database)
    app = open_page(lang="en", **OCTOBER)
    assert not app.exception
    assert any(text.value.startswith("**Desa 1**") for text in app.markdown)


def test_a_missing_figure_is_a_dash(database: Database) -> None:
    store_nine(database)
    app = open_page("coverage", lang="en", **OCTOBER)
    assert app.dataframe[0].proto.placeholder == MISSING
