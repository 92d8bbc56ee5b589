"""The map and the list of a plan's routes: one officer's, or one day's, as many as a page can carry."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from data.exports.plan_rows import format_clock
from data.plans.sentences import write_reasons
from geo.maps import (
    DAY_COLOURS,
    DayStyle,
    Heading,
    MapTexts,
    OfflineMap,
    add_boundaries,
    add_legend,
    add_routes,
)
from pages.queries.areas import select_villages
from pages.text.language import MISSING, _, format_number, format_weekday, ngettext, translate
from pages.widgets.maps import start_map

if TYPE_CHECKING:
    from collections.abc import Mapping

    from data.plans import WeekRequest
    from pages.queries.records import Connection

MOST_ON_MAP = 1_000
"""Stops that a page shows at once, some 25 officers' weeks: beyond, one officer or one day is chosen."""


def select_stops(
    stops: pd.DataFrame, *, day: pd.Timestamp | None = None, officer_id: str = ""
) -> pd.DataFrame:
    """Take the stops of a day and of an officer; all without."""
    chosen = pd.Series(data=True, index=stops.index)
    if day is not None:
        chosen &= stops["day"] == day
    if officer_id:
        chosen &= stops["officer_id"] == officer_id
    return stops[chosen]


def list_stop_choices(
    stops: pd.DataFrame, officers: Mapping[str, str], day: pd.Timestamp | None
) -> dict[str, str]:
    """List whose stops can be shown: everybody's only where they are few enough."""
    of_day = select_stops(stops, day=day)
    everyone = {"": _("All officers")} if len(of_day) <= MOST_ON_MAP and len(officers) > 1 else {}
    return everyone | dict(officers)


def describe_stops(stops: pd.DataFrame, request: WeekRequest) -> pd.DataFrame:
    """Put stops into words for map and list.

    Parameters
    ----------
    stops
        As ``data.plans.BuiltPlan.stops``, at most ``MOST_ON_MAP``.
    request
        What the plan was made for.

    Returns
    -------
    pandas.DataFrame
        The same with ``time``, ``home``, ``place``, ``why`` and ``is_locked``.
    """
    why = write_reasons(stops, write=translate, counting=request.counting, must=request.must)
    rt_rw = [f"{rt or MISSING}/{rw or MISSING}" for rt, rw in zip(stops["rt"], stops["rw"], strict=True)]
    return stops.assign(
        time=[format_clock(int(seconds)) for seconds in stops["start_s"]],
        home=stops["head_name"].where(stops["head_name"] != "", MISSING),
        place=rt_rw,
        why=why.array,
        is_locked=stops["household_id"].isin(list(request.locks)),
    )


def draw_plan_map(
    connection: Connection,
    said: pd.DataFrame,
    officers: pd.DataFrame,
    names: Mapping[str, str],
    *,
    title: str,
) -> OfflineMap:
    """Draw routes, a colour a day.

    Parameters
    ----------
    connection
        Where the villages are from.
    said
        As ``describe_stops`` gives them.
    officers
        ``villages``, ``lon`` and ``lat`` of the post by officer id.
    names
        Of the officers.
    title
        Over the legend.
    """
    shown = officers[officers.index.isin(said["officer_id"])]
    codes = set(" ".join((shown if len(shown) else officers)["villages"]).split())
    every = select_villages(connection, "")
    areas = every[every.index.isin(codes)]
    map_ = start_map(areas, texts=MapTexts(zoom_in=_("Zoom in"), zoom_out=_("Zoom out")))
    add_boundaries(map_, areas)
    days = style_days(said)
    if len(said):
        marks = said[["officer_id", "day", "shift", "order", "lon", "lat"]].assign(
            label=_label(said), id=said["household_id"]
        )
        posts = shown[["lon", "lat"]].assign(label=[names.get(key, key) for key in shown.index])
        add_routes(map_, marks, posts, days)
    unit = ngettext("{n} visit", "{n} visits", len(said)).format(n=format_number(len(said)))
    styles = days.values()
    return add_legend(
        map_, Heading(title, unit), [style.colour for style in styles], [style.name for style in styles]
    )


def style_days(stops: pd.DataFrame) -> dict[pd.Timestamp, DayStyle]:
    """Give each day of stops its colour, that of its day of the week, and its name."""
    return {
        day: DayStyle(DAY_COLOURS[day.weekday()], format_weekday(day))
        for day in sorted(stops["day"].unique())
    }


def _label(said: pd.DataFrame) -> pd.Series:
    number_of = said["order"].astype("str") + ". " + said["home"]
    return number_of + " · " + said["time"] + " · " + said["place"] + " · " + said["why"]
