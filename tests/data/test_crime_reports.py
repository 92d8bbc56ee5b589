"""Reports on crime: hand-counted, in agreement with the rows, a sentence where there is too little."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
import sqlalchemy as sa

from data import tables
from data.cli import main
from data.cli.crime_methods import describe_repeats
from data.database import Database
from data.settings import get_settings
from geo.repeats import KnoxReading, NearRepeats
from tests.pages.nine import CODES, store_nine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

OCTOBER = ("--since", "2026-10-01", "--until", "2026-11-01")


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Callable[..., tuple[int, str, str]]]:
    """Run a report on the nine villages: exit code, standard output, standard error."""
    monkeypatch.setenv("SAMBANG_DATABASE_URL", f"sqlite:///{tmp_path / 'sambang.sqlite'}")
    get_settings.cache_clear()
    database = Database(get_settings().database_url)
    database.migrate()
    store_nine(database)

    def call(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            main(["report", *arguments])
        printed = capsys.readouterr()
        return int(left.value.code or 0), printed.out, printed.err

    yield call
    get_settings.cache_clear()


@pytest.fixture
def ask(run: Callable[..., tuple[int, str, str]]) -> Callable[..., Any]:
    """Run a report with --json; its answer as values."""

    def call(*arguments: str) -> Any:
        code, out, err = run(*arguments, "--json")
        assert (code, err) == (0, "")
        return json.loads(out)

    return call


def test_change_is_told_by_village_and_in_all(ask: Callable[..., Any]) -> None:
    answer = ask("change", *OCTOBER)
    assert (answer["n_before"], answer["n_after"]) == (36, 72)
    assert (answer["against_since"], answer["against_until"]) == ("2026-08-31", "2026-10-01")
    # the surest is Desa 1, 4 to 16: p 0.0118, times nine areas 0.106
    assert answer["verdicts"] == {"more": 0, "fewer": 0, "same": 0, "unclear": 9}
    first = answer["villages"][0]
    assert (first["village"], first["n_before"], first["n_after"]) == ("Desa 1", 4, 16)
    # of nine tests without a discovery each needs p of 0.0056: 2·9,109/2²² = 0.0043 from 18, 0.0072 from 17
    assert first["rise_from"] == 18


def test_change_against_a_day_of_choice(
    ask: Callable[..., Any], run: Callable[..., tuple[int, str, str]]
) -> None:
    answer = ask("change", *OCTOBER, "--against", "2026-08-31")
    assert (answer["against_since"], answer["against_until"]) == ("2026-08-31", "2026-10-01")
    assert (answer["n_before"], answer["complete_to"]) == (36, "2026-10-31")
    code, out, err = run("change", *OCTOBER, "--against", "2026-09-01")
    assert (code, out) == (1, "")
    assert "the two periods share the days from 2026-10-01 to 2026-10-01" in err


def test_a_period_beyond_the_record_is_told_and_not_compared(
    run: Callable[..., tuple[int, str, str]],
) -> None:
    later = ("--since", "2026-10-05", "--until", "2026-11-05")
    code, out, err = run("change", *later, "--against", "2026-09-01")
    assert (code, out) == (1, "")
    assert "the record of crimes is complete only to 2026-10-31, and the period ends on 2026-11-04" in err
    code, out, err = run("hotspots", *later)
    assert code == 0
    assert "Caution: the record of crimes is complete only to 2026-10-31" in out


def test_priority_ranks_little_coverage_and_much_crime_first(
    ask: Callable[..., Any], run: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    answer = ask("priority", *OCTOBER)
    assert [row["village_code"] for row in answer["villages"]] == CODES
    assert [row["rank"] for row in answer["villages"]] == list(range(1, 10))
    assert answer["villages"][3]["evidenced_coverage"] == pytest.approx(0.3)
    code, out, _err = run("priority", *OCTOBER, "--out", str(tmp_path / "p.csv"))
    assert code == 0
    assert f"1. {CODES[0]}  Desa 1: 0.0% covered, 16 reported crimes" in out
    with (tmp_path / "p.csv").open(encoding="utf-8-sig") as file:
        assert [row["village"] for row in csv.DictReader(file)] == [f"Desa {i}" for i in range(1, 10)]


@pytest.mark.parametrize("method", ["density", "risk", "cells", "clusters", "repeats", "times"])
def test_every_method_counts_the_rows_of_its_period(ask: Callable[..., Any], method: str) -> None:
    answer = ask("hotspots", *OCTOBER, "--method", method)
    assert (answer["method"], answer["n_crimes"], answer["n_without_location"]) == (method, 72, 0)
    if method == "clusters":
        assert sum(row["n_crimes"] for row in answer["clusters"]) + answer["n_outside"] == 72
    elif method == "repeats":
        assert answer["n_measured"] == {"curat": 108}  # of the year: 36 before October, 72 in it
        assert (answer["year_since"], answer["year_until"]) == ("2026-08-31", "2026-11-01")  # all there is
        assert len(answer["bands"]) == 20  # five distances, four times
        assert {"category", "distance_to_m", "n_observed", "ratio", "p"} <= set(answer["bands"][0])
    elif method == "times":
        assert (answer["busiest_hours"], answer["busiest_day"]) == (
            {"first": 5, "share": 1.0},
            None,
        )  # all at ten
        assert answer["months"] == {"2026-10": 72}
        assert sum(row["n_crimes"] for row in answer["weekdays"]) == 72
    elif method == "cells":
        assert answer["n_cells"] > 100
        assert {"lon", "lat", "z", "p", "p_exact", "p_adjusted", "confidence"} <= set(answer["cells"][0])
        assert all(row["p_adjusted"] >= row["p_exact"] for row in answer["cells"])
    else:
        assert answer["n_points"] == 72
        assert answer["bandwidth_m"] >= 100


@pytest.mark.parametrize(
    ("precision", "told"),
    [
        ("minute", "100% of the crimes whose hour is known were between 05.00 and 11.00."),
        ("day", "72 crimes left out: the hour is not known."),
        ("month", "Too few crimes whose day is known for a result (0): at least 30 are needed."),
    ],
)
def test_times_are_told_as_exactly_as_they_are_known(
    run: Callable[..., tuple[int, str, str]], precision: str, told: str
) -> None:
    database = Database(get_settings().database_url)
    with database.write({}) as connection:
        connection.execute(sa.update(tables.crimes).values(time_precision=precision))
    code, out, err = run("hotspots", *OCTOBER, "--method", "times")
    assert (code, err) == (0, "")
    assert told in out
    assert "By month: 2026-10 72." in out
    assert ("between 05.00" in out) == (precision == "minute")
    code, out, err = run("hotspots", *OCTOBER, "--method", "repeats")
    assert (code == 0) == (precision != "month")
    assert ("whose day is known" in err) == (precision == "month")


def test_one_command_runs_every_method_on_the_same_rows(
    ask: Callable[..., Any], run: Callable[..., tuple[int, str, str]]
) -> None:
    answer = ask("hotspots", *OCTOBER, "--method", "all")
    found = answer["methods"]
    assert set(found) == {"density", "risk", "cells", "alike", "clusters", "repeats", "times"}
    assert answer["n_crimes"] == found["density"]["n_points"] == found["risk"]["n_points"] == 72
    assert found["cells"]["n_in_cells"] == 72
    assert found["repeats"]["n_measured"]["curat"] == 108  # of the year up to the period's end
    assert found["clusters"]["n_in_clusters"] + found["clusters"]["n_outside"] == 72
    assert "Too few areas for a result (9)" in found["alike"]["too_few"]  # the others answer all the same
    code, out, err = run("hotspots", *OCTOBER, "--method", "all")
    assert "repeats: From 2026-08-31 to 2026-10-31: curat: " in out
    assert (code, err) == (0, "")
    assert [line.split(":")[0] for line in out.splitlines()[1:]] == list(found)


@pytest.mark.parametrize(
    ("pairs", "reading", "said"),
    [
        (
            65,
            KnoxReading(100, 7, 65, 38.6, 1.684, 0.004),
            "within 7 days and 100 m of one of 400, another was 1.68",
        ),
        (
            105,
            KnoxReading(100, 21, 105, 6.3, 16.7, 0.001, 0, 14),
            "within 14-21 days and 100 m of one of 400",
        ),
        (5, None, "curat: one of 400 made another nearby no more likely than chance."),
        (4, None, "curat: too few of 400 were near each other to tell them from chance."),
    ],
)
def test_near_repeats_are_told_as_they_are_read(pairs: int, reading: KnoxReading | None, said: str) -> None:
    found = NearRepeats(pd.DataFrame({"n_observed": [pairs]}), 400, "manhattan", reading)
    assert said in describe_repeats("curat", found).replace("\N{EN DASH}", "-")


@pytest.mark.parametrize(
    ("kind", "unit"),
    [
        ("ratio", "crimes_per_1000_households"),
        ("log", "log_relative_risk"),
        ("difference", "excess_crimes_per_km2"),
    ],
)
def test_risk_is_told_in_the_way_asked_for(ask: Callable[..., Any], kind: str, unit: str) -> None:
    answer = ask("hotspots", *OCTOBER, "--method", "risk", "--kind", kind)
    assert (answer["kind"], answer["n_households"]) == (kind, 90)
    assert answer[f"peak_{unit}"] == pytest.approx(answer["cells"][0][unit])


def test_area_narrows_what_is_counted(ask: Callable[..., Any]) -> None:
    assert ask("hotspots", *OCTOBER, "--area", CODES[0])["n_crimes"] == 16
    dotted = f"{CODES[0][:2]}.{CODES[0][2:4]}.{CODES[0][4:6]}.{CODES[0][6:]}"
    assert ask("hotspots", *OCTOBER, "--area", dotted)["n_crimes"] == 16


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("hotspots", "--method", "alike", *OCTOBER), "Too few areas for a result (9)"),
        (("hotspots", "--method", "cells", *OCTOBER, "--area", CODES[8]), "Too few crimes with a location"),
        (
            ("change", "--since", "2020-01-01", "--until", "2020-02-01"),
            "begin on 2026-08-31, after 2019-12-01",
        ),
        (("change", *OCTOBER, "--against", "2026-08-30"), "begin on 2026-08-31, after 2026-08-30"),
        (("change", *OCTOBER, "--category", "curas"), "There are no crimes in either period"),
        (("hotspots", "--method", "repeats", *OCTOBER, "--area", CODES[8]), "Too few crimes with a time"),
        (("hotspots", "--method", "all", *OCTOBER, "--out", "x.csv"), "choose one with --method"),
        (("priority", "--area", CODES[0]), "Too few areas with households"),
        (
            ("hotspots", "--method", "risk", "--since", "2020-01-01", "--until", "2020-02-01"),
            "Too few crimes with a location for a result (0)",
        ),
    ],
)
def test_too_little_ends_with_1_and_one_line(
    run: Callable[..., tuple[int, str, str]], arguments: tuple[str, ...], sentence: str
) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (1, "")
    assert sentence in err
    assert err.count("\n") == 1
