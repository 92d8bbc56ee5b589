"""The command plans a week: the same plan for the same seed, files of every kind, mistakes in one line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from data.cli import main
from data.database import Database
from data.plans import read_published_plan
from data.principal import Principal
from data.settings import get_settings
from tests.data.builders import EAST, WEST
from tests.data.plans import WEEK, fill, move_east_away

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    monkeypatch.setenv("SAMBANG_DATABASE_URL", f"sqlite:///{tmp_path / 'sambang.sqlite'}")
    monkeypatch.chdir(tmp_path)
    get_settings.cache_clear()
    database = Database(get_settings().database_url)
    database.migrate()
    fill(database)

    def call(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            main(["plan", "--week", WEEK, *arguments])
        printed = capsys.readouterr()
        return int(left.value.code or 0), printed.out, printed.err

    yield call
    get_settings.cache_clear()


def test_same_seed_gives_the_same_plan_and_publishing_makes_versions(run: Run) -> None:
    first, second = (run("--seed", "3", "--json") for _ in range(2))
    assert first == second
    facts = json.loads(first[1])
    assert (facts["n_visits"], facts["violations"], facts["published"]) == (3, [], None)
    assert "Sri" not in first[1]  # names are in files only
    assert json.loads(run("--publish", "--json")[1])["published"] == 1


@pytest.mark.parametrize("kind", ["pdf", "gpx", "csv", "xlsx", "ics"])
def test_plan_is_written_as_the_files_name_says(run: Run, tmp_path: Path, kind: str) -> None:
    code, out, err = run("--officer", "P2", "--out", str(tmp_path / f"week.{kind}"))
    assert (code, err) == (0, "")
    assert "Written to" in out
    starts = {
        "pdf": b"%PDF",
        "gpx": b"<?xml",
        "csv": b"\xef\xbb\xbf",
        "xlsx": b"PK",
        "ics": b"BEGIN:VCALENDAR",
    }
    assert (tmp_path / f"week.{kind}").read_bytes().startswith(starts[kind])


def test_what_did_not_fit_is_told_in_a_sentence(run: Run) -> None:
    code, out, _ = run("--leave", "P1=2026-11-25", "--lock", "K1=2026-11-28")
    assert code == 0
    assert "K1 was assigned to a day when P1 does not work: choose another." in out


def test_village_too_far_from_the_post_is_told(run: Run) -> None:
    move_east_away(Database(get_settings().database_url))
    code, out, _ = run()
    assert code == 0
    # 0.301 degrees of 110,400 m: from the post, at the median of P2's households, to K3.
    assert "Wetan gets no visit: it lies 33 km from the post of P2, too far for any shift." in out
    (one,) = [one for one in json.loads(run("--json")[1])["unmet"] if one["reason"] == "village_too_far"]
    assert (one["subject"], one["officer_id"], one["km"]) == (EAST, "P2", pytest.approx(33.2, abs=0.1))
    assert one["sentence"].startswith("Wetan gets no visit")


def test_a_day_may_start_in_a_far_village(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    move_east_away(Database(get_settings().database_url))
    for words in (("--post", EAST), ()):
        report = json.loads(run("--officer", "P2", *words, "--json")[1])
        assert [one["reason"] for one in report["unmet"] if one["subject"] == EAST] == (
            [] if words else ["village_too_far"]
        )
        assert ("K3" in {stop["household_id"] for stop in report["stops"]}) == bool(words)
        assert report["violations"] == []
    monkeypatch.setenv("SAMBANG_PLAN_POSTS", f"{EAST}=-7.405,111.7045 {WEST}")
    get_settings.cache_clear()
    report = json.loads(run("--officer", "P2", "--publish", "--json")[1])
    assert {stop["household_id"] for stop in report["stops"]} == {"K1", "K2", "K3"}
    database = Database(get_settings().database_url)
    routes = read_published_plan(database, Principal.demo(), report["published"]).plan.routes
    assert 111.7045 in set(routes["post_lon"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--out", "week.doc"], "call it"),
        (["--officer", "P9"], "no officer P9"),
        (["--lock", "K1"], "--lock K1"),
        (["--must", "K9"], "not registered"),
        (["--post", "9901012009"], "not a village of the plan's officers"),
    ],
)
def test_mistake_is_one_line(run: Run, words: list[str], said: str) -> None:
    code, out, err = run(*words)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert said in err
