"""Each row becomes a typed record, or has reasons against it; none is lost on the way."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import MappingError
from data.mapping import resolve_mapping
from data.readers import InputFile
from data.readers.parse import parse_table
from data.schema import DATASETS, REASONS
from data.validation import Faults, ReadingOptions, validate_rows

if TYPE_CHECKING:
    from data.validation import CheckedRows

NOW = pd.Timestamp("2026-11-24T03:00Z")
READING = ReadingOptions(ZoneInfo("Asia/Jakarta"), now=NOW)


def check(dataset: str, text: str, reading: ReadingOptions = READING, **stated: str) -> CheckedRows:
    raw = parse_table(InputFile("clerk.csv", text.encode()))  # no worker: what it reads is tested elsewhere
    return validate_rows(raw, resolve_mapping(raw, DATASETS[dataset], stated), DATASETS[dataset], reading)


def reasons(checked: CheckedRows) -> list[str]:
    texts = iter(checked.faults.texts())
    return [next(texts) if faulty else "" for faulty in checked.faults.rows]


def test_a_visit_is_read_field_by_field() -> None:
    checked = check(
        "visits",
        "tanggal;jam;petugas;bujur;lintang;akurasi;hasil;no_kk;rt;rw;desa;keterangan\n"
        "13/01/2026;0930;B-07;111,45;-7,4;12,5;Rumah kosong;0007;003;01;Sidorejo;Aman\n",
    )
    row = checked.frame.iloc[0]
    assert row["visited_at"] == pd.Timestamp("2026-01-13T02:30Z")
    assert (row["lon"], row["lat"], row["accuracy_m"]) == (111.45, -7.4, 12.5)
    assert (row["officer_id"], row["outcome"], row["household_given"]) == ("B-07", "absent", "0007")
    assert (row["rt"], row["rw"], row["village_given"], row["remarks"]) == ("003", "01", "Sidorejo", "Aman")
    assert checked.date_order == "dayfirst"
    assert reasons(checked) == [""]


def test_hdop_is_read_as_a_dilution_and_stated_metres_count_before_it() -> None:
    checked = check(
        "visits",
        "tanggal,nrp,akurasi_m,hdop\n2026-01-13,B,,2\n2026-01-13,B,4.5,2\n2026-01-13,B,,0\n"
        "2026-01-13,B,,99.99\n2026-01-13,B,,\n2026-01-13,B,,-1\n",
    )
    metres = checked.frame["accuracy_m"].tolist()
    assert metres[:2] == [pytest.approx(14.2), 4.5]  # twice 7.1 m, the error of one range
    assert np.isnan(metres[2:5]).all()  # 0 and 99.99 mean that there was no solution
    assert reasons(checked) == ["", "", "", "", "", "bad_number"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("2026-01-13,B,111.4,-7.4", ""),
        ("2026-01-13,B,,", ""),
        ("2026-01-13,B,-,NA", ""),
        (",B,111.4,-7.4", "missing_visited_at"),
        ("2026-01-13,,111.4,-7.4", "missing_officer_id"),
        ("kemarin,B,111.4,-7.4", "bad_date"),
        ("2026-02-30,B,111.4,-7.4", "bad_date"),
        ("1899-12-31,B,111.4,-7.4", "date_out_of_range"),
        ("2026-11-25,B,111.4,-7.4", "date_out_of_range"),
        ("2026-11-24 23:59,B,111.4,-7.4", ""),
        ("2026-01-13,B,111.4,", "bad_coordinates"),
        ("2026-01-13,B,timur,-7.4", "bad_coordinates"),
        ("2026-01-13,B,181,-7.4", "bad_coordinates"),
        ("2026-01-13,B,-7.4,111.4", "bad_coordinates"),
        ("2026-01-13,B,0,0.0", "zero_coordinates"),
        ("besok,,0,0", "bad_date missing_officer_id zero_coordinates"),
        ("2026-01-13,B,111.4", "ragged_row"),
        ("besok,B,111.4,-7.4,5", "ragged_row"),
    ],
)
def test_rows_have_exactly_their_reasons(row: str, reason: str) -> None:
    checked = check("visits", f"visited_at,officer_id,lon,lat\n{row}\n2026-01-13,B,111.4,-7.4\n")
    assert reasons(checked) == [reason, ""]


def test_bad_time_and_negative_accuracy_are_told() -> None:
    checked = check("visits", "tanggal,jam,petugas,akurasi\n2026-01-13,2561,B,1\n2026-01-13,0800,B,-1\n")
    assert reasons(checked) == ["bad_time", "bad_number"]


def test_order_of_day_and_month_is_asked_for_when_nothing_tells_it() -> None:
    text = "tanggal,petugas\n01/02/2026,B\n"
    with pytest.raises(MappingError, match="order of day and month"):
        check("visits", text)
    stated = ReadingOptions(ZoneInfo("UTC"), dates="monthfirst", now=NOW)
    assert check("visits", text, stated).frame["visited_at"][0] == pd.Timestamp("2026-01-02", tz="UTC")


def test_metric_coordinates_are_moved_to_degrees() -> None:
    checked = check(
        "households",
        "id,x,y\n1,549679.9,9181977\n2,9e99,1\n",
        ReadingOptions(ZoneInfo("UTC"), crs="EPSG:32749", now=NOW),
    )
    # UTM zone 49 south has its middle at 111° east; 9181977 m north is 818,023 m south of the equator
    assert checked.frame.loc[0, ["lon", "lat"]].round(2).tolist() == [111.45, -7.4]
    assert reasons(checked) == ["", "bad_coordinates"]


def test_files_with_points_of_their_own_give_them() -> None:
    shapes = [
        {"type": "Point", "coordinates": [111.4, -7.4]},
        None,
        {"type": "LineString", "coordinates": [[0, 0], [1, 1]]},
        {"type": "Polygon", "coordinates": [[[1, 1], [3, 1], [3, 3], [1, 3], [1, 1]]]},
        {"type": "Point", "coordinates": [0, 0]},
        {"type": "Point", "coordinates": ["a", 0]},
        {"type": "Point", "coordinates": []},
    ]
    features = [{"properties": {"id": str(n), "lat": 0}, "geometry": shape} for n, shape in enumerate(shapes)]
    checked = check("households", json.dumps({"type": "FeatureCollection", "features": features}))
    assert reasons(checked) == ["", "", "not_a_point", "", "zero_coordinates", "bad_geometry", ""]
    assert checked.frame["lon"].fillna(-1).tolist() == [111.4, -1, -1, 2, -1, -1, -1]


def test_household_without_anything_to_know_it_by_is_refused() -> None:
    checked = check("households", "id,lon,lat,kk,rt\n,,,,003\n,,,Siti,\n,111.4,-7.4,,\n7,,,,\n")
    assert reasons(checked) == ["missing_identity", "", "", ""]


def test_codes_rounded_by_a_spreadsheet_are_refused() -> None:
    checked = check("households", "id,kode desa\n1,3.52107E+09\n2,352107\n3,35.21.07.2013\n4,NULL\n")
    assert reasons(checked) == ["damaged_code", "bad_code", "", ""]
    assert checked.frame["village_code_given"][2] == "3521072013"


def test_officers_villages_are_codes() -> None:
    checked = check(
        "officers", 'nrp,nama,kode desa\n1,Budi,"35.21.07.2013, 3521072014"\n2,Ani,Sidorejo\n3,,\n'
    )
    assert checked.frame["villages"][0] == "3521072013 3521072014"
    assert reasons(checked) == ["", "bad_code", "missing_name"]


def test_crimes_get_their_category_and_source() -> None:
    checked = check(
        "crimes",
        "no lp,tanggal,kategori,sumber\n"
        "LP/B/12/I/2026,2026-01-02,Pencurian dengan Pemberatan,\n"
        "LP-A/3/2026,2026-01-02, CURANMOR ,\n"
        "X1,2026-01-02,Larceny - From Motor Vehicle,dilaporkan\n"
        "LP/B/13,2026-01-02,365,Temuan\n"
        "LPAX,2026-01-02,-,who knows\n",
    )
    frame = checked.frame
    assert frame["category"][:4].tolist() == ["curat", "curanmor", "Larceny - From Motor Vehicle", "curas"]
    assert frame["offence"][:2].tolist() == ["Pencurian dengan Pemberatan", "CURANMOR"]
    assert frame["source"].tolist() == ["reported", "discovered", "reported", "discovered", "unknown"]
    assert reasons(checked) == ["", "", "", "", "missing_category"]


def test_reversed_spans_are_told() -> None:
    checked = check("crimes", "from date,to date,type\n2026-01-02,2026-01-03,a\n2026-01-02,2026-01-01,a\n")
    assert reasons(checked) == ["", "dates_reversed"]


def test_export_of_the_national_app_is_taken_without_coordinates() -> None:
    checked = check(
        "visits",
        "nama_kepala_keluarga,desa_kepala_keluarga,rt_kepala_keluarga,tanggal_kunjungan\n"
        "Siti,Sidorejo,3,12 Januari 2026\n",
    )
    assert reasons(checked) == [""]
    assert checked.frame["officer_id"].tolist() == ["unknown"]


def test_village_needs_code_or_name() -> None:
    checked = check("boundaries", "kode,nama\n35.21.07.2013,\n,Sidorejo\n-,-\n")
    assert reasons(checked) == ["", "", "missing_village"]
    assert checked.frame["village_code"][0] == "3521072013"


def test_a_reason_that_is_not_registered_is_a_mistake_of_the_program() -> None:
    with pytest.raises(KeyError):
        Faults(1).add("bad_luck", [True])


MESSY = st.sampled_from(["", "-", "B", "111.4", "-7,4", "0", "2026-01-02", "13/02/2026", "3.5E+09", "x" * 9])


@settings(max_examples=60, deadline=None)
@given(
    dataset=st.sampled_from(["households", "officers", "visits", "crimes"]),
    rows=st.lists(st.lists(MESSY, min_size=1, max_size=8), min_size=1, max_size=25),
)
def test_every_row_is_a_record_or_has_known_reasons(dataset: str, rows: list[list[str]]) -> None:
    header = [item.name for item in DATASETS[dataset].fields]
    full = [(row * len(header))[: len(header)] for row in rows]
    buffer = io.StringIO()
    pd.DataFrame(full, columns=header).to_csv(buffer, index=False)
    checked = check(dataset, buffer.getvalue())
    told = [set(text.split()) for text in checked.faults.texts()]
    assert all(told)
    assert set().union(*told) <= set(REASONS)
    accepted = checked.frame[~checked.faults.rows]
    assert len(accepted) + len(told) == len(checked.frame)
    assert (
        accepted[[item.target for item in DATASETS[dataset].fields if item.required]].notna().all(axis=None)
    )
    if "lon" in accepted:
        assert (np.isnan(accepted["lon"]) == np.isnan(accepted["lat"])).all()
