"""Files to take away hold every value as it is, and nothing that a program would run."""

from __future__ import annotations

import io
import json
from xml.etree import ElementTree as ET

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
import shapely

from data.errors import DataError
from data.exports import fits_workbook, write_csv, write_geojson, write_gpx, write_xlsx
from data.exports.tables import MAX_CELL_CHARACTERS


def read_lines(content: bytes) -> list[str]:
    return content.decode("utf-8-sig").splitlines()


def test_csv_keeps_what_is_no_text_in_a_mixed_column() -> None:
    rows = pd.DataFrame({"a": ["=a", 1, None, -2.5]}, dtype="object")
    assert read_lines(write_csv(rows, {"a": "A"})) == ["A", "'=a", "1", '""', "-2.5"]


def test_csv_guards_headings_categories_and_what_hides_behind_a_space() -> None:
    rows = pd.DataFrame({"a": pd.Categorical(["@x", "b"]), "b": [" =1", "\x07+1"], "n": [-1, 2]})
    assert read_lines(write_csv(rows, {"a": "=A", "b": "B", "n": "N"})) == [
        "'=A,B,N",
        "'@x,' =1,-1",
        "b,' +1,2",
    ]


def test_csv_without_guard_is_what_was_read() -> None:
    rows = pd.DataFrame({"a": ["-7.405", "+62"]})
    assert read_lines(write_csv(rows, {"a": "-"}, guard=False)) == ["-", "-7.405", "+62"]


def test_workbook_refuses_a_text_that_it_would_cut() -> None:
    longest = pd.DataFrame({"a": ["x" * MAX_CELL_CHARACTERS, None, 3]}, dtype="object")
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx(longest, {"a": "A"}, worksheet="s")))
    assert [cell.value for cell in book["s"]["A"]] == ["A", "x" * MAX_CELL_CHARACTERS, None, 3]
    longer = longest.map(lambda value: value + "x" if isinstance(value, str) else value)
    assert not fits_workbook(longer)
    with pytest.raises(DataError, match="32,767 characters"):
        write_xlsx(longer, {"a": "A"}, worksheet="s")
    # a column that is not written does no harm
    assert write_xlsx(longer.assign(b=1), {"b": "B"}, worksheet="s")


def test_workbook_has_no_control_characters_and_a_name_that_is_allowed() -> None:
    rows = pd.DataFrame({"a": ["x\x01y", "_x0041_", "{=1+1}"]})
    book = openpyxl.load_workbook(
        io.BytesIO(write_xlsx(rows, {"a": "A\x02"}, worksheet="'Plan/1'" + "x" * 40))
    )
    assert [cell.value for cell in book.active["A"]] == ["A ", "x y", "_x0041_", "{=1+1}"]
    assert book.sheetnames == [" Plan 1 " + "x" * 23]


def test_gpx_is_xml_whatever_the_names() -> None:
    names = ["<b> & 'c'", "a\x00\x0b\ufffe", "\ud800"]
    points = pd.DataFrame(
        {"lon": 111.4, "lat": -7.4, "name": pd.Series(names, dtype="object"), "description": None}
    )
    points.loc[3] = [np.nan, np.nan, "nowhere", ""]
    read = ET.fromstring(write_gpx(points)).findall("{*}wpt")  # noqa: S314 - our own file
    assert [point.findtext("{*}name") for point in read] == ["<b> & 'c'", "a   ", " "]
    assert [child.tag.rpartition("}")[2] for child in read[0]] == ["name", "desc"]
    assert write_gpx(points.iloc[:0]).endswith(b"</gpx>\n")


def test_geojson_of_shapes_is_rounded_and_holds_no_nan() -> None:
    shapes = gpd.GeoDataFrame(
        {"n": [1.5, np.nan], "name": ["=a", None]},
        geometry=[shapely.box(111.123456789, -7, 112, -6), None],
        crs="EPSG:4326",
    )
    made = write_geojson(shapes, {"n": "n", "name": "name"})
    first, second = json.loads(made)["features"]
    assert b"NaN" not in made
    assert min(first["geometry"]["coordinates"][0])[0] == 111.123457
    assert first["properties"] == {"n": 1.5, "name": "=a"}
    assert (second["geometry"], second["properties"]) == (None, {"n": None, "name": None})
