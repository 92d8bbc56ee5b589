"""Meaning of each evidence class and question of each flag: English texts that pages translate."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from geo.errors import Phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

CLASS_DESCRIPTIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "supported": "The fix is at the household.",
        "nearby": "The fix is farther from the household than its accuracy explains.",
        "unlocated": "There is no fix, or no point of the household, to compare.",
        "to_review": "Something about this visit needs a look.",
    }
)
"""The classes of evidence in their order, each with its meaning."""

FLAGS: Final[Mapping[str, Phrase]] = MappingProxyType(
    {
        "outside_village": Phrase("The fix lies outside the household's village: was it recorded elsewhere?"),
        "stacked": Phrase("Several households were recorded at one spot on this day: did they meet there?"),
        "too_fast": Phrase(
            "The last visit was far away for the time between: were both recorded on the spot?"
        ),
        "burst": Phrase(
            "Several visits were recorded within minutes: were they entered together afterwards?"
        ),
        "odd_hours": Phrase(
            "The visit was recorded early in the morning or late in the evening: is the time right?"
        ),
        "duplicate": Phrase(
            "The officer recorded this household already on the same day: was it sent twice?"
        ),
        "copied_remarks": Phrase(
            "The remarks are nearly those of other visits: is there more to tell of this one?"
        ),
        "mock_fix": Phrase(
            "The fix is more exact or constant than receivers are: does the phone's location work?"
        ),
    }
)
"""The flags in the order of their columns, each with the question that it raises."""
