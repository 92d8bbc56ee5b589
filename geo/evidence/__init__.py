"""Assessment of reported visits by their GPS record: a distance, a class, and flags that are questions.

`assess_visits` does it all. Each flag is a function of its own, with its thresholds as named options.
"""

from __future__ import annotations

from geo.evidence.assessment import assess_visits, compute_support_distance, measure_distance
from geo.evidence.decisions import DECISIONS, apply_decisions
from geo.evidence.descriptions import CLASS_DESCRIPTIONS, FLAGS
from geo.evidence.location_flags import flag_mock_fix, flag_outside_village, flag_stacked
from geo.evidence.remark_flags import flag_copied_remarks
from geo.evidence.rules import DEFAULT_RULES, EvidenceRules
from geo.evidence.time_flags import flag_burst, flag_duplicate, flag_odd_hours, flag_too_fast

__all__ = [
    "CLASS_DESCRIPTIONS",
    "DECISIONS",
    "DEFAULT_RULES",
    "FLAGS",
    "EvidenceRules",
    "apply_decisions",
    "assess_visits",
    "compute_support_distance",
    "flag_burst",
    "flag_copied_remarks",
    "flag_duplicate",
    "flag_mock_fix",
    "flag_odd_hours",
    "flag_outside_village",
    "flag_stacked",
    "flag_too_fast",
    "measure_distance",
]
