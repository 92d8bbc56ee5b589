"""The sentence that says why a village or an RT comes first."""

from __future__ import annotations

import pandas as pd
import pytest

from geo.priority import PriorityFacts, rank_priority
from pages.queries.priorities import list_top_priorities
from pages.text.language import use_language
from pages.widgets.captions import describe_priority, describe_tied, describe_weights

FACTS = PriorityFacts("a", 1, 9, 40, 40, 0.0, 0.11, 1, 25.0, 16.5, 4.1, "crime")


@pytest.mark.parametrize(
    ("leading", "n_crimes", "opening"),
    [
        ("crime", 4, "40 of 40 households"),  # four crimes are no rate to speak of
        ("both", 4, "40 of 40 households"),
        ("crime", 5, "Mainly high crime: 40 of 40"),
        ("both", 5, "Low coverage and high crime: 40 of 40"),
        ("gap", 1, "Mainly low coverage: 40 of 40"),
    ],
)
def test_a_few_crimes_are_not_called_much_crime(leading: str, n_crimes: int, opening: str) -> None:
    with use_language("en"):
        said = describe_priority(FACTS._replace(leading=leading, n_crimes=n_crimes))
    assert said.startswith(opening)
    assert f"; {n_crimes} reported crime" in said
    assert "25.0 per 1,000 households (smoothed 16.5, typically 4.1)" in said


def rank(*rows: tuple[float, int]) -> pd.DataFrame:
    """Rank villages of a hundred households by (coverage, crimes)."""
    villages = pd.DataFrame(rows, columns=["evidenced_coverage", "n_crimes"])
    villages.index = [f"v{i}" for i in range(len(rows))]
    return rank_priority(villages.assign(n_households=100)).sort_values("rank", kind="stable")


def describe(ranked: pd.DataFrame) -> tuple[int, str, str]:
    """Give how many are listed, what is said of ties, and of the weights."""
    top = list_top_priorities(ranked)
    with use_language("en"):
        return len(top.first), describe_tied(top), describe_weights(ranked)


def test_a_clear_order_is_listed_and_says_nothing_of_ties() -> None:
    listed = describe(rank(*[(i / 10, 40 - 4 * i) for i in range(9)]))
    assert listed == (5, "", "The two ranks have equal weight.")


def test_a_tie_at_the_end_of_the_list_is_told_with_its_number() -> None:
    ranked = rank(*[(i / 10, 40 - 4 * i) for i in range(4)], *[(0.9, 1)] * 3)
    assert describe(ranked)[:2] == (5, "2 more have the same priority as the last of these.")


def test_where_all_tie_none_is_listed() -> None:
    n, tied, weights = describe(rank(*[(0.2, 3)] * 8))
    assert n == 0
    assert tied.startswith("The 8 that have both unvisited households and reported crimes all have the same")
    assert "equal weight" not in weights


@pytest.mark.parametrize(
    ("rows", "weights"),
    [
        ([(i / 10, 1) for i in range(9)], "the order follows the visit gap alone."),
        ([(0.0, 4 * i) for i in range(9)], "the order follows the crime rate alone."),
    ],
)
def test_a_part_in_which_all_tie_has_no_weight(rows: list[tuple[float, int]], weights: str) -> None:
    assert describe(rank(*rows))[2].endswith(weights)
