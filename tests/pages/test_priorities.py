"""The sentence that says why a village or an RT comes first."""

from __future__ import annotations

import pytest

from geo.priority import PriorityFacts
from pages.text.language import use_language
from pages.widgets.captions import describe_priority

FACTS = PriorityFacts("a", 1, 9, 40, 40, 0.0, 0.11, 1, 16.5, 4.1, "crime")


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
