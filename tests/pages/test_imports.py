"""The Data page: look first, store on a click, take back after asking."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from shapely.geometry import mapping

from data.principal import Principal
from data.repository import count_records, read_batches
from tests.data.builders import make_villages
from tests.data.files import make_geopackage
from tests.pages.conftest import figures, open_page

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

    from data.database import Database

HOUSEHOLDS = b"""no_kk,nama_kk,lat,lon,warna
K7,Sari,-7.405,111.402,biru
K8,Jauh,-7.0,112.0,hijau
K9,Rusak,utara,111.402,merah
"""


def upload(app: AppTest, dataset: str, name: str, content: bytes) -> AppTest:
    app.selectbox(key="upload_dataset").set_value(dataset).run()
    app.file_uploader[0].upload(name, content).run()
    return app


def n_records(database: Database, dataset: str) -> int:
    return int(count_records(database, Principal.demo())["n_records"][dataset])


@pytest.mark.usefixtures("place")
def test_layers_of_a_file_can_be_chosen() -> None:
    app = upload(open_page("imports.py", lang="en"), "households", "dua.gpkg", make_geopackage("satu", "dua"))
    assert not app.exception
    assert not app.error
    layers = next(box for box in app.selectbox if box.label == "Sheet or layer")
    assert layers.options[1:] == ["satu", "dua"]
    assert not layers.set_value("dua").run().error
    assert figures(app)["Accepted"] == "2"


def test_file_is_shown_before_it_is_stored(place: Database) -> None:
    app = upload(open_page("imports.py", lang="en"), "households", "kk.csv", HOUSEHOLDS)
    assert not app.exception
    assert not app.error
    assert figures(app) == {
        "Rows read": "3",
        "Accepted": "2",
        "Quarantined": "1",
        "Outside every village": "1",
        "Without location": "0",
    }
    tables = [table.value for table in app.dataframe]
    reasons = next(table for table in tables if "Why rows are quarantined" in table)
    assert reasons.iloc[0].tolist() == [
        "The coordinates cannot be read, are incomplete, or lie outside the world.", "1", "4",
    ]  # fmt: skip
    columns = next(table for table in tables if "Column of the file" in table)
    assert ["Household number", "no_kk", "K7"] in columns.to_numpy().tolist()
    assert any("Not used: warna." in caption.value for caption in app.caption)
    assert n_records(place, "households") == 4  # as before


def test_import_is_stored_on_a_click_and_taken_back_after_asking(place: Database) -> None:
    app = upload(open_page("imports.py", lang="en"), "households", "kk.csv", HOUSEHOLDS)
    app.button(key="upload_commit").click().run()
    assert "3 rows read, 2 accepted, 1 quarantined" in app.success[0].value
    assert n_records(place, "households") == 6

    batch = int(read_batches(place, Principal.demo()).index[0])
    app.selectbox(key="batch_chosen").set_value(batch).run()
    app.button(key="batch_undo").click().run()
    assert n_records(place, "households") == 6
    assert len(app.warning) == 1
    app.button(key="batch_undo_yes").click().run()
    assert not app.exception
    assert app.success[0].value == f"Import {batch} was taken back."
    assert n_records(place, "households") == 4


def test_undo_can_be_left(place: Database) -> None:
    app = open_page("imports.py", lang="en")
    app.selectbox(key="batch_chosen").set_value(4).run()
    app.button(key="batch_undo").click().run()
    app.button(key="batch_undo_no").click().run()
    assert not app.warning
    assert n_records(place, "crimes") == 5


def test_same_file_again_changes_nothing(place: Database) -> None:
    app = upload(open_page("imports.py", lang="en"), "households", "kk.csv", HOUSEHOLDS)
    app.button(key="upload_commit").click().run()
    upload(app, "households", "kk.csv", HOUSEHOLDS)
    assert "was imported before" in app.info[0].value
    assert n_records(place, "households") == 6


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.csv", b""),
        ("picture.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"),
        ("list.csv", b"apa,saja\n1,2\n"),
        ("broken.geojson", b'{"type": "FeatureCollection", "features": ['),
    ],
)
def test_unreadable_file_gets_one_sentence(place: Database, name: str, content: bytes) -> None:
    app = upload(open_page("imports.py", lang="en"), "households", name, content)
    assert not app.exception
    assert len(app.error) == 1
    assert n_records(place, "households") == 4


def test_column_can_be_chosen_by_hand(place: Database) -> None:
    content = b"no_kk,bt,ls\nK7,111.4,-7.4\n"  # too few digits to tell them by
    app = upload(open_page("imports.py", lang="en"), "households", "kk.csv", content)
    assert figures(app)["Without location"] == "1"
    app.selectbox(key="upload_column_households_lon").set_value("bt")
    app.selectbox(key="upload_column_households_lat").set_value("ls").run()
    assert figures(app)["Without location"] == "0"
    assert place


def test_first_boundaries_open_the_other_pages(database: Database) -> None:
    features = [
        {"type": "Feature", "properties": {"kode": code, "nama": name}, "geometry": mapping(shape)}
        for code, name, shape in zip(
            make_villages().index, make_villages()["village"], make_villages().geometry, strict=True
        )
    ]
    content = str({"type": "FeatureCollection", "features": features}).replace("'", '"').replace("(", "[")
    app = open_page("imports.py", lang="en")
    upload(app, "boundaries", "desa.geojson", content.replace(")", "]").replace(",]", "]").encode())
    app.selectbox(key="upload_scheme").set_value("kemendagri").run()
    assert not app.error
    app.button(key="upload_commit").click().run()
    assert n_records(database, "boundaries") == 2
    app.switch_page("coverage.py").run()
    assert app.title[0].value == "Visit coverage"
    assert not app.exception


def test_made_up_district_is_offered_to_an_empty_database_only(database: Database) -> None:
    app = open_page("imports.py", lang="en")
    app.button(key="load_sample").click().run()
    assert not app.exception
    assert n_records(database, "boundaries") == 17
    assert "load_sample" not in [button.key for button in app.button]
    app.switch_page("overview.py").run()
    assert len(app.metric) == 4
