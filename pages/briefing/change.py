"""The slide of the villages in which crime has changed beyond chance."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from geo.errors import TooFewError
from pages.briefing.parts import KeyEntry, ListedVillage, Picture, describe_verdict, draw_picture
from pages.briefing.suppression import count_shown_crimes, format_count
from pages.compare.change import KINDS, classify_change
from pages.compare.side_by_side import WHEN
from pages.queries.areas import select_villages
from pages.queries.comparisons import compare_areas, list_comparison_periods
from pages.text.language import N_, _, format_number

if TYPE_CHECKING:
    import pandas as pd

    from pages.briefing.suppression import ShownCounts
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
    spans = list_comparison_periods(connection, filters)
    against = next((name for name in ("year", "before") if name in spans), None)
    if against is None:
        raise TooFewError("The crime records don't go back to an earlier period.")
    found = compare_areas(connection, filters, spans[against], "village")
    kinds = classify_change(found)
    colours = kinds.map(dict(enumerate(colour for _text, colour in KINDS)))
    then = count_shown_crimes(connection, filters, spans[against])
    now = count_shown_crimes(connection, filters)
    span = _("compared with {span}").format(span=_(WHEN[against]))
    return ChangeContent(
        draw_picture(select_villages(connection, filters.area), colours, _(TITLE)),
        f"{span[:1].upper()}{span[1:]}: {_describe_total(then.total, now.total)}",
        _list_villages(found, then, now),
        [KeyEntry(colour, _(text)) for kind, (text, colour) in enumerate(KINDS) if (kinds == kind).any()],
    )


def _list_villages(found: pd.DataFrame, then: ShownCounts, now: ShownCounts) -> list[ListedVillage]:
    sure = found[found["verdict"].isin(["more", "fewer"])].sort_values("p", kind="stable").head(N_CHANGED)
    return [
        ListedVillage(
            "▲" if row["verdict"] == "more" else "▼",
            str(row["village"]),
            _("{before} crimes before, {after} now.").format(
                before=format_count(then.get("village_code", code)),
                after=format_count(now.get("village_code", code)),
            ),
        )
        for code, row in zip(sure.index, sure.to_dict("records"), strict=True)
    ]


def _describe_total(then: int | None, now: int | None) -> str:
    if then is None or now is None:
        return ""
    counted = _("{before} crimes before, {after} now.").format(
        before=format_number(then), after=format_number(now)
    )
    return f"{counted} {describe_verdict(then, now)}"
