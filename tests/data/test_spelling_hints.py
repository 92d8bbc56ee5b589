"""Names that several villages share: hints come from what the rows know, and none is better than a wrong one.

The 18 cases are the 18 villages of Ngawi whose eight names occur more than once (Sidorejo three times).
A hint by the order of codes names the first village of each name, so it is wrong in 10 of them.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from data.importing.register import Register
from data.importing.spelling_hints import KnownPeople
from data.importing.spellings import list_spellings
from data.values import normalise_names
from tests.geo.builders import SHARED, reference

FIRST = [
    "Siti",
    "Sri",
    "Budi",
    "Agus",
    "Slamet",
    "Sutrisno",
    "Suparno",
    "Wati",
    "Yanto",
    "Ani",
    "Eko",
    "Dewi",
]
HEADS = [f"{first} {last}" for first in FIRST for last in ("", "Utami", "Wibowo", "Lestari", "Santoso")]
KNOWLEDGE = ("household", "head", "officer", "units", "nothing", "contradiction")
N_HOMES, N_ROWS = 40, 6


@pytest.fixture(scope="module")
def villages() -> gpd.GeoDataFrame:
    """Return the villages of Ngawi, which come without districts."""
    layer = gpd.read_file(SHARED / "ngawi_villages.geojson")
    layer["village_code"] = layer["kode"].str.replace(".", "")
    return layer.set_index("village_code").rename(columns={"nama": "village"}).assign(district=None)


@pytest.fixture(scope="module")
def repeated(villages: gpd.GeoDataFrame) -> pd.Series:
    """Return the normalised names that occur more than once, by code."""
    names = normalise_names(villages["village"].astype("str"))
    return names[names.duplicated(keep=False)]


def make_people(codes: pd.Index, seed: int) -> KnownPeople:
    """Make 40 households in each village, with common names in RTs 1 to 3 to 5, and an officer for each."""
    rng = np.random.default_rng(seed)
    village = np.repeat(codes, N_HOMES)
    n_units = np.repeat(3 + np.arange(len(codes)) % 3, N_HOMES)
    households = pd.DataFrame(
        {
            "village_code": village,
            "head_name": rng.choice(HEADS, len(village)),
            "rt": (1 + rng.integers(0, n_units)).astype("str"),
            "rw": "1",
        },
        index=pd.Index([f"K{n}" for n in range(len(village))], name="household_id"),
    )
    officers = pd.DataFrame(
        {"villages": codes}, index=pd.Index([f"B{code}" for code in codes], name="officer_id")
    )
    return KnownPeople(households, officers)


def make_rows(name: str, code: str, other: str, knows: str, people: KnownPeople) -> pd.DataFrame:
    """Make six rows of one village that state its name only, and one thing besides."""
    homes = people.households[people.households["village_code"] == code].head(N_ROWS)
    rows = pd.DataFrame(
        {
            "village_given": name, "district_given": None, "village_code": None, "placement": "unlocated",
            "household_given": None, "head_name": None, "rt": None, "rw": None, "officer_id": "unknown",
        },
        index=range(N_ROWS),
    ).astype("str")  # fmt: skip
    if knows == "household":
        return rows.assign(household_given=homes.index)
    if knows == "units":
        return rows.assign(rt=homes["rt"].array, rw=homes["rw"].array)
    if knows == "officer":
        return rows.assign(officer_id=f"B{code}")
    if knows in ("head", "contradiction"):
        rows = rows.assign(**{column: homes[column].array for column in ("head_name", "rt", "rw")})
        return rows.assign(officer_id=f"B{other}") if knows == "contradiction" else rows
    return rows


def find_hint(villages: gpd.GeoDataFrame, rows: pd.DataFrame, people: KnownPeople) -> str | None:
    listed = list_spellings(rows, np.arange(2, 2 + len(rows)), Register(villages), lambda: people)
    (likely,) = listed["likely"]
    return likely if isinstance(likely, str) else None


def make_case(
    villages: gpd.GeoDataFrame, repeated: pd.Series, code: str, knows: str, people: KnownPeople
) -> tuple[str, str | None]:
    """Return the village that rows are of, and the one that they are hinted to be of."""
    other = next(each for each in repeated.index[repeated == repeated[code]] if each != code)
    rows = make_rows(str(villages["village"][code]), code, other, knows, people)
    return code, find_hint(villages, rows, people)


@reference
def test_no_hint_of_the_18_repeated_names_is_wrong(villages: gpd.GeoDataFrame, repeated: pd.Series) -> None:
    assert len(repeated) == 18
    first = repeated[~repeated.duplicated()].index
    assert len(repeated) - len(first) == 10  # what the order of codes gets wrong
    people = make_people(repeated.index, seed=1)
    cases = [
        make_case(villages, repeated, code, KNOWLEDGE[at % len(KNOWLEDGE)], people)
        for at, code in enumerate(repeated.index)
    ]
    assert [pair for pair in cases if pair[1] not in (None, pair[0])] == []
    assert sum(hint is not None for _, hint in cases) >= 8


@reference
@pytest.mark.parametrize("knows", KNOWLEDGE)
def test_every_kind_of_knowledge_hints_right_or_not_at_all(
    villages: gpd.GeoDataFrame, repeated: pd.Series, knows: str
) -> None:
    people = make_people(repeated.index, seed=2)
    cases = [make_case(villages, repeated, code, knows, people) for code in repeated.index]
    assert [pair for pair in cases if pair[1] not in (None, pair[0])] == []
    n_answered = sum(hint is not None for _, hint in cases)
    if knows in ("household", "officer"):
        assert n_answered == 18
    if knows == "head":
        assert n_answered >= 8
    if knows in ("nothing", "contradiction"):
        assert n_answered == 0


@reference
def test_rows_of_two_villages_of_a_name_get_no_hint(villages: gpd.GeoDataFrame, repeated: pd.Series) -> None:
    people = make_people(repeated.index, seed=3)
    one, two = repeated.index[repeated == "kauman"]
    rows = pd.concat(
        [
            make_rows("Kauman", one, two, "household", people),
            make_rows("Kauman", two, one, "officer", people),
        ],
        ignore_index=True,
    )
    assert find_hint(villages, rows, people) is None


@reference
def test_heads_tell_nothing_where_a_candidate_has_no_registered_households(
    villages: gpd.GeoDataFrame, repeated: pd.Series
) -> None:
    one, two = repeated.index[repeated == "kauman"]
    people = make_people(pd.Index([one]), seed=4)
    for knows in ("head", "units"):
        rows = make_rows("Kauman", one, two, knows, people)
        assert find_hint(villages, rows, people) is None


@reference
def test_candidates_of_a_repeated_name_are_not_in_the_order_of_codes(villages: gpd.GeoDataFrame) -> None:
    placed = villages.assign(
        district=villages.index.str.slice(0, 6).map({"352104": "Paron"}).fillna("Kendal")
    )
    people = make_people(pd.Index([]), seed=5)
    rows = make_rows("Sidorejo", "", "", "nothing", make_people(villages.index[:1], seed=5))
    listed = list_spellings(rows, np.arange(2, 8), Register(placed), lambda: people)
    codes = [code for code, score in listed["candidates"].iloc[0] if score == 100]
    assert codes == ["3521052011", "3521072006", "3521042007"]  # by district: Kendal, Kendal, Paron
    assert listed["likely"].isna().all()
