"""A plan as tables and as routes for a GPS device."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd
from gpxpy.gpx import GPX, GPXRoute, GPXRoutePoint

from data.exports.plan_rows import PLAN_TEXTS, format_clock, require_stops
from data.exports.tables import write_csv, write_xlsx

if TYPE_CHECKING:
    from collections.abc import Mapping

_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LONGEST_SHEET_NAME = 31


def write_plan_csv(
    stops: pd.DataFrame, officers: pd.DataFrame, *, texts: Mapping[str, str] = PLAN_TEXTS
) -> bytes:
    """Write a plan as CSV in UTF-8, one line a visit.

    Parameters
    ----------
    stops
        As from ``gather_stops``.
    officers
        Indexed by officer id: ``name``.
    texts
        The words of ``PLAN_TEXTS``; those not given are in English.

    Returns
    -------
    bytes
        See `data.exports.write_csv`.

    Raises
    ------
    DataError
        If the stops lack a column.
    """
    return write_csv(*_table(stops, officers, texts))


def write_plan_xlsx(
    stops: pd.DataFrame, officers: pd.DataFrame, *, texts: Mapping[str, str] = PLAN_TEXTS
) -> bytes:
    """Write a plan as a workbook, one row a visit; parameters and errors as for :func:`write_plan_csv`.

    Returns
    -------
    bytes
        An XLSX file.
    """
    name = re.sub(r"[\[\]:*?/\\']", " ", {**PLAN_TEXTS, **texts}["sheet"])[:_LONGEST_SHEET_NAME]
    return write_xlsx(*_table(stops, officers, texts), sheet=name)


def write_plan_gpx(
    stops: pd.DataFrame, officers: pd.DataFrame, *, texts: Mapping[str, str] = PLAN_TEXTS
) -> bytes:
    """Write a plan as GPX 1.1, one route for each officer and day; parameters as for :func:`write_plan_csv`.

    Returns
    -------
    bytes
        UTF-8; each point has its number and name, and its address and RT/RW in the description.
    """
    require_stops(stops)
    words = {**PLAN_TEXTS, **texts}
    names = _names(officers)
    gpx = GPX()
    gpx.creator = "Sambang"
    ordered = stops.sort_values(["officer_id", "day", "order"])
    for (officer, day), rows in ordered.groupby(["officer_id", "day"]):
        route = GPXRoute(name=_clean(f"{names.get(str(officer), officer)} {day:%Y-%m-%d}"))
        route.points = [
            GPXRoutePoint(
                latitude=row["lat"],
                longitude=row["lon"],
                name=_clean(f"{row['order']}. {row['head_name'] or row['household_id']}"),
                description=_clean(
                    f"{row['address']} {words['rt']} {row['rt']}/{words['rw']} {row['rw']}".strip()
                ),
            )
            for row in rows.to_dict("records")
        ]
        gpx.routes.append(route)
    return gpx.to_xml(version="1.1").encode("utf-8")


def _table(
    stops: pd.DataFrame, officers: pd.DataFrame, texts: Mapping[str, str]
) -> tuple[pd.DataFrame, dict[str, str]]:
    require_stops(stops)
    words = {**PLAN_TEXTS, **texts}
    rows = stops.sort_values(["officer_id", "day", "order"], ignore_index=True)
    names = rows["officer_id"].map(_names(officers))
    rows["officer"] = names.fillna(rows["officer_id"]).astype("str")
    rows["day"] = rows["day"].dt.strftime("%Y-%m-%d").astype("str")
    rows["shift"] = rows["shift"].map(lambda name: words.get(name, name)).astype("str")
    rows["start"], rows["end"] = (
        pd.Series([format_clock(seconds) for seconds in rows[name]], index=rows.index, dtype="str")
        for name in ("start_s", "end_s")
    )
    shown = (
        "officer",
        "day",
        "shift",
        "order",
        "start",
        "end",
        "head_name",
        "address",
        "rt",
        "rw",
        "village",
    )
    headings = {name: words[name] for name in (*shown, "reason")}
    return rows, {**headings, "lat": "lat", "lon": "lon"}


def _names(officers: pd.DataFrame) -> dict[str, str]:
    named = officers["name"].dropna()
    return {str(officer): str(name) for officer, name in named.items()}


def _clean(text: str) -> str:
    return _NOT_XML.sub("", text)
