"""Phone calendars, one for each officer."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pandas as pd
from icalendar import Calendar, Event

from data.exports.plan_rows import PLAN_TEXTS, format_clock, make_map_link, require_stops

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping
    from datetime import datetime


def write_calendar(
    stops: pd.DataFrame,
    officer_id: str,
    *,
    zone: str,
    made_at: pd.Timestamp,
    texts: Mapping[str, str] = PLAN_TEXTS,
) -> bytes:
    """Write the visits of an officer as an iCalendar file (RFC 5545), one event per route.

    An event has the same UID in every version of a plan, so that a newer file replaces it.

    Parameters
    ----------
    stops
        As returned by ``gather_stops``.
    officer_id
        The officer.
    zone
        Time zone of the unit, such as ``Asia/Jakarta``.
    made_at
        When the plan was made, with a time zone.
    texts
        Translations of ``PLAN_TEXTS``; missing ones are in English.

    Returns
    -------
    bytes
        UTF-8; without events if the officer has no visits.

    Raises
    ------
    DataError
        If a column of the stops is missing.
    """
    require_stops(stops)
    words = {**PLAN_TEXTS, **texts}
    calendar = Calendar()
    calendar.add("prodid", "-//Sambang//Weekly plan//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-timezone", zone)
    mine = stops[stops["officer_id"] == officer_id].sort_values(["day", "order"])
    for (day, shift), rows in mine.groupby(["day", "shift"], sort=False):
        event = Event()
        identity = f"{officer_id}|{day:%Y-%m-%d}|{shift}"
        event.add("uid", f"{blake2b(identity.encode(), digest_size=12).hexdigest()}@sambang")
        event.add("dtstamp", made_at.tz_convert("UTC").to_pydatetime())
        for name, seconds in (("dtstart", rows["start_s"].min()), ("dtend", rows["end_s"].max())):
            event.add(name, _local(day, int(seconds), zone))
        villages = ", ".join(dict.fromkeys(rows["village"]))
        event.add("summary", f"{len(rows)} {words['visits']} · {villages}")
        event.add("description", "\n".join(_line(row, words) for row in rows.to_dict("records")))
        event.add("url", make_map_link(rows["lon"].tolist(), rows["lat"].tolist()))
        calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def write_calendars(
    stops: pd.DataFrame, *, zone: str, made_at: pd.Timestamp, texts: Mapping[str, str] = PLAN_TEXTS
) -> dict[str, bytes]:
    """Write one calendar for each officer; parameters and errors as for :func:`write_calendar`.

    Returns
    -------
    dict
        The file by officer id, in the order of the stops.
    """
    require_stops(stops)
    return {
        officer: write_calendar(stops, officer, zone=zone, made_at=made_at, texts=texts)
        for officer in stops["officer_id"].unique()
    }


def _local(day: Any, seconds: int, zone: str) -> datetime:
    return (pd.Timestamp(day) + pd.Timedelta(seconds=seconds)).to_pydatetime().replace(tzinfo=ZoneInfo(zone))


def _line(row: dict[Hashable, Any], words: Mapping[str, str]) -> str:
    name = row["head_name"] or row["household_id"]
    quarter = f"{words['rt']} {row['rt']}/{words['rw']} {row['rw']}"
    return f"{row['order']}. {format_clock(row['start_s'])} {name}, {quarter}"
