"""The slide of crime against coverage, with the villages that need a visit most."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from geo.classify import BIVARIATE_COLOURS
from pages.briefing.parts import ListedVillage, Picture, draw_picture, format_count
from pages.compare.crime_and_coverage import (
    COLOURS,
    classify_ranked_villages,
    describe_crime_and_coverage,
)
from pages.queries.areas import select_villages
from pages.queries.priorities import list_top_priorities, rank_rounded_villages
from pages.queries.rounded import read_rounded_villages
from pages.text.language import N_, _, format_percent, ngettext

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from geo.priority import PriorityFacts
    from pages.queries.filters import Filters
    from pages.queries.records import Connection

TITLE = N_("Where is crime high but coverage low?")
N_NAMED = 5


class FirstVillagesContent(NamedTuple):
    """What the slide shows; the sentence stands in for the villages where there are none to list."""

    picture: Picture
    colours: Sequence[Sequence[str]]
    villages: list[ListedVillage]
    sentence: str
    note: str


def compose_first_villages(connection: Connection, filters: Filters) -> FirstVillagesContent:
    """Compose the slide of crime against coverage, with the villages that need a visit most.

    Raises
    ------
    TooFewError
        If there are too few villages or no crime.
    """
    areas = select_villages(connection, filters.area)
    rows = read_rounded_villages(connection, filters.area, filters.period)
    ranked = classify_ranked_villages(rank_rounded_villages(rows))
    first = list_top_priorities(ranked, N_NAMED).first
    marks = {facts.area: str(place) for place, facts in enumerate(first, start=1)}
    colours = ranked["both"].map(dict(enumerate(COLOURS)))
    note = _(
        "Colours: thirds of the villages, by reported crime per household and by coverage. Covered "
        "means a visit supported by GPS."
    )
    return FirstVillagesContent(
        draw_picture(areas, colours, _(TITLE), marks),
        BIVARIATE_COLOURS,
        _list_villages(ranked, first, marks),
        describe_crime_and_coverage(ranked),
        note,
    )


def _list_villages(
    ranked: pd.DataFrame, first: Sequence[PriorityFacts], marks: Mapping[str, str]
) -> list[ListedVillage]:
    return [
        ListedVillage(
            marks[facts.area],
            str(ranked["village"].loc[facts.area]),
            f"{_describe_crimes(facts.n_crimes)}, {_describe_coverage(facts)}",
        )
        for facts in first
    ]


def _describe_crimes(n: int) -> str:
    return ngettext("{n} reported crime", "{n} reported crimes", n).format(n=format_count(n))


def _describe_coverage(facts: PriorityFacts) -> str:
    """Describe coverage as a share, or as a count where it is rounded to 0."""
    if not facts.coverage:
        return _("{count} of {n} households covered").format(
            count=format_count(0), n=format_count(facts.n_households)
        )
    return _("{share} of {n} households covered").format(
        share=format_percent(facts.coverage), n=format_count(facts.n_households)
    )
