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
from pages.queries.rounded import read_rounded_villages
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
    rounded = read_rounded_villages(connection, filters.area, filters.period)["n_crimes"]
    # Both the true and the rounded record must have enough, so that one fits the other; the order is of the
    # rounded one.
    rounded = rounded[rounded >= DEFAULT_THRESHOLD].sort_values(ascending=False, kind="stable")
    enough = held.index[held["n_crimes"] >= DEFAULT_THRESHOLD]
    many = held.reindex(rounded.index[rounded.index.isin(enough)])
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
                _describe_kind(row["kind"]),
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


def _describe_kind(kind: str | None) -> str:
    """Name the kind of crime that raises the risk, if one alone is not too few."""
    return _("several kinds of crime") if pd.isna(kind) else name_category(str(kind))


def _count_by_village(connection: Connection, filters: Filters) -> pd.DataFrame:
    """Count the crimes that raise the risk, with the kind of which there are most, if that is not too few."""
    kinds = filters.categories or tuple(list_categories(connection))
    if not kinds:
        raise TooFewError("No crimes are recorded.")
    rows = pd.concat([_find_of_kind(connection, filters, kind) for kind in kinds], ignore_index=True)
    held = rows.groupby("village_code").agg(n_crimes=("n_crimes", "sum"))
    most = rows.groupby(["village_code", "kind"])["n_crimes"].sum().sort_values(kind="stable")
    most = most[most >= DEFAULT_THRESHOLD]
    return held.assign(kind=most.reset_index("kind")["kind"].groupby("village_code").last())


def _find_of_kind(connection: Connection, filters: Filters, kind: str) -> pd.DataFrame:
    columns = ["village_code", "n_crimes"]
    try:
        found = find_raised_risk(connection, CrimeSelection.of(replace(filters, categories=(kind,))))
    except TooFewError:
        return pd.DataFrame(columns=[*columns, "kind"])
    inside = found.reindex(columns=columns)
    inside = inside[inside["village_code"].isin(select_villages(connection, filters.area).index)]
    return pd.DataFrame(inside).assign(kind=kind)
