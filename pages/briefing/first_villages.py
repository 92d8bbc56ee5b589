"""The slide of crime against coverage, with the villages that need a visit most."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from geo.classify import BIVARIATE_COLOURS
from geo.suppression import DEFAULT_THRESHOLD
from pages.briefing.parts import ListedVillage, Picture, draw_picture
from pages.briefing.suppression import withhold_by_village
from pages.compare.crime_and_coverage import (
    COLOURS,
    describe_crime_and_coverage,
    rank_crime_and_coverage,
)
from pages.queries.areas import select_villages
from pages.queries.priorities import list_top_priorities
from pages.text.language import N_, _, format_number, format_percent, ngettext

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
    ranked = rank_crime_and_coverage(connection, filters, areas)
    first = list_top_priorities(ranked, N_NAMED).first
    marks = {facts.area: str(place) for place, facts in enumerate(first, start=1)}
    colours = ranked["both"].map(dict(enumerate(COLOURS)))
    note = _(
        "Colours: thirds of the villages, by reported crime per household and by coverage. Covered "
        "means a visit supported by GPS. Counts below {n} are withheld."
    ).format(n=format_number(DEFAULT_THRESHOLD))
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
    crimes = withhold_by_village(ranked["n_crimes"])
    met = (ranked["n_households"] * ranked["evidenced_coverage"]).round().fillna(0)
    covered = withhold_by_village(met, whole=ranked["n_households"])
    return [
        ListedVillage(
            marks[facts.area],
            str(ranked["village"].loc[facts.area]),
            f"{_describe_crimes(crimes.get(facts.area))}, "
            f"{_describe_coverage(covered.get(facts.area), facts.n_households)}",
        )
        for facts in first
    ]


def _describe_crimes(n: int | None) -> str:
    if n is None:
        return _("few reported crimes")
    return ngettext("{n} reported crime", "{n} reported crimes", n).format(n=format_number(n))


def _describe_coverage(n_met: int | None, n_households: int) -> str:
    if n_met is None:
        return _("few households covered")
    return _("{share} of {n} households covered").format(
        share=format_percent(n_met / n_households), n=format_number(n_households)
    )
