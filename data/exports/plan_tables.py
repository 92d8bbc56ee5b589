"""Plans as tables and as routes for a GPS device."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import pandas as pd

from data.exports.gpx import write_gpx
from data.exports.plan_rows import PLAN_TEXTS, format_clock, require_stops
from data.exports.tables import write_csv, write_xlsx

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def write_plan_csv(
    stops: pd.DataFrame, officers: pd.DataFrame, *, texts: Mapping[str, str] = PLAN_TEXTS
) -> bytes:
    """Write a plan as UTF-8 CSV, one line per visit.

    Parameters
    ----------
    stops
        As returned by ``gather_stops``.
    officers
        Indexed by officer id: ``name``.
    texts
        Translations of ``PLAN_TEXTS``; missing ones are in English.

    Returns
    -------
    bytes
        As `data.exports.write_csv` returns it.

    Raises
    ------
    DataError
        If a column of the stops is missing.
    """
    return write_csv(*_table(stops, officers, texts))


def write_plan_xlsx(
    stops: pd.DataFrame, officers: pd.DataFrame, *, texts: Mapping[str, str] = PLAN_TEXTS
) -> bytes:
    """Write a plan as a workbook, one row per visit; parameters and errors as for :func:`write_plan_csv`.

    Returns
    -------
    bytes
        An XLSX file.
    """
    return write_xlsx(*_table(stops, officers, texts), worksheet={**PLAN_TEXTS, **texts}["sheet"])


def write_plan_gpx(
    stops: pd.DataFrame, officers: pd.DataFrame, *, texts: Mapping[str, str] = PLAN_TEXTS
) -> bytes:
    """Write a plan as GPX 1.1, one route per officer and day; parameters as for :func:`write_plan_csv`.

    Returns
    -------
    bytes
        UTF-8; each point has its number and name, and its address and RT/RW in the description.
    """
    require_stops(stops)
    words = {**PLAN_TEXTS, **texts}
    rows = stops.sort_values(["officer_id", "day", "order"])
    officer = rows["officer_id"].map(_names(officers)).fillna(rows["officer_id"]).astype("str")
    who = rows["head_name"].where(rows["head_name"] != "", rows["household_id"])
    place = rows["address"] + f" {words['rt']} " + rows["rt"] + f"/{words['rw']} " + rows["rw"]
    points = rows[["lon", "lat"]].assign(
        route=rows.groupby(["officer_id", "day"]).ngroup(),
        route_name=officer + rows["day"].dt.strftime(" %Y-%m-%d"),
        name=rows["order"].astype("str") + ". " + who,
        description=place.str.strip(),
    )
    return write_gpx(points)


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


PLAN_WRITERS: Final[Mapping[str, Callable[..., bytes]]] = MappingProxyType(
    {"csv": write_plan_csv, "xlsx": write_plan_xlsx, "gpx": write_plan_gpx}
)
"""Writers of a plan as a table or as routes, by file extension; all take the same parameters."""
