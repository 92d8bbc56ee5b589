"""Reports on visits: figures counted by hand, the same in JSON, on paper and in files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import openpyxl
import pandas as pd
import pytest

from data.database import Database
from data.decisions import record_decision
from data.principal import Principal
from data.settings import get_settings
from tests.data.builders import (
    EAST,
    WEST,
    make_households,
    make_row_of_houses,
    make_villages,
    make_visits,
    make_visits_at_doors,
    store,
)
from tests.data.test_cli import run  # noqa: F401 - a fixture

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

OCTOBER = ("--since", "2026-10-01", "--until", "2026-11-01")


@pytest.fixture
def database(run: Callable[..., Any]) -> Database:  # noqa: F811 - the fixture above
    """The small place: V1 at K1's door, V2 to K1 but recorded 1.4 km away, V3 to K3 without a fix."""
    assert run
    opened = Database(get_settings().database_url)
    opened.migrate()
    store(opened, "boundaries", make_villages())
    store(opened, "households", make_households().assign(head_name=["=1+1", "Budi", "Tono", "Jauh"]))
    store(opened, "visits", make_visits())
    return opened


@pytest.fixture
def ask(database: Database, run: Callable[..., tuple[int, str, str]]) -> Callable[..., Any]:  # noqa: F811
    """Run a report with --json over October."""
    assert database

    def call(*arguments: str) -> Any:
        code, out, err = run("report", *arguments, "--json")
        assert (code, err) == (0, "")
        return json.loads(out)

    return call


def test_coverage_tells_reported_and_evidenced(ask: Callable[..., Any]) -> None:
    report = ask("coverage", *OCTOBER)
    assert (report["n_households"], report["n_reported"], report["n_evidenced"]) == (3, 2, 1)
    assert report["evidenced_coverage"] == pytest.approx(1 / 3)
    west, east = report["villages"]
    assert (west["reported_coverage"], west["evidenced_coverage"], west["gap"]) == (0.5, 0.5, 0.0)
    assert (east["reported_coverage"], east["evidenced_coverage"], east["gap"]) == (1.0, 0.0, 1.0)


def test_decision_changes_what_is_evidenced(database: Database, ask: Callable[..., Any]) -> None:
    record_decision(database, Principal.demo(), ["V1"], "set_aside", "On leave.")
    assert ask("coverage", *OCTOBER)["n_evidenced"] == 0


def test_evidence_counts_reasons_and_lists_what_needs_a_look(
    database: Database, ask: Callable[..., Any]
) -> None:
    report = ask("evidence", *OCTOBER)
    assert (report["n_visits"], report["n_open"]) == (3, 1)
    assert report["classes"] == {"supported": 1, "nearby": 0, "unlocated": 1, "to_review": 1}
    assert report["reasons"]["outside_village"] == {"n_records": 1, "n_open": 1}
    assert sum(reason["n_records"] for reason in report["reasons"].values()) == 1
    assert [(row["visit_id"], row["reasons"], row["decision"]) for row in report["visits"]] == [
        ("V2", "outside_village", None)
    ]
    record_decision(database, Principal.demo(), ["V2"], "accepted", "Met at the market.")
    report = ask("evidence", *OCTOBER)
    assert (report["n_open"], report["n_accepted"], report["visits"][0]["decision"]) == (0, 1, "accepted")


def test_visit_belongs_where_its_household_is(ask: Callable[..., Any]) -> None:
    assert ask("evidence", *OCTOBER, "--area", WEST)["n_visits"] == 2
    assert ask("evidence", *OCTOBER, "--area", EAST)["n_visits"] == 1  # not V2, which was recorded there


def test_unvisited_counts_by_status(ask: Callable[..., Any]) -> None:
    report = ask("unvisited", "--until", "2026-11-01")
    assert [report[f"n_{status}"] for status in ("never", "overdue", "due", "visited")] == [1, 0, 0, 2]
    assert ask("unvisited", "--until", "2026-11-01", "--target-days", "10")["n_overdue"] == 2
    assert ask("unvisited", "--until", "2026-11-01", "--evidenced")["n_never"] == 2  # K2 and K3
    assert ask("unvisited", "--since", "2026-10-03", "--until", "2026-11-01")["n_never"] == 2  # K1 and K2
    assert ask("unvisited", "--until", "2026-11-01", "--area", EAST)["n_households"] == 1


@pytest.fixture
def street(database: Database) -> None:
    """Nine never-visited households 33 m apart across the border of Kulon and Wetan, in three RTs."""
    homes = pd.concat([make_households().iloc[[1]]] * 9)
    homes = homes.assign(lon=111.40865 + 0.0003 * np.arange(9), rt=["01"] * 2 + ["02"] * 3 + ["01"] * 4)
    homes = homes.assign(rw="07", village_code=[WEST] * 5 + [EAST] * 4)
    homes.index = pd.Index([f"S{n}" for n in range(9)], name="household_id")
    store(database, "households", homes, fingerprint="street")


@pytest.mark.usefixtures("street")
def test_a_group_crosses_borders_and_names_its_rts(
    ask: Callable[..., Any],
    run: Callable[..., Any],  # noqa: F811 - the fixture above
) -> None:
    report = ask("unvisited", "--until", "2026-11-01")
    (group,) = report["clusters"]
    assert (group["group"], group["n_households"], group["n_rts"]) == ("1", 9, 3)
    named = [(rt["village_code"], rt["rt"], rt["n_households"]) for rt in group["rts"]]
    assert named == [(EAST, "01", 4), (WEST, "02", 3), (WEST, "01", 2)]
    assert ask("unvisited", "--until", "2026-11-01", "--area", WEST)["clusters"][0]["n_households"] == 5
    printed = run("report", "unvisited", "--until", "2026-11-01")[1]
    assert "group 1: 9 never visited within" in printed
    assert "RT 01/RW 07 in Wetan (4), RT 02/RW 07 in Kulon (3), RT 01/RW 07 in Kulon (2)" in printed


@pytest.mark.usefixtures("street")
def test_a_group_is_cut_into_parts_on_request(ask: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "parts.csv"
    report = ask("unvisited", "--until", "2026-11-01", "--part-size", "4", "--out", str(path))
    # Nine households need three parts of at most 4: one third, rounded up, on the west, then halves.
    assert [(row["group"], row["n_households"]) for row in report["clusters"]] == [
        ("1a", 3), ("1b", 3), ("1c", 3),
    ]  # fmt: skip
    rows = pd.read_csv(path, dtype="str").set_index("household_id")
    assert rows.loc[[f"S{n}" for n in range(9)], "group"].tolist() == ["1a"] * 3 + ["1b"] * 3 + ["1c"] * 3
    assert rows.loc["K2"].isna()["group"]  # never visited, and alone


@pytest.mark.parametrize("name", ["coverage", "unvisited", "evidence"])
def test_report_goes_into_every_kind_of_file(ask: Callable[..., Any], tmp_path: Path, name: str) -> None:
    counts = {"coverage": 2, "unvisited": 3, "evidence": 1}
    options = ("--target-days", "10") if name == "unvisited" else ("--since", "2026-10-01")
    for kind in ("csv", "xlsx", "geojson"):
        ask(name, *options, "--until", "2026-11-01", "--out", str(tmp_path / f"report.{kind}"))
    lines = (tmp_path / "report.csv").read_text("utf-8-sig").splitlines()
    sheet = openpyxl.load_workbook(tmp_path / "report.xlsx").active
    assert sheet is not None
    features = json.loads((tmp_path / "report.geojson").read_text("utf-8"))["features"]
    assert len(lines) - 1 == sheet.max_row - 1 == len(features) == counts[name]
    assert lines[0].split(",") == [cell.value for cell in sheet[1]]


def test_files_hold_no_formula_and_no_place_that_is_none(ask: Callable[..., Any], tmp_path: Path) -> None:
    for kind in ("csv", "geojson"):
        ask("unvisited", "--target-days", "1", "--until", "2026-11-01", "--out", str(tmp_path / f"u.{kind}"))
    assert ",'=1+1," in (tmp_path / "u.csv").read_text("utf-8-sig")
    assert "NaN" not in (tmp_path / "u.geojson").read_text("utf-8")


def test_files_carry_local_time_with_its_offset(ask: Callable[..., Any], tmp_path: Path) -> None:
    for kind in ("csv", "xlsx", "geojson"):
        ask("evidence", *OCTOBER, "--out", str(tmp_path / f"e.{kind}"))
    wanted = "2026-10-02T09:00:00+07:00"  # V2 was recorded at 02.00 UTC; Jakarta is seven hours ahead
    row = (tmp_path / "e.csv").read_text("utf-8-sig").splitlines()[1]
    sheet = openpyxl.load_workbook(tmp_path / "e.xlsx").active
    assert sheet is not None
    features = json.loads((tmp_path / "e.geojson").read_text("utf-8"))["features"]
    assert row.split(",")[:2] == ["V2", wanted]
    assert sheet["B2"].value == wanted
    assert features[0]["properties"]["visited_at"] == wanted


def test_report_can_be_read_by_people(
    database: Database,
    run: Callable[..., tuple[int, str, str]],  # noqa: F811
) -> None:
    assert database
    code, out, _ = run("report", "coverage", *OCTOBER)
    assert code == 0
    assert out.startswith(
        "2026-10-01 to 2026-10-31: 2 of 3 households (66.7%; the GPS record supports 33.3%)."
    )
    assert (
        "3 reported visits and 0 attempts, 1 to review (0 accepted, 0 set aside)"
        in run("report", "evidence", *OCTOBER)[1]
    )
    assert f"{WEST}  Kulon: 1 never" in run("report", "unvisited", "--until", "2026-11-01")[1]


def test_six_absent_and_two_met_of_ten_are_two_of_ten_visited(
    run: Callable[..., tuple[int, str, str]],  # noqa: F811
) -> None:
    opened = Database(get_settings().database_url)
    opened.migrate()
    store(opened, "boundaries", make_villages())
    store(opened, "households", make_row_of_houses(10))
    outcomes = ["absent"] * 5 + ["refused", "met", None]
    store(opened, "visits", make_visits_at_doors(outcomes))
    code, out, _ = run("report", "coverage", *OCTOBER, "--area", WEST)
    assert code == 0
    first, second, *between, village = out.splitlines()
    assert not any("attempt" in line for line in between)  # they say how far the record reaches
    assert first.startswith(
        "2026-10-01 to 2026-10-31: 2 of 10 households (20.0%; the GPS record supports 20.0%)"
    )
    assert second.startswith("Besides, 6 attempts without contact")
    assert village.endswith("2 of 10 reported (20.0%), 2 supported (20.0%); 6 attempts")
    told = json.loads(run("report", "coverage", *OCTOBER, "--area", WEST, "--json")[1])
    assert (told["n_visits"], told["n_attempts"], told["n_reported"]) == (2, 6, 2)
    assert told["villages"][0]["n_attempts"] == 6
    left = json.loads(run("report", "unvisited", "--until", "2026-11-01", "--area", WEST, "--json")[1])
    assert (left["n_never"], left["n_visited"], left["n_tried"]) == (8, 2, 6)
    looked = json.loads(run("report", "evidence", *OCTOBER, "--area", WEST, "--json")[1])
    assert (looked["n_visits"], looked["n_attempts"]) == (2, 6)
    assert sum(looked["classes"].values()) == 8  # an attempt is a record too


def test_settings_decide_which_outcomes_count(
    run: Callable[..., tuple[int, str, str]],  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SAMBANG_OUTCOME_REFUSED_COUNTS", "true")
    monkeypatch.setenv("SAMBANG_OUTCOME_MISSING_COUNTS", "false")
    get_settings.cache_clear()
    opened = Database(get_settings().database_url)
    opened.migrate()
    store(opened, "boundaries", make_villages())
    store(opened, "households", make_row_of_houses(4))
    store(opened, "visits", make_visits_at_doors(["absent", "refused", None, "spoke over the fence"]))
    told = json.loads(run("report", "coverage", *OCTOBER, "--area", WEST, "--json")[1])
    assert (told["n_visits"], told["n_attempts"]) == (2, 2)  # refused and other words; absent and none
