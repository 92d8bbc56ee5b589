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
        "outside_village": Phrase(
            "The GPS position is outside the household's village. Was the visit recorded elsewhere?"
        ),
        "stacked": Phrase("Several households were recorded at one spot on this day. Did they gather there?"),
        "too_fast": Phrase(
            "The previous visit was too far away for the time between them. Were both recorded on the spot?"
        ),
        "burst": Phrase("Several visits were recorded within minutes. Were they entered together later?"),
        "odd_hours": Phrase(
            "The visit was recorded early in the morning or late in the evening. Is the time right?"
        ),
        "duplicate": Phrase(
            "The officer already recorded this household on the same day. Was it sent twice?"
        ),
        "copied_remarks": Phrase(
            "The remarks are almost the same as those of other visits. Is there more to add about this one?"
        ),
        "mock_fix": Phrase(
            "The GPS position is more exact or more constant than receivers can be. Does location "
            "work on the phone?"
        ),
    }
)
"""The flags in the order of their columns, each with the question that it raises."""
