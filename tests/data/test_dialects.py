"""However a table is written, the same records come of it."""

from __future__ import annotations

import csv
import io
import itertools
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from data.mapping import resolve_mapping
from data.readers import InputFile, read_table
from data.readers.parse import parse_table
from data.schema import DATASETS
from data.validation import ReadingOptions, validate_rows

if TYPE_CHECKING:
    from data.readers import RawTable
    from data.validation import CheckedRows

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1252")
SEPARATORS = (",", ";", "\t")
DECIMALS = (".", ",")
MATRIX = list(itertools.product(ENCODINGS, SEPARATORS, DECIMALS))
HEADER = ["ID Kunjungan", "Tanggal", "NRP", "Nama KK", "Bujur", "Lintang", "Akurasi", "Keterangan"]
RECORDS = [
    ["V1", "13/01/2026 09.30", "P1", "Désa Café", "111.402500", "-7.405", "4.5", "pagar; hijau, tinggi"],
    ["V2", "14/01/2026", "P2", "Ny. Sri, S.Pd.", "111.4", "-7.4", "10", 'kata "baik"'],
    ["V3", "15/01/2026 07.05", "P1", "Budi", "", "", "", "baris\nkedua"],
    ["V4", "16/01/2026 00.00", "P9", "Wage", "east", "-7.4", "1", ""],
    ["Jumlah", "", "", "", "", "", "4", ""],
]
READING = ReadingOptions(ZoneInfo("Asia/Jakarta"), now=pd.Timestamp("2026-06-01", tz="UTC"))
NUMBERS = slice(4, 7)


def write(encoding: str, separator: str, decimal: str, *, records: list[list[str]] = RECORDS) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=separator, lineterminator="\r\n")
    writer.writerow(HEADER)
    for record in records:
        numbers = [cell.replace(".", decimal) for cell in record[NUMBERS]]
        writer.writerow([*record[:4], *numbers, record[7]])
    return buffer.getvalue().encode(encoding)


def check(raw: RawTable) -> CheckedRows:
    visits = DATASETS["visits"]
    return validate_rows(raw, resolve_mapping(raw, visits, {}), visits, READING)


def same(left: CheckedRows, right: CheckedRows) -> None:
    pd.testing.assert_frame_equal(left.frame, right.frame)
    assert left.faults.counts() == right.faults.counts()
    assert left.faults.rows.tolist() == right.faults.rows.tolist()


@pytest.mark.parametrize(("encoding", "separator", "decimal"), MATRIX)
def test_every_dialect_gives_the_same_records(encoding: str, separator: str, decimal: str) -> None:
    expected = check(parse_table(InputFile("a", write(*MATRIX[0]))))
    same(check(parse_table(InputFile("a", write(encoding, separator, decimal)))), expected)
    assert expected.faults.counts() == {"bad_coordinates": 1, "total_row": 1}
    assert expected.frame["lon"].tolist()[:2] == [111.4025, 111.4]
    assert expected.frame["accuracy_m"].tolist()[:2] == [4.5, 10.0]


def test_worker_reads_dialects_alike() -> None:
    near, far = write("utf-16", "\t", ","), write("cp1252", ";", ",")
    same(check(read_table(InputFile("a", near))), check(read_table(InputFile("a", far))))


NAMES = st.text(st.characters(codec="cp1252", exclude_categories=["Cc", "Zs"]), min_size=1, max_size=12)


def is_utf8(file: bytes) -> bool:
    """Tell whether a file of another encoding is UTF-8 by chance, which nothing in it can show."""
    try:
        return not file.decode("utf-8").isascii()
    except UnicodeDecodeError:
        return False


@settings(max_examples=30, deadline=None)
@given(
    rows=st.lists(st.tuples(NAMES, st.integers(-1_799_999, 1_799_999)), min_size=1, max_size=8),
    first=st.sampled_from(MATRIX),
    second=st.sampled_from(MATRIX),
)
def test_any_names_and_numbers_survive_any_dialect(
    rows: list[tuple[str, int]], first: tuple[str, str, str], second: tuple[str, str, str]
) -> None:
    records = [
        [f"V{n}", "13/01/2026", "P1", f"x{name}", f"{number / 1e4:.4f}", "-7.4", "1", ""]
        for n, (name, number) in enumerate(rows)
    ]
    files = [write(*way, records=records) for way in (first, second)]
    written = zip((first, second), files, strict=True)
    assume(not any(way[0] == "cp1252" and is_utf8(file) for way, file in written))
    one, other = (check(parse_table(InputFile("a", file))) for file in files)
    same(one, other)
    assert one.faults.find_rows("ragged_row").sum() == 0
    assert len(one.frame) == len(rows)


def test_utf16_of_either_order_with_or_without_mark_is_read() -> None:
    plain = write("utf-8", ";", ",").decode()
    expected = check(parse_table(InputFile("a", plain.encode())))
    for encoding, mark in (
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
        ("utf-16-le", b""),
        ("utf-16-be", b""),
    ):
        same(check(parse_table(InputFile("a", mark + plain.encode(encoding)))), expected)


@pytest.mark.parametrize(
    "before", ["sep=;\r\n", "REKAP KUNJUNGAN\r\n\r\n", "sep=;\r\nPolsek Ngawi;;\r\nJanuari 2026\r\n\r\n"]
)
def test_lines_above_the_header_are_passed_over(before: str) -> None:
    plain = write("utf-8", ";", ",").decode()
    expected = check(parse_table(InputFile("a", plain.encode())))
    raw = parse_table(InputFile("a", (before + plain).encode()))
    same(check(raw), expected)
    assert raw.row_numbers[0] == before.count("\n") + 2
