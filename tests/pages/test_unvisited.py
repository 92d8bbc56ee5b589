"""The Unvisited page, its tiles and its lists: right figures, own scope only, a line for what cannot be.

On 1 January 2027 K1 of Kulon was last visited 91 days ago and is overdue, K2 was never visited; K3 of Wetan
is due, after 90 days; K4 lies outside and was never visited.
"""

from __future__ import annotations

import io
import json
from datetime import date
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import numpy as np
import openpyxl
import pandas as pd
import pytest
from PIL import Image
from starlette.applications import Starlette

from data.principal import Principal
from geo.tiles.morton import KEY_LEVEL, decode_cells, encode_points
from pages.queries.households import HouseholdFilter, StatusRequest
from pages.queries.records import open_connection
from pages.unvisited import tables
from pages.unvisited.routes import make_export_routes
from pages.unvisited.tables import list_status_places
from pages.unvisited.tiles import make_tile_routes, write_tile_template
from tests.data.builders import EAST, WEST, make_households, make_villages, make_visits, store
from tests.pages.asgi import ask
from tests.pages.conftest import figures, open_page, sign_in

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

    from data.database import Database

NASTY = '=HYPERLINK("http://evil") <b>&`${x}` #let x'
ASKED = StatusRequest(date(2027, 1, 1), 90)
QUERY = "until=2027-01-01"
APP = Starlette(routes=[*make_tile_routes(), *make_export_routes()])
KULON = Principal("budi", "officer", (WEST,))


@pytest.fixture(autouse=True)
def _in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Outside a session, where AppTest names choices, the settings' language is spoken."""
    monkeypatch.setenv("SAMBANG_LANGUAGE", "en")


def tile_at(lon: float, lat: float, zoom: int) -> str:
    col, row = decode_cells(encode_points(np.array([lon]), np.array([lat])) >> (2 * (KEY_LEVEL - zoom)))
    return f"/tiles/households/{zoom}/{col[0]}/{row[0]}"


def painted(picture: bytes) -> bool:
    return bool(np.asarray(Image.open(io.BytesIO(picture)).convert("RGBA"))[..., 3].any())


def as_officer(monkeypatch: pytest.MonkeyPatch) -> None:
    sign_in(monkeypatch, KULON)


# ---- the page


@pytest.mark.usefixtures("place")
def test_page_counts_households_by_status() -> None:
    app = open_page("unvisited", lang="en", since="2026-10-01", until="2027-01-01")
    assert figures(app) == {"Never visited": "1", "Overdue": "1", "Due soon": "1", "Visited": "0"}
    table = app.dataframe[-1].value
    assert table["village"].tolist() == ["Kulon", "Wetan"]
    assert table[["never", "overdue", "due", "visited"]].to_numpy().tolist() == [[1, 1, 0, 0], [0, 0, 1, 0]]


@pytest.mark.usefixtures("place")
def test_longer_target_leaves_fewer_overdue() -> None:
    app = open_page("unvisited", lang="en", since="2026-10-01", until="2027-01-01")
    app.selectbox(key="unvisited_target").set_value(180).run()
    assert figures(app) == {"Never visited": "1", "Overdue": "0", "Due soon": "0", "Visited": "2"}


@pytest.mark.usefixtures("place")
def test_evidenced_basis_takes_away_a_visit_without_fix() -> None:
    app = open_page("unvisited", lang="en", since="2026-10-01", until="2027-01-01")
    app.button_group(key="unvisited_basis").set_value("evidenced").run()
    assert not app.exception
    assert figures(app)["Never visited"] == "2"  # K2, and K3 whose visit has no fix; K1's first is supported


@pytest.mark.usefixtures("place")
def test_village_lists_its_households_by_name() -> None:
    app = open_page("unvisited", lang="en", area=WEST, since="2026-10-01", until="2027-01-01")
    table = app.dataframe[-1].value
    assert table[["head_name", "rt", "said"]].to_numpy().tolist() == [
        ["Sri", "01", "Overdue"],
        ["Budi", "02", "Never visited"],
    ]
    app.selectbox(key="unvisited_rt").set_value("02").run()
    assert app.dataframe[-1].value["head_name"].tolist() == ["Budi"]


@pytest.mark.usefixtures("place")
def test_rt_without_a_household_of_the_status_is_an_empty_list() -> None:
    app = open_page("unvisited", lang="en", area=WEST, since="2026-10-01", until="2027-01-01")
    app.button_group(key="unvisited_status").set_value(["overdue"]).run()
    app.selectbox(key="unvisited_rt").set_value("02").run()  # where only K2 lives, never visited
    assert not app.exception
    assert app.dataframe[-1].value.empty


def test_page_names_the_largest_group(database: Database) -> None:
    homes = pd.concat([make_households().iloc[[0]]] * 3)
    homes = homes.assign(lon=111.402 + 0.0002 * np.arange(3), rw="04").set_axis(["A", "B", "C"])
    store(database, "boundaries", make_villages())
    store(database, "households", homes.rename_axis("household_id"))
    app = open_page("unvisited", lang="en")
    assert any("3 neighbouring households, RT 01/RW 04 in Kulon, 40 m across" in text.value.replace("\\", "")
               for text in app.markdown)  # fmt: skip


@pytest.fixture
def street(database: Database) -> None:
    """Nine never-visited households 33 m apart across the border of Kulon and Wetan, in six RTs."""
    homes = pd.concat([make_households().iloc[[1]]] * 9)
    homes = homes.assign(lon=111.40865 + 0.0003 * np.arange(9), rw="07", village_code=[WEST] * 5 + [EAST] * 4)
    homes = homes.assign(rt=["01", "01", "02", "02", "02", "03", "04", "05", "06"])
    store(database, "boundaries", make_villages())
    store(database, "households", homes.set_axis([f"S{n}" for n in range(9)]).rename_axis("household_id"))


def told(app: AppTest) -> str:
    return " ".join(text.value.replace("\\", "") for text in app.markdown)


@pytest.mark.usefixtures("street")
def test_a_group_is_one_across_rts_and_villages_and_names_them() -> None:
    app = open_page("unvisited", lang="en")
    table = app.dataframe[0].value
    assert table["Number"].tolist() == [9]
    assert table["Place (RT/RW)"].item() == (
        "Kulon, RT 02/07 (3); Kulon, RT 01/07 (2); Wetan, RT 03/07 (1); Wetan, RT 04/07 (1); "
        "Wetan, RT 05/07 (1); Wetan, RT 06/07 (1)"
    )
    # 8 steps of 0.0003 degrees of 110,400 m at 7.4 S: 265 m.
    assert (
        "9 neighbouring households, RT 02/RW 07 in Kulon, RT 01/RW 07 in Kulon, RT 03/RW 07 in Wetan, "
        "RT 04/RW 07 in Wetan, and 2 more RTs, 260 m across"
    ) in told(app)
    assert "as large" not in told(app)


@pytest.mark.usefixtures("street")
def test_a_group_is_cut_into_parts_of_a_day() -> None:
    app = open_page("unvisited", lang="en", area=WEST)
    app.selectbox(key="unvisited_parts").set_value(8).run()
    assert app.dataframe[0].value["Group"].tolist() == ["1"]  # five in Kulon fit one day
    app = open_page("unvisited", lang="en")
    app.selectbox(key="unvisited_parts").set_value(8).run()
    table = app.dataframe[0].value
    assert table["Group"].tolist() == ["1a", "1b"]
    assert table["Number"].tolist() == [5, 4]
    assert "9 neighbouring households" in told(app)  # the sentence speaks of the whole group


def test_groups_of_the_same_size_are_told_as_ties(database: Database) -> None:
    homes = pd.concat([make_households().iloc[[1]]] * 4)
    homes = homes.assign(lon=[111.402, 111.4022, 111.406, 111.4062]).set_axis(["A", "B", "C", "D"])
    store(database, "boundaries", make_villages())
    store(database, "households", homes.rename_axis("household_id"))
    assert "1 other group is as large." in told(open_page("unvisited", lang="en"))


# ---- tiles


@pytest.mark.usefixtures("place")
def test_tile_shows_the_households_of_the_asked_status() -> None:
    url = tile_at(111.404, -7.405, 16) + f".png?{QUERY}"
    answer = ask(APP, url)
    assert (answer.status, answer.headers["content-type"]) == (200, "image/png")
    assert painted(answer.body)
    assert painted(ask(APP, url + "&status=never").body)
    assert not painted(ask(APP, url + "&status=visited").body)


@pytest.mark.usefixtures("place")
def test_tile_is_twice_as_wide_for_screens_of_high_density() -> None:
    url = tile_at(111.404, -7.405, 16)
    sides = [Image.open(io.BytesIO(ask(APP, f"{url}{r}.png?{QUERY}").body)).size[0] for r in ("", "@2x")]
    assert sides == [256, 512]


def test_tile_may_be_kept_while_its_version_is_the_present_one(place: Database) -> None:
    connection = open_connection()
    url = tile_at(111.404, -7.405, 16)
    query = write_tile_template(connection, ASKED, HouseholdFilter()).partition("?")[2]
    kept = ask(APP, f"{url}.png?{query}").headers["cache-control"]
    assert kept == "private, max-age=86400, immutable"
    assert ask(APP, f"{url}.png?{QUERY}").headers["cache-control"] == "private, no-cache"
    store(place, "visits", make_visits().rename(index={"V1": "V9"}), fingerprint="more")
    assert ask(APP, f"{url}.png?{query}").headers["cache-control"] == "private, no-cache"


@pytest.mark.usefixtures("place")
def test_tile_shows_nothing_beyond_the_scope(monkeypatch: pytest.MonkeyPatch) -> None:
    west, east = (tile_at(lon, -7.405, 18) + f".png?{QUERY}" for lon in (111.404, 111.415))
    assert painted(ask(APP, east).body)
    as_officer(monkeypatch)
    assert painted(ask(APP, west).body)
    assert not painted(ask(APP, east).body)


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize(
    ("url", "status"),
    [
        (f"/tiles/crimes/1/0/0.png?{QUERY}", 404),
        (f"/tiles/households/23/0/0.png?{QUERY}", 404),
        (f"/tiles/households/1/2/0.png?{QUERY}", 404),
        (f"/tiles/households/1/-1/0.png?{QUERY}", 404),
        (f"/tiles/households/1/0/0@3x.png?{QUERY}", 404),
        (f"/tiles/households/%D9%A1/0/0.png?{QUERY}", 404),
        ("/tiles/households/1/0/0.png", 400),
        ("/tiles/households/1/0/0.png?until=tomorrow", 400),
        (f"/tiles/households/1/0/0.png?{QUERY}&target=0", 400),
        (f"/tiles/households/1/0/0.png?{QUERY}&target=x", 400),
        (f"/tiles/households/1/0/0.png?{QUERY}&basis=believed", 400),
        (f"/tiles/households/1/0/0.png?{QUERY}&status=never,gone", 400),
        (f"/exports/unvisited.exe?{QUERY}", 404),
        (f"/exports/unvisited.csv?{QUERY}&area=../x", 400),
        (f"/exports/unvisited.csv?{QUERY}&rt=<b>", 400),
        (f"/exports/unvisited.csv?{QUERY}&part=-1", 400),
        ("/exports/unvisited.pdf", 400),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(url: str, status: int) -> None:
    answer = ask(APP, url)
    assert answer.status == status
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["cache-control"] == "no-store"
    assert 10 < len(answer.text) < 300
    assert "\n" not in answer.text


# ---- lists


def export(kind: str, **query: str) -> bytes:
    more = "".join(f"&{name}={value}" for name, value in query.items())
    answer = ask(APP, f"/exports/unvisited.{kind}?{QUERY}&lang=en{more}")
    assert answer.status == 200, answer.text
    assert answer.headers["content-disposition"].endswith(f'.{kind}"')
    assert answer.headers["cache-control"] == "private, no-store"
    return answer.body


@pytest.mark.usefixtures("place")
def test_every_kind_lists_the_same_households() -> None:
    query = {"area": WEST, "status": "never,overdue"}
    csv = pd.read_csv(io.BytesIO(export("csv", **query)), dtype="str")
    sheet = openpyxl.load_workbook(io.BytesIO(export("xlsx", **query))).active
    features = json.loads(export("geojson", **query))["features"]
    points = ET.fromstring(export("gpx", **query)).findall("{*}wpt")  # noqa: S314 - our own
    assert csv["Household number"].tolist() == ["K1", "K2"]
    assert csv["RT"].tolist() == ["01", "02"]
    assert csv["Last visit"].tolist()[0] == "2026-10-02"
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == ["K1", "K2"]
    assert [feature["properties"]["household_id"] for feature in features] == ["K1", "K2"]
    assert features[0]["geometry"]["coordinates"] == [111.402, -7.405]
    assert [point.get("lon") for point in points] == ["111.402", "111.404"]
    assert export("pdf", **query).startswith(b"%PDF-")


@pytest.mark.usefixtures("place")
def test_list_can_be_narrowed_to_a_neighbourhood() -> None:
    csv = pd.read_csv(io.BytesIO(export("csv", area=WEST, rt="02")), dtype="str")
    assert csv["Household number"].tolist() == ["K2"]
    empty = export("csv", area=WEST, rt="77")
    assert len(empty.decode().splitlines()) == 1
    assert export("pdf", area=WEST, rt="77").startswith(b"%PDF-")


@pytest.mark.usefixtures("street")
def test_list_names_the_parts_in_their_order() -> None:
    whole = pd.read_csv(io.BytesIO(export("csv")), dtype="str")
    assert whole["Group"].tolist() == ["1"] * 9
    csv = pd.read_csv(io.BytesIO(export("csv", part="4")), dtype="str")
    # Three parts of three: no two of at most 4 hold nine.
    assert csv["Group"].tolist() == ["1a"] * 3 + ["1b"] * 3 + ["1c"] * 3
    assert set(csv["Household number"][:3]) == {"S0", "S1", "S2"}
    features = json.loads(export("geojson", part="4"))["features"]
    assert [feature["properties"]["group"] for feature in features] == csv["Group"].tolist()
    points = ET.fromstring(export("gpx", part="4")).findall("{*}wpt/{*}desc")  # noqa: S314 - our own
    assert [point.text.rpartition(" ")[2] for point in points if point.text] == csv["Group"].tolist()
    assert export("pdf", part="4").startswith(b"%PDF-")


@pytest.mark.usefixtures("street")
def test_a_group_ends_where_the_scope_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    as_officer(monkeypatch)  # of Kulon only
    app = open_page("unvisited", lang="en")
    assert app.dataframe[0].value["Number"].tolist() == [5]
    assert "Wetan" not in told(app)


@pytest.mark.usefixtures("place")
def test_list_beyond_the_scope_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    as_officer(monkeypatch)
    assert ask(APP, f"/exports/unvisited.csv?{QUERY}&area={EAST}").status == 403
    csv = pd.read_csv(io.BytesIO(export("csv")), dtype="str")
    assert csv["Household number"].tolist() == ["K1", "K2"]


def test_hostile_names_are_only_text_in_every_list(database: Database) -> None:
    store(database, "boundaries", make_villages().assign(village=NASTY))
    store(database, "households", make_households().assign(head_name=NASTY, address="\x07+1"))
    csv = pd.read_csv(io.BytesIO(export("csv", area=WEST)), dtype="str")
    assert csv["Head of household"].tolist() == ["'" + NASTY] * 2
    sheet = openpyxl.load_workbook(io.BytesIO(export("xlsx", area=WEST))).active
    assert sheet["B2"].value == NASTY
    assert sheet["B2"].data_type == "s"
    names = ET.fromstring(export("gpx", area=WEST)).findall("{*}wpt/{*}name")  # noqa: S314 - our own
    assert [name.text for name in names] == [NASTY] * 2
    assert json.loads(export("geojson", area=WEST))["features"][0]["properties"]["head_name"] == NASTY
    assert export("pdf", area=WEST).startswith(b"%PDF-")


def test_a_wide_area_is_listed_by_district(monkeypatch: pytest.MonkeyPatch) -> None:
    index = pd.Index(["3599012001", "3599012002", "3599022001"], name="village_code")
    counts = pd.DataFrame(
        {
            "village": list("abc"),
            "district": ["D1", "D1", "D2"],
            "district_code": ["1", "1", "2"],
            "never": [1, 2, 4],
            "overdue": 1,
            "due": 0,
            "visited": 5,
            "n_tried": [0, 2, 1],
            "n_households": [7, 8, 10],
        },
        index=index,
    )
    rows, by_district = list_status_places(counts)
    assert (rows["village"].tolist(), by_district) == (["c", "b", "a"], False)
    monkeypatch.setattr(tables, "MOST_VILLAGES", 2)
    rows, by_district = list_status_places(counts)
    assert by_district
    assert rows[["district", "never", "overdue", "n_tried", "n_households"]].to_numpy().tolist() == [
        ["D2", 4, 1, 1, 10],
        ["D1", 3, 2, 2, 15],
    ]
