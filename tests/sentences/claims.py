"""A sentence, its condition and its truth: what must hold of a made unit for the sentence to be said of it.

A claim is the English text of the code, with its values in braces. Where it is found in what the program
says, its values are read back and held against the unit. A claim that is a *finding* (a rise, a hot place) is
true only of units in which that was planted; elsewhere, chance may bring it about as often as its level says,
and no more often.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sentences.truth import Truth

    Check = Callable[["Truth", dict[str, str]], bool]


@dataclass(frozen=True)
class Claim:
    """A sentence about numbers.

    Attributes
    ----------
    texts
        Its text in the code; several where it differs for one and for many.
    check
        Whether the values that were read back are true of the unit.
    finding_of
        What must be planted for it to be more than chance; empty for a plain fact.
    """

    texts: tuple[str, ...]
    check: Check
    finding_of: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """Its text, to name it in a report."""
        return self.texts[-1]


CLAIMS: list[Claim] = []


def claim(*texts: str, finding_of: str = "") -> Callable[[Check], Check]:
    """Register the truth of a sentence; ``finding_of`` names what it is a finding of, if any."""

    def register(check: Check) -> Check:
        CLAIMS.append(Claim(texts, check, frozenset(finding_of.split())))
        return check

    return register


def cut_claims(said: str) -> tuple[str, list[tuple[Claim, dict[str, str]]]]:
    """Find the claims in what was said; return what is left of it, and each claim with its values."""
    found = []
    texts = [(text, item) for item in CLAIMS for text in item.texts]
    for text, item in sorted(texts, key=lambda pair: -len(pair[0])):
        for match in reversed(list(_pattern(text).finditer(said))):
            found.append((item, match.groupdict()))
            said = said[: match.start()] + said[match.end() :]
    return said.strip(), found


def read_number(text: str) -> float:
    """Read a number as the program writes it in English."""
    return float(text.replace(",", "").replace("\N{MINUS SIGN}", "-"))


def is_percent(text: str, share: float) -> bool:
    """Return whether a percentage as written is this share, rounded; ``<1%`` and ``>99%`` are not 0 and 1."""
    if text.startswith("<"):
        return 0 < share < 0.01
    if text.startswith(">"):
        return 0.99 < share < 1
    return abs(read_number(text.rstrip("%")) / 100 - share) <= 0.005 + 1e-9


def read_list(text: str) -> list[str]:
    """Read the parts of a list such as ``A (1), B (2), and C (3)``."""
    return [part for part in re.split(r", and |, | and ", text) if part]


_VALUE = r"(?:(?!\. )[^\n])+?"  # within one sentence
_PATTERNS: dict[str, re.Pattern[str]] = {}


def _pattern(text: str) -> re.Pattern[str]:
    if text not in _PATTERNS:
        parts = re.split(r"\{(\w+)\}", text)
        seen: set[str] = set()
        written = []
        for number, part in enumerate(parts):
            if number % 2 == 0:
                written.append(re.escape(part))
            elif part in seen:
                written.append(f"(?P={part})")
            else:
                seen.add(part)
                written.append(f"(?P<{part}>{_VALUE})")
        end = r"(?!\w)" if text.endswith(".") else ""  # 07.00 has a stop within
        _PATTERNS[text] = re.compile("".join(written) + end)
    return _PATTERNS[text]
