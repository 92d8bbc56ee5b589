"""Schemas (pandera) that canonical frames must satisfy before they are stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pandera.pandas as pa

from data.schema.reasons import REASONS
from geo.precision import PRECISIONS

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray

PLACEMENTS = ("inside", "outside", "unlocated")
HOUSEHOLD_MATCHES = ("id", "text", "distance", "none")
SOURCES = ("reported", "discovered", "unknown")
_MOMENT = pd.DatetimeTZDtype("us", "UTC")


def _text(*, required: bool = False, checks: Iterable[pa.Check] = ()) -> pa.Column:
    return pa.Column("str", list(checks), nullable=not required)


def _one_of(values: Iterable[str]) -> pa.Column:
    return _text(required=True, checks=[pa.Check.isin(values, error="bad_value")])


def _filled(reason: str) -> pa.Column:
    return _text(required=True, checks=[pa.Check.str_length(min_value=1, error=reason)])


def _degrees(limit: float) -> pa.Column:
    return pa.Column("float64", pa.Check.in_range(-limit, limit, error="bad_coordinates"), nullable=True)


def _count() -> pa.Column:
    return pa.Column("Int64", pa.Check.ge(0, error="bad_number"), nullable=True)


def _place_columns() -> dict[str, pa.Column]:
    names = ("village_code", "village_given", "district_given", "village_code_given")
    return {
        "lon": _degrees(180),
        "lat": _degrees(90),
        "placement": _one_of(PLACEMENTS),
        **{name: _text() for name in names},
    }


def _schema(key: str, columns: dict[str, pa.Column], *checks: pa.Check) -> pa.DataFrameSchema:
    index = pa.Index("str", pa.Check.str_length(min_value=1, error="bad_value"), name=key, unique=True)
    return pa.DataFrameSchema(columns, checks=list(checks), index=index, strict=True, ordered=False)


_BOTH_OR_NEITHER = pa.Check(
    lambda frame: frame["lon"].isna() == frame["lat"].isna(), error="bad_coordinates", name="a point is whole"
)
_INTERVALS_END = pa.Check(
    lambda frame: (frame["time_precision"] != "interval") | frame["occurred_to"].notna(),
    error="bad_value",
    name="an interval has an end",
)

CANONICAL: dict[str, pa.DataFrameSchema] = {
    "boundaries": _schema(
        "village_code",
        {
            "village": _filled("missing_village"),
            "district_code": _filled("bad_code"),
            "district": _text(),
            "regency_code": _filled("bad_code"),
            "regency": _text(),
            "population": _count(),
            "households_registered": _count(),
            "boundary_year": _count(),
        },
    ),
    "households": _schema(
        "household_id",
        {name: _text() for name in ("head_name", "address", "rt", "rw", "tags")} | _place_columns(),
        _BOTH_OR_NEITHER,
    ),
    "officers": _schema(
        "officer_id", {"name": _filled("missing_name"), "rank": _text(), "unit": _text(), "villages": _text()}
    ),
    "crosswalk": _schema("bps_code", {"village_code": _filled("missing_village_code")}),
    "visits": _schema(
        "visit_id",
        {
            "visited_at": pa.Column(_MOMENT),
            "officer_id": _filled("missing_officer_id"),
            "household_id": _text(),
            "household_match": _one_of(HOUSEHOLD_MATCHES),
            "accuracy_m": pa.Column("float64", pa.Check.ge(0, error="bad_number"), nullable=True),
            **{name: _text() for name in ("outcome", "remarks", "head_name", "rt", "rw", "household_given")},
            **_place_columns(),
        },
        _BOTH_OR_NEITHER,
    ),
    "crimes": _schema(
        "crime_id",
        {
            "occurred_at": pa.Column(_MOMENT),
            "occurred_to": pa.Column(_MOMENT, nullable=True),
            "time_precision": _one_of(PRECISIONS),
            "category": _filled("missing_category"),
            "offence": _text(),
            "source": _one_of(SOURCES),
            "status": _text(),
            **_place_columns(),
        },
        _BOTH_OR_NEITHER,
        _INTERVALS_END,
    ),
}
"""Dataset → schema of its canonical frame (the key is the index; villages without their geometry)."""


def find_failures(records: pd.DataFrame, dataset: str) -> dict[str, NDArray[np.bool_]]:
    """Find the rows of a canonical frame that fail its schema.

    Parameters
    ----------
    records
        n rows; a geometry column is ignored.
    dataset
        Name of the dataset.

    Returns
    -------
    dict
        Reason code → n booleans, True where the row fails; empty if all rows pass.

    Raises
    ------
    pandera.errors.SchemaErrors
        If a column is absent or of another type, which is a bug rather than a fault of the file.
    """
    frame = pd.DataFrame(records.drop(columns="geometry", errors="ignore"))
    try:
        CANONICAL[dataset].validate(frame, lazy=True)
    except pa.errors.SchemaErrors as error:
        cases = error.failure_cases
        if cases["index"].isna().any():
            raise
        reasons = cases["check"].where(cases["check"].isin(list(REASONS)), "bad_value")
        return {str(reason): frame.index.isin(found["index"]) for reason, found in cases.groupby(reasons)}
    return {}
