"""Every report with 0, 1 or 2 crimes, all at one place, all of one day: a sentence, or counts with a word."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from data.cli import main
from data.database import Database
from data.settings import get_settings
from tests.pages.few import CASES, store_few

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ONE_POINT = "All 45 crimes with a location are at one point"
ONE_DAY = "All 64 crimes are from one day, 2026-10-10: figures for the period describe that day only."
ALL_ONE = "The rates of reported crime are all the same: the order follows the visit gap alone."


def few(what: str, least: int) -> dict[str, str]:
    return {
        case: f"Too few {what} for a result ({n}): at least {least} are needed."
        for case, n in {"none": 0, "one": 1, "two": 2}.items()
    } | {"one place": f"{ONE_POINT}: a map would show only that point."}


REFUSED: dict[str, dict[str, str]] = {
    "density": few("crimes with a location", 10),
    "risk": few("crimes with a location", 10),
    "cells": few("crimes with a location", 30),
    "alike": few("crimes", 30),
    "clusters": few("crimes with a location", 10),
    "repeats": few("crimes with a time and a location", 30)
    | {
        "one place": "All crimes are at one place: near repeats need more places.",
        "one day": "All crimes are on one day: near repeats need more days.",
    },
}


@pytest.fixture(params=list(CASES))
def case(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A case of too little, stored in the database of the settings."""
    monkeypatch.setenv("SAMBANG_DATABASE_URL", f"sqlite:///{tmp_path / 'sambang.sqlite'}")
    monkeypatch.setenv("SAMBANG_TIME_ZONE", "WIB")
    get_settings.cache_clear()
    database = Database(get_settings().database_url)
    database.migrate()
    store_few(database, request.param)
    yield request.param
    get_settings.cache_clear()


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        main(["report", *arguments])
    printed = capsys.readouterr()
    assert "nan" not in (printed.out + printed.err).lower().split()
    return int(left.value.code or 0), printed.out, printed.err


@pytest.mark.parametrize("method", REFUSED)
def test_hotspots(case: str, method: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "hotspots", "--method", method)
    refusal = REFUSED[method].get(case)
    if refusal is None:
        assert (case, code, err) == ("one day", 0, "")
        assert ONE_DAY in out
        return
    assert (code, out) == (1, "")
    assert refusal in err
    assert err.count("\n") == 1


def test_all_methods_at_once_each_say_it(case: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "hotspots", "--method", "all")
    assert (code, err) == (0, "")
    for method, sentences in REFUSED.items():
        assert (f"{method}: {sentences[case]}" if case in sentences else f"{method}: ") in out


def test_change(case: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "change")
    if case == "one place":  # its crimes reach back: the counts are true, and chance explains them
        assert (code, err) == (0, "")
        assert "Villages: 0 more, 0 fewer, 0 same, 16 unclear." in out
        return
    assert (code, out) == (1, "")
    assert err.count("\n") == 1
    begins = "There are no crimes on record" if case == "none" else "The crimes on record begin on 2026-10-"
    assert begins in err


def test_priority(case: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "priority")
    assert (code, err) == (0, "")
    assert "16 villages ranked." in out
    assert (ALL_ONE in out) == (case != "one place")
