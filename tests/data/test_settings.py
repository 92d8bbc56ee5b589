"""Settings come from the environment, and say in one sentence what is wrong with them."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from data.errors import DataError, ScopeError
from data.periods import Period
from data.principal import Principal
from data.settings import Settings, get_settings


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch, tmp_path: pytest.TempPathFactory) -> None:
    monkeypatch.chdir(tmp_path)
    get_settings.cache_clear()


def test_every_setting_has_a_default_and_a_description() -> None:
    assert Settings()
    assert all(field.description for field in Settings.model_fields.values())


@pytest.mark.parametrize(
    ("short", "zone"), [("WIB", "Asia/Jakarta"), ("wita", "Asia/Makassar"), ("WIT", "Asia/Jayapura")]
)
def test_short_names_of_time_zones(monkeypatch: pytest.MonkeyPatch, short: str, zone: str) -> None:
    monkeypatch.setenv("SAMBANG_TIME_ZONE", short)
    assert get_settings().time_zone == zone


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SAMBANG_TIME_ZONE", "Mars/Olympus"),
        ("SAMBANG_TILES_URL", "javascript:alert(1)"),
        ("SAMBANG_TILES_URL", "https://tiles.example/static.png"),
        ("SAMBANG_COVERAGE_DAYS", "0"),
        ("SAMBANG_LANGUAGE", "fr"),
    ],
)
def test_wrong_setting_is_named_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(DataError, match=name) as caught:
        get_settings()
    assert "\n" not in str(caught.value)


def test_period_follows_the_local_midnight() -> None:
    period = Period(date(2026, 3, 1), date(2026, 3, 31), "Asia/Jayapura")
    assert period.since_at == pd.Timestamp("2026-02-28T15:00:00Z")
    assert period.until_at == pd.Timestamp("2026-03-30T15:00:00Z")
    assert period.previous() == Period(date(2026, 1, 30), date(2026, 3, 1), "Asia/Jayapura")
    assert period.last_day == date(2026, 3, 30)


def test_period_without_a_day_is_refused() -> None:
    with pytest.raises(DataError, match="contains no day"):
        Period(date(2026, 3, 1), date(2026, 3, 1), "Asia/Jakarta")


def test_narrowing_never_leaves_the_assigned_area() -> None:
    principal = Principal("ani", "supervisor", ("352107",))
    assert principal.narrow_areas("3521072013") == ("3521072013",)
    assert principal.narrow_areas("35") == ("352107",)
    with pytest.raises(ScopeError):
        principal.narrow_areas("352108")
