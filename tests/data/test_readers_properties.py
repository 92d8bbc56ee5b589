"""Whatever a file holds, it is a table of which no row vanished, or refused with a sentence."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import FileRefusedError
from data.readers import InputFile
from data.readers.parse import parse_table
from tests.data.files import make_xlsx

if TYPE_CHECKING:
    from data.readers.table import RawTable

WORKBOOK = make_xlsx()


def read(content: str | bytes) -> RawTable:
    return parse_table(InputFile("file.csv", content.encode() if isinstance(content, str) else content))


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), max_size=8)


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=12),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
)
def test_what_the_csv_module_writes_is_read_back(rows: list[list[str]], delimiter: str) -> None:
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerow(["aa", "bb", "cc"])
    writer.writerows(rows)
    raw = read(f"sep={delimiter}\n{buffer.getvalue()}")
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    assert raw.frame.fillna("").to_numpy().tolist() == filled


@settings(max_examples=60, deadline=None)
@given(widths=st.lists(st.integers(1, 5), max_size=20))
def test_each_line_is_one_row_well_formed_or_ragged(widths: list[int]) -> None:
    lines = ["a,b,c", *(",".join(["x"] * width) for width in widths)]
    raw = read("sep=,\n" + "\n".join(lines) + "\n" + "1,2,3\n" * 60)
    assert raw.row_numbers[: len(widths)].tolist() == list(range(3, len(widths) + 3))
    assert raw.faults.get("ragged_row", np.array([])).tolist() == [
        position for position, width in enumerate(widths) if width != 3
    ]


@settings(max_examples=150, deadline=None)
@given(content=st.binary(max_size=200).filter(lambda content: not content.startswith(b"SQLite format 3")))
def test_any_bytes_are_a_table_or_refused(content: bytes) -> None:
    try:
        raw = read(content)
    except FileRefusedError as error:
        assert str(error).endswith(".")  # noqa: PT017 - either outcome is right, neither may be another
    else:
        assert len(raw.row_numbers) == len(raw.frame)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_torn_workbook_is_a_table_or_refused(data: st.DataObject) -> None:
    content = bytearray(WORKBOOK)
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(content) - 1))
        content[start : start + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=5))
    try:
        raw = read(bytes(content))
    except FileRefusedError as error:
        assert str(error).endswith(".")  # noqa: PT017 - either outcome is right, neither may be another
    else:
        assert len(raw.row_numbers) == len(raw.frame)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(st.characters(), max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["type", "properties", "geometry", "coordinates", "crs", "name", "\ud800"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)
SHAPE = st.fixed_dictionaries(
    {"type": st.sampled_from(["Point", "Polygon", "LineString"]), "coordinates": JSON}
)


@settings(max_examples=150, deadline=None)
@given(
    features=st.lists(
        JSON | st.fixed_dictionaries({"properties": JSON, "geometry": JSON | SHAPE}), max_size=4
    ),
    members=st.dictionaries(st.sampled_from(["crs", "name"]), JSON, max_size=2),
)
def test_any_json_is_features_or_refused(features: list[object], members: dict[str, object]) -> None:
    text = json.dumps(members | {"type": "FeatureCollection", "features": features})
    try:
        raw = read(text)
    except FileRefusedError as error:
        assert str(error).encode()  # noqa: PT017 - either outcome is right, neither may be another
    else:
        assert len(raw) == len(features)
