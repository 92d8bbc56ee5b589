"""The weekly plan: gathering its problem, building it, publishing versions and following progress."""

from data.plans.build import BuiltPlan, build_plan, suggest_seconds
from data.plans.gather import PlanWeek, gather_week
from data.plans.officer_week import OfficerWeek, PlanDay, follow_day, read_officer_week
from data.plans.progress import STOP_STATES, follow_plan, list_unplanned_visits
from data.plans.publish import publish_plan
from data.plans.request import WeekRequest
from data.plans.version import PublishedPlan, read_published_plan
from data.plans.versions import (
    STOP_FACTS,
    read_current_officers,
    read_current_stops,
    read_plan_changes,
    read_plan_versions,
)

__all__ = [
    "STOP_FACTS",
    "STOP_STATES",
    "BuiltPlan",
    "OfficerWeek",
    "PlanDay",
    "PlanWeek",
    "PublishedPlan",
    "WeekRequest",
    "build_plan",
    "follow_day",
    "follow_plan",
    "gather_week",
    "list_unplanned_visits",
    "publish_plan",
    "read_current_officers",
    "read_current_stops",
    "read_officer_week",
    "read_plan_changes",
    "read_plan_versions",
    "read_published_plan",
    "suggest_seconds",
]
