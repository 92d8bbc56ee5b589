"""Weekly visit plans: prizes, the route search, an independent check, and summaries."""

from geo.routes.check import RULES, Violation, check_plan
from geo.routes.plan import NOBODY_WORKS, UNMET_REASONS, Plan, Unmet
from geo.routes.prizes import PRESETS, PrizeWeights, measure_prizes
from geo.routes.problem import (
    AFTERNOON,
    MORNING,
    PlanRules,
    Problem,
    Shift,
    compute_village_floors,
    list_holidays,
    list_week_days,
    list_working_days,
)
from geo.routes.search import SearchEffort
from geo.routes.solve import plan_week
from geo.routes.summary import explain_stops, summarise_officers, summarise_plan, summarise_villages
from geo.routes.travel import StraightLine, Travel, TravelMatrix

__all__ = [
    "AFTERNOON",
    "MORNING",
    "NOBODY_WORKS",
    "PRESETS",
    "RULES",
    "UNMET_REASONS",
    "Plan",
    "PlanRules",
    "PrizeWeights",
    "Problem",
    "SearchEffort",
    "Shift",
    "StraightLine",
    "Travel",
    "TravelMatrix",
    "Unmet",
    "Violation",
    "check_plan",
    "compute_village_floors",
    "explain_stops",
    "list_holidays",
    "list_week_days",
    "list_working_days",
    "measure_prizes",
    "plan_week",
    "summarise_officers",
    "summarise_plan",
    "summarise_villages",
]
