"""Texts of an officer's day list: each household, its outcome, and where the list comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from data.exports.plan_rows import format_clock
from data.plans.sentences import write_reason
from geo.tiles import STATUS_SHAPES
from pages.text.language import MISSING, _, format_day, format_number, translate
from pages.text.tries import describe_tries
from pages.text.vocabulary import name_status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pages.my_area.day import DayList

_ROUND_M = 10


class HomeTexts(NamedTuple):
    """Texts about one household."""

    name: str
    where: str
    """RT and RW, the village if the list has several, and the planned time or the distance."""
    why: str
    """The reason in the plan, or the status and the last visit."""
    done: str
    """Its outcome; empty if it is still to visit."""


def describe_home(day_list: DayList, household_id: str, home: Mapping[Any, Any]) -> HomeTexts:
    """Describe a household of a day list."""
    where = [f"RT {_or_dash(home['rt'])} / RW {_or_dash(home['rw'])}"]
    if (day_list.homes["village_code"] != day_list.village).any():
        where.append(day_list.officer.villages[home["village_code"]])
    if is_planned(home):
        where.append(
            format_day(home["day"])
            if home["day"].date() != day_list.day
            else format_clock(int(home["start_s"]))
        )
    elif not pd.isna(home["distance_m"]):
        where.append(f"{format_number(round(home['distance_m'] / _ROUND_M) * _ROUND_M)} m")
    why = _describe_why(day_list, household_id, home)
    return HomeTexts(_or_dash(home["head_name"]), " · ".join(where), why, describe_done(home))


def is_planned(home: Mapping[Any, Any]) -> bool:
    """Return whether a household of a day list is a stop of the plan."""
    return not pd.isna(home.get("start_s"))


def write_map_address(home: Mapping[Any, Any]) -> str:
    """Write the address that opens the phone's map app, or an empty text without a point."""
    if pd.isna(home["lon"]):
        return ""
    at = f"{home['lat']:.6f},{home['lon']:.6f}"
    return f"geo:{at}?q={at}"


def describe_day_list(day_list: DayList) -> str:
    """Describe where the list comes from, and on a day without stops when the next stops are."""
    if not day_list.week.is_published:
        return _(
            "No plan has been published for this week: these are the due and never-visited "
            "households nearest to the middle of the village."
        )
    if len(day_list.homes):
        return _("From this week's published plan, in the planned order.")
    if day_list.next_on is None:
        return _("The published plan has no visits today, and none on a later day yet.")
    return _("The published plan has no visits today. The next one is on {day}.").format(
        day=format_day(day_list.next_on)
    )


def describe_more_homes(day_list: DayList) -> str:
    """Describe the households beyond the list."""
    n, n_left = len(day_list.more), int(day_list.more.get("start_s", pd.Series(dtype=float)).notna().sum())
    if not n_left:
        return _("More households nearby: {n}").format(n=format_number(n))
    return _("Left from earlier days: {left}; nearby: {n}").format(
        left=format_number(n_left), n=format_number(n - n_left)
    )


def _describe_why(day_list: DayList, household_id: str, home: Mapping[Any, Any]) -> str:
    shape = STATUS_SHAPES[home["status"]]
    if is_planned(home):
        week = day_list.week
        must = household_id in week.must
        reason = write_reason(home, write=translate, counting=week.counting, must=must, short=True)
        return f"{shape} {reason}"
    last = home["last_visit_at"]
    said = [name_status(home["status"]), "" if pd.isna(last) else format_day(last)]
    said.append(describe_tries(home["n_attempts"], home["attempt"]))
    return f"{shape} {', '.join(filter(None, said))}"


def describe_done(home: Mapping[Any, Any]) -> str:
    """Describe what closed a household, a visit or an attempt; empty if it is still to visit."""
    if not home["outcome"]:
        return ""
    outcomes = {
        "met": _("Met"), "absent": _("Not at home"), "refused": _("Refused"), "moved": _("Moved away"),
    }  # fmt: skip
    told = outcomes.get(home["outcome"], _("Visited"))
    more = [] if pd.isna(home["closed_on"]) else [format_day(home["closed_on"])]
    more += [_("by another officer")] if home["by_other"] else []
    return ", ".join([f"✓ {told}", *more])


def _or_dash(value: Any) -> str:
    return MISSING if pd.isna(value) else str(value)
