"""Every setting, read once from the environment (``SAMBANG_…``) or a ``.env`` file."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from data.errors import DataError

ROOT = Path(__file__).resolve().parent.parent
LOCAL = ROOT / "data" / "local"
ZONES = {"WIB": "Asia/Jakarta", "WITA": "Asia/Makassar", "WIT": "Asia/Jayapura"}
"""The official short names of Indonesia's time zones."""


class Settings(BaseSettings):
    """What a unit may set; every field has a default that works."""

    model_config = SettingsConfigDict(env_prefix="SAMBANG_", env_file=".env", extra="ignore", frozen=True)

    database_url: str = Field(
        default=f"sqlite:///{LOCAL / 'sambang.sqlite'}",
        description="Where the records are: a SQLite file, or postgresql://user@host/name for a server.",
    )
    time_zone: str = Field(
        default="Asia/Jakarta",
        description="The unit's time zone: WIB, WITA, WIT or an IANA name. Days begin and end by it.",
    )
    language: Literal["id", "en"] = Field(
        default="id", description="The language that pages open in; each user can change it."
    )
    tiles_url: str | None = Field(
        default=None,
        description="Basemap as an XYZ template, https://…/{z}/{x}/{y}.png; none: no internet is needed.",
    )
    tiles_attribution: str = Field(
        default="", description="The credit that the tile server's owner asks for, as plain text."
    )
    coverage_days: int = Field(
        default=90, ge=1, le=3660, description="Length in days of the period that pages open with."
    )
    match_distance_m: float = Field(
        default=30.0,
        gt=0,
        le=1000,
        description="A visit without household number belongs to the nearest household within these metres.",
    )
    max_upload_mb: int = Field(
        default=200, ge=1, le=2000, description="The largest file that the Data page takes, in MB."
    )
    max_file_mb: int = Field(
        default=500, ge=1, le=2000, description="The largest file that is read at all, in MB, packed or not."
    )
    max_read_seconds: int = Field(
        default=120, ge=5, le=3600, description="How long reading one file may take, in seconds."
    )
    max_read_memory_mb: int = Field(
        default=3000,
        ge=200,
        le=64_000,
        description="Memory that reading one large file may take, in MB; small files get less (on Linux).",
    )

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        zone = ZONES.get(value.strip().upper(), value.strip())
        if zone not in available_timezones():
            raise ValueError(f"'{value}' is not a time zone: give WIB, WITA, WIT or a name like Asia/Jakarta")
        return zone

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
    def zone(self) -> ZoneInfo:
        """The unit's time zone, as the standard library has it."""
        return ZoneInfo(self.time_zone)


@cache
def get_settings() -> Settings:
    """Read the settings; the same object for the life of the process.

    Returns
    -------
    Settings
        Read from the environment and ``.env``.

    Raises
    ------
    DataError
        If a setting's value is not one it can have; the sentence names it.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = f"SAMBANG_{str(first['loc'][0]).upper()}"
        raise DataError(
            f"The setting {name} is wrong: {first['msg'].removeprefix('Value error, ')}."
        ) from error
