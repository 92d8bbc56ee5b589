"""Weekly visit plans: prizes, the route search, an independent check, and summaries."""

from geo.routes.check import Violation, check_plan
from geo.routes.plan import REASONS, Plan, Unmet
from geo.routes.prizes import PRESETS, Weights, household_prizes
from geo.routes.problem import (
    AFTERNOON,
    EVENING,
    MORNING,
    Problem,
    Rules,
    Shift,
    holidays_between,
    village_floors,
    week_days,
    working_days,
)
from geo.routes.search import Effort
from geo.routes.solve import plan_week
from geo.routes.summary import explain_stops, summarise_officers, summarise_plan, summarise_villages
from geo.routes.travel import StraightLine, Travel, Ways

__all__ = [
    "AFTERNOON",
    "EVENING",
    "MORNING",
    "PRESETS",
    "REASONS",
    "Effort",
    "Plan",
    "Problem",
    "Rules",
    "Shift",
    "StraightLine",
    "Travel",
    "Unmet",
    "Violation",
    "Ways",
    "Weights",
    "check_plan",
    "explain_stops",
    "holidays_between",
    "household_prizes",
    "plan_week",
    "summarise_officers",
    "summarise_plan",
    "summarise_villages",
    "village_floors",
    "week_days",
    "working_days",
]
