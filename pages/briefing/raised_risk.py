"""The slide of the villages in which the risk of a near repeat is raised."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from geo.errors import TooFewError
from geo.suppression import DEFAULT_THRESHOLD
from pages.briefing.parts import KeyEntry, ListedVillage, Picture, draw_picture
from pages.queries.areas import select_villages
from pages.queries.crime_methods import CrimeSelection
from pages.queries.crime_times import find_raised_risk, find_repeat_period
from pages.queries.crimes import list_categories
from pages.text.language import N_, _, format_day, format_number, ngettext
from pages.text.vocabulary import name_category

if TYPE_CHECKING:
    from pages.queries.filters import Filters
    from pages.queries.records import Connection

TITLE = N_("Where is the risk raised now?")
RAISED = "#d95f02"
QUIET = "#e8eaed"
N_RAISED = 4


class RaisedRiskContent(NamedTuple):
    """What the slide shows."""

    picture: Picture
    key: list[KeyEntry]
    sentence: str
    villages: list[ListedVillage]
    note: str


def compose_raised_risk(connection: Connection, filters: Filters) -> RaisedRiskContent:
    """Compose the slide of the villages in which the risk of a near repeat is raised at the period's end.

    Raises
    ------
    TooFewError
        If there is no crime on record.
    """
    held = _count_by_village(connection, filters)
    many = held[held["n_crimes"] >= DEFAULT_THRESHOLD].sort_values("n_crimes", ascending=False, kind="stable")
    areas = select_villages(connection, filters.area)
    colours = pd.Series(QUIET, index=areas.index)
    colours[areas.index.isin(many.index)] = RAISED
    first = many.head(N_RAISED)
    marks = {str(code): str(place) for place, code in enumerate(first.index, start=1)}
    year = find_repeat_period(connection, CrimeSelection.of(filters))
    note = _(
        "Based on near repeats from {since} to {day}. Villages with fewer than {n} recent crimes are "
        "not shown."
    ).format(
        since=format_day(year.since),
        day=format_day(year.last_day),
        n=format_number(DEFAULT_THRESHOLD),
    )
    return RaisedRiskContent(
        draw_picture(areas, colours, _(TITLE), marks),
        [KeyEntry(RAISED, _("raised risk")), KeyEntry(QUIET, _("none, or too few to show"))],
        _describe_number(len(many)),
        [
            ListedVillage(
                marks[str(code)],
                str(areas["village"].loc[code]),
                _("{kind}; until {day}").format(
                    kind=name_category(row["kind"]), day=format_day(row["until_at"], short=True)
                ),
            )
            for code, row in zip(first.index, first.to_dict("records"), strict=True)
        ],
        note,
    )


def _describe_number(n_villages: int) -> str:
    if not n_villages:
        return _("No village has enough recent crimes to show a raised risk.")
    return ngettext(
        "In {n} village another crime is now more likely than usual.",
        "In {n} villages another crime is now more likely than usual.",
        n_villages,
    ).format(n=format_number(n_villages))


def _count_by_village(connection: Connection, filters: Filters) -> pd.DataFrame:
    """Count the crimes that raise the risk, with their most frequent kind and when the last risk ends."""
    kinds = filters.categories or tuple(list_categories(connection))
    if not kinds:
        raise TooFewError("No crimes are recorded.")
    rows = pd.concat([_find_of_kind(connection, filters, kind) for kind in kinds], ignore_index=True)
    held = rows.groupby("village_code").agg(n_crimes=("n_crimes", "sum"), until_at=("until_at", "max"))
    most = rows.groupby(["village_code", "kind"])["n_crimes"].sum().sort_values(kind="stable")
    return held.assign(kind=most.reset_index("kind")["kind"].groupby("village_code").last())


def _find_of_kind(connection: Connection, filters: Filters, kind: str) -> pd.DataFrame:
    columns = ["village_code", "n_crimes", "until_at"]
    try:
        found = find_raised_risk(connection, CrimeSelection.of(replace(filters, categories=(kind,))))
    except TooFewError:
        return pd.DataFrame(columns=[*columns, "kind"])
    inside = found.reindex(columns=columns)
    inside = inside[inside["village_code"].isin(select_villages(connection, filters.area).index)]
    return pd.DataFrame(inside).assign(kind=kind)
