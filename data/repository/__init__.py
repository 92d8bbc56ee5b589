"""Scoped reads: every read of records takes a principal and returns only what that principal may see."""

from data.repository.attempts import is_contact, name_attempt
from data.repository.batches import (
    count_records,
    read_batches,
    read_quarantine,
    read_span,
    read_versions,
)
from data.repository.memory import read_code_scheme, read_crosswalk, read_layout, read_spellings
from data.repository.record_ends import (
    DATED,
    ELSEWHERE,
    derive_record_ends,
    list_districts,
    read_arrivals,
    read_districts,
    read_record_ends,
    read_statements,
    select_record_ends,
)
from data.repository.records import (
    CRIME_COLUMNS,
    HOUSEHOLD_PERSONAL,
    VISIT_COLUMNS,
    count_district_names,
    read_crimes,
    read_households,
    read_officers,
    read_villages,
    read_visits,
)
from data.repository.roads import RoadFacts, read_road_facts, read_roads
from data.repository.rounded import (
    find_last_rounded_week,
    read_rounded_households,
    read_rounded_weeks,
)
from data.repository.scope import is_visit_in_scope

__all__ = [
    "CRIME_COLUMNS",
    "DATED",
    "ELSEWHERE",
    "HOUSEHOLD_PERSONAL",
    "VISIT_COLUMNS",
    "RoadFacts",
    "count_district_names",
    "count_records",
    "derive_record_ends",
    "find_last_rounded_week",
    "is_contact",
    "is_visit_in_scope",
    "list_districts",
    "name_attempt",
    "read_arrivals",
    "read_batches",
    "read_code_scheme",
    "read_crimes",
    "read_crosswalk",
    "read_districts",
    "read_households",
    "read_layout",
    "read_officers",
    "read_quarantine",
    "read_record_ends",
    "read_road_facts",
    "read_roads",
    "read_rounded_households",
    "read_rounded_weeks",
    "read_span",
    "read_spellings",
    "read_statements",
    "read_versions",
    "read_villages",
    "read_visits",
    "select_record_ends",
]
