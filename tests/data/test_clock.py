"""What time it is for the program, and where that is said."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from data.clock import Clock
from data.errors import DataError
from data.settings import get_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

LATE = datetime(2026, 10, 31, 18, 0, tzinfo=UTC)  # 1 November, 01.00 WIB


@pytest.fixture(autouse=True)
def _settings_anew() -> Iterator[None]:
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()


@pytest.mark.parametrize(("zone", "day"), [("Asia/Jakarta", date(2026, 11, 1)), ("UTC", date(2026, 10, 31))])
def test_today_is_the_units_day(zone: str, day: date) -> None:
    assert Clock(ZoneInfo(zone), stopped_at=LATE).today() == day


def test_clock_runs_unless_it_is_stopped() -> None:
    assert abs(Clock(ZoneInfo("Asia/Jakarta")).now() - datetime.now(UTC)).total_seconds() < 60
    assert Clock(ZoneInfo("Asia/Jakarta"), stopped_at=LATE).seconds() == LATE.timestamp()


def test_setting_stops_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMBANG_NOW", "2026-11-01T01:00+07:00")
    assert get_settings().clock.now() == LATE


def test_moment_without_a_time_zone_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMBANG_NOW", "2026-11-01T01:00")
    with pytest.raises(DataError, match="SAMBANG_NOW"):
        get_settings()
