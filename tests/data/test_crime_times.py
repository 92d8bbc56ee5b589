"""How exactly the times of crimes are known is found in their file, stored, and can be stated."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from data import repository, tables
from data.database import Database
from tests.data.builders import make_villages, store
from tests.data.imports import DEMO, load, prepare
from tests.data.test_validation import check, reasons
from tests.geo.builders import SHARED, reference

if TYPE_CHECKING:
    from data.validation import CheckedRows

DATES = ["2026-10-01", "2026-10-02", "2026-10-04", "2026-10-09"]


@pytest.fixture
def village(database: Database) -> Database:
    store(database, "boundaries", make_villages())
    return database


def make_file(times: list[str], header: str = "tanggal") -> str:
    return (
        "\n".join([f"lp,{header},kategori", *(f"LP{n},{time},curat" for n, time in enumerate(times))]) + "\n"
    )


def settled(checked: CheckedRows) -> list[tuple[str, str]]:
    return list(zip(checked.frame["time_precision"], checked.frame["time_evidence"], strict=True))


@pytest.mark.parametrize(
    ("texts", "precision", "evidence"),
    [
        (["2026-10-01 21:14"], "minute", "time"),
        (["2026-10-01"], "day", "no_time"),
        (["1 Oktober 2026"], "day", "no_time"),
        (["46296"], "day", "no_time"),  # a spreadsheet's number of 1 October 2026
        (["46296.5"], "minute", "time"),
        (["2026-10"], "month", "month_text"),
        (["2026-10-01 00:00:00"], "day", "midnights"),
        ([f"{day}T00:00:00Z" for day in DATES], "day", "midnights"),
        ([f"{day}T17:00:00Z" for day in DATES], "day", "local_midnights"),
        ([f"{day} 17:00" for day in DATES], "day", "utc_midnights"),
        ([f"{day} 12:00" for day in DATES], "day", "same_time"),
        (["2026-08-01", "2026-09-01", "2026-10-01"], "month", "first_days"),
    ],
)
def test_precision_is_found_in_the_texts(texts: list[str], precision: str, evidence: str) -> None:
    checked = check("crimes", make_file(texts))
    assert set(settled(checked)) == {(precision, evidence)}


@pytest.mark.parametrize(
    ("texts", "first"),
    [
        (["2026-10-01"], "2026-10-01"),
        ([f"{day}T00:00:00Z" for day in DATES], "2026-10-01"),  # the date as written, not 07.00 of it
        ([f"{day}T17:00:00Z" for day in DATES], "2026-10-02"),  # midnight of the day after in Jakarta
        ([f"{day} 17:00" for day in DATES], "2026-10-02"),
        ([f"{day} 12:00" for day in DATES], "2026-10-01"),
        (["2026-10"], "2026-10-01"),
    ],
)
def test_a_date_begins_at_local_midnight(texts: list[str], first: str) -> None:
    row = check("crimes", make_file(texts)).frame.iloc[0]
    assert row["covers_from"] == pd.Timestamp(first, tz="Asia/Jakarta")
    assert pd.isna(row["covers_to"])


def test_a_time_of_its_own_column_is_a_time_whatever_the_date_says() -> None:
    text = "tanggal,jam,kategori\n2026-10-01 00:00,21.14,curat\n2026-10-02 00:00,,curat\n"
    checked = check("crimes", text)
    assert settled(checked) == [("minute", "time"), ("day", "midnights")]
    assert checked.frame["covers_from"].iloc[0] == pd.Timestamp("2026-10-01T14:14Z")


@pytest.mark.parametrize(
    ("begin", "end", "precision", "until"),
    [
        ("2026-10-01 22:00", "2026-10-02 06:00", "interval", "2026-10-02 06:00"),
        ("2026-10-01 22:00", "2026-10-01 22:00", "minute", "2026-10-01 22:00"),
        ("2026-10-01", "2026-10-01", "day", None),
        ("2026-10-01", "2026-10-03", "interval", "2026-10-04"),  # the last day counts whole
        ("2026-10-01", "2026-10-31", "interval", "2026-11-01"),
        ("2026-10", "2026-10", "month", None),
        ("2026-10-01 22:00", "2026-10-01", "interval", "2026-10-02"),
        ("2026-10-01", "2026-10-01 14:00", "interval", "2026-10-01 14:00"),
        ("2026-10-01 22:00", "", "minute", None),
    ],
)
def test_two_times_are_an_interval_unless_they_are_one_day_or_month(
    begin: str, end: str, precision: str, until: str | None
) -> None:
    checked = check("crimes", f"from date,to date,type\n{begin},{end},curat\n")
    row = checked.frame.iloc[0]
    assert row["time_precision"] == precision
    assert (
        row["covers_to"] is pd.NaT
        if until is None
        else row["covers_to"] == pd.Timestamp(until, tz="Asia/Jakarta")
    )
    assert reasons(checked) == [""]


def test_ends_before_begins_are_refused() -> None:
    text = "from date,to date,type\n2026-10-02,2026-10-01,a\n2026-10-02 09:00,2026-10-02 08:00,a\n"
    assert reasons(check("crimes", text)) == ["dates_reversed"] * 2


def test_a_date_of_a_file_in_another_zone_is_the_same_date_here(village: Database) -> None:
    load(village, "crimes", make_file(["2026-10-01"]), timezone="WIT")
    stored = repository.read_crimes(village, DEMO).iloc[0]
    assert (stored["time_precision"], stored["occurred_at"]) == ("day", pd.Timestamp("2026-09-30T17:00Z"))


def test_stated_precision_is_taken_but_no_text_says_more_than_is_written(village: Database) -> None:
    text = make_file(["2026-10-01 00:00", "2026-10-02", "2026-10"])
    stated = prepare(village, "crimes", text, precision="minute")
    assert stated.records["time_precision"].tolist() == ["minute", "day", "month"]
    assert stated.times.to_numpy().tolist() == [
        ["minute", "stated", 1], ["day", "no_time", 1], ["month", "month_text", 1],
    ]  # fmt: skip
    months = prepare(village, "crimes", text, precision="month")
    assert months.records["time_precision"].tolist() == ["month"] * 3
    assert set(months.records["occurred_at"]) == {pd.Timestamp("2026-10-01", tz="Asia/Jakarta")}
    assert months.times["evidence"].tolist() == ["stated", "month_text"]


def test_another_precision_changes_the_stored_crimes_and_adds_none(village: Database) -> None:
    text = "tanggal,kategori\n" + "".join(f"{day} 00:00,curat\n" for day in DATES)
    assert load(village, "crimes", text).rows_new == 4
    assert load(village, "crimes", text).unchanged
    again = load(village, "crimes", text, precision="minute")
    assert (again.rows_new, again.rows_changed, again.unchanged) == (0, 4, False)
    assert set(repository.read_crimes(village, DEMO)["time_precision"]) == {"minute"}


def test_migration_takes_intervals_as_such_and_guesses_nothing(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'old.sqlite'}")
    engine = sa.create_engine(database.url)
    config = Config()
    config.set_main_option("script_location", str(Path(tables.__file__).parent / "migrations"))
    batch = (
        "INSERT INTO batches (dataset, file_name, fingerprint, imported_at, imported_by, rows_read,"
        " rows_accepted, rows_quarantined, rows_new, rows_changed, rows_outside, reasons)"
        " VALUES ('crimes', 'a', 'a', 0, 'demo', 3, 3, 0, 3, 0, 0, '{}')"
    )
    crime = (
        "INSERT INTO crimes (crime_id, occurred_at, occurred_to, category, source, placement, batch_id)"
        " VALUES (:id, 0, :to, 'curat', 'reported', 'unlocated', 1)"
    )
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0008")
        connection.execute(sa.text(batch))
        connection.execute(sa.text(crime), [{"id": n, "to": to} for n, to in enumerate((None, 3600, 0))])
    engine.dispose()
    database.migrate()
    crimes = repository.read_crimes(database, DEMO).sort_index()
    assert crimes["time_precision"].tolist() == ["minute", "interval", "minute"]


@reference
def test_dates_of_charlottesville_are_no_midnights(database: Database) -> None:
    path = SHARED / "charlottesville_crimes.csv.gz"
    # The date column holds New York's midnights in UTC: 04.00 in summer, 05.00 in winter.
    dated = prepare(database, "crimes", path, timezone="America/New_York", columns={"time": ""})
    assert dated.times.to_numpy().tolist() == [["day", "utc_midnights", dated.rows_accepted]]
    local = dated.records.loc["201900027888", "occurred_at"].tz_convert(ZoneInfo("Asia/Jakarta"))
    assert str(local) == "2019-09-27 00:00:00+07:00"
    timed = prepare(database, "crimes", path, timezone="America/New_York")
    assert timed.times.to_numpy().tolist() == [["minute", "time", timed.rows_accepted]]
