"""The weekly plan: gathered from the records, built, published as versions, and followed."""

from data.plans.build import BuiltPlan, build_plan, suggest_seconds
from data.plans.week import PlanWeek, WeekRequest, gather_week

__all__ = ["BuiltPlan", "PlanWeek", "WeekRequest", "build_plan", "gather_week", "suggest_seconds"]
