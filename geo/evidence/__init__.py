"""Assessment of reported visits by their GPS record: a distance, a class, and flags that are questions.

`judge_visits` does it all. Each flag is a function of its own, with its thresholds as named options.
"""

from __future__ import annotations

from geo.evidence.decisions import DECISIONS, apply_decisions
from geo.evidence.judge import judge_visits, measure_distance, support_distance
from geo.evidence.pace import flag_burst, flag_duplicate, flag_odd_hours, flag_too_fast
from geo.evidence.place import flag_mock_fix, flag_outside_village, flag_stacked
from geo.evidence.reasons import CLASSES, FLAGS
from geo.evidence.remarks import flag_copied_remarks
from geo.evidence.rules import DEFAULT_RULES, EvidenceRules

__all__ = [
    "CLASSES",
    "DECISIONS",
    "DEFAULT_RULES",
    "FLAGS",
    "EvidenceRules",
    "apply_decisions",
    "flag_burst",
    "flag_copied_remarks",
    "flag_duplicate",
    "flag_mock_fix",
    "flag_odd_hours",
    "flag_outside_village",
    "flag_stacked",
    "flag_too_fast",
    "judge_visits",
    "measure_distance",
    "support_distance",
]
