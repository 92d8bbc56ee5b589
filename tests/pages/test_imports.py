"""The Data page: look first, store on a click, take back after asking."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from shapely.geometry import box, mapping

from data.importing import commit_import, prepare_import
from data.principal import Principal
from data.readers import InputFile
from data.repository import count_records, read_batches, read_crimes
from pages.text.language import MISSING
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
    app = upload(open_page("imports", lang="en"), "households", "dua.gpkg", make_geopackage("satu", "dua"))
    assert not app.exception
    assert not app.error
    layers = next(box for box in app.selectbox if box.label == "Worksheet or layer")
    assert (layers.options, layers.value) == (["satu", "dua"], "satu")
    assert not layers.set_value("dua").run().error
    assert figures(app)["Accepted"] == "2"


def test_file_is_shown_before_it_is_stored(place: Database) -> None:
    app = upload(open_page("imports", lang="en"), "households", "kk.csv", HOUSEHOLDS)
    assert not app.exception
    assert not app.error
    cards = figures(app)
    assert [cards[name] for name in ("Rows read", "Accepted", "Quarantined")] == ["3", "2", "1"]
    assert [cards[name] for name in ("Outside every village", "Without location")] == ["1", "0"]
    tables = [table.value for table in app.dataframe]
    reasons, notices = (table.value for table in app.table)
    assert reasons.index.name == "Reasons for quarantine"
    assert reasons.index[0].startswith("The coordinates are unreadable")
    assert reasons.iloc[0].tolist() == ["1", "4"]
    assert notices.index.name == "Accepted with warnings"
    assert notices.iloc[0].tolist() == ["1", "3"]
    rows = next(table for table in tables if "Household number" in table)
    assert rows[["Row", "Household number"]].to_numpy().tolist() == [[2, "K7"], [3, "K8"]]
    column = app.selectbox(key="upload_column_households_household_id")
    assert (column.value, column.options[:3]) == ("", ["automatic", "do not import", "no_kk"])
    assert "**no\\_kk:** K7 · K8 · K9  \nrecognised by name" in [caption.value for caption in app.caption]
    captions = [caption.value for caption in app.caption]
    assert any("K7 · K8 · K9" in caption and "recognised by name" in caption for caption in captions)
    assert any("Not used: warna." in caption for caption in captions)
    assert n_records(place, "households") == 4  # as before


@pytest.mark.usefixtures("place")
def test_first_rows_are_written_as_the_language_writes_them() -> None:
    rows = [
        "id;tanggal;petugas;lat;lon;akurasi",
        "8;2026-10-01;B1;-7,405;111,4021234;4,5",
        "9;2026-10-02;B1;;;",
    ]
    content = "\n".join(rows).encode()
    app = upload(open_page("imports", lang="id"), "visits", "a.csv", content)
    assert not app.exception
    shown = next(table.value for table in app.dataframe if "Baris" in table.value)
    wanted = [["-7,405", "111,40212", "4,5"], [MISSING] * 3]
    assert shown[["Lintang", "Bujur", "Ketelitian GPS, m"]].to_numpy().tolist() == wanted


@pytest.mark.parametrize(("column", "n_notes"), [("hdop", 1), ("akurasi_m", 0)])
@pytest.mark.usefixtures("place")
def test_dilution_of_precision_is_explained_where_there_is_one(column: str, n_notes: int) -> None:
    content = f"id,tanggal,petugas,{column}\n8,2026-10-01,B1,1.2\n".encode()
    app = upload(open_page("imports", lang="id"), "visits", "a.csv", content)
    assert not app.exception
    captions = [caption.value for caption in app.caption]
    assert sum("7,1 m untuk setiap satuan HDOP" in caption for caption in captions) == n_notes


def test_officers_in_no_register_and_empty_heads_are_listed_before_and_after(place: Database) -> None:
    rows = ["id,tanggal,nrp,nama_kk,lat,lon", "8,2026-10-01,B9,,-7.405,111.402"]
    app = upload(open_page("imports", lang="en"), "visits", "a.csv", "\n".join(rows).encode())
    wanted = [
        ["The officer is in no register of officers.", "1", "2"],
        ["The name of the head of the household is missing.", "1", "2"],
    ]
    for turn in ("preview", "result"):
        assert not app.exception
        notices, officers = (table.value for table in app.table)
        assert notices.reset_index().to_numpy().tolist() == wanted, turn
        assert officers.reset_index().to_numpy().tolist() == [["B9", "1"]], turn
        if turn == "preview":
            app.button(key="upload_commit").click().run()
    assert n_records(place, "visits") > 0


@pytest.mark.usefixtures("place")
def test_names_of_districts_can_be_pasted_where_boundaries_lack_them() -> None:
    shape = mapping(box(111.40, -7.41, 111.41, -7.40))
    features = [
        {"type": "Feature", "properties": {"kode": "99.01.05.2001", "desa": "Lor"}, "geometry": shape}
    ]
    content = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    app = upload(open_page("imports", lang="en"), "boundaries", "desa.geojson", content)
    assert not app.exception
    assert any("1 village has no district name" in info.value for info in app.info)
    pasted = next(area for area in app.text_area if area.label.startswith("Paste a line"))
    pasted.set_value("halo")
    use = next(button for button in app.button if button.label == "Use these names")
    assert "no columns of codes and names of districts" in use.click().run().error[0].value
    pasted = next(area for area in app.text_area if area.label.startswith("Paste a line"))
    pasted.set_value("99.01.05 Utara")
    next(button for button in app.button if button.label == "Use these names").click().run()
    assert not app.exception
    assert not any("no district name" in info.value for info in app.info)
    rows = next(table.value for table in app.dataframe if "District code" in table.value)
    assert rows["District"].tolist() == ["Utara"]


def test_import_is_stored_on_a_click_and_taken_back_after_asking(place: Database) -> None:
    app = upload(open_page("imports", lang="en"), "households", "kk.csv", HOUSEHOLDS)
    app.button(key="upload_commit").click().run()
    assert "3 rows read, 2 accepted, 1 quarantined" in app.success[0].value
    cards = figures(app)
    assert [cards[name] for name in ("New", "Changed", "Already stored")] == ["2", "0", "0"]
    assert n_records(place, "households") == 6

    batch = int(read_batches(place, Principal.demo()).index[0])
    app.selectbox(key="batch_chosen").set_value(batch).run()
    app.button(key="batch_undo").click().run()
    assert n_records(place, "households") == 6
    assert len(app.warning) == 1
    app.button(key="batch_undo_yes").click().run()
    assert not app.exception
    assert app.success[0].value == f"Import {batch} was undone."
    assert n_records(place, "households") == 4


def test_undo_can_be_left(place: Database) -> None:
    app = open_page("imports", lang="en")
    app.selectbox(key="batch_chosen").set_value(4).run()
    app.button(key="batch_undo").click().run()
    app.button(key="batch_undo_no").click().run()
    assert not app.warning
    assert n_records(place, "crimes") == 5


def test_same_file_again_changes_nothing(place: Database) -> None:
    app = upload(open_page("imports", lang="en"), "households", "kk.csv", HOUSEHOLDS)
    app.button(key="upload_commit").click().run()
    app.button(key="upload_another").click().run()
    upload(app, "households", "kk.csv", HOUSEHOLDS)
    assert "was already imported" in app.info[0].value
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
    app = upload(open_page("imports", lang="en"), "households", name, content)
    assert not app.exception
    assert len(app.error) == 1
    assert n_records(place, "households") == 4


def test_column_can_be_chosen_by_hand(place: Database) -> None:
    content = b"no_kk,bt,ls\nK7,111.4,-7.4\n"  # too few digits to tell them by
    app = upload(open_page("imports", lang="en"), "households", "kk.csv", content)
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
    app = open_page("imports", lang="en")
    upload(app, "boundaries", "desa.geojson", content.replace(")", "]").replace(",]", "]").encode())
    app.selectbox(key="upload_scheme").set_value("kemendagri").run()
    assert not app.error
    app.button(key="upload_commit").click().run()
    assert n_records(database, "boundaries") == 2
    app.switch_page("coverage/page.py").run()
    assert app.title[0].value == "Visit coverage"
    assert not app.exception


def test_made_up_district_is_offered_to_an_empty_database_only(database: Database) -> None:
    app = open_page("imports", lang="en")
    app.button(key="load_sample").click().run()
    assert not app.exception
    assert n_records(database, "boundaries") == 17
    assert "load_sample" not in [button.key for button in app.button]
    app.switch_page("overview/page.py").run()
    assert len(app.metric) == 4


def test_order_of_day_and_month_is_asked_with_two_answers(place: Database) -> None:
    content = b"tanggal,petugas,no_kk\n01/02/2026,B,K1\n"
    app = upload(open_page("imports", lang="en"), "visits", "dds.csv", content)
    assert "can be read in two ways" in app.warning[0].value
    assert not app.error
    app.button(key="answer_upload_dates_dayfirst").click().run()
    assert not app.warning
    assert figures(app)["Accepted"] == "1"
    app.button(key="upload_commit").click().run()
    assert n_records(place, "visits") == 4


def test_exchanged_coordinates_are_put_right_on_a_click(place: Database) -> None:
    content = b"no_kk,lon,lat\nK7,-7.405,111.402\nK8,-7.404,111.403\n"
    app = upload(open_page("imports", lang="en"), "households", "kk.csv", content)
    assert "seem to be swapped: swapping them would put 2 points" in app.warning[0].value
    assert figures(app)["Accepted"] == "0"
    app.button(key="answer_upload_swap").click().run()
    assert (figures(app)["Accepted"], figures(app)["Outside every village"]) == ("2", "0")
    assert next(box for box in app.checkbox if "swapped" in box.label).value
    assert place


def test_unknown_spelling_is_explained_once(place: Database) -> None:
    content = "no_kk;nama_kk;desa;kecamatan\nK7;A;Kullon;Tengah\nK8;B;KULLON;tengah\nK9;C;Xyz;Tengah\n"
    app = upload(open_page("imports", lang="en"), "households", "kk.csv", content.encode())
    assert "3 rows have village names that are not recognised" in app.warning[0].value
    likely = app.selectbox(key="spelling_tengah|kullon")
    assert (likely.label, likely.value) == ("**Kullon, Tengah** · 2 rows", "9901012001")
    assert app.selectbox(key="spelling_tengah|xyz").value is None
    next(button for button in app.button if button.label == "Use these villages").click().run()
    assert "1 row has a village" in app.warning[0].value
    app.button(key="upload_commit").click().run()
    app.button(key="upload_another").click().run()
    later = b"no_kk,nama_kk,desa,kecamatan\nK6,D,kul-lon,Tengah\n"
    upload(app, "households", "later.csv", later)
    assert not app.warning
    assert n_records(place, "households") == 7


def test_lacking_column_is_asked_for_in_the_users_language(place: Database) -> None:
    app = upload(open_page("imports", lang="id"), "visits", "v.csv", b"tanggal,kk\n2026-10-01,Sri\n")
    assert "belum dikenali: NRP petugas" in app.error[0].value
    app.text_input(key="upload_text_visits_officer_id").set_value("B-12").run()
    assert not app.error
    app.button(key="upload_commit").click().run()
    assert n_records(place, "visits") == 4


def test_forest_is_left_out_on_a_click(database: Database) -> None:
    shapes = [box(111.40, -7.41, 111.41, -7.40), box(111.41, -7.41, 111.42, -7.40)]
    features = [
        {"type": "Feature", "properties": {"kode": code, "nama": name}, "geometry": mapping(shape)}
        for code, name, shape in zip(
            ["99.01.01.2001", "99.01.01.2002"], ["Kulon", "Hutan Jati"], shapes, strict=True
        )
    ]
    content = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    app = upload(open_page("imports", lang="en"), "boundaries", "desa.geojson", content)
    assert "1 area does not look like a village: Hutan Jati." in app.warning[0].value
    app.button(key="answer_upload_set_apart").click().run()
    assert not app.warning
    assert figures(app)["Quarantined"] == "1"
    app.button(key="upload_commit").click().run()
    assert n_records(database, "boundaries") == 1


def test_effect_of_new_boundaries_is_shown_before_they_are_stored(place: Database) -> None:
    shape = mapping(box(111.99, -7.01, 112.01, -6.99))
    feature = {"type": "Feature", "properties": {"kode": "99.01.01.2003", "nama": "Anyar"}, "geometry": shape}
    app = upload(open_page("imports", lang="en"), "boundaries", "baru.geojson", json.dumps(feature).encode())
    assert any("2 stored records move to another village" in info.value for info in app.info)
    moves = next(table.value for table in app.dataframe if "To village" in table.value)
    assert moves.to_numpy().tolist() == [
        ["Crimes", "—", "Anyar", "1"], ["Households", "—", "Anyar", "1"],
    ]  # fmt: skip
    assert place


def test_health_of_the_boundaries_in_force_is_shown(place: Database) -> None:
    app = open_page("imports", lang="en")
    assert [expander.label for expander in app.expander] == ["Boundary quality"]
    cards = figures(app)
    assert (cards["Villages"], cards["Overlapping pairs"], cards["Gaps"]) == ("2", "0", "0")
    assert place


@pytest.mark.usefixtures("place")
def test_file_of_another_kind_is_read_as_such_on_a_click() -> None:
    app = open_page("imports", lang="en")
    app.selectbox(key="upload_dataset").set_value("boundaries").run()
    app.file_uploader[0].upload("rumah.dat", HOUSEHOLDS).run()
    assert app.warning[0].value == "From its columns, the file seems to contain: Households."
    app.button(key="answer_upload_dataset").click().run()
    assert not app.exception
    assert not app.warning
    assert figures(app)["Accepted"] == "2"


def test_page_says_which_roads_plans_follow(place: Database) -> None:
    lines = [[[111.402, -7.405], [111.404, -7.405]], [[111.402, -7.409], [111.403, -7.409]]]
    features = [
        {"type": "Feature", "properties": {}, "geometry": {"type": "LineString", "coordinates": line}}
        for line in lines
    ]
    content = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    source = InputFile("jalan[1].geojson", content)
    commit_import(place, prepare_import(place, Principal.demo(), source, "roads"))
    app = open_page("imports", lang="en")
    assert not app.exception
    said = [text.value.replace("\\", "") for text in app.caption]
    told = "Plans follow the roads of jalan[1].geojson: 0 km."
    assert (
        f"{told} 1 part of the road network is not connected to the rest; the largest part holds 67%." in said
    )


def test_precision_of_times_is_shown_with_what_shows_it_and_can_be_chosen(place: Database) -> None:
    rows = ("LP1,2026-10-01 00:00,curat", "LP2,2026-10-02 00:00,curat", "LP3,2026-10,curat")
    content = "\n".join(["lp,tanggal,kategori", *rows]).encode()
    app = upload(open_page("imports", lang="en"), "crimes", "lp.csv", content)
    assert not app.exception
    times = next(table.value for table in app.table if table.value.index.name == "Time known to")
    assert times.index.tolist() == ["the day", "the month"]
    assert times.to_numpy().tolist() == [
        ["2", "Every time is 00.00."], ["1", "The rows give a month without a day."],
    ]  # fmt: skip
    first = next(table.value for table in app.dataframe if "Time of crime" in table.value)
    assert first["Time of crime"].tolist() == ["1 Oct 2026", "2 Oct 2026", "Oct 2026"]
    app.selectbox(key="upload_precision").set_value("minute").run()
    times = next(table.value for table in app.table if table.value.index.name == "Time known to")
    assert times.iloc[0].tolist() == ["2", "Chosen for this file."]
    app.button(key="upload_commit").click().run()
    stored = read_crimes(place, Principal.demo()).loc[["LP1", "LP2", "LP3"]]
    assert stored["time_precision"].tolist() == ["minute", "minute", "month"]
