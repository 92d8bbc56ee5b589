"""Sentences that pages share: each speaks on its condition, and is silent or tells of a tie without it."""

from __future__ import annotations

import pandas as pd
import pytest

from pages.queries.crimes import CrimeCounts
from pages.queries.visits import Coverage
from pages.text.language import use_language
from pages.widgets.captions import describe_coverage, describe_crimes


def make_coverage(*n_met: int, n_households: int = 10) -> Coverage:
    """Give the coverage of Desa 1, Desa 2 … with so many of their households met."""
    rows = pd.DataFrame({"n_reported": n_met, "n_evidenced": 0, "n_never": 0, "n_visits": n_met})
    rows["n_attempts"] = 0
    rows["n_households"] = n_households
    rows["reported_coverage"] = rows["n_reported"] / n_households
    return Coverage.of(rows.assign(village=[f"Desa {i + 1}" for i in range(len(n_met))]))


@pytest.mark.parametrize(
    ("n_met", "behind"),
    [
        ([9, 1, 5, 3, 8], "Furthest behind: Desa 2 (10%), Desa 4 (30%), and Desa 3 (50%)."),
        ([9, 1, 1, 3, 3], "Furthest behind: Desa 2 (10%) and Desa 3 (10%)."),  # two more would be a third
        ([9, 0, 0, 0, 0], "Furthest behind: 4 villages (0% each)."),
        ([4, 4, 4, 4, 4], ""),
        ([0, 0, 0, 0, 0], ""),
        ([9, 1, 5], ""),  # all would be named
    ],
)
def test_the_villages_behind_are_named_unless_they_tie(n_met: list[int], behind: str) -> None:
    with use_language("en"):
        said = describe_coverage(make_coverage(*n_met))
    assert said.partition("). ")[2] == behind


def test_shares_that_read_alike_are_a_tie() -> None:
    with use_language("en"):
        said = describe_coverage(make_coverage(1, 2, 3, 4, 900, n_households=1000))
    assert said.endswith("Furthest behind: 4 villages (<1% each).")


@pytest.mark.parametrize(
    ("n_crimes", "most"),
    [
        ([4, 0, 2, 1], "Most in: Desa 1 (4), Desa 3 (2), and Desa 4 (1)."),
        ([1, 1, 1, 1, 0], "Most in: 4 villages (1 each)."),
        ([5, 1, 1, 1, 0], "Most in: Desa 1 (5)."),
        ([2, 2, 2, 2], ""),
        ([7], ""),
    ],
)
def test_the_villages_with_most_crime_are_named_unless_they_tie(n_crimes: list[int], most: str) -> None:
    villages = pd.DataFrame(
        {"village": [f"Desa {i + 1}" for i in range(len(n_crimes))], "n_crimes": n_crimes}
    )
    with use_language("en"):
        said = describe_crimes(CrimeCounts(villages, sum(n_crimes), 0, 0))
    assert said.partition("recorded.")[2].strip() == most
