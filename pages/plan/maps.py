"""Map and list of a plan's routes, of one officer or one day, or of all if a page can show them."""

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

_DECIMALS = 5  # of degrees: 1 m
MOST_ON_MAP = 1_000
"""Stops that a page shows at once, about 25 officers' weeks: beyond that, an officer or a day is chosen."""


def select_stops(
    stops: pd.DataFrame, *, day: pd.Timestamp | None = None, officer_id: str = ""
) -> pd.DataFrame:
    """Select the stops of a day and of an officer; all stops by default."""
    chosen = pd.Series(data=True, index=stops.index)
    if day is not None:
        chosen &= stops["day"] == day
    if officer_id:
        chosen &= stops["officer_id"] == officer_id
    return stops[chosen]


def list_stop_choices(
    stops: pd.DataFrame, officers: Mapping[str, str], day: pd.Timestamp | None
) -> dict[str, str]:
    """List the officers whose stops can be shown; all of them together only if there are few enough stops."""
    of_day = select_stops(stops, day=day)
    everyone = {"": _("All officers")} if len(of_day) <= MOST_ON_MAP and len(officers) > 1 else {}
    return everyone | dict(officers)


def describe_stops(stops: pd.DataFrame, request: WeekRequest) -> pd.DataFrame:
    """Describe stops in words for the map and the list.

    Parameters
    ----------
    stops
        Like ``data.plans.BuiltPlan.stops``, at most ``MOST_ON_MAP``.
    request
        The request for which the plan was made.

    Returns
    -------
    pandas.DataFrame
        The stops with the columns ``time``, ``home``, ``place``, ``why`` and ``is_locked``.
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
    """Draw routes, one colour per day.

    Parameters
    ----------
    connection
        Database connection for the villages.
    said
        Stops as returned by ``describe_stops``.
    officers
        ``villages``, ``lon`` and ``lat`` of the post by officer id.
    names
        Officers' names by id.
    title
        Title of the legend.
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
        add_routes(map_, *_place_starts(marks, said, shown, names), days)
    unit = ngettext("{n} visit", "{n} visits", len(said)).format(n=format_number(len(said)))
    styles = days.values()
    return add_legend(
        map_, Heading(title, unit), [style.colour for style in styles], [style.name for style in styles]
    )


def _place_starts(
    marks: pd.DataFrame, said: pd.DataFrame, officers: pd.DataFrame, names: Mapping[str, str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the stops and the posts of their days, of which an officer may have several."""
    own = officers[["lon", "lat"]].reindex(said["officer_id"]).set_axis(said.index)
    lon, lat = said["post_lon"].fillna(own["lon"]), said["post_lat"].fillna(own["lat"])
    place = lon.round(_DECIMALS).astype("str") + " " + lat.round(_DECIMALS).astype("str")
    marks = marks.assign(officer_id=said["officer_id"] + " " + place)
    label = said["officer_id"].map(names).fillna(said["officer_id"])
    posts = pd.DataFrame({"lon": lon, "lat": lat, "label": label}).set_axis(marks["officer_id"])
    return marks, posts[~posts.index.duplicated()]


def style_days(stops: pd.DataFrame) -> dict[pd.Timestamp, DayStyle]:
    """Return the colour and the name of each day of stops, by its day of the week."""
    return {
        day: DayStyle(DAY_COLOURS[day.weekday()], format_weekday(day))
        for day in sorted(stops["day"].unique())
    }


def _label(said: pd.DataFrame) -> pd.Series:
    number_of = said["order"].astype("str") + ". " + said["home"]
    return number_of + " · " + said["time"] + " · " + said["place"] + " · " + said["why"]
