"""Roads from files of every kind, stored whole, taken back whole, and followed by plans."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import libpysal
import numpy as np
import pandas as pd
import pytest
import shapely

from data import repository
from data.cli import main
from data.database import Database
from data.errors import DataError, FileRefusedError, MappingError, ScopeError
from data.importing import ImportOptions, PreparedRoads, commit_import, prepare_import, undo_import
from data.plans import WeekRequest, build_plan, gather_week
from data.principal import Principal
from data.readers.sandbox import read_road_table, read_table
from data.readers.table import InputFile
from data.settings import get_settings
from data.travel import read_travel
from geo.roads import RoadTravel
from geo.routes import StraightLine
from geo.routes.travel import UNREACHABLE_S
from tests.data.builders import EAST, make_households, make_villages, store
from tests.data.files import pack_shapefile
from tests.data.osm import make_osm_xml, make_pbf
from tests.data.plans import WEEK, fill

if TYPE_CHECKING:
    from collections.abc import Callable

DEMO = Principal.demo()
NODES = [
    (111.402, -7.405),
    (111.404, -7.405),
    (111.404, -7.403),
    (111.402, -7.403),
    (111.415, -7.405),
    (111.416, -7.405),
]
WAYS: list[tuple[list[int], dict[str, str]]] = [
    ([1, 2], {"highway": "footway", "name": "Gang Mawar"}),  # K1 to K2 straight: 220.8 m at 5 km/h, 159 s
    ([1, 4, 3, 2], {"highway": "primary", "oneway": "yes"}),  # 221.1 + 220.8 + 221.1 m at 40 km/h, 60 s
    ([5, 6], {"highway": "residential"}),  # K3's road, an island
    ([2, 5], {"highway": "construction"}),
    ([2, 5], {"waterway": "river"}),
]  # fmt: skip
SECONDS_ROUND = 60


def make_lines() -> gpd.GeoDataFrame:
    """The same roads, and one under construction, as a layer with classes in Indonesian."""
    classes = ["Jalan Setapak", "Jalan Provinsi", "Jalan Desa", "construction"]
    shapes = [shapely.LineString([NODES[i - 1] for i in refs]) for refs, _ in WAYS[:4]]
    return gpd.GeoDataFrame({"nama": "x", "fungsi": classes}, geometry=shapes, crs="EPSG:4326")


def make_geopackage(frame: gpd.GeoDataFrame, layer: str = "jalan") -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.gpkg"
        frame.to_file(path, layer=layer, engine="pyogrio")
        return path.read_bytes()


FILES: dict[str, Callable[[], bytes]] = {
    "osm.pbf": lambda: make_pbf(NODES, WAYS),
    "osm": lambda: make_osm_xml(NODES, WAYS),
    "gpkg": lambda: make_geopackage(make_lines().to_crs("EPSG:32749")),
    "zip": lambda: pack_shapefile(make_lines().to_crs("EPSG:32749")),
    "geojson": lambda: make_lines().to_json().encode(),
}


def prepare(database: Database, content: bytes, name: str = "jalan", **options: Any) -> PreparedRoads:
    prepared = prepare_import(database, DEMO, InputFile(name, content), "roads", ImportOptions(**options))
    assert isinstance(prepared, PreparedRoads)
    return prepared


def load(database: Database, content: bytes, **options: Any) -> int:
    result = commit_import(database, prepare(database, content, **options))
    assert result.batch is not None
    return result.batch


def ways_of_homes(database: Database) -> np.ndarray:
    homes = make_households().loc[["K1", "K2", "K3"]]
    travel = read_travel(database, DEMO)
    return travel.between(homes["lon"].to_numpy(), homes["lat"].to_numpy()).seconds


@pytest.mark.parametrize("kind", FILES)
def test_roads_of_every_kind_of_file_give_the_ways_worked_out_by_hand(
    any_database: Database, kind: str
) -> None:
    store(any_database, "households", make_households())
    prepared = prepare(any_database, FILES[kind]())
    assert (len(prepared.roads), len(prepared.quarantine)) == (3, 1)
    assert (prepared.facts.n_islands, prepared.n_homes) == (1, 4)
    assert (prepared.n_far, prepared.n_apart) == (1, 1)  # K4 is far away, K3 on the island
    assert prepared.facts.main_share == pytest.approx(883.8 / (883.8 + 110.4), abs=0.001)
    commit_import(any_database, prepared)
    seconds = ways_of_homes(any_database)
    assert (
        seconds[0, 1] == seconds[1, 0] == pytest.approx(SECONDS_ROUND, abs=1)
    )  # both ways of a one-way road
    assert seconds[0, 2] == UNREACHABLE_S


def test_without_roads_ways_are_straight_lines(database: Database) -> None:
    assert read_travel(database, DEMO) == StraightLine()
    fill(database)
    assert gather_week(database, DEMO, WeekRequest(WEEK)).problem.travel == StraightLine()


def test_later_roads_replace_the_whole_and_are_taken_back_whole(any_database: Database) -> None:
    first = load(any_database, FILES["osm.pbf"]())
    one_speed = make_lines().iloc[:1].drop(columns="fungsi")
    second = load(any_database, one_speed.to_json().encode())
    assert repository.read_road_facts(any_database, DEMO).n_roads == 1
    assert ways_of_homes(any_database)[0, 1] == pytest.approx(220.8 / 20 * 3.6, abs=1)
    undo_import(any_database, DEMO, second)
    assert repository.read_road_facts(any_database, DEMO).batch_id == first
    assert ways_of_homes(any_database)[0, 1] == pytest.approx(SECONDS_ROUND, abs=1)
    undo_import(any_database, DEMO, first)
    assert repository.read_road_facts(any_database, DEMO) == repository.RoadFacts()
    assert repository.read_batches(any_database, DEMO).empty
    assert read_travel(any_database, DEMO) == StraightLine()


def test_same_file_with_the_same_choices_is_in_force_already(database: Database) -> None:
    content = FILES["gpkg"]()
    number = load(database, content)
    assert prepare(database, content).earlier == number
    assert load(database, content) == number
    assert prepare(database, content, columns={"class": ""}).earlier is None
    load(database, FILES["osm"]())
    assert prepare(database, content).earlier is None  # it was replaced
    assert load(database, content) > number


def test_what_is_no_road_is_kept_with_its_reason(database: Database) -> None:
    number = load(database, FILES["geojson"]())
    batch = repository.read_batches(database, DEMO).loc[number]
    assert batch["rows_accepted"] + batch["rows_quarantined"] == batch["rows_read"] == 4
    kept = repository.read_quarantine(database, DEMO, number)
    assert kept.index.tolist() == [4]
    assert kept.loc[4, ["reasons", "fungsi"]].tolist() == ["not_a_road", "construction"]


def test_network_is_built_once_for_a_version(database: Database) -> None:
    load(database, FILES["osm"]())
    travel = read_travel(database, DEMO)
    assert isinstance(travel, RoadTravel)
    assert read_travel(database, DEMO) is travel
    load(database, FILES["osm.pbf"]())
    assert read_travel(database, DEMO) is not travel


def test_plan_follows_the_roads_and_keeps_the_rules(database: Database) -> None:
    fill(database)
    load(database, FILES["osm.pbf"]())
    built = build_plan(gather_week(database, DEMO, WeekRequest(WEEK, officers=("P1",), seconds=1)), workers=1)
    assert isinstance(built.week.problem.travel, RoadTravel)
    assert not built.violations
    plan = built.plan
    assert set(plan.stops["household_id"]) == {"K1", "K2"}
    post = built.week.officers.loc["P1"]
    homes = make_households().loc[plan.stops["household_id"]]
    lon, lat = (np.append(post[name], homes[name]) for name in ("lon", "lat"))
    ways = read_travel(database, DEMO).between(lon, lat)
    same_round = plan.stops.duplicated(["day", "shift"]).to_numpy()
    came_from = np.where(same_round, np.arange(len(plan.stops)), 0)
    expected = ways.seconds[came_from, np.arange(1, len(lon))]
    assert plan.stops["travel_s"].tolist() == expected.tolist()


def test_real_streets_of_a_town_come_through_every_format(database: Database) -> None:
    feet = gpd.read_file(libpysal.examples.get_path("streets.shp"))  # 293 streets of a town in Arizona
    total_km = feet.length.sum() * 0.3048006096 / 1000
    for content in (make_geopackage(feet), pack_shapefile(feet), feet.to_crs("EPSG:4326").to_json().encode()):
        prepared = prepare(database, content)
        assert len(prepared.roads) == 293
        assert prepared.facts.length_km == pytest.approx(
            total_km, rel=2e-3
        )  # UTM is a thousandth off the ground
        assert prepared.facts.main_share > 0.95


@pytest.mark.parametrize(
    ("make", "error", "match"),
    [
        (lambda: make_pbf(NODES, WAYS[4:]), FileRefusedError, "contains no roads"),
        (lambda: make_pbf(NODES, WAYS)[:120], FileRefusedError, "damaged"),
        (lambda: make_osm_xml(NODES, WAYS)[:400], FileRefusedError, "damaged"),
        (lambda: b'<osm version="0.6"/>', FileRefusedError, "no roads"),
        (lambda: b"id,lon\n1,2\n", FileRefusedError, "contains no lines"),
        (lambda: make_lines().iloc[3:].to_json().encode(), FileRefusedError, "contains no lines"),
        (lambda: make_villages().to_json().encode(), FileRefusedError, "contains no lines"),
        (lambda: b"", FileRefusedError, "empty"),
    ],
)  # fmt: skip
def test_file_without_roads_is_refused_in_one_sentence(
    database: Database, make: Callable[[], bytes], error: type[DataError], match: str
) -> None:
    with pytest.raises(error, match=match) as told:
        prepare(database, make())
    assert "\n" not in str(told.value)


def test_choices_that_do_not_fit_are_refused(database: Database) -> None:
    content = FILES["geojson"]()
    with pytest.raises(MappingError, match="no column 'kelas'"):
        prepare(database, content, columns={"class": "kelas"})
    with pytest.raises(DataError, match="not a known coordinate reference system"):
        prepare(database, content, crs="EPSG:99999")
    for options in ({"dates": "iso"}, {"swap": True}, {"columns": {"head_name": "x"}}):
        with pytest.raises(MappingError, match="nothing else") as told:
            prepare(database, content, **options)
        assert told.value.option == "--layer, --crs and --map class=COLUMN only"
    with pytest.raises(ScopeError):
        prepare_import(database, Principal("ani", "supervisor", (EAST,)), InputFile("a", content), "roads")
    metres = make_lines().to_crs("EPSG:32749").set_crs("EPSG:4326", allow_override=True)
    with pytest.raises(MappingError, match="outside the valid range"):
        prepare(database, metres.to_json().encode())


def test_extract_is_no_table_of_records() -> None:
    for kind in ("osm.pbf", "osm"):
        with pytest.raises(FileRefusedError, match="import it as roads"):
            read_table(InputFile("a", FILES[kind]()))
    assert read_road_table(InputFile("a", FILES["osm.pbf"]())).columns == ["highway"]


def test_larger_extract_keeps_every_way() -> None:
    rng = np.random.default_rng(0)
    places = np.column_stack([111 + rng.random(60_000), -7 - rng.random(60_000)])
    nodes = list(map(tuple, places.tolist()))
    ways = [([i, i + 1, i + 2], {"highway": "track"}) for i in range(1, 59_998, 3)]
    raw = read_road_table(InputFile("a.osm.pbf", make_pbf(nodes, ways)))
    assert len(raw) == len(ways)
    assert raw.geometry is not None
    last = shapely.get_coordinates(shapely.from_wkb(raw.geometry[-1]))
    assert np.abs(last - places[ways[-1][0][0] - 1 : ways[-1][0][0] + 2]).max() < 1e-6


@pytest.mark.parametrize("share", [0.5, 0.9, 0.999])
@pytest.mark.parametrize("kind", ["osm.pbf", "osm"])
def test_extract_that_was_cut_is_not_read_as_far_as_it_goes(kind: str, share: float) -> None:
    rng = np.random.default_rng(1)
    nodes = [(111 + rng.random(), -7 - rng.random()) for _ in range(9_000)]
    ways = [([i, i + 1], {"highway": "track", "name": f"Jalan {rng.random()}"}) for i in range(1, 9_000)]
    content = (make_pbf if kind == "osm.pbf" else make_osm_xml)(nodes, ways)
    with pytest.raises(FileRefusedError, match="damaged"):
        read_road_table(InputFile("a", content[: int(share * len(content))]))
    at = int(share * len(content)) - 60
    flipped = content[:at] + bytes([content[at] ^ 4]) + content[at + 1 :]
    if kind == "osm.pbf":  # in XML a letter may become another
        with pytest.raises(FileRefusedError, match="damaged"):
            read_road_table(InputFile("a", flipped))


def test_extract_reaches_no_other_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    entity = f'<?xml version="1.0"?><!DOCTYPE o [<!ENTITY x SYSTEM "file://{tmp_path}/secret">]>'.encode()
    content = entity + make_osm_xml(NODES, WAYS).partition(b"?>")[2].replace(b"'primary'", b"'&x;'")
    try:
        said = str(
            read_road_table(InputFile("a", content.replace(b'v="primary"', b'v="&x;"'))).frame.to_dict()
        )
    except FileRefusedError as error:
        said = str(error)
    assert "secret" not in said


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    monkeypatch.setenv("SAMBANG_DATABASE_URL", f"sqlite:///{tmp_path / 'sambang.sqlite'}")
    monkeypatch.chdir(tmp_path)
    get_settings.cache_clear()
    database = Database(get_settings().database_url)
    database.migrate()
    fill(database)

    def call(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            main([*arguments])
        printed = capsys.readouterr()
        return int(left.value.code or 0), printed.out, printed.err

    return call


def test_command_brings_roads_in_and_status_tells_of_them(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "ngawi.osm.pbf"
    path.write_bytes(FILES["osm.pbf"]())
    code, out, err = run("import", "roads", str(path), "--dry-run")
    assert (code, err) == (0, "")
    assert out.startswith("Nothing stored (dry run): 3 roads, 1 km, classes from 'highway'; 1 left out.")
    assert "1 island; the largest part holds 88.9%." in out
    assert "Of 4 households 1 are far from any road" in out
    facts = json.loads(run("import", "roads", str(path), "--json")[1])
    assert (facts["rows_read"], facts["n_roads"], facts["households_apart"]) == (4, 3, 1)
    assert set(facts) == {
        "file_name", "fingerprint", "class_column", "n_roads", "length_km", "n_islands", "main_share",
        "batch_id", "batch", "dataset", "rows_read", "rows_accepted", "rows_quarantined", "households",
        "households_far", "households_apart", "unchanged", "dry_run",
    }  # fmt: skip
    assert "row 4: not_a_road" in run("quarantine", str(facts["batch"]))[1]
    assert run("import", "roads", str(path))[1] == "These roads are already in force: nothing was changed.\n"
    status = json.loads(run("status", "--json")[1])["roads"]
    assert (status["n_roads"], status["n_islands"], status["file_name"]) == (3, 1, "ngawi.osm.pbf")
    assert "roads: 3 roads, 1 km, 1 island" in run("status")[1]
    assert run("undo", str(facts["batch"]))[0] == 0
    assert "roads: none" in run("status")[1]


def test_command_says_what_is_wrong_in_one_line(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.osm.pbf"
    path.write_bytes(FILES["osm.pbf"]())
    for arguments in (["--dates", "iso"], ["--map", "head_name=x"], ["--map", "class=x"]):
        code, out, err = run("import", "roads", str(path), *arguments)
        assert (code, out, err.count("\n")) == (1, "", 1)
    assert "cannot be read" in run("import", "roads", str(tmp_path / "none.gpkg"))[2]


def test_frame_of_classes_keeps_those_that_are_not_known(database: Database) -> None:
    frame = make_lines().assign(fungsi=["Jalan Setapak", "?", None, "Jalan Desa"])
    load(database, frame.to_json().encode())
    roads = repository.read_roads(database, DEMO)
    assert pd.Series(roads["road_class"]).tolist() == ["path", "", "", "residential"]
