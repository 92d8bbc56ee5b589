"""The slides of the shared screen: aggregates only, small counts withheld, no name of a person."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from data.settings import get_settings
from geo.errors import TooFewError
from geo.maps import draw_svg
from geo.suppression import DEFAULT_THRESHOLD
from pages.briefing.slide_html import (
    Figure,
    Slide,
    render_beside,
    render_figures,
    render_key,
    render_list,
    render_paragraph,
    render_picture,
    render_slide,
    render_square,
)
from pages.briefing.suppression import (
    ShownCounts,
    format_count,
    withhold_by_village,
    withhold_count,
    withhold_share,
)
from pages.compare.change import KINDS, classify_change
from pages.compare.crime_and_coverage import (
    COLOURS,
    describe_crime_and_coverage,
    rank_crime_and_coverage,
)
from pages.compare.side_by_side import WHEN
from pages.queries.areas import name_heading, select_villages
from pages.queries.comparisons import compare_areas, compare_counts, list_comparison_periods
from pages.queries.crime_methods import CrimeSelection, find_raised_risk, list_cautions
from pages.queries.crimes import list_categories
from pages.queries.evidence import load_assessment
from pages.queries.priorities import list_top_priorities
from pages.queries.records import CACHE_TTL, hash_by_version
from pages.queries.spans import read_spans
from pages.queries.visits import count_visit_places, read_coverage
from pages.text.language import (
    N_,
    _,
    format_day,
    format_number,
    format_percent,
    get_language,
    ngettext,
    translate,
)
from pages.text.vocabulary import name_category
from pages.widgets.cards import format_change, format_share_change

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd

    from data.periods import Period
    from pages.queries.filters import Filters
    from pages.queries.records import Connection

TITLES = (
    N_("How does this period compare?"),
    N_("Where is crime high but coverage low?"),
    N_("Where has crime changed?"),
    N_("Where is the risk raised now?"),
)
_VERDICTS = {
    "more": N_("Clearly more."),
    "fewer": N_("Clearly fewer."),
    "same": N_("As many as before."),
    "unclear": N_("The difference is within what chance gives."),
}
RAISED = "#d95f02"
QUIET = "#e8eaed"
N_NAMED, N_CHANGED, N_RAISED = 5, 4, 4


def write_slide(connection: Connection, filters: Filters, place: int) -> str:
    """Write one slide as HTML; where there is too little, it says so."""
    load_assessment(connection)  # what is new is judged once, with a word that it takes a moment
    return _written(connection, filters, place, get_language())


@st.cache_data(
    max_entries=64,
    ttl=CACHE_TTL,
    show_spinner=False,
    hash_funcs=hash_by_version("visits", "households", "boundaries", "crimes", "decisions"),
)
def _written(connection: Connection, filters: Filters, place: int, language: str) -> str:
    makers = (write_figures_slide, write_both_slide, write_change_slide, write_repeats_slide)
    if makers[place] in (write_both_slide, write_change_slide):
        longer = replace(filters, period=_long_enough(filters.period))
        reaches_back = len(list_comparison_periods(connection, longer)) > 1
        filters = longer if reaches_back or makers[place] is write_both_slide else filters
    try:
        body = makers[place](connection, filters)
    except TooFewError as error:
        body = render_paragraph(translate(error))
    span = _("{first} to {last}").format(
        first=format_day(filters.period.since, short=True), last=format_day(filters.period.last_day)
    )
    where = f"{name_heading(connection, filters.area)} · {span}"
    return render_slide(Slide(_(TITLES[place]), where, body, _doubt(connection, filters)), language)


def _doubt(connection: Connection, filters: Filters) -> str:
    """Say what makes the slide's figures say less than they seem to; silent where the crimes are few."""
    doubts = list_cautions(connection, CrimeSelection.of(filters))
    return " ".join(translate(one) for one in doubts if one.values["n"] >= DEFAULT_THRESHOLD)  # noqa: PD011 - a phrase, no frame


def _long_enough(period: Period) -> Period:
    """Give at least the time over which coverage is measured: a week's visits and crimes tell too little."""
    days = max(period.days, get_settings().coverage_days)
    return period.last(days, until=period.until, zone=period.zone)


def write_figures_slide(connection: Connection, filters: Filters) -> str:
    """Show five figures against the period before and a year ago."""
    spans = list_comparison_periods(connection, filters)
    first = read_spans(connection)["visits"].first
    visited = {name: one for name, one in spans.items() if name == "now" or (first and first <= one.since)}
    crimes = {name: ShownCounts.of(connection, filters, period).total for name, period in spans.items()}
    areas = select_villages(connection, filters.area)
    covered = {name: read_coverage(connection, areas, period) for name, period in visited.items()}
    visits = {
        name: withhold_count(count_visit_places(connection, period, filters.area).n_visits)
        for name, period in visited.items()
    }
    never = {name: withhold_count(one.n_never) for name, one in covered.items()}

    def against(values: dict, change: Callable) -> tuple[str | int | None, str | int | None]:
        known = [
            name for name in ("before", "year") if values["now"] is not None and values.get(name) is not None
        ]
        told = {name: change(values["now"], values[name]) for name in known}
        return told.get("before"), told.get("year")

    shares = (
        (
            _("Households reported visited"),
            {k: withhold_share(one, one.n_reported) for k, one in covered.items()},
        ),
        (_("Supported by GPS"), {k: withhold_share(one, one.n_evidenced) for k, one in covered.items()}),
    )
    shown = [
        Figure(_("Recorded crimes"), format_count(crimes["now"]), against(crimes, format_change)),
        Figure(_("Reported visits"), format_count(visits["now"]), against(visits, format_change)),
        Figure(_("Households never visited"), format_count(never["now"]), against(never, format_change)),
        *(
            Figure(
                label,
                _("few") if share["now"] is None else format_percent(share["now"]),
                against(share, format_share_change),
            )
            for label, share in shares
        ),
    ]
    homes = _("Shares are of {n} registered households.").format(n=format_number(covered["now"].n_households))
    return render_figures(
        shown, _describe_crimes(crimes), f"{_describe_spans(filters.period.previous(), spans)} {homes}"
    )


def _describe_crimes(crimes: dict[str, int | None]) -> str:
    """Say whether the crimes differ from those of the period before, else of a year ago, beyond chance."""
    against = next((name for name in ("before", "year") if crimes.get(name) is not None), None)
    now = crimes["now"]
    if against is None or now is None or not now + (crimes[against] or 0):
        return ""
    verdict = _VERDICTS[compare_counts(crimes[against] or 0, now)]
    return _("Recorded crimes against {span}: {verdict}").format(
        span=_(WHEN[against]), verdict=_lower(_(verdict))
    )


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _describe_spans(before: Period, spans: dict[str, Period]) -> str:
    said = [
        _("Period before: {first} to {last}.").format(
            first=format_day(before.since), last=format_day(before.last_day)
        )
    ]
    if "year" in spans:
        year = spans["year"]
        said.append(
            _("A year ago: {first} to {last}.").format(
                first=format_day(year.since), last=format_day(year.last_day)
            )
        )
    return " ".join(said)


def write_both_slide(connection: Connection, filters: Filters) -> str:
    """Show crime against coverage, and the villages that need a visit most."""
    areas = select_villages(connection, filters.area)
    ranked = rank_crime_and_coverage(connection, filters, areas)
    first = list_top_priorities(ranked, N_NAMED)
    marks = {facts.area: str(place) for place, facts in enumerate(first, start=1)}
    colours = ranked["both"].map(dict(enumerate(COLOURS)))
    picture = _picture(areas, colours, _(TITLES[1]), marks)
    square = render_square(_("more crime \N{RIGHTWARDS ARROW}"), _("less coverage \N{RIGHTWARDS ARROW}"))
    reports = withhold_by_village(ranked["n_crimes"])
    met = (ranked["n_households"] * ranked["evidenced_coverage"]).round().fillna(0)
    visited = withhold_by_village(met, whole=ranked["n_households"])
    rows = []
    for facts in first:
        n, n_met = reports.get(facts.area), visited.get(facts.area)
        crimes = (
            _("few reported crimes")
            if n is None
            else ngettext("{n} reported crime", "{n} reported crimes", n).format(n=format_number(n))
        )
        share = (
            _("few households covered")
            if n_met is None
            else _("{share} of {n} households covered").format(
                share=format_percent(n_met / facts.n_households), n=format_number(facts.n_households)
            )
        )
        rows.append((marks[facts.area], str(ranked["village"].loc[facts.area]), f"{crimes}, {share}"))
    note = _(
        "Colours: thirds of the villages, by reported crime per household and by coverage. Covered: a visit "
        "that GPS supports. Counts under {n} are withheld."
    ).format(n=format_number(DEFAULT_THRESHOLD))
    side = render_list(rows) if rows else render_paragraph(describe_crime_and_coverage(ranked))
    return render_beside(picture + square, side + render_paragraph(note, "note"))


def _picture(
    areas: gpd.GeoDataFrame, colours: pd.Series, title: str, marks: dict[str, str] | None = None
) -> str:
    return render_picture(draw_svg(areas, colours, marks=marks, title=title), title)


def write_change_slide(connection: Connection, filters: Filters) -> str:
    """Show in which villages crime has changed for sure, against a year ago where the data reach back."""
    spans = list_comparison_periods(connection, filters)
    against = next((name for name in ("year", "before") if name in spans), None)
    if against is None:
        raise TooFewError("The crimes don't reach back to an earlier period.")
    found = compare_areas(connection, filters, spans[against], "village")
    areas = select_villages(connection, filters.area)
    colour_of = dict(enumerate(colour for _text, colour in KINDS))
    kinds = classify_change(found)
    picture = _picture(areas, kinds.map(colour_of), _(TITLES[2]))
    then, now = ShownCounts.of(connection, filters, spans[against]), ShownCounts.of(connection, filters)
    sure = found[found["verdict"].isin(["more", "fewer"])].sort_values("p", kind="stable")
    rows = []
    for code, row in zip(sure.index[:N_CHANGED], sure.head(N_CHANGED).to_dict("records"), strict=True):
        text = _("{before} crimes then, {after} now.").format(
            before=format_count(then.get("village_code", code)),
            after=format_count(now.get("village_code", code)),
        )
        rows.append(("▲" if row["verdict"] == "more" else "▼", str(row["village"]), text))
    span = _("against {span}").format(span=_(WHEN[against]))
    said = f"{span[:1].upper()}{span[1:]}: {_describe_total(then.total, now.total)}"
    met = [kind for place, kind in enumerate(KINDS) if (kinds == place).any()]
    entries = [(colour, _(text)) for text, colour in met]
    side = render_paragraph(said) + render_list(rows) + render_key(entries)
    return render_beside(picture, side)


def _describe_total(then: int | None, now: int | None) -> str:
    if then is None or now is None:
        return ""
    counted = _("{before} crimes then, {after} now.").format(
        before=format_number(then), after=format_number(now)
    )
    return f"{counted} {_(_VERDICTS[compare_counts(then, now)])}"


def write_repeats_slide(connection: Connection, filters: Filters) -> str:
    """Show the villages in which the risk of a near repeat is raised at the period's end."""
    kinds = filters.categories or tuple(list_categories(connection))
    if not kinds:
        raise TooFewError("There is no crime on record.")
    rows = pd.concat([_windows_of(connection, filters, kind) for kind in kinds], ignore_index=True)
    groups = rows.groupby("village_code")
    held = groups.agg(n_crimes=("n_crimes", "sum"), until_at=("until_at", "max"))
    most = rows.groupby(["village_code", "kind"])["n_crimes"].sum().sort_values(kind="stable")
    held["kind"] = most.reset_index("kind")["kind"].groupby("village_code").last()
    many = held[held["n_crimes"] >= DEFAULT_THRESHOLD].sort_values("n_crimes", ascending=False, kind="stable")
    areas = select_villages(connection, filters.area)
    colours = pd.Series(QUIET, index=areas.index)
    colours[areas.index.isin(many.index)] = RAISED
    first = many.head(N_RAISED)
    marks = {str(code): str(place) for place, code in enumerate(first.index, start=1)}
    picture = _picture(areas, colours, _(TITLES[3]), marks)
    listed = [
        (
            marks[str(code)],
            str(areas["village"].loc[code]),
            _("{kind}; until {day}").format(
                kind=name_category(row["kind"]), day=format_day(row["until_at"], short=True)
            ),
        )
        for code, row in zip(first.index, first.to_dict("records"), strict=True)
    ]
    if many.empty:
        side = render_paragraph(_("No village has enough recent crimes to tell of a raised risk."))
    else:
        said = ngettext(
            "In {n} village a further crime is likelier now than usual.",
            "In {n} villages a further crime is likelier now than usual.",
            len(many),
        ).format(n=format_number(len(many)))
        side = render_paragraph(said) + render_list(listed)
    note = _(
        "Told from near repeats in the year to {day}. Villages with under {n} recent crimes are not shown."
    ).format(day=format_day(filters.period.last_day, short=True), n=format_number(DEFAULT_THRESHOLD))
    entries = [(RAISED, _("raised risk")), (QUIET, _("none, or too few to show"))]
    return render_beside(picture + render_key(entries), side + render_paragraph(note, "note"))


def _windows_of(connection: Connection, filters: Filters, kind: str) -> pd.DataFrame:
    columns = ["village_code", "n_crimes", "until_at"]
    try:
        found = find_raised_risk(connection, CrimeSelection.of(replace(filters, categories=(kind,))))
    except TooFewError:
        return pd.DataFrame(columns=[*columns, "kind"])
    inside = found.reindex(columns=columns)
    inside = inside[inside["village_code"].isin(select_villages(connection, filters.area).index)]
    return pd.DataFrame(inside).assign(kind=kind)
