"""What the Coverage page says and draws: figures, sentences, columns, and coverage week by week."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import altair as alt
import pandas as pd

from geo.classify import COVERAGE_COLOURS, GAP_COLOURS
from pages.text.language import (
    _,
    escape_markdown,
    format_day,
    format_list,
    format_number,
    format_percent,
    ngettext,
)
from pages.widgets.captions import N_NAMED
from pages.widgets.cards import Card, format_change, format_share_change
from pages.widgets.tables import Column

if TYPE_CHECKING:
    from pages.queries.evidence import Coverage, ReviewCounts

CoverageMeasure = Literal["reported_coverage", "evidenced_coverage", "gap"]

COLOURS = {"reported": "#8a949e", "evidenced": COVERAGE_COLOURS[3]}
_CHART_HEIGHT = 240
_DASH = {"reported": [6, 4], "evidenced": [1, 0]}
FEWEST_COMPARED = 20
"""Visits of a village below which nothing is said of where they were recorded."""
_MOST_AWAY, _OF = 0.5, 10


def list_coverage_cards(
    now: Coverage, before: Coverage | None, reviews: ReviewCounts, looks_before: int | None
) -> list[Card]:
    """Give the four figures of the page."""
    return [
        Card(
            _("Reported coverage"),
            format_percent(now.reported),
            format_share_change(now.reported, before and before.reported),
            _(
                "Reported coverage: registered households with at least one reported visit in the period, "
                "whether or not a GPS fix supports it."
            ),
        ),
        Card(
            _("Supported by GPS"),
            format_percent(now.evidenced),
            format_share_change(now.evidenced, before and before.evidenced),
            _(
                "Registered households with at least one visit in the period whose GPS fix lies at the "
                "household and that raises no question, or that a supervisor accepted."
            ),
        ),
        Card(
            _("Households never visited"),
            format_number(now.n_never),
            format_change(now.n_never, before and before.n_never),
            _("Registered households of which no visit at all is on record up to the end of the period."),
        ),
        Card(
            _("Visits that need a look"),
            format_number(reviews.n_open),
            format_change(reviews.n_open, looks_before),
            _("Visits that raise a question which no supervisor has answered yet. A question is no verdict."),
        ),
    ]


def describe_both_coverages(now: Coverage) -> str:
    """Say both coverages, which areas are behind, and where visits were recorded away from households."""
    if not now.n_households:
        return _("There are no registered households in this area yet. Import them on the Data page.")
    said = _(
        "{reported} of {n} registered households were reported visited ({share}); for {evidenced} "
        "({supported}) the GPS record supports a visit."
    ).format(
        reported=format_number(now.n_reported),
        n=format_number(now.n_households),
        share=format_percent(now.reported),
        evidenced=format_number(now.n_evidenced),
        supported=format_percent(now.evidenced),
    )
    return " ".join(filter(None, [said, _describe_behind(now.rows), describe_away(now.rows)]))


def _describe_behind(rows: pd.DataFrame) -> str:
    behind = rows.dropna(subset="evidenced_coverage").nsmallest(N_NAMED, "evidenced_coverage")
    if len(rows) <= N_NAMED or behind.empty:
        return ""
    pairs = zip(behind["village"], behind["evidenced_coverage"], strict=True)
    named = format_list([f"{escape_markdown(name)} ({format_percent(share)})" for name, share in pairs])
    return _("Furthest behind by the GPS record: {villages}.").format(villages=named)


def describe_away(rows: pd.DataFrame) -> str:
    """Say in which village most visits were recorded away from their household; silent on small numbers."""
    n_away = rows["n_compared"] - rows["n_near"]
    share = n_away / rows["n_compared"].where(rows["n_compared"] >= FEWEST_COMPARED)
    away = share[share >= _MOST_AWAY]
    if away.empty:
        return ""
    first = rows.loc[[n_away[away.index].idxmax()]]
    n, compared = int(n_away[first.index].item()), int(first["n_compared"].item())
    tenths = _OF if n == compared else n * _OF // compared
    said = _(
        "In {village} {tenths} of 10 reported visits with a location ({n} of {compared}) were recorded away "
        "from their household."
    ).format(
        village=escape_markdown(first["village"].item()),
        tenths=format_number(tenths),
        n=format_number(n),
        compared=format_number(compared),
    )
    others = len(away) - 1
    if not others:
        return said
    more = ngettext(
        "So was at least half of them in {n} other village.",
        "So were at least half of them in {n} other villages.",
        others,
    )
    return f"{said} {more.format(n=format_number(others))}"


def list_area_columns(*places: Column) -> list[Column]:
    """List the columns of a table of areas."""
    return [
        *places,
        Column("n_households", _("Registered"), "count"),
        Column("reported_coverage", _("Reported"), "percent"),
        Column("evidenced_coverage", _("Supported by GPS"), "percent"),
        Column("gap", _("Gap"), "percent", _("Reported less supported by GPS, in percentage points.")),
        Column("last_visit_at", _("Last visit"), "day", _("The last one reported in the period.")),
    ]


def make_trend_column() -> Column:
    """Give the column that draws how coverage moved."""
    said = _(
        "Share of the registered households that a supported visit reached in each twelfth of the period, "
        "from its first to its last."
    )
    return Column("trend", _("Trend"), "trend", said)


def draw_weekly_coverage(weeks: pd.DataFrame, *, cumulative: bool) -> alt.LayerChart:
    """Draw both coverages week by week: since the period began, or of each week by itself.

    Parameters
    ----------
    weeks
        As ``geo.coverage.measure_weekly_coverage`` gives, with evidence.
    cumulative
        Whether each point counts all weeks up to its own.
    """
    names = {"reported": _("Reported"), "evidenced": _("Supported by GPS")}
    parts = [
        pd.DataFrame(
            {
                "week": [format_day(start, short=True) for start in weeks.index],
                "order": range(len(weeks)),
                "kind": name,
                "value": weeks[f"{kind}_coverage" if cumulative else f"n_{kind}"].to_numpy(dtype="float64"),
                "share": weeks[f"{kind}_coverage"].map(format_percent).to_numpy(),
                "n": weeks[f"n_{kind}"].map(format_number).to_numpy(),
            }
        )
        for kind, name in names.items()
    ]
    x = alt.X("week:N", sort=alt.SortField("order"), title=None,
              axis=alt.Axis(labelAngle=0, labelOverlap=True))  # fmt: skip
    y = alt.Y("value:Q", title=None, scale=alt.Scale(domainMin=0),
              axis=alt.Axis(format="%" if cumulative else "d", tickCount=4))  # fmt: skip
    kinds = list(names.values())
    colour = alt.Color("kind:N", title=None, legend=alt.Legend(orient="top"),
                       scale=alt.Scale(domain=kinds, range=list(COLOURS.values())))  # fmt: skip
    dash = alt.StrokeDash("kind:N", legend=None, scale=alt.Scale(domain=kinds, range=list(_DASH.values())))
    tooltip = [
        alt.Tooltip("week:N", title=_("Week of")),
        alt.Tooltip("kind:N", title=_("Coverage")),
        alt.Tooltip("share:N", title=_("Since the period began")),
        alt.Tooltip("n:N", title=_("Households visited that week")),
    ]
    base = alt.Chart(pd.concat(parts), height=_CHART_HEIGHT).encode(x=x, y=y, color=colour, tooltip=tooltip)
    return base.mark_line().encode(strokeDash=dash) + base.mark_point(filled=True, size=45)


BREAKS: dict[CoverageMeasure, tuple[float, ...]] = {
    "reported_coverage": (0, 10, 25, 50, 75, 100),
    "evidenced_coverage": (0, 10, 25, 50, 75, 100),
    "gap": (0, 5, 10, 20, 40, 100),
}
"""Class breaks in percent, the same for every area and period, so that maps compare."""
PALETTES: dict[CoverageMeasure, tuple[str, ...]] = {
    "reported_coverage": COVERAGE_COLOURS,
    "evidenced_coverage": COVERAGE_COLOURS,
    "gap": GAP_COLOURS,
}
