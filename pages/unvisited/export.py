"""Lists of households in the user's language, written by ``data.exports``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from data.exports.gpx import write_gpx
from data.exports.household_list import MAX_PRINTED_ROWS, HouseholdList, ListMap, write_household_list
from data.exports.tables import write_csv, write_geojson, write_xlsx
from data.settings import get_settings
from geo.classify import STATUS_COLOURS
from geo.crs import WGS84
from geo.maps import Marker
from geo.status import STATUSES
from pages.queries.areas import name_heading, select_villages
from pages.text.language import MISSING, _, find_local_day, format_day, format_number, get_language
from pages.text.tries import describe_tries_of_each
from pages.text.vocabulary import name_field, name_status

if TYPE_CHECKING:
    from pages.queries.households import HouseholdFilter, StatusRequest
    from pages.queries.records import Connection

KINDS = ("csv", "xlsx", "geojson", "gpx", "pdf")
"""Extensions of the files on offer."""

_MARKERS = {
    "never": Marker("diamond", fill=STATUS_COLOURS["never"], stroke=STATUS_COLOURS["never"]),
    "overdue": Marker("triangle", fill=STATUS_COLOURS["overdue"], stroke=STATUS_COLOURS["overdue"]),
    "due": Marker("circle", fill=STATUS_COLOURS["due"], stroke=STATUS_COLOURS["due"]),
    "visited": Marker("circle", fill="#ffffff", stroke=STATUS_COLOURS["visited"]),
}
_BOX = "\N{WHITE SQUARE}"


def export_households(
    kind: str, connection: Connection, asked: StatusRequest, chosen: HouseholdFilter, rows: pd.DataFrame
) -> bytes:
    """Write households as a file.

    Parameters
    ----------
    kind
        One of ``KINDS``.
    connection, asked, chosen
        The data, the requested status, and the requested households.
    rows
        As returned by ``list_households``.

    Returns
    -------
    bytes
        The file.
    """
    if kind == "pdf":
        return _print(connection, asked, chosen, rows)
    said = _describe(rows)
    headings = _headings()
    if kind == "csv":
        return write_csv(said, headings)
    if kind == "xlsx":
        return write_xlsx(said, headings, worksheet=_("Households"))
    if kind == "geojson":
        return write_geojson(said, headings)
    place = "RT " + said["rt"].fillna(MISSING) + " / RW " + said["rw"].fillna(MISSING)
    tried = said["tried"].where(said["tried"] == "", " · " + said["tried"])
    what = said["status"] + tried + " · " + place + " · " + said["village"].fillna(MISSING)
    what += (" · " + _("Group") + " " + said["group"]).fillna("")
    points = said[["lon", "lat"]].assign(name=said["head_name"], description=what)
    return write_gpx(points)


def _headings() -> dict[str, str]:
    fields = ("household_id", "head_name", "address", "rt", "rw", "village", "village_code")
    return {
        **{name: name_field(name) for name in fields},
        "status": _("Status"),
        "last_visit": _("Last visit"),
        "days_since": _("Days since visit"),
        "n_attempts": _("Attempts since the last visit"),
        "tried": _("Attempts and outcome"),
        "last_attempt": _("Last attempt"),
        "group": _("Group"),
        "lat": name_field("lat"),
        "lon": name_field("lon"),
    }


def _describe(rows: pd.DataFrame) -> pd.DataFrame:
    zone = get_settings().time_zone
    last = rows["last_visit_at"].dt.tz_convert(zone).dt.strftime("%Y-%m-%d")
    status = rows["status"].astype("str").map({name: name_status(name) for name in STATUSES})
    tried_at = rows["last_attempt_at"].dt.tz_convert(zone).dt.strftime("%Y-%m-%d")
    return rows.reset_index().assign(
        status=status.array,
        last_visit=last.array,
        tried=describe_tries_of_each(rows).array,
        last_attempt=tried_at.array,
    )


def _print(
    connection: Connection, asked: StatusRequest, chosen: HouseholdFilter, rows: pd.DataFrame
) -> bytes:
    shown = rows.head(MAX_PRINTED_ROWS)
    tried = describe_tries_of_each(shown)
    status = shown["status"].astype("str").map(name_status)
    numbered = np.arange(1, len(shown) + 1)
    cells = pd.DataFrame(
        {
            "number": numbered.astype(str),
            "head": shown["head_name"].fillna(MISSING).array,
            "address": shown["address"].fillna("").array,
            "place": (shown["rt"].fillna(MISSING) + "/" + shown["rw"].fillna(MISSING)).array,
            "status": (status + tried.where(tried == "", "; " + tried)).array,
            "last": shown["last_visit_at"].map(lambda at: MISSING if pd.isna(at) else format_day(at)).array,
            "group": shown["group"].fillna("").array,
            "met": _BOX,
            "absent": _BOX,
        }
    )
    points = gpd.GeoDataFrame(
        {"kind": shown["status"].astype("str").array, "number": numbered},
        geometry=gpd.points_from_xy(shown["lon"], shown["lat"]),
        crs=WGS84,
    )[shown["lon"].notna().to_numpy()]
    labels = {name: name_status(name) for name in STATUSES}
    markers = {name: _MARKERS[name] for name in chosen.statuses}
    map_ = ListMap(select_villages(connection, chosen.area), points, markers, labels)
    return write_household_list(_frame(connection, asked, chosen, len(rows)), cells, map_)


def _frame(
    connection: Connection, asked: StatusRequest, chosen: HouseholdFilter, n_rows: int
) -> HouseholdList:
    last = format_day(find_local_day(asked.as_of - pd.Timedelta(days=1)))
    place = [name_heading(connection, chosen.area)]
    place += [f"RT {chosen.rt}"] if chosen.rt else []
    place += [f"RW {chosen.rw}"] if chosen.rw else []
    target = _("visit again within {n} days").format(n=format_number(asked.target_days))
    note = _("{n} households. This list contains people's names and homes: keep it safe.").format(
        n=format_number(n_rows)
    )
    if n_rows > MAX_PRINTED_ROWS:
        note = _(
            "The first {n} of {all} households are listed. Choose a smaller area to print the rest."
        ).format(n=format_number(MAX_PRINTED_ROWS), all=format_number(n_rows))
    return HouseholdList(
        title=_("Unvisited households"),
        subtitle=" · ".join([*place, _("as of {day}").format(day=last), target]),
        note=note,
        footer=f"Sambang · {' · '.join(place)} · {last}",
        headings=[
            _("No."), _("Head of household"), _("Address"), "RT/RW", _("Status"), _("Last visit"), _("Group"),
            _("Met"), _("Absent"),
        ],
        widths=[0.5, 2.3, 2.0, 0.9, 1.3, 1.2, 0.8, 0.7, 0.7],
        language=get_language(),
    )  # fmt: skip
