"""The weekly plan: gathered from the records, built, published as versions, and followed."""

from data.plans.build import BuiltPlan, build_plan, suggest_seconds
from data.plans.day import OfficerWeek, PlanDay, open_day, read_officer_week
from data.plans.opened import PublishedPlan, read_plan
from data.plans.progress import STATES, done_elsewhere, follow_plan
from data.plans.published import (
    FACTS,
    read_changes,
    read_current_officers,
    read_current_stops,
    read_versions,
)
from data.plans.publishing import publish_plan
from data.plans.request import WeekRequest
from data.plans.week import PlanWeek, gather_week

__all__ = [
    "FACTS",
    "STATES",
    "BuiltPlan",
    "OfficerWeek",
    "PlanDay",
    "PlanWeek",
    "PublishedPlan",
    "WeekRequest",
    "build_plan",
    "done_elsewhere",
    "follow_plan",
    "gather_week",
    "open_day",
    "publish_plan",
    "read_changes",
    "read_current_officers",
    "read_current_stops",
    "read_officer_week",
    "read_plan",
    "read_versions",
    "suggest_seconds",
]
