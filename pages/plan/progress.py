"""Progress and versions of published plans as figures and tables, without display."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from data.plans import STOP_STATES
from geo.areas import are_in_area
from pages.text.language import MISSING, N_, _, format_day, format_number, format_percent, format_time
from pages.text.vocabulary import name_value
from pages.widgets.cards import Card

if TYPE_CHECKING:
    from collections.abc import Mapping

STATE_NAMES = {
    "done": N_("Done"),
    "tried": N_("Tried"),
    "open": N_("Open"),
    "missed": N_("Not done"),
}
"""Names of the outcomes of a stop."""
CHANGE_NAMES = {"added": N_("added"), "dropped": N_("removed"), "moved": N_("moved")}


class Progress(NamedTuple):
    """Outcome of a week's plan."""

    n_planned: int
    counts: dict[str, int]
    n_elsewhere: int

    @property
    def share(self) -> float:
        """Visits done as a share of visits planned; NaN if none are planned."""
        return self.counts["done"] / self.n_planned if self.n_planned else np.nan


def select_area(rows: pd.DataFrame, area: str) -> pd.DataFrame:
    """Select the rows whose ``village_code`` is in an area; all rows for the empty code."""
    return rows[are_in_area(rows["village_code"], area)]


def measure_progress(followed: pd.DataFrame, elsewhere: pd.DataFrame) -> Progress:
    """Count the outcomes of stops, and the unplanned visits.

    Parameters
    ----------
    followed, elsewhere
        As returned by ``data.plans.follow_plan`` and ``data.plans.list_unplanned_visits``.
    """
    counts = followed["state"].value_counts()
    return Progress(len(followed), {name: int(counts.get(name, 0)) for name in STOP_STATES}, len(elsewhere))


def list_progress_cards(now: Progress) -> list[Card]:
    """Return cards with the outcome of a week's plan."""
    done = _("{share} of {n}").format(share=format_percent(now.share), n=format_number(now.n_planned))
    return [
        Card(_("Planned"), format_number(now.n_planned)),
        Card(
            _("Done"),
            format_number(now.counts["done"]),
            done,
            _("Somebody was met, on any day of the week."),
        ),
        Card(
            _("Tried"),
            format_number(now.counts["tried"]),
            help=_("Nobody was met: not at home, refused or moved. An attempt is not a visit."),
        ),
        Card(_("Open"), format_number(now.counts["open"]), help=_("The planned day is today or later.")),
        Card(
            _("Not done"),
            format_number(now.counts["missed"]),
            help=_("The planned day has passed without a visit."),
        ),
        Card(
            _("Unplanned visits"),
            format_number(now.n_elsewhere),
            help=_("Visits by the week's officers to households that were not in the plan."),
        ),
    ]


def describe_week_before(n_done: int, n_planned: int) -> str:
    """Describe the outcome of the previous week; empty if nothing was planned."""
    if not n_planned:
        return ""
    return _("Previous week: {done} of {n} planned visits were done ({share}).").format(
        done=format_number(n_done), n=format_number(n_planned), share=format_percent(n_done / n_planned)
    )


def tabulate_progress(
    followed: pd.DataFrame, elsewhere: pd.DataFrame, officers: list[str], names: Mapping[str, str]
) -> pd.DataFrame:
    """Count the outcomes of the plan by officer.

    Parameters
    ----------
    followed, elsewhere
        As for :func:`measure_progress`.
    officers
        All officers who have a plan in the week, with or without stops.
    names
        Officers' names by number.

    Returns
    -------
    pandas.DataFrame
        By officer number: ``name``, ``planned``, the states, ``elsewhere``, and ``share`` done (0 to 1).
    """
    index = pd.Index(officers, dtype="str", name="officer_id")
    counts = pd.crosstab(followed["officer_id"], followed["state"])
    rows = counts.reindex(index=index, columns=list(STOP_STATES), fill_value=0)
    rows.insert(0, "name", [names.get(key, key) for key in index])
    rows["planned"] = followed["officer_id"].value_counts().reindex(index, fill_value=0)
    rows["elsewhere"] = elsewhere["officer_id"].value_counts().reindex(index, fill_value=0)
    rows["share"] = rows["done"] / rows["planned"].where(rows["planned"] > 0)
    return rows


def describe_progress(followed: pd.DataFrame, heads: pd.Series) -> pd.DataFrame:
    """Describe the outcome of each stop of an officer.

    Parameters
    ----------
    followed
        Stops of one officer, as for :func:`measure_progress`.
    heads
        Head's name by household number.
    """
    return followed.assign(
        head=heads.reindex(followed["household_id"]).fillna(MISSING).array,
        said=[_(STATE_NAMES[state]) for state in followed["state"]],
        when=[MISSING if pd.isna(at) else format_time(at) for at in followed["visited_at"]],
        note=[
            _describe_note(row)
            for row in followed[["state", "outcome", "on_day", "by_other", "visited_at"]].to_dict("records")
        ],
    )


def _describe_note(row: Mapping[Any, Any]) -> str:
    said = [name_value(row["outcome"])] if row["state"] == "tried" and isinstance(row["outcome"], str) else []
    said += [_("by another officer")] if row["by_other"] else []
    said += [_("on another day")] if not pd.isna(row["visited_at"]) and not row["on_day"] else []
    return ", ".join(said)


def describe_changes(changes: pd.DataFrame, heads: pd.Series, names: Mapping[str, str]) -> pd.DataFrame:
    """Describe what a version changed: the household, the change, and the place before and after it.

    Parameters
    ----------
    changes
        As returned by ``data.plans.read_plan_changes``.
    heads, names
        Heads' names by household number, and officers' names by officer number.
    """
    return pd.DataFrame(
        {
            "head": heads.reindex(changes.index).fillna(MISSING),
            "said": [_(CHANGE_NAMES[change]) for change in changes["change"]],
            "before": _describe_place(changes["officer_before"], changes["day_before"], names),
            "after": _describe_place(changes["officer_after"], changes["day_after"], names),
        },
        index=changes.index,
    )


def _describe_place(officers: pd.Series, days: pd.Series, names: Mapping[str, str]) -> list[str]:
    return [
        MISSING
        if pd.isna(moment)
        else f"{format_day(pd.Timestamp(moment), short=True)} · {names.get(officer, officer)}"
        for officer, moment in zip(officers, days, strict=True)
    ]
