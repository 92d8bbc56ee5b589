"""The slides of the shared screen: aggregates only, small counts withheld, no name of a person."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from data.settings import get_settings
from geo.errors import TooFewError
from geo.maps import draw_svg
from geo.suppression import DEFAULT_BELOW
from pages import (
    _briefing_html,
    _cards,
    _compare_both,
    _compare_change,
    _compare_pair,
    _compare_queries,
    _crime_queries,
    _evidence,
    _places,
    _priorities,
    _queries,
    _withheld,
    _words,
)
from pages._briefing_html import Figure, Slide
from pages._crime_queries import Subject
from pages._records import KEPT, by_version
from pages._texts import N_, _, current_language, day, ngettext, number, percent, say

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd

    from data.windows import Window
    from pages._filters import Filters
    from pages._records import Source

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


def write(source: Source, filters: Filters, place: int) -> str:
    """Write one slide as HTML; where there is too little, it says so."""
    _evidence.judge(source)  # what is new is judged once, with a word that it takes a moment
    return _written(source, filters, place, current_language())


@st.cache_data(
    max_entries=64,
    ttl=KEPT,
    show_spinner=False,
    hash_funcs=by_version("visits", "households", "boundaries", "crimes", "decisions"),
)
def _written(source: Source, filters: Filters, place: int, language: str) -> str:
    makers = (compare_figures, show_both, show_change, show_repeats)
    if makers[place] in (show_both, show_change):
        longer = replace(filters, window=_long_enough(filters.window))
        reaches_back = len(_compare_queries.windows(source, longer)) > 1
        filters = longer if reaches_back or makers[place] is show_both else filters
    try:
        body = makers[place](source, filters)
    except TooFewError as error:
        body = _briefing_html.paragraph(say(error))
    span = _("{first} to {last}").format(
        first=day(filters.window.since, short=True), last=day(filters.window.last_day)
    )
    where = f"{_places.headline(source, filters.area)} · {span}"
    return _briefing_html.write(Slide(_(TITLES[place]), where, body, _doubt(source, filters)), language)


def _doubt(source: Source, filters: Filters) -> str:
    """Say what makes the slide's figures say less than they seem to; silent where the crimes are few."""
    doubts = _crime_queries.doubt(source, Subject.of(filters))
    return " ".join(say(one) for one in doubts if one.values["n"] >= DEFAULT_BELOW)  # noqa: PD011 - a phrase, no frame


def _long_enough(window: Window) -> Window:
    """Give at least the time over which coverage is measured: a week's visits and crimes tell too little."""
    days = max(window.days, get_settings().coverage_days)
    return window.last(days, until=window.until, zone=window.zone)


def compare_figures(source: Source, filters: Filters) -> str:
    """Show five figures against the period before and a year ago."""
    spans = _compare_queries.windows(source, filters)
    first = _queries.read_spans(source)["visits"].first
    visited = {name: one for name, one in spans.items() if name == "now" or (first and first <= one.since)}
    crimes = {name: _withheld.Counts.of(source, filters, window).total for name, window in spans.items()}
    covered = {name: _evidence.measure(source, filters, window) for name, window in visited.items()}
    visits = {
        name: _withheld.withhold_one(_queries.place_visits(source, window, filters.area).n_visits)
        for name, window in visited.items()
    }
    never = {name: _withheld.withhold_one(one.n_never) for name, one in covered.items()}

    def against(values: dict, change: Callable) -> tuple[str | int | None, str | int | None]:
        known = [
            name for name in ("before", "year") if values["now"] is not None and values.get(name) is not None
        ]
        told = {name: change(values["now"], values[name]) for name in known}
        return told.get("before"), told.get("year")

    shares = (
        (
            _("Households reported visited"),
            {k: _withheld.share(one, one.n_reported) for k, one in covered.items()},
        ),
        (_("Supported by GPS"), {k: _withheld.share(one, one.n_evidenced) for k, one in covered.items()}),
    )
    shown = [
        Figure(_("Recorded crimes"), _withheld.say_count(crimes["now"]), against(crimes, _cards.change)),
        Figure(_("Reported visits"), _withheld.say_count(visits["now"]), against(visits, _cards.change)),
        Figure(
            _("Households never visited"), _withheld.say_count(never["now"]), against(never, _cards.change)
        ),
        *(
            Figure(
                label,
                _("few") if share["now"] is None else percent(share["now"]),
                against(share, _cards.change_of_share),
            )
            for label, share in shares
        ),
    ]
    homes = _("Shares are of {n} registered households.").format(n=number(covered["now"].n_households))
    return _briefing_html.figures(
        shown, _say_crimes(crimes), f"{_say_spans(filters.window.previous(), spans)} {homes}"
    )


def _say_crimes(crimes: dict[str, int | None]) -> str:
    """Say whether the crimes differ from those of the period before, else of a year ago, beyond chance."""
    against = next((name for name in ("before", "year") if crimes.get(name) is not None), None)
    now = crimes["now"]
    if against is None or now is None or not now + (crimes[against] or 0):
        return ""
    verdict = _VERDICTS[_compare_queries.compare_totals(crimes[against] or 0, now)]
    return _("Recorded crimes against {span}: {verdict}").format(
        span=_(_compare_pair.WHEN[against]), verdict=_lower(_(verdict))
    )


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _say_spans(before: Window, spans: dict[str, Window]) -> str:
    said = [_("Period before: {first} to {last}.").format(first=day(before.since), last=day(before.last_day))]
    if "year" in spans:
        year = spans["year"]
        said.append(
            _("A year ago: {first} to {last}.").format(first=day(year.since), last=day(year.last_day))
        )
    return " ".join(said)


def show_both(source: Source, filters: Filters) -> str:
    """Show crime against coverage, and the villages that need a visit most."""
    ranked = _compare_both.rank(source, filters)
    first = _priorities.first_ones(ranked, N_NAMED)
    marks = {facts.area: str(place) for place, facts in enumerate(first, start=1)}
    colours = ranked["both"].map(dict(enumerate(_compare_both.COLOURS)))
    picture = _picture(_queries.areas_of(source, filters.area), colours, _(TITLES[1]), marks)
    square = _briefing_html.square(
        _("more crime \N{RIGHTWARDS ARROW}"), _("less coverage \N{RIGHTWARDS ARROW}")
    )
    reports = _withheld.by_village(ranked["n_crimes"])
    met = (ranked["n_households"] * ranked["evidenced_coverage"]).round().fillna(0)
    visited = _withheld.by_village(met, whole=ranked["n_households"])
    rows = []
    for facts in first:
        n, n_met = reports.get(facts.area), visited.get(facts.area)
        crimes = (
            _("few reported crimes")
            if n is None
            else ngettext("{n} reported crime", "{n} reported crimes", n).format(n=number(n))
        )
        share = (
            _("few households covered")
            if n_met is None
            else _("{share} of {n} households covered").format(
                share=percent(n_met / facts.n_households), n=number(facts.n_households)
            )
        )
        rows.append((marks[facts.area], str(ranked["village"].loc[facts.area]), f"{crimes}, {share}"))
    note = _(
        "Colours: thirds of the villages, by reported crime per household and by coverage. Covered: a visit "
        "that GPS supports. Counts under {n} are withheld."
    ).format(n=number(DEFAULT_BELOW))
    side = _briefing_html.listed(rows) if rows else _briefing_html.paragraph(_compare_both.say(ranked))
    return _briefing_html.beside(picture + square, side + _briefing_html.paragraph(note, "note"))


def _picture(
    areas: gpd.GeoDataFrame, colours: pd.Series, title: str, marks: dict[str, str] | None = None
) -> str:
    return _briefing_html.picture(draw_svg(areas, colours, marks=marks, title=title), title)


def show_change(source: Source, filters: Filters) -> str:
    """Show in which villages crime has changed for sure, against a year ago where the data reach back."""
    spans = _compare_queries.windows(source, filters)
    against = next((name for name in ("year", "before") if name in spans), None)
    if against is None:
        raise TooFewError("The crimes don't reach back to an earlier period.")
    found = _compare_queries.compare(source, filters, spans[against], "village")
    areas = _queries.areas_of(source, filters.area)
    colour_of = dict(enumerate(colour for _text, colour in _compare_change.KINDS))
    kinds = _compare_change.class_of(found)
    picture = _picture(areas, kinds.map(colour_of), _(TITLES[2]))
    then, now = _withheld.Counts.of(source, filters, spans[against]), _withheld.Counts.of(source, filters)
    sure = found[found["verdict"].isin(["more", "fewer"])].sort_values("p", kind="stable")
    rows = []
    for code, row in zip(sure.index[:N_CHANGED], sure.head(N_CHANGED).to_dict("records"), strict=True):
        text = _("{before} crimes then, {after} now.").format(
            before=_withheld.say_count(then.get("village_code", code)),
            after=_withheld.say_count(now.get("village_code", code)),
        )
        rows.append(("▲" if row["verdict"] == "more" else "▼", str(row["village"]), text))
    span = _("against {span}").format(span=_(_compare_pair.WHEN[against]))
    said = f"{span[:1].upper()}{span[1:]}: {_say_total(then.total, now.total)}"
    met = [kind for place, kind in enumerate(_compare_change.KINDS) if (kinds == place).any()]
    entries = [(colour, _(text)) for text, colour in met]
    side = _briefing_html.paragraph(said) + _briefing_html.listed(rows) + _briefing_html.key(entries)
    return _briefing_html.beside(picture, side)


def _say_total(then: int | None, now: int | None) -> str:
    if then is None or now is None:
        return ""
    counted = _("{before} crimes then, {after} now.").format(before=number(then), after=number(now))
    return f"{counted} {_(_VERDICTS[_compare_queries.compare_totals(then, now)])}"


def show_repeats(source: Source, filters: Filters) -> str:
    """Show the villages in which the risk of a near repeat is raised at the period's end."""
    kinds = filters.categories or tuple(_queries.list_categories(source))
    if not kinds:
        raise TooFewError("There is no crime on record.")
    rows = pd.concat([_windows_of(source, filters, kind) for kind in kinds], ignore_index=True)
    groups = rows.groupby("village_code")
    held = groups.agg(n_crimes=("n_crimes", "sum"), until_at=("until_at", "max"))
    most = rows.groupby(["village_code", "kind"])["n_crimes"].sum().sort_values(kind="stable")
    held["kind"] = most.reset_index("kind")["kind"].groupby("village_code").last()
    many = held[held["n_crimes"] >= DEFAULT_BELOW].sort_values("n_crimes", ascending=False, kind="stable")
    areas = _queries.areas_of(source, filters.area)
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
                kind=_words.category(row["kind"]), day=day(row["until_at"], short=True)
            ),
        )
        for code, row in zip(first.index, first.to_dict("records"), strict=True)
    ]
    if many.empty:
        side = _briefing_html.paragraph(_("No village has enough recent crimes to tell of a raised risk."))
    else:
        said = ngettext(
            "In {n} village a further crime is likelier now than usual.",
            "In {n} villages a further crime is likelier now than usual.",
            len(many),
        ).format(n=number(len(many)))
        side = _briefing_html.paragraph(said) + _briefing_html.listed(listed)
    note = _(
        "Told from near repeats in the year to {day}. Villages with under {n} recent crimes are not shown."
    ).format(day=day(filters.window.last_day, short=True), n=number(DEFAULT_BELOW))
    entries = [(RAISED, _("raised risk")), (QUIET, _("none, or too few to show"))]
    return _briefing_html.beside(
        picture + _briefing_html.key(entries), side + _briefing_html.paragraph(note, "note")
    )


def _windows_of(source: Source, filters: Filters, kind: str) -> pd.DataFrame:
    columns = ["village_code", "n_crimes", "until_at"]
    try:
        found = _crime_queries.open_windows(source, Subject.of(replace(filters, categories=(kind,))))
    except TooFewError:
        return pd.DataFrame(columns=[*columns, "kind"])
    inside = found.reindex(columns=columns)
    inside = inside[inside["village_code"].isin(_queries.areas_of(source, filters.area).index)]
    return pd.DataFrame(inside).assign(kind=kind)
