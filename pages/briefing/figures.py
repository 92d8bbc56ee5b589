"""The slide of five figures against the period before and a year ago."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from pages.briefing.parts import describe_verdict, format_count
from pages.compare.side_by_side import WHEN
from pages.queries.rounded import list_rounded_periods, read_rounded_villages
from pages.queries.spans import read_spans
from pages.text.language import MISSING, N_, _, format_day, format_percent
from pages.widgets.cards import format_change, format_share_change

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

    from data.periods import Period
    from pages.queries.filters import Filters
    from pages.queries.records import Connection

TITLE = N_("How does this period compare?")

_Value = TypeVar("_Value", int, float)


class Figure(NamedTuple):
    """One large figure, and its change since the period before and since a year ago."""

    label: str
    value: str
    before: str
    year_ago: str


class FiguresContent(NamedTuple):
    """What the slide shows."""

    figures: list[Figure]
    sentence: str
    note: str


def compose_figures(connection: Connection, filters: Filters) -> FiguresContent:
    """Compose the slide of five figures against the period before and a year ago."""
    spans = list_rounded_periods(connection, filters.period)
    sums = {
        name: read_rounded_villages(connection, filters.area, period).sum(numeric_only=True)
        for name, period in spans.items()
    }
    first = read_spans(connection)["visits"].first
    visited = {
        name: sums[name] for name, one in spans.items() if name == "now" or (first and first <= one.since)
    }
    crimes = {name: int(one["n_crimes"]) for name, one in sums.items()}
    homes = _("Percentages are of {n} registered households.").format(
        n=format_count(int(sums["now"]["n_households"]))
    )
    return FiguresContent(
        [
            _make_count(_("Recorded crimes"), crimes),
            _make_count(_("Reported visits"), _take_counts(visited, "n_visits")),
            _make_count(_("Households never visited"), _take_counts(visited, "n_never")),
            _make_share(_("Households reported visited"), _take_shares(visited, "n_reported")),
            _make_share(_("Supported by GPS"), _take_shares(visited, "n_evidenced")),
        ],
        _describe_crimes(crimes),
        f"{_describe_spans(spans)} {homes}".strip(),
    )


def _take_counts(sums: Mapping[str, pd.Series], name: str) -> dict[str, int]:
    return {span: int(one[name]) for span, one in sums.items()}


def _take_shares(sums: Mapping[str, pd.Series], name: str) -> dict[str, float]:
    """Return shares of the registered households; those of a register that is rounded to 0 are left out."""
    return {span: one[name] / one["n_households"] for span, one in sums.items() if one["n_households"]}


def _make_count(label: str, counts: Mapping[str, int]) -> Figure:
    return Figure(label, format_count(counts["now"]), *_format_changes(counts, format_change))


def _make_share(label: str, shares: Mapping[str, float]) -> Figure:
    now = shares.get("now")
    return Figure(
        label,
        MISSING if now is None else format_percent(now) if now else format_count(0),
        *_format_changes(shares, format_share_change),
    )


def _format_changes(values: Mapping[str, _Value], write: Callable[[_Value, _Value], Any]) -> tuple[str, str]:
    """Write the changes since the period before and since a year ago; a dash where one is missing."""
    now = values.get("now")

    def write_since(name: str) -> str:
        then = values.get(name)
        change = None if now is None or then is None else write(now, then)
        return MISSING if change is None else str(change)

    return write_since("before"), write_since("year")


def _describe_crimes(crimes: Mapping[str, int]) -> str:
    """Describe how the crimes differ from those of the period before, else from those of a year ago.

    Silent where the record reaches back to neither, and where both are below the base of rounding.
    """
    against = next((name for name in ("before", "year") if name in crimes), None)
    if against is None or not crimes["now"] + crimes[against]:
        return ""
    verdict = describe_verdict(crimes[against], crimes["now"])
    return _("Recorded crimes compared with {span}: {verdict}").format(
        span=_(WHEN[against]), verdict=verdict[:1].lower() + verdict[1:]
    )


def _describe_spans(spans: Mapping[str, Period]) -> str:
    said = {
        "before": N_("Previous period: {first} to {last}."),
        "year": N_("A year ago: {first} to {last}."),
    }
    return " ".join(
        _(text).format(first=format_day(spans[name].since), last=format_day(spans[name].last_day))
        for name, text in said.items()
        if name in spans
    )
