"""The commands: documented, honest in their exit codes, one JSON object when asked for it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import openpyxl
import pytest
import typer.main

from data.cli import app, main
from data.cli.imports import DatasetName
from data.database import Database
from data.importing import IMPORTERS
from data.schema import DATASETS
from data.settings import Settings, get_settings
from tests.data.builders import make_households, make_villages, make_visits, store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import click

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "data"


def commands(group: click.Group, path: str = "") -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{path}{name} ")
        yield f"{path}{name}", command


COMMANDS = dict(commands(typer.main.get_command(app)))


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Callable[..., tuple[int, str, str]]]:
    """Run a command on a database of its own: exit code, standard output, standard error."""
    monkeypatch.setenv("SAMBANG_DATABASE_URL", f"sqlite:///{tmp_path / 'sambang.sqlite'}")
    monkeypatch.chdir(tmp_path)
    get_settings.cache_clear()

    def call(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            main(list(arguments))
        printed = capsys.readouterr()
        return int(left.value.code or 0), printed.out, printed.err

    yield call
    get_settings.cache_clear()


@pytest.fixture
def place(run: Callable[..., tuple[int, str, str]]) -> Callable[..., Any]:
    """Run a command with --json on a small place; its answer as values."""
    database = Database(get_settings().database_url)
    database.migrate()
    for dataset, frame in (
        ("boundaries", make_villages()), ("households", make_households()), ("visits", make_visits()),
    ):  # fmt: skip
        store(database, dataset, frame)

    def ask(*arguments: str) -> Any:
        code, out, err = run(*arguments, "--json")
        assert (code, err) == (0, "")
        assert out.count("\n") == 1
        return json.loads(out)

    return ask


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_has_help(name: str) -> None:
    command = COMMANDS[name]
    assert (command.help or "").strip().split("\n")[0].endswith(".")
    for parameter in command.params:
        text = getattr(parameter, "help", "")
        assert text, f"{name} {parameter.name}"
        assert text.endswith("."), f"{name} {parameter.name}"


def test_the_commands_are_those_of_the_design() -> None:
    assert {"sample", "import", "undo", "quarantine", "status", "report"} <= set(COMMANDS)
    assert {
        f"report {name}" for name in ("coverage", "unvisited", "evidence", "hotspots", "change", "priority")
    } <= set(COMMANDS)


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_described(name: str) -> None:
    assert Settings.model_fields[name].description


def test_import_answers_with_the_agreed_object(
    run: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    path = tmp_path / "homes.csv"
    path.write_text("id,lon,lat\n1,111.4,-7.4\n2,0,0\n")
    code, out, _ = run("import", "households", str(path), "--json")
    answer = json.loads(out)
    agreed = {
        "batch": 1, "dataset": "households", "rows_read": 2, "rows_accepted": 1, "rows_quarantined": 1,
        "reasons": {"zero_coordinates": 1}, "outside": 1, "unchanged": False,
    }  # fmt: skip
    assert code == 0
    assert {name: answer[name] for name in agreed} == agreed
    assert answer["mapping"] == {"household_id": "id", "lon": "lon", "lat": "lat"}
    assert json.loads(run("import", "households", str(path), "--json")[1])["unchanged"]
    text = run("import", "households", str(path), "--map", "tags=id")[1]
    assert "Import 2: 2 rows read, 1 accepted, 1 quarantined." in text
    assert "1 row zero_coordinates: The coordinates are 0, 0" in text


def test_every_dataset_can_be_imported() -> None:
    assert set(get_args(DatasetName)) == set(DATASETS) == set(IMPORTERS)


def test_dry_run_stores_nothing(run: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    path = tmp_path / "homes.csv"
    path.write_text("id,lon,lat\n1,111.4,-7.4\n")
    answer = json.loads(run("import", "households", str(path), "--dry-run", "--json")[1])
    assert (answer["batch"], answer["rows_accepted"], answer["dry_run"]) == (None, 1, True)
    assert json.loads(run("status", "--json")[1])["n_imports"] == 0


def test_choices_reach_the_import(run: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    path = tmp_path / "visits.csv"
    path.write_text("kapan,siapa,x,y\n01/02/2026,B1,549679.9,9181977\n")
    choices = ["--map", "visited_at=kapan", "--map", "officer_id=siapa", "--dates", "monthfirst"]
    code, out, _ = run(
        "import", "visits", str(path), *choices, "--timezone", "WIT", "--crs", "EPSG:32749", "--json"
    )
    assert (code, json.loads(out)["rows_accepted"]) == (0, 1)


def test_precision_of_times_is_told_and_can_be_stated(
    run: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    path = tmp_path / "crimes.csv"
    path.write_text("lp,tanggal,kategori\nLP1,2026-10-01 00:00,curat\nLP2,2026-10,curat\n")
    text = run("import", "crimes", str(path), "--dry-run")[1]
    assert "1 row with a time known to the day: Every time is 00.00." in text
    assert "1 row with a time known to the month: The rows give a month without a day." in text
    answer = json.loads(run("import", "crimes", str(path), "--precision", "minute", "--json")[1])
    assert answer["times"] == [
        {"precision": "minute", "evidence": "stated", "n_rows": 1},
        {"precision": "month", "evidence": "month_text", "n_rows": 1},
    ]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["import", "households", "absent.csv"], "absent.csv cannot be read"),
        (["import", "visits", "homes.csv"], "no column for visited_at"),
        (["import", "households", "homes.csv", "--map", "lon"], "write it as FIELD=COLUMN"),
        (["import", "households", "homes.csv", "--map", "lon=bujur"], "no column 'bujur'"),
        (["import", "households", "homes.csv", "--timezone", "Mars"], "'Mars' is not a time zone"),
        (["undo", "9"], "There is no import 9"),
        (["quarantine", "9"], "There is no import 9"),
        (["report", "coverage"], "There are no villages"),
        (["report", "hotspots", "--since", "2026-02-01", "--until", "2026-01-01"], "contains no day"),
    ],
)
def test_mistakes_end_with_1_and_one_line(
    run: Callable[..., tuple[int, str, str]], tmp_path: Path, arguments: list[str], sentence: str
) -> None:
    (tmp_path / "homes.csv").write_text("id,lon,lat\n1,111.4,-7.4\n")
    code, out, err = run(*arguments)
    assert (code, out) == (1, "")
    assert sentence in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "way_out"),
    [
        (["import", "visits", "homes.csv"], "Use --map visited_at=COLUMN or --map visited_at==TEXT."),
        (["import", "visits", "when.csv"], "Use --dates dayfirst or --dates monthfirst."),
        (["import", "boundaries", "codes.csv"], "Use --code-scheme kemendagri or --code-scheme bps."),
        (["import", "households", "homes.csv", "--map", "lon=bujur"], ""),
        (["undo", "9"], "Use the 'status' command."),
    ],
)
def test_mistakes_name_the_option_that_puts_them_right(
    run: Callable[..., tuple[int, str, str]], tmp_path: Path, arguments: list[str], way_out: str
) -> None:
    (tmp_path / "homes.csv").write_text("id,lon,lat\n1,111.4,-7.4\n")
    (tmp_path / "when.csv").write_text("tanggal,petugas\n01/02/2026,B\n")
    (tmp_path / "codes.csv").write_text("kode,desa\n9901012001,Sawo\n")
    code, _, err = run(*arguments)
    assert code == 1
    assert err.endswith(f" {way_out}\n") if way_out else " Use " not in err


@pytest.mark.parametrize(
    "arguments",
    [["fly"], ["import", "cars", "x.csv"], ["import", "households"], ["undo", "one"], ["status", "--xml"],
     ["import", "visits", "x.csv", "--dates", "yearfirst"], ["report", "coverage", "--since", "yesterday"]],
)  # fmt: skip
def test_wrong_usage_ends_with_2(run: Callable[..., tuple[int, str, str]], arguments: list[str]) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert "Traceback" not in err


def test_undo_takes_an_import_back(place: Callable[..., Any]) -> None:
    assert place("undo", "3") == {"undone": 3, "moved": {}}
    assert place("status")["records"]["visits"]["n_records"] == 0


def test_status_counts_and_looks_at_the_boundaries(place: Callable[..., Any]) -> None:
    status = place("status")
    assert status["records"]["households"] == {"n_records": 4, "n_outside": 1, "n_unlocated": 0}
    assert status["boundaries"] == {
        "villages": 2, "districts": 1, "regencies": 1, "code_scheme": None, "invalid": 0,
        "overlapping_pairs": 0, "overlaps_ha": 0, "overlap_slivers": 0, "gaps": 0, "gaps_ha": 0,
        "gap_slivers": 0, "repeated_names": 0,
        "missing_numbers": 0, "non_villages": 0, "worst_overlaps": [],
    }  # fmt: skip
    assert status["database"] == "sqlite"
    assert status["imports"][0]["file_name"] == "visits.csv"


def test_coverage_is_reported_by_village(place: Callable[..., Any], tmp_path: Path) -> None:
    report = place("report", "coverage", "--since", "2026-10-01", "--until", "2026-10-03")
    assert (report["n_households"], report["n_reported"], report["n_households_outside"]) == (3, 1, 1)
    west, east = report["villages"]
    assert (west["village"], west["n_visits"], west["reported_coverage"]) == ("Kulon", 2, 0.5)
    assert (east["village"], east["n_visits"], east["last_visit_at"]) == ("Wetan", 0, None)
    place("report", "coverage", "--out", str(tmp_path / "c.csv"))
    assert (tmp_path / "c.csv").read_text(encoding="utf-8-sig").startswith("village_code,village,district,")
    place("report", "coverage", "--out", str(tmp_path / "c.geojson"), "--area", "9901012002")
    assert len(json.loads((tmp_path / "c.geojson").read_text())["features"]) == 1


def test_period_ends_with_the_latest_record(place: Callable[..., Any]) -> None:
    report = place("report", "coverage")
    assert (report["since"], report["until"]) == ("2026-07-06", "2026-10-04")  # 90 days up to 3 October


def test_hotspots_are_reported_in_crimes_per_km2(place: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "crimes.csv"
    west = [f"2026-10-0{day},curat,111.405,-7.405" for day in range(1, 7)]
    east = [f"2026-10-0{day},curat,111.415,-7.405" for day in range(1, 5)]  # 1.1 km away: out of reach
    others = ["2026-10-01,curas,111.405,-7.405", "2026-10-01,curat,,", "2026-01-01,curat,111.405,-7.405"]
    path.write_text("\n".join(["tanggal,kategori,lon,lat", *west, *east, *others]))
    place("import", "crimes", str(path), "--complete-to", "2026-10-06")
    report = place("report", "hotspots", "--category", "curat", "--bandwidth", "500")
    assert (report["n_crimes"], report["n_points"], report["n_without_location"]) == (11, 10, 1)
    assert report["peak_crimes_per_km2"] == pytest.approx(22.92, rel=0.03)  # 6 · 3/(π·0.25 km²) at the point
    top = report["cells"][0]
    assert (top["lon"], top["lat"]) == pytest.approx((111.405, -7.405), abs=0.001)
    place("report", "hotspots", "--out", str(tmp_path / "h.geojson"))
    assert json.loads((tmp_path / "h.geojson").read_text())["features"]


def test_refused_rows_are_listed_and_written(place: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "homes.csv"
    path.write_text("id,lon,lat\n1,0,0\n")
    batch = str(place("import", "households", str(path))["batch"])
    assert place("quarantine", batch)["rows"] == [
        {"row_number": 2, "reasons": "zero_coordinates", "id": "1", "lon": "0", "lat": "0"}
    ]
    place("quarantine", batch, "--out", str(tmp_path / "q.csv"))
    assert (tmp_path / "q.csv").read_text(encoding="utf-8-sig").splitlines() == [
        "Sambang: alasan / reasons,Sambang: baris / row,id,lon,lat",
        '"The coordinates are 0, 0: the device had no position.",2,1,0,0',
    ]  # fmt: skip


def test_refused_rows_go_out_as_a_workbook_and_come_back(place: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "homes.csv"
    path.write_text("id,lon,lat\n0071,0,0\n")
    batch = str(place("import", "households", str(path))["batch"])
    place("quarantine", batch, "--out", str(tmp_path / "q.xlsx"))
    book = openpyxl.load_workbook(tmp_path / "q.xlsx")
    book.active["D2"], book.active["E2"] = "111.402", "-7.405"
    book.save(tmp_path / "q.xlsx")
    answer = place("import", "households", str(tmp_path / "q.xlsx"))
    assert (answer["rows_accepted"], answer["rows_new"], answer["outside"]) == (1, 1, 0)
    assert answer["mapping"]["household_id"] == "id"


def test_exchanged_coordinates_are_told_and_turned(
    place: Callable[..., Any], run: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    path = tmp_path / "homes.csv"
    path.write_text("id,lon,lat\n7,-7.405,111.402\n")
    told = place("import", "households", str(path), "--dry-run")
    assert told["hint"] == {"kind": "swap", "value": "", "n_points": 1}
    assert "use --swap if they are" in run("import", "households", str(path), "--dry-run")[1]
    turned = place("import", "households", str(path), "--swap")
    assert (turned["rows_accepted"], turned["outside"], turned["hint"]) == (1, 0, None)


def test_columns_that_are_not_used_are_named(
    run: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    path = tmp_path / "visits.csv"
    path.write_text("tanggal,nrp,warna,hdop,anak\n2026-10-01,B1,biru,1.5,2\n")
    text = run("import", "visits", str(path), "--dry-run")[1]
    assert "  not used: warna, anak\n" in text
    assert "7.1 m for each unit of HDOP" in text
    assert json.loads(run("import", "visits", str(path), "--json")[1])["unused"] == ["warna", "anak"]
    path.write_text("tanggal,nrp,akurasi_m\n2026-10-01,B1,1.5\n")
    text = run("import", "visits", str(path), "--dry-run")[1]
    assert "not used" not in text
    assert "HDOP" not in text


def test_spelling_is_explained_and_remembered(
    place: Callable[..., Any], run: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    path = tmp_path / "homes.csv"
    path.write_text("id,kk,desa,kecamatan\n7,Ani,Kullon,Tengah\n")
    told = place("import", "households", str(path), "--dry-run")
    assert told["spellings"][0]["candidates"][0][0] == "9901012001"
    assert (
        "unknown village 'Kullon,Tengah', perhaps Kulon (9901012001)"
        in run("import", "households", str(path))[1]
    )
    said = place("import", "households", str(path), "--village", "Kullon,Tengah=99.01.01.2001")
    assert (said["rows_changed"], said["spellings"], said["notices"]) == (1, [], {})
    assert place("import", "households", str(path))["unchanged"]
    code, _, err = run("import", "households", str(path), "--village", "Kullon")
    assert (code, "NAME,DISTRICT=CODE" in err) == (1, True)


def test_crosswalk_and_forest_on_the_command_line(place: Callable[..., Any], tmp_path: Path) -> None:
    codes, shapes = tmp_path / "codes.csv", tmp_path / "shapes.geojson"
    codes.write_text("kode_bps,kode_kemendagri\n9901010001,99.01.01.2001\n")
    assert place("import", "crosswalk", str(codes))["rows_new"] == 1
    corners = [[111.42, -7.41], [111.43, -7.41], [111.43, -7.40], [111.42, -7.41]]
    shape = {"type": "Polygon", "coordinates": [corners]}
    properties = {"kode": "99.01.01.2009", "nama": "Hutan Jati"}
    shapes.write_text(json.dumps({"type": "Feature", "properties": properties, "geometry": shape}))
    assert place("import", "boundaries", str(shapes), "--dry-run")["health"]["non_villages"] == 1
    assert place("import", "boundaries", str(shapes), "--set-apart")["reasons"] == {"set_apart": 1}


def test_what_new_boundaries_would_do_is_told_by_village(
    place: Callable[..., Any], run: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    """Kulon becomes a bow tie over both villages; the lower code takes what lies in its right half."""
    bow_tie = [[111.40, -7.41], [111.42, -7.40], [111.42, -7.41], [111.40, -7.40], [111.40, -7.41]]
    shape = {"type": "Polygon", "coordinates": [bow_tie]}
    properties = {"kode": "99.01.01.2001", "nama": "Kulon"}
    path = tmp_path / "shapes.geojson"
    path.write_text(json.dumps({"type": "Feature", "properties": properties, "geometry": shape}))
    told = place("import", "boundaries", str(path), "--dry-run")
    # two triangles, half of a rectangle of 2.208 km by 1.106 km; before, they cancelled each other
    (mended,) = told["repairs"]
    assert (mended["village"], mended["change_km2"]) == ("Kulon", pytest.approx(1.22, abs=0.01))
    moved = {"was": "9901012002", "becomes": "9901012001", "n": 1}
    assert told["moves"] == [{"dataset": "households", **moved}, {"dataset": "visits", **moved}]
    _, text, _ = run("import", "boundaries", str(path), "--dry-run")
    assert "1 polygon repaired where the outline crosses itself; change of area: Kulon +1.22" in text
    assert "households: another village for 1 stored record\n" in text
    assert "1 record of visits from Wetan (9901012002) to Kulon (9901012001)\n" in text
    assert "health: 0 invalid, 0 overlapping pairs (0.0 ha), 0 gaps" in text


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("q.xml", "q.xml has an unsupported file type: use .xlsx or .csv"),
        ("q.geojson", "q.geojson has an unsupported file type"),
        ("absent/q.csv", "written"),
    ],
)
def test_file_that_cannot_be_written_is_told(
    place: Callable[..., Any], run: Callable[..., tuple[int, str, str]], name: str, said: str
) -> None:
    assert place("status")
    code, _, err = run("quarantine", "1", "--out", name)
    assert code == 1
    assert said in err


def test_sample_goes_into_an_empty_database_only(run: Callable[..., tuple[int, str, str]]) -> None:
    code, out, _ = run("sample", "--if-empty", "--json")
    answer = json.loads(out)
    assert (code, answer["loaded"], answer["records"]["boundaries"]) == (0, True, 17)
    assert set(answer["records"]) == {"boundaries", "households", "officers", "visits", "crimes"}
    assert json.loads(run("sample", "--if-empty", "--json")[1]) == {"loaded": False}
    code, _, err = run("sample")
    assert code == 1
    assert "already holds records" in err
    report = json.loads(run("report", "coverage", "--json")[1])
    assert 0 < report["reported_coverage"] < 1


@pytest.mark.reference
@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data is absent")
def test_commands_take_the_real_files_as_processes(tmp_path: Path) -> None:
    def command(*arguments: str) -> dict[str, Any]:
        environment = os.environ | {"SAMBANG_DATABASE_URL": f"sqlite:///{tmp_path / 'town.sqlite'}"}
        done = subprocess.run(
            [sys.executable, "-m", "data", *arguments, "--json"],
            cwd=ROOT, env=environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return json.loads(done.stdout)

    town, crimes = SHARED / "charlottesville_neighbourhoods.geojson", SHARED / "charlottesville_crimes.csv.gz"
    assert command("import", "boundaries", str(town))["rows_accepted"] == 19
    answer = command("import", "crimes", str(crimes), "--timezone", "America/New_York")
    assert answer["rows_read"] == 29_475 == answer["rows_accepted"] + answer["rows_quarantined"]
    assert answer["unlocated"] == 53
    report = command("report", "hotspots", "--since", "2019-01-01", "--until", "2020-01-01")
    assert report["n_points"] > 3000
    assert command("status")["records"]["crimes"]["n_records"] == 29_475


def test_how_far_the_record_goes_is_stated_told_and_shown(
    run: Callable[..., tuple[int, str, str]], place: Callable[..., Any], tmp_path: Path
) -> None:
    path = tmp_path / "crimes.csv"
    path.write_text(
        "tanggal,kategori,lon,lat\n2026-10-01,curat,111.405,-7.405\n2026-10-12,curat,111.405,-7.405\n"
    )
    told = run("import", "crimes", str(path), "--dry-run")[1]
    assert "taken as complete to 2026-08-31 only (42 days before the last row: the setting" in told
    answer = place("import", "crimes", str(path), "--complete-to", "Tengah=2026-10-05")
    assert answer["complete_to"] == {"990101": "2026-10-05"}
    assert "crimes complete to 2026-10-05 (as stated)" in run("status")[1]
    ends = {row["dataset"]: row["last_day"] for row in place("status")["record_ends"]}
    assert ends["crimes"].startswith("2026-10-05")
    code, out, err = run("import", "crimes", str(path), "--complete-to", "Utara=2026-10-05")
    assert (code, out) == (1, "")
    assert "the districts are Tengah (990101)" in err
