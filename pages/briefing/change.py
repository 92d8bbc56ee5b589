"""The slide of the villages in which crime has changed beyond chance."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from geo.errors import TooFewError
from pages.briefing.parts import (
    KeyEntry,
    ListedVillage,
    Picture,
    describe_verdict,
    draw_picture,
    format_count,
)
from pages.compare.change import KINDS, classify_change
from pages.compare.side_by_side import WHEN
from pages.queries.areas import select_villages
from pages.queries.comparisons import compare_rounded_villages
from pages.queries.rounded import list_rounded_periods, read_rounded_villages
from pages.text.language import N_, _

if TYPE_CHECKING:
    import pandas as pd

    from pages.queries.filters import Filters
    from pages.queries.records import Connection

TITLE = N_("Where has crime changed?")
N_CHANGED = 4


class ChangeContent(NamedTuple):
    """What the slide shows."""

    picture: Picture
    sentence: str
    villages: list[ListedVillage]
    key: list[KeyEntry]


def compose_change(connection: Connection, filters: Filters) -> ChangeContent:
    """Compose the slide of changes against a year ago, else against the period before.

    Raises
    ------
    TooFewError
        If the data reach back to neither.
    """
    spans = list_rounded_periods(connection, filters.period)
    against = next((name for name in ("year", "before") if name in spans), None)
    if against is None:
        raise TooFewError("The crime records don't go back to an earlier period.")
    then, now = (read_rounded_villages(connection, filters.area, spans[name]) for name in (against, "now"))
    found = compare_rounded_villages(then, now)
    kinds = classify_change(found)
    colours = kinds.map(dict(enumerate(colour for _text, colour in KINDS)))
    span = _("compared with {span}").format(span=_(WHEN[against]))
    return ChangeContent(
        draw_picture(select_villages(connection, filters.area), colours, _(TITLE)),
        f"{span[:1].upper()}{span[1:]}: {_describe_total(then, now)}",
        _list_villages(found, then, now),
        [KeyEntry(colour, _(text)) for kind, (text, colour) in enumerate(KINDS) if (kinds == kind).any()],
    )


def _list_villages(found: pd.DataFrame, then: pd.DataFrame, now: pd.DataFrame) -> list[ListedVillage]:
    sure = found[found["verdict"].isin(["more", "fewer"])].sort_values("p", kind="stable").head(N_CHANGED)
    counts = zip(then["n_crimes"].loc[sure.index], now["n_crimes"].loc[sure.index], strict=True)
    return [
        ListedVillage(
            "▲" if row["verdict"] == "more" else "▼", str(row["village"]), _describe_counts(before, after)
        )
        for row, (before, after) in zip(sure.to_dict("records"), counts, strict=True)
    ]


def _describe_total(then: pd.DataFrame, now: pd.DataFrame) -> str:
    before, after = (int(rows["n_crimes"].sum()) for rows in (then, now))
    return f"{_describe_counts(before, after)} {describe_verdict(before, after)}"


def _describe_counts(before: int, after: int) -> str:
    return _("{before} crimes before, {after} now.").format(
        before=format_count(before), after=format_count(after)
    )
