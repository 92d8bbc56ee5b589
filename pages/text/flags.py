"""Names of visit flags and review decisions in the user's language; a flag is a question, not a verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.evidence import FLAGS
from pages.text.language import N_, _, translate

if TYPE_CHECKING:
    from collections.abc import Iterable

FLAG_NAMES = {
    "outside_village": N_("Outside the village"),
    "stacked": N_("Many households at one spot"),
    "too_fast": N_("Far from the last visit"),
    "burst": N_("Several within minutes"),
    "odd_hours": N_("Early or late hour"),
    "duplicate": N_("Twice in one day"),
    "copied_remarks": N_("Similar remarks"),
    "mock_fix": N_("Very exact or constant GPS position"),
}

DECISION_NAMES = {
    "open": N_("To review"),
    "accepted": N_("Accepted"),
    "set_aside": N_("Set aside"),
    "undone": N_("Withdrawn"),
}


def describe_flag(flag: str) -> str:
    """Describe the question that a flag raises."""
    return translate(FLAGS[flag])


def name_flag(flag: str) -> str:
    """Return the short name of a flag."""
    return _(FLAG_NAMES[flag])


def name_flags(flags: Iterable[str]) -> str:
    """List the short names of several flags."""
    return " · ".join(name_flag(flag) for flag in flags)


def name_decision(decision: str) -> str:
    """Return the name of a review decision; ``open`` is one still to be made."""
    return _(DECISION_NAMES[decision])
