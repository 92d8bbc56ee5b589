"""The slide of five figures against the period before and a year ago."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from pages.briefing.parts import describe_verdict
from pages.briefing.suppression import count_shown_crimes, format_count, withhold_count, withhold_share
from pages.compare.side_by_side import WHEN
from pages.queries.areas import select_villages
from pages.queries.comparisons import list_comparison_periods
from pages.queries.spans import read_spans
from pages.queries.visits import Coverage, count_visit_places, read_coverage
from pages.text.language import MISSING, N_, _, format_day, format_number, format_percent
from pages.widgets.cards import format_change, format_share_change

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

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
    spans = list_comparison_periods(connection, filters)
    crimes = {name: count_shown_crimes(connection, filters, period).total for name, period in spans.items()}
    first = read_spans(connection)["visits"].first
    visited = {name: one for name, one in spans.items() if name == "now" or (first and first <= one.since)}
    visits = {
        name: withhold_count(count_visit_places(connection, period, filters.area).n_visits)
        for name, period in visited.items()
    }
    areas = select_villages(connection, filters.area)
    covered = {name: read_coverage(connection, areas, period) for name, period in visited.items()}
    homes = _("Shares are of {n} registered households.").format(n=format_number(covered["now"].n_households))
    return FiguresContent(
        [
            _make_count(_("Recorded crimes"), crimes),
            _make_count(_("Reported visits"), visits),
            *_make_coverage_figures(covered),
        ],
        _describe_crimes(crimes),
        f"{_describe_spans(filters.period.previous(), spans)} {homes}",
    )


def _make_coverage_figures(covered: Mapping[str, Coverage]) -> list[Figure]:
    never = {name: withhold_count(one.n_never) for name, one in covered.items()}
    reported = {name: withhold_share(one, one.n_reported) for name, one in covered.items()}
    evidenced = {name: withhold_share(one, one.n_evidenced) for name, one in covered.items()}
    return [
        _make_count(_("Households never visited"), never),
        _make_share(_("Households reported visited"), reported),
        _make_share(_("Supported by GPS"), evidenced),
    ]


def _make_count(label: str, counts: Mapping[str, int | None]) -> Figure:
    return Figure(label, format_count(counts["now"]), *_format_changes(counts, format_change))


def _make_share(label: str, shares: Mapping[str, float | None]) -> Figure:
    now = shares["now"]
    value = _("few") if now is None else format_percent(now)
    return Figure(label, value, *_format_changes(shares, format_share_change))


def _format_changes(
    values: Mapping[str, _Value | None], write: Callable[[_Value, _Value], Any]
) -> tuple[str, str]:
    """Write the changes since the period before and since a year ago; a dash where one is withheld."""
    now = values["now"]

    def write_since(name: str) -> str:
        then = values.get(name)
        change = None if now is None or then is None else write(now, then)
        return MISSING if change is None else str(change)

    return write_since("before"), write_since("year")


def _describe_crimes(crimes: Mapping[str, int | None]) -> str:
    """Describe how the crimes differ from those of the period before, else from those of a year ago."""
    against = next((name for name in ("before", "year") if crimes.get(name) is not None), None)
    now = crimes["now"]
    if against is None or now is None or not now + (crimes[against] or 0):
        return ""
    verdict = describe_verdict(crimes[against] or 0, now)
    return _("Recorded crimes against {span}: {verdict}").format(
        span=_(WHEN[against]), verdict=verdict[:1].lower() + verdict[1:]
    )


def _describe_spans(before: Period, spans: Mapping[str, Period]) -> str:
    sentences = [
        _("Period before: {first} to {last}.").format(
            first=format_day(before.since), last=format_day(before.last_day)
        )
    ]
    if "year" in spans:
        year = spans["year"]
        sentences.append(
            _("A year ago: {first} to {last}.").format(
                first=format_day(year.since), last=format_day(year.last_day)
            )
        )
    return " ".join(sentences)
