"""Printed sheets: one A4 page per officer and day, legible without colour."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import segno

from data.errors import DataError
from data.exports.plan_rows import PLAN_TEXTS, format_clock, make_map_link, require_stops
from data.exports.typesetting import compile_pdf
from geo.crs import WGS84, to_metric
from geo.maps import Marker, PlaceMap, draw_places

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_TEMPLATE = Path(__file__).with_name("plan_sheets.typ")
_SIZE = (363.0, 187.0)  # 12.8 by 6.6 cm
_MARKERS = {
    "stop": Marker("disc", radius=7.9, label_size=9.0),
    "post": Marker("square", fill="#000000", radius=6.2, label_size=8.0),
}


def write_plan_sheets(
    stops: pd.DataFrame,
    officers: pd.DataFrame,
    *,
    texts: Mapping[str, str] = PLAN_TEXTS,
    format_day: Callable[[pd.Timestamp], str] = "{:%Y-%m-%d}".format,
    areas: gpd.GeoDataFrame | None = None,
) -> bytes:
    """Write the printed sheets of a plan as a PDF.

    A sheet shows the officer, the day, a map, a QR code that opens the route on a phone, and the stops in
    order: time, name, address, RT/RW, reason, boxes to tick and a line for notes. Names are printed as they
    are, in any script that DejaVu Sans or an installed font covers.

    Parameters
    ----------
    stops
        As returned by ``gather_stops``.
    officers
        Indexed by officer id: ``name``; ``rank``, and ``lon``, ``lat`` of the post where known.
    texts
        Translations of ``PLAN_TEXTS``; missing ones are in English.
    format_day
        Formats a day in the reader's language.
    areas
        Village polygons in any CRS, outlined on the maps.

    Returns
    -------
    bytes
        A PDF of A4 pages with embedded fonts.

    Raises
    ------
    DataError
        If a column of the stops is missing, or there are no stops.
    """
    require_stops(stops)
    if stops.empty:
        raise DataError("The plan has no visits to print.")
    words = {**PLAN_TEXTS, **texts}
    days = stops.sort_values(["officer_id", "day", "order"]).groupby(["officer_id", "day"], sort=True)
    known = officers.to_dict("index")
    ground = to_metric(areas) if areas is not None and len(areas) else None
    sheets = [
        _sheet(
            rows,
            known.get(str(officer), {"name": officer}),
            words,
            format_day(pd.Timestamp(str(day))),
            ground,
        )
        for (officer, day), rows in days
    ]
    return compile_pdf(_TEMPLATE, {"texts": words, "sheets": sheets})


def _sheet(
    rows: pd.DataFrame,
    officer: dict[Any, Any],
    words: Mapping[str, str],
    day: str,
    areas: gpd.GeoDataFrame | None,
) -> dict[str, Any]:
    lon, lat = (rows[name].to_numpy(dtype=np.float64) for name in ("lon", "lat"))
    link = make_map_link(lon.tolist(), lat.tolist())
    villages = ", ".join(dict.fromkeys(rows["village"]))
    return {
        "officer": " ".join(
            part for part in (_text(officer.get("rank")), _text(officer.get("name"))) if part
        ),
        "day": day,
        "subtitle": f"{len(rows)} {words['visits']} · {villages}",
        "map": _draw_day(rows, officer, words, areas),
        "qr": _code(link),
        "link": link,
        "stops": _lines(rows, words),
    }


def _find_post(rows: pd.DataFrame, officer: dict[Any, Any]) -> tuple[float, float]:
    """Return where a day starts: at the post of its routes if they have one, else at the officer's."""
    if "post_lon" in rows and rows["post_lon"].notna().all():
        return float(rows["post_lon"].iloc[0]), float(rows["post_lat"].iloc[0])
    return float(officer.get("lon", np.nan)), float(officer.get("lat", np.nan))


def _draw_day(
    rows: pd.DataFrame, officer: dict[Any, Any], words: Mapping[str, str], areas: gpd.GeoDataFrame | None
) -> str:
    """Draw the stops of a day in order, from the officer's post and back to it if it is known."""
    places = rows[["lon", "lat"]].assign(kind="stop", label=rows["order"].astype("str"))
    lon, lat = _find_post(rows, officer)
    route = list(range(len(places)))
    if not (np.isnan(lon) or np.isnan(lat)):
        post = pd.DataFrame({"lon": [lon], "lat": [lat], "kind": ["post"], "label": [words["post"]]})
        places = pd.concat([places, post], ignore_index=True)
        route = [len(route), *route, len(route)]
    points = gpd.GeoDataFrame(places, geometry=gpd.points_from_xy(places["lon"], places["lat"]), crs=WGS84)
    return draw_places(
        PlaceMap(
            to_metric(points, like=areas),
            _MARKERS,
            areas=areas,
            route=route,
            size=_SIZE,
            units=(words["metres"], f"k{words['metres']}"),
            title=words["map"],
        )
    )


def _lines(rows: pd.DataFrame, words: Mapping[str, str]) -> list[dict[str, str]]:
    several = len(set(rows["village"])) > 1
    return [
        {
            "number": str(row["order"]),
            "time": format_clock(row["start_s"]),
            "name": row["head_name"] or row["household_id"],
            "place": _place(row, words, is_far=several),
            "reason": row["reason"],
        }
        for row in rows.to_dict("records")
    ]


def _place(row: dict[Any, Any], words: Mapping[str, str], *, is_far: bool) -> str:
    """Describe where a household is, without repetition; the village only if the sheet has several."""
    quarters = [f"{words[name]} {row[name]}" for name in ("rt", "rw") if row[name]]
    address = row["address"] or ""
    told = "" if all(quarter in address for quarter in quarters) else "/".join(quarters)
    return " · ".join(part for part in (address, told, row["village"] if is_far else "") if part)


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)


def _code(link: str) -> str:
    buffer = io.BytesIO()
    segno.make(link, error="m").save(buffer, kind="svg", xmldecl=False, border=1)
    return buffer.getvalue().decode("utf-8")
