"""Validation of a dataset's rows: each field by its kind, then rules that involve several fields."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from data.schema import fold_name
from data.schema.fields import WITHOUT_COLUMN
from data.validation.accuracy import fill_accuracy
from data.validation.crimes import complete_crimes, find_crime_notices, settle_times
from data.validation.faults import NO_RECORD, Faults
from data.validation.points import (
    Points,
    finish_points,
    read_geometry_points,
    read_point_column,
    read_point_columns,
)
from data.values import (
    DateOrder,
    decide_order,
    find_damaged_ids,
    read_clocks,
    read_code_lists,
    read_codes,
    read_integers,
    read_moment_texts,
    read_numbers,
)
from data.values.texts import clean_texts
from geo.crs import WGS84

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from numpy.typing import NDArray

    from data.mapping import ColumnMapping
    from data.readers import RawTable
    from data.schema import Dataset, Field
    from data.values import MomentTexts
    from geo.precision import Precision

EARLIEST = pd.Timestamp("1900-01-01", tz="UTC")


@dataclass(frozen=True)
class ReadingOptions:
    """Options for reading a file's texts.

    Parameters
    ----------
    zone
        Time zone of moments that name none.
    dates
        Order of day and month; by default decided from the file.
    crs
        CRS of the coordinates; by default the file's own, else WGS84.
    read_village_codes
        Whether the codes of boundaries are official codes, to be read as such.
    swap
        Whether longitude and latitude are exchanged in the file.
    now
        The current moment, with a time zone; records after its day are refused.
    home
        Time zone of the unit, in which dates of crimes are days; by default ``zone``.
    precision
        How exactly the times of crimes are known, as the user states it; by default found in the file.
    """

    zone: ZoneInfo
    dates: DateOrder | None = None
    crs: str | None = None
    read_village_codes: bool = True
    swap: bool = False
    now: pd.Timestamp = field(kw_only=True)
    home: ZoneInfo | None = field(default=None, kw_only=True)
    precision: Precision | None = field(default=None, kw_only=True)


@dataclass(frozen=True)
class CheckedRows:
    """A file's rows as typed columns: n rows on the raw table's index.

    Parameters
    ----------
    frame
        A column for each field of the dataset, under its canonical name; for crimes also those of
        ``settle_times``.
    faults
        The rows that are refused, and why.
    date_order
        How numeric dates were read.
    points
        Points of the rows; None for datasets without places.
    notices
        Warnings about rows that can still be accepted: code → n booleans.
    """

    frame: pd.DataFrame
    faults: Faults
    date_order: DateOrder
    points: Points | None = None
    notices: dict[str, NDArray[np.bool_]] = field(default_factory=dict)


def pick_texts(raw: RawTable, mapping: ColumnMapping, dataset: Dataset) -> dict[str, pd.Series]:
    """Return each field's texts, trimmed and without placeholders; all missing if no column is mapped.

    Returns
    -------
    dict
        Field → n texts.
    """
    texts = {}
    for item in dataset.fields:
        if item.name in mapping.columns:
            texts[item.name] = clean_texts(raw.frame[mapping.columns[item.name]], missing=item.missing)
        else:
            value = mapping.constants.get(item.name)
            texts[item.name] = pd.Series(value, index=raw.frame.index, dtype="str")
    return texts


def validate_rows(
    raw: RawTable, mapping: ColumnMapping, dataset: Dataset, reading: ReadingOptions
) -> CheckedRows:
    r"""Read a file's rows as a dataset's records.

    Parameters
    ----------
    raw
        The file.
    mapping
        The column of each field.
    dataset
        The dataset that the rows belong to.
    reading
        How their texts are read.

    Returns
    -------
    CheckedRows
        All rows, including the faulty ones.

    Raises
    ------
    MappingError
        If the order of day and month cannot be decided.

    Examples
    --------
    >>> from zoneinfo import ZoneInfo
    >>> from data.mapping import suggest_mapping
    >>> from data.readers import InputFile, read_table
    >>> from data.schema import DATASETS
    >>> raw = read_table(InputFile("a.csv", b"id,lon,lat\n1,111.4,-7.4\n2,0,0\n"))
    >>> homes = DATASETS["households"]
    >>> reading = ReadingOptions(ZoneInfo("Asia/Jakarta"), now=pd.Timestamp("2026-11-24", tz="UTC"))
    >>> checked = validate_rows(raw, suggest_mapping(raw, homes), homes, reading)
    >>> checked.faults.counts()
    {'zero_coordinates': 1}
    """
    faults = Faults(len(raw))
    for reason, positions in raw.faults.items():
        rows = np.zeros(len(raw), dtype=bool)
        rows[positions] = True
        if reason in NO_RECORD or dataset.has_places or dataset.name == "boundaries":
            faults.add(reason, rows)
    texts = pick_texts(raw, mapping, dataset)
    order = decide_order(
        (texts[item.name] for item in dataset.fields if item.kind == "moment"), stated=reading.dates
    )
    moments = {
        item.name: _read_moment(item, texts, reading, order, faults)
        for item in dataset.fields
        if item.kind == "moment"
    }
    columns: dict[str, pd.Series] = {}
    for item in dataset.fields:
        if item.name in moments:
            columns[item.target] = moments[item.name].moments
        elif item.kind not in WITHOUT_COLUMN:
            columns[item.target] = _read_field(item, texts[item.name], reading, faults)
        if item.required:
            faults.add(f"missing_{item.name}", texts[item.name].isna())
    if "hdop" in texts:
        columns["accuracy_m"] = fill_accuracy(columns["accuracy_m"], texts["hdop"], faults)
    points = _read_points(raw, mapping, texts, reading, faults) if dataset.has_places else None
    if points is not None:
        columns |= {"lon": pd.Series(points.wgs84[:, 0]), "lat": pd.Series(points.wgs84[:, 1])}
    frame = pd.DataFrame(columns, index=raw.frame.index)
    notices = {}
    if dataset.name == "crimes":
        home = reading.home or reading.zone
        begin, end = moments["occurred_at"], moments["occurred_to"]
        settled = settle_times(begin, end, zone=reading.zone, home=home, stated=reading.precision)
        frame = complete_crimes(frame).join(settled)
        notices = find_crime_notices(frame, reading.zone)
    _check_between(frame, dataset, faults)
    return CheckedRows(frame, faults, order, points, notices)


def _read_field(item: Field, values: pd.Series, reading: ReadingOptions, faults: Faults) -> pd.Series:
    """Read a field by its kind."""
    match item.kind:
        case "number" | "integer":
            return _read_number(item, values, faults)
        case "code" if reading.read_village_codes or item.target != item.name:
            codes = read_codes(values)
            faults.add("bad_code", codes.bad)
            faults.add("damaged_code", codes.damaged)
            return codes.codes
        case "codes":
            lists, bad = read_code_lists(values)
            faults.add("bad_code", bad)
            return lists
        case "choice":
            return _read_choice(item, values)
        case "id":
            faults.add("damaged_id", find_damaged_ids(values))
    return values


def _read_number(item: Field, values: pd.Series, faults: Faults) -> pd.Series:
    numbers, bad = read_numbers(values) if item.kind == "number" else read_integers(values)
    faults.add("bad_number", bad | (numbers < 0))
    return pd.Series(numbers, index=values.index).astype("float64" if item.kind == "number" else "Int64")


def _read_choice(item: Field, values: pd.Series) -> pd.Series:
    """Replace the words of a choice with their canonical values; unknown words stay as they are."""
    known = {text: item.choices.get(fold_name(text), text) for text in values.dropna().unique()}
    return values.map(known).astype("str")


def _read_moment(
    item: Field, texts: dict[str, pd.Series], reading: ReadingOptions, order: DateOrder, faults: Faults
) -> MomentTexts:
    clocks = read_clocks(texts["time"]) if item.required and "time" in texts else None
    read = read_moment_texts(texts[item.name], order=order, zone=reading.zone, clocks=clocks)
    faults.add("bad_date", read.bad)
    if clocks is not None:
        faults.add("bad_time", clocks.bad)
    tomorrow = reading.now.tz_convert(reading.zone).normalize() + pd.Timedelta(days=1)
    faults.add("date_out_of_range", (read.moments < EARLIEST) | (read.moments >= tomorrow))
    return read


def _read_points(
    raw: RawTable,
    mapping: ColumnMapping,
    texts: dict[str, pd.Series],
    reading: ReadingOptions,
    faults: Faults,
) -> Points:
    crs = reading.crs or WGS84
    if raw.geometry is not None and "lon" not in mapping and "point" not in mapping:
        given, crs = read_geometry_points(raw, faults=faults), reading.crs or raw.crs or WGS84
    elif "point" in mapping and "lon" not in mapping:
        given = read_point_column(texts["point"], faults=faults)
    else:
        given = read_point_columns(texts["lon"], texts["lat"], faults=faults)
    return finish_points(given, crs=crs, swap=reading.swap, faults=faults)


def _check_between(frame: pd.DataFrame, dataset: Dataset, faults: Faults) -> None:
    """Record the faults that involve several fields."""
    match dataset.name:
        case "boundaries":
            faults.add(
                "missing_village", frame["village_code"].isna() & frame["village"].isna() & ~faults.rows
            )
        case "households":
            nameless = frame[["household_id", "lon", "head_name"]].isna().all(axis=1)
            faults.add("missing_identity", nameless & ~faults.rows)
        case "crimes":
            faults.add("dates_reversed", frame["reversed"])
