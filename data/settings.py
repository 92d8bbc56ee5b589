"""Settings of a unit, read once from the environment (``SAMBANG_…``) or a ``.env`` file."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import time
from functools import cache
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AwareDatetime, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from data.clock import Clock
from data.errors import DataError
from geo.evidence import DEFAULT_RULES, EvidenceRules

ROOT = Path(__file__).resolve().parent.parent
LOCAL = ROOT / "data" / "local"
ZONES = {"WIB": "Asia/Jakarta", "WITA": "Asia/Makassar", "WIT": "Asia/Jayapura"}
"""Official abbreviations of Indonesia's time zones."""
_CLOCK = r"(?:[01]\d|2[0-3]):[0-5]\d"
_SHIFT = re.compile(f"{_CLOCK}-{_CLOCK}")
_POST = re.compile(r"\d{8,13}(=-?\d{1,2}(\.\d+)?,-?\d{1,3}(\.\d+)?)?")
_TAG_POINTS = re.compile(r"[^\s=,;]+=\d{1,2}(\.\d+)?")


class Settings(BaseSettings):
    """Settings of a unit; every one has a working default."""

    model_config = SettingsConfigDict(env_prefix="SAMBANG_", env_file=".env", extra="ignore", frozen=True)

    database_url: str = Field(
        default=f"sqlite:///{LOCAL / 'sambang.sqlite'}",
        description="The database: a SQLite file, or postgresql://user@host/name for a server.",
    )
    time_zone: str = Field(
        default="Asia/Jakarta",
        description="The unit's time zone, in which days begin and end: WIB, WITA, WIT or an IANA name.",
    )
    now: AwareDatetime | None = Field(
        default=None,
        description="Time at which the clock is stopped, such as 2026-11-24T09:00+07:00, to replay a past "
        "week; none: the system clock.",
    )
    language: Literal["id", "en"] = Field(
        default="id", description="Language in which pages open; each user can change it."
    )
    tiles_url: str | None = Field(
        default=None,
        description="Basemap as an XYZ template, https://…/{z}/{x}/{y}.png; none: no basemap, works offline.",
    )
    tiles_attribution: str = Field(
        default="", description="Attribution required by the tile server, as plain text."
    )
    coverage_days: int = Field(
        default=90, ge=1, le=3660, description="Length in days of the period that pages show at first."
    )
    crimes_delay_days: int = Field(
        default=42,
        ge=0,
        le=365,
        description="Days before the last crime to which crimes count as complete where no import states a "
        "day and earlier imports don't show how late crimes come.",
    )
    visits_delay_days: int = Field(
        default=7,
        ge=0,
        le=365,
        description="The same for visits: days before the last visit.",
    )
    target_days: int = Field(
        default=90, ge=1, le=3660, description="Days within which every household should be visited again."
    )
    visits_a_day: int = Field(
        default=8,
        ge=1,
        le=50,
        description="Households on an officer's day list, and most visits of a day in a plan.",
    )
    plan_shifts: str = Field(
        default="08:00-12:00 13:00-16:00",
        description="Shifts of a working day in which visits are planned, separated by spaces.",
    )
    plan_service_minutes: float = Field(
        default=10.0, gt=0, le=240, description="Duration of a planned visit, in minutes."
    )
    plan_rest_days: int = Field(
        default=14,
        ge=0,
        le=365,
        description="Days after a visit in which a plan does not include the household again.",
    )
    plan_floor_share: float = Field(
        default=0.2,
        ge=0,
        le=1,
        description="Share of an officer's visits divided among villages by their number of households.",
    )
    plan_speed_kmh: float = Field(
        default=15.0,
        gt=0,
        le=120,
        description="Mean travel speed in a plan where no roads are imported, in km/h.",
    )
    plan_detour: float = Field(
        default=1.3,
        ge=1,
        le=5,
        description="Ratio of travel distance to straight-line distance where no roads are imported.",
    )
    plan_tags: str = Field(
        default="lansia=1 elderly=1 disabilitas=1 disabled=1 korban=2 victim=2",
        description="Points that tags add to a visit, whose value is at most 10 without them, as tag=points.",
    )
    outcome_met_counts: bool = Field(
        default=True, description="Whether a visit where somebody was met counts as a visit."
    )
    outcome_absent_counts: bool = Field(
        default=False, description="Whether finding nobody at home counts as a visit, not as an attempt."
    )
    outcome_refused_counts: bool = Field(
        default=False, description="Whether a refused visit counts as a visit, not as an attempt."
    )
    outcome_moved_counts: bool = Field(
        default=False,
        description="Whether finding that the family has moved counts as a visit, not an attempt.",
    )
    outcome_other_counts: bool = Field(
        default=True, description="Whether an outcome in other words counts as a visit, not as an attempt."
    )
    outcome_missing_counts: bool = Field(
        default=True,
        description="Whether a visit without a recorded outcome counts as a visit, not an attempt.",
    )
    plan_posts: str = Field(
        default="",
        description="Villages in which an officer in charge of them may start a day, besides the own post: "
        "codes separated by spaces, each with its post as CODE=LAT,LON, or without, at the middle of its "
        "households.",
    )
    match_distance_m: float = Field(
        default=30.0,
        gt=0,
        le=1000,
        description="Metres within which a visit without a household number gets the nearest household.",
    )
    rounding_seed: int | None = Field(
        default=None,
        ge=0,
        description="Number from which the rounding of weeks that close is drawn, to compare figures of two "
        "versions of the program; none: by chance, as it must be in use.",
    )
    max_upload_mb: int = Field(
        default=200, ge=1, le=2000, description="Largest file that the Data page accepts, in MB."
    )
    max_file_mb: int = Field(
        default=500,
        ge=1,
        le=2000,
        description="Largest file that can be read at all, in MB, compressed or not.",
    )
    max_read_seconds: int = Field(
        default=120, ge=5, le=3600, description="Time limit for reading one file, in seconds."
    )
    max_read_memory_mb: int = Field(
        default=3000,
        ge=200,
        le=64_000,
        description="Memory limit for reading one large file, in MB; lower for small files (Linux only).",
    )

    evidence_support_m: float = Field(
        default=DEFAULT_RULES.support_m,
        ge=0,
        le=1000,
        description="Metres from the household within which a fix supports the visit.",
    )
    evidence_support_cap_m: float = Field(
        default=DEFAULT_RULES.support_cap_m,
        ge=0,
        le=5000,
        description="Metres up to which the accuracy of a fix extends that distance.",
    )
    evidence_outside_m: float = Field(
        default=DEFAULT_RULES.outside_m,
        ge=0,
        le=100_000,
        description="Metres beyond the village's border; a fix farther out is flagged.",
    )
    evidence_stacked_households: int = Field(
        default=DEFAULT_RULES.stacked_households,
        ge=2,
        le=1000,
        description="Different households at one spot in a day; this many or more are flagged.",
    )
    evidence_stacked_m: float = Field(
        default=DEFAULT_RULES.stacked_m,
        ge=0,
        le=1000,
        description="Metres around a fix that count as one spot.",
    )
    evidence_stacked_spares_supported: bool = Field(
        default=DEFAULT_RULES.stacked_spares_supported,
        description="Whether fixes near their own household are not counted at a spot (flats, dense rows).",
    )
    evidence_fastest_km_per_h: float = Field(
        default=DEFAULT_RULES.fastest_km_per_h,
        gt=0,
        le=1000,
        description="Speed between two visits above which they are flagged, in km/h.",
    )
    evidence_clock_s: float = Field(
        default=DEFAULT_RULES.clock_s,
        gt=0,
        le=3600,
        description="Resolution of times in seconds; 60 for records without seconds.",
    )
    evidence_burst_visits: int = Field(
        default=DEFAULT_RULES.burst_visits,
        ge=2,
        le=1000,
        description="Visits within the minutes below; this many or more are flagged.",
    )
    evidence_burst_minutes: float = Field(
        default=DEFAULT_RULES.burst_minutes,
        ge=0,
        le=1440,
        description="Minutes within which that many visits are flagged.",
    )
    evidence_day_begins: time = Field(
        default=DEFAULT_RULES.day_begins, description="Local time before which a visit is flagged."
    )
    evidence_day_ends: time = Field(
        default=DEFAULT_RULES.day_ends, description="Local time after which a visit is flagged."
    )
    evidence_midnight_is_unknown: bool = Field(
        default=DEFAULT_RULES.midnight_is_unknown,
        description="Whether exactly midnight means a date without a time.",
    )
    evidence_copied_ratio: float = Field(
        default=DEFAULT_RULES.copied_ratio,
        ge=0,
        le=100,
        description="Similarity of two remarks (0 to 100) from which one counts as a copy.",
    )
    evidence_copied_characters: int = Field(
        default=DEFAULT_RULES.copied_characters,
        ge=1,
        le=1000,
        description="Characters from which remarks are compared; shorter ones are not.",
    )
    evidence_copied_visits: int = Field(
        default=DEFAULT_RULES.copied_visits,
        ge=2,
        le=1000,
        description="Visits with copied remarks; this many or more are flagged.",
    )
    evidence_copied_days: float = Field(
        default=DEFAULT_RULES.copied_days,
        ge=0,
        le=3660,
        description="Days within which those visits are flagged.",
    )
    evidence_mock_days: int = Field(
        default=DEFAULT_RULES.mock_days,
        ge=2,
        le=3660,
        description="Days with the same fix, to 11 cm; this many or more are flagged.",
    )

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        zone = ZONES.get(value.strip().upper(), value.strip())
        if zone not in available_timezones():
            raise ValueError(f"'{value}' is not a time zone: give WIB, WITA, WIT or a name like Asia/Jakarta")
        return zone

    @field_validator("plan_shifts")
    @classmethod
    def _orderly_shifts(cls, value: str) -> str:
        shifts = value.split()
        clocks = [clock for shift in shifts for clock in shift.split("-")]
        if not shifts or not all(map(_SHIFT.fullmatch, shifts)) or clocks != sorted(clocks):
            raise ValueError(f"'{value}' are not hours in order, such as 08:00-12:00 13:00-16:00")
        return value

    @field_validator("plan_tags")
    @classmethod
    def _points_of_tags(cls, value: str) -> str:
        if not all(map(_TAG_POINTS.fullmatch, value.split())):
            raise ValueError(f"'{value}' does not give tags their points, as in lansia=1 korban=2.5")
        return value

    @field_validator("plan_posts")
    @classmethod
    def _places_of_posts(cls, value: str) -> str:
        if not all(map(_POST.fullmatch, value.split())):
            raise ValueError(f"'{value}' are not village codes or posts, such as 3521012001=-7.405,111.404")
        return value

    @field_validator("tiles_url", mode="before")
    @classmethod
    def _complete_template(cls, value: str | None) -> str | None:
        if not value:
            return None
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not all(part in value for part in ("{z}", "{x}", "{y}")):
            raise ValueError(
                f"'{value}' is not an XYZ template such as https://tiles.example/{{z}}/{{x}}/{{y}}.png"
            )
        return value

    @property
    def evidence_rules(self) -> EvidenceRules:
        """The rules by which the GPS record is assessed."""
        names = [field.name for field in fields(EvidenceRules)]
        return EvidenceRules(**{name: getattr(self, f"evidence_{name}") for name in names})

    def counts_as_visit(self, outcome: str) -> bool:
        """Return whether a visit with an outcome counts: a known one, ``other`` or ``missing``."""
        return bool(getattr(self, f"outcome_{outcome}_counts"))

    @property
    def zone(self) -> ZoneInfo:
        """The unit's time zone, as a ``ZoneInfo``."""
        return ZoneInfo(self.time_zone)

    @property
    def clock(self) -> Clock:
        """The unit's clock."""
        return Clock(self.zone, stopped_at=self.now)


@cache
def get_settings() -> Settings:
    """Read the settings once; later calls return the same object.

    Returns
    -------
    Settings
        The settings from the environment and ``.env``.

    Raises
    ------
    DataError
        If a setting has an invalid value; the message names it.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = f"SAMBANG_{str(first['loc'][0]).upper()}"
        raise DataError(
            "Invalid setting {name}: {reason}.",
            name=name,
            reason=first["msg"].removeprefix("Value error, "),
        ) from error
